//! Flags of `fengqiao case`: opening and reading. `case/change.rs` has those of the changes.

mod change;
mod work;

pub use change::{
    CaseChangeArgs, ConcludeArgs, ConfirmArgs, CorrectArgs, DeclineArgs, DispatchArgs, PerformArgs, RefusalArgs, ReturnArgs,
    TakeArgs, TransferArgs, VoidCaseArgs,
};
pub use work::WorkCommand;

use super::{Consent, Person, TypeName, Yuan};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use fengqiao_model::{Day, DivisionCode, RequestId};
use fengqiao_statute::{CaseSource, Force};
use std::path::PathBuf;

/// Calls about cases.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Log a dispute and open its first case.
    Open(Box<OpenArgs>),
    /// Where the rules would send a case, and why; writes nothing.
    Propose(WhichCaseArgs),
    /// Send a case where the rules propose, or with a reason elsewhere.
    Dispatch(DispatchArgs),
    /// The body takes the case: its clock begins.
    Take(TakeArgs),
    /// The body gives a dispatched case back.
    Return(ReturnArgs),
    /// Do not accept: reserved, elsewhere already, not our scope, out of time.
    Decline(DeclineArgs),
    /// A party refuses mediation before it begins.
    Refuse(RefusalArgs),
    /// Give an accepted case to another body without an end.
    Transfer(TransferArgs),
    /// End an accepted case, and say whether it is handed on.
    Conclude(Box<ConcludeArgs>),
    /// Record performance of the agreement.
    Perform(PerformArgs),
    /// Record the application for judicial confirmation, or the court's answer.
    Confirm(ConfirmArgs),
    /// The work on a case.
    #[command(flatten)]
    Work(WorkCommand),
    /// Correct what was entered wrongly.
    Correct(Box<CorrectArgs>),
    /// Void an entry made in error; needs a second person.
    Void(VoidCaseArgs),
    /// One case with its dispute, parties, routing decision and history.
    Show(WhichCaseArgs),
    /// Cases by filter, without title, narrative and parties.
    List(ListCasesArgs),
    /// Disputes that may be the same quarrel as this case's.
    Similar(WhichCaseArgs),
    /// What arrived from the petition log and could not be placed.
    Unplaced,
}

/// Which case.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("which_case").required(true).args(["case", "external_ref"]))]
pub struct WhichCaseArgs {
    /// Its id or number.
    pub case: Option<String>,
    /// Its reference in a ledger.
    #[arg(long = "ref", value_name = "REF")]
    pub external_ref: Option<String>,
    /// Ledger of --ref. Default: the unit of the caller.
    #[arg(long, default_value = "", hide_default_value = true, requires = "external_ref")]
    pub ledger: String,
}

/// The dispute as taken down at the desk.
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// Dispute type: code such as T02, or Chinese name (`fengqiao rules --routing` lists them).
    #[arg(long = "type", value_name = "TYPE")]
    pub dispute_type: TypeName,
    /// Where it arose: division code of 2, 4, 6, 9 or 12 digits.
    #[arg(long, value_name = "CODE")]
    pub at: DivisionCode,
    /// applied, initiative, court, police, procuratorate, petition, other_body; or the Chinese name.
    #[arg(long, default_value = "applied")]
    pub source: CaseSource,
    /// Title; at most 200 characters.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub title: String,
    /// Narrative.
    #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "narrative_file")]
    pub narrative: String,
    /// Narrative from a file; `-`: standard input.
    #[arg(long, value_name = "FILE")]
    pub narrative_file: Option<PathBuf>,
    /// Who applies, `NAME[;PHONE[;IDENTITY NUMBER[;ADDRESS]]]`; once for each.
    #[arg(long = "applicant", value_name = "PARTY")]
    pub applicants: Vec<Person>,
    /// The other side; once for each.
    #[arg(long = "respondent", value_name = "PARTY")]
    pub respondents: Vec<Person>,
    /// A third party, or one whose side is not known; once for each.
    #[arg(long = "party", value_name = "PARTY")]
    pub parties: Vec<Person>,
    /// Number of parties. Default: as many as are named, at least 1.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub party_count: i32,
    /// Who consents to mediation.
    #[arg(long, value_enum, default_value_t = Consent::None)]
    pub consent: Consent,
    /// A flag such as violence, emergency, reserved, wages; once for each (`fengqiao rules --routing` lists them).
    #[arg(long = "flag", value_name = "FLAG")]
    pub flags: Vec<String>,
    /// Organs that have it already: police, procuratorate, court, arbitration, reconsideration, health_bureau, market_bureau, petition_office, other; between commas.
    #[arg(long = "already-at", value_name = "ORGAN")]
    pub already_at: Vec<String>,
    /// The body that the parties chose.
    #[arg(long, value_name = "BODY", default_value = "", hide_default_value = true)]
    pub chosen_body: String,
    /// Hard (疑难复杂).
    #[arg(long)]
    pub hard: bool,
    /// Amount claimed, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub claimed: Option<Yuan>,
    /// Business day, at most 30 days back. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Take it at the caller's own body at once; both sides consent.
    #[arg(long, conflicts_with = "dispatch")]
    pub take_here: bool,
    /// Send it at once where the rules propose.
    #[arg(long)]
    pub dispatch: bool,
    /// Ledger of --ref. Default: the unit of the caller.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub ledger: String,
    /// Number in a foreign system.
    #[arg(long = "ref", value_name = "REF", default_value = "", hide_default_value = true)]
    pub external_ref: String,
    /// Check only, write nothing.
    #[arg(long, conflicts_with = "dispatch")]
    pub validate_only: bool,
    /// Id of this request, to repeat one whose answer was lost. Default: a new one.
    #[arg(long, value_name = "UUID")]
    pub request_id: Option<RequestId>,
}

/// Which cases.
#[derive(Debug, Args)]
pub struct ListCasesArgs {
    /// This division and all in it.
    #[arg(long, value_name = "CODE")]
    pub division: Option<DivisionCode>,
    /// The body.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub body: String,
    /// The state.
    #[arg(long, value_enum)]
    pub state: Option<CaseStateName>,
    /// Force, code or Chinese name.
    #[arg(long)]
    pub force: Option<Force>,
    /// Dispute type, code or Chinese name.
    #[arg(long = "type", value_name = "TYPE")]
    pub dispute_type: Option<TypeName>,
    /// Source, code or Chinese name.
    #[arg(long)]
    pub source: Option<CaseSource>,
    /// Applied for on or after this day.
    #[arg(long, value_name = "DAY")]
    pub from: Option<Day>,
    /// Applied for on or before this day.
    #[arg(long, value_name = "DAY")]
    pub to: Option<Day>,
    /// Open, and late on this day.
    #[arg(long, value_name = "DAY")]
    pub overdue_on: Option<Day>,
    /// Only those on which nothing happens: at no body, returned thrice, not dispatched.
    #[arg(long)]
    pub stuck: bool,
    /// Show at most this many; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub limit: usize,
    /// Go on where an earlier answer with the same filter ended.
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    pub page_token: String,
}

/// Where a case can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the contract explains them")]
pub enum CaseStateName {
    Applied,
    Dispatched,
    Returned,
    Accepted,
    Agreed,
    Partial,
    SettledPrivately,
    Failed,
    Withdrawn,
    Terminated,
    Transferred,
    Refused,
    Declined,
    Void,
}
