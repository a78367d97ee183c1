//! Query codes given anew: for whom, when, and that the code before is void. What a code is, and that it hangs on the petition's key, is
//! known elsewhere.

use super::{Change, Context, Event, Petition, Rejection, SealedContent, State, Step, StepKind};
use fengqiao_model::Text;

/// How a representative can be made sure of: the second factor.
pub const IDENTIFIED_BY: [&str; 3] = ["paper", "phone", "known"];

/// A request for a new code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reissue {
    /// Which representative, from 0.
    pub representative: u32,
    /// How that person was made sure of: one of [`IDENTIFIED_BY`].
    pub identified_by: &'static str,
    /// Why; sealed.
    pub text: Text,
}

/// Whether a representative may get a new code.
pub(super) fn decide(
    petition: &Petition,
    asked: &Reissue,
    forbidden: impl Fn() -> Rejection,
    context: &Context<'_>,
) -> Result<Change, Rejection> {
    if petition.representatives == 0 {
        return Err(Rejection::NoQueryCode);
    }
    if petition.erased {
        return Err(Rejection::PartiesErased);
    }
    if petition.state == State::Void {
        return Err(forbidden());
    }
    if asked.representative >= petition.representatives {
        return Err(Rejection::field("representative", format!("must be from 1 to {}", petition.representatives)));
    }
    let mut step = Step::of(StepKind::CodeReissued, context.today, &context.caller.unit, petition);
    step.subject = format!("{} {}", asked.representative + 1, asked.identified_by);
    let generations = &mut step.petition.code_generations;
    generations.resize(petition.representatives as usize, 0);
    generations[asked.representative as usize] += 1;
    Ok(Change { event: Event::Stepped(Box::new(step)), sealed: SealedContent::step(&asked.text) })
}

/// The representative, from 0, who got a new code by this event.
pub fn reissued(event: &Event) -> Option<u32> {
    let Event::Stepped(step) = event else { return None };
    let number = (step.kind == StepKind::CodeReissued).then(|| step.subject.split(' ').next())??;
    number.parse::<u32>().ok()?.checked_sub(1)
}
