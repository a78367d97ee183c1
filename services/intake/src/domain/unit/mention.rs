//! Which units an event of a petition names, and which one it shows at work.

use crate::domain::{Event, StepKind};
use fengqiao_model::Day;

/// The units that an event names; may be empty texts. The office of the actor is not among them: it comes from the identity.
pub fn named_by(event: &Event) -> Vec<&str> {
    match event {
        Event::Registered(petition) | Event::Imported(petition) | Event::Advanced(petition) => vec![&petition.responsible_unit],
        Event::Accepted { responsible_unit, .. } => vec![responsible_unit],
        Event::Stepped(step) => {
            vec![&step.petition.responsible_unit, &step.petition.review_unit, &step.petition.rereview_unit]
        }
        _ => Vec::new(),
    }
}

/// The unit that logged something, and the business day.
pub fn logged_by(event: &Event) -> Option<(&str, Day)> {
    match event {
        Event::Registered(petition) | Event::Imported(petition) => Some((petition.unit.as_str(), petition.registered_on)),
        Event::Accepted { on, responsible_unit, .. } => Some((responsible_unit, *on)),
        Event::Stepped(step) if !by_the_house(step.kind) => Some((step.unit.as_str(), step.on)),
        _ => None,
    }
}

/// Steps that the product takes by itself, or that press a unit: nobody in it did anything.
fn by_the_house(kind: StepKind) -> bool {
    matches!(kind, StepKind::Moved | StepKind::ClockLapsed | StepKind::ClockRestated | StepKind::Supervised)
}
