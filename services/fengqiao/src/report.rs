//! `fengqiao report`: the figures of a year.
//!
//! | File | Knows |
//! |---|---|
//! | `annual.rs` | the annual report as scripts rely on it: JSON and CSV |
//! | `paper.rs` | the same on paper: table and Markdown, with sentences, titles, cohorts and identities |
//! | `rate.rs` | a rate in percent, never rounded up |
//! | `explain.rs` | the items behind a figure |
//! | `indicators.rs`, `freshness.rs` | the definitions; how far the logs are followed |

pub mod annual;
mod explain;
pub mod freshness;
mod indicators;
mod paper;
pub(crate) mod rate;

use crate::{
    cli::{AnnualArgs, Format, ReportCommand},
    client::Client,
    output,
};
use annual::Annual;
use fengqiao_proto::reporting::v1::{GetAnnualReportRequest, ListIndicatorsRequest};
use std::process::ExitCode;

/// Does `fengqiao report`.
pub async fn run(client: &Client, command: ReportCommand, format: Format) -> anyhow::Result<ExitCode> {
    match command {
        ReportCommand::Annual(args) => annual(client, args, format).await,
        ReportCommand::Explain(args) => explain::run(client, args, format).await,
        ReportCommand::Indicators => indicators::run(client, format).await,
        ReportCommand::Freshness => freshness::run(client, format).await,
    }
}

async fn annual(client: &Client, args: AnnualArgs, format: Format) -> anyhow::Result<ExitCode> {
    let mut reporting = client.reporting()?;
    let request = GetAnnualReportRequest {
        year: args.year,
        division_code: args.division.map(|code| code.to_string()).unwrap_or_default(),
        as_of: args.as_of.map(|day| day.to_string()).unwrap_or_default(),
    };
    let report = reporting.get_annual_report(request).await?.into_inner();
    let text = match format {
        Format::Json => serde_json::to_string_pretty(&Annual::new(&report))?,
        Format::Csv => Annual::new(&report).csv()?,
        Format::Table | Format::Md => {
            let definitions = reporting.list_indicators(ListIndicatorsRequest {}).await?.into_inner().indicators;
            paper::write(&report, &definitions, format == Format::Md)
        }
    };
    output::deliver(&text, args.output.as_deref())?;
    let broken: Vec<_> = report.identities.iter().filter(|identity| identity.left != identity.right).collect();
    for identity in &broken {
        output::note(&format!("error: an identity does not hold: {} ({} and {})", identity.text, identity.left, identity.right));
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
