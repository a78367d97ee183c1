//! What happened to a petition, to and from the messages that `intake/v1/events.proto` publishes.

use super::{Further, Petition, Routed, State, ledger, route};
use fengqiao_model::{ActorId, Day, DivisionCode, Token};
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

    /// The open payload.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Event::Registered(p) => registered(p).encode_to_vec(),
            Event::Imported(p) | Event::Advanced(p) => imported(p).encode_to_vec(),
            Event::Accepted { on, responsible_unit, document_number, handling } => pb::PetitionAccepted {
                accepted_on: on.to_string(),
                responsible_unit: responsible_unit.clone(),
                document_number: document_number.clone(),
                handling: handling.as_ref().map(clock),
            }
            .encode_to_vec(),
            Event::Refused { on, reason, list_version, conclusion, document_number } => pb::PetitionRefused {
                refused_on: on.to_string(),
                reason: reason.clone(),
                reason_list_version: list_version.clone(),
                conclusion: conclusion.code().to_owned(),
                document_number: document_number.clone(),
            }
            .encode_to_vec(),
            Event::ExtensionRequested { on, days } => {
                pb::ExtensionRequested { requested_on: on.to_string(), days: i32::try_from(*days).unwrap_or(i32::MAX) }
                    .encode_to_vec()
            }
            Event::ExtensionDecided { on, handling } => pb::ExtensionDecided {
                decided_on: on.to_string(),
                granted: handling.is_some(),
                handling: handling.as_ref().map(clock),
            }
            .encode_to_vec(),
            Event::OpinionIssued { on, document_number, delivered_on } => pb::OpinionIssued {
                issued_on: on.to_string(),
                document_number: document_number.clone(),
                delivered_on: day_text(*delivered_on),
            }
            .encode_to_vec(),
            Event::Withdrawn { on, reason, list_version } => pb::PetitionWithdrawn {
                withdrawn_on: on.to_string(),
                reason: reason.clone(),
                reason_list_version: list_version.clone(),
            }
            .encode_to_vec(),
            Event::RoutedToMediation(routed) => route::encode(routed).encode_to_vec(),
            Event::Voided { on, reason, list_version, approved_by } => pb::PetitionVoided {
                voided_on: on.to_string(),
                reason: reason.clone(),
                reason_list_version: list_version.clone(),
                approved_by: approved_by.to_string(),
            }
            .encode_to_vec(),
            Event::PartiesErased { on, approved_by } => {
                pb::PartiesErased { erased_on: on.to_string(), approved_by: approved_by.to_string() }.encode_to_vec()
            }
        }
    }

    /// Reads a stored event.
    pub fn decode(kind: &str, open: &[u8]) -> Result<Self, EventError> {
        Ok(match kind {
            "petition.registered" => Event::Registered(Box::new(read_registered(message(open)?)?)),
            "petition.imported" => Event::Imported(Box::new(read_imported(message(open)?)?)),
            "petition.advanced" => Event::Advanced(Box::new(read_imported(message(open)?)?)),
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
            other => return Err(EventError::Kind(other.to_owned())),
        })
    }
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

fn registered(p: &Petition) -> pb::PetitionRegistered {
    pb::PetitionRegistered {
        number: p.number.clone(),
        slip: p.slip.clone(),
        unit: p.unit.to_string(),
        division_code: p.division.to_string(),
        channel: p.channel.map_or("", Channel::code).to_owned(),
        matter_class: p.matter_class.code().to_owned(),
        category: p.category.clone(),
        person_count: i32::try_from(p.person_count).unwrap_or(i32::MAX),
        responsible_unit: p.responsible_unit.clone(),
        ledger: p.ledger.clone(),
        external_ref: p.external_ref.clone(),
        registered_on: p.registered_on.to_string(),
        offline: p.offline,
        first_action: p.first_action.as_ref().map(clock),
        representatives: i32::try_from(p.representatives).unwrap_or(0),
    }
}

fn imported(p: &Petition) -> pb::PetitionImported {
    let further = p.further.as_deref().cloned().unwrap_or_default();
    pb::PetitionImported {
        number: p.number.clone(),
        unit: p.unit.to_string(),
        ledger: p.ledger.clone(),
        external_ref: p.external_ref.clone(),
        sealed_cells: further.sealed_cells.to_vec(),
        facts: Some(pb::LedgerFacts {
            registered_on: p.registered_on.to_string(),
            division_code: p.division.to_string(),
            channel: p.channel.map_or("", Channel::code).to_owned(),
            matter_class: p.matter_class.code().to_owned(),
            category: p.category.clone(),
            person_count: i32::try_from(p.person_count).unwrap_or(i32::MAX),
            responsible_unit: p.responsible_unit.clone(),
            accepted_on: day_text(p.accepted_on),
            concluded_on: day_text(p.concluded_on),
            conclusion: p.conclusion.map_or("", Conclusion::code).to_owned(),
            first_action_on: day_text(further.first_action_on),
            repeat_of: further.repeat_of,
            litigation_related: further.litigation_related.map(|yes| yes.to_string()).unwrap_or_default(),
            extended_to: day_text(further.extended_to),
            delivered_on: day_text(further.delivered_on),
            review_requested_on: day_text(further.review_requested_on),
            reviewed_on: day_text(further.reviewed_on),
            rereview_requested_on: day_text(further.rereview_requested_on),
            rereviewed_on: day_text(further.rereviewed_on),
            rating_office: further.rating_office,
            rating_unit: further.rating_unit,
            first_action: p.first_action.as_ref().map(clock),
            handling: p.handling.as_ref().map(clock),
            review: further.review.as_ref().map(clock),
            rereview: further.rereview.as_ref().map(clock),
        }),
    }
}

fn read_registered(m: pb::PetitionRegistered) -> Result<Petition, EventError> {
    Ok(Petition {
        version: 0,
        number: m.number,
        slip: m.slip,
        unit: parsed("unit", &m.unit)?,
        division: parsed("division_code", &m.division_code)?,
        channel: read_code("channel", &m.channel)?,
        matter_class: read_code("matter_class", &m.matter_class)?.ok_or(EventError::Field("matter_class"))?,
        category: m.category,
        person_count: u32::try_from(m.person_count).map_err(|_| EventError::Field("person_count"))?,
        responsible_unit: m.responsible_unit,
        ledger: m.ledger,
        external_ref: m.external_ref,
        registered_on: parsed("registered_on", &m.registered_on)?,
        offline: m.offline,
        representatives: u32::try_from(m.representatives).map_err(|_| EventError::Field("representatives"))?,
        state: State::Registered,
        accepted_on: None,
        concluded_on: None,
        conclusion: None,
        reason: String::new(),
        first_action: read_clock(m.first_action)?,
        handling: None,
        extension: None,
        extended_on: None,
        routed_on: None,
        routings: 0,
        erased: false,
        further: None,
        last_request: None,
    })
}

fn read_imported(m: pb::PetitionImported) -> Result<Petition, EventError> {
    let f = m.facts.ok_or(EventError::Field("facts"))?;
    let mut sealed_cells = [false; 3];
    for (to, from) in sealed_cells.iter_mut().zip(m.sealed_cells) {
        *to = from;
    }
    let mut petition = Petition {
        version: 0,
        number: m.number,
        slip: String::new(),
        unit: parsed::<Token>("unit", &m.unit)?,
        division: parsed::<DivisionCode>("division_code", &f.division_code)?,
        channel: read_code("channel", &f.channel)?,
        matter_class: read_code("matter_class", &f.matter_class)?.ok_or(EventError::Field("matter_class"))?,
        category: f.category,
        person_count: u32::try_from(f.person_count).map_err(|_| EventError::Field("person_count"))?,
        responsible_unit: f.responsible_unit,
        ledger: m.ledger,
        external_ref: m.external_ref,
        registered_on: parsed("registered_on", &f.registered_on)?,
        offline: false,
        representatives: 0,
        state: State::Registered,
        accepted_on: optional("accepted_on", &f.accepted_on)?,
        concluded_on: optional("concluded_on", &f.concluded_on)?,
        conclusion: read_code("conclusion", &f.conclusion)?,
        reason: String::new(),
        first_action: read_clock(f.first_action)?,
        handling: read_clock(f.handling)?,
        extension: None,
        extended_on: None,
        routed_on: None,
        routings: 0,
        erased: false,
        further: Some(Box::new(Further {
            first_action_on: optional("first_action_on", &f.first_action_on)?,
            repeat_of: f.repeat_of,
            litigation_related: match f.litigation_related.as_str() {
                "" => None,
                text => Some(text.parse().map_err(|_| EventError::Field("litigation_related"))?),
            },
            extended_to: optional("extended_to", &f.extended_to)?,
            delivered_on: optional("delivered_on", &f.delivered_on)?,
            review_requested_on: optional("review_requested_on", &f.review_requested_on)?,
            reviewed_on: optional("reviewed_on", &f.reviewed_on)?,
            rereview_requested_on: optional("rereview_requested_on", &f.rereview_requested_on)?,
            rereviewed_on: optional("rereviewed_on", &f.rereviewed_on)?,
            rating_office: f.rating_office,
            rating_unit: f.rating_unit,
            review: read_clock(f.review)?,
            rereview: read_clock(f.rereview)?,
            sealed_cells,
        })),
        last_request: None,
    };
    petition.state = ledger::standing(&petition);
    Ok(petition)
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
    let Some(terms) = terms else { return Ok(None) };
    Ok(Some(ClockTerms {
        rule: terms.rule,
        rule_version: terms.rule_version,
        calendar_version: terms.calendar_version,
        started_on: parsed("started_on", &terms.started_on)?,
        kpi_due: parsed("kpi_due", &terms.kpi_due)?,
        legal_due: parsed("legal_due", &terms.legal_due)?,
        provisional: terms.provisional,
    }))
}
