//! Tests of the core against a second definition of "what was known on day D": random lives of petitions, replayed day by
//! day without contributions, clamps or buckets.

mod counted;
mod lives;

use super::{
    Bucket, Change, Fact, Formula, INDICATORS, Kind, Known, LedgerRow, Levels, Measure, Outcome, Past, Petition, Place, Postings,
    Question, Registration, Sheet, Stage, Stock, Sums, Term, Value, explain, measure_of, step,
};
use counted::counted;
use fengqiao_model::Day;
use lives::{DAYS, FIRST, day, life, live, lived, ordered, row};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn petition_of(fact: &Fact) -> &Petition {
    match fact {
        Fact::Petition(petition) => petition,
        other => panic!("no petition: {other:?}"),
    }
}

/// What a life leaves behind.
struct Left {
    current: Known,
    pasts: Vec<Past>,
    posted: Vec<(Known, i64)>,
}

fn live_through(life: &[(Day, Change)]) -> Left {
    let mut current: Option<Known> = None;
    let mut pasts = Vec::new();
    let mut posted = Vec::new();
    for (known, change) in life {
        let before = current.as_ref().map(|known| petition_of(&known.fact));
        let fact = Petition::after(before, change, *known).unwrap();
        let step = step(current.as_ref(), Fact::Petition(Box::new(fact)), *known, change.vouched());
        if let Some(old) = current {
            posted.push((Known { fact: old.fact, from: step.taken_from }, -1));
        }
        posted.push((step.current.clone(), 1));
        pasts.extend(step.past);
        current = Some(step.current);
    }
    Left { current: current.unwrap(), pasts, posted }
}

/// The image known on a day, straight from the life; ledger rows were always known.
fn image_on(life: &[(Day, Change)], on: Day) -> Option<Petition> {
    let mut image: Option<Petition> = None;
    for (known, change) in life {
        if change.vouched() || *known <= on {
            image = Some(Petition::after(image.as_ref(), change, *known).unwrap());
        }
    }
    image
}

type Totals = BTreeMap<(String, Sheet, String, i64, Measure), i64>;

/// The roll as of a day, by year buckets and the months of the last year.
fn roll_on(posted: &[(Known, i64)], on: Day) -> Totals {
    let mut postings = Postings::default();
    posted.iter().for_each(|(known, sign)| postings.post(known, *sign));
    let mut totals = Totals::new();
    for (cell, pairs) in postings.into_cells() {
        for (key, amount) in pairs {
            let (measure, day) = measure_of(key).unwrap();
            let counts = match cell.bucket {
                Bucket::Year(year) => year < i32::from(on.year()),
                Bucket::Month(month) if month / 100 != i32::from(on.year()) => false,
                Bucket::Month(month) => (month, day) <= (Bucket::month_of(on), on.day() as u16),
            };
            let slice = &cell.slice;
            let key = (slice.node.clone(), slice.sheet, slice.member.clone(), cell.basis_year, measure);
            *totals.entry(key).or_default() += if counts { amount } else { 0 };
        }
    }
    totals.retain(|_, amount| *amount != 0);
    totals
}

/// The same from what was known and a look at the days.
fn simulated_on(life: &[(Day, Change)], on: Day) -> Totals {
    let mut totals = Totals::new();
    let Some(fact) = image_on(life, on) else { return totals };
    let code = fact.division.as_str();
    let child = if code.len() >= 9 { &code[..9] } else { code };
    for c in counted(&fact, on) {
        let month = format!("{:02}", c.basis.month());
        for node in [2, 4, 6, 9, 12].into_iter().filter(|n| *n <= code.len() && (*n >= 6 || *n == code.len())).map(|n| &code[..n])
        {
            let county = node.len() <= 6;
            let mut members = vec![(Sheet::Total, String::new())];
            if node.len() <= 9 {
                members.push((Sheet::Month, month.clone()));
                let office = fact.transfer.as_ref().map_or("", |transfer| transfer.from.as_str());
                members.push((Sheet::Unit, if c.of_office { office.to_owned() } else { fact.unit.clone() }));
            }
            if county {
                members.push((Sheet::Channel, fact.channel.clone()));
                members.push((Sheet::Division, child.to_owned()));
                if c.measure == Measure::CLOSED || c.measure == Measure::CONCLUDED {
                    let mut rounds = fact.rounds.iter().map(|round| &round.conclusion).chain([&fact.conclusion]);
                    members.push((Sheet::Conclusion, rounds.nth(usize::from(c.round)).unwrap().clone()));
                }
            }
            for (sheet, member) in members.into_iter().filter(|(sheet, member)| *sheet == Sheet::Total || !member.is_empty()) {
                let key = (node.to_owned(), sheet, member, i64::from(c.basis.year()), c.measure);
                *totals.entry(key).or_default() += c.amount;
            }
        }
    }
    totals.retain(|_, amount| *amount != 0);
    totals
}

/// FACT-1, right-hand side.
fn by_facts(left: &Left) -> Vec<(Known, i64)> {
    let mut posted = vec![(left.current.clone(), 1)];
    for past in &left.pasts {
        posted.push((Known { fact: past.fact.clone(), from: past.from }, 1));
        posted.push((Known { fact: past.fact.clone(), from: past.to }, -1));
    }
    posted
}

fn cells(posted: &[(Known, i64)]) -> Vec<(super::Cell, Vec<(u16, i64)>)> {
    let mut postings = Postings::default();
    posted.iter().for_each(|(known, sign)| postings.post(known, *sign));
    postings.into_cells()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_roll_is_what_was_known(life in life(), days in proptest::collection::vec(FIRST..DAYS + 5, 12)) {
        let left = live_through(&life);
        prop_assert_eq!(cells(&left.posted), cells(&by_facts(&left)), "FACT-1");
        for on in days.into_iter().map(day).chain(life.iter().map(|(known, _)| *known)) {
            prop_assert_eq!(roll_on(&left.posted, on), simulated_on(&life, on), "as of {}", on);
        }
    }

    #[test]
    fn fact_1_holds_also_when_ledgers_advance_live_items(
        life in life(),
        more in proptest::collection::vec(prop_oneof![row().prop_map(|r| Change::Advanced(Box::new(r))), live()], 1..5),
        moves in proptest::collection::vec((FIRST..DAYS, lives::a_move()), 0..5),
        late in FIRST..DAYS,
    ) {
        let mut all = life;
        let last = all.last().unwrap().0;
        // also days that run backwards must not break it
        all.extend(more.into_iter().enumerate().map(|(i, change)| (if i == 0 { day(late) } else { last }, change)));
        let more: Vec<_> = moves.into_iter().map(|(at, taken)| (day(at), taken)).collect();
        let steps = lived(&all, &more);
        all.extend(steps);
        let left = live_through(&all);
        prop_assert_eq!(cells(&left.posted), cells(&by_facts(&left)));
        let mut ends: Vec<Day> = left.pasts.iter().map(|p| p.to).collect();
        ends.push(left.current.from);
        prop_assert!(left.pasts.iter().all(|p| p.from < p.to), "past images have days of their own");
        prop_assert!(left.pasts.windows(2).all(|w| w[0].to == w[1].from), "and follow each other");
    }

    #[test]
    fn identities_hold_and_explanations_add_up(lives in proptest::collection::vec(life(), 1..6), at in FIRST..DAYS) {
        let on = day(at);
        let place = Place(Some("320831".parse().unwrap()));
        let lefts: Vec<Left> = lives.iter().map(|life| live_through(life)).collect();
        let posted: Vec<(Known, i64)> = lefts.iter().flat_map(|left| left.posted.clone()).collect();
        for year in [2023, 2024] {
            let mut sums = Sums::new(year);
            for ((node, sheet, member, basis_year, measure), amount) in roll_on(&posted, on) {
                if node == "320831" {
                    sums.add(sheet, &member, basis_year, [(measure, amount)]);
                }
            }
            for identity in sums.identities(&place) {
                prop_assert_eq!(identity.left, identity.right, "{}", identity.text);
            }
            let figures = sums.figures();
            for indicator in INDICATORS.iter() {
                prop_assert!(figures.iter().any(|f| f.indicator.id == indicator.id && f.sheet == Sheet::Total));
            }
            let counts = |f: &&super::Figure| {
                let formula = f.indicator.formula;
                formula.kind() == Kind::Petition && !matches!(formula, Formula::Rate { .. })
            };
            for figure in figures.iter().filter(counts) {
                let (indicator, sheet) = (figure.indicator, figure.sheet);
                let levels = Levels::default();
                let question = Question { indicator, year, as_of: on, sheet, member: figure.member.clone(), levels };
                let explained: i64 = lefts
                    .iter()
                    .map(|left| {
                        let past = left.pasts.iter().find(|p| p.from <= on && on < p.to);
                        past.map_or(left.current.clone(), |p| Known { fact: p.fact.clone(), from: p.from })
                    })
                    .filter(|known| known.fact.place().starts_with("320831"))
                    .map(|known| explain(&known, &question).map_or(0, |e| e.amount))
                    .sum();
                // A life drawn at random may close before it is registered; then a stock has an item of -1 that is not listed.
                if !matches!(indicator.formula, Formula::CarriedIn(_) | Formula::CarriedOut(_)) {
                    prop_assert_eq!(figure.value, Value::Count(explained), "{}", &indicator.id);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// What is carried out is what is open, however often items are taken up again: as of each day on which something happened.
    #[test]
    fn what_is_carried_out_is_what_is_open(lives in proptest::collection::vec(ordered(), 1..5)) {
        let posted: Vec<(Known, i64)> = lives.iter().flat_map(|life| live_through(life).posted).collect();
        for on in lives.iter().flatten().map(|(known, _)| *known) {
            let year = i64::from(on.year());
            let mut sums = Sums::new(year);
            for ((node, sheet, member, basis_year, measure), amount) in roll_on(&posted, on) {
                if node == "320831" {
                    sums.add(sheet, &member, basis_year, [(measure, amount)]);
                }
            }
            let images = lives.iter().filter_map(|life| image_on(life, on));
            let open = images.filter(|image| image.voided.is_none() && image.closed.is_none()).count();
            prop_assert_eq!(sums.stock(Sheet::Total, "", Stock::Petitions).1, i64::try_from(open).unwrap(), "as of {}", on);
        }
    }
}

/// D§6: an item due on 1 March, closed on time but told late, closed late, or never.
#[test]
fn an_item_is_overdue_from_its_due_day_until_the_end_shows() {
    let due = "2024-03-01".parse::<Day>().unwrap();
    let row = |concluded_on: Option<Day>| LedgerRow {
        registration: Registration {
            division: "320831".parse().unwrap(),
            class: "appeal".to_owned(),
            channel: String::new(),
            unit: String::new(),
            category: String::new(),
            persons: 1,
            on: due.plus_days(-60),
            first_action: None,
        },
        repeat: false,
        litigation: false,
        rating_office: String::new(),
        rating_unit: String::new(),
        first_action_on: None,
        accepted_on: Some(due.plus_days(-60)),
        concluded_on,
        conclusion: concluded_on.map_or(String::new(), |_| "replied".to_owned()),
        review_requested_on: None,
        reviewed_on: None,
        rereview_requested_on: None,
        rereviewed_on: None,
        handling: Some((due, due)),
        review: None,
        rereview: None,
    };
    let outcomes = |petition: &Petition, on: Day| {
        let fact = Fact::Petition(Box::new(petition.clone()));
        let of = |outcome| {
            let measure = Measure::clock(Stage::Handling, Term::Kpi, outcome);
            super::contributions(&fact).iter().filter(|c| c.measure == measure && c.stamp <= on).map(|c| c.amount).sum::<i64>()
        };
        Outcome::ALL.map(of)
    };
    let imported = |end: Option<Day>| Petition::after(None, &Change::Imported(Box::new(row(end))), due).unwrap();
    let open = imported(None);
    assert_eq!(outcomes(&open, due.plus_days(-1)), [0, 0, 0, 0]);
    assert_eq!(outcomes(&open, due), [1, 0, 0, 1]);
    let on_time = imported(Some(due));
    assert_eq!(outcomes(&on_time, due), [1, 1, 0, 0]);
    let late = imported(Some(due.plus_days(3)));
    assert_eq!(outcomes(&late, due.plus_days(2)), [1, 0, 0, 1]);
    assert_eq!(outcomes(&late, due.plus_days(3)), [1, 0, 1, 0]);
    let told_late = Petition::after(Some(&open), &Change::OpinionIssued { on: due }, due.plus_days(4)).unwrap();
    assert_eq!(outcomes(&told_late, due.plus_days(3)), [1, 0, 0, 1]);
    assert_eq!(outcomes(&told_late, due.plus_days(4)), [1, 1, 0, 0]);
}
