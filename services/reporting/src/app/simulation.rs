//! Random walks over quarrels: opened, dispatched, taken, ended, handed on, corrected, voided, linked, imported. What follows from
//! the cases of a quarrel is worked out here a second time, by a plain sweep, because the core is told of it and never works it
//! out. Then: FACT-1, the identities of every place on every day, what was known on a day, and explanations.

use super::{
    Log,
    fold::{Fold, Item, Told},
};
use crate::domain::{
    Bucket, CaseTold, DisputeTold, Entry, Formula, Kind, Known, MilestoneTold, Place, Postings, Question, Sheet, Sums, Value,
    What, contributions, explain, measure_of,
};
use fengqiao_model::Day;
use fengqiao_statute::{AgreementForm, Force, Outcome};
use proptest::prelude::*;
use std::collections::BTreeMap;

const DAYS: i32 = 500;
const PLACES: [&str; 5] = ["320831106201", "320831106", "320831003", "320803100", "3208"];
const SEEN_FROM: [&str; 5] = ["", "320831", "320831106", "320831106201", "320803"];

fn day(at: i32) -> Day {
    "2023-09-01".parse::<Day>().unwrap().plus_days(at)
}

/// One step of a walk; what does not fit is left out.
#[derive(Clone, Debug)]
enum Step {
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

fn step() -> impl Strategy<Value = Step> {
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
struct Book {
    cases: Vec<Case>,
    disputes: Vec<Dispute>,
    last_told: Vec<Option<CaseTold>>,
    items: Vec<Item>,
}

impl Book {
    fn walk(steps: &[(i32, Step)]) -> Vec<Item> {
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
            let told = &mut self.cases[number].told;
            let mut note = |what, resolved| {
                milestones.push(MilestoneTold { what, on, force: told.force, resolved, case: told.id.clone() });
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

/// What the events leave behind.
struct Left {
    fold: Fold,
    posted: Vec<(Known, i64)>,
}

fn folded<'a>(items: impl IntoIterator<Item = &'a Item>) -> Left {
    let (mut fold, mut posted) = (Fold::default(), Vec::new());
    items.into_iter().for_each(|item| fold.apply(item, |known, sign| posted.push((known.clone(), sign))));
    Left { fold, posted }
}

fn cells(posted: &[(Known, i64)]) -> Vec<(crate::domain::Cell, Vec<(u16, i64)>)> {
    let mut postings = Postings::default();
    posted.iter().for_each(|(known, sign)| postings.post(known, *sign));
    postings.into_cells()
}

/// FACT-1, right-hand side.
fn by_facts(fold: &Fold) -> Vec<(Known, i64)> {
    let mut posted: Vec<(Known, i64)> = fold.facts.values().map(|stored| (stored.known.clone(), 1)).collect();
    for past in &fold.pasts {
        posted.push((Known { fact: past.past.fact.clone(), from: past.past.from }, 1));
        posted.push((Known { fact: past.past.fact.clone(), from: past.past.to }, -1));
    }
    posted
}

/// The sums of a place and year as of a day, from year and month buckets.
fn sums_on(posted: &[(Known, i64)], place: &Place, year: i64, on: Day) -> Sums {
    let mut sums = Sums::new(year);
    for (cell, pairs) in cells(posted) {
        let (slice, last) = (&cell.slice, Bucket::month_of(on));
        if slice.level != place.level() || !slice.node.starts_with(place.code()) {
            continue;
        }
        let counts = |day: u16| match cell.bucket {
            Bucket::Year(year) => year < i32::from(on.year()),
            Bucket::Month(month) => month / 100 == last / 100 && (month, day) <= (last, on.day() as u16),
        };
        let amounts =
            pairs.iter().filter_map(|(key, amount)| measure_of(*key).filter(|(_, d)| counts(*d)).map(|(m, _)| (m, *amount)));
        sums.add(slice.sheet, &slice.member, cell.basis_year, amounts);
    }
    sums
}

fn place(code: &str) -> Place {
    Place((!code.is_empty()).then(|| code.parse().unwrap()))
}

fn walk() -> impl Strategy<Value = Vec<(i32, Step)>> {
    proptest::collection::vec((0..14i32, step()), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn fact_1_holds_and_every_place_agrees_with_itself_on_every_day(
        steps in walk(),
        days in proptest::collection::vec((0..40usize, 0..9i32), 8),
    ) {
        let items = Book::walk(&steps);
        let left = folded(&items);
        prop_assert_eq!(cells(&left.posted), cells(&by_facts(&left.fold)), "FACT-1");
        // The days on which something happened or shortly before, when a ledger that came later may already count.
        for (item, before) in days {
            let Some(on) = items.get(item % items.len().max(1)).map(|item| item.known.plus_days(-before)) else { continue };
            for year in [2023, 2024] {
                for code in SEEN_FROM {
                    let place = place(code);
                    let sums = sums_on(&left.posted, &place, year, on);
                    for identity in sums.identities(&place) {
                        prop_assert_eq!(identity.left, identity.right, "{} of {:?} {} as of {}", identity.text, code, year, on);
                    }
                }
            }
        }
    }

    /// Without ledgers, which vouch for earlier days: as of a day is what the events known by then say.
    #[test]
    fn as_of_a_day_is_what_was_known_then(steps in walk(), days in proptest::collection::vec(0..DAYS, 6)) {
        let lived = steps.into_iter().map(|(pause, step)| match step {
            Step::Open { place, force, .. } => (pause, Step::Open { place, force, imported: false }),
            step => (pause, step),
        });
        let items = Book::walk(&lived.collect::<Vec<_>>());
        let left = folded(&items);
        for on in days.into_iter().map(day).chain(items.iter().map(|item| item.known).take(6)) {
            let then = folded(items.iter().filter(|item| item.known <= on));
            let mut expected: BTreeMap<_, i64> = BTreeMap::new();
            for stored in then.fold.facts.values() {
                for c in contributions(&stored.known.fact).into_iter().filter(|c| c.stamp <= on) {
                    *expected.entry((c.measure, i64::from(c.basis.year()))).or_default() += c.amount;
                }
            }
            expected.retain(|_, amount| *amount != 0);
            let mut got: BTreeMap<_, i64> = BTreeMap::new();
            for (known, sign) in &left.posted {
                for c in known.contributions().filter(|c| c.stamp <= on) {
                    *got.entry((c.measure, i64::from(c.basis.year()))).or_default() += c.amount * sign;
                }
            }
            got.retain(|_, amount| *amount != 0);
            prop_assert_eq!(got, expected, "as of {}", on);
        }
    }

    #[test]
    fn explanations_add_up(steps in walk(), at in 0..DAYS) {
        let left = folded(&Book::walk(&steps));
        let (on, place) = (day(at), place("320831"));
        for year in [2023, 2024] {
            for figure in sums_on(&left.posted, &place, year, on).figures() {
                let formula = figure.indicator.formula;
                if matches!(formula, Formula::Rate { .. } | Formula::Themes) || formula.kind() == Kind::Petition {
                    continue;
                }
                let (indicator, sheet, member) = (figure.indicator, figure.sheet, figure.member.clone());
                let question = Question { indicator, year, as_of: on, sheet, member };
                let images = left.fold.facts.values().filter(|stored| stored.known.fact.kind() == formula.kind()).map(|stored| {
                    let then = |p: &&crate::store::PastImage| p.id == stored.id && p.past.from <= on && on < p.past.to;
                    let past = left.fold.pasts.iter().find(then);
                    past.map_or(stored.known.clone(), |p| Known { fact: p.past.fact.clone(), from: p.past.from })
                });
                let here = |known: &Known| known.fact.members().is_some_and(|m| place.holds(m.division));
                let sum: i64 = images.filter(here).filter_map(|known| explain(&known, &question)).map(|e| e.amount).sum();
                prop_assert_eq!(figure.value, Value::Count(sum), "{} {:?}", &indicator.id, sheet);
            }
        }
    }
}

/// A dispute that moves takes along the cases that the event does not name.
#[test]
fn cases_follow_their_dispute() {
    let steps = [
        (0, Step::Open { place: 0, force: 0, imported: false }),
        (1, Step::Take { case: 0, late: 0 }),
        (1, Step::Move { of: 0, place: 3 }),
    ];
    let items = Book::walk(&steps);
    assert!(matches!(&items[2].told, Told::Dispute { cases, .. } if cases.is_empty()));
    let left = folded(&items);
    let accepted = |code: &str, on: i32| {
        let sums = sums_on(&left.posted, &place(code), 2023, day(on));
        let figures = sums.figures();
        let figure = figures.iter().find(|f| f.indicator.id == "case.accepted" && f.sheet == Sheet::Total);
        figure.unwrap().value
    };
    assert_eq!([accepted("320831", 1), accepted("320803", 1)], [Value::Count(1), Value::Count(0)]);
    assert_eq!([accepted("320831", 2), accepted("320803", 2)], [Value::Count(0), Value::Count(1)]);
}

/// What a ledger tells of a dispute that a person linked: the case must not count on days on which its root does not.
#[test]
fn a_ledger_vouches_for_no_day_of_a_linked_dispute() {
    let steps = [
        (0, Step::Open { place: 0, force: 0, imported: true }),
        (0, Step::Open { place: 0, force: 0, imported: false }),
        (1, Step::Link { of: 0, into: 1 }),
        (12, Step::Take { case: 0, late: 9 }),
    ];
    let left = folded(&Book::walk(&steps));
    for (on, accepted) in [(4, 0), (12, 0), (13, 1)] {
        let sums = sums_on(&left.posted, &place(""), 2023, day(on));
        let count = |id: &str| sums.figures().iter().find(|f| f.indicator.id == id).map(|f| f.value);
        assert_eq!(count("case.accepted"), Some(Value::Count(accepted)), "as of {on}");
        assert_eq!(count("dispute.accepted"), Some(Value::Count(accepted)), "as of {on}");
    }
}
