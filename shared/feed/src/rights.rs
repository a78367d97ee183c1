//! Which parts of an event a follower gets. Position, header, digest, hashes of withheld payloads and chain always go along,
//! so that everyone can check all they count from; the sealed payload goes to nobody.

use fengqiao_model::{Caller, Instant};
use fengqiao_proto::feed::v1 as pb;
use fengqiao_store::{Event, envelope};

/// What a follower may see of the events of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Header and digest: who did what when, no payload.
    HeaderOnly,
    /// The open payload as well.
    Open,
}

/// Decides by the log's name and the caller, who has the permission to follow logs.
pub(crate) type Policy = fn(&str, &Caller) -> Rights;

/// Open payloads for every follower.
pub(crate) fn open(_log: &str, _caller: &Caller) -> Rights {
    Rights::Open
}

/// The event as the follower gets it.
pub(crate) fn wire(event: Event, rights: Rights) -> pb::Event {
    let open_withheld = rights == Rights::HeaderOnly;
    let Instant(recorded_us) = event.recorded_at;
    pb::Event {
        position: event.position,
        event_id: event.event_id,
        aggregate_id: event.aggregate_id,
        version: event.version,
        kind: event.kind,
        recorded_us,
        occurred_on: event.occurred_on.to_string(),
        known_on: event.known_on.to_string(),
        actor: event.actor,
        request_id: event.request_id,
        sealed_hash: envelope::payload_hash(&event.sealed).to_vec(),
        open_hash: if open_withheld { envelope::payload_hash(&event.open).to_vec() } else { Vec::new() },
        open: if open_withheld { Vec::new() } else { event.open },
        sealed: Vec::new(),
        digest: event.digest,
        hash: event.hash,
        open_withheld,
    }
}
