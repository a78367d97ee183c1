//! The steps of a petition as a reader is shown them: who, which unit, which day, which paper, received when and how.

use crate::app::Told;
use fengqiao_proto::intake::v1 as pb;
use prost::Message;

/// One step.
pub fn entry(told: &Told) -> pb::HistoryEntry {
    let event = &told.event;
    let base = pb::HistoryEntry {
        kind: event.kind.clone(),
        occurred_on: event.occurred_on.to_string(),
        recorded_at: Some(prost_types::Timestamp {
            seconds: event.recorded_at.0.div_euclid(1_000_000),
            nanos: i32::try_from(event.recorded_at.0.rem_euclid(1_000_000) * 1000).unwrap_or(0),
        }),
        actor: event.actor.clone(),
        version: event.version,
        position: event.position,
        text: told.text.clone(),
        ..details(&event.kind, &event.open).unwrap_or_default()
    };
    if told.organ.is_empty() { base } else { pb::HistoryEntry { to_unit: told.organ.clone(), ..base } }
}

/// What the open payload tells of the step.
fn details(kind: &str, open: &[u8]) -> Result<pb::HistoryEntry, prost::DecodeError> {
    let entry = pb::HistoryEntry::default();
    Ok(match kind {
        "petition.registered" => pb::HistoryEntry { unit: pb::PetitionRegistered::decode(open)?.unit, ..entry },
        "petition.imported" | "petition.advanced" => pb::HistoryEntry { unit: pb::PetitionImported::decode(open)?.unit, ..entry },
        "petition.accepted" => {
            let m = pb::PetitionAccepted::decode(open)?;
            pb::HistoryEntry { unit: m.unit, document_number: m.document_number, to_unit: m.responsible_unit, ..entry }
        }
        "petition.refused" => {
            let m = pb::PetitionRefused::decode(open)?;
            pb::HistoryEntry { unit: m.unit, document_number: m.document_number, reason: m.reason, ..entry }
        }
        "petition.extension_requested" => pb::HistoryEntry { unit: pb::ExtensionRequested::decode(open)?.unit, ..entry },
        "petition.extension_decided" => {
            let m = pb::ExtensionDecided::decode(open)?;
            let until = m.handling.map(|terms| terms.kpi_due).unwrap_or_default();
            pb::HistoryEntry { unit: m.unit, until, ..entry }
        }
        "petition.opinion_issued" => {
            let m = pb::OpinionIssued::decode(open)?;
            pb::HistoryEntry {
                unit: m.unit,
                document_number: m.document_number,
                delivered_on: m.delivered_on,
                delivered_by: m.delivered_by,
                ..entry
            }
        }
        "petition.withdrawn" => {
            let m = pb::PetitionWithdrawn::decode(open)?;
            pb::HistoryEntry { unit: m.unit, reason: m.reason, ..entry }
        }
        "petition.routed_to_mediation" => {
            let m = pb::PetitionRouted::decode(open)?;
            pb::HistoryEntry { unit: m.unit, subject: m.dispute_type, ..entry }
        }
        "petition.voided" => {
            let m = pb::PetitionVoided::decode(open)?;
            pb::HistoryEntry { unit: m.unit, reason: m.reason, approved_by: m.approved_by, ..entry }
        }
        "petition.parties_erased" => {
            let m = pb::PartiesErased::decode(open)?;
            pb::HistoryEntry { unit: m.unit, approved_by: m.approved_by, ..entry }
        }
        _ => {
            let m = pb::PetitionStepped::decode(open)?;
            pb::HistoryEntry {
                unit: m.unit,
                document_number: m.document_number,
                delivered_on: m.delivered_on,
                delivered_by: m.delivered_by,
                reason: m.reason,
                approved_by: m.approved_by,
                to_unit: m.to_unit,
                subject: m.subject,
                until: m.until,
                corrections: m.corrections,
                ..entry
            }
        }
    })
}
