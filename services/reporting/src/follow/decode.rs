//! From the messages that a log publishes to what figures care about. Never fails: what cannot be read is stuck, with a reason.
//!
//! | File | Knows |
//! |---|---|
//! | here | the envelope, and what every message has in common |
//! | `decode/intake.rs` | `intake/v1/events.proto`: events that say what changed |
//! | `decode/intake/whole.rs` | the same: events that carry the whole of a petition or unit |
//! | `decode/mediation.rs` | `mediation/v1/events.proto` |

mod intake;
mod mediation;

use crate::{
    app::{Item, Log, Reading},
    store::StuckEvent,
};
use fengqiao_model::{Day, DivisionCode, Instant};
use fengqiao_proto::common::v1::ClockTerms;
use prost::Message;

/// The parts of an event that matter here.
pub(super) struct Raw<'a> {
    pub(super) position: i64,
    pub(super) kind: &'a str,
    pub(super) aggregate: &'a str,
    pub(super) occurred_on: &'a str,
    pub(super) known_on: &'a str,
    pub(super) recorded: Instant,
    /// `None` when it was withheld.
    pub(super) open: Option<&'a [u8]>,
}

type Read<T> = Result<T, &'static str>;

pub(super) fn read(log: Log, raw: &Raw<'_>) -> Reading {
    match item(log, raw) {
        Ok(item) => Reading::Item(Box::new(item)),
        Err(reason) => {
            let kind = raw.kind.replace('\0', "?");
            Reading::Stuck(StuckEvent { log: log.name(), position: raw.position, kind, reason: reason.to_owned() })
        }
    }
}

fn item(log: Log, raw: &Raw<'_>) -> Read<Item> {
    let open = raw.open.ok_or("the payload was withheld")?;
    let known = day(raw.known_on)?;
    let on = if raw.occurred_on.is_empty() { known } else { day(raw.occurred_on)? };
    let told = match log {
        Log::Intake => intake::told(raw, open)?,
        Log::Mediation => mediation::told(raw, open)?,
    };
    if told.keys().iter().any(|key| key.contains('\0')) {
        return Err("a text has a NUL character");
    }
    Ok(Item { log, position: raw.position, kind: raw.kind.to_owned(), on, known, recorded: raw.recorded.day(), told })
}

fn message<M: Message + Default>(open: &[u8]) -> Read<M> {
    M::decode(open).map_err(|_| "the payload cannot be read")
}

fn day(text: &str) -> Read<Day> {
    text.parse().map_err(|_| "a day is malformed")
}

fn optional(text: &str) -> Read<Option<Day>> {
    if text.is_empty() { Ok(None) } else { day(text).map(Some) }
}

fn division(text: &str) -> Read<DivisionCode> {
    text.parse().map_err(|_| "the division code is malformed")
}

fn terms(terms: Option<ClockTerms>) -> Read<Option<(Day, Day)>> {
    terms.map(|terms| Ok((day(&terms.kpi_due)?, day(&terms.legal_due)?))).transpose()
}

/// Texts that become keys: PostgreSQL takes no NUL, and an event must never stop the follower.
fn check_texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Read<()> {
    if texts.into_iter().any(|text| text.contains('\0')) { Err("a text has a NUL character") } else { Ok(()) }
}
