//! The measures that are added up, and their numbers. The list is append-only: a number never changes its meaning, because
//! stored vectors are read by it; a changed meaning is a new number and a new id.
//!
//! | File | Knows |
//! |---|---|
//! | here | what a measure is; those of petitions that were there first, numbers 1 to 32 |
//! | `measure/mediation.rs` | those of cases, disputes, agreements and bodies, from 33 on |
//! | `measure/petition.rs` | those of petitions that came later, from 83 on |

mod mediation;
mod petition;

use super::{Kind, Outcome, Stage, Term};
use mediation::OF_MEDIATION;
use petition::OF_PETITIONS;
use std::fmt;

/// One thing that is counted, by its stable number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measure(u8);

/// How many numbers there are, number 0 (which nothing has) included.
pub const NUMBERS: usize = FIRST_LATER as usize + OF_PETITIONS.len();

/// The numbers before belong to petitions.
const FIRST_OF_CASES: u8 = 33;

/// From here on petitions again.
const FIRST_LATER: u8 = FIRST_OF_CASES + OF_MEDIATION.len() as u8;

/// Ids with their rules.
type Listed = [(&'static str, &'static str)];

impl Measure {
    /// Items registered.
    pub const REGISTERED: Measure = Measure(1);
    /// Items accepted.
    pub const ACCEPTED: Measure = Measure(2);
    /// Items closed, by any conclusion but void.
    pub const CLOSED: Measure = Measure(3);
    /// Items closed by an opinion or a settlement.
    pub const CONCLUDED: Measure = Measure(4);
    /// Entries voided.
    pub const VOIDED: Measure = Measure(5);
    /// Petitioners of the items registered.
    pub const PERSONS: Measure = Measure(6);
    /// Items whose first action was due.
    pub const TIMELY_DUE: Measure = Measure(7);
    /// Of these, with a first action by the due day.
    pub const TIMELY: Measure = Measure(8);

    /// The measure of a clock.
    pub fn clock(stage: Stage, term: Term, outcome: Outcome) -> Measure {
        Measure(stage.first() + term as u8 * 4 + outcome as u8)
    }

    /// Which clock it is a measure of; `None` for the others.
    pub fn of_clock(self) -> Option<(Stage, Term, Outcome)> {
        let stage = Stage::ALL.into_iter().find(|stage| (stage.first()..stage.first() + 8).contains(&self.0))?;
        let at = usize::from(self.0 - stage.first());
        Some((stage, Term::ALL[at / 4], Outcome::ALL[at % 4]))
    }

    /// What it counts; agreements belong to their cases.
    pub fn kind(self) -> Kind {
        match self.listed() {
            None => Kind::Petition,
            Some((id, _)) if id.starts_with("petition.") => Kind::Petition,
            Some((id, _)) if id.starts_with("dispute.") => Kind::Dispute,
            Some((id, _)) if id.starts_with("body.") => Kind::Body,
            Some(_) => Kind::Case,
        }
    }

    /// Whether no indicator prints it: it is a part of others.
    #[cfg(test)]
    pub fn is_silent(self) -> bool {
        matches!(self, Measure::OF_LINKED_ROOT | Measure::OF_LINKED_CASE | Measure::BEGUN)
    }

    fn listed(self) -> Option<(&'static str, &'static str)> {
        let (list, first): (&Listed, u8) =
            if self.0 < FIRST_LATER { (&OF_MEDIATION, FIRST_OF_CASES) } else { (&OF_PETITIONS, FIRST_LATER) };
        list.get(usize::from(self.0.checked_sub(first)?)).copied()
    }

    /// Its stable number, from 1 on.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its place in an array of [`NUMBERS`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The measure with this number.
    pub fn of(number: u8) -> Option<Measure> {
        (1..NUMBERS).contains(&usize::from(number)).then_some(Measure(number))
    }

    /// Whether it is split by conclusion.
    pub fn by_conclusion(self) -> bool {
        self == Measure::CLOSED || self == Measure::CONCLUDED
    }

    /// Stable id; also the id of the indicator that prints it.
    pub fn id(self) -> String {
        if let Some((id, _)) = self.listed() {
            return id.to_owned();
        }
        if let Some((stage, term, outcome)) = self.of_clock() {
            return format!("petition.{}.{}.{}", stage.name(), term.name(), outcome.name());
        }
        let name = match self {
            Measure::REGISTERED => "registered",
            Measure::ACCEPTED => "accepted",
            Measure::CLOSED => "closed",
            Measure::CONCLUDED => "concluded",
            Measure::VOIDED => "voided",
            Measure::PERSONS => "persons",
            Measure::TIMELY_DUE => "timely_acceptance.due",
            _ => "timely_acceptance.on_time",
        };
        format!("petition.{name}")
    }

    /// The rule that counts an item under this measure.
    pub fn rule(self) -> String {
        if let Some((_, rule)) = self.listed() {
            return rule.to_owned();
        }
        if let Some((stage, term, outcome)) = self.of_clock() {
            let (clock, term) = (stage.clock(), term.name());
            return match outcome {
                Outcome::Due => format!("{clock} {term} due in the period"),
                Outcome::OnTime => format!("{clock} {term} due in the period, ended by then"),
                Outcome::Late => format!("{clock} {term} due in the period, ended later"),
                Outcome::OpenOverdue => format!("{clock} {term} due in the period, not ended"),
            };
        }
        let rule = match self {
            Measure::REGISTERED => "registered in the period",
            Measure::ACCEPTED => "accepted in the period",
            Measure::CLOSED => "closed in the period",
            Measure::CONCLUDED => "closed in the period by opinion or settlement",
            Measure::VOIDED => "voided in the period",
            Measure::PERSONS => "petitioners of an item registered in the period",
            Measure::TIMELY_DUE => "P-01 kpi due in the period",
            _ => "P-01 kpi due in the period, first action by then",
        };
        rule.to_owned()
    }
}

/// The measure with this id in a list whose numbers begin at `first`.
const fn named(list: &Listed, first: u8, id: &str) -> Measure {
    let mut at = 0;
    loop {
        let (a, b) = (list[at].0.as_bytes(), id.as_bytes());
        let mut same = a.len() == b.len();
        let mut i = 0;
        while same && i < a.len() {
            same = a[i] == b[i];
            i += 1;
        }
        if same {
            return Measure(first + at as u8);
        }
        at += 1;
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

/// Every measure, by number.
#[cfg(test)]
pub const MEASURES: [Measure; NUMBERS - 1] = {
    let mut all = [Measure(1); NUMBERS - 1];
    let mut at = 0;
    while at < all.len() {
        all[at] = Measure(at as u8 + 1);
        at += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored vectors depend on this list: only append to it.
    #[test]
    fn numbers_are_for_ever() {
        let list: Vec<String> = MEASURES.iter().map(|m| format!("{} {}", m.number(), m.id())).collect();
        let clocks = ["handling.kpi", "handling.legal", "review.kpi", "review.legal", "rereview.kpi", "rereview.legal"];
        let mut expected: Vec<String> = [
            "registered",
            "accepted",
            "closed",
            "concluded",
            "voided",
            "persons",
            "timely_acceptance.due",
            "timely_acceptance.on_time",
        ]
        .map(str::to_owned)
        .to_vec();
        for clock in clocks {
            expected.extend(["due", "on_time", "late", "open_overdue"].map(|o| format!("{clock}.{o}")));
        }
        let expected: Vec<String> = expected.iter().enumerate().map(|(i, id)| format!("{} petition.{id}", i + 1)).collect();
        assert_eq!(list[..32], expected);
        fengqiao_testkit::assert_golden("tests/golden/measures.txt", &(list.join("\n") + "\n"));
        assert_eq!(Measure::of(0), None);
        assert_eq!(Measure::of(112), None);
    }

    #[test]
    fn clocks_are_found_by_their_numbers() {
        for stage in Stage::ALL {
            for term in Term::ALL {
                for outcome in Outcome::ALL {
                    let measure = Measure::clock(stage, term, outcome);
                    assert_eq!(measure.of_clock(), Some((stage, term, outcome)));
                    let id = format!("{}.{}.{}.{}", stage.kind().name(), stage.name(), term.name(), outcome.name());
                    assert_eq!(measure.id(), id);
                }
            }
        }
        assert_eq!(MEASURES.iter().filter(|m| m.of_clock().is_some()).count(), 32);
    }
}
