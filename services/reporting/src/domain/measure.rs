//! The measures that are added up, and their numbers. The list is append-only: a number never changes its meaning, because
//! stored vectors are read by it; a changed meaning is a new number and a new id.

use super::{Kind, Outcome, Stage, Term};
use std::fmt;

/// One thing that is counted, by its stable number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measure(u8);

/// How many numbers there are, number 0 (which nothing has) included.
pub const NUMBERS: usize = FIRST_OF_CASES as usize + OF_MEDIATION.len();

/// The numbers before belong to petitions.
const FIRST_OF_CASES: u8 = 33;

/// What mediation's events count for, from [`FIRST_OF_CASES`] on: id and rule. Only append.
const OF_MEDIATION: [(&str, &str); 50] = [
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

impl Measure {
    /// Items registered.
    pub const REGISTERED: Measure = Measure(1);
    /// Items accepted.
    pub const ACCEPTED: Measure = Measure(2);
    /// Items closed, by any conclusion but void.
    pub const CLOSED: Measure = Measure(3);
    /// Items closed by an opinion or a settlement.
    pub const CONCLUDED: Measure = Measure(4);
    /// Entries voided.
    pub const VOIDED: Measure = Measure(5);
    /// Petitioners of the items registered.
    pub const PERSONS: Measure = Measure(6);
    /// Items whose first action was due.
    pub const TIMELY_DUE: Measure = Measure(7);
    /// Of these, with a first action by the due day.
    pub const TIMELY: Measure = Measure(8);

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

    /// The measure of a clock.
    pub fn clock(stage: Stage, term: Term, outcome: Outcome) -> Measure {
        Measure(stage.first() + term as u8 * 4 + outcome as u8)
    }

    /// Which clock it is a measure of; `None` for the others.
    pub fn of_clock(self) -> Option<(Stage, Term, Outcome)> {
        let stage = Stage::ALL.into_iter().find(|stage| (stage.first()..stage.first() + 8).contains(&self.0))?;
        let at = usize::from(self.0 - stage.first());
        Some((stage, Term::ALL[at / 4], Outcome::ALL[at % 4]))
    }

    /// What it counts; agreements belong to their cases.
    pub fn kind(self) -> Kind {
        match self.of_mediation() {
            None => Kind::Petition,
            Some((id, _)) if id.starts_with("dispute.") => Kind::Dispute,
            Some((id, _)) if id.starts_with("body.") => Kind::Body,
            Some(_) => Kind::Case,
        }
    }

    /// Whether no indicator prints it: it is a part of others.
    #[cfg(test)]
    pub fn is_silent(self) -> bool {
        matches!(self, Measure::OF_LINKED_ROOT | Measure::OF_LINKED_CASE | Measure::BEGUN)
    }

    fn of_mediation(self) -> Option<(&'static str, &'static str)> {
        OF_MEDIATION.get(usize::from(self.0.checked_sub(FIRST_OF_CASES)?)).copied()
    }

    /// Its stable number, from 1 on.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its place in an array of [`NUMBERS`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The measure with this number.
    pub fn of(number: u8) -> Option<Measure> {
        (1..NUMBERS).contains(&usize::from(number)).then_some(Measure(number))
    }

    /// Whether it is split by conclusion.
    pub fn by_conclusion(self) -> bool {
        self == Measure::CLOSED || self == Measure::CONCLUDED
    }

    /// Stable id; also the id of the indicator that prints it.
    pub fn id(self) -> String {
        if let Some((id, _)) = self.of_mediation() {
            return id.to_owned();
        }
        if let Some((stage, term, outcome)) = self.of_clock() {
            return format!("petition.{}.{}.{}", stage.name(), term.name(), outcome.name());
        }
        let name = match self {
            Measure::REGISTERED => "registered",
            Measure::ACCEPTED => "accepted",
            Measure::CLOSED => "closed",
            Measure::CONCLUDED => "concluded",
            Measure::VOIDED => "voided",
            Measure::PERSONS => "persons",
            Measure::TIMELY_DUE => "timely_acceptance.due",
            _ => "timely_acceptance.on_time",
        };
        format!("petition.{name}")
    }

    /// The rule that counts an item under this measure.
    pub fn rule(self) -> String {
        if let Some((_, rule)) = self.of_mediation() {
            return rule.to_owned();
        }
        if let Some((stage, term, outcome)) = self.of_clock() {
            let (clock, term) = (stage.clock(), term.name());
            return match outcome {
                Outcome::Due => format!("{clock} {term} due in the period"),
                Outcome::OnTime => format!("{clock} {term} due in the period, ended by then"),
                Outcome::Late => format!("{clock} {term} due in the period, ended later"),
                Outcome::OpenOverdue => format!("{clock} {term} due in the period, not ended"),
            };
        }
        let rule = match self {
            Measure::REGISTERED => "registered in the period",
            Measure::ACCEPTED => "accepted in the period",
            Measure::CLOSED => "closed in the period",
            Measure::CONCLUDED => "closed in the period by opinion or settlement",
            Measure::VOIDED => "voided in the period",
            Measure::PERSONS => "petitioners of an item registered in the period",
            Measure::TIMELY_DUE => "P-01 kpi due in the period",
            _ => "P-01 kpi due in the period, first action by then",
        };
        rule.to_owned()
    }
}

/// The measure of mediation with this id.
const fn named(id: &str) -> Measure {
    let mut at = 0;
    loop {
        let (a, b) = (OF_MEDIATION[at].0.as_bytes(), id.as_bytes());
        let mut same = a.len() == b.len();
        let mut i = 0;
        while same && i < a.len() {
            same = a[i] == b[i];
            i += 1;
        }
        if same {
            return Measure(FIRST_OF_CASES + at as u8);
        }
        at += 1;
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

/// Every measure, by number.
#[cfg(test)]
pub const MEASURES: [Measure; NUMBERS - 1] = {
    let mut all = [Measure(1); NUMBERS - 1];
    let mut at = 0;
    while at < all.len() {
        all[at] = Measure(at as u8 + 1);
        at += 1;
    }
    all
};

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored vectors depend on this list: only append to it.
    #[test]
    fn numbers_are_for_ever() {
        let list: Vec<String> = MEASURES.iter().map(|m| format!("{} {}", m.number(), m.id())).collect();
        let clocks = ["handling.kpi", "handling.legal", "review.kpi", "review.legal", "rereview.kpi", "rereview.legal"];
        let mut expected: Vec<String> = [
            "registered",
            "accepted",
            "closed",
            "concluded",
            "voided",
            "persons",
            "timely_acceptance.due",
            "timely_acceptance.on_time",
        ]
        .map(str::to_owned)
        .to_vec();
        for clock in clocks {
            expected.extend(["due", "on_time", "late", "open_overdue"].map(|o| format!("{clock}.{o}")));
        }
        let expected: Vec<String> = expected.iter().enumerate().map(|(i, id)| format!("{} petition.{id}", i + 1)).collect();
        assert_eq!(list[..32], expected);
        fengqiao_testkit::assert_golden("tests/golden/measures.txt", &(list.join("\n") + "\n"));
        assert_eq!(Measure::of(0), None);
        assert_eq!(Measure::of(83), None);
    }

    #[test]
    fn clocks_are_found_by_their_numbers() {
        for stage in Stage::ALL {
            for term in Term::ALL {
                for outcome in Outcome::ALL {
                    let measure = Measure::clock(stage, term, outcome);
                    assert_eq!(measure.of_clock(), Some((stage, term, outcome)));
                    let id = format!("{}.{}.{}.{}", stage.kind().name(), stage.name(), term.name(), outcome.name());
                    assert_eq!(measure.id(), id);
                }
            }
        }
        assert_eq!(MEASURES.iter().filter(|m| m.of_clock().is_some()).count(), 32);
    }
}
