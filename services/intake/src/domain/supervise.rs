//! Supervision (XF 40): a measure against the unit that owes something, and the explanation it asked for. Anybody of the petition office
//! may press another unit, nobody his own; the lamp that turned red presses by itself (see `lapse`).

use super::{Change, Command, Context, Petition, Rejection, State, Step, StepKind, Supervision, decide::business_day};
use fengqiao_model::{Day, Text, Token};

/// How hard a unit is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// 提醒.
    Reminder,
    /// 黄牌.
    Yellow,
    /// 红牌.
    Red,
    /// 督办通知: in writing.
    Notice,
    /// 提级: to the leader or the level above.
    Escalation,
}

impl Measure {
    /// Every measure, the gentlest first.
    pub const ALL: [Measure; 5] = [Measure::Reminder, Measure::Yellow, Measure::Red, Measure::Notice, Measure::Escalation];

    /// The code on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Measure::Reminder => "reminder",
            Measure::Yellow => "yellow",
            Measure::Red => "red",
            Measure::Notice => "notice",
            Measure::Escalation => "escalation",
        }
    }

    /// Whether it has to say until when an explanation is due.
    fn demands(self) -> bool {
        matches!(self, Measure::Notice | Measure::Escalation)
    }
}

/// A measure as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    pub measure: Measure,
    /// The one that handles it when not given.
    pub unit: Option<Token>,
    /// Today when not given.
    pub on: Option<Day>,
    pub explanation_due: Option<Day>,
    pub document_number: Text,
    pub text: Text,
}

/// An explanation as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Which measure, from 1; 0 is the oldest that waits.
    pub supervision: u32,
    /// Today when not given.
    pub on: Option<Day>,
    pub document_number: Text,
    pub text: Text,
}

/// At most so many days until an explanation is due.
const LONGEST: i32 = 366;

pub(super) fn press(petition: &Petition, command: &Command, asked: &Pressed, context: &Context<'_>) -> Result<Change, Rejection> {
    if matches!(petition.state, State::Void | State::Withdrawn | State::ConsultOnly) {
        return Err(Rejection::state(command, petition.state));
    }
    let on = business_day("supervised_on", asked.on, petition.registered_on, context)?;
    let unit = match &asked.unit {
        Some(unit) => unit.to_string(),
        None if petition.responsible_unit.is_empty() => petition.unit.to_string(),
        None => petition.responsible_unit.clone(),
    };
    if unit == context.caller.unit.as_str() {
        return Err(Rejection::field("unit", "must not be the caller's own: nobody supervises himself"));
    }
    match asked.explanation_due {
        None if asked.measure.demands() => {
            return Err(Rejection::field(
                "explanation_due",
                "must not be empty: a notice and an escalation demand an explanation",
            ));
        }
        Some(due) if due <= on || due.days_since(on) > LONGEST => {
            return Err(Rejection::field("explanation_due", format!("must be after the measure, at most {LONGEST} days")));
        }
        _ => {}
    }
    if asked.measure == Measure::Notice && asked.document_number.as_str().is_empty() {
        return Err(Rejection::field("document_number", "must not be empty: a notice is in writing"));
    }
    let mut step = Step::of(StepKind::Supervised, on, &context.caller.unit, petition);
    asked.measure.code().clone_into(&mut step.subject);
    step.to_unit.clone_from(&unit);
    step.until = asked.explanation_due;
    asked.document_number.as_str().clone_into(&mut step.document_number);
    step.petition.supervisions.push(Supervision {
        measure: asked.measure.code().to_owned(),
        on,
        unit,
        rule: String::new(),
        explanation_due: asked.explanation_due,
        explained_on: None,
    });
    Ok(Change::stepped(step, &asked.text))
}

pub(super) fn explain(petition: &Petition, asked: &Explained, context: &Context<'_>) -> Result<Change, Rejection> {
    let waits = |supervision: &Supervision| supervision.explained_on.is_none();
    let at = match asked.supervision {
        0 => petition.supervisions.iter().position(|one| waits(one) && one.explanation_due.is_some()),
        number => Some(number as usize - 1).filter(|at| petition.supervisions.get(*at).is_some_and(waits)),
    };
    let at = at.ok_or(Rejection::NothingToExplain)?;
    let on = business_day("explained_on", asked.on, petition.supervisions[at].on, context)?;
    let mut step = Step::of(StepKind::SupervisionExplained, on, &context.caller.unit, petition);
    step.subject.clone_from(&petition.supervisions[at].measure);
    step.until = petition.supervisions[at].explanation_due;
    asked.document_number.as_str().clone_into(&mut step.document_number);
    step.petition.supervisions[at].explained_on = Some(on);
    Ok(Change::stepped(step, &asked.text))
}
