//! A correction: exactly the fields that were typed, each under its name in the contract.

use super::change;
use crate::{
    cli::{CorrectArgs, Format},
    client::Mediation,
    json, output,
    request::{self, Named, repeatable},
};
use fengqiao_proto::mediation::v1::CorrectCaseRequest;

pub(super) async fn run(mediation: &mut Mediation, args: CorrectArgs, format: Format) -> anyhow::Result<()> {
    let change = args.change.clone();
    let mut request = corrected(args)?;
    let Named { request_id, id, etag, after_request_id } = change::name(mediation, change).await?;
    (request.request_id, request.case_id) = (request_id.clone(), id);
    (request.etag, request.after_request_id) = (etag, after_request_id);
    let response = repeatable(mediation.correct_case(request).await, &request_id)?.into_inner();
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.CorrectCaseResponse", &response)?,
        _ => change::text(response.case.as_ref(), None),
    })?)
}

/// The request without what every change says.
fn corrected(args: CorrectArgs) -> anyhow::Result<CorrectCaseRequest> {
    let mut request = CorrectCaseRequest { reason: args.reason, text: args.text, fields: args.clear, ..Default::default() };
    let mut to = fengqiao_proto::mediation::v1::CaseFacts::default();
    macro_rules! put {
        ($($name:literal: $typed:expr => $place:expr;)*) => {$(
            if let Some(value) = $typed {
                request.fields.push($name.to_owned());
                $place = value;
            }
        )*};
    }
    let narrative = match (args.narrative, &args.narrative_file) {
        (None, None) => None,
        (typed, file) => Some(request::text(typed.unwrap_or_default(), file.as_deref())?),
    };
    put! {
        "dispute_type": args.dispute_type.map(|kind| kind.0) => request.dispute_type;
        "division_code": args.at.map(|code| code.to_string()) => request.division_code;
        "title": args.title => request.title;
        "narrative": narrative => request.narrative;
        "source": args.source.map(|source| source.code().to_owned()) => to.source;
        "applied_on": args.applied_on.map(|day| day.to_string()) => to.applied_on;
        "accepted_on": args.accepted_on.map(|day| day.to_string()) => to.accepted_on;
        "ended_on": args.ended_on.map(|day| day.to_string()) => to.ended_on;
        "agreement_form": args.form.map(|form| form.code().to_owned()) => to.agreement_form;
        "claimed_fen": args.claimed.map(|yuan| yuan.fen) => to.claimed_fen;
        "agreed_fen": args.agreed.map(|yuan| yuan.fen) => to.agreed_fen;
        "paid_fen": args.paid.map(|yuan| yuan.fen) => to.paid_fen;
        "performance_due": args.performance_due.map(|day| day.to_string()) => to.performance_due;
        "performed_on": args.performed_on.map(|day| day.to_string()) => to.performed_on;
        "party_count": args.party_count => to.party_count;
        "hard": args.hard => to.hard;
        "session_mode": args.session_mode.map(|mode| mode.code().to_owned()) => to.session_mode;
        "mediator": args.mediator => to.mediator;
    }
    request.parties = request::parties(args.applicants, args.respondents, args.parties);
    if !request.parties.is_empty() {
        request.fields.push("parties".to_owned());
    }
    request.to = Some(to);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{CaseCommand, Cli, Command};
    use clap::Parser as _;

    fn of(line: &str) -> CorrectCaseRequest {
        let line = format!("fengqiao case correct TJ-1 --reason case.typing {line}");
        match Cli::try_parse_from(line.split(' ')).unwrap().command {
            Command::Case { command: CaseCommand::Correct(args) } => corrected(*args).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_what_was_typed_is_named() {
        let request = of("--claimed 12.50 --type 邻里纠纷 --hard false --clear mediator --applicant 王小明;139");
        assert_eq!(request.fields, ["mediator", "dispute_type", "claimed_fen", "hard", "parties"]);
        let to = request.to.unwrap();
        assert_eq!((request.dispute_type.as_str(), to.claimed_fen, to.hard), ("T02", 1250, false));
        assert_eq!((request.parties[0].name.as_str(), request.parties[0].side.as_str()), ("王小明", "applicant"));
        assert_eq!(of("--performed-on 2024-02-29").fields, ["performed_on"]);
    }
}
