//! Changes of a case: each names the version it was decided on.

use super::{read, show, which};
use crate::{
    cli::{
        CaseChangeArgs, ConcludeArgs, ConfirmArgs, DeclineArgs, DispatchArgs, Format, PerformArgs, RefusalArgs, ReturnArgs,
        TakeArgs, TransferArgs, VoidCaseArgs,
    },
    client::Mediation,
    json, output,
    request::{self, Named, Present, day, repeatable},
    words,
};
use fengqiao_proto::mediation::v1::{
    Case, ConcludeCaseRequest, ConcludeCaseResponse, DeclineCaseRequest, DeclineCaseResponse, DispatchCaseRequest,
    DispatchCaseResponse, RecordConfirmationRequest, RecordConfirmationResponse, RecordPerformanceRequest,
    RecordPerformanceResponse, RecordRefusalRequest, RecordRefusalResponse, ReturnCaseRequest, ReturnCaseResponse,
    TakeCaseRequest, TakeCaseResponse, TransferCaseRequest, TransferCaseResponse, VoidCaseRequest, VoidCaseResponse,
};

/// Names the case, its version and the request.
pub(super) async fn name(mediation: &mut Mediation, args: CaseChangeArgs) -> anyhow::Result<Named> {
    let id = Some(which(&args.which).case_id).filter(|id| !id.is_empty());
    request::name(args.seen, id, async || {
        let case = read(mediation, &args.which).await?;
        let state = words::state(case.state());
        let facts = case.facts.unwrap_or_default();
        Ok(Present { id: facts.case_id, etag: case.etag, title: format!("{} ({state})", facts.number) })
    })
    .await
}

/// The case as it is then, and the one that was opened for the receiving body.
pub(super) fn text(case: Option<&Case>, next: Option<&Case>) -> String {
    let mut text = case.map(show::full).unwrap_or_default();
    if let Some(next) = next {
        text.push_str("\n后续案件:\n");
        text.push_str(&show::full(next));
    }
    text
}

/// Names the case, makes the call, prints the case as it is then.
macro_rules! change {
    ($mediation:ident, $format:ident, $change:expr, $call:ident, $request:ident -> $response:ident { $($field:ident: $value:expr),* $(,)? } $($next:ident)?) => {{
        let Named { request_id, id: case_id, etag, after_request_id } = name($mediation, $change).await?;
        let again = request_id.clone();
        let request = $request { request_id, case_id, etag, after_request_id, device: None, $($field: $value,)* };
        let response: $response = repeatable($mediation.$call(request).await, &again)?.into_inner();
        Ok(output::print(&match $format {
            Format::Json => json::pretty(concat!("mediation.v1.", stringify!($response)), &response)?,
            _ => text(response.case.as_ref(), None$(.or(response.$next.as_ref()))?),
        })?)
    }};
}

pub(super) async fn dispatch(mediation: &mut Mediation, args: DispatchArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, dispatch_case, DispatchCaseRequest -> DispatchCaseResponse {
        body: args.to,
        override_reason: args.reason,
        text: args.text,
    })
}

pub(super) async fn take(mediation: &mut Mediation, args: TakeArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, take_case, TakeCaseRequest -> TakeCaseResponse {
        accepted_on: day(args.on),
        applicant_consents: args.consent.applicant(),
        respondent_consents: args.consent.respondent(),
        mediator: args.mediator,
    })
}

pub(super) async fn give_back(mediation: &mut Mediation, args: ReturnArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, return_case, ReturnCaseRequest -> ReturnCaseResponse {
        reason: args.reason,
        text: args.text,
    })
}

pub(super) async fn decline(mediation: &mut Mediation, args: DeclineArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, decline_case, DeclineCaseRequest -> DeclineCaseResponse {
        declined_on: day(args.on),
        reason: args.reason,
        text: args.text,
    })
}

pub(super) async fn refuse(mediation: &mut Mediation, args: RefusalArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, record_refusal, RecordRefusalRequest -> RecordRefusalResponse {
        refused_on: day(args.on),
        reason: args.reason,
        text: args.text,
    })
}

pub(super) async fn transfer(mediation: &mut Mediation, args: TransferArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, transfer_case, TransferCaseRequest -> TransferCaseResponse {
        transferred_on: day(args.on),
        to_body: args.to,
        reason: args.reason,
        text: args.text,
    } next)
}

pub(super) async fn conclude(mediation: &mut Mediation, args: ConcludeArgs, format: Format) -> anyhow::Result<()> {
    let said = request::text(args.text, args.text_file.as_deref())?;
    change!(mediation, format, args.change, conclude_case, ConcludeCaseRequest -> ConcludeCaseResponse {
        concluded_on: day(args.on),
        outcome: args.outcome.code().to_owned(),
        agreement_form: args.form.map(|form| form.code().to_owned()).unwrap_or_default(),
        reason: args.reason,
        claimed_fen: args.claimed.map_or(0, |yuan| yuan.fen),
        agreed_fen: args.agreed.map_or(0, |yuan| yuan.fen),
        performance_due: day(args.performance_due),
        performed: args.performed,
        hand_on: args.hand_on.is_some(),
        hand_on_to: args.hand_on_to,
        hand_on_reason: args.hand_on.unwrap_or_default(),
        session_mode: args.session_mode.map(|mode| mode.code().to_owned()).unwrap_or_default(),
        text: said,
    } next)
}

pub(super) async fn perform(mediation: &mut Mediation, args: PerformArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, record_performance, RecordPerformanceRequest -> RecordPerformanceResponse {
        performed_on: day(args.on),
        paid_fen: args.paid.map_or(0, |yuan| yuan.fen),
        in_full: args.in_full,
        text: args.text,
    })
}

pub(super) async fn confirm(mediation: &mut Mediation, args: ConfirmArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, record_confirmation, RecordConfirmationRequest -> RecordConfirmationResponse {
        applied_on: day(args.applied_on),
        confirmation: args.answer.map(|answer| answer.code().to_owned()).unwrap_or_default(),
        reason: args.reason,
    })
}

pub(super) async fn void(mediation: &mut Mediation, args: VoidCaseArgs, format: Format) -> anyhow::Result<()> {
    change!(mediation, format, args.change, void_case, VoidCaseRequest -> VoidCaseResponse {
        reason: args.reason,
        text: args.text,
        approved_by: args.approved_by.to_string(),
    })
}
