//! Random walks over quarrels, see `simulation/book.rs`: FACT-1, the identities of every place on the days on which something
//! happened or shortly before, what was known on a day, and explanations.

mod book;

use super::{Item, Told, fold::Fold};
use crate::domain::{
    Bucket, Formula, Kind, Known, Levels, Place, Postings, Question, Sheet, Sums, Value, contributions, explain, measure_of,
};
use book::{Book, Step, day, step};
use fengqiao_model::Day;
use proptest::prelude::*;
use std::collections::BTreeMap;

const DAYS: i32 = 500;
const SEEN_FROM: [&str; 5] = ["", "320831", "320831106", "320831106201", "320803"];

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
                let levels = Levels::default();
                let question = Question { indicator, year, as_of: on, sheet, member, levels };
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
