//! What happened to a petition, to and from the messages that `intake/v1/events.proto` publishes.

mod facts;
mod stepped;
mod whole;

pub(crate) use whole::foreign_number;

use super::{Petition, Routed, Step, StepKind, route};
use fengqiao_model::{ActorId, Day};
use fengqiao_proto::{common::v1 as common, intake::v1 as pb};
use fengqiao_statute::{Channel, ClockTerms, Conclusion, MatterClass};
use prost::Message;
use std::str::FromStr;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Logged; the petition as it begins.
    Registered(Box<Petition>),
    Accepted {
        on: Day,
        responsible_unit: String,
        document_number: String,
        handling: Option<ClockTerms>,
    },
    Refused {
        on: Day,
        reason: String,
        list_version: String,
        conclusion: Conclusion,
        document_number: String,
    },
    ExtensionRequested {
        on: Day,
        days: u32,
    },
    /// Granted when the clock as it now runs is there.
    ExtensionDecided {
        on: Day,
        handling: Option<ClockTerms>,
    },
    OpinionIssued {
        on: Day,
        document_number: String,
        delivered_on: Option<Day>,
        delivered_by: String,
        /// Clocks that begin with receipt.
        windows: Vec<ClockTerms>,
    },
    Withdrawn {
        on: Day,
        reason: String,
        list_version: String,
    },
    /// Handed to mediation.
    RoutedToMediation(Box<Routed>),
    Voided {
        on: Day,
        reason: String,
        list_version: String,
        approved_by: ActorId,
    },
    PartiesErased {
        on: Day,
        approved_by: ActorId,
    },
    /// Every other step; the petition as it stands after it.
    Stepped(Box<Step>),
    /// A ledger row came in; the petition as it stands after it.
    Imported(Box<Petition>),
    /// A known ledger row had cells filled; the petition as it stands after it.
    Advanced(Box<Petition>),
}

/// A stored event that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// A kind this version does not know.
    #[error("unknown event kind {0}")]
    Kind(String),
    /// Bytes that are not the message of the kind.
    #[error("payload is not the message of its kind")]
    Payload,
    /// A field that cannot be read.
    #[error("field {0} cannot be read")]
    Field(&'static str),
}

impl Event {
    /// Kind as it stands in the log.
    pub fn kind(&self) -> &'static str {
        match self {
            Event::Registered(_) => "petition.registered",
            Event::Accepted { .. } => "petition.accepted",
            Event::Refused { .. } => "petition.refused",
            Event::ExtensionRequested { .. } => "petition.extension_requested",
            Event::ExtensionDecided { .. } => "petition.extension_decided",
            Event::OpinionIssued { .. } => "petition.opinion_issued",
            Event::Withdrawn { .. } => "petition.withdrawn",
            Event::RoutedToMediation(_) => "petition.routed_to_mediation",
            Event::Voided { .. } => "petition.voided",
            Event::PartiesErased { .. } => "petition.parties_erased",
            Event::Stepped(step) => step.kind.name(),
            Event::Imported(_) => "petition.imported",
            Event::Advanced(_) => "petition.advanced",
        }
    }

    /// The business day.
    pub fn occurred_on(&self) -> Day {
        match self {
            Event::Registered(p) | Event::Imported(p) => p.registered_on,
            Event::Advanced(p) => p.concluded_on.or(p.accepted_on).unwrap_or(p.registered_on),
            Event::RoutedToMediation(routed) => routed.on,
            Event::Stepped(step) => step.on,
            Event::Accepted { on, .. }
            | Event::Refused { on, .. }
            | Event::ExtensionRequested { on, .. }
            | Event::ExtensionDecided { on, .. }
            | Event::OpinionIssued { on, .. }
            | Event::Withdrawn { on, .. }
            | Event::Voided { on, .. }
            | Event::PartiesErased { on, .. } => *on,
        }
    }

    /// The day an import vouches for; `None` for what happens live.
    pub fn vouched_on(&self) -> Option<Day> {
        matches!(self, Event::Imported(_) | Event::Advanced(_)).then(|| self.occurred_on())
    }

    /// The open payload, as a unit publishes it.
    pub fn encode(&self, unit: &str) -> Vec<u8> {
        let unit = unit.to_owned();
        match self {
            Event::Registered(p) => whole::registered(p).encode_to_vec(),
            Event::Imported(p) | Event::Advanced(p) => whole::imported(p).encode_to_vec(),
            Event::Accepted { on, responsible_unit, document_number, handling } => pb::PetitionAccepted {
                accepted_on: on.to_string(),
                responsible_unit: responsible_unit.clone(),
                document_number: document_number.clone(),
                handling: handling.as_ref().map(clock),
                unit,
            }
            .encode_to_vec(),
            Event::Refused { on, reason, list_version, conclusion, document_number } => pb::PetitionRefused {
                refused_on: on.to_string(),
                reason: reason.clone(),
                reason_list_version: list_version.clone(),
                conclusion: conclusion.code().to_owned(),
                document_number: document_number.clone(),
                unit,
            }
            .encode_to_vec(),
            Event::ExtensionRequested { on, days } => {
                pb::ExtensionRequested { requested_on: on.to_string(), days: i32::try_from(*days).unwrap_or(i32::MAX), unit }
                    .encode_to_vec()
            }
            Event::ExtensionDecided { on, handling } => pb::ExtensionDecided {
                decided_on: on.to_string(),
                granted: handling.is_some(),
                handling: handling.as_ref().map(clock),
                unit,
            }
            .encode_to_vec(),
            Event::OpinionIssued { on, document_number, delivered_on, delivered_by, windows } => pb::OpinionIssued {
                issued_on: on.to_string(),
                document_number: document_number.clone(),
                delivered_on: day_text(*delivered_on),
                windows: windows.iter().map(clock).collect(),
                delivered_by: delivered_by.clone(),
                unit,
            }
            .encode_to_vec(),
            Event::Withdrawn { on, reason, list_version } => pb::PetitionWithdrawn {
                withdrawn_on: on.to_string(),
                reason: reason.clone(),
                reason_list_version: list_version.clone(),
                unit,
            }
            .encode_to_vec(),
            Event::RoutedToMediation(routed) => route::encode(routed).encode_to_vec(),
            Event::Stepped(step) => stepped::encode(step).encode_to_vec(),
            Event::Voided { on, reason, list_version, approved_by } => pb::PetitionVoided {
                voided_on: on.to_string(),
                reason: reason.clone(),
                reason_list_version: list_version.clone(),
                approved_by: approved_by.to_string(),
                unit,
            }
            .encode_to_vec(),
            Event::PartiesErased { on, approved_by } => {
                pb::PartiesErased { erased_on: on.to_string(), approved_by: approved_by.to_string(), unit }.encode_to_vec()
            }
        }
    }

    /// Reads a stored event.
    pub fn decode(kind: &str, open: &[u8]) -> Result<Self, EventError> {
        Ok(match kind {
            "petition.registered" => Event::Registered(Box::new(whole::read_registered(message(open)?)?)),
            "petition.imported" => Event::Imported(Box::new(whole::read_imported(message(open)?)?)),
            "petition.advanced" => Event::Advanced(Box::new(whole::read_imported(message(open)?)?)),
            "petition.accepted" => {
                let m: pb::PetitionAccepted = message(open)?;
                Event::Accepted {
                    on: parsed("accepted_on", &m.accepted_on)?,
                    responsible_unit: m.responsible_unit,
                    document_number: m.document_number,
                    handling: read_clock(m.handling)?,
                }
            }
            "petition.refused" => {
                let m: pb::PetitionRefused = message(open)?;
                Event::Refused {
                    on: parsed("refused_on", &m.refused_on)?,
                    reason: m.reason,
                    list_version: m.reason_list_version,
                    conclusion: read_code("conclusion", &m.conclusion)?.ok_or(EventError::Field("conclusion"))?,
                    document_number: m.document_number,
                }
            }
            "petition.extension_requested" => {
                let m: pb::ExtensionRequested = message(open)?;
                let days = u32::try_from(m.days).map_err(|_| EventError::Field("days"))?;
                Event::ExtensionRequested { on: parsed("requested_on", &m.requested_on)?, days }
            }
            "petition.extension_decided" => {
                let m: pb::ExtensionDecided = message(open)?;
                Event::ExtensionDecided { on: parsed("decided_on", &m.decided_on)?, handling: read_clock(m.handling)? }
            }
            "petition.opinion_issued" => {
                let m: pb::OpinionIssued = message(open)?;
                Event::OpinionIssued {
                    on: parsed("issued_on", &m.issued_on)?,
                    document_number: m.document_number,
                    delivered_on: optional("delivered_on", &m.delivered_on)?,
                    delivered_by: m.delivered_by,
                    windows: m.windows.into_iter().map(some_clock).collect::<Result<_, _>>()?,
                }
            }
            "petition.withdrawn" => {
                let m: pb::PetitionWithdrawn = message(open)?;
                Event::Withdrawn {
                    on: parsed("withdrawn_on", &m.withdrawn_on)?,
                    reason: m.reason,
                    list_version: m.reason_list_version,
                }
            }
            "petition.routed_to_mediation" => Event::RoutedToMediation(Box::new(route::decode(message(open)?)?)),
            "petition.voided" => {
                let m: pb::PetitionVoided = message(open)?;
                Event::Voided {
                    on: parsed("voided_on", &m.voided_on)?,
                    reason: m.reason,
                    list_version: m.reason_list_version,
                    approved_by: parsed("approved_by", &m.approved_by)?,
                }
            }
            "petition.parties_erased" => {
                let m: pb::PartiesErased = message(open)?;
                Event::PartiesErased {
                    on: parsed("erased_on", &m.erased_on)?,
                    approved_by: parsed("approved_by", &m.approved_by)?,
                }
            }
            other => match StepKind::named(other) {
                Some(kind) => Event::Stepped(Box::new(stepped::decode(kind, message(open)?)?)),
                None => return Err(EventError::Kind(other.to_owned())),
            },
        })
    }
}

/// The open image of a petition, as the contract has it.
pub(crate) fn facts(petition: &Petition) -> pb::PetitionFacts {
    facts::encode(petition)
}

/// Clock terms as the contract has them.
pub(crate) fn clock(terms: &ClockTerms) -> common::ClockTerms {
    common::ClockTerms {
        rule: terms.rule.clone(),
        rule_version: terms.rule_version.clone(),
        calendar_version: terms.calendar_version.clone(),
        started_on: terms.started_on.to_string(),
        kpi_due: terms.kpi_due.to_string(),
        legal_due: terms.legal_due.to_string(),
        provisional: terms.provisional,
    }
}

/// A day or nothing, as the contract has it.
pub(super) fn day_text(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

pub(super) fn message<M: Message + Default>(open: &[u8]) -> Result<M, EventError> {
    M::decode(open).map_err(|_| EventError::Payload)
}

pub(super) fn parsed<T: FromStr>(field: &'static str, text: &str) -> Result<T, EventError> {
    text.parse().map_err(|_| EventError::Field(field))
}

pub(super) fn optional(field: &'static str, text: &str) -> Result<Option<Day>, EventError> {
    if text.is_empty() { Ok(None) } else { parsed(field, text).map(Some) }
}

trait Coded: Sized {
    fn of(text: &str) -> Option<Self>;
}

macro_rules! coded {
    ($($kind:ident),*) => {$(
        impl Coded for $kind {
            fn of(text: &str) -> Option<Self> {
                $kind::ALL.into_iter().find(|value| value.code() == text)
            }
        }
    )*};
}

coded!(Channel, MatterClass, Conclusion);

fn read_code<C: Coded>(field: &'static str, text: &str) -> Result<Option<C>, EventError> {
    if text.is_empty() { Ok(None) } else { C::of(text).map(Some).ok_or(EventError::Field(field)) }
}

fn read_clock(terms: Option<common::ClockTerms>) -> Result<Option<ClockTerms>, EventError> {
    terms.map(some_clock).transpose()
}

fn some_clock(terms: common::ClockTerms) -> Result<ClockTerms, EventError> {
    Ok(ClockTerms {
        rule: terms.rule,
        rule_version: terms.rule_version,
        calendar_version: terms.calendar_version,
        started_on: parsed("started_on", &terms.started_on)?,
        kpi_due: parsed("kpi_due", &terms.kpi_due)?,
        legal_due: parsed("legal_due", &terms.legal_due)?,
        provisional: terms.provisional,
    })
}
