//! Flags of `fengqiao body`.

use super::{SeenArgs, TypeName};
use clap::{Args, Subcommand};
use fengqiao_model::{Day, DivisionCode, RequestId};
use fengqiao_statute::Force;

/// Mediation bodies: committees, rooms, studios, stations, court outposts.
#[derive(Debug, Subcommand)]
pub enum BodyCommand {
    /// Register a body, or one that a ledger named so far.
    Register(RegisterArgs),
    /// Change what a body is; what is not typed stays.
    Update(UpdateArgs),
    /// Record that its staff was strengthened or changed (充实调整).
    Adjust(AdjustArgs),
    /// Record that it was newly fostered (新培育).
    Foster(FosterArgs),
    /// Close a body without open cases.
    Close(CloseArgs),
    /// One body.
    Show(ShowBodyArgs),
    /// Bodies by filter.
    List(ListBodiesArgs),
}

/// A body to register.
#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// Its code, unique in the book.
    pub code: String,
    /// Public name.
    #[arg(long)]
    pub name: String,
    /// people, administrative, judicial, industry or professional; or the Chinese name.
    #[arg(long)]
    pub force: Force,
    /// A free code such as committee, room, personal_studio, station, court_outpost.
    #[arg(long)]
    pub kind: String,
    /// Where it works: division code.
    #[arg(long, value_name = "CODE")]
    pub at: DivisionCode,
    /// What else it is.
    #[command(flatten)]
    pub about: AboutArgs,
    /// Id of this request, to repeat one whose answer was lost. Default: a new one.
    #[arg(long, value_name = "UUID")]
    pub request_id: Option<RequestId>,
}

/// What a body may be besides.
#[derive(Debug, Args)]
pub struct AboutArgs {
    /// Theme of a themed room.
    #[arg(long)]
    pub theme: Option<String>,
    /// A tag such as enterprise_related; once for each.
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Code of the parent body.
    #[arg(long, value_name = "CODE")]
    pub parent: Option<String>,
    /// A dispute type it takes, code or Chinese name; once for each. Default: every type.
    #[arg(long = "speciality", value_name = "TYPE")]
    pub specialities: Vec<TypeName>,
    /// The most cases it can have open at once; 0: no limit.
    #[arg(long, value_name = "N")]
    pub capacity: Option<i32>,
    /// Day of founding.
    #[arg(long, value_name = "DAY")]
    pub founded_on: Option<Day>,
}

/// A change of what a body is.
#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// Which body, and the version seen.
    #[command(flatten)]
    pub change: BodyChangeArgs,
    /// Public name.
    #[arg(long)]
    pub name: Option<String>,
    /// Force.
    #[arg(long)]
    pub force: Option<Force>,
    /// Kind.
    #[arg(long)]
    pub kind: Option<String>,
    /// Where it works: division code.
    #[arg(long, value_name = "CODE")]
    pub at: Option<DivisionCode>,
    /// What else it is; tags and specialities replace all it had.
    #[command(flatten)]
    pub about: AboutArgs,
    /// Empty this field: theme, tags, parent, specialities or founded_on; once for each.
    #[arg(long = "clear", value_name = "FIELD", value_parser = ["theme", "tags", "parent", "specialities", "founded_on"])]
    pub clear: Vec<String>,
}

/// What every change of a body names.
#[derive(Debug, Args)]
pub struct BodyChangeArgs {
    /// Code of the body.
    pub code: String,
    /// The version seen, and the request.
    #[command(flatten)]
    pub seen: SeenArgs,
}

/// An adjustment.
#[derive(Debug, Args)]
pub struct AdjustArgs {
    /// Which body.
    #[command(flatten)]
    pub change: BodyChangeArgs,
    /// Mediators who came.
    #[arg(long = "in", value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub staff_in: i32,
    /// Mediators who left.
    #[arg(long = "out", value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub staff_out: i32,
    /// Day of the adjustment. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// Fostering.
#[derive(Debug, Args)]
pub struct FosterArgs {
    /// Which body.
    #[command(flatten)]
    pub change: BodyChangeArgs,
    /// Day from which it was newly fostered. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// A closing.
#[derive(Debug, Args)]
pub struct CloseArgs {
    /// Which body.
    #[command(flatten)]
    pub change: BodyChangeArgs,
    /// Day of closing. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// Which body.
#[derive(Debug, Args)]
pub struct ShowBodyArgs {
    /// Its code.
    pub code: String,
}

/// Which bodies.
#[derive(Debug, Args)]
pub struct ListBodiesArgs {
    /// This division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// Force.
    #[arg(long)]
    pub force: Option<Force>,
    /// Kind.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub kind: String,
    /// Tag.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub tag: String,
    /// Those that work on this day.
    #[arg(long, value_name = "DAY")]
    pub active_on: Option<Day>,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer with the same filter ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}
