//! What a petition counts for.

use super::{Dated, List, Measure};
use crate::domain::{Course, Due, Outcome, Petition, Rating, Stage, Term};
use fengqiao_model::Day;

/// Days from registration within which a responsible unit accepts (D§5.2 P2): the indicator's own, no clock of the law.
const UNIT_DAYS: i32 = 30;

/// Channels and persons of P1 (D§5.2).
const P1_CHANNELS: [&str; 3] = ["letter", "visit", "online"];
const P1_PERSONS: std::ops::RangeInclusive<i64> = 1..=9_999;

/// Those of the ratings of one object: asked, answered, not answered, rated, satisfied.
type Rated = [Measure; 5];
const OF_OFFICE: Rated =
    [Measure::OFFICE_ASKED, Measure::OFFICE_ANSWERED, Measure::OFFICE_UNRATED, Measure::OFFICE_RATED, Measure::OFFICE_SATISFIED];
const OF_UNIT: Rated =
    [Measure::UNIT_ASKED, Measure::UNIT_ANSWERED, Measure::UNIT_UNRATED, Measure::UNIT_RATED, Measure::UNIT_SATISFIED];
const CLOSING: [Measure; 4] = [Measure::CLOSING_DUE, Measure::CLOSING_ON_TIME, Measure::CLOSING_LATE, Measure::CLOSING_OPEN];

impl List {
    pub(super) fn petition(&mut self, petition: &Petition) {
        if let Some(voided) = petition.voided {
            return self.fact(Measure::VOIDED, voided, 1);
        }
        let registered = petition.registered;
        self.fact(Measure::REGISTERED, registered, 1);
        self.fact(Measure::PERSONS, registered, petition.persons);
        self.fact(Measure::REPEATS, registered, i64::from(petition.repeat));
        self.fact(Measure::ONLINE, registered, i64::from(petition.channel == "online"));
        for round in &petition.rounds {
            self.round(petition, &round.course, Some(round.closed), &round.conclusion);
            self.fact(Measure::PETITION_REOPENED, round.reopened, 1);
            self.round = self.round.saturating_add(1);
        }
        self.round(petition, &petition.course, petition.closed, &petition.conclusion);
        self.acceptance(petition);
        self.transfer(petition);
    }

    /// What happened until the item was taken up again, or until now.
    fn round(&mut self, petition: &Petition, course: &Course, closed: Option<Dated>, conclusion: &str) {
        let facts = [
            (Measure::ACCEPTED, course.accepted),
            (Measure::CLOSED, closed),
            (Measure::CONCLUDED, closed.filter(|_| matches!(conclusion, "replied" | "settled"))),
            (Measure::REVIEW_REQUESTED, course.review_requested),
            (Measure::REVIEWED, course.reviewed),
            (Measure::REREVIEW_REQUESTED, course.rereview_requested),
            (Measure::REREVIEWED, course.rereviewed),
        ];
        for (measure, dated) in facts {
            if let Some(dated) = dated {
                self.fact(measure, dated, 1);
            }
        }
        self.clocks(Stage::Handling, course.handling_due, closed);
        self.clocks(Stage::Review, course.review_due, course.reviewed);
        self.clocks(Stage::Rereview, course.rereview_due, course.rereviewed);
        if let Some(due) = course.handling_due.filter(|_| petition.is_first_time()) {
            self.outcome(CLOSING, due.kpi, due.kpi.max(due.since), closed);
        }
        self.rated(OF_OFFICE, course.rating_due, course.rating_office.as_ref());
        self.rated(OF_UNIT, course.rating_due, course.rating_unit.as_ref());
    }

    /// Both due days of a clock, ended or not.
    pub(super) fn clocks(&mut self, stage: Stage, due: Option<Due>, end: Option<Dated>) {
        let Some(due) = due else { return };
        for (term, day) in Term::ALL.into_iter().zip([due.kpi, due.legal]) {
            self.outcome(Outcome::ALL.map(|outcome| Measure::clock(stage, term, outcome)), day, day.max(due.since), end);
        }
    }

    /// First action, acceptance by the unit, and the notice of it.
    fn acceptance(&mut self, petition: &Petition) {
        let accepted = petition.first_accepted();
        if let Some(due) = petition.first_action_due.filter(|_| petition.is_first_time()) {
            let from = due.kpi.max(due.since);
            if petition.persons <= *P1_PERSONS.end() {
                self.timely([Measure::TIMELY_DUE, Measure::TIMELY], due.kpi, from, petition.first_action);
            }
            if P1_PERSONS.contains(&petition.persons) && P1_CHANNELS.contains(&petition.channel.as_str()) {
                self.timely([Measure::OFFICE_DUE, Measure::OFFICE_ON_TIME], due.kpi, from, petition.first_action);
            }
        }
        let due = petition.registered.0.plus_days(UNIT_DAYS);
        self.timely([Measure::UNIT_DUE, Measure::UNIT_ON_TIME], due, due.max(petition.registered.1), accepted);
        if let Some((accepted, due)) = accepted.zip(petition.notice_due.or(petition.first_action_due)) {
            self.fact(Measure::NOTICES, accepted, 1);
            self.fact(Measure::NOTICES_ON_TIME, accepted, i64::from(accepted.0 <= due.kpi));
        }
    }

    /// Only due and on time are counted.
    fn timely(&mut self, [due, on_time]: [Measure; 2], day: Day, from: Day, end: Option<Dated>) {
        self.add(due, day, from, 1);
        if let Some(end) = end.filter(|end| end.0 <= day) {
            self.add(on_time, day, from.max(end.visible()), 1);
        }
    }

    /// The first transfer, which is the office's.
    fn transfer(&mut self, petition: &Petition) {
        let Some(transfer) = &petition.transfer else { return };
        self.of_office = true;
        self.fact(Measure::TRANSFERS, transfer.on, 1);
        let on_time = petition.first_action_due.is_some_and(|due| transfer.on.0 <= due.kpi);
        self.fact(Measure::TRANSFERS_ON_TIME, transfer.on, i64::from(on_time));
        self.of_office = false;
    }

    /// An item that nobody rated is in no rate of satisfaction; once its term has ended it lowers participation.
    fn rated(&mut self, [asked, answered, overdue, rated, satisfied]: Rated, due: Option<Due>, rating: Option<&Rating>) {
        if let Some(rating) = rating {
            self.fact(rated, rating.on, 1);
            self.fact(satisfied, rating.on, i64::from(matches!(rating.code.as_str(), "satisfied" | "basically")));
        }
        let Some(due) = due else { return };
        let from = due.kpi.max(due.since);
        let given = rating.map(|rating| rating.on);
        // Overdue from the last day of its term until the rating shows.
        if given.is_none_or(|given| given.visible() > from) {
            self.add(asked, due.kpi, from, 1);
            self.add(overdue, due.kpi, from, 1);
            if let Some(given) = given {
                self.add(asked, due.kpi, given.visible(), -1);
                self.add(overdue, due.kpi, given.visible(), -1);
            }
        }
        if let Some(given) = given {
            self.fact(asked, given, 1);
            self.fact(answered, given, 1);
        }
    }
}

impl Petition {
    /// Whether the cohorts of first-time items have it: it repeats none, and is no litigation matter (D§5.2 P1, P3).
    fn is_first_time(&self) -> bool {
        !self.repeat && !self.litigation
    }
}
