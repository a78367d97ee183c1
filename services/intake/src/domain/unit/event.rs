//! What happened to a unit, to and from the messages that `intake/v1/events.proto` publishes. Every event carries the unit after it.

use super::{Standing, Unit};
use crate::domain::{
    EventError,
    event::{day_text, message, optional, parsed},
};
use fengqiao_model::Day;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_statute::UnitLevel;
use prost::Message;

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    Registered,
    /// A petition or a ledger named a unit that nobody knew.
    Imported,
    Updated,
    Succeeded,
    Closed,
}

impl UnitKind {
    /// Every kind with its name in the log.
    pub const ALL: [(UnitKind, &'static str); 5] = [
        (UnitKind::Registered, "unit.registered"),
        (UnitKind::Imported, "unit.imported"),
        (UnitKind::Updated, "unit.updated"),
        (UnitKind::Succeeded, "unit.succeeded"),
        (UnitKind::Closed, "unit.closed"),
    ];

    /// The name in the log.
    pub fn name(self) -> &'static str {
        UnitKind::ALL[self as usize].1
    }
}

/// What happened, with the unit after it. Its version, its past and the request are not told: they follow from the events before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitEvent {
    pub kind: UnitKind,
    /// From when it stands so.
    pub on: Day,
    pub unit: Box<Unit>,
}

impl UnitEvent {
    /// An event that leaves the unit so.
    pub fn new(kind: UnitKind, on: Day, after: Unit) -> Self {
        let unit = Unit { version: 0, since: on, past: Vec::new(), last_request: None, ..after };
        Self { kind, on, unit: Box::new(unit) }
    }

    /// The open payload.
    pub fn encode(&self) -> Vec<u8> {
        pb::UnitChanged { on: self.on.to_string(), unit: Some(record(&self.unit)), handed_over: i64::from(self.unit.handed_over) }
            .encode_to_vec()
    }

    /// Reads a stored event.
    pub fn decode(kind: &str, open: &[u8]) -> Result<Self, EventError> {
        let known = UnitKind::ALL.into_iter().find(|(_, name)| *name == kind);
        let (kind, _) = known.ok_or_else(|| EventError::Kind(kind.to_owned()))?;
        let changed: pb::UnitChanged = message(open)?;
        let on = parsed("on", &changed.on)?;
        let m = changed.unit.ok_or(EventError::Field("unit"))?;
        let unit = Unit {
            standing: Standing {
                name: m.name,
                kind: m.kind,
                level: if m.level.is_empty() { None } else { Some(level(&m.level)?) },
                parent: m.parent,
                division: if m.division_code.is_empty() { None } else { Some(parsed("division_code", &m.division_code)?) },
                categories: m.categories,
                divisions: m.divisions.iter().map(|code| parsed("divisions", code)).collect::<Result<_, _>>()?,
            },
            founded_on: optional("founded_on", &m.founded_on)?,
            closed_on: optional("closed_on", &m.closed_on)?,
            successor: m.successor,
            handed_over: u32::try_from(changed.handed_over).map_err(|_| EventError::Field("handed_over"))?,
            imported: m.imported,
            ..Unit::named(&m.code, on)
        };
        Ok(Self { kind, on, unit: Box::new(unit) })
    }
}

fn level(text: &str) -> Result<UnitLevel, EventError> {
    UnitLevel::ALL.into_iter().find(|level| level.code() == text).ok_or(EventError::Field("level"))
}

/// A unit as the contract has it.
pub(crate) fn record(unit: &Unit) -> pb::UnitRecord {
    let standing = &unit.standing;
    pb::UnitRecord {
        code: unit.code.clone(),
        name: standing.name.clone(),
        kind: standing.kind.clone(),
        level: standing.level.map_or("", UnitLevel::code).to_owned(),
        parent: standing.parent.clone(),
        division_code: standing.division.as_ref().map(ToString::to_string).unwrap_or_default(),
        categories: standing.categories.clone(),
        divisions: standing.divisions.iter().map(ToString::to_string).collect(),
        founded_on: day_text(unit.founded_on),
        closed_on: day_text(unit.closed_on),
        successor: unit.successor.clone(),
        imported: unit.imported,
    }
}
