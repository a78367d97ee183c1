//! A dispute as a whole: taken up again, linked with the same quarrel logged elsewhere, unlinked, its parties erased.

use super::{business_day, full, open::blank, receiving_body};
use crate::domain::{
    Case, CaseState, Change, Context, Dispute, DisputeCommand, Group, House, Kind, Rejection, SealedContent, What,
    draft::{Draft, Step},
    milestone::passes_on,
    routing::inputs_of,
};
use fengqiao_model::{ActorId, CaseId, Day, DisputeId, Text, Token};

/// What the rules answer to a command about the dispute as a whole. `group` is the one that `dispute` is in; `other`, for a link,
/// the one that the other dispute is in. `next` is a fresh id for the case that a reopening opens.
pub fn decide_dispute(
    group: &Group,
    other: Option<&Group>,
    dispute: DisputeId,
    next: CaseId,
    command: &DisputeCommand,
    house: &House,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    let facts = group.dispute(dispute).filter(|facts| context.may_touch(facts)).ok_or(Rejection::DisputeNotFound)?;
    match command {
        DisputeCommand::Reopen { on, to_body, text } => {
            let reopening = Reopening { on: *on, to_body: to_body.as_ref(), text };
            reopening.changes(group, (dispute, facts), next, house, context)
        }
        DisputeCommand::Link { same_as, text } => link(group, other, (dispute, facts), *same_as, text, context),
        DisputeCommand::Unlink { text } => unlink(group, (dispute, facts), text, context),
        DisputeCommand::EraseParties { approved_by } => erase(group, (dispute, facts), approved_by, context),
    }
}

struct Reopening<'a> {
    on: Option<Day>,
    to_body: Option<&'a Token>,
    text: &'a Text,
}

impl Reopening<'_> {
    /// A new case. The root is reopened on the day on which a body takes it.
    fn changes(
        &self,
        group: &Group,
        (id, dispute): (DisputeId, &Dispute),
        next: CaseId,
        house: &House,
        context: &Context<'_>,
    ) -> Result<Vec<Change>, Rejection> {
        if group.cases().any(|case| case.state.is_open()) {
            return Err(Rejection::DisputeOpen);
        }
        if group.is_full() {
            return Err(full("dispute_id"));
        }
        let standing = || group.cases().filter(|case| case.state != CaseState::Void);
        let Some(last) = followed(group) else {
            return Err(Rejection::StateForbids { call: "ReopenDispute", state: CaseState::Void });
        };
        let ended = standing().filter_map(|case| case.ended_on).max();
        let on = business_day("reopened_on", self.on, ended, context)?;
        let mut case = Case {
            source: dispute.source,
            from: Some(last.id),
            party_count: last.party_count,
            hard: last.hard,
            flags: last.flags.clone(),
            already_at: last.already_at.clone(),
            applicant_consents: last.applicant_consents,
            respondent_consents: last.respondent_consents,
            ..blank(next, on)
        };
        if let Some(code) = self.to_body {
            let inputs = inputs_of(group, dispute, &case, context);
            let body = &receiving_body(house, code.as_str(), &dispute.dispute_type, &inputs, context)?.body;
            case.state = CaseState::Dispatched;
            case.force = Some(body.force);
            case.body = body.code.to_string();
            case.body_kind.clone_from(&body.kind);
            case.dispatched_on = Some(on);
        }
        let recipient = case.body.clone();
        let mut draft = Draft::of(group, id);
        draft.add(case);
        let step = Step::new(Kind::Reopened, on).sealing(SealedContent::step(self.text)).handing_over(&recipient, "reopening");
        Ok(draft.changes(step, Kind::Restated))
    }
}

/// The case that a reopening follows: the one that concluded the root. When that one was given away, the one that ended the wait,
/// so that the new case is not taken for the one that was waited for.
fn followed(group: &Group) -> Option<&Case> {
    let standing = || group.cases().filter(|case| case.state != CaseState::Void);
    let latest = |case: &&Case| (case.ended_on, case.applied_on);
    let concluding = group.root.1.milestones.last().filter(|milestone| milestone.what == What::Concluded);
    let Some(by) = concluding.and_then(|milestone| standing().find(|case| case.id == milestone.case)) else {
        return standing().max_by_key(latest);
    };
    let kept = standing().filter(|case| !passes_on(case) && case.ended_on >= by.ended_on).max_by_key(latest);
    if passes_on(by) { kept.or(Some(by)) } else { Some(by) }
}

fn link(
    group: &Group,
    other: Option<&Group>,
    (id, dispute): (DisputeId, &Dispute),
    same_as: DisputeId,
    text: &Text,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    if same_as == id {
        return Err(Rejection::LinkToItself);
    }
    if dispute.linked_into.is_some() {
        return Err(Rejection::LinkedAlready);
    }
    if !dispute.linked.is_empty() {
        return Err(Rejection::LinkChain);
    }
    let other = other.ok_or(Rejection::DisputeNotFound)?;
    let root = other.dispute(same_as).filter(|root| context.may_touch(root)).ok_or(Rejection::DisputeNotFound)?;
    if root.linked_into.is_some() {
        return Err(Rejection::LinkChain);
    }
    if group.cases().count() + other.cases().count() > Group::MOST_CASES {
        return Err(full("same_as"));
    }
    let step = Step { other: Some(same_as), ..Step::new(Kind::Linked, context.today) }.sealing(SealedContent::step(text));
    Ok(linked(group, other, id, dispute).changes(step, Kind::Linked))
}

/// The dispute stands in the other group from now on.
pub(in crate::domain) fn linked(group: &Group, other: &Group, id: DisputeId, dispute: &Dispute) -> Draft {
    let mut after = other.clone();
    after.root.1.linked.push(id);
    after.linked.push((id, Dispute { linked_into: Some(after.root.0), ..dispute.clone() }));
    Draft::regrouping(&[group, other], vec![after], id)
}

fn unlink(
    group: &Group,
    (id, dispute): (DisputeId, &Dispute),
    text: &Text,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    let root = dispute.linked_into.ok_or(Rejection::NotLinked)?;
    let mut rest = group.clone();
    rest.root.1.linked.retain(|linked| *linked != id);
    rest.linked.retain(|(linked, _)| *linked != id);
    let alone = Group::of(id, Dispute { linked_into: None, ..dispute.clone() });
    let step = Step { other: Some(root), ..Step::new(Kind::Unlinked, context.today) }.sealing(SealedContent::step(text));
    Ok(Draft::regrouping(&[group], vec![rest, alone], id).changes(step, Kind::Unlinked))
}

fn erase(
    group: &Group,
    (id, dispute): (DisputeId, &Dispute),
    approved_by: &ActorId,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    if dispute.erased {
        return Err(Rejection::PartiesErased);
    }
    if *approved_by == context.caller.id {
        return Err(Rejection::SamePerson);
    }
    let mut draft = Draft::of(group, id);
    if let Some(facts) = draft.facts() {
        facts.erased = true;
    }
    let step = Step { approved_by: Some(approved_by.clone()), ..Step::new(Kind::PartiesErased, context.today) };
    Ok(draft.changes(step, Kind::Restated))
}
