//! What the rules answer to a command: the changes that follow, or why not.

mod agreement;
mod body;
mod correct;
mod dispatch;
mod dispute;
mod end;
mod open;
mod work;

pub use body::decide_body;
pub use dispute::decide_dispute;
pub(super) use dispute::linked;
pub(super) use open::blank;
pub use open::open;
pub use work::Booked;

use super::{
    Case, CaseState, Change, Command, Context, Dispute, Group, House, Inputs, Kind, Loaded, Rejection, SealedContent,
    draft::{Draft, Step},
};
use fengqiao_model::{CaseId, Day, DisputeId, Text};

/// One case, its dispute and its group, in front of a command.
struct Desk<'a> {
    group: &'a Group,
    dispute_id: DisputeId,
    dispute: &'a Dispute,
    case: &'a Case,
    /// The id of the case that a transfer or hand-on opens.
    next: CaseId,
    house: &'a House,
    context: &'a Context<'a>,
}

/// What the rules answer to a command about the case `case` of `dispute`, which is one of `group`. `next` is a fresh id for the case
/// that a transfer or hand-on opens. The first change is that of the dispute itself; others restate the disputes it is linked with.
pub fn decide_case(
    group: &Group,
    dispute: DisputeId,
    case: CaseId,
    next: CaseId,
    command: &Command,
    house: &House,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    if matches!(command, Command::Open(_)) {
        return Err(Rejection::DisputeExists);
    }
    let facts = group.dispute(dispute).filter(|facts| context.may_touch(facts)).ok_or(Rejection::CaseNotFound)?;
    let standing = facts.case(case).ok_or(Rejection::CaseNotFound)?;
    let desk = Desk { group, dispute_id: dispute, dispute: facts, case: standing, next, house, context };
    desk.allows(command)?;
    match command {
        Command::Open(_) => Err(Rejection::DisputeExists),
        Command::Dispatch { body, override_reason, text } => desk.dispatch(body.as_ref(), override_reason, text),
        Command::Take { on, applicant_consents, respondent_consents, mediator } => {
            desk.take(*on, *applicant_consents, *respondent_consents, mediator)
        }
        Command::Return { reason, text } => desk.give_back(reason, text),
        Command::Decline { on, reason, text } => desk.decline(*on, reason, text),
        Command::RecordRefusal { on, reason, text } => desk.refuse(*on, reason, text),
        Command::Transfer { on, to_body, reason, text } => desk.transfer(*on, to_body.as_ref(), reason, text),
        Command::Conclude(conclusion) => desk.conclude(conclusion),
        Command::Perform { on, paid_fen, in_full, text } => desk.perform(*on, *paid_fen, *in_full, text),
        Command::ApplyConfirmation { on } => desk.apply_confirmation(*on),
        Command::AnswerConfirmation { confirmation, reason } => desk.answer_confirmation(*confirmation, reason),
        Command::Correct { correction, reason, text } => desk.correct(correction, reason, text),
        Command::Void { reason, text, approved_by } => desk.void(reason, text, approved_by),
        Command::Work(work) => desk.work(work),
    }
}

impl Desk<'_> {
    /// Whether the state allows the call, and the caller speaks for the case's body where the body has to speak.
    fn allows(&self, command: &Command) -> Result<(), Rejection> {
        let state = self.case.state;
        let allowed = match command {
            Command::Open(_) => false,
            Command::Dispatch { .. } => matches!(state, CaseState::Applied | CaseState::Returned),
            Command::Take { .. } | Command::Return { .. } => state == CaseState::Dispatched,
            Command::Decline { .. } | Command::RecordRefusal { .. } => state.is_pending(),
            Command::Transfer { .. } | Command::Conclude(_) => state == CaseState::Accepted,
            Command::Perform { .. } | Command::ApplyConfirmation { .. } | Command::AnswerConfirmation { .. } => state.is_ended(),
            Command::Correct { .. } | Command::Void { .. } => state != CaseState::Void,
            Command::Work(work) => self.allows_work(work),
        };
        if !allowed {
            return Err(Rejection::state(command, state));
        }
        let anybody = match command {
            // Permissions of the call say who may.
            Command::Open(_) | Command::Dispatch { .. } | Command::Correct { .. } | Command::Void { .. } => true,
            // The desk that logged it may write down that the other side will not have it.
            Command::RecordRefusal { .. } => self.case.body.is_empty(),
            Command::Work(work) => work.is_anybodys(),
            _ => false,
        };
        if !anybody && !self.context.speaks_for(&self.case.body) {
            let body = if self.case.body.is_empty() { "no body".to_owned() } else { self.case.body.clone() };
            return Err(Rejection::NotThisBody { body });
        }
        Ok(())
    }

    fn draft(&self) -> Draft {
        Draft::of(self.group, self.dispute_id)
    }

    /// The events of a step that changes this case only, and does so with `change`.
    fn changes(&self, step: Step, change: impl FnOnce(&mut Case)) -> Vec<Change> {
        let mut draft = self.draft();
        if let Some(case) = draft.case(self.case.id) {
            change(case);
        }
        draft.changes(step, Kind::Restated)
    }

    fn inputs(&self) -> Inputs {
        super::routing::inputs_of(self.group, self.dispute, self.case, self.context)
    }

    /// A step with a reason code and a free text.
    fn step(&self, kind: Kind, on: Day, reason: &str, text: &Text) -> Step {
        let version = if reason.is_empty() { "" } else { self.context.law.reasons.version() };
        Step::new(kind, on).because(reason, version).sealing(SealedContent::step(text))
    }

    fn business_day(&self, field: &'static str, given: Option<Day>, earliest: Option<Day>) -> Result<Day, Rejection> {
        business_day(field, given, earliest.or(Some(self.case.applied_on)), self.context)
    }

    fn reason(&self, field: &'static str, code: &str, transition: &str, on: Day) -> Result<(), Rejection> {
        reason_code(field, code, transition, on, self.context)
    }
}

/// A body that is to get the case: known, at work, competent, with room, and not forbidden to mediate it.
fn receiving_body<'h>(
    house: &'h House,
    code: &str,
    dispute_type: &str,
    inputs: &Inputs,
    context: &Context<'_>,
) -> Result<&'h Loaded, Rejection> {
    let loaded = able_body(house, code, dispute_type, context)?;
    if loaded.body.capacity > 0 && loaded.open >= loaded.body.capacity {
        return Err(Rejection::BodyFull { code: code.to_owned(), open: loaded.open });
    }
    match context.law.routing.forbidding(inputs, loaded.body.force) {
        Some(rule) => Err(Rejection::NotDispatchable { rule: rule.id.clone(), source_article: rule.source.clone() }),
        None => Ok(loaded),
    }
}

/// A body that is known, at work today and competent.
fn able_body<'h>(house: &'h House, code: &str, dispute_type: &str, context: &Context<'_>) -> Result<&'h Loaded, Rejection> {
    let loaded = house.find(code).ok_or_else(|| Rejection::BodyNotFound { code: code.to_owned() })?;
    if !loaded.body.is_active(context.today) {
        return Err(Rejection::BodyClosed { code: code.to_owned(), day: context.today });
    }
    if !loaded.body.is_competent(dispute_type) {
        return Err(Rejection::BodyNotCompetent { code: code.to_owned(), dispute_type: dispute_type.to_owned() });
    }
    Ok(loaded)
}

fn reason_code(field: &'static str, code: &str, transition: &str, on: Day, context: &Context<'_>) -> Result<(), Rejection> {
    let known = context.law.reasons.for_transition(transition, on);
    if known.iter().any(|reason| reason.code == code) {
        return Ok(());
    }
    let codes: Vec<_> = known.iter().map(|reason| reason.code.as_str()).collect();
    Err(Rejection::field(field, format!("must be one of {}", codes.join(", "))))
}

/// A business day: today when not given, at most so many days back, not in the future, not before what it follows.
fn business_day(field: &'static str, given: Option<Day>, earliest: Option<Day>, context: &Context<'_>) -> Result<Day, Rejection> {
    let day = given.unwrap_or(context.today);
    not_after_today(field, day, context)?;
    if let Some(earliest) = earliest {
        not_before(field, day, earliest, "the step it follows")?;
    }
    if context.today.days_since(day) > context.days_back {
        return Err(Rejection::field(field, format!("must be at most {} days back", context.days_back)));
    }
    Ok(day)
}

fn not_after_today(field: &'static str, day: Day, context: &Context<'_>) -> Result<(), Rejection> {
    if day > context.today {
        return Err(Rejection::field(field, format!("must not be after today ({})", context.today)));
    }
    Ok(())
}

fn not_before(field: &'static str, day: Day, earliest: Day, what: &str) -> Result<(), Rejection> {
    if day < earliest {
        return Err(Rejection::field(field, format!("must not be before the day of {what} ({earliest})")));
    }
    Ok(())
}

/// A group that takes no more cases.
fn full(field: &'static str) -> Rejection {
    Rejection::field(field, format!("belongs to a dispute of {} cases, the most there can be", Group::MOST_CASES))
}

/// Amounts are whole fen, and not beyond all reason.
fn amount(field: &'static str, fen: i64) -> Result<(), Rejection> {
    const MOST: i64 = 1_000_000_000_000_000;
    if (0..=MOST).contains(&fen) { Ok(()) } else { Err(Rejection::field(field, format!("must be from 0 to {MOST} fen"))) }
}
