//! Flags of `fengqiao petition`.

mod list;

pub use list::{FilterArgs, ListArgs, OrderName, RepeatsName, StateName, WatchArgs};

use super::{
    ConductArgs, Consent, ExplainMeasureArgs, Foreign, LinkRepeatArgs, Person, SearchArgs, SeenArgs, SimilarPetitionArgs,
    SuperviseArgs, TypeName, UnlinkRepeatArgs,
};
use clap::{ArgGroup, Args, Subcommand};
use fengqiao_model::{ActorId, Day, DivisionCode, RequestId};
use std::path::PathBuf;

/// Calls of the intake service.
#[derive(Debug, Subcommand)]
pub enum PetitionCommand {
    /// Log one petition from flags, or many from a file.
    Log(Box<LogArgs>),
    /// One petition with its parties, narrative and history.
    Show(WhichArgs),
    /// What happened to one petition, oldest first.
    History(WhichArgs),
    /// Petitions by filter, without title, narrative and parties.
    List(Box<ListArgs>),
    /// Changes of petitions as they are recorded, one a line, until it is interrupted.
    Watch(Box<WatchArgs>),
    /// Status for who holds number (or slip) and query code.
    Lookup(LookupArgs),
    /// Give a representative a new query code; the code before is void.
    Code(CodeArgs),
    /// How often the look-up was asked, by day; never by whom or for what.
    Lookups(LookupsArgs),
    /// Send work of any kind from a file, as a phone off line has it: one verdict a line, dependants of what is refused held back.
    Submit(SubmitArgs),
    /// Petitions that may be the same matter of the same person, with the reasons; a person decides.
    Similar(Box<SimilarPetitionArgs>),
    /// Confirm that a petition repeats an earlier one of the same person on the same matter.
    LinkRepeat(LinkRepeatArgs),
    /// Take such a link back.
    UnlinkRepeat(UnlinkRepeatArgs),
    /// Petitions that hold these words in a name, the title or the narrative, the latest first; never allegations.
    Search(SearchArgs),
    /// Accept a registered petition; for an appeal the 60 days begin.
    Accept(AcceptArgs),
    /// Refuse a registered petition with a reason code.
    Refuse(RefuseArgs),
    /// Ask for more time, or decide on it.
    Extend {
        /// Which of the two.
        #[command(subcommand)]
        command: ExtendCommand,
    },
    /// Issue the handling opinion of an accepted appeal.
    Opinion(OpinionArgs),
    /// Record that the petitioner withdrew.
    Withdraw(WithdrawArgs),
    /// Hand an open appeal to mediation, with the consent of both sides; its own clock goes on.
    Route(RouteArgs),
    /// Press a unit that stalls: reminder, yellow, red, notice, escalation.
    Supervise(SuperviseArgs),
    /// Record the explanation that a measure of supervision asked for.
    Explain(ExplainMeasureArgs),
    /// Which rules of conduct it is held to, and which it broke.
    Conduct(ConductArgs),
    /// Void an entry made in error; needs a second person.
    Void(VoidArgs),
    /// Destroy the key of everything personal in a petition; needs a second person; cannot be undone.
    Erase(EraseArgs),
}

/// The petition as taken down at the desk.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("source").required(true).args(["file", "title"]))]
pub struct LogArgs {
    /// A file of petitions, one JSON object a line (`-`: standard input): the message LogPetitionRequest, or NewPetition alone.
    #[arg(long, value_name = "ITEMS.jsonl", conflicts_with_all = ["title", "channel", "matter_class", "at"])]
    pub file: Option<PathBuf>,
    /// Title; at most 200 characters.
    #[arg(long, requires_all = ["channel", "matter_class", "at"])]
    pub title: Option<String>,
    /// online, letter, visit, phone, hotline, transfer, station or other.
    #[arg(long)]
    pub channel: Option<String>,
    /// suggestion, allegation or appeal.
    #[arg(long)]
    pub matter_class: Option<String>,
    /// Division code where the matter arose: 2, 4, 6, 9 or 12 digits.
    #[arg(long, value_name = "CODE")]
    pub at: Option<DivisionCode>,
    /// Content category.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub category: String,
    /// Narrative.
    #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "narrative_file")]
    pub narrative: String,
    /// Narrative from a file; `-`: standard input.
    #[arg(long, value_name = "FILE")]
    pub narrative_file: Option<PathBuf>,
    /// A petitioner, `NAME[;PHONE[;[KIND:]IDENTITY NUMBER[;ADDRESS]]]`; once for each.
    #[arg(long = "party", value_name = "PARTY")]
    pub parties: Vec<Person>,
    /// Somebody who signs with the petitioners, written as --party; once for each.
    #[arg(long = "co-signer", value_name = "PARTY")]
    pub co_signers: Vec<Person>,
    /// Somebody who speaks for the others, at most five; once for each.
    #[arg(long = "representative", value_name = "PARTY")]
    pub representatives: Vec<Person>,
    /// Somebody who acts for a petitioner; once for each.
    #[arg(long = "agent", value_name = "PARTY")]
    pub agents: Vec<Person>,
    /// Somebody who acts for a petitioner without full capacity; once for each.
    #[arg(long = "guardian", value_name = "PARTY")]
    pub guardians: Vec<Person>,
    /// A number in another system, such as 12345=GD20240001; once for each, unique in the book.
    #[arg(long, value_name = "SYSTEM=NUMBER")]
    pub foreign: Vec<Foreign>,
    /// Number of petitioners. Default: as many as parties, agents and guardians apart.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    pub person_count: i32,
    /// The unit that has to handle it.
    #[arg(long, value_name = "UNIT", default_value = "", hide_default_value = true)]
    pub responsible_unit: String,
    /// Business day, at most 30 days back. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Ledger of --ref. Default: the unit of the caller.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub ledger: String,
    /// Number in a foreign system.
    #[arg(long = "ref", value_name = "REF", default_value = "", hide_default_value = true)]
    pub external_ref: String,
    /// Slip number the petitioner already took home.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub slip: String,
    /// It was taken down off line and is sent later.
    #[arg(long)]
    pub offline: bool,
    /// Mediation takes it up at the same desk: dispute type, code such as T02 or Chinese name; both numbers are printed.
    #[arg(long, value_name = "TYPE", conflicts_with = "file")]
    pub mediate_here: Option<TypeName>,
    /// Who consents to mediation; it takes both.
    #[arg(long, value_enum, default_value_t = Consent::None, requires = "mediate_here")]
    pub consent: Consent,
    /// The other side, `NAME[;PHONE[;IDENTITY NUMBER[;ADDRESS]]]`; once for each.
    #[arg(long = "respondent", value_name = "PARTY", requires = "mediate_here")]
    pub respondents: Vec<Person>,
    /// A flag of the dispute such as wages or emergency; once for each.
    #[arg(long = "flag", value_name = "FLAG", requires = "mediate_here")]
    pub flags: Vec<String>,
    /// An organ that has it already: police, court, arbitration, …; once for each.
    #[arg(long = "already-at", value_name = "ORGAN", requires = "mediate_here")]
    pub already_at: Vec<String>,
    /// Explanation for the mediators; sealed.
    #[arg(long = "for-mediators", default_value = "", hide_default_value = true, requires = "mediate_here")]
    pub for_mediators: String,
    /// Check only, write nothing.
    #[arg(long)]
    pub validate_only: bool,
    /// Id of this request, to repeat one whose answer was lost. Default: a new one.
    #[arg(long, value_name = "UUID", conflicts_with = "file")]
    pub request_id: Option<RequestId>,
}

/// Which petition.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("which").required(true).args(["petition", "external_ref", "foreign"]))]
pub struct WhichArgs {
    /// Its id or number.
    pub petition: Option<String>,
    /// Its reference in a ledger.
    #[arg(long = "ref", value_name = "REF")]
    pub external_ref: Option<String>,
    /// Ledger of --ref. Default: the unit of the caller.
    #[arg(long, default_value = "", hide_default_value = true, requires = "external_ref")]
    pub ledger: String,
    /// Its number in another system, such as 12345=GD20240001.
    #[arg(long, value_name = "SYSTEM=NUMBER")]
    pub foreign: Option<Foreign>,
}

/// Number and code.
#[derive(Debug, Args)]
pub struct LookupArgs {
    /// Number or slip of the petition.
    pub number: String,
    /// Query code; spaces, hyphens and case do not matter.
    #[arg(long)]
    pub code: String,
}

/// A new query code.
#[derive(Debug, Args)]
pub struct CodeArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Which representative, from 1, in the order of the codes given at the desk.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub representative: i32,
    /// How that person was made sure of: paper, phone or known.
    #[arg(long, value_name = "HOW")]
    pub identified_by: String,
    /// Why; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Which days.
#[derive(Debug, Args)]
pub struct LookupsArgs {
    /// The first day.
    #[arg(long, value_name = "DAY")]
    pub from: Day,
    /// The last day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub to: Option<Day>,
}

/// Work from a file.
#[derive(Debug, Args)]
pub struct SubmitArgs {
    /// Items, one JSON object a line (`-`: standard input): the message PetitionWork, such as {"accept":{"request_id":…}}.
    #[arg(value_name = "ITEMS.jsonl")]
    pub file: PathBuf,
}

/// What every change names.
#[derive(Debug, Args)]
pub struct ChangeArgs {
    /// Id or number of the petition.
    pub petition: String,
    /// The version seen, and the request.
    #[command(flatten)]
    pub seen: SeenArgs,
}

/// A hand-over to mediation.
#[derive(Debug, Args)]
pub struct RouteArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Dispute type: code such as T02, or Chinese name (`fengqiao rules --routing` lists them).
    #[arg(long = "type", value_name = "TYPE")]
    pub dispute_type: TypeName,
    /// Who consents to mediation; it takes both.
    #[arg(long, value_enum, default_value_t = Consent::None)]
    pub consent: Consent,
    /// The other side, `NAME[;PHONE[;[KIND:]IDENTITY NUMBER[;ADDRESS]]]`; once for each.
    #[arg(long = "respondent", value_name = "PARTY")]
    pub respondents: Vec<Person>,
    /// A flag such as wages or emergency; once for each.
    #[arg(long = "flag", value_name = "FLAG")]
    pub flags: Vec<String>,
    /// An organ that has it already: police, court, arbitration, …; once for each.
    #[arg(long = "already-at", value_name = "ORGAN")]
    pub already_at: Vec<String>,
    /// Day of the routing. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Explanation for the mediators; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// An acceptance.
#[derive(Debug, Args)]
pub struct AcceptArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Day of acceptance. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// The unit that handles it. Default: as registered.
    #[arg(long, value_name = "UNIT", default_value = "", hide_default_value = true)]
    pub responsible_unit: String,
    /// Document number of the notice.
    #[arg(long, value_name = "NUMBER", default_value = "", hide_default_value = true)]
    pub document: String,
}

/// A refusal.
#[derive(Debug, Args)]
pub struct RefuseArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Reason code, such as petition.R01 (see `fengqiao rules`).
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Day of the refusal. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
    /// Document number of the notice.
    #[arg(long, value_name = "NUMBER", default_value = "", hide_default_value = true)]
    pub document: String,
}

/// More time.
#[derive(Debug, Subcommand)]
pub enum ExtendCommand {
    /// Ask for more time on a running handling clock.
    Request(ExtendRequestArgs),
    /// Grant or deny it; never by who asked.
    Decide(ExtendDecideArgs),
}

/// A request for more time.
#[derive(Debug, Args)]
pub struct ExtendRequestArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Calendar days, 1 to 30.
    #[arg(long, value_name = "N")]
    pub days: i32,
    /// Why; sealed.
    #[arg(long)]
    pub text: String,
}

/// A decision on more time.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("decision").required(true).args(["grant", "deny"]))]
pub struct ExtendDecideArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// It is granted.
    #[arg(long)]
    pub grant: bool,
    /// It is denied.
    #[arg(long)]
    pub deny: bool,
}

/// A handling opinion.
#[derive(Debug, Args)]
pub struct OpinionArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Document number.
    #[arg(long, value_name = "NUMBER")]
    pub document: String,
    /// Day of the opinion. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Substance of the opinion; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
    /// Day of receipt by the petitioner, if known.
    #[arg(long, value_name = "DAY")]
    pub delivered_on: Option<Day>,
}

/// A withdrawal.
#[derive(Debug, Args)]
pub struct WithdrawArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Reason code (see `fengqiao rules`).
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Day of the withdrawal. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// In the petitioner's words; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A void.
#[derive(Debug, Args)]
pub struct VoidArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
    /// Reason code (see `fengqiao rules`).
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
    /// Id of the second person who agreed.
    #[arg(long, value_name = "ID")]
    pub approved_by: ActorId,
}

/// An erasure.
#[derive(Debug, Args)]
pub struct EraseArgs {
    /// Which petition.
    #[command(flatten)]
    pub change: ChangeArgs,
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
