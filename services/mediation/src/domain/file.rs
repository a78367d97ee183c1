//! The work on a case between its acceptance and its bound file: who mediates, when they met, what the clock does not count, who helps,
//! what was feared and averted, what became of the agreement. Nothing personal: words are sealed, people are ids.

use fengqiao_model::{ActorId, Day};
use fengqiao_statute::{ClockTerms, Exclusion, SessionMode};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A minute of a day at UTC+08:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Minute {
    /// The day.
    pub day: Day,
    /// Minutes after its midnight, 0 to 1439.
    pub minute: u16,
}

impl Minute {
    /// Minutes after the first day there is: for comparing and adding.
    pub fn count(self) -> i64 {
        let first = Day::new(1900, 1, 1).unwrap_or(self.day);
        i64::from(self.day.days_since(first)) * 1440 + i64::from(self.minute)
    }

    /// The minute with this count, which lies near the day.
    pub fn of(count: i64, near: Day) -> Self {
        let midnight = Self { day: near, minute: 0 }.count();
        let days = i32::try_from((count - midnight).div_euclid(1440)).unwrap_or(0);
        Self { day: near.plus_days(days), minute: u16::try_from(count.rem_euclid(1440)).unwrap_or(0) }
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{:02}:{:02}", self.day, self.minute / 60, self.minute % 60)
    }
}

impl FromStr for Minute {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "must be a minute of the form 2024-05-06T14:30";
        let (day, time) = text.split_once('T').ok_or(WANTED)?;
        let day: Day = day.parse().map_err(|_| WANTED)?;
        let two = |digits: &str| {
            (digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse::<u16>().ok()).flatten()
        };
        let (hour, minute) = time.split_once(':').ok_or(WANTED)?;
        match (two(hour), two(minute)) {
            (Some(hour @ 0..=23), Some(minute @ 0..=59)) if day.year() >= 1900 => Ok(Self { day, minute: hour * 60 + minute }),
            _ => Err(WANTED),
        }
    }
}

impl TryFrom<String> for Minute {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Minute> for String {
    fn from(minute: Minute) -> Self {
        minute.to_string()
    }
}

/// Codes of a closed list: the names on the wire, in state rows and in messages.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $code)] $value),*
        }

        impl $name {
            /// Every one, in the order of the contract.
            pub const ALL: [$name; [$($code),*].len()] = [$($name::$value),*];

            /// The code.
            pub fn code(self) -> &'static str {
                match self {
                    $($name::$value => $code),*
                }
            }
        }
    };
}

codes! {
    /// How a session stands.
    SessionState { Planned = "planned", Held = "held", Missed = "missed" }
}
codes! {
    /// Who missed a session.
    MissedBy { Applicant = "applicant", Respondent = "respondent", Both = "both", Mediator = "mediator" }
}
codes! {
    /// Who was invited to help (PML 20).
    Invited {
        Relative = "relative",
        Neighbour = "neighbour",
        Expert = "expert",
        Lawyer = "lawyer",
        Psychologist = "psychologist",
        Body = "body",
        Other = "other",
    }
}
codes! {
    /// What is feared: the prevention columns of the statistics sheet (D§5.1).
    RiskKind {
        Crime = "crime",
        GroupPetition = "group_petition",
        ArmedFight = "armed_fight",
        Suicide = "suicide",
        Other = "other",
    }
}
codes! {
    /// What a follow-up visit found.
    VisitResult {
        Performed = "performed",
        Performing = "performing",
        NotPerformed = "not_performed",
        DisputeAgain = "dispute_again",
        Unreachable = "unreachable",
    }
}
codes! {
    /// What the parties said of the mediation.
    Satisfaction { Satisfied = "satisfied", Basically = "basically", Dissatisfied = "dissatisfied" }
}
codes! {
    /// How hard a case is (D§4.3).
    Difficulty { Simple = "simple", Ordinary = "ordinary", Hard = "hard", Major = "major" }
}
codes! {
    /// How risky it is (D§4.3).
    RiskLevel { High = "high", Medium = "medium", Low = "low" }
}
codes! {
    /// Where it may lead (D§4.3).
    Tendency { MayTurnCriminal = "may_turn_criminal", MayBecomeGroup = "may_become_group", MayDisturbOrder = "may_disturb_order" }
}
codes! {
    /// Which way a case went between a court and a body.
    Direction { In = "in", Out = "out" }
}
codes! {
    /// How a court referred it (TY 1, 11, 27).
    ReferralKind {
        BeforeFiling = "before_filing",
        AfterFilingOrdinary = "after_filing_ordinary",
        AfterFilingSummary = "after_filing_summary",
    }
}

/// A mediator's time on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCase {
    pub mediator: ActorId,
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen_by_parties: bool,
    /// Reason code of a recusal.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recused: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub id: String,
    pub starts_at: Minute,
    /// Planned, then real; 0 for a missed one.
    pub minutes: u32,
    pub mode: SessionMode,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub room: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mediators: Vec<ActorId>,
    /// Day on which the parties were told; `None` for one that was not planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notified_on: Option<Day>,
    pub state: SessionState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_by: Option<MissedBy>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invited: Vec<Invited>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recorded: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inside_hours: bool,
}

/// A time that the clock does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    pub cause: String,
    pub from: Day,
    /// Last day; `None` while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    pub document_number: String,
}

impl Suspension {
    /// As the clock leaves it out, when it lasted until the day.
    pub fn exclusion(&self, until: Day) -> Exclusion {
        Exclusion { cause: self.cause.clone(), from: self.from, to: self.until.unwrap_or(until) }
    }
}

/// An extension of the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockExtension {
    pub on: Day,
    /// In the clock's own unit.
    pub amount: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub document_number: String,
    pub recorded_by: ActorId,
}

/// A body that assists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assisting {
    pub body: String,
    pub from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// A risk to life or order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    pub kind: RiskKind,
    pub persons: u32,
    pub raised_on: Day,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reported_to_police: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_on: Option<Day>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub averted: bool,
}

/// A follow-up visit, planned or made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<VisitResult>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
}

/// One instalment of a performance; amounts are fen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    pub due_on: Day,
    pub due_fen: i64,
    #[serde(default)]
    pub paid_fen: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_on: Option<Day>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub default_reason: String,
}

/// The link with a court.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Court {
    pub direction: Direction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReferralKind>,
    pub court: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub case_number: String,
    pub on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<Day>,
}

/// The bound file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archived {
    pub on: Day,
    pub papers: Vec<String>,
    pub retention: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// The work on a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseFile {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mediators: Vec<OnCase>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<Session>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suspensions: Vec<Suspension>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<ClockExtension>,
    /// The clock without exclusions, extensions included: what the next one is reckoned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unexcluded: Option<ClockTerms>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assisting: Vec<Assisting>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<Difficulty>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_level: Option<RiskLevel>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tendencies: Vec<Tendency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader: Option<ActorId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader_due: Option<Day>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub agreement_number: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amended_on: Vec<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annulled_on: Option<Day>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<Instalment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court: Option<Court>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<Archived>,
}

impl CaseFile {
    /// Nothing was recorded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The mediators who are on the case on the day.
    pub fn present(&self) -> impl Iterator<Item = &OnCase> {
        self.mediators.iter().filter(|mediator| mediator.until.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_read_as_it_is_shown() {
        for text in ["2024-02-29T00:00", "2024-05-06T14:30", "1999-12-31T23:59"] {
            assert_eq!(text.parse::<Minute>().map(|minute| minute.to_string()).as_deref(), Ok(text));
        }
        for text in
            ["", "2024-05-06", "2024-05-06T24:00", "2024-05-06T9:30", "2024-02-30T09:30", "2024-05-06T09:60", "2024-05-06T+9:30"]
        {
            assert!(text.parse::<Minute>().is_err(), "{text}");
        }
    }
}
