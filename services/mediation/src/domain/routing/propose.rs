//! From a case to what routing looks at.

use super::{Decision, Inputs, route};
use crate::domain::{Case, CaseState, Context, Dispute, Group, House, Rejection};
use fengqiao_model::{CaseId, DisputeId};
use fengqiao_statute::{Force, Outcome};

/// Where the rules would send the case; a proposal, which nobody has confirmed.
pub fn propose(
    group: &Group,
    dispute: DisputeId,
    case: CaseId,
    house: &House,
    context: &Context<'_>,
) -> Result<Decision, Rejection> {
    let facts = group.dispute(dispute).filter(|facts| context.may_touch(facts)).ok_or(Rejection::CaseNotFound)?;
    let case = facts.case(case).ok_or(Rejection::CaseNotFound)?;
    Ok(route(&inputs_of(group, facts, case, context), house, &context.law.routing, &context.law.types))
}

/// What routing looks at for a case of the dispute.
pub(in crate::domain) fn inputs_of(group: &Group, dispute: &Dispute, case: &Case, context: &Context<'_>) -> Inputs {
    let others = || group.cases().filter(|other| other.id != case.id && other.state != CaseState::Void);
    let tried: Vec<Force> = Force::ALL
        .into_iter()
        .filter(|force| {
            others().any(|other| other.force == Some(*force) && matches!(other.outcome, Some(Outcome::Failed | Outcome::Refused)))
        })
        .collect();
    let mut excluded_bodies = case.returned_by.clone();
    for other in others().filter(|other| !other.body.is_empty() && gave_it_away(other)) {
        if !excluded_bodies.contains(&other.body) {
            excluded_bodies.push(other.body.clone());
        }
    }
    Inputs {
        dispute_type: dispute.dispute_type.clone(),
        division: dispute.division.clone(),
        flags: case.flags.clone(),
        already_at: case.already_at.clone(),
        applicant_consents: case.applicant_consents,
        respondent_consents: case.respondent_consents,
        chosen_body: case.chosen_body.clone(),
        tried,
        excluded_bodies,
        day: context.today,
    }
}

/// Whether the body of the case has done with the dispute, or has it now. One that ended it with an agreement may have it again.
fn gave_it_away(case: &Case) -> bool {
    let done = matches!(
        case.outcome,
        Some(Outcome::Failed | Outcome::Transferred | Outcome::Declined | Outcome::Refused | Outcome::Terminated)
    );
    case.state.is_open() || case.handed_on || done
}
