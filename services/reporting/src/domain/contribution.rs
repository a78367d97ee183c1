//! What an image counts for, and from which day on: the definition of every figure. It knows one image at a time; it refuses
//! to know how the image came about.
//!
//! As of day D an item counts with the sum of its contributions stamped on or before D. An item that is due and not ended
//! gives `open_overdue` +1 stamped on the due day; when it ends, −1 and `late` (or, where an end in time became known late,
//! `on_time`) +1 stamped on the day that showed it. So `due = on_time + late + open_overdue` holds on every day.
//!
//! | File | Knows |
//! |---|---|
//! | `contribution/petition.rs` | petitions |
//! | `contribution/case.rs` | cases and their agreements |
//! | `contribution/root.rs` | disputes and bodies |

mod case;
mod petition;
mod root;

use super::{Dated, Fact, Measure};
use fengqiao_model::Day;
use fengqiao_statute::Force;

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
    /// The force it stands under: of the milestone for a dispute, else of the whole image.
    pub force: Option<Force>,
    /// The round of a petition that it belongs to, from 0 on: whose conclusion it stands under.
    pub round: u8,
    /// It stands under the office that transferred the item, not under the responsible unit.
    pub of_office: bool,
}

impl Contribution {
    /// The same, counting from `from` at the earliest.
    pub fn clamped(self, from: Day) -> Self {
        Self { stamp: self.stamp.max(from), ..self }
    }
}

/// What the image counts for, in the order of its life.
pub fn contributions(fact: &Fact) -> Vec<Contribution> {
    let mut list = List { force: None, round: 0, of_office: false, list: Vec::with_capacity(32) };
    match fact {
        Fact::Petition(petition) => list.petition(petition),
        Fact::Case(case) => list.case(case),
        Fact::Dispute(dispute) => list.dispute(dispute),
        Fact::Body(body) => list.body(body),
        Fact::Unit(_) => {}
    }
    list.list
}

struct List {
    /// The force of what is added from now on.
    force: Option<Force>,
    /// Its round.
    round: u8,
    /// Whether it stands under the office.
    of_office: bool,
    list: Vec<Contribution>,
}

/// The measures of one due day: due, on time, late, open and overdue.
type Outcomes = [Measure; 4];

impl List {
    fn add(&mut self, measure: Measure, basis: Day, stamp: Day, amount: i64) {
        if amount != 0 {
            let Self { force, round, of_office, .. } = *self;
            self.list.push(Contribution { measure, basis, stamp, amount, force, round, of_office });
        }
    }

    fn fact(&mut self, measure: Measure, dated: Dated, amount: i64) {
        self.add(measure, dated.0, dated.visible(), amount);
    }

    /// A due day that counts from `from` on, met or not.
    fn outcome(&mut self, [all, on_time, late, open_overdue]: Outcomes, due: Day, from: Day, end: Option<Dated>) {
        self.add(all, due, from, 1);
        let Some(end) = end else {
            self.add(open_overdue, due, from, 1);
            return;
        };
        let shown = end.visible();
        if shown > from {
            self.add(open_overdue, due, from, 1);
            self.add(open_overdue, due, shown, -1);
        }
        self.add(if end.0 <= due { on_time } else { late }, due, shown.max(from), 1);
    }
}
