//! What a change of a fact posts to the roll, and when the old image must be kept. It knows images and the days they were
//! known; it refuses to know where postings are added up.
//!
//! Invariant FACT-1: roll = Σ over current facts of (contributions, stamped `known_from` at the earliest) + Σ over past images
//! of (the same stamped `known_from` at the earliest − the same stamped `known_to` at the earliest). It makes the roll as of
//! day D the contributions of the image that was known on D: a past image counts from `known_from` and is taken back at
//! `known_to`, the day on which its successor begins to count.
//!
//! A change that adds nothing before its own day (most do) just takes the old image's place, and a ledger that fills a cell
//! vouches for its days, so its row replaces the image it found.
//!
//! A link, a correction, a transfer to another body: the fact was wrong or is another now, so the old image is kept, and as of
//! the days on which it was known the figures stay what they were.

use super::{Contribution, Fact, Members, contributions};
use fengqiao_model::Day;

/// An image and the day from which its contributions count, at the earliest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The image.
    pub fact: Fact,
    /// First day; [`ever`] for most.
    pub from: Day,
}

/// An overwritten image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The image.
    pub fact: Fact,
    /// First day on which it was known.
    pub from: Day,
    /// The day on which the next one took over.
    pub to: Day,
}

/// What a change leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The image from now on.
    pub current: Known,
    /// The image that has to be kept.
    pub past: Option<Past>,
    /// Signed postings take `before` away from this day on, and add `current` from its own.
    pub taken_from: Day,
}

impl Known {
    /// The contributions, none before `from`.
    pub fn contributions(&self) -> impl Iterator<Item = Contribution> + use<> {
        let from = self.from;
        contributions(&self.fact).into_iter().map(move |c| c.clamped(from))
    }
}

/// Before every day that counts: the `from` of an image that replaced no other.
pub fn ever() -> Day {
    Day::new(1, 1, 1).expect("a day of the calendar")
}

/// What it means that an image becomes `fact` on the day `known`. `vouched`: a ledger vouches for its days, so that nothing is
/// known later than its own day.
pub fn step(before: Option<&Known>, fact: Fact, known: Day, vouched: bool) -> Step {
    let Some(old) = before else {
        return Step { current: Known { fact, from: ever() }, past: None, taken_from: ever() };
    };
    let replaced = Known { fact, from: old.from };
    // Time does not run backwards along a log; if it did, the later of the two days would hold.
    let known = known.max(old.from);
    if vouched || !overwrites(old, &replaced, known) {
        return Step { current: replaced, past: None, taken_from: old.from };
    }
    let past = Past { fact: old.fact.clone(), from: old.from, to: known };
    Step { current: Known { from: known, ..replaced }, past: Some(past), taken_from: known }
}

/// Whether the change touches what counted before `known`.
fn overwrites(old: &Known, new: &Known, known: Day) -> bool {
    let earlier = |k: &Known| {
        let mut list: Vec<Contribution> = k.contributions().filter(|c| c.stamp < known).collect();
        list.sort_unstable();
        list
    };
    let (old_earlier, new_earlier) = (earlier(old), earlier(new));
    if old_earlier != new_earlier {
        return true;
    }
    let (old, new) = (old.fact.members(), new.fact.members());
    let (Some(old), Some(new)) = (old, new) else { return old.is_some() != new.is_some() && !old_earlier.is_empty() };
    let renamed = |c: &Contribution| c.measure.by_conclusion() && old.conclusion_of(c) != new.conclusion_of(c);
    let rehoused = |c: &Contribution| old.unit_of(c) != new.unit_of(c);
    let rest = |members| Members { conclusion: "", rounds: &[], unit: "", office: "", ..members };
    let moved = rest(old) != rest(new);
    old_earlier.iter().any(|c| moved || renamed(c) || rehoused(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Change, LedgerRow, Petition, Registration};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn imported(conclusion: &str) -> Known {
        let concluded_on = (!conclusion.is_empty()).then(|| day("2024-02-01"));
        let row = LedgerRow {
            registration: Registration {
                division: "320831".parse().unwrap(),
                class: "appeal".to_owned(),
                channel: String::new(),
                unit: String::new(),
                category: String::new(),
                persons: 1,
                on: day("2024-01-01"),
                first_action: None,
            },
            repeat: false,
            litigation: false,
            rating_office: String::new(),
            rating_unit: String::new(),
            first_action_on: None,
            accepted_on: None,
            concluded_on,
            conclusion: conclusion.to_owned(),
            review_requested_on: None,
            reviewed_on: None,
            rereview_requested_on: None,
            rereviewed_on: None,
            handling: None,
            review: None,
            rereview: None,
        };
        let petition = Petition::after(None, &Change::Imported(Box::new(row)), day("2024-05-01")).unwrap();
        step(None, Fact::Petition(Box::new(petition)), day("2024-05-01"), true).current
    }

    fn changed(before: &Known, change: &Change, known: &str) -> Step {
        let Fact::Petition(petition) = &before.fact else { panic!("a petition") };
        let fact = Petition::after(Some(petition), change, day(known)).unwrap();
        step(Some(before), Fact::Petition(Box::new(fact)), day(known), change.vouched())
    }

    /// The same days and amounts, but another member of the conclusion sheet from the day on which it was told.
    #[test]
    fn another_conclusion_of_the_same_day_overwrites() {
        let before = imported("withdrawn");
        let refused = Change::Refused { on: day("2024-02-01"), conclusion: "refused".to_owned() };
        // registered, a person, closed, and the unit's thirty days
        assert_eq!(contributions(&before.fact).len(), 4);
        let step = changed(&before, &refused, "2024-03-01");
        // its first action is no measure without clock P-01
        let past = step.past.unwrap();
        assert_eq!((past.from, past.to, step.current.from), (ever(), day("2024-03-01"), day("2024-03-01")));
        assert_eq!(past.fact, before.fact);
    }

    #[test]
    fn what_only_appends_keeps_the_first_day() {
        let before = imported("");
        let opinion = Change::OpinionIssued { on: day("2024-02-28") };
        let step = changed(&before, &opinion, "2024-03-01");
        assert_eq!((step.past, step.current.from, step.taken_from), (None, ever(), ever()));
    }
}
