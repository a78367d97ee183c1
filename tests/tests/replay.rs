//! A ledger lived through by the calls, on a clock driven by its dates, gives the same figures as the ledger imported: every
//! indicator, by every dimension, of every year, as of its end and as of the last day.
//!
//! What differs by nature, and is left out:
//!
//! - rows by unit and level where the ledger leaves the unit open: whoever accepts an item live is its unit;
//! - voided entries, which a ledger knows by their day of registration and the book by the day of voiding: no row here is void.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::reporting::v1::{Figure, GetAnnualReportResponse};
use fengqiao_tests::{Engine, Played, World, in_a_world, ledger, replay::Ledger};
use std::{collections::BTreeMap, fs, time::Instant};

#[test]
fn an_invented_ledger_on_sqlite() {
    in_a_world(Engine::Sqlite, async |world| lived_is_imported(world, Ledger::read(&ledger::varied(150, 7)), true).await);
}

#[test]
fn an_invented_ledger_on_postgres() {
    in_a_world(Engine::Postgres, async |world| lived_is_imported(world, Ledger::read(&ledger::varied(60, 8)), true).await);
}

#[test]
fn replies_on_sqlite() {
    let Some((path, _)) = ledger::shared("petitions-replies.csv") else { return };
    let rows = Ledger::read(&fs::read_to_string(path).unwrap());
    in_a_world(Engine::Sqlite, async |world| lived_is_imported(world, rows, false).await);
}

async fn lived_is_imported(world: &World, rows: Ledger, names_units: bool) {
    let (first, last) = rows.days();
    let last = last.plus_days(120);
    let began = Instant::now();
    let live = Played::start(world.place(), first).await;
    let calls = rows.live(&live).await;
    live.day_breaks(last);
    live.caught_up(world.place()).await;
    println!("{} rows lived through from {first} on in {calls} calls, {:.1} s", rows.rows(), began.elapsed().as_secs_f64());

    let place = world.another_place().await;
    let imported = Played::start(&place, last).await;
    assert_eq!(rows.import(&imported).await, i64::try_from(rows.rows()).unwrap());
    imported.caught_up(&place).await;

    let (mut compared, mut years) = (0, 0);
    for year in first.year()..=last.year() {
        years += 1;
        let ends = [fengqiao_model::Day::last_of_year(year).unwrap().min(last), last];
        for as_of in ends {
            for division in ["", "320831101"] {
                let [lived, told] = [live.report(year, division, as_of).await, imported.report(year, division, as_of).await];
                let [lived, told] = [lived, told].map(|report| figures(&report, names_units));
                compared += told.len();
                let differing: Vec<_> = told
                    .keys()
                    .chain(lived.keys())
                    .filter(|key| lived.get(*key) != told.get(*key))
                    .map(|key| format!("{key:?}: lived {:?}, imported {:?}", lived.get(key), told.get(key)))
                    .collect();
                assert!(differing.is_empty(), "{year} {division:?} as of {as_of}: {differing:#?}");
            }
        }
    }
    println!("{compared} figures of {years} years compared: the same");
    for place in [world.place(), &place] {
        let (book, counted) = (place.look("intake").await, place.look("reporting").await);
        assert_eq!(fengqiao_reporting::verify(&counted).await.unwrap(), []);
        assert_eq!(fengqiao_reporting::verify_facts(&counted, Some(&book), None).await.unwrap(), []);
        book.close().await;
        counted.close().await;
    }
}

type Figures = BTreeMap<(String, String, String), (Option<i64>, Option<i64>, Option<i64>)>;

/// The figures of a report, whose identities hold.
fn figures(report: &GetAnnualReportResponse, names_units: bool) -> Figures {
    assert!(report.identities.iter().all(|identity| identity.left == identity.right), "{:?}", report.identities);
    // A ledger starts no window for ratings (P-13) and does not tell the day of one, so what is asked for and overdue differs by nature.
    let told_by_both = |figure: &&Figure| !figure.id.starts_with("petition.rating.");
    let named = |figure: &&Figure| names_units || !figure.dims.iter().any(|dim| dim.key == "unit" || dim.key == "level");
    let key = |figure: &Figure| {
        let (key, member) = figure.dims.first().map_or(("", ""), |dim| (dim.key.as_str(), dim.member.as_str()));
        (figure.id.clone(), key.to_owned(), member.to_owned())
    };
    let figures = report.figures.iter().filter(named).filter(told_by_both);
    figures.map(|figure| (key(figure), (figure.count, figure.numerator, figure.denominator))).collect()
}
