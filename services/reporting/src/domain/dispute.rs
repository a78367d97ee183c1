//! The image of one dispute: the root, what the county counts. It knows its milestones, as the publisher tells them; it refuses
//! to know how they follow from its cases.

use super::{Dated, Members, Root, Telling};
use fengqiao_model::{Day, DivisionCode};
use fengqiao_statute::Force;
use serde::{Deserialize, Serialize};
use std::ops::Not;

/// What happens to a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Its first case was accepted.
    Accepted,
    /// No case is open or awaited any more.
    Concluded,
    /// Taken up again.
    Reopened,
}

impl What {
    /// What has this name.
    pub fn named(name: &str) -> Option<What> {
        match name {
            "accepted" => Some(What::Accepted),
            "concluded" => Some(What::Concluded),
            "reopened" => Some(What::Reopened),
            _ => None,
        }
    }
}

/// A milestone, as an event tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneTold {
    /// What.
    pub what: What,
    /// When.
    pub on: Day,
    /// Force of the case that did it.
    pub force: Option<Force>,
    /// For a conclusion: agreed, or settled privately.
    pub resolved: bool,
    /// That case.
    pub case: String,
    /// That case stands at another place than the dispute.
    pub apart: bool,
}

/// How a dispute stands, as an event tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeTold {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// Its label in its ledger.
    pub root_ref: String,
    /// Where it arose.
    pub division: DivisionCode,
    /// Its type, by code.
    pub dispute_type: String,
    /// Where it comes from, by code.
    pub source: String,
    /// It is linked into another.
    pub linked: bool,
    /// Others are linked into it.
    pub has_linked: bool,
    /// What the county counts.
    pub milestones: Vec<MilestoneTold>,
}

impl DisputeTold {
    /// What its cases have from it.
    pub fn root(&self) -> Root<'_> {
        Root { id: &self.id, division: &self.division, dispute_type: &self.dispute_type, linked: self.linked }
    }
}

/// One milestone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What.
    #[serde(rename = "w")]
    pub what: What,
    /// When.
    #[serde(rename = "d")]
    pub on: Dated,
    /// Force of the case that did it.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub force: Option<Force>,
    /// For a conclusion: it resolved the dispute.
    #[serde(rename = "r", default, skip_serializing_if = "Not::not")]
    pub resolved: bool,
    /// A case of a linked dispute did it, or one that stands apart: that case counts at another place.
    #[serde(rename = "x", default, skip_serializing_if = "Not::not")]
    pub elsewhere: bool,
}

/// One dispute. Stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Where it arose.
    #[serde(rename = "div")]
    pub division: DivisionCode,
    /// Its type.
    #[serde(rename = "ty")]
    pub dispute_type: String,
    /// Where it comes from.
    #[serde(rename = "src", default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// It is linked into another.
    #[serde(rename = "lnk", default, skip_serializing_if = "Not::not")]
    pub linked: bool,
    /// Ids of its cases, in the order of their telling.
    #[serde(rename = "cs")]
    pub cases: Vec<String>,
    /// What the county counts, in order.
    #[serde(rename = "ms", default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<Milestone>,
}

impl Dispute {
    /// What it stands under.
    pub fn members(&self) -> Members<'_> {
        Members { dispute_type: &self.dispute_type, source: &self.source, has_force: true, ..Members::at(&self.division) }
    }

    /// Whether its cases stand where they stood.
    pub fn gives_the_same(&self, root: Root<'_>) -> bool {
        (&self.division, self.dispute_type.as_str(), self.linked) == (root.division, root.dispute_type, root.linked)
    }

    /// The image after an event that tells how the dispute stands, and these of its cases.
    pub fn after<'a>(
        old: Option<&Dispute>,
        told: &DisputeTold,
        cases: impl Iterator<Item = &'a str>,
        telling: Telling,
    ) -> Dispute {
        let mut own = old.map_or_else(Vec::new, |o| o.cases.clone());
        for case in cases {
            if !own.iter().any(|known| known == case) {
                own.push(case.to_owned());
            }
        }
        // The same thing on the same day is the same milestone, whichever case did it.
        let mut before: Vec<&Milestone> = old.iter().flat_map(|o| &o.milestones).collect();
        let milestone = |told: &MilestoneTold| {
            let same = before.iter().position(|m| (m.what, m.on.0) == (told.what, told.on));
            let old = same.map(|at| before.remove(at).on);
            Milestone {
                what: told.what,
                on: telling.day(old, told.on),
                force: told.force,
                resolved: told.resolved,
                elsewhere: told.apart || !own.contains(&told.case),
            }
        };
        let milestones = told.milestones.iter().map(milestone).collect();
        Dispute {
            division: told.division.clone(),
            dispute_type: told.dispute_type.clone(),
            source: told.source.clone(),
            linked: told.linked,
            milestones,
            cases: own,
        }
    }
}
