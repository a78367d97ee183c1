//! Repeats (D§1.2): the same person on the same matter. A person confirms it; it links and never merges, and can be taken back.
//!
//! A link always leads to a first petition, never to one that is a repeat itself, so that nobody has to follow a chain.

use super::{Change, Deciding};
use crate::domain::{Rejection, State, StepKind};
use fengqiao_model::{PetitionId, Text};
use fengqiao_statute::MatterClass;

/// The field of the request that names the first one.
const FIRST: &str = "first_petition_id";

/// Links a petition to the one it repeats; to the first of a repeat where that is named.
pub(super) fn link(on: &Deciding<'_>, named: PetitionId, text: &Text) -> Result<Change, Rejection> {
    on.in_state(|state| state != State::Void)?;
    let petition = on.petition;
    if petition.is_repeat() {
        return Err(Rejection::LinkedAlready);
    }
    if on.context.has_repeats {
        return Err(Rejection::LinkChain);
    }
    let first = on.context.first.filter(|(_, first)| on.context.may_touch(first));
    let Some((id, first)) = first else {
        return Err(Rejection::field(FIRST, "is no petition in the caller's divisions"));
    };
    if on.context.id == Some(id) || on.context.id == Some(named) {
        return Err(Rejection::LinkToItself);
    }
    if first.state == State::Void {
        return Err(Rejection::field(FIRST, "was voided"));
    }
    if (first.matter_class == MatterClass::Allegation) != (petition.matter_class == MatterClass::Allegation) {
        return Err(Rejection::field(FIRST, "an allegation repeats allegations only, and nothing else does (XF 30)"));
    }
    if first.registered_on > petition.registered_on {
        let day = first.registered_on;
        return Err(Rejection::field(FIRST, format!("is a later one, of {day}: link that one to this")));
    }
    let mut step = on.step(StepKind::RepeatLinked, on.context.today);
    step.subject = id.to_string();
    step.petition.repeat_of = id.to_string();
    Ok(Change::stepped(step, text))
}

/// Takes a link back.
pub(super) fn unlink(on: &Deciding<'_>, text: &Text) -> Result<Change, Rejection> {
    if !on.petition.is_repeat() {
        return Err(Rejection::NotLinked);
    }
    let mut step = on.step(StepKind::RepeatUnlinked, on.context.today);
    step.subject = std::mem::take(&mut step.petition.repeat_of);
    Ok(Change::stepped(step, text))
}
