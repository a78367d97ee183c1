//! What the rules answer to a command: the changes that follow, or why not.

use super::{Body, BodyCommand, Change, Command, Context, DisputeCommand, Group, House, NewDispute, Rejection};
use fengqiao_model::{CaseId, DisputeId, Token};

/// What the rules answer to a command about a body; never performs anything. `open_cases` is how many cases it has open.
pub fn decide_body(
    state: Option<&Body>,
    code: &Token,
    command: &BodyCommand,
    open_cases: u32,
    context: &Context<'_>,
) -> Result<Change, Rejection> {
    let _ = (state, code, command, open_cases, context);
    Err(Rejection::BodyExists)
}

/// Opens a dispute with its first case. Numbers are left empty: they are given when everything else is certain.
pub fn open(
    dispute: DisputeId,
    case: CaseId,
    new: &NewDispute,
    house: &House,
    context: &Context<'_>,
) -> Result<Vec<Change>, Rejection> {
    let _ = (dispute, case, new, house, context);
    Err(Rejection::DisputeExists)
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
    let _ = (group, dispute, case, next, command, house, context);
    Err(Rejection::CaseNotFound)
}

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
    let _ = (group, other, dispute, next, command, house, context);
    Err(Rejection::DisputeNotFound)
}
