//! Logging petitions: one from flags, or many from a file of JSON lines through the batch call.

use super::{party, repeats, show};
use crate::{
    cli::{Format, LogArgs, Person},
    client::Intake,
    json, output,
    request::{self, id_or_new, mint, open, repeatable},
};
use anyhow::{Context as _, bail};
use fengqiao_proto::intake::v1::{
    LogPetitionBatchRequest, LogPetitionRequest, LogPetitionResponse, LogPetitionsResponse, MediateHere, NewPetition, Party,
};
use std::{io::BufRead as _, path::Path, process::ExitCode};

/// Items of one call.
const BATCH: usize = 500;
/// And their bytes, about.
const BATCH_BYTES: usize = 1024 * 1024;

pub(super) async fn run(intake: &mut Intake, args: LogArgs, format: Format) -> anyhow::Result<ExitCode> {
    if let Some(path) = &args.file {
        return many(intake, path, &args, format).await;
    }
    let narrative = request::text(args.narrative, args.narrative_file.as_deref())?;
    let request_id = id_or_new(args.request_id);
    let in_roles = [
        ("", args.parties),
        ("co_signer", args.co_signers),
        ("representative", args.representatives),
        ("agent", args.agents),
        ("guardian", args.guardians),
    ];
    let in_role = |(role, persons): (&str, Vec<Person>)| -> Vec<Party> {
        persons.into_iter().map(|person| Party { role: role.to_owned(), ..party(person) }).collect()
    };
    let parties = in_roles.into_iter().flat_map(in_role).collect();
    let petition = NewPetition {
        slip: args.slip,
        occurred_on: args.on.map(|day| day.to_string()).unwrap_or_default(),
        channel: args.channel.unwrap_or_default(),
        matter_class: args.matter_class.unwrap_or_default(),
        category: args.category,
        division_code: args.at.map(|code| code.to_string()).unwrap_or_default(),
        responsible_unit: args.responsible_unit,
        title: args.title.unwrap_or_default(),
        narrative,
        parties,
        person_count: args.person_count,
        ledger: args.ledger,
        external_ref: args.external_ref,
        offline: args.offline,
        foreign_numbers: args.foreign.into_iter().map(repeats::foreign).collect(),
        ..Default::default()
    };
    let mediate_here = args.mediate_here.map(|dispute_type| MediateHere {
        dispute_type: dispute_type.0,
        flags: args.flags,
        already_at: crate::words::organs(&args.already_at),
        applicant_consents: args.consent.applicant(),
        respondent_consents: args.consent.respondent(),
        respondents: args.respondents.into_iter().map(party).collect(),
        text: args.for_mediators,
    });
    let request = LogPetitionRequest {
        request_id: request_id.clone(),
        petition: Some(petition),
        validate_only: args.validate_only,
        device: None,
        mediate_here,
    };
    let response = repeatable(intake.log_petition(request).await, &request_id)?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("intake.v1.LogPetitionResponse", &response)?,
        _ if args.validate_only => {
            format!("nothing was written; the petition can be logged like this\n{}", remarks(&response)).trim_end().to_owned()
        }
        _ => text(&response),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn text(response: &LogPetitionResponse) -> String {
    let mut text = response.petition.as_ref().map(show::full).unwrap_or_default();
    if let Some(dispute) = &response.dispute {
        text.push_str(&format!("调解编号: {}\n", dispute.number));
    }
    for code in &response.query_codes {
        text.push_str(&format!("查询码: {code}\n"));
    }
    text.push_str(&remarks(response));
    text
}

/// What the desk should look at again, a line each.
fn remarks(response: &LogPetitionResponse) -> String {
    response.remarks.iter().map(|remark| format!("请核对: {} {}\n", remark.field, remark.problem)).collect()
}

async fn many(intake: &mut Intake, path: &Path, args: &LogArgs, format: Format) -> anyhow::Result<ExitCode> {
    let (mut items, mut bytes, mut refused) = (Vec::new(), 0, 0);
    let mut last = 0;
    for (at, line) in open(path)?.lines().enumerate() {
        let number = at + 1;
        let line = line.with_context(|| format!("line {number} of {} cannot be read", path.display()))?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let mut item = item(line).with_context(|| {
            format!("line {number} is not a petition; the lines before line {} were sent, nothing from there on", last + 1)
        })?;
        item.validate_only |= args.validate_only;
        if items.len() == BATCH || (bytes + line.len() > BATCH_BYTES && !items.is_empty()) {
            refused += send(intake, std::mem::take(&mut items), format).await?;
            (bytes, last) = (0, at);
        }
        bytes += line.len();
        items.push(item);
    }
    if !items.is_empty() {
        refused += send(intake, items, format).await?;
    }
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends a batch and prints a line for each item; how many were refused.
async fn send(intake: &mut Intake, items: Vec<LogPetitionRequest>, format: Format) -> anyhow::Result<usize> {
    let count = items.len();
    let answer = intake.log_petition_batch(LogPetitionBatchRequest { items }).await;
    let answer = answer.with_context(|| {
        format!(
            "it is not known whether {count} petitions were logged; only items that carry their own request_id may be sent again"
        )
    })?;
    let results = answer.into_inner().results;
    if results.len() != count {
        bail!("the server gave {} verdicts on {count} petitions", results.len());
    }
    for result in &results {
        output::print(&match format {
            Format::Json => json::line("intake.v1.LogPetitionsResponse", result)?,
            _ => verdict(result),
        })?;
    }
    Ok(results.iter().filter(|result| result.error.is_some()).count())
}

fn verdict(result: &LogPetitionsResponse) -> String {
    if let Some(error) = &result.error {
        let fields: String = error.fields.iter().map(|field| format!("; {} {}", field.field, field.problem)).collect();
        return format!("{}  refused  {}: {}{fields}", result.request_id, error.reason, error.message);
    }
    let number = result.logged.as_ref().and_then(|logged| logged.petition.as_ref()).map(|petition| petition.number.as_str());
    let codes = result.logged.as_ref().map(|logged| logged.query_codes.join(" ")).unwrap_or_default();
    let remarks = result.logged.iter().flat_map(|logged| &logged.remarks);
    let remarks: String = remarks.map(|remark| format!("; {} {}", remark.field, remark.problem)).collect();
    let logged = format!("{}  logged   {}  {codes}", result.request_id, number.unwrap_or_default());
    format!("{}{remarks}", logged.trim_end())
}

/// A line of the file: the request, or the petition alone.
fn item(line: &str) -> anyhow::Result<LogPetitionRequest> {
    let value: serde_json::Value = serde_json::from_str(line)?;
    let mut request: LogPetitionRequest = if value.get("petition").is_some() {
        json::parse("intake.v1.LogPetitionRequest", line)?
    } else {
        LogPetitionRequest { petition: Some(json::parse("intake.v1.NewPetition", line)?), ..Default::default() }
    };
    if request.request_id.is_empty() {
        request.request_id = mint();
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::intake::v1::{FieldProblem, ItemError};

    #[test]
    fn a_line_is_a_request_or_a_petition_alone() {
        let alone = item(r#"{"title":"一","channel":"visit"}"#).unwrap();
        assert_eq!((alone.petition.unwrap().title.as_str(), alone.request_id.len()), ("一", 36));
        let request = item(r#"{"request_id":"r","petition":{"title":"一"},"validate_only":true}"#).unwrap();
        assert_eq!((request.request_id.as_str(), request.validate_only), ("r", true));
        assert!(item(r#"{"titel":"一"}"#).is_err());
        assert!(item("[]").is_err() && item("x").is_err());
    }

    #[test]
    fn a_refused_item_names_its_fields() {
        let fields = vec![FieldProblem { field: "title".to_owned(), problem: "must not be empty".to_owned() }];
        let error = ItemError { code: 3, reason: "INVALID_ARGUMENT".to_owned(), message: "no".to_owned(), fields };
        let result = LogPetitionsResponse { request_id: "r".to_owned(), logged: None, error: Some(error) };
        assert_eq!(verdict(&result), "r  refused  INVALID_ARGUMENT: no; title must not be empty");
    }
}
