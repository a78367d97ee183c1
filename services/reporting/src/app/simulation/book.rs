//! Mediation in small: quarrels opened, dispatched, taken, ended, handed on, corrected, voided, linked, imported, at random. What
//! follows from the cases of a quarrel is worked out by a plain sweep, because reporting is told of it and never works it out.

use crate::{
    app::{Item, Log, Told},
    domain::{CaseTold, DisputeTold, Entry, MilestoneTold, What},
};
use fengqiao_model::Day;
use fengqiao_statute::{AgreementForm, Force, Outcome};
use proptest::prelude::*;

const PLACES: [&str; 5] = ["320831106201", "320831106", "320831003", "320803100", "3208"];

pub(super) fn day(at: i32) -> Day {
    "2023-09-01".parse::<Day>().unwrap().plus_days(at)
}

/// One step of a walk; what does not fit is left out.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Open { place: usize, force: usize, imported: bool },
    Also { of: usize },
    Dispatch { case: usize, body: usize },
    Take { case: usize, late: i32 },
    End { case: usize, how: usize, on: bool, late: i32 },
    Perform { case: usize, fen: i64, full: bool },
    Confirm { case: usize },
    Correct { case: usize, back: i32, parties: i64 },
    Move { of: usize, place: usize },
    Void { case: usize },
    Link { of: usize, into: usize },
    Unlink { of: usize },
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let (case, late) = (|| 0..40usize, || 0..12i32);
    prop_oneof![
        4 => (0..5usize, 0..5usize, any::<bool>()).prop_map(|(place, force, imported)| Step::Open { place, force, imported }),
        2 => case().prop_map(|of| Step::Also { of }),
        2 => (case(), 0..3usize).prop_map(|(case, body)| Step::Dispatch { case, body }),
        4 => (case(), late()).prop_map(|(case, late)| Step::Take { case, late }),
        4 => (case(), 0..9usize, any::<bool>(), late()).prop_map(|(case, how, on, late)| Step::End { case, how, on, late }),
        2 => (case(), 0..5000i64, any::<bool>()).prop_map(|(case, fen, full)| Step::Perform { case, fen, full }),
        1 => case().prop_map(|case| Step::Confirm { case }),
        2 => (case(), 0..9i32, 0..4i64).prop_map(|(case, back, parties)| Step::Correct { case, back, parties }),
        1 => (case(), 0..5usize).prop_map(|(of, place)| Step::Move { of, place }),
        1 => case().prop_map(|case| Step::Void { case }),
        3 => (case(), case()).prop_map(|(of, into)| Step::Link { of, into }),
        1 => case().prop_map(|of| Step::Unlink { of }),
    ]
}

struct Case {
    told: CaseTold,
    dispute: usize,
    from: Option<usize>,
}

struct Dispute {
    place: usize,
    imported: bool,
    into: Option<usize>,
    told: Option<DisputeTold>,
}

/// The book as mediation has it, and the events it published.
#[derive(Default)]
pub(super) struct Book {
    cases: Vec<Case>,
    disputes: Vec<Dispute>,
    last_told: Vec<Option<CaseTold>>,
    items: Vec<Item>,
}

impl Book {
    pub(super) fn walk(steps: &[(i32, Step)]) -> Vec<Item> {
        let mut book = Book::default();
        let mut today = 0;
        for (pause, step) in steps {
            today += pause;
            book.take(day(today), step);
        }
        book.items
    }

    fn take(&mut self, today: Day, step: &Step) {
        let cases = self.cases.len();
        let nth = |at: &usize| (cases > 0).then(|| at % cases);
        match step {
            Step::Open { place, force, imported } => {
                self.disputes.push(Dispute { place: *place, imported: *imported, into: None, told: None });
                let dispute = self.disputes.len() - 1;
                self.open(today, dispute, Some(Force::ALL[*force]), None);
                self.publish(today, dispute);
            }
            Step::Also { of } => {
                let Some(of) = nth(of) else { return };
                let (dispute, force) = (self.cases[of].dispute, self.cases[of].told.force);
                self.open(today, dispute, force, None);
                self.publish(today, dispute);
            }
            Step::Move { of, place } => {
                let Some(of) = nth(of) else { return };
                let dispute = self.cases[of].dispute;
                if !self.disputes[dispute].imported {
                    self.disputes[dispute].place = *place;
                    self.publish(today, dispute);
                }
            }
            Step::Link { of, into } => {
                let (Some(of), Some(into)) = (nth(of), nth(into)) else { return };
                let (of, into) = (self.cases[of].dispute, self.cases[into].dispute);
                let has_linked = self.disputes.iter().any(|d| d.into == Some(of));
                if of != into && !has_linked && self.disputes[of].into.is_none() && self.disputes[into].into.is_none() {
                    self.disputes[of].into = Some(into);
                    self.publish_live(today, of);
                    self.publish_live(today, into);
                }
            }
            Step::Unlink { of } => {
                let Some(of) = nth(of) else { return };
                let of = self.cases[of].dispute;
                if let Some(into) = self.disputes[of].into.take() {
                    self.publish_live(today, of);
                    self.publish_live(today, into);
                }
            }
            Step::Dispatch { case, .. }
            | Step::Take { case, .. }
            | Step::End { case, .. }
            | Step::Perform { case, .. }
            | Step::Confirm { case }
            | Step::Correct { case, .. }
            | Step::Void { case } => {
                let Some(case) = nth(case) else { return };
                if self.change(today, case, step) {
                    self.publish(today, self.cases[case].dispute);
                }
            }
        }
    }

    fn open(&mut self, on: Day, dispute: usize, force: Option<Force>, from: Option<usize>) {
        let number = self.cases.len();
        let told = CaseTold {
            id: format!("{number:04}"),
            number: format!("case {number}"),
            external_ref: String::new(),
            // Some stand at a place of their own, as rows of a ledger may.
            own: (number % 3 == 1).then(|| (PLACES[number % PLACES.len()].parse().unwrap(), "T09".to_owned())),
            force,
            body: String::new(),
            body_kind: String::new(),
            source: if from.is_some() { "other_body" } else { "applied" }.to_owned(),
            applied_on: on,
            accepted_on: None,
            ended_on: None,
            outcome: None,
            form: None,
            entry: None,
            handed_on: false,
            parties: 2,
            hard: false,
            claimed_fen: 0,
            agreed_fen: 0,
            paid_fen: 0,
            performance_due: None,
            performed_on: None,
            confirmation_applied_on: None,
            confirmed: false,
            handling: None,
            voided_on: None,
        };
        self.cases.push(Case { told, dispute, from });
        self.last_told.push(None);
    }

    /// Whether it fits.
    fn change(&mut self, today: Day, number: usize, step: &Step) -> bool {
        let dispute = self.cases[number].dispute;
        let told = &mut self.cases[number].told;
        if told.voided_on.is_some() {
            return false;
        }
        let (pending, open) = (told.accepted_on.is_none() && told.ended_on.is_none(), told.ended_on.is_none());
        let agreed = told.outcome.is_some_and(Outcome::has_agreement);
        let earlier = |late: i32, start: Day| today.plus_days(-late).max(start);
        match step {
            Step::Dispatch { body, .. } if pending => {
                told.body = ["A", "B", "C"][*body].to_owned();
                told.body_kind = ["room", "studio", ""][*body].to_owned();
                told.force = Some([Force::People, Force::Industry, Force::Judicial][*body]);
            }
            Step::Take { late, .. } if pending && told.force.is_some() => {
                let on = earlier(*late, told.applied_on);
                told.accepted_on = Some(on);
                told.handling = Some((on.plus_days(30), on.plus_days(32)));
            }
            Step::End { how, on, late, .. } if open => {
                let outcome = Outcome::ALL[*how];
                let accepted = told.accepted_on;
                let without = matches!(outcome, Outcome::Refused | Outcome::Declined);
                if accepted.is_some() == without {
                    return false;
                }
                told.ended_on = Some(earlier(*late, accepted.unwrap_or(told.applied_on)));
                told.outcome = Some(outcome);
                if outcome.has_agreement() {
                    told.form = Some(if *on { AgreementForm::Oral } else { AgreementForm::Written });
                    (told.claimed_fen, told.agreed_fen) = (9000, 7000);
                    told.performance_due = on.then(|| today.plus_days(20));
                }
                let transferred = outcome == Outcome::Transferred;
                told.handed_on = *on && outcome == Outcome::Failed;
                let force = told.force;
                if told.handed_on || transferred {
                    self.open(today, dispute, force, Some(number));
                }
            }
            Step::Perform { fen, full, .. } if agreed && told.performed_on.is_none() => {
                told.paid_fen += fen;
                told.performed_on = full.then_some(today);
            }
            Step::Confirm { .. } if agreed => match told.confirmation_applied_on {
                None => told.confirmation_applied_on = Some(today),
                Some(_) => told.confirmed = true,
            },
            Step::Correct { back, parties, .. } => {
                told.parties = *parties;
                told.hard = *parties > 2;
                if let Some(accepted) = &mut told.accepted_on {
                    *accepted = accepted.plus_days(-back).max(told.applied_on);
                }
                if told.paid_fen > 1000 {
                    told.paid_fen -= 500;
                }
            }
            Step::Void { .. } => told.voided_on = Some(today),
            _ => return false,
        }
        true
    }

    /// What changed by it in the whole quarrel: first the dispute itself, then the others.
    fn publish(&mut self, today: Day, dispute: usize) {
        let imported = self.disputes[dispute].imported;
        self.tell(today, dispute, imported);
        let root = self.disputes[dispute].into.unwrap_or(dispute);
        for other in 0..self.disputes.len() {
            if other != dispute && self.disputes[other].into.unwrap_or(other) == root {
                self.tell(today, other, false);
            }
        }
    }

    fn publish_live(&mut self, today: Day, dispute: usize) {
        let quarrel = |book: &Book, d: usize| book.disputes[d].into.unwrap_or(d);
        let root = quarrel(self, dispute);
        for other in 0..self.disputes.len() {
            if quarrel(self, other) == root {
                self.tell(today, other, false);
            }
        }
    }

    fn tell(&mut self, today: Day, dispute: usize, imported: bool) {
        let root = self.disputes[dispute].into.unwrap_or(dispute);
        let milestones = self.sweep(root);
        let at = &self.disputes[dispute];
        let told = DisputeTold {
            id: format!("{dispute:04}"),
            number: format!("dispute {dispute}"),
            root_ref: String::new(),
            division: PLACES[at.place].parse().unwrap(),
            dispute_type: ["T01", "T02"][dispute % 2].to_owned(),
            source: "applied".to_owned(),
            linked: at.into.is_some(),
            has_linked: self.disputes.iter().any(|d| d.into == Some(dispute)),
            milestones: if at.into.is_some() { Vec::new() } else { milestones },
        };
        let mut cases = Vec::new();
        for (case, last) in self.cases.iter().zip(&mut self.last_told).filter(|(case, _)| case.dispute == dispute) {
            if last.as_ref() != Some(&case.told) {
                *last = Some(case.told.clone());
                cases.push(case.told.clone());
            }
        }
        if cases.is_empty() && self.disputes[dispute].told.as_ref() == Some(&told) {
            return;
        }
        self.disputes[dispute].told = Some(told.clone());
        self.items.push(Item {
            log: Log::Mediation,
            position: self.items.len() as i64 + 1,
            kind: String::new(),
            on: today,
            known: today,
            recorded: today,
            told: Told::Dispute { dispute: Box::new(told), cases, imported },
        });
    }

    /// The milestones of a quarrel, and the entries of its cases.
    fn sweep(&mut self, root: usize) -> Vec<MilestoneTold> {
        let mut steps = Vec::new();
        for (number, case) in self.cases.iter().enumerate() {
            let quarrel = self.disputes[case.dispute].into.unwrap_or(case.dispute);
            let later = usize::from(case.from.is_some()) * 2;
            if quarrel == root && case.told.voided_on.is_none() {
                steps.extend(case.told.accepted_on.map(|on| (on, later, number)));
                steps.extend(case.told.accepted_on.and(case.told.ended_on).map(|on| (on, later + 1, number)));
            }
        }
        steps.sort_unstable();
        let (mut milestones, mut open): (Vec<MilestoneTold>, usize) = (Vec::new(), 0);
        for (on, what, number) in steps {
            let last = milestones.last().map(|m| m.what);
            let given = self.cases[number].from.is_some();
            let place = PLACES[self.disputes[self.cases[number].dispute].place].parse::<fengqiao_model::DivisionCode>().unwrap();
            let told = &mut self.cases[number].told;
            let apart = told.own.as_ref().is_some_and(|(own, _)| *own != place);
            let mut note = |what, resolved| {
                milestones.push(MilestoneTold { what, on, force: told.force, resolved, case: told.id.clone(), apart });
            };
            if what % 2 == 0 {
                open += 1;
                told.entry = Some(match last {
                    None => Entry::First,
                    Some(What::Concluded) => Entry::Reopens,
                    Some(_) if given => Entry::Received,
                    Some(_) => Entry::Joined,
                });
                match told.entry {
                    Some(Entry::First) => note(What::Accepted, false),
                    Some(Entry::Reopens) => note(What::Reopened, false),
                    _ => {}
                }
            } else {
                open -= 1;
                let outcome = told.outcome.unwrap();
                if open == 0 && outcome.concludes() && !told.handed_on {
                    note(What::Concluded, outcome.resolves());
                }
            }
        }
        milestones
    }
}
