//! Petition offices and responsible units as they stand, and as they stood on any day: the fold of their events. Nothing here is
//! personal.
//!
//! | File | Knows |
//! |---|---|
//! | here | what a unit is, and how it changes |
//! | `event.rs` | the messages that the log publishes |
//! | `command.rs`, `decide.rs` | what may be asked of units, and what the rules answer |
//! | `directory.rs` | units beside each other: levels, parents, successors, the next higher organ |
//! | `ledger.rs`, `row.rs` | rows of a ledger of units |
//! | `mention.rs` | which units the events of petitions name |
//! | `moved.rs` | what becomes of open items when a unit is taken over |

mod command;
mod decide;
mod directory;
mod event;
mod ledger;
mod mention;
mod moved;
mod row;

pub use command::{NewUnit, UnitCommand};
pub use decide::decide_unit;
pub use directory::{Directory, HigherOrgan};
pub(crate) use event::record;
pub use event::{UnitEvent, UnitKind};
pub use ledger::{UnitVerdict, take_unit_row};
pub use mention::{logged_by, named_by};
pub use moved::moved;
pub use row::{UnitField, UnitRow};

use fengqiao_model::{Day, DivisionCode, RequestId};
use fengqiao_statute::UnitLevel;
use serde::{Deserialize, Serialize};

/// How ids of units begin: no petition has such an id, and in the order of ids they stand behind all petitions and links.
pub const UNITS: &str = "unit:";

/// The longest code: what a ledger's cell of a unit may hold.
pub const UNIT_CODE: usize = 100;

/// What a unit is from some day on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Public name.
    pub name: String,
    /// petition_office, responsible_unit, joint_conference, or another free code; empty while not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Its level; `None` while not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<UnitLevel>,
    /// Code of the unit above it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub parent: String,
    /// The division it belongs to; `None` while not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionCode>,
    /// Content categories it answers for; none: not limited.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Divisions it answers for; none: its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub divisions: Vec<DivisionCode>,
}

/// What a unit was from a day on, until the next such day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its first day.
    pub from: Day,
    /// What it was.
    pub standing: Standing,
}

/// A petition office or responsible unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// How many events made it what it is; the etag.
    pub version: i64,
    /// Code, unique in the book; for an imported one the text of the ledger.
    pub code: String,
    /// Since when it is what it is.
    pub since: Day,
    /// What it is.
    pub standing: Standing,
    /// What it was before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Period>,
    /// Day of founding, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded_on: Option<Day>,
    /// Day from which it works no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Day>,
    /// Code of the unit that took over.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub successor: String,
    /// How many open items went to the successor.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub handed_over: u32,
    /// A petition or a ledger named it and nobody has registered it since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// The request that made the last change.
    pub last_request: Option<RequestId>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl Unit {
    /// Id of the aggregate in the log.
    pub fn aggregate(code: &str) -> String {
        format!("{UNITS}{code}")
    }

    /// A unit that a petition or a ledger named: nothing of it is known but its code.
    pub fn named(code: &str, today: Day) -> Self {
        Self {
            version: 0,
            code: code.to_owned(),
            since: today,
            standing: Standing { name: code.to_owned(), ..Standing::default() },
            past: Vec::new(),
            founded_on: None,
            closed_on: None,
            successor: String::new(),
            handed_over: 0,
            imported: true,
            last_request: None,
        }
    }

    /// Whether it works on the day.
    pub fn is_active(&self, day: Day) -> bool {
        self.founded_on.is_none_or(|founded| founded <= day) && self.closed_on.is_none_or(|closed| day < closed)
    }

    /// What it was on a day; `None` before its founding. Where no founding is known, what is known first holds for all days before.
    pub fn standing_on(&self, day: Day) -> Option<&Standing> {
        if self.founded_on.is_some_and(|founded| day < founded) {
            return None;
        }
        if self.since <= day {
            return Some(&self.standing);
        }
        let then = self.past.iter().rev().find(|period| period.from <= day).or(self.past.first());
        Some(then.map_or(&self.standing, |period| &period.standing))
    }

    /// The unit as it stood on a day, without what happened later.
    pub fn as_of(&self, day: Day) -> Option<Unit> {
        let standing = self.standing_on(day)?.clone();
        let closed = self.closed_on.is_some_and(|closed| closed <= day);
        Some(Unit {
            standing,
            since: self.since.min(day),
            past: self.past.iter().filter(|period| period.from <= day).cloned().collect(),
            closed_on: self.closed_on.filter(|_| closed),
            successor: if closed { self.successor.clone() } else { String::new() },
            handed_over: if closed { self.handed_over } else { 0 },
            ..self.clone()
        })
    }

    /// The only way a unit changes. `None` out is an event that cannot stand at this place of a log.
    pub fn apply(before: Option<&Unit>, event: &UnitEvent, request: Option<RequestId>) -> Option<Unit> {
        let told = &*event.unit;
        let (version, since, past) = match (before, event.kind) {
            (None, UnitKind::Registered | UnitKind::Imported) => (0, event.on, Vec::new()),
            // Of one that was only named, nothing is known that could be a past.
            (Some(named), UnitKind::Registered) if named.imported => (named.version, event.on, Vec::new()),
            (Some(before), UnitKind::Updated | UnitKind::Succeeded | UnitKind::Closed) if before.code == told.code => {
                let (since, past) = before.moved_on(event.on, &told.standing)?;
                (before.version, since, past)
            }
            _ => return None,
        };
        Some(Unit { version: version + 1, since, past, last_request: request, ..told.clone() })
    }

    /// Since when it will be what it becomes, and what it was before.
    fn moved_on(&self, on: Day, after: &Standing) -> Option<(Day, Vec<Period>)> {
        let mut past = self.past.clone();
        if self.standing == *after {
            return Some((self.since, past));
        }
        if on > self.since {
            past.push(Period { from: self.since, standing: self.standing.clone() });
        }
        // What was set on the same day is put right, and leaves no trace but the log's.
        (on >= self.since).then_some((on, past))
    }
}
