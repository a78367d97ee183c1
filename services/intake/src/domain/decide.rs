//! What the rules answer to a command: the changes that follow, or why not. This file knows who may be asked and what all decisions
//! have in common; each step's own rules stand in the file of its stage.

mod again;
mod between_units;
mod close;
mod correct;
mod handle;
mod log;
mod review;

use super::{
    Command, Context, Event, Petition, Receipt, Rejection, SealedContent, State, Step, StepKind, code, route, supervise,
};
use fengqiao_model::{Day, Text};
use fengqiao_statute::{MatterClass, Reason};

pub(super) use handle::handling_clock;

/// One event and what of it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happened.
    pub event: Event,
    /// Its personal part.
    pub sealed: Option<SealedContent>,
}

impl Change {
    fn open(event: Event) -> Self {
        Self { event, sealed: None }
    }

    fn with_text(event: Event, text: &Text) -> Self {
        Self { event, sealed: SealedContent::step(text) }
    }

    pub(super) fn stepped(step: Step, text: &Text) -> Self {
        Self::with_text(Event::Stepped(Box::new(step)), text)
    }
}

/// What the rules answer to `command` on the petition `state`; never performs anything. The number of a new petition is left
/// empty: it is given when everything else is certain.
pub fn decide(state: Option<&Petition>, command: &Command, context: &Context<'_>) -> Result<Change, Rejection> {
    let change = answer(state, command, context)?;
    if let Some(unit) = command.unit() {
        context.units.may_receive(unit.as_str(), change.event.occurred_on())?;
    }
    Ok(change)
}

fn answer(state: Option<&Petition>, command: &Command, context: &Context<'_>) -> Result<Change, Rejection> {
    if let Command::Log(new) = command {
        return match state {
            Some(_) => Err(Rejection::PetitionExists),
            None => log::log(new, context),
        };
    }
    let petition = state.ok_or(Rejection::PetitionNotFound)?;
    if !context.may_touch(petition) {
        return Err(Rejection::PetitionNotFound);
    }
    let on = Deciding { petition, command, context };
    match command {
        Command::Log(_) => Err(Rejection::PetitionExists),
        Command::Transfer(hand_over) => between_units::hand_over(&on, hand_over, None),
        Command::Assign { hand_over, feedback_due } => between_units::hand_over(&on, hand_over, Some(*feedback_due)),
        Command::ReportAssignment { on: day, document_number, text } => between_units::report(&on, *day, document_number, text),
        Command::Object { on: day, reason, text } => between_units::object(&on, *day, reason, text),
        Command::DecideObjection { on: day, upheld, document_number, text } => {
            between_units::decide_objection(&on, *day, *upheld, document_number, text)
        }
        Command::Accept { on: day, responsible_unit, document_number } => {
            handle::accept(&on, *day, responsible_unit.as_ref(), document_number)
        }
        Command::Refuse { on: day, reason, text, document_number } => close::refuse(&on, *day, reason, text, document_number),
        Command::Divert(ending) => close::divert(&on, ending),
        Command::Consult(ending) => close::consult(&on, ending),
        Command::Answer(issue) => close::answer(&on, issue),
        Command::Forward(ending) => close::forward(&on, ending),
        Command::RequestExtension { days, text } => handle::request_extension(&on, *days, text),
        Command::DecideExtension { granted } => handle::decide_extension(&on, *granted),
        Command::RecordHearing { from, until, document_number, text } => {
            handle::record_hearing(&on, *from, *until, document_number, text)
        }
        Command::IssueOpinion(issue) => handle::issue_opinion(&on, issue),
        Command::Settle(issue) => close::settle(&on, issue),
        Command::RecordDelivery { paper, receipt } => review::record_delivery(&on, *paper, *receipt),
        Command::RequestReview { on: day, unit, text } => review::request(&on, &review::REVIEW, *day, unit.as_ref(), text),
        Command::IssueReview(issue) => review::issue(&on, &review::REVIEW, issue),
        Command::RequestRereview { on: day, unit, text } => review::request(&on, &review::REREVIEW, *day, unit.as_ref(), text),
        Command::IssueRereview(issue) => review::issue(&on, &review::REREVIEW, issue),
        Command::Rate { on: day, office, unit } => again::rate(&on, *day, *office, *unit),
        Command::Reopen { on: day, reason, text, approved_by } => again::reopen(&on, *day, reason, text, approved_by),
        Command::Correct(asked) => correct::correct(&on, asked),
        Command::FlagUrgent { on: day, reported_on, text } => again::flag_urgent(&on, *day, *reported_on, text),
        Command::Withdraw { on: day, reason, text } => close::withdraw(&on, *day, reason, text),
        Command::Supervise(asked) => supervise::press(petition, command, asked, context),
        Command::ExplainSupervision(asked) => supervise::explain(petition, asked, context),
        Command::ReissueQueryCode(asked) => code::decide(petition, asked, || on.forbidden(), context),
        Command::RouteToMediation(asked) => route::decide(petition, asked, || on.forbidden(), context),
        Command::Void { reason, text, approved_by } => close::void(&on, reason, text, approved_by),
        Command::EraseParties { approved_by } => close::erase(&on, approved_by),
    }
}

/// One decision: the petition as it stands, what is asked of it, and by whom on which day.
struct Deciding<'a> {
    petition: &'a Petition,
    command: &'a Command,
    context: &'a Context<'a>,
}

impl<'a> Deciding<'a> {
    /// That this state does not allow it.
    fn forbidden(&self) -> Rejection {
        Rejection::state(self.command, self.petition.state)
    }

    /// Whether the state is one of those that allow it.
    fn in_state(&self, allowed: impl Fn(State) -> bool) -> Result<(), Rejection> {
        if allowed(self.petition.state) { Ok(()) } else { Err(self.forbidden()) }
    }

    /// Whether the matter is of a class that the law has it for.
    fn of_class(&self, allowed: impl Fn(MatterClass) -> bool) -> Result<(), Rejection> {
        let class = self.petition.matter_class;
        if allowed(class) { Ok(()) } else { Err(Rejection::WrongClass { call: self.command.name(), class }) }
    }

    /// A step of a kind, on a day, and the petition so far.
    fn step(&self, kind: StepKind, on: Day) -> Step {
        Step::of(kind, on, &self.context.caller.unit, self.petition)
    }

    /// The business day of a step: not before the last one.
    fn day(&self, field: &'static str, given: Option<Day>) -> Result<Day, Rejection> {
        business_day(field, given, self.follows(), self.context)
    }

    /// The day of the last step that the petition tells of.
    fn follows(&self) -> Day {
        let p = self.petition;
        let way = p.routings.last();
        let days = [
            Some(p.registered_on),
            way.map(|way| way.on),
            way.and_then(|way| way.objected_on),
            p.accepted_on,
            p.concluded_on,
            p.reopened_on,
            p.review_requested_on,
            p.reviewed_on,
            p.rereview_requested_on,
            p.rereviewed_on,
        ];
        // A clock that runs began with a step: what ends it cannot lie before.
        let begun = p.running().map(|run| run.terms.started_on);
        days.into_iter().flatten().chain(begun).max().unwrap_or(p.registered_on)
    }

    /// The reason with this code, of those for a transition.
    fn reason(&self, code: &str, transition: &str, on: Day) -> Result<&'a Reason, Rejection> {
        let known = self.context.law.reasons.for_transition(transition, on);
        known.iter().copied().find(|reason| reason.code == code).ok_or_else(|| {
            let codes: Vec<_> = known.iter().map(|reason| reason.code.as_str()).collect();
            Rejection::field("reason", format!("must be one of {}", codes.join(", ")))
        })
    }

    /// The version of the reason list.
    fn list_version(&self) -> String {
        self.context.law.reasons.version().to_owned()
    }

    /// Puts a reason into a step.
    fn give_reason(&self, step: &mut Step, reason: &Reason) {
        step.reason.clone_from(&reason.code);
        step.list_version = self.list_version();
    }

    /// Checks when the petitioner received a paper of a day, and notes it on the step.
    fn received(&self, step: &mut Step, receipt: Option<Receipt>) -> Result<(), Rejection> {
        let Some(receipt) = receipt else { return Ok(()) };
        not_before("delivered_on", receipt.on, step.on, "the paper")?;
        not_after_today("delivered_on", receipt.on, self.context)?;
        step.delivered_on = Some(receipt.on);
        step.delivered_by = receipt.means.map_or("", |means| means.code()).to_owned();
        Ok(())
    }
}

/// A business day: today when not given, at most so many days back, not in the future, not before what it follows.
pub(super) fn business_day(
    field: &'static str,
    given: Option<Day>,
    earliest: Day,
    context: &Context<'_>,
) -> Result<Day, Rejection> {
    let day = given.unwrap_or(context.today);
    not_after_today(field, day, context)?;
    not_before(field, day, earliest, "the step it follows")?;
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

fn number(text: &Text) -> String {
    text.as_str().to_owned()
}
