//! Applying events: the only way a dispute or a body changes. Every event carries what it changed as it stands after it, so this only
//! takes over, counts versions, and refuses what cannot stand at its place of a log.

use super::{Body, BodyKind, Case, Dispute, DisputeEvent, Kind};
use fengqiao_model::RequestId;

impl Dispute {
    /// The dispute after an event. `None` in is one that does not exist yet; `None` out is an event that cannot stand here (a log
    /// that was written by this service has none).
    pub fn apply(before: Option<Dispute>, event: &DisputeEvent, request: Option<RequestId>) -> Option<Dispute> {
        let begins = matches!(event.kind, Kind::Opened | Kind::OpenedFromPetition | Kind::Imported);
        let (version, erased, mut cases, number) = match before {
            None if begins && !event.cases.is_empty() => (0, false, Vec::new(), String::new()),
            Some(old) if !begins || event.kind == Kind::Imported => (old.version, old.erased, old.cases, old.number),
            None | Some(_) => return None,
        };
        if erased && !event.dispute.erased {
            return None;
        }
        for case in &event.cases {
            take_over(&mut cases, case, event.kind, request)?;
        }
        let mut next = Dispute { version: version + 1, cases, last_request: request, ..event.dispute.clone() };
        // Numbers are given when everything else is certain: an event decided before that does not take one away.
        if next.number.is_empty() {
            next.number = number;
        }
        Some(next)
    }
}

/// Puts a case as an event has it in its place. One whose version did not move was not changed itself: only how it entered its root
/// was restated, which makes nobody's etag stale.
fn take_over(cases: &mut Vec<Case>, after: &Case, kind: Kind, request: Option<RequestId>) -> Option<()> {
    let Some(before) = cases.iter_mut().find(|case| case.id == after.id) else {
        let opens = matches!(
            kind,
            Kind::Opened | Kind::OpenedFromPetition | Kind::Imported | Kind::Transferred | Kind::Concluded | Kind::Reopened
        );
        if !opens || after.version != 1 {
            return None;
        }
        cases.push(Case { last_request: request, ..after.clone() });
        return Some(());
    };
    let last_request = match after.version - before.version {
        0 => before.last_request,
        1 => request,
        _ => return None,
    };
    let number = if after.number.is_empty() { before.number.clone() } else { after.number.clone() };
    *before = Case { last_request, number, ..after.clone() };
    Some(())
}

impl Body {
    /// The body after an event; as [`Dispute::apply`].
    pub fn apply(before: Option<Body>, kind: BodyKind, after: &Body, request: Option<RequestId>) -> Option<Body> {
        let version = match (before, kind) {
            (None, BodyKind::Registered | BodyKind::Imported) => 0,
            (Some(old), BodyKind::Registered) if old.imported => old.version,
            (Some(old), BodyKind::Updated | BodyKind::Adjusted | BodyKind::Fostered | BodyKind::Closed) => old.version,
            _ => return None,
        };
        Some(Body { version: version + 1, last_request: request, ..after.clone() })
    }
}
