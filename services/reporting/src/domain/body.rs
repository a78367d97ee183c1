//! The image of one mediation body. It knows since when it works; it refuses to know what that counts for.
//!
//! A body whose founding nobody told works from the first day it is heard of: the day of the event that named it, or of the
//! first application there when that is earlier. One whose place no row tells works in the county of that application.

use super::{Dated, Members, Telling};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_statute::Force;
use serde::{Deserialize, Serialize};

/// How a body stands, as an event tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyTold {
    /// Its code.
    pub code: String,
    /// Its force.
    pub force: Force,
    /// Its kind; may be empty.
    pub kind: String,
    /// Theme of a themed room; may be empty.
    pub theme: String,
    /// Where it works.
    pub division: Option<DivisionCode>,
    /// Founding.
    pub founded_on: Option<Day>,
    /// Adjustments of its staff.
    pub adjusted_on: Vec<Day>,
    /// From when it was newly fostered.
    pub fostered_on: Option<Day>,
    /// Closing.
    pub closed_on: Option<Day>,
}

/// One body. Stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Its force.
    pub force: Force,
    /// Its kind.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Its theme.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub theme: String,
    /// Where it works, as told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<DivisionCode>,
    /// County of the first application there, while nothing was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<DivisionCode>,
    /// The first event that named it.
    pub named: Dated,
    /// The earliest application there, as far as it tells since when the body works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Dated>,
    /// Founding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded: Option<Dated>,
    /// Adjustments of its staff.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adjusted: Vec<Dated>,
    /// Newly fostered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fostered: Option<Dated>,
    /// Closing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Dated>,
}

impl Body {
    /// What it stands under; `None` while nobody knows where it works.
    pub fn members(&self) -> Option<Members<'_>> {
        let division = self.division.as_ref().or(self.used_at.as_ref())?;
        Some(Members { body_kind: &self.kind, theme: &self.theme, has_force: true, ..Members::at(division) })
    }

    /// Since when it works.
    pub fn begun(&self) -> Dated {
        let heard = self.used.map_or(self.named, |used| used.min(self.named));
        self.founded.unwrap_or(heard)
    }

    /// The image after an event, of the business day `on`, that tells how the body stands.
    pub fn after(old: Option<&Body>, told: &BodyTold, on: Day, telling: Telling) -> Body {
        let mut before: Vec<Dated> = old.map_or_else(Vec::new, |o| o.adjusted.clone());
        let adjusted = |day: &Day| {
            let same = before.iter().position(|dated| dated.0 == *day);
            telling.day(same.map(|at| before.remove(at)), *day)
        };
        Body {
            force: told.force,
            kind: told.kind.clone(),
            theme: told.theme.clone(),
            division: told.division.clone(),
            used_at: old.and_then(|o| o.used_at.clone()),
            named: old.map_or_else(|| telling.day(None, on), |o| o.named),
            used: old.and_then(|o| o.used),
            founded: telling.maybe(old.and_then(|o| o.founded), told.founded_on),
            adjusted: told.adjusted_on.iter().map(adjusted).collect(),
            fostered: telling.maybe(old.and_then(|o| o.fostered), told.fostered_on),
            closed: telling.maybe(old.and_then(|o| o.closed), told.closed_on),
        }
    }

    /// The image after an application to it; `None` when that tells nothing new.
    pub fn used_by(&self, applied_on: Day, at: &DivisionCode, telling: Telling) -> Option<Body> {
        let earlier = self.founded.is_none() && applied_on < self.begun().0;
        let placeless = self.division.is_none() && self.used_at.is_none();
        if !earlier && !placeless {
            return None;
        }
        let used = if earlier { Some(telling.day(None, applied_on)) } else { self.used };
        let used_at = if placeless { Some(at.county()) } else { self.used_at.clone() };
        Some(Body { used, used_at, ..self.clone() })
    }
}
