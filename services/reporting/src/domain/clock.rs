//! The words of clocks: which procedure, which of its two due days, what became of it. It knows names and sources; it refuses
//! to know days.

use super::Kind;

/// A procedure with a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Clock P-06 (XF 34); any closing ends it.
    Handling = 0,
    /// Clock P-08 (XF 35).
    Review = 1,
    /// Clock P-10 (XF 36).
    Rereview = 2,
    /// Clock of a case's force; any end ends it.
    Case = 3,
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
    pub const ALL: [Stage; 4] = [Stage::Handling, Stage::Review, Stage::Rereview, Stage::Case];

    /// Those of petitions.
    pub const OF_PETITIONS: [Stage; 3] = [Stage::Handling, Stage::Review, Stage::Rereview];

    /// Part of ids.
    pub fn name(self) -> &'static str {
        ["handling", "review", "rereview", "handling"][self as usize]
    }

    /// What has the clock.
    pub fn kind(self) -> Kind {
        if self == Stage::Case { Kind::Case } else { Kind::Petition }
    }

    /// The clock's code (D§6.1).
    pub fn clock(self) -> &'static str {
        ["P-06", "P-08", "P-10", "of the force"][self as usize]
    }

    /// Title in Chinese.
    pub fn zh(self) -> &'static str {
        ["办理", "复查", "复核", "调解"][self as usize]
    }

    /// Where it comes from.
    pub fn source(self) -> &'static str {
        const CASE: &str = "D§6.1, the clock of force and type (M-01, M-03, J-01, L-01, A-03, A-07, A-12); D§5.6";
        ["XF 34; clock P-06", "XF 35; clock P-08", "XF 36; clock P-10", CASE][self as usize]
    }

    /// Number of its first measure; the other seven follow.
    pub(super) fn first(self) -> u8 {
        [9, 17, 25, 52][self as usize]
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
