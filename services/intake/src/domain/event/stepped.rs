//! The message of every step that publishes the petition as it stands after it.

use super::{EventError, day_text, facts, optional, parsed};
use crate::domain::{Correction, Step, StepKind};
use fengqiao_proto::intake::v1 as pb;

pub(super) fn encode(step: &Step) -> pb::PetitionStepped {
    pb::PetitionStepped {
        on: step.on.to_string(),
        unit: step.unit.to_string(),
        document_number: step.document_number.clone(),
        delivered_on: day_text(step.delivered_on),
        delivered_by: step.delivered_by.clone(),
        reason: step.reason.clone(),
        reason_list_version: step.list_version.clone(),
        approved_by: step.approved_by.as_ref().map(ToString::to_string).unwrap_or_default(),
        to_unit: step.to_unit.clone(),
        subject: step.subject.clone(),
        until: day_text(step.until),
        petition: Some(facts::encode(&step.petition)),
        corrections: step
            .corrections
            .iter()
            .map(|c| pb::PetitionCorrection { field: c.field.clone(), before: c.before.clone(), after: c.after.clone() })
            .collect(),
    }
}

pub(super) fn decode(kind: StepKind, m: pb::PetitionStepped) -> Result<Step, EventError> {
    Ok(Step {
        kind,
        on: parsed("on", &m.on)?,
        unit: parsed("unit", &m.unit)?,
        document_number: m.document_number,
        delivered_on: optional("delivered_on", &m.delivered_on)?,
        delivered_by: m.delivered_by,
        reason: m.reason,
        list_version: m.reason_list_version,
        approved_by: facts::maybe("approved_by", &m.approved_by)?,
        to_unit: m.to_unit,
        subject: m.subject,
        until: optional("until", &m.until)?,
        corrections: m.corrections.into_iter().map(|c| Correction { field: c.field, before: c.before, after: c.after }).collect(),
        petition: facts::decode(m.petition.ok_or(EventError::Field("petition"))?)?,
    })
}
