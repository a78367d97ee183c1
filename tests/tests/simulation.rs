//! Random walks over intake and mediation on a clock played forward, while the lines between clients, services and followers lose,
//! delay and cut what goes over them. Calls whose answer is lost are made again under their own request id.
//!
//! What must hold whatever happens:
//! * every identity of the report, for every year and cut-off asked for, at any moment (SIM-1);
//! * when everyone has caught up, a reporting service that begins anew from the logs has the same facts and figures as the one that
//!   followed all the while, byte for byte (SIM-2);
//! * every book is sound: chains, states, loads, milestones, facts, roll (SIM-3);
//! * nothing is stuck (SIM-4): what one service publishes, the other can place.
//!
//! What is no failure: a call refused by the rules, a stale etag, an id that is not there. What stays undetermined: which pieces of
//! traffic are cut depends on how the operating system slices it; the walks themselves come from a seed.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "support/walk.rs"]
mod walk;

use fengqiao_model::{Clock, Day, Instant, ManualClock};
use fengqiao_proto::reporting::v1::GetFreshnessRequest;
use fengqiao_service::Map;
use fengqiao_store::on;
use fengqiao_tests::{Desk, Engine, Place, Proxy, SOON, World, eventually, in_a_world};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use walk::Walker;

/// Operations of one walk.
const STEPS: usize = 450;
const FIRST_DAY: &str = "2023-11-20";

#[test]
fn walks_on_sqlite() {
    in_a_world(Engine::Sqlite, async |world| walks(world, 1).await);
}

#[test]
fn walks_on_postgres() {
    in_a_world(Engine::Postgres, async |world| walks(world, 2).await);
}

/// A service in this process, on a thread of its own, at an address; it ends with the test.
fn service(name: &'static str, place: &Place, clock: &ManualClock, listen: SocketAddr, feeds: &[(&str, String)]) {
    let mut settings = Map::default();
    settings.set("FENGQIAO_LISTEN", listen.to_string());
    settings.set("FENGQIAO_DATA", place.data().to_string_lossy());
    settings.set("FENGQIAO_LOG", "error");
    if let Some(url) = place.url() {
        settings.set("FENGQIAO_DATABASE", url);
    }
    for (setting, url) in feeds {
        settings.set(*setting, url);
    }
    let clock: Arc<dyn Clock> = Arc::new(clock.clone());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let ended = runtime.block_on(async {
            match name {
                "intake" => fengqiao_intake::serve(&settings, clock).await,
                "mediation" => fengqiao_mediation::serve(&settings, clock).await,
                _ => fengqiao_reporting::serve(&settings, clock).await,
            }
        });
        if let Err(problem) = ended {
            eprintln!("{name} ended: {problem}");
        }
    });
}

fn free() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

async fn walks(world: &World, seed: u64) {
    let first: Day = FIRST_DAY.parse().unwrap();
    let clock = ManualClock::new(Instant(first.begins().0 + 9 * 3_600_000_000));
    let place = world.place();
    let [intake, mediation, reporting, anew] = [(); 4].map(|()| free());
    // A bad line for each follower and for the clients.
    let line = async |to: SocketAddr, n: u64, one_in: u64| Proxy::to(to, seed * 100 + n, one_in).await;
    let (to_mediation, to_intake) = (line(mediation, 1, 40).await, line(intake, 2, 40).await);
    let (figures_intake, figures_mediation) = (line(intake, 3, 40).await, line(mediation, 4, 40).await);
    let (desk_line, room_line) = (line(intake, 5, 60).await, line(mediation, 6, 60).await);
    service("intake", place, &clock, intake, &[("FENGQIAO_MEDIATION_FEED", to_mediation.url())]);
    service("mediation", place, &clock, mediation, &[("FENGQIAO_INTAKE_FEED", to_intake.url())]);
    let feeds = [("FENGQIAO_INTAKE_FEED", figures_intake.url()), ("FENGQIAO_MEDIATION_FEED", figures_mediation.url())];
    service("reporting", place, &clock, reporting, &feeds);
    answers(reporting).await;

    let mut walker = Walker::new(&desk_line.url(), &room_line.url(), clock.clone(), seed);
    walker.prepare().await;
    for step in 0..STEPS {
        walker.step().await;
        if step % 50 == 49 {
            identities_hold(reporting, &clock).await;
        }
    }
    println!("{}", walker.summary());
    assert!(walker.happened() >= 30, "the walk did too little: {}", walker.summary());

    // The lines become good, and everyone catches up.
    caught_up(place, place).await;
    identities_hold(reporting, &clock).await;
    let cuts: u64 =
        [&to_mediation, &to_intake, &figures_intake, &figures_mediation, &desk_line, &room_line].iter().map(|l| l.cuts()).sum();
    assert!(cuts > 20, "the lines were cut {cuts} times only");
    for service in ["intake", "mediation", "reporting"] {
        assert_eq!(stuck(place, service).await, 0, "SIM-4: {service} has stuck events");
    }

    // SIM-2: from the beginning, over good lines.
    let other = world.another_place().await;
    let feeds =
        [("FENGQIAO_INTAKE_FEED", format!("http://{intake}")), ("FENGQIAO_MEDIATION_FEED", format!("http://{mediation}"))];
    service("reporting", &other, &clock, anew, &feeds);
    answers(anew).await;
    caught_up(&other, place).await;
    let (live, rebuilt) = (tables(place).await, tables(&other).await);
    assert!(live.len() > 100, "{} rows only", live.len());
    for (live, rebuilt) in live.iter().zip(&rebuilt) {
        assert_eq!(live, rebuilt, "SIM-2");
    }
    assert_eq!(live.len(), rebuilt.len(), "SIM-2");
    // SIM-3: live, as the services still run.
    world.verify(place).await.done();
}

/// The reporting service has opened its database; an open port alone does not say so.
async fn answers(reporting: SocketAddr) {
    let mut desk = Desk::at(&format!("http://{reporting}"));
    eventually("reporting answers", SOON, async || desk.reporting.get_freshness(GetFreshnessRequest::default()).await.map(drop))
        .await;
}

/// The figures at one place include everything in the logs of another.
async fn caught_up(figures: &Place, books: &Place) {
    eventually("everyone has caught up", Duration::from_secs(180), async || {
        let (intake, mediation) = (books.head_of("intake").await, books.head_of("mediation").await);
        let at = [
            books.followed_by("mediation", "intake").await,
            books.followed_by("intake", "mediation").await,
            figures.followed_by("reporting", "intake").await,
            figures.followed_by("reporting", "mediation").await,
        ];
        let still = (books.head_of("intake").await, books.head_of("mediation").await) == (intake, mediation);
        if still && at == [intake, mediation, intake, mediation] {
            Ok(())
        } else {
            Err(format!("{at:?} of {intake}, {mediation}"))
        }
    })
    .await;
}

/// SIM-1, in every year that something may have happened in, on the last days and some before.
async fn identities_hold(reporting: SocketAddr, clock: &ManualClock) {
    let mut desk = Desk::at(&format!("http://{reporting}"));
    let today = clock.now().day();
    for year in [2023, 2024, 2025] {
        for back in [0, 1, 17, 45] {
            let as_of = today.plus_days(-back).to_string();
            let request =
                fengqiao_proto::reporting::v1::GetAnnualReportRequest { year, as_of: as_of.clone(), ..Default::default() };
            let report = desk.reporting.get_annual_report(request).await.unwrap().into_inner();
            for identity in &report.identities {
                assert_eq!(identity.left, identity.right, "SIM-1: {year} as of {as_of}: {}", identity.text);
            }
        }
    }
}

async fn stuck(place: &Place, service: &str) -> i64 {
    let db = place.look(service).await;
    let count = on!(read &db, c => sqlx::query_scalar("SELECT COUNT(*) FROM stuck").fetch_one(c).await).unwrap();
    db.close().await;
    count
}

/// Facts, past facts and roll, row by row, in the order of their keys.
async fn tables(place: &Place) -> Vec<String> {
    let db = place.look("reporting").await;
    let mut rows: Vec<String> = Vec::new();
    type Fact = (String, String, String, String, String, String, String);
    const FACTS: &str = "SELECT id, kind, number, external_ref, division, known_from, image FROM fact ORDER BY id";
    let facts: Vec<Fact> = on!(read &db, c => sqlx::query_as(FACTS).fetch_all(c).await).unwrap();
    rows.extend(facts.iter().map(|row| format!("{row:?}")));
    const PASTS: &str = "SELECT id, known_from, known_to, image FROM fact_past ORDER BY id, known_from";
    let pasts: Vec<(String, String, String, String)> = on!(read &db, c => sqlx::query_as(PASTS).fetch_all(c).await).unwrap();
    rows.extend(pasts.iter().map(|row| format!("{row:?}")));
    type Roll = (i64, String, String, i64, String, String, i64, Vec<u8>);
    const ROLL: &str = "SELECT level, node, bucket_kind, bucket, sheet, member, basis_year, amounts FROM roll \
                        ORDER BY level, node, bucket_kind, bucket, sheet, member, basis_year";
    let roll: Vec<Roll> = on!(read &db, c => sqlx::query_as(ROLL).fetch_all(c).await).unwrap();
    rows.extend(roll.iter().map(|row| format!("{row:?}")));
    db.close().await;
    rows
}
