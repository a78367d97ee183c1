//! Flags of `fengqiao dispute`.

use super::{Person, SeenArgs, TypeName};
use clap::{Args, Subcommand};
use fengqiao_model::{ActorId, Day, DivisionCode};

/// The disputes behind the cases: what the county counts.
#[derive(Debug, Subcommand)]
pub enum DisputeCommand {
    /// One dispute with its cases, milestones and history.
    Show(WhichDisputeArgs),
    /// Take a concluded dispute up again: a new case.
    Reopen(ReopenArgs),
    /// Confirm that it is the same quarrel as another one, which stays the root.
    Link(LinkArgs),
    /// Take a link back.
    Unlink(UnlinkArgs),
    /// Destroy the key of everything personal in a dispute; needs a second person; cannot be undone.
    Erase(EraseDisputeArgs),
    /// Disputes that may be the same quarrel, with reasons.
    Similar(SimilarArgs),
}

/// Which dispute.
#[derive(Debug, Args)]
pub struct WhichDisputeArgs {
    /// Its id or number.
    pub dispute: String,
}

/// What every change of a dispute names.
#[derive(Debug, Args)]
pub struct DisputeChangeArgs {
    /// Id or number of the dispute.
    pub dispute: String,
    /// The version seen, and the request.
    #[command(flatten)]
    pub seen: SeenArgs,
}

/// A reopening.
#[derive(Debug, Args)]
pub struct ReopenArgs {
    /// Which dispute.
    #[command(flatten)]
    pub change: DisputeChangeArgs,
    /// Why; sealed.
    #[arg(long)]
    pub text: String,
    /// The body that goes on. Default: it is dispatched later.
    #[arg(long, value_name = "BODY", default_value = "", hide_default_value = true)]
    pub to: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// A link.
#[derive(Debug, Args)]
pub struct LinkArgs {
    /// Which dispute.
    #[command(flatten)]
    pub change: DisputeChangeArgs,
    /// Id or number of the dispute that was logged first and stays the root.
    #[arg(long, value_name = "DISPUTE")]
    pub same_as: String,
    /// Why; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A link taken back.
#[derive(Debug, Args)]
pub struct UnlinkArgs {
    /// Which dispute.
    #[command(flatten)]
    pub change: DisputeChangeArgs,
    /// Why; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// An erasure.
#[derive(Debug, Args)]
pub struct EraseDisputeArgs {
    /// Which dispute.
    #[command(flatten)]
    pub change: DisputeChangeArgs,
    /// Why, without personal data; at most 200 characters.
    #[arg(long)]
    pub reason: String,
    /// Id of the second person who agreed.
    #[arg(long, value_name = "ID")]
    pub approved_by: ActorId,
    /// Do not ask again: the title, narrative and parties can never be read afterwards.
    #[arg(long)]
    pub yes: bool,
}

/// What to compare with.
#[derive(Debug, Args)]
pub struct SimilarArgs {
    /// Id or number of a dispute of the book.
    #[arg(required_unless_present_any = ["at", "kind", "parties"], conflicts_with_all = ["at", "kind", "parties"])]
    pub dispute: Option<String>,
    /// Or what is known of a new one: where it arose.
    #[arg(long, value_name = "CODE")]
    pub at: Option<DivisionCode>,
    /// Its type, code or Chinese name.
    #[arg(long = "type", id = "kind", value_name = "TYPE")]
    pub dispute_type: Option<TypeName>,
    /// A party, `NAME[;PHONE[;IDENTITY NUMBER]]`; once for each.
    #[arg(long = "party", id = "parties", value_name = "PARTY")]
    pub parties: Vec<Person>,
}
