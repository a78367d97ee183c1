//! What mediation tells about a petition: a link beside it, with a version of its own, so that following mediation never makes the
//! petition's etag stale. Of a dispute it knows what a clerk is shown, and no more.

use super::{
    EventError,
    event::{day_text, message, optional, parsed},
};
use fengqiao_model::{Day, DisputeId, PetitionId};
use fengqiao_proto::intake::v1 as pb;
use prost::Message;
use serde::{Deserialize, Serialize};

/// Kind of the one event of a link.
pub const PROGRESSED: &str = "mediation.progressed";

/// How ids of links begin: no petition has such an id, and in the order of ids they stand behind all petitions.
pub const LINKS: &str = "mediation:";

/// What mediation told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The petition.
    pub petition: PetitionId,
    /// The dispute opened for it.
    pub dispute: DisputeId,
    /// Number of the dispute.
    pub number: String,
    /// State of its last case, by name.
    pub state: String,
    /// Code of the body that has it; may be empty.
    pub body: String,
    /// Day on which mediation opened it.
    pub opened_on: Day,
    /// Day on which mediation ended; `None` while it goes on.
    pub ended_on: Option<Day>,
    /// Position in the mediation log that told it.
    pub position: i64,
}

/// A dispute that mediation opened for a petition, as it stands: the fold of what was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// How many events made it what it is; its etag.
    pub version: i64,
    /// Id of the petition.
    pub petition: String,
    /// Id of the dispute.
    pub dispute: String,
    /// Number of the dispute.
    pub number: String,
    /// State of its last case, by name.
    pub state: String,
    /// Code of the body that has it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Day on which mediation opened it.
    pub opened_on: Day,
    /// Day on which mediation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Day>,
    /// Position in the mediation log that told of it first: the order of a petition's links.
    pub since: i64,
}

impl Link {
    /// The id of the link of a dispute.
    pub fn id(dispute: DisputeId) -> String {
        format!("{LINKS}{dispute}")
    }

    /// The link after what was told; `None` when that is of another petition or dispute.
    pub fn apply(before: Option<&Link>, told: &Told) -> Option<Link> {
        let after = Link {
            version: before.map_or(0, |link| link.version) + 1,
            petition: told.petition.to_string(),
            dispute: told.dispute.to_string(),
            number: told.number.clone(),
            state: told.state.clone(),
            body: told.body.clone(),
            opened_on: told.opened_on,
            ended_on: told.ended_on,
            since: before.map_or(told.position, |link| link.since),
        };
        let same = before.is_none_or(|link| link.petition == after.petition && link.dispute == after.dispute);
        same.then_some(after)
    }

    /// Whether it shows the same: then there is nothing to tell.
    pub fn shows(&self, other: &Link) -> bool {
        Link { version: other.version, ..self.clone() } == *other
    }
}

impl Told {
    /// The open payload.
    pub fn encode(&self) -> Vec<u8> {
        pb::MediationProgressed {
            petition_id: self.petition.to_string(),
            dispute_id: self.dispute.to_string(),
            dispute_number: self.number.clone(),
            state: self.state.clone(),
            body: self.body.clone(),
            opened_on: self.opened_on.to_string(),
            ended_on: day_text(self.ended_on),
            mediation_position: self.position,
        }
        .encode_to_vec()
    }

    /// Reads a stored event of a link.
    pub fn decode(kind: &str, open: &[u8]) -> Result<Self, EventError> {
        if kind != PROGRESSED {
            return Err(EventError::Kind(kind.to_owned()));
        }
        let m: pb::MediationProgressed = message(open)?;
        Ok(Self {
            petition: parsed("petition_id", &m.petition_id)?,
            dispute: parsed("dispute_id", &m.dispute_id)?,
            number: m.dispute_number,
            state: m.state,
            body: m.body,
            opened_on: parsed("opened_on", &m.opened_on)?,
            ended_on: optional("ended_on", &m.ended_on)?,
            position: m.mediation_position,
        })
    }
}
