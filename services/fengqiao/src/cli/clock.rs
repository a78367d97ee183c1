//! Flags of `fengqiao due`, `fengqiao calendar`, and of supervision and conduct.

use super::petition::ChangeArgs;
use clap::{Args, Subcommand, ValueEnum};
use fengqiao_model::{Day, DivisionCode, RequestId};
use std::path::PathBuf;

/// Which running clocks.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// The unit that owes what the clock asks for.
    #[arg(long, value_name = "UNIT", default_value = "", hide_default_value = true)]
    pub unit: String,
    /// Level of that unit: province, city, county, township or village.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub level: String,
    /// Only clocks with this lamp.
    #[arg(long, value_enum)]
    pub lamp: Option<LampName>,
    /// Matters of this division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Only clocks of this rule, such as P-06.
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    pub rule: String,
    /// As they stood at the end of this day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer with the same filter ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}

/// A lamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LampName {
    /// Time enough.
    Green,
    /// Little time is left.
    Yellow,
    /// Late.
    Red,
    /// The law does not count these days.
    Grey,
}

impl LampName {
    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            LampName::Green => "green",
            LampName::Yellow => "yellow",
            LampName::Red => "red",
            LampName::Grey => "grey",
        }
    }
}

/// Calls about the calendar.
#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Take over a holiday notice and restate the running clocks that it moves. Published figures stay.
    Adopt(AdoptArgs),
    /// The clocks that a notice moved, old and new days.
    Moved(MovedArgs),
}

/// A notice.
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// A calendar file with a version of its own and the years of the notice; `-`: standard input.
    pub file: PathBuf,
    /// Id of the request: repeat it to ask again whether it got through.
    #[arg(long, value_name = "UUID")]
    pub request_id: Option<RequestId>,
}

/// Whose restatements.
#[derive(Debug, Args)]
pub struct MovedArgs {
    /// Version of the calendar. Default: the one in use.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub calendar: String,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}

/// A measure of supervision.
#[derive(Debug, Args)]
pub struct SuperviseArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// reminder, yellow, red, notice or escalation.
    #[arg(long)]
    pub measure: String,
    /// The unit pressed. Default: the one that handles it.
    #[arg(long, value_name = "UNIT", default_value = "", hide_default_value = true)]
    pub unit: String,
    /// Day on which an explanation is due; a notice and an escalation need one.
    #[arg(long, value_name = "DAY")]
    pub explain_by: Option<Day>,
    /// Day of the measure. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Document number; a notice needs one.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub document: String,
    /// What is demanded; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// An explanation.
#[derive(Debug, Args)]
pub struct ExplainMeasureArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Which measure, counted from 1. Default: the oldest that waits for an explanation.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub measure: i32,
    /// Day of the explanation. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Document number.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub document: String,
    /// The explanation; sealed.
    #[arg(long)]
    pub text: String,
}

/// A petition against the rules of conduct.
#[derive(Debug, Args)]
pub struct ConductArgs {
    /// Id or number.
    pub petition: String,
    /// As it was known at the end of this day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}
