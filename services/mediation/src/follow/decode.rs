//! From the messages of `intake/v1/events.proto` to what is to be done here. Never fails: what cannot be read is stuck, with a reason.

use super::FOLLOWS;
use crate::{
    app::{PETITIONS, Routed, Told, side},
    domain::{NewDispute, Party, SealedContent},
    store::StuckEvent,
};
use fengqiao_model::{CaseId, Day, DisputeId, Instant, PetitionId, RequestId, Text, derived_id};
use fengqiao_proto::{
    feed::v1::{Event, HandedKey},
    intake::v1 as pb,
};
use fengqiao_statute::CaseSource;
use fengqiao_store::{DataKey, envelope, seal};
use prost::Message;
use std::{str::FromStr, sync::Arc};

type Read<T> = Result<T, String>;

/// What an event of the petition log tells; `None` when it makes nothing here.
pub(super) fn read(event: &Event, key: Option<&HandedKey>, log_id: &str) -> Option<Told> {
    let (_, made) = FOLLOWS.iter().find(|(kind, _)| *kind == event.kind)?;
    if made.is_empty() {
        return None;
    }
    let told = match event.kind.as_str() {
        "petition.routed_to_mediation" => routed(event, key, log_id).map(|routed| Told::Routed(Box::new(routed))),
        _ => erased(event),
    };
    Some(told.unwrap_or_else(|reason| Told::Stuck(stuck(event.position, &event.kind, reason))))
}

/// An event of the petition log that has no place.
fn stuck(position: i64, kind: &str, reason: String) -> StuckEvent {
    StuckEvent { log: PETITIONS.to_owned(), position, kind: kind.to_owned(), reason }
}

fn routed(event: &Event, key: Option<&HandedKey>, log_id: &str) -> Read<Routed> {
    let message: pb::PetitionRouted = open(event)?;
    let recorded_at = Instant(event.recorded_us);
    let derived = |label: &str| derived_id(recorded_at, log_id, event.position, label);
    let (key, content) = content(event, key)?;
    // Where the desk that registered the petition printed the dispute's number, its ids come along.
    let dispute = match message.dispute_id.as_str() {
        "" => DisputeId::from_bytes(derived("dispute")),
        id => parsed("dispute_id", id)?,
    };
    let case = match message.case_id.as_str() {
        "" => CaseId::from_bytes(derived("case")),
        id => parsed("case_id", id)?,
    };
    let new = NewDispute {
        occurred_on: Some(parsed::<Day>("routed_on", &message.routed_on)?),
        dispute_type: message.dispute_type,
        source: CaseSource::Petition,
        division: parsed("division_code", &message.division_code)?,
        party_count: u32::try_from(message.party_count).map_err(|_| "party_count is negative")?.clamp(1, 9_999),
        flags: message.flags,
        already_at: message.already_at,
        applicant_consents: message.applicant_consents,
        respondent_consents: message.respondent_consents,
        chosen_body: None,
        hard: false,
        claimed_fen: 0,
        ledger: None,
        external_ref: None,
        take_here: false,
        petition: Some(parsed::<PetitionId>("the petition's id", &event.aggregate_id)?),
        number: message.dispute_number,
        sealed: content,
    };
    Ok(Routed {
        position: event.position,
        kind: event.kind.clone(),
        request_id: request(event)?,
        unit: parsed("unit", &message.unit)?,
        dispute,
        case,
        new,
        key,
    })
}

/// What is handed over, and the key it stays under. Both are gone when the petition's parties were erased meanwhile.
fn content(event: &Event, key: Option<&HandedKey>) -> Read<(Option<Arc<DataKey>>, SealedContent)> {
    let nothing_sealed = event.sealed_hash == envelope::payload_hash(&[]);
    if event.sealed.is_empty() && !nothing_sealed {
        return Err("the sealed payload was withheld: follow with the role mediation".to_owned());
    }
    let Some(handed) = key else { return Ok((None, SealedContent::default())) };
    let bytes: [u8; 32] = handed.key.as_slice().try_into().map_err(|_| "the key has another length")?;
    let key = DataKey::from_bytes(bytes);
    let plain = seal::open_sealed(&key, &event.aggregate_id, event.version, &event.sealed)
        .map_err(|_| "the sealed payload does not open with its key")?;
    let message = pb::Sealed::decode(plain.as_slice()).map_err(|_| "the sealed payload cannot be read")?;
    let text = |text: &str| Text::new(text, usize::MAX).map_err(|problem| format!("a sealed text {problem}"));
    let party = |party: &pb::SealedParty| -> Read<Party> {
        Ok(Party {
            name: text(&party.name)?,
            phone: text(&party.phone)?,
            identity_number: text(&party.identity_number)?,
            address: text(&party.address)?,
            side: side(&party.side),
        })
    };
    let content = SealedContent {
        title: text(&message.title)?,
        narrative: text(&message.narrative)?,
        parties: message.parties.iter().map(party).collect::<Read<_>>()?,
        text: text(&message.text)?,
    };
    Ok((Some(Arc::new(key)), content))
}

fn erased(event: &Event) -> Read<Told> {
    let message: pb::PartiesErased = open(event)?;
    Ok(Told::Erased {
        position: event.position,
        kind: event.kind.clone(),
        request_id: request(event)?,
        petition: parsed("the petition's id", &event.aggregate_id)?,
        approved_by: parsed("approved_by", &message.approved_by)?,
    })
}

fn open<M: Message + Default>(event: &Event) -> Read<M> {
    if event.open_withheld {
        return Err("the payload was withheld: follow with the role mediation".to_owned());
    }
    M::decode(event.open.as_slice()).map_err(|_| "the payload cannot be read".to_owned())
}

fn request(event: &Event) -> Read<RequestId> {
    parsed("request_id", &event.request_id)
}

fn parsed<T: FromStr>(field: &str, text: &str) -> Read<T> {
    text.parse().map_err(|_| format!("{field} cannot be read"))
}
