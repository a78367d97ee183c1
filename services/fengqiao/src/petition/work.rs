//! Work of any kind from a file of JSON lines, through the batch call: a verdict a line. Safe to send again.

use crate::{cli::Format, client::Intake, json, output, request::open};
use anyhow::{Context as _, bail};
use fengqiao_proto::intake::v1::{PetitionWork, SubmitPetitionWorkBatchRequest, SubmitPetitionWorkResponse};
use std::{io::BufRead as _, path::Path, process::ExitCode};

/// Items of one call.
const BATCH: usize = 500;
/// And their bytes, about.
const BATCH_BYTES: usize = 1024 * 1024;

pub(super) async fn run(intake: &mut Intake, path: &Path, format: Format) -> anyhow::Result<ExitCode> {
    let (mut items, mut bytes, mut refused) = (Vec::new(), 0, 0);
    for (at, line) in open(path)?.lines().enumerate() {
        let line = line.with_context(|| format!("line {} of {} cannot be read", at + 1, path.display()))?;
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let item: PetitionWork = json::parse("intake.v1.PetitionWork", line)
            .with_context(|| format!("line {} is no item of work; send the file again when it is mended", at + 1))?;
        if items.len() == BATCH || (bytes + line.len() > BATCH_BYTES && !items.is_empty()) {
            refused += send(intake, std::mem::take(&mut items), format).await?;
            bytes = 0;
        }
        bytes += line.len();
        items.push(item);
    }
    if !items.is_empty() {
        refused += send(intake, items, format).await?;
    }
    Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends a batch and prints a line for each item; how many were not done.
async fn send(intake: &mut Intake, items: Vec<PetitionWork>, format: Format) -> anyhow::Result<usize> {
    let count = items.len();
    let answer = intake.submit_petition_work_batch(SubmitPetitionWorkBatchRequest { items }).await;
    let results = answer.context("it is not known what was done; the same file may be sent again")?.into_inner().results;
    if results.len() != count {
        bail!("the server gave {} verdicts on {count} items", results.len());
    }
    for result in &results {
        output::print(&match format {
            Format::Json => json::line("intake.v1.SubmitPetitionWorkResponse", result)?,
            _ => verdict(result),
        })?;
    }
    Ok(results.iter().filter(|result| result.error.is_some()).count())
}

fn verdict(result: &SubmitPetitionWorkResponse) -> String {
    if !result.held_back_by.is_empty() {
        return format!("{}  held back  waits for {}", result.request_id, result.held_back_by);
    }
    if let Some(error) = &result.error {
        let fields: String = error.fields.iter().map(|field| format!("; {} {}", field.field, field.problem)).collect();
        return format!("{}  refused    {}: {}{fields}", result.request_id, error.reason, error.message);
    }
    let number = result.petition.as_ref().map(|petition| petition.number.clone()).unwrap_or_default();
    let dispute = result.dispute.as_ref().map(|dispute| dispute.number.clone()).unwrap_or_default();
    let text = format!("{}  done       {number}  {dispute}  {}", result.request_id, result.query_codes.join(" "));
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengqiao_proto::intake::v1::{ItemError, petition_work::Change};

    #[test]
    fn a_line_is_an_item_of_work() {
        let item: PetitionWork =
            json::parse("intake.v1.PetitionWork", r#"{"accept":{"request_id":"r","petition_id":"p"}}"#).unwrap();
        let Some(Change::Accept(accept)) = item.change else { panic!() };
        assert_eq!((accept.request_id.as_str(), accept.petition_id.as_str()), ("r", "p"));
        assert!(json::parse::<PetitionWork>("intake.v1.PetitionWork", r#"{"forget":{}}"#).is_err());
    }

    #[test]
    fn what_is_held_back_names_what_it_waits_for() {
        let error = Some(ItemError { reason: "HELD_BACK".to_owned(), ..Default::default() });
        let result =
            SubmitPetitionWorkResponse { request_id: "b".to_owned(), error, held_back_by: "a".to_owned(), ..Default::default() };
        assert_eq!(verdict(&result), "b  held back  waits for a");
    }
}
