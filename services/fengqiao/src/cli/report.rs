//! Flags of `fengqiao report`.

use clap::{Args, Subcommand};
use fengqiao_model::{Day, DivisionCode};
use std::{path::PathBuf, str::FromStr};

/// Calls of the reporting service.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// All figures of one year.
    Annual(AnnualArgs),
    /// Which items stand behind a figure: numbers and dates, no parties.
    Explain(ExplainArgs),
    /// The indicators, with their definitions.
    Indicators,
    /// How far the figures follow the logs.
    Freshness,
}

/// Which report.
#[derive(Debug, Args)]
pub struct AnnualArgs {
    /// Calendar year.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
    pub year: i32,
    /// This division and all in it. Default: the whole book.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Cut-off day, not in the future. Default: the earlier of the year's end and today.
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// Write to this file in place of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Which figure.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of a count, such as petition.handling.legal.late (see `report indicators`).
    pub indicator: String,
    /// Calendar year.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1900..=9999))]
    pub year: i32,
    /// This division and all in it. Default: the whole book.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Cut-off day, not in the future. Default: as in the report.
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// One member of a dimension, such as unit=信访局, month=2018-03 or conclusion=replied. Default: the total.
    #[arg(long, value_name = "KEY=MEMBER")]
    pub dim: Option<MemberArg>,
    /// Show at most this many items. Default: all.
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// One member of a dimension, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberArg {
    /// Key of the dimension.
    pub key: String,
    /// Code of the member.
    pub member: String,
}

impl FromStr for MemberArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((key, member)) if !key.is_empty() && !member.is_empty() => {
                Ok(Self { key: key.to_owned(), member: member.to_owned() })
            }
            _ => Err("must be of the form unit=信访局".to_owned()),
        }
    }
}
