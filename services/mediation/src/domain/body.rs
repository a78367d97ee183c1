//! A mediation body as it stands: the fold of its events. Rooms are data; only the five forces are fixed.

use fengqiao_model::{Day, DivisionCode, RequestId, Token};
use fengqiao_statute::Force;
use serde::{Deserialize, Serialize};

/// One adjustment of a body's staff (充实调整).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Its day.
    pub on: Day,
    /// Mediators who came.
    pub staff_in: u32,
    /// Mediators who left.
    pub staff_out: u32,
}

/// A committee, room, studio, station or court outpost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// How many events made it what it is; the etag.
    pub version: i64,
    /// Code, unique in the book; for an imported one the text of the ledger.
    pub code: Token,
    /// Public name.
    pub name: String,
    /// Its force.
    pub force: Force,
    /// Kind, a free code; empty for an imported one whose ledger does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Theme of a themed room.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub theme: String,
    /// Tags, which overlap kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Code of the parent body.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub parent: String,
    /// Where it works; `None` for an imported one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionCode>,
    /// Dispute types it takes; none: every type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub specialities: Vec<String>,
    /// The most cases it can have open; 0: no limit.
    #[serde(default)]
    pub capacity: u32,
    /// Day of founding, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded_on: Option<Day>,
    /// Adjustments of staff, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjustments: Vec<Adjustment>,
    /// Day from which it was newly fostered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fostered_on: Option<Day>,
    /// Day of closing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<Day>,
    /// A ledger named it and nobody has registered it since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
    /// The request that made the last change.
    pub last_request: Option<RequestId>,
}

impl Body {
    /// Id of the aggregate in the log.
    pub fn aggregate(code: &Token) -> String {
        format!("body:{code}")
    }

    /// Whether it works on the day.
    pub fn is_active(&self, day: Day) -> bool {
        self.founded_on.is_none_or(|founded| founded <= day) && self.closed_on.is_none_or(|closed| day < closed)
    }

    /// Whether it takes this type of dispute.
    pub fn is_competent(&self, dispute_type: &str) -> bool {
        self.specialities.is_empty() || self.specialities.iter().any(|speciality| speciality == dispute_type)
    }
}
