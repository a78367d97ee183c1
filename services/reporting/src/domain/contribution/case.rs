//! What a case counts for, and the agreement it ended with.
//!
//! A case that a party refused or that was declined was never accepted, also where a ledger has a day of acceptance (D§3.6). An
//! agreement is what ended as agreed or partly agreed; its form may be unknown, then it is neither oral nor written.

use super::{Dated, List, Measure};
use crate::domain::{Case, Entry, Stage};
use fengqiao_statute::{AgreementForm, Outcome};

impl List {
    pub(super) fn case(&mut self, case: &Case) {
        self.force = case.force;
        if let Some(voided) = case.voided {
            return self.fact(Measure::CASE_VOIDED, voided, 1);
        }
        self.fact(Measure::APPLIED, case.applied, 1);
        match (case.ended.zip(case.outcome), case.accepted) {
            (Some((ended, Outcome::Refused)), _) => self.fact(Measure::REFUSED, ended, 1),
            (Some((ended, Outcome::Declined)), _) => self.fact(Measure::DECLINED, ended, 1),
            (end, Some(accepted)) => self.accepted(case, accepted, end),
            (_, None) => {}
        }
    }

    fn accepted(&mut self, case: &Case, accepted: Dated, end: Option<(Dated, Outcome)>) {
        self.fact(Measure::CASE_ACCEPTED, accepted, 1);
        self.fact(Measure::HARD, accepted, i64::from(case.hard));
        self.fact(Measure::PARTIES, accepted, case.parties);
        match case.entry {
            Some(Entry::Received) => self.fact(Measure::RECEIVED, accepted, 1),
            Some(Entry::Joined) => self.fact(Measure::JOINED, accepted, 1),
            Some(Entry::First | Entry::Reopens) if case.linked || case.apart => self.fact(Measure::OF_LINKED_ROOT, accepted, 1),
            Some(Entry::First | Entry::Reopens) | None => {}
        }
        self.clocks(Stage::Case, case.handling, case.ended);
        let Some((ended, outcome)) = end else { return };
        if outcome == Outcome::Transferred {
            return self.fact(Measure::TRANSFERRED, ended, 1);
        }
        self.fact(Measure::CASE_CONCLUDED, ended, 1);
        self.fact(by_outcome(outcome), ended, 1);
        self.fact(Measure::HANDED_ON, ended, i64::from(case.handed_on));
        if outcome == Outcome::Agreed {
            self.add(Measure::AGREED_OF_ACCEPTED, accepted.0, accepted.visible().max(ended.visible()), 1);
        }
        if outcome.has_agreement() {
            self.agreement(case, ended);
        }
    }

    fn agreement(&mut self, case: &Case, ended: Dated) {
        match case.form {
            Some(AgreementForm::Oral) => self.fact(Measure::ORAL, ended, 1),
            Some(AgreementForm::Written) => self.fact(Measure::WRITTEN, ended, 1),
            None => {}
        }
        self.fact(Measure::CLAIMED_FEN, ended, case.claimed_fen);
        self.fact(Measure::AGREED_FEN, ended, case.agreed_fen);
        for payment in &case.payments {
            self.add(Measure::PAID_FEN, payment.on.0, payment.on.visible().max(ended.visible()), payment.fen);
        }
        if let Some(due) = case.performance_due {
            let from = due.visible().max(ended.visible());
            let outcomes = [Measure::PERFORMANCE_DUE, Measure::PERFORMED_ON_TIME, Measure::PERFORMED_LATE, Measure::UNPERFORMED];
            self.outcome(outcomes, due.0, from, case.performed);
            if let Some(performed) = case.performed {
                self.add(Measure::PERFORMED, due.0, from.max(performed.visible()), 1);
            }
        }
        if let Some(applied) = case.confirmation_applied {
            let from = applied.visible().max(ended.visible());
            self.add(Measure::CONFIRMATION_APPLIED, applied.0, from, 1);
            if let Some(known) = case.confirmed {
                self.add(Measure::CONFIRMED, applied.0, from.max(known), 1);
            }
        }
    }
}

fn by_outcome(outcome: Outcome) -> Measure {
    match outcome {
        Outcome::Agreed => Measure::AGREED,
        Outcome::Partial => Measure::PARTIAL,
        Outcome::SettledPrivately => Measure::SETTLED_PRIVATELY,
        Outcome::Failed => Measure::FAILED,
        Outcome::Withdrawn => Measure::WITHDRAWN,
        Outcome::Terminated => Measure::TERMINATED,
        Outcome::Transferred => Measure::TRANSFERRED,
        Outcome::Refused => Measure::REFUSED,
        Outcome::Declined => Measure::DECLINED,
    }
}
