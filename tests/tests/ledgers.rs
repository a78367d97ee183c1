//! The real ledgers, through the command line: every figure of every year and cut-off as an independent count gives it, on both
//! engines and in more than one time zone; imported again, nothing changes.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_tests::{Engine, World, in_a_world, ledger};
use serde_json::Value;
use std::path::Path;

#[test]
fn replies_on_sqlite() {
    ledger_gives_its_figures("petitions-replies.csv", Engine::Sqlite, None);
}

#[test]
fn replies_on_sqlite_in_new_york() {
    ledger_gives_its_figures("petitions-replies.csv", Engine::Sqlite, Some("America/New_York"));
}

#[test]
fn replies_on_postgres() {
    ledger_gives_its_figures("petitions-replies.csv", Engine::Postgres, None);
}

#[test]
fn replies_on_postgres_in_new_york() {
    ledger_gives_its_figures("petitions-replies.csv", Engine::Postgres, Some("America/New_York"));
}

#[test]
fn council_on_sqlite_in_new_york() {
    ledger_gives_its_figures("petitions-council.csv.gz", Engine::Sqlite, Some("America/New_York"));
}

#[test]
fn council_on_postgres() {
    ledger_gives_its_figures("petitions-council.csv.gz", Engine::Postgres, None);
}

fn ledger_gives_its_figures(file: &str, engine: Engine, zone: Option<&str>) {
    let Some((path, expected)) = ledger::shared(file) else { return };
    in_a_world(engine, async |world| {
        world.set_zone(zone);
        let server = world.serve().await;
        let count = |key: &str| expected[key].as_i64().unwrap();
        let refused = expected["refused_closed_before_opened"].as_i64().unwrap_or(0);

        let first = import(world, &server.url(), &path).await;
        let said = (first["rows"].as_i64().unwrap(), first["imported"].as_i64().unwrap(), first["already"].as_i64().unwrap());
        assert_eq!(said, (count("rows"), count("imported"), count("already")), "{first}");
        assert_eq!(first["refused"].as_array().unwrap().len() as i64, refused, "{first}");
        assert_eq!((&first["advanced"], &first["late"]), (&0.into(), &0.into()), "{first}");
        figures_are(world, &server.url(), &expected).await;

        let again = import(world, &server.url(), &path).await;
        let said = (again["imported"].as_i64(), again["advanced"].as_i64(), again["already"].as_i64());
        assert_eq!(said, (Some(0), Some(0), Some(count("rows") - refused)), "{again}");
        server.stop().await;
        world.verify(world.place()).await.done();
    });
}

async fn import(world: &World, server: &str, path: &Path) -> Value {
    world.import(server, path, "台账").await.done().json()
}

async fn figures_are(world: &World, server: &str, expected: &Value) {
    let mut differences = Vec::new();
    let cutoffs = expected["by_cutoff"].as_object().unwrap();
    let last = cutoffs.keys().max().unwrap();
    for (cutoff, years) in cutoffs {
        for (year, figures) in years.as_object().unwrap() {
            let report = world.report(server, year.parse().unwrap(), cutoff).await;
            assert_eq!((&report.0["as_of"], report.0["year"].to_string()), (&cutoff.as_str().into(), year.clone()));
            let mut compare = |id: &str, expected: &Value, found: i64| {
                if expected.as_i64() != Some(found) {
                    differences.push(format!("{year} as of {cutoff}: {id} is {found}, must be {expected}"));
                }
            };
            for key in ["registered", "concluded", "carried_in", "carried_out"] {
                let id = format!("petition.{key}");
                compare(&id, &figures[key], report.total(&id));
            }
            for term in ["kpi", "legal"] {
                for (outcome, expected) in figures[term].as_object().unwrap() {
                    let id = format!("petition.handling.{term}.{outcome}");
                    compare(&id, expected, report.total(&id));
                }
            }
            let Some(units) = expected["registered_by_unit"][year].as_object().filter(|_| cutoff == last) else { continue };
            for (unit, expected) in units {
                compare(unit, expected, report.of("petition.registered", "unit", unit));
            }
            for unit in report.members("petition.registered", "unit") {
                assert!(units.contains_key(&unit), "{year}: the report has a unit {unit:?} that the ledger has not");
            }
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}
