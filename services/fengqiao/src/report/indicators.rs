//! The definitions of the indicators.

use crate::{
    cli::Format,
    client::Client,
    json, output,
    table::{Align, table},
};
use fengqiao_proto::reporting::v1::ListIndicatorsRequest;
use std::process::ExitCode;

pub(super) async fn run(client: &Client, format: Format) -> anyhow::Result<ExitCode> {
    let answer = client.reporting()?.list_indicators(ListIndicatorsRequest {}).await?.into_inner();
    output::print(&match format {
        Format::Json => json::pretty("reporting.v1.ListIndicatorsResponse", &answer)?,
        _ => {
            let heads = ["指标", "id", "公式", "口径", "依据"].map(|head| (head, Align::Left));
            let rows: Vec<Vec<String>> = answer
                .indicators
                .into_iter()
                .map(|i| {
                    let formula =
                        if i.denominator.is_empty() { String::new() } else { format!("{} / {}", i.numerator, i.denominator) };
                    vec![i.title_zh, i.id, formula, i.cohort_zh, i.source]
                })
                .collect();
            format!("指标口径版本 {}\n\n{}", answer.definition_version, table(&heads, &rows))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}
