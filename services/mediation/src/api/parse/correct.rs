//! Corrections: the fields named, and only those. A value that stands under a field not named is not read.

use super::{changes, reader::Reader};
use crate::{
    app::Work,
    domain::{Command, Correction, Expected, SealedContent},
};
use fengqiao_model::{ActorId, CaseId, Day};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_statute::{AgreementForm, CaseSource, SessionMode};

/// What can be corrected.
const FIELDS: [&str; 19] = [
    "dispute_type",
    "division_code",
    "source",
    "applied_on",
    "accepted_on",
    "ended_on",
    "agreement_form",
    "claimed_fen",
    "agreed_fen",
    "paid_fen",
    "performance_due",
    "performed_on",
    "party_count",
    "hard",
    "session_mode",
    "mediator",
    "title",
    "narrative",
    "parties",
];

fn change(id: CaseId, expected: Expected, command: Box<Command>) -> Work {
    Work::Case { id, expected, command }
}

changes! {
    case_id: CaseId, change;
    /// CorrectCase.
    correct(request: pb::CorrectCaseRequest, reader) -> {
        let correction = correction(request, reader);
        let reason = reader.reason("reason", &request.reason);
        let text = reader.text("text", &request.text, 2_000);
        Some(Command::Correct { correction: Box::new(correction), reason, text })
    };
}

fn correction(request: &pb::CorrectCaseRequest, reader: &mut Reader) -> Correction {
    if request.fields.is_empty() {
        reader.wrong("fields", "must not be empty");
    }
    for (index, field) in request.fields.iter().enumerate() {
        if !FIELDS.contains(&field.as_str()) {
            reader.wrong(&format!("fields[{index}]"), format!("must be one of {}", FIELDS.join(", ")));
        } else if request.fields[..index].contains(field) {
            reader.wrong(&format!("fields[{index}]"), "stands twice");
        }
    }
    let named = |field: &str| request.fields.iter().any(|name| name == field);
    let to = request.to.clone().unwrap_or_default();
    let mut corrected = Correction::default();
    if named("dispute_type") {
        corrected.dispute_type = Some(reader.reason("dispute_type", &request.dispute_type));
    }
    if named("division_code") {
        corrected.division = reader.required("division_code", &request.division_code);
    }
    if named("source") {
        corrected.source = reader.one_of("to.source", &to.source, CaseSource::ALL, CaseSource::code);
    }
    let mut must_day = |field: &str, text: &str, slot: &mut Option<Day>| {
        if named(field) {
            let path = format!("to.{field}");
            *slot = reader.day(&path, text);
            if text.is_empty() {
                reader.wrong(&path, "must not be empty");
            }
        }
    };
    must_day("applied_on", &to.applied_on, &mut corrected.applied_on);
    must_day("accepted_on", &to.accepted_on, &mut corrected.accepted_on);
    must_day("ended_on", &to.ended_on, &mut corrected.ended_on);
    if named("agreement_form") {
        let form = reader.one_of("to.agreement_form", &to.agreement_form, AgreementForm::ALL, AgreementForm::code);
        corrected.agreement_form = form;
    }
    let mut amount = |field: &str, fen: i64| named(field).then(|| reader.amount(&format!("to.{field}"), fen));
    corrected.claimed_fen = amount("claimed_fen", to.claimed_fen);
    corrected.agreed_fen = amount("agreed_fen", to.agreed_fen);
    corrected.paid_fen = amount("paid_fen", to.paid_fen);
    let mut may_day = |field: &str, text: &str| named(field).then(|| reader.day(&format!("to.{field}"), text));
    corrected.performance_due = may_day("performance_due", &to.performance_due);
    corrected.performed_on = may_day("performed_on", &to.performed_on);
    if named("party_count") {
        corrected.party_count = Some(reader.count("to.party_count", to.party_count, 9_999));
        if to.party_count == 0 {
            reader.wrong("to.party_count", "must not be 0");
        }
    }
    corrected.hard = named("hard").then_some(to.hard);
    if named("session_mode") {
        let mode = reader.one_of_or_none("to.session_mode", &to.session_mode, SessionMode::ALL, SessionMode::code);
        corrected.session_mode = Some(mode);
    }
    if named("mediator") {
        corrected.mediator = Some(reader.optional::<ActorId>("to.mediator", &to.mediator).map(String::from).unwrap_or_default());
    }
    let mut sealed = SealedContent::default();
    if named("title") {
        sealed.title = reader.required_text("title", &request.title, 200);
    }
    if named("narrative") {
        sealed.narrative = reader.required_text("narrative", &request.narrative, 50_000);
    }
    if named("parties") {
        if request.parties.is_empty() {
            reader.wrong("parties", "must not be empty");
        }
        sealed.parties = reader.parties(&request.parties);
    }
    corrected.sealed = sealed;
    corrected
}
