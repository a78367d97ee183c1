//! Flags of the changes of a case.

use super::WhichCaseArgs;
use crate::cli::{Consent, Person, SeenArgs, TypeName, Yuan};
use clap::{ArgGroup, Args};
use fengqiao_model::{ActorId, Day, DivisionCode};
use fengqiao_statute::{AgreementForm, CaseSource, Confirmation, Outcome, SessionMode};
use std::path::PathBuf;

/// What every change of a case names.
#[derive(Clone, Debug, Args)]
pub struct CaseChangeArgs {
    /// Which case.
    #[command(flatten)]
    pub which: WhichCaseArgs,
    /// The version seen, and the request.
    #[command(flatten)]
    pub seen: SeenArgs,
}

/// A dispatch.
#[derive(Debug, Args)]
pub struct DispatchArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// The body. Default: the first candidate of the rules.
    #[arg(long, value_name = "BODY", default_value = "", hide_default_value = true)]
    pub to: String,
    /// Reason code of the transition override, when it is not the first candidate.
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A taking.
#[derive(Debug, Args)]
pub struct TakeArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Who consents now; consent given before stands.
    #[arg(long, value_enum, default_value_t = Consent::None, hide_default_value = true)]
    pub consent: Consent,
    /// Id of the mediator.
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub mediator: String,
    /// Day of acceptance. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// A return.
#[derive(Debug, Args)]
pub struct ReturnArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Reason code of the transition return, such as case.no_capacity.
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A case that is not accepted.
#[derive(Debug, Args)]
pub struct DeclineArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Reason code of the transition decline, such as case.reserved.
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A refusal by a party.
#[derive(Debug, Args)]
pub struct RefusalArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Reason code of the transition refuse_mediation, such as case.respondent_refuses.
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A transfer.
#[derive(Debug, Args)]
pub struct TransferArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// The receiving body. Default: it is dispatched later.
    #[arg(long, value_name = "BODY", default_value = "", hide_default_value = true)]
    pub to: String,
    /// Reason code of the transition hand_on, such as case.speciality.
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// An end.
#[derive(Debug, Args)]
pub struct ConcludeArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// agreed, partial, settled_privately, failed, withdrawn or terminated; or the Chinese name.
    #[arg(long)]
    pub outcome: Outcome,
    /// oral or written, for agreed and partial; or the Chinese name.
    #[arg(long)]
    pub form: Option<AgreementForm>,
    /// Reason code, for failed (transition fail) and terminated (transition terminate).
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    pub reason: String,
    /// Amount claimed, in yuan. Default: as it was.
    #[arg(long, value_name = "YUAN")]
    pub claimed: Option<Yuan>,
    /// Amount agreed, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub agreed: Option<Yuan>,
    /// Day by which the agreement is to be performed.
    #[arg(long, value_name = "DAY")]
    pub performance_due: Option<Day>,
    /// Performed at once and in full.
    #[arg(long)]
    pub performed: bool,
    /// Another body goes on with the dispute: reason code of the transition hand_on.
    #[arg(long, value_name = "CODE")]
    pub hand_on: Option<String>,
    /// The receiving body. Default: it is dispatched later.
    #[arg(long, value_name = "BODY", requires = "hand_on", default_value = "", hide_default_value = true)]
    pub hand_on_to: String,
    /// on_site, remote or mixed; or the Chinese name.
    #[arg(long)]
    pub session_mode: Option<SessionMode>,
    /// Day of the end. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// What was agreed, or why not; sealed.
    #[arg(long, default_value = "", hide_default_value = true, conflicts_with = "text_file")]
    pub text: String,
    /// The same from a file; `-`: standard input.
    #[arg(long, value_name = "FILE")]
    pub text_file: Option<PathBuf>,
}

/// Performance.
#[derive(Debug, Args)]
pub struct PerformArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Amount paid on that day, in yuan; added to what was paid before.
    #[arg(long, value_name = "YUAN", required_unless_present = "in_full")]
    pub paid: Option<Yuan>,
    /// The agreement is performed in full.
    #[arg(long)]
    pub in_full: bool,
    /// Day of the payment or act. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Remark; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Judicial confirmation.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("step").required(true).args(["applied_on", "answer"]))]
pub struct ConfirmArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Both parties applied on this day.
    #[arg(long, value_name = "DAY")]
    pub applied_on: Option<Day>,
    /// The court's answer: confirmed, rejected or not_accepted; or the Chinese name.
    #[arg(long)]
    pub answer: Option<Confirmation>,
    /// Reason code of the transition confirmation, for rejected and not_accepted.
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true, requires = "answer")]
    pub reason: String,
}

/// Fields that --clear can empty.
const CLEARED: [&str; 10] = [
    "accepted_on",
    "ended_on",
    "agreement_form",
    "claimed_fen",
    "agreed_fen",
    "paid_fen",
    "performance_due",
    "performed_on",
    "session_mode",
    "mediator",
];

/// A correction.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("fields").required(true).multiple(true).args([
    "dispute_type", "at", "source", "applied_on", "accepted_on", "ended_on", "form", "claimed", "agreed", "paid", "performance_due",
    "performed_on", "party_count", "hard", "session_mode", "mediator", "title", "narrative", "narrative_file", "applicants",
    "respondents", "parties", "clear",
]))]
pub struct CorrectArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Reason code of the transition correct, such as case.typing.
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
    /// Dispute type, code or Chinese name.
    #[arg(long = "type", value_name = "TYPE")]
    pub dispute_type: Option<TypeName>,
    /// Where it arose: division code.
    #[arg(long, value_name = "CODE")]
    pub at: Option<DivisionCode>,
    /// Source, code or Chinese name.
    #[arg(long)]
    pub source: Option<CaseSource>,
    /// Day of the application.
    #[arg(long, value_name = "DAY")]
    pub applied_on: Option<Day>,
    /// Day of acceptance.
    #[arg(long, value_name = "DAY")]
    pub accepted_on: Option<Day>,
    /// Day of the end.
    #[arg(long, value_name = "DAY")]
    pub ended_on: Option<Day>,
    /// Form of the agreement: oral or written.
    #[arg(long)]
    pub form: Option<AgreementForm>,
    /// Amount claimed, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub claimed: Option<Yuan>,
    /// Amount agreed, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub agreed: Option<Yuan>,
    /// Amount paid, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub paid: Option<Yuan>,
    /// Day by which the agreement is to be performed.
    #[arg(long, value_name = "DAY")]
    pub performance_due: Option<Day>,
    /// Day on which it was performed in full.
    #[arg(long, value_name = "DAY")]
    pub performed_on: Option<Day>,
    /// Number of parties.
    #[arg(long, value_name = "N")]
    pub party_count: Option<i32>,
    /// Whether it is hard (疑难复杂).
    #[arg(long, value_name = "true|false")]
    pub hard: Option<bool>,
    /// on_site, remote or mixed.
    #[arg(long)]
    pub session_mode: Option<SessionMode>,
    /// Id of the mediator.
    #[arg(long, value_name = "ID")]
    pub mediator: Option<String>,
    /// Title.
    #[arg(long)]
    pub title: Option<String>,
    /// Narrative.
    #[arg(long, conflicts_with = "narrative_file")]
    pub narrative: Option<String>,
    /// Narrative from a file; `-`: standard input.
    #[arg(long, value_name = "FILE")]
    pub narrative_file: Option<PathBuf>,
    /// Who applies; those named here replace all parties. Once for each.
    #[arg(long = "applicant", value_name = "PARTY")]
    pub applicants: Vec<Person>,
    /// The other side; once for each.
    #[arg(long = "respondent", value_name = "PARTY")]
    pub respondents: Vec<Person>,
    /// A third party, or one whose side is not known; once for each.
    #[arg(long = "party", value_name = "PARTY")]
    pub parties: Vec<Person>,
    /// Empty this field; once for each.
    #[arg(long = "clear", value_name = "FIELD", value_parser = CLEARED)]
    pub clear: Vec<String>,
}

/// A void.
#[derive(Debug, Args)]
pub struct VoidCaseArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Reason code of the transition void_case: case.void_error or case.void_duplicate.
    #[arg(long, value_name = "CODE")]
    pub reason: String,
    /// Id of the second person who agreed.
    #[arg(long, value_name = "ID")]
    pub approved_by: ActorId,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}
