//! Flags of `fengqiao unit`.

use super::SeenArgs;
use clap::{Args, Subcommand};
use fengqiao_model::{Day, DivisionCode, RequestId};
use fengqiao_statute::UnitLevel;

/// Petition offices and responsible units.
#[derive(Debug, Subcommand)]
pub enum UnitCommand {
    /// Register a unit, or one that a petition or a ledger only named so far.
    Register(RegisterUnitArgs),
    /// Change what a unit is from a day on; what is not typed stays.
    Update(UpdateUnitArgs),
    /// Another unit takes over: open items move there, concluded ones keep the unit.
    Succeed(SucceedUnitArgs),
    /// Close a unit without open items.
    Close(CloseUnitArgs),
    /// One unit with its history.
    Show(ShowUnitArgs),
    /// Units by filter.
    List(ListUnitsArgs),
    /// The organ that reviews what a unit decided (XF 35, 36).
    Higher(ShowUnitArgs),
    /// Units that logged nothing for so many days.
    Silent(SilentArgs),
}

/// A unit to register.
#[derive(Debug, Args)]
pub struct RegisterUnitArgs {
    /// Its code, unique in the book.
    pub code: String,
    /// Public name.
    #[arg(long)]
    pub name: String,
    /// petition_office, responsible_unit, joint_conference, or another free code.
    #[arg(long)]
    pub kind: String,
    /// province, city, county, township or village; or the Chinese name.
    #[arg(long)]
    pub level: UnitLevel,
    /// Division it belongs to.
    #[arg(long, value_name = "CODE")]
    pub at: DivisionCode,
    /// What else it is.
    #[command(flatten)]
    pub about: AboutUnitArgs,
    /// Id of this request, to repeat one whose answer was lost. Default: a new one.
    #[arg(long, value_name = "UUID")]
    pub request_id: Option<RequestId>,
}

/// What a unit may be besides.
#[derive(Debug, Args)]
pub struct AboutUnitArgs {
    /// Code of the unit above it.
    #[arg(long, value_name = "CODE")]
    pub parent: Option<String>,
    /// A content category it answers for; once for each. Default: not limited.
    #[arg(long = "category", value_name = "CATEGORY")]
    pub categories: Vec<String>,
    /// A division it answers for; once for each. Default: its own.
    #[arg(long = "for-division", value_name = "CODE")]
    pub divisions: Vec<DivisionCode>,
    /// Day of founding.
    #[arg(long, value_name = "DAY")]
    pub founded_on: Option<Day>,
}

/// Which unit, and the version seen.
#[derive(Debug, Args)]
pub struct UnitChangeArgs {
    /// Code of the unit.
    pub code: String,
    /// The version seen, and the request.
    #[command(flatten)]
    pub seen: SeenArgs,
}

/// A change of what a unit is.
#[derive(Debug, Args)]
pub struct UpdateUnitArgs {
    /// Which unit, and the version seen.
    #[command(flatten)]
    pub change: UnitChangeArgs,
    /// Day from which it is so. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Public name.
    #[arg(long)]
    pub name: Option<String>,
    /// Kind.
    #[arg(long)]
    pub kind: Option<String>,
    /// Level.
    #[arg(long)]
    pub level: Option<UnitLevel>,
    /// Division it belongs to.
    #[arg(long, value_name = "CODE")]
    pub at: Option<DivisionCode>,
    /// What else it is; categories and divisions replace all it had.
    #[command(flatten)]
    pub about: AboutUnitArgs,
    /// Empty this field: parent, categories, divisions or founded_on; once for each.
    #[arg(long = "clear", value_name = "FIELD", value_parser = ["parent", "categories", "divisions", "founded_on"])]
    pub clear: Vec<String>,
}

/// A succession.
#[derive(Debug, Args)]
pub struct SucceedUnitArgs {
    /// Which unit ends.
    #[command(flatten)]
    pub change: UnitChangeArgs,
    /// Code of the unit that takes over.
    #[arg(long, value_name = "CODE")]
    pub to: String,
    /// Day from which the other one answers. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// A closing.
#[derive(Debug, Args)]
pub struct CloseUnitArgs {
    /// Which unit.
    #[command(flatten)]
    pub change: UnitChangeArgs,
    /// Day of closing. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// Which unit, and when.
#[derive(Debug, Args)]
pub struct ShowUnitArgs {
    /// Its code.
    pub code: String,
    /// On this day. Default: as it stands.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// Which units.
#[derive(Debug, Args)]
pub struct ListUnitsArgs {
    /// This division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Level.
    #[arg(long)]
    pub level: Option<UnitLevel>,
    /// Kind.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub kind: String,
    /// Those that worked on this day, as they stood then. Default: all, as they stand.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer with the same filter ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}

/// Which units are silent.
#[derive(Debug, Args)]
pub struct SilentArgs {
    /// Nothing was logged for at least this many days.
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub days: i32,
    /// As of this day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub as_of: Option<Day>,
    /// This division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Level.
    #[arg(long)]
    pub level: Option<UnitLevel>,
    /// Kind.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub kind: String,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer with the same filter ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}
