//! The measures of cases, disputes, agreements and bodies. Only append.

use super::{FIRST_OF_CASES, Measure};

/// What mediation's events count for, from [`FIRST_OF_CASES`] on: id and rule. Only append.
pub(super) const OF_MEDIATION: [(&str, &str); 50] = [
    ("case.applied", "applied for in the period"),
    ("case.accepted", "accepted in the period"),
    ("case.concluded", "concluded in the period"),
    ("case.agreed", "concluded in the period by an agreement"),
    ("case.partial", "concluded in the period by an agreement on a part"),
    ("case.settled_privately", "concluded in the period by a settlement of the parties themselves"),
    ("case.failed", "concluded in the period without agreement"),
    ("case.withdrawn", "concluded in the period by withdrawal"),
    ("case.terminated", "concluded in the period by termination"),
    ("case.transferred", "given away without an end in the period"),
    ("case.handed_on", "concluded in the period and handed on"),
    ("case.received", "accepted in the period, from another body of the same dispute"),
    ("case.joined", "accepted in the period while its dispute was open elsewhere"),
    ("case.refused", "refused by a party in the period, before acceptance"),
    ("case.declined", "declined in the period"),
    ("case.voided", "voided in the period"),
    ("case.hard", "accepted in the period, hard"),
    ("case.parties", "parties of a case accepted in the period"),
    ("case.agreed_of_accepted", "accepted in the period, agreed by the cut-off"),
    ("case.handling.kpi.due", "clock of the force, kpi due in the period"),
    ("case.handling.kpi.on_time", "clock of the force, kpi due in the period, ended by then"),
    ("case.handling.kpi.late", "clock of the force, kpi due in the period, ended later"),
    ("case.handling.kpi.open_overdue", "clock of the force, kpi due in the period, not ended"),
    ("case.handling.legal.due", "clock of the force, legal due in the period"),
    ("case.handling.legal.on_time", "clock of the force, legal due in the period, ended by then"),
    ("case.handling.legal.late", "clock of the force, legal due in the period, ended later"),
    ("case.handling.legal.open_overdue", "clock of the force, legal due in the period, not ended"),
    // Of accepted cases that their own root does not count: what makes the bridge hold at every place. Never printed apart.
    ("case.of_linked_root", "accepted in the period, counted by the root it was linked into"),
    ("dispute.accepted", "first accepted in the period"),
    ("dispute.concluded", "concluded in the period"),
    ("dispute.reopened", "taken up again in the period"),
    ("dispute.resolved", "concluded in the period by an agreement or a settlement of the parties"),
    // The other side of it: milestones that a case of a linked dispute made.
    ("dispute.of_linked_case", "accepted or taken up again in the period by a case of a dispute linked into it"),
    ("agreement.oral", "agreed orally in the period"),
    ("agreement.written", "agreed in writing in the period"),
    ("agreement.claimed_fen", "claimed in a case that ended in an agreement in the period"),
    ("agreement.agreed_fen", "agreed in the period"),
    ("agreement.paid_fen", "paid in the period"),
    ("agreement.performance_due", "to be performed in the period"),
    ("agreement.performed", "to be performed in the period, performed by the cut-off"),
    ("agreement.performed_on_time", "to be performed in the period, performed by the due day"),
    ("agreement.performed_late", "to be performed in the period, performed after the due day"),
    ("agreement.unperformed", "to be performed in the period, not performed by the cut-off"),
    ("agreement.confirmation_applied", "judicial confirmation applied for in the period"),
    ("agreement.confirmed", "judicial confirmation applied for in the period, confirmed by the cut-off"),
    // Since when a body works; with `body.closed` it gives `body.active`. Never printed apart.
    ("body.begun", "at work since"),
    ("body.founded", "founded in the period"),
    ("body.adjusted", "staff strengthened or changed in the period"),
    ("body.fostered", "newly fostered in the period"),
    ("body.closed", "closed in the period"),
];

/// The measure of mediation with this id.
const fn named(id: &str) -> Measure {
    super::named(&OF_MEDIATION, FIRST_OF_CASES, id)
}

impl Measure {
    /// Cases applied for.
    pub const APPLIED: Measure = named("case.applied");
    /// Cases accepted.
    pub const CASE_ACCEPTED: Measure = named("case.accepted");
    /// Cases concluded.
    pub const CASE_CONCLUDED: Measure = named("case.concluded");
    /// By an agreement.
    pub const AGREED: Measure = named("case.agreed");
    /// By an agreement on a part.
    pub const PARTIAL: Measure = named("case.partial");
    /// By the parties themselves.
    pub const SETTLED_PRIVATELY: Measure = named("case.settled_privately");
    /// Without agreement.
    pub const FAILED: Measure = named("case.failed");
    /// By withdrawal.
    pub const WITHDRAWN: Measure = named("case.withdrawn");
    /// By termination.
    pub const TERMINATED: Measure = named("case.terminated");
    /// Cases given away without an end.
    pub const TRANSFERRED: Measure = named("case.transferred");
    /// Cases concluded and handed on.
    pub const HANDED_ON: Measure = named("case.handed_on");
    /// Cases accepted from another body.
    pub const RECEIVED: Measure = named("case.received");
    /// Cases accepted while the root was open elsewhere.
    pub const JOINED: Measure = named("case.joined");
    /// Cases refused by a party.
    pub const REFUSED: Measure = named("case.refused");
    /// Cases declined.
    pub const DECLINED: Measure = named("case.declined");
    /// Cases voided.
    pub const CASE_VOIDED: Measure = named("case.voided");
    /// Hard cases accepted.
    pub const HARD: Measure = named("case.hard");
    /// Parties of the cases accepted.
    pub const PARTIES: Measure = named("case.parties");
    /// Cases accepted, by now agreed.
    pub const AGREED_OF_ACCEPTED: Measure = named("case.agreed_of_accepted");
    /// Cases accepted that another root counts.
    pub const OF_LINKED_ROOT: Measure = named("case.of_linked_root");
    /// Disputes accepted.
    pub const DISPUTE_ACCEPTED: Measure = named("dispute.accepted");
    /// Disputes concluded.
    pub const DISPUTE_CONCLUDED: Measure = named("dispute.concluded");
    /// Disputes taken up again.
    pub const REOPENED: Measure = named("dispute.reopened");
    /// Disputes concluded and resolved.
    pub const RESOLVED: Measure = named("dispute.resolved");
    /// Milestones that a case of a linked dispute made.
    pub const OF_LINKED_CASE: Measure = named("dispute.of_linked_case");
    /// Oral agreements.
    pub const ORAL: Measure = named("agreement.oral");
    /// Written agreements.
    pub const WRITTEN: Measure = named("agreement.written");
    /// Claimed, in fen.
    pub const CLAIMED_FEN: Measure = named("agreement.claimed_fen");
    /// Agreed, in fen.
    pub const AGREED_FEN: Measure = named("agreement.agreed_fen");
    /// Paid, in fen.
    pub const PAID_FEN: Measure = named("agreement.paid_fen");
    /// Agreements to be performed.
    pub const PERFORMANCE_DUE: Measure = named("agreement.performance_due");
    /// Of these, performed.
    pub const PERFORMED: Measure = named("agreement.performed");
    /// By the due day.
    pub const PERFORMED_ON_TIME: Measure = named("agreement.performed_on_time");
    /// After it.
    pub const PERFORMED_LATE: Measure = named("agreement.performed_late");
    /// Not yet.
    pub const UNPERFORMED: Measure = named("agreement.unperformed");
    /// Applications for judicial confirmation.
    pub const CONFIRMATION_APPLIED: Measure = named("agreement.confirmation_applied");
    /// Of these, confirmed.
    pub const CONFIRMED: Measure = named("agreement.confirmed");
    /// Bodies that began to work.
    pub const BEGUN: Measure = named("body.begun");
    /// Bodies founded.
    pub const FOUNDED: Measure = named("body.founded");
    /// Bodies with another staff.
    pub const ADJUSTED: Measure = named("body.adjusted");
    /// Bodies newly fostered.
    pub const FOSTERED: Measure = named("body.fostered");
    /// Bodies closed.
    pub const BODY_CLOSED: Measure = named("body.closed");
}
