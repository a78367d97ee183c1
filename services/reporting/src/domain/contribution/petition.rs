//! What a petition counts for.

use super::{Dated, List, Measure};
use crate::domain::{Due, Outcome, Petition, Stage, Term};

impl List {
    pub(super) fn petition(&mut self, petition: &Petition) {
        if let Some(voided) = petition.voided {
            return self.fact(Measure::VOIDED, voided, 1);
        }
        self.fact(Measure::REGISTERED, petition.registered, 1);
        self.fact(Measure::PERSONS, petition.registered, petition.persons);
        if let Some(accepted) = petition.accepted {
            self.fact(Measure::ACCEPTED, accepted, 1);
        }
        if let Some(closed) = petition.closed {
            self.fact(Measure::CLOSED, closed, 1);
            if matches!(petition.conclusion.as_str(), "replied" | "settled") {
                self.fact(Measure::CONCLUDED, closed, 1);
            }
        }
        if let Some(due) = petition.first_action_due {
            self.timely(due, petition.first_action);
        }
        self.clocks(Stage::Handling, petition.handling_due, petition.closed);
        self.clocks(Stage::Review, petition.review_due, petition.reviewed);
        self.clocks(Stage::Rereview, petition.rereview_due, petition.rereviewed);
    }

    /// Both due days of a clock, ended or not.
    pub(super) fn clocks(&mut self, stage: Stage, due: Option<Due>, end: Option<Dated>) {
        let Some(due) = due else { return };
        for (term, day) in Term::ALL.into_iter().zip([due.kpi, due.legal]) {
            self.outcome(Outcome::ALL.map(|outcome| Measure::clock(stage, term, outcome)), day, day.max(due.since), end);
        }
    }

    /// First action within the term of P-01: only due and on time are counted.
    fn timely(&mut self, due: Due, end: Option<Dated>) {
        let from = due.kpi.max(due.since);
        self.add(Measure::TIMELY_DUE, due.kpi, from, 1);
        if let Some(end) = end.filter(|end| end.0 <= due.kpi) {
            self.add(Measure::TIMELY, due.kpi, from.max(end.visible()), 1);
        }
    }
}
