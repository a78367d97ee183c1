//! Applying events: the only way a dispute or a body changes. Every event carries what it changed as it stands after it, so this only
//! takes over, counts versions, and refuses what cannot stand at its place of a log.

use super::{Body, BodyKind, Dispute, DisputeEvent};
use fengqiao_model::RequestId;

impl Dispute {
    /// The dispute after an event. `None` in is one that does not exist yet; `None` out is an event that cannot stand here (a log
    /// that was written by this service has none).
    pub fn apply(before: Option<Dispute>, event: &DisputeEvent, request: Option<RequestId>) -> Option<Dispute> {
        let _ = (before, event, request);
        None
    }
}

impl Body {
    /// The body after an event; as [`Dispute::apply`].
    pub fn apply(before: Option<Body>, kind: BodyKind, after: &Body, request: Option<RequestId>) -> Option<Body> {
        let _ = (before, kind, after, request);
        None
    }
}
