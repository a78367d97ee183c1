//! Opening a case at the desk, and sending it on at once when that is wanted.

use super::show;
use crate::{
    cli::{Format, OpenArgs},
    client::Mediation,
    dispute, json, output,
    request::{self, day, id_or_new, repeatable},
};
use anyhow::Context as _;
use fengqiao_model::RequestId;
use fengqiao_proto::mediation::v1::{DispatchCaseRequest, NewDispute, OpenCaseRequest, OpenCaseResponse};

pub(super) async fn run(mediation: &mut Mediation, args: OpenArgs, format: Format) -> anyhow::Result<()> {
    let (dispatch, validate_only) = (args.dispatch, args.validate_only);
    let request_id = id_or_new(args.request_id);
    let request =
        OpenCaseRequest { request_id: request_id.clone(), dispute: Some(dispute_of(args)?), validate_only, device: None };
    let mut response = repeatable(mediation.open_case(request).await, &request_id)?.into_inner();
    if dispatch && let Err(error) = send_on(mediation, &request_id, &mut response).await {
        // The case is there: whoever asked must learn its number.
        print(&response, validate_only, format)?;
        return Err(error.context("the case was opened, but not sent on; go on with `fengqiao case dispatch`"));
    }
    print(&response, validate_only, format)
}

fn dispute_of(args: OpenArgs) -> anyhow::Result<NewDispute> {
    Ok(NewDispute {
        dispute_id: String::new(),
        case_id: String::new(),
        occurred_on: day(args.on),
        dispute_type: args.dispute_type.0,
        source: args.source.code().to_owned(),
        division_code: args.at.to_string(),
        title: args.title,
        narrative: request::text(args.narrative, args.narrative_file.as_deref())?,
        parties: request::parties(args.applicants, args.respondents, args.parties),
        party_count: args.party_count,
        flags: args.flags,
        already_at: crate::words::organs(&args.already_at),
        applicant_consents: args.consent.applicant(),
        respondent_consents: args.consent.respondent(),
        chosen_body: args.chosen_body,
        hard: args.hard,
        claimed_fen: args.claimed.map_or(0, |yuan| yuan.fen),
        ledger: args.ledger,
        external_ref: args.external_ref,
        take_here: args.take_here,
    })
}

/// Confirms what the rules propose for the case just opened.
async fn send_on(mediation: &mut Mediation, opened: &str, response: &mut OpenCaseResponse) -> anyhow::Result<()> {
    let facts = response.case.as_ref().and_then(|case| case.facts.as_ref()).context("the server gave no case")?;
    let request = DispatchCaseRequest {
        request_id: following(opened)?,
        case_id: facts.case_id.clone(),
        after_request_id: opened.to_owned(),
        ..Default::default()
    };
    response.case = repeatable(mediation.dispatch_case(request).await, opened)?.into_inner().case;
    Ok(())
}

/// The id of the second request of one command: the same whenever the command is repeated with the id of the first.
fn following(request_id: &str) -> anyhow::Result<String> {
    let id: RequestId = request_id.parse()?;
    let mut bytes = *id.as_bytes();
    bytes[15] ^= 1;
    Ok(RequestId::from_bytes(bytes).to_string())
}

fn print(response: &OpenCaseResponse, validate_only: bool, format: Format) -> anyhow::Result<()> {
    Ok(output::print(&match format {
        Format::Json => json::pretty("mediation.v1.OpenCaseResponse", response)?,
        _ if validate_only => "nothing was written; the case can be opened like this".to_owned(),
        _ => {
            let mut text = response.case.as_ref().map(show::full).unwrap_or_default();
            if !response.similar.is_empty() {
                text.push_str("\n可能是同一纠纷（请人工核对；确认后用 fengqiao dispute link 并入）:\n");
                text.push_str(&dispute::similar_rows(&response.similar));
            }
            text
        }
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_command_repeats_both_requests() {
        let first = crate::request::mint();
        let second = following(&first).unwrap();
        assert_ne!(first, second);
        assert_eq!(second, following(&first).unwrap());
    }
}
