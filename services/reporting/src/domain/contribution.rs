//! What an image counts for, and from which day on: the definition of every figure. It knows one image at a time; it refuses
//! to know how the image came about.
//!
//! As of day D an item counts with the sum of its contributions stamped on or before D. An item that is due and not ended
//! gives `open_overdue` +1 stamped on the due day; when it ends, −1 and `late` (or, where an end in time became known late,
//! `on_time`) +1 stamped on the day that showed it. So `due = on_time + late + open_overdue` holds on every day.

use super::{Dated, Due, Fact, Measure, Outcome, Stage, Term};
use fengqiao_model::Day;

/// One amount under one measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contribution {
    /// What is counted.
    pub measure: Measure,
    /// The day that puts it into a period.
    pub basis: Day,
    /// The day from which it counts.
    pub stamp: Day,
    /// How much, in the unit of the measure; never 0.
    pub amount: i64,
}

impl Contribution {
    /// The same, counting from `from` at the earliest.
    pub fn clamped(self, from: Day) -> Self {
        Self { stamp: self.stamp.max(from), ..self }
    }
}

/// What the image counts for, in the order of its life.
pub fn contributions(fact: &Fact) -> Vec<Contribution> {
    let mut list = List(Vec::with_capacity(24));
    if let Some(voided) = fact.voided {
        list.fact(Measure::VOIDED, voided, 1);
        return list.0;
    }
    list.fact(Measure::REGISTERED, fact.registered, 1);
    list.fact(Measure::PERSONS, fact.registered, fact.persons);
    if let Some(accepted) = fact.accepted {
        list.fact(Measure::ACCEPTED, accepted, 1);
    }
    if let Some(closed) = fact.closed {
        list.fact(Measure::CLOSED, closed, 1);
        if matches!(fact.conclusion.as_str(), "replied" | "settled") {
            list.fact(Measure::CONCLUDED, closed, 1);
        }
    }
    if let Some(due) = fact.first_action_due {
        list.timely(due, fact.first_action);
    }
    for (stage, due, end) in [
        (Stage::Handling, fact.handling_due, fact.closed),
        (Stage::Review, fact.review_due, fact.reviewed),
        (Stage::Rereview, fact.rereview_due, fact.rereviewed),
    ] {
        if let Some(due) = due {
            list.clock(stage, Term::Kpi, due.kpi, due.since, end);
            list.clock(stage, Term::Legal, due.legal, due.since, end);
        }
    }
    list.0
}

struct List(Vec<Contribution>);

impl List {
    fn add(&mut self, measure: Measure, basis: Day, stamp: Day, amount: i64) {
        if amount != 0 {
            self.0.push(Contribution { measure, basis, stamp, amount });
        }
    }

    fn fact(&mut self, measure: Measure, dated: Dated, amount: i64) {
        self.add(measure, dated.0, dated.visible(), amount);
    }

    /// First action within the term of P-01: only due and on time are counted.
    fn timely(&mut self, due: Due, end: Option<Dated>) {
        let from = due.kpi.max(due.since);
        self.add(Measure::TIMELY_DUE, due.kpi, from, 1);
        if let Some(end) = end.filter(|end| end.0 <= due.kpi) {
            self.add(Measure::TIMELY, due.kpi, from.max(end.visible()), 1);
        }
    }

    /// A clock with due day `due`, known since `since`, ended or not.
    fn clock(&mut self, stage: Stage, term: Term, due: Day, since: Day, end: Option<Dated>) {
        let measure = |outcome| Measure::clock(stage, term, outcome);
        let from = due.max(since);
        self.add(measure(Outcome::Due), due, from, 1);
        let Some(end) = end else {
            self.add(measure(Outcome::OpenOverdue), due, from, 1);
            return;
        };
        let shown = end.visible();
        if shown > from {
            self.add(measure(Outcome::OpenOverdue), due, from, 1);
            self.add(measure(Outcome::OpenOverdue), due, shown, -1);
        }
        let outcome = if end.0 <= due { Outcome::OnTime } else { Outcome::Late };
        self.add(measure(outcome), due, shown.max(from), 1);
    }
}
