//! Flags of `fengqiao petition list` and `watch`.

use crate::cli::Since;
use clap::{Args, ValueEnum};
use fengqiao_model::{Day, DivisionCode};

/// Which petitions, whether listed or watched.
#[derive(Debug, Args)]
pub struct FilterArgs {
    /// This division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// The handling unit.
    #[arg(long, value_name = "UNIT", default_value = "", hide_default_value = true)]
    pub unit: String,
    /// The office that registered it.
    #[arg(long, value_name = "UNIT", default_value = "", hide_default_value = true)]
    pub office: String,
    /// The state; once for each of several.
    #[arg(long = "state", value_name = "STATE", value_enum)]
    pub states: Vec<StateName>,
    /// Channel code.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub channel: String,
    /// Class of matter.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub matter_class: String,
    /// Content category.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub category: String,
    /// Repeats only, or without them.
    #[arg(long, value_enum)]
    pub repeats: Option<RepeatsName>,
    /// Only these fields of each petition, such as number,state,handling.legal_due; best with --format json.
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub fields: Vec<String>,
}

/// Which petitions, and how they are listed.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Which petitions.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Registered on or after this day.
    #[arg(long, value_name = "DAY")]
    pub from: Option<Day>,
    /// Registered on or before this day.
    #[arg(long, value_name = "DAY")]
    pub to: Option<Day>,
    /// Accepted on or after this day.
    #[arg(long, value_name = "DAY")]
    pub accepted_from: Option<Day>,
    /// Accepted on or before this day.
    #[arg(long, value_name = "DAY")]
    pub accepted_to: Option<Day>,
    /// Concluded on or after this day.
    #[arg(long, value_name = "DAY")]
    pub concluded_from: Option<Day>,
    /// Concluded on or before this day.
    #[arg(long, value_name = "DAY")]
    pub concluded_to: Option<Day>,
    /// Open, and legally due on or after this day.
    #[arg(long, value_name = "DAY")]
    pub due_from: Option<Day>,
    /// Open, and legally due on or before this day.
    #[arg(long, value_name = "DAY")]
    pub due_to: Option<Day>,
    /// Open, and late on this day.
    #[arg(long, value_name = "DAY")]
    pub overdue_on: Option<Day>,
    /// green, yellow, red or grey: open, and this is the most urgent lamp of the clocks of office and unit.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub lamp: String,
    /// The day of --lamp. Default: today.
    #[arg(long, value_name = "DAY", requires = "lamp")]
    pub lamp_on: Option<Day>,
    /// Changed after this moment, such as 2026-11-24T09:00:00+08:00, or after this position of the intake log.
    #[arg(long, value_name = "MOMENT")]
    pub changed_after: Option<Since>,
    /// The order. Default: the one in which the filter is answered best, mostly by registration.
    #[arg(long, value_enum)]
    pub order: Option<OrderName>,
    /// The latest first.
    #[arg(long)]
    pub descending: bool,
    /// Count all that match, to 10,000 at most.
    #[arg(long)]
    pub total: bool,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with = "all")]
    pub limit: usize,
    /// Show all, page by page.
    #[arg(long)]
    pub all: bool,
    /// Go on where an earlier answer with the same filter ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}

/// Which petitions to watch.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Which petitions.
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Go on behind the line of an earlier watch that had this resume_token. Default: from now on.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub resume: String,
    /// Show checkpoints as well, each with its resume_token.
    #[arg(long)]
    pub checkpoints: bool,
    /// End after so many lines. Default: never.
    #[arg(long, value_name = "N")]
    pub count: Option<usize>,
}

/// In which order petitions are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OrderName {
    /// By day of registration.
    Registered,
    /// By legal due day; open petitions only.
    Due,
    /// By day of conclusion; concluded petitions only.
    Concluded,
    /// By the last change.
    Changed,
}

/// Whether repeats are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RepeatsName {
    /// Only repeats.
    Only,
    /// Only others.
    Without,
}

/// Where a petition can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the contract explains them")]
pub enum StateName {
    Registered,
    Accepted,
    Extended,
    NotAccepted,
    NoLongerAccepted,
    Diverted,
    ConsultOnly,
    OpinionIssued,
    Settled,
    Answered,
    Forwarded,
    Withdrawn,
    Void,
    ReviewRequested,
    Reviewed,
    RereviewRequested,
    Final,
    Transferred,
    Assigned,
    Objected,
}
