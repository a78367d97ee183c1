//! The measures that are added up, and their numbers. The list is append-only: a number never changes its meaning, because
//! stored vectors are read by it; a changed meaning is a new number and a new id.

use std::fmt;

/// One thing that is counted, by its stable number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measure(u8);

/// A procedure with a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Clock P-06 (XF 34); any closing ends it.
    Handling = 0,
    /// Clock P-08 (XF 35).
    Review = 1,
    /// Clock P-10 (XF 36).
    Rereview = 2,
}

/// Which of a clock's two due days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Calendar days as the performance practice counts them, not rolled.
    Kpi = 0,
    /// In law: moved to a working day.
    Legal = 1,
}

/// What became of an item that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was due at all.
    Due = 0,
    /// Ended by the due day.
    OnTime = 1,
    /// Ended after the due day.
    Late = 2,
    /// Not ended although the due day has come.
    OpenOverdue = 3,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Stage; 3] = [Stage::Handling, Stage::Review, Stage::Rereview];

    /// Part of ids.
    pub fn name(self) -> &'static str {
        ["handling", "review", "rereview"][self as usize]
    }

    /// The clock's code (D§6.1).
    pub fn clock(self) -> &'static str {
        ["P-06", "P-08", "P-10"][self as usize]
    }

    /// Title in Chinese.
    pub fn zh(self) -> &'static str {
        ["办理", "复查", "复核"][self as usize]
    }

    /// Where it comes from.
    pub fn source(self) -> &'static str {
        ["XF 34; clock P-06", "XF 35; clock P-08", "XF 36; clock P-10"][self as usize]
    }
}

impl Term {
    /// Both.
    pub const ALL: [Term; 2] = [Term::Kpi, Term::Legal];

    /// Part of ids.
    pub fn name(self) -> &'static str {
        ["kpi", "legal"][self as usize]
    }

    /// Title in Chinese.
    pub fn zh(self) -> &'static str {
        ["考核期限", "法定期限"][self as usize]
    }
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Outcome; 4] = [Outcome::Due, Outcome::OnTime, Outcome::Late, Outcome::OpenOverdue];

    /// Part of ids.
    pub fn name(self) -> &'static str {
        ["due", "on_time", "late", "open_overdue"][self as usize]
    }

    /// Title in Chinese.
    pub fn zh(self) -> &'static str {
        ["到期", "按期", "逾期办结", "逾期未结"][self as usize]
    }

    /// Title in English.
    pub fn en(self) -> &'static str {
        ["due", "ended on time", "ended late", "open and overdue"][self as usize]
    }
}

/// How many numbers there are, number 0 (which nothing has) included.
pub const NUMBERS: usize = 33;

const FIRST_CLOCK: u8 = 9;

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
    pub const fn clock(stage: Stage, term: Term, outcome: Outcome) -> Measure {
        Measure(FIRST_CLOCK + stage as u8 * 8 + term as u8 * 4 + outcome as u8)
    }

    /// Which clock it is a measure of; `None` for the others.
    pub fn of_clock(self) -> Option<(Stage, Term, Outcome)> {
        let at = usize::from(self.0.checked_sub(FIRST_CLOCK)?);
        Some((Stage::ALL[at / 8], Term::ALL[at / 4 % 2], Outcome::ALL[at % 4]))
    }

    /// Its stable number, 1 to 32.
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
        assert_eq!(list, expected);
        assert_eq!(Measure::of(0), None);
        assert_eq!(Measure::of(33), None);
    }
}
