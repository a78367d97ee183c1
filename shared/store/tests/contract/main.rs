//! What the kernel promises, tried on each engine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, also in its helpers")]

mod locations;
mod log;
mod schema;
mod tables;
mod writer;

use fengqiao_model::Instant;
use fengqiao_store::NewEvent;

/// 2025-01-01T08:00:00+08:00.
const NOW: Instant = Instant(1_735_689_600_000_000);

/// An event of `aggregate_id`, with payloads that differ by version.
fn event(aggregate_id: &str, version: i64) -> NewEvent {
    NewEvent {
        event_id: format!("event-{aggregate_id}-{version}"),
        aggregate_id: aggregate_id.to_owned(),
        version,
        kind: "Changed",
        occurred_on: "2024-12-31".parse().unwrap(),
        known_on: None,
        actor: "clerk-1".to_owned(),
        request_id: format!("request-{aggregate_id}-{version}"),
        open: format!("open {version}").into_bytes(),
        sealed: if version % 2 == 0 { b"sealed".to_vec() } else { Vec::new() },
    }
}
