//! What becomes of a petition when its unit is taken over.

use crate::domain::{Petition, Step, StepKind};
use fengqiao_model::Day;

/// The step by which an open item of a unit goes to the one that took over: its state and clocks go on. `None` for an item that is
/// not, or no longer, an open one of that unit: concluded ones keep it.
pub fn moved(petition: &Petition, from: &str, to: &str, on: Day) -> Option<Step> {
    if !petition.state.is_open() || petition.responsible_unit != from {
        return None;
    }
    let mut step = Step::of(StepKind::Moved, on, &petition.unit, petition);
    to.clone_into(&mut step.to_unit);
    from.clone_into(&mut step.subject);
    to.clone_into(&mut step.petition.responsible_unit);
    Some(step)
}
