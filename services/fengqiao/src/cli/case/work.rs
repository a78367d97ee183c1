//! Flags of the work on a case, between its acceptance and its bound file.

use super::CaseChangeArgs;
use crate::cli::Yuan;
use clap::{Args, Subcommand};
use fengqiao_model::Day;
use std::str::FromStr;

/// The work on a case.
#[derive(Debug, Subcommand)]
pub enum WorkCommand {
    /// A side consents, or consents no more while the case is pending.
    Consent(ConsentArgs),
    /// Put a mediator on the case, or in the place of one.
    AssignMediator(AssignMediatorArgs),
    /// Take a mediator off the case who may not mediate it.
    RecuseMediator(RecuseMediatorArgs),
    /// Fix the time of a session, or move it.
    ScheduleSession(ScheduleSessionArgs),
    /// A session was held or missed.
    RecordSession(RecordSessionArgs),
    /// Begin a time that the clock does not count.
    SuspendClock(SuspendClockArgs),
    /// End it.
    ResumeClock(ResumeClockArgs),
    /// More time, agreed by both sides.
    ExtendClock(ExtendClockArgs),
    /// Another body assists.
    Join(JoinArgs),
    /// It assists no more.
    Leave(LeaveArgs),
    /// Raise a risk to life or order.
    RaiseRisk(RaiseRiskArgs),
    /// Say how a risk was handled.
    ResolveRisk(ResolveRiskArgs),
    /// Plan a follow-up visit, or record one.
    FollowUp(FollowUpArgs),
    /// Difficulty, risk level and tendencies.
    Grade(GradeArgs),
    /// Name the leader who takes the case on, or nobody any more.
    AssignLeader(AssignLeaderArgs),
    /// Amend an agreement with both sides' consent.
    AmendAgreement(AmendAgreementArgs),
    /// Annul an agreement; needs a second person.
    AnnulAgreement(AnnulAgreementArgs),
    /// Divide the performance into instalments.
    PlanPerformance(PlanPerformanceArgs),
    /// What became of one instalment.
    PayInstalment(PayInstalmentArgs),
    /// Take on a court's referral, or send the case to the court.
    ReferToCourt(ReferToCourtArgs),
    /// Report a referred case back to the court.
    ReportToCourt(ReportToCourtArgs),
    /// Bind the file of an ended case.
    Archive(ArchiveArgs),
}

/// An instalment as typed: `DAY:YUAN`.
#[derive(Clone, Debug)]
pub struct Part {
    /// Day on which it is due.
    pub due: Day,
    /// How much.
    pub amount: Yuan,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (day, amount) = text.split_once([':', '：']).ok_or("must be DAY:YUAN, such as 2024-06-30:5000")?;
        let due = day.parse().map_err(|_| "must begin with a day such as 2024-06-30".to_owned())?;
        Ok(Self { due, amount: amount.parse()? })
    }
}

/// A side consents, or consents no more while the case is pending.
#[derive(Debug, Args)]
pub struct ConsentArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// applicant or respondent.
    #[arg(long)]
    pub side: String,
    /// It consents no more.
    #[arg(long)]
    pub withdrawn: bool,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub consented_on: Option<Day>,
    /// How it was said; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Put a mediator on the case, or in the place of one.
#[derive(Debug, Args)]
pub struct AssignMediatorArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Id of the mediator.
    #[arg(long)]
    pub mediator: String,
    /// Id of the mediator who leaves the case.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub instead_of: String,
    /// The parties chose.
    #[arg(long)]
    pub chosen_by_parties: bool,
    /// First day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub from_on: Option<Day>,
}

/// Take a mediator off the case who may not mediate it.
#[derive(Debug, Args)]
pub struct RecuseMediatorArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Id of the mediator.
    #[arg(long)]
    pub mediator: String,
    /// Reason code of the transition recuse, such as case.recuse_interest.
    #[arg(long)]
    pub reason: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Fix the time of a session, or move it.
#[derive(Debug, Args)]
pub struct ScheduleSessionArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Id of a session that moves.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub session_id: String,
    /// Begin, such as 2024-05-06T14:30.
    #[arg(long)]
    pub starts_at: String,
    /// Planned length in minutes.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub minutes: i32,
    /// on_site, remote or mixed.
    #[arg(long, default_value = "on_site")]
    pub mode: String,
    /// Code of the room.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub room: String,
    /// Id of a mediator; once for each. Default: those of the case.
    #[arg(long = "mediator", value_name = "MEDIATOR")]
    pub mediators: Vec<String>,
    /// Day on which the parties were told. Default: today.
    #[arg(long, value_name = "DAY")]
    pub notified_on: Option<Day>,
    /// Place in words, or link; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// A session was held or missed.
#[derive(Debug, Args)]
pub struct RecordSessionArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Id of the planned session. Default: it was not planned.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub session_id: String,
    /// Begin, such as 2024-05-06T14:30. Default: as planned.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub held_at: String,
    /// Length in minutes; 0 for a missed one.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub minutes: i32,
    /// on_site, remote or mixed. Default: as planned.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub mode: String,
    /// applicant, respondent, both or mediator.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub missed_by: String,
    /// Kind of an invited helper such as relative, expert, lawyer; once for each.
    #[arg(long = "invited", value_name = "INVITED")]
    pub invited: Vec<String>,
    /// Both sides consented to the helpers.
    #[arg(long)]
    pub invited_consented: bool,
    /// It was recorded.
    #[arg(long)]
    pub recorded: bool,
    /// Both sides consented to the recording.
    #[arg(long)]
    pub recording_consented: bool,
    /// The record of the session; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub minutes_text: String,
}

/// Begin a time that the clock does not count.
#[derive(Debug, Args)]
pub struct SuspendClockArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Cause code, such as medical_appraisal.
    #[arg(long)]
    pub cause: String,
    /// Its document.
    #[arg(long)]
    pub document_number: String,
    /// First day that is not counted. Default: today.
    #[arg(long, value_name = "DAY")]
    pub from_on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// End it.
#[derive(Debug, Args)]
pub struct ResumeClockArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Cause code.
    #[arg(long)]
    pub cause: String,
    /// Last day that is not counted. Default: today.
    #[arg(long, value_name = "DAY")]
    pub until_on: Option<Day>,
}

/// More time, agreed by both sides.
#[derive(Debug, Args)]
pub struct ExtendClockArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Days in the clock's own unit.
    #[arg(long, value_name = "N")]
    pub amount: i32,
    /// The applicant agrees.
    #[arg(long)]
    pub applicant_agrees: bool,
    /// The other side agrees.
    #[arg(long)]
    pub respondent_agrees: bool,
    /// Its document.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub document_number: String,
    /// Why; sealed.
    #[arg(long)]
    pub text: String,
}

/// Another body assists.
#[derive(Debug, Args)]
pub struct JoinArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Code of the body.
    #[arg(long)]
    pub body: String,
    /// First day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub from_on: Option<Day>,
}

/// It assists no more.
#[derive(Debug, Args)]
pub struct LeaveArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Code of the body.
    #[arg(long)]
    pub body: String,
    /// Last day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub until_on: Option<Day>,
}

/// Raise a risk to life or order.
#[derive(Debug, Args)]
pub struct RaiseRiskArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// crime, group_petition, armed_fight, suicide or other.
    #[arg(long)]
    pub kind: String,
    /// How many persons it is about.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub persons: i32,
    /// It was reported to the police.
    #[arg(long)]
    pub reported_to_police: bool,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub raised_on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Say how a risk was handled.
#[derive(Debug, Args)]
pub struct ResolveRiskArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Its place in the list of the case, from 1.
    #[arg(long, value_name = "N")]
    pub risk: i32,
    /// It was averted: counts as prevented.
    #[arg(long)]
    pub averted: bool,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub resolved_on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Plan a follow-up visit, or record one.
#[derive(Debug, Args)]
pub struct FollowUpArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Day for which one is planned.
    #[arg(long, value_name = "DAY")]
    pub planned_on: Option<Day>,
    /// Day of a visit made.
    #[arg(long, value_name = "DAY")]
    pub visited_on: Option<Day>,
    /// performed, performing, not_performed, dispute_again or unreachable.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub result: String,
    /// satisfied, basically or dissatisfied.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub satisfaction: String,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Difficulty, risk level and tendencies.
#[derive(Debug, Args)]
pub struct GradeArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// simple, ordinary, hard or major.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub difficulty: String,
    /// high, medium or low.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub risk_level: String,
    /// 民转刑倾向.
    #[arg(long)]
    pub may_turn_criminal: bool,
    /// 群体上访倾向.
    #[arg(long)]
    pub may_become_group: bool,
    /// 影响稳定倾向.
    #[arg(long)]
    pub may_disturb_order: bool,
}

/// Name the leader who takes the case on, or nobody any more.
#[derive(Debug, Args)]
pub struct AssignLeaderArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Id of the leader.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub leader: String,
    /// By when.
    #[arg(long, value_name = "DAY")]
    pub due_on: Option<Day>,
}

/// Amend an agreement with both sides' consent.
#[derive(Debug, Args)]
pub struct AmendAgreementArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Amount agreed, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub agreed: Yuan,
    /// Day by which it is to be performed.
    #[arg(long, value_name = "DAY")]
    pub performance_due: Option<Day>,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub amended_on: Option<Day>,
    /// Its number.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub document_number: String,
    /// What was agreed; sealed.
    #[arg(long)]
    pub text: String,
}

/// Annul an agreement; needs a second person.
#[derive(Debug, Args)]
pub struct AnnulAgreementArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Reason code of the transition annul, such as case.annul_sham.
    #[arg(long)]
    pub reason: String,
    /// Id of the second person.
    #[arg(long)]
    pub approved_by: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub annulled_on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Divide the performance into instalments.
#[derive(Debug, Args)]
pub struct PlanPerformanceArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// One instalment as DAY:YUAN; once for each.
    #[arg(long = "instalment", value_name = "DAY:YUAN", required = true)]
    pub instalments: Vec<Part>,
}

/// What became of one instalment.
#[derive(Debug, Args)]
pub struct PayInstalmentArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Its place in the plan, from 1.
    #[arg(long, value_name = "N")]
    pub instalment: i32,
    /// Paid in all on it, in yuan.
    #[arg(long, value_name = "YUAN")]
    pub paid: Yuan,
    /// Reason code of the transition default.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub default_reason: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub paid_on: Option<Day>,
    /// Explanation; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub text: String,
}

/// Take on a court's referral, or send the case to the court.
#[derive(Debug, Args)]
pub struct ReferToCourtArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// in or out.
    #[arg(long)]
    pub direction: String,
    /// before_filing, after_filing_ordinary or after_filing_summary, for in.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub kind: String,
    /// The court.
    #[arg(long)]
    pub court: String,
    /// The court's number.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub case_number: String,
    /// Day on which the materials were signed for. Default: today.
    #[arg(long, value_name = "DAY")]
    pub on: Option<Day>,
}

/// Report a referred case back to the court.
#[derive(Debug, Args)]
pub struct ReportToCourtArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// Document of the report.
    #[arg(long)]
    pub document_number: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub reported_on: Option<Day>,
}

/// Bind the file of an ended case.
#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// Which case.
    #[command(flatten)]
    pub change: CaseChangeArgs,
    /// A paper in the file by its code; once for each.
    #[arg(long = "paper", value_name = "PAPER")]
    pub papers: Vec<String>,
    /// Code of the retention class, such as years_30.
    #[arg(long)]
    pub retention: String,
    /// Why a required paper is missing; sealed.
    #[arg(long, default_value = "", hide_default_value = true)]
    pub gap_explained: String,
    /// Day. Default: today.
    #[arg(long, value_name = "DAY")]
    pub archived_on: Option<Day>,
}
