//! kill -9 of the server while it writes: restarted on the same data, nothing that was acknowledged is lost, nothing is there
//! twice, and the figures are those of an import that nobody disturbed. The moments are positions of the log and of the
//! follower, drawn from a seed; what a kill leaves half done differs from run to run.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use fengqiao_proto::intake::v1::NewPetition;
use fengqiao_tests::{
    Desk, Place, SOON, World, eventually,
    ledger::{self, Dice},
    on_each_engine, petition, request_id,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use uuid::Uuid;

const KILLS: u64 = 8;
const YEARS: [i32; 4] = [2011, 2017, 2018, 2019];

/// The replies of `../shared`, or as many petitions of our own.
fn file(world: &World) -> (PathBuf, i64) {
    match ledger::shared("petitions-replies.csv") {
        Some((path, expected)) => (path, expected["rows"].as_i64().unwrap()),
        None => (world.file("made.csv", ledger::made(3000, 7)), 3000),
    }
}

/// Every total of some years.
async fn figures(world: &World, server: &str) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for year in YEARS {
        let report = world.report(server, year, "2020-12-31").await;
        for figure in report.figures().iter().filter(|figure| figure["value"].is_i64()) {
            all.insert(format!("{year} {} {}", figure["id"], figure["dims"]), figure["value"].as_i64().unwrap());
        }
    }
    all
}

async fn reached(place: &Place, follower: bool, position: i64) {
    let what = if follower { "the figures follow" } else { "the log grows" };
    eventually(&format!("{what} to {position}"), SOON, async || {
        let at = if follower { place.followed().await } else { place.head().await };
        if at >= position { Ok(()) } else { Err(at) }
    })
    .await;
}

on_each_engine! {
    async fn an_import_goes_on_where_the_server_was_killed(world: &World) {
        let place = world.place();
        let (file, rows) = file(world);
        let mut dice = Dice::new(20_181_231);
        let ledger_name = |round: u64| format!("第{round}册");
        let args = |round: u64| -> Vec<String> {
            let name = ledger_name(round);
            ["import", "petitions", file.to_str().unwrap(), "--wait", "--ledger", &name].map(str::to_owned).to_vec()
        };
        let mut server = world.serve().await;
        for round in 0..KILLS {
            let before = place.head().await;
            let client = world.client(&server.url(), args(round)).spawn();
            // The position of the log or of the follower at which the server dies; in the middle of what comes after it.
            let (follower, at) = (dice.below(3) == 0, i64::try_from(dice.below(rows.unsigned_abs())).unwrap());
            reached(place, follower, before + at).await;
            let address = server.address().to_string();
            server.kill().await;
            if dice.below(2) == 0 {
                // The client holds out until the server is back at its address.
                server = world.serve_at(place, &address).start().await;
                let summary = client.await.unwrap().done().json();
                let taken = summary["imported"].as_i64().unwrap() + summary["already"].as_i64().unwrap();
                assert_eq!(taken, rows, "round {round}, killed at {at}: {summary}");
            } else {
                client.abort();
                server = world.serve().await;
            }
        }
        for round in 0..KILLS {
            let summary = world.run(&server.url(), args(round)).await.done().json();
            let taken = summary["imported"].as_i64().unwrap() + summary["already"].as_i64().unwrap();
            assert_eq!((taken, &summary["refused"]), (rows, &serde_json::json!([])), "round {round}: {summary}");
        }
        let found = figures(world, &server.url()).await;
        server.stop().await;
        world.verify(place).await.done();

        let expected = undisturbed(world, &file).await;
        let times = i64::try_from(KILLS).unwrap();
        for (figure, once) in &expected {
            assert_eq!(found.get(figure), Some(&(once * times)), "{figure}, {once} in each of {times} ledgers");
        }
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    }

    async fn every_acknowledged_petition_is_there_once(world: &World) {
        let place = world.place();
        let mut dice = Dice::new(42);
        let known: Arc<Mutex<Calls>> = Arc::default();
        let mut server = world.serve().await;
        for round in 0..6 {
            let acknowledged = Arc::new(AtomicUsize::new(0));
            let desks: Vec<_> = (0..8)
                .map(|desk| {
                    let logging = log_until_the_line_breaks(server.url(), format!("{round}-{desk}"), known.clone(), acknowledged.clone());
                    tokio::spawn(logging)
                })
                .collect();
            let enough = usize::try_from(5 + dice.below(120)).unwrap();
            eventually(&format!("{enough} petitions are acknowledged"), SOON, async || {
                let so_far = acknowledged.load(Ordering::Relaxed);
                if so_far >= enough { Ok(()) } else { Err(so_far) }
            })
            .await;
            server.kill().await;
            for desk in desks {
                desk.await.unwrap();
            }
            server = world.serve().await;
        }

        let Calls { asked, answered } = std::mem::take(&mut *known.lock().unwrap());
        let mut desk = Desk::at(&server.url());
        let mut numbers = BTreeSet::new();
        for (request_id, new) in asked {
            let reference = new.external_ref.clone();
            if let Some(number) = answered.get(&reference) {
                let found = desk.find(&reference).await.unwrap_or_else(|| panic!("{reference}, number {number}, is lost"));
                assert_eq!((&found.number, found.history.len()), (number, 1), "{reference}");
            }
            // Sent again, as a client does that got no answer, it is the same petition.
            let again = desk.log(request_id, new).await.expect("a repeated request is answered");
            let number = again.petition.expect("the answer has the petition").number;
            assert!(answered.get(&reference).is_none_or(|first| *first == number), "{reference}: another number, {number}");
            assert!(numbers.insert(number), "{reference}: the number of another petition");
        }
        let all: BTreeSet<String> = desk.all().await.into_iter().map(|petition| petition.number).collect();
        assert_eq!(all, numbers, "in the book stands what was asked for, nothing else");
        let mut series: Vec<u64> = all.iter().map(|number| tail(number)).collect();
        series.sort_unstable();
        assert!(series.iter().copied().eq(1..=series.len() as u64), "numbers have gaps: {series:?}");
        server.stop().await;
        world.verify(place).await.done();
    }
}

/// What was asked of the server, and the numbers it gave.
#[derive(Default)]
struct Calls {
    asked: Vec<(Uuid, NewPetition)>,
    answered: BTreeMap<String, String>,
}

async fn log_until_the_line_breaks(url: String, name: String, known: Arc<Mutex<Calls>>, acknowledged: Arc<AtomicUsize>) {
    let mut desk = Desk::at(&url);
    for n in 0.. {
        let reference = format!("{name}-{n}");
        let (id, new) = (request_id(), petition("反映灌渠淤塞", &reference));
        known.lock().unwrap().asked.push((id, new.clone()));
        match desk.log(id, new).await {
            Ok(logged) => {
                known.lock().unwrap().answered.insert(reference, logged.petition.unwrap().number);
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => return,
        }
    }
}

/// The last part of a document number.
fn tail(number: &str) -> u64 {
    let digits = number.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or_else(|_| panic!("{number} does not end in a number"))
}

/// The figures of one import in a place of its own.
async fn undisturbed(world: &World, file: &Path) -> BTreeMap<String, i64> {
    let place = world.another_place().await;
    let server = world.serve_on(&place).start().await;
    world.import(&server.url(), file, "台账").await.done();
    let figures = figures(world, &server.url()).await;
    server.stop().await;
    figures
}
