//! How long the petitioner's look-up takes, for each way in which it can be silent, and for the answer: whether a stranger could tell by the
//! clock what the bytes do not tell. Kinds are asked in turn, in an order drawn anew each time, each from an address of its own, so that
//! nobody waits. Absolute figures are those of the machine and the minute; the distances between the kinds are what can be compared.

#[path = "../bench/release.rs"]
mod release;

use clap::Parser;
use fengqiao_proto::intake::v1::{
    ErasePartiesRequest, LogPetitionRequest, LookUpStatusRequest, NewPetition, WithdrawPetitionRequest,
};
use fengqiao_tests::{Desk, Engine, Launch, World, in_a_world, ledger::Dice, petition, request_id};
use std::{
    net::Ipv4Addr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};
use tonic::{Code, Request};

/// Measures the look-up of the real binary.
///
/// cargo run --release -p fengqiao-tests --bin bench_look_up
#[derive(Parser)]
struct Args {
    /// Petitions in the book.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    petitions: u32,
    /// Look-ups of each kind.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    each: usize,
    /// The engine is PostgreSQL, of the server that FENGQIAO_TEST_POSTGRES names; else SQLite.
    #[arg(long)]
    postgres: bool,
    /// The fengqiao binary to measure; default: this checkout's, built for release.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let engine = if args.postgres { Engine::Postgres } else { Engine::Sqlite };
    match args.binary.clone().map_or_else(release::build, Ok) {
        Ok(binary) => in_a_world(engine, async |world| measure(world, &binary, &args).await),
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// A way to ask, and what it is answered.
struct Kind {
    name: &'static str,
    answered: bool,
    asked: Vec<(String, String)>,
    took: Vec<Duration>,
}

/// Petitions of each kind in turn.
const OF_A_KIND: u32 = 50;

async fn measure(world: &World, binary: &Path, args: &Args) {
    let launch = Launch::new(binary, world.log_file()).arg("serve").args(world.place().flags());
    // The client says from where it asks; whatever ended more than a day ago has expired.
    let launch = launch.env("FENGQIAO_TRUSTED_PROXIES", "127.0.0.0/8").env("FENGQIAO_LOOK_UP_DAYS", "1");
    let server = launch.args(["--listen", "127.0.0.1:0"]).start().await;
    let mut desk = Desk::at(&server.url());
    let mut logged = Vec::new();
    for from in (0..args.petitions).step_by(500) {
        let items = (from..(from + 500).min(args.petitions)).map(|n| new(&petition("界址", &format!("E-{n}")))).collect();
        logged.extend(log(&mut desk, items).await);
    }
    let mut kinds = kinds(&mut desk, &logged).await;
    let mut dice = Dice::new(831);
    for n in 0..args.each {
        let mut order: Vec<usize> = (0..kinds.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, usize::try_from(dice.below(at as u64 + 1)).unwrap_or(0));
        }
        for at in order {
            let kind = &mut kinds[at];
            let (number, query_code) = kind.asked[n % kind.asked.len()].clone();
            let mut request = Request::new(LookUpStatusRequest { number, query_code });
            let from = Ipv4Addr::from(0x0b00_0000 + u32::try_from(n * 16 + at).unwrap_or(0)).to_string();
            request.metadata_mut().insert("x-forwarded-for", from.parse().expect("an address is ascii"));
            let started = Instant::now();
            let answer = desk.intake.look_up_status(request).await;
            kind.took.push(started.elapsed());
            match answer {
                Ok(_) => assert!(kind.answered, "{} was answered", kind.name),
                Err(status) => assert!(!kind.answered && status.code() == Code::NotFound, "{}: {status}", kind.name),
            }
        }
    }
    print(&mut kinds, args);
    server.stop().await;
}

fn new(petition: &NewPetition) -> LogPetitionRequest {
    LogPetitionRequest { request_id: request_id().to_string(), petition: Some(petition.clone()), ..Default::default() }
}

/// Logs petitions and gives id, number and code of each; no code for an allegation.
async fn log(desk: &mut Desk, items: Vec<LogPetitionRequest>) -> Vec<(String, String, String)> {
    let request = fengqiao_proto::intake::v1::LogPetitionBatchRequest { items };
    let results = desk.intake.log_petition_batch(request).await.expect("a batch is logged").into_inner().results;
    let one = |verdict: fengqiao_proto::intake::v1::LogPetitionsResponse| {
        let logged = verdict.logged.unwrap_or_else(|| panic!("{:?}", verdict.error));
        let petition = logged.petition.expect("the answer has the petition");
        (petition.id, petition.number, logged.query_codes.into_iter().next().unwrap_or_default())
    };
    results.into_iter().map(one).collect()
}

async fn kinds(desk: &mut Desk, logged: &[(String, String, String)]) -> Vec<Kind> {
    let kind = |name, answered, asked| Kind { name, answered, asked, took: Vec::new() };
    let there = |n: usize| &logged[n * 7919 % logged.len()];
    let some = |ask: &dyn Fn(usize) -> (String, String)| (0..1_000).map(ask).collect::<Vec<_>>();
    let wrong = |n: usize| format!("{:04}-{:04}-ZZZZZ", n % 10_000, n * 7 % 10_000);
    let of_a_kind = |change: &dyn Fn(&mut NewPetition)| {
        (0..OF_A_KIND)
            .map(|_| {
                let mut petition = petition("界址", "");
                change(&mut petition);
                new(&petition)
            })
            .collect::<Vec<_>>()
    };
    let allegations = log(desk, of_a_kind(&|petition| petition.matter_class = "allegation".to_owned())).await;
    let erased = log(desk, of_a_kind(&|_| {})).await;
    for (petition_id, _, _) in &erased {
        let request = ErasePartiesRequest {
            request_id: request_id().to_string(),
            petition_id: petition_id.clone(),
            etag: "1".to_owned(),
            reason: "bench".to_owned(),
            approved_by: "head-2".to_owned(),
            ..Default::default()
        };
        desk.intake.erase_parties(request).await.expect("parties are erased");
    }
    let ago = {
        use fengqiao_model::Clock as _;
        fengqiao_model::SystemClock.now().day().plus_days(-20).to_string()
    };
    let expired = log(desk, of_a_kind(&|petition| petition.occurred_on.clone_from(&ago))).await;
    for (petition_id, _, _) in &expired {
        let request = WithdrawPetitionRequest {
            request_id: request_id().to_string(),
            petition_id: petition_id.clone(),
            etag: "1".to_owned(),
            withdrawn_on: ago.clone(),
            reason: "petition.withdrawn_own_wish".to_owned(),
            ..Default::default()
        };
        desk.intake.withdraw_petition(request).await.expect("it is withdrawn");
    }
    let with_its_code = |of: &[(String, String, String)]| of.iter().map(|(_, n, c)| (n.clone(), c.clone())).collect::<Vec<_>>();
    let with_a_code =
        |of: &[(String, String, String)]| of.iter().enumerate().map(|(n, (_, number, _))| (number.clone(), wrong(n))).collect();
    let office = logged[0].1.split('-').next().unwrap_or_default().to_owned();
    vec![
        kind("no such number", false, some(&|n| (format!("{office}-2026-{:06}", 900_000 + n), wrong(n)))),
        kind("wrong code", false, some(&|n| (there(n).1.clone(), wrong(n)))),
        kind("an allegation", false, with_a_code(&allegations)),
        kind("erased, right code", false, with_its_code(&erased)),
        kind("expired, right code", false, with_its_code(&expired)),
        kind("answered", true, some(&|n| (there(n).1.clone(), there(n).2.clone()))),
    ]
}

fn print(kinds: &mut [Kind], args: &Args) {
    let engine = if args.postgres { "postgres" } else { "sqlite" };
    println!(
        "{} petitions, {} look-ups of each kind in turn, engine {engine}; microseconds over loopback\n",
        args.petitions, args.each
    );
    println!("{:22}{:>8}{:>8}{:>8}{:>8}{:>8}{:>14}{:>10}", "", "min", "p10", "p50", "p90", "p99", "overlap", "told");
    for kind in kinds.iter_mut() {
        kind.took.sort_unstable();
    }
    let base = kinds[0].took.clone();
    for kind in kinds.iter() {
        let at = |part: usize| kind.took[(kind.took.len() - 1) * part / 100].as_micros();
        let (overlap, told) = compare(&base, &kind.took);
        println!(
            "{:22}{:>8}{:>8}{:>8}{:>8}{:>8}{:>13.1}%{:>9.1}%",
            kind.name,
            at(0),
            at(10),
            at(50),
            at(90),
            at(99),
            overlap * 100.0,
            told * 100.0
        );
    }
    println!("\noverlap: common area of the kind's distribution and that of \"no such number\", in bins of 5 µs");
    println!("told: how often the slower of one look-up of each is of this kind; 50% tells nothing");
}

/// The common area of two sorted samples, and how often one of the second is slower than one of the first.
fn compare(a: &[Duration], b: &[Duration]) -> (f64, f64) {
    let bin = |took: &Duration| took.as_micros() / 5;
    let share = |sample: &[Duration]| {
        let mut shares = std::collections::BTreeMap::new();
        for took in sample {
            *shares.entry(bin(took)).or_insert(0.0) += 1.0 / sample.len() as f64;
        }
        shares
    };
    let (first, second) = (share(a), share(b));
    let overlap = first.iter().map(|(bin, share)| share.min(*second.get(bin).unwrap_or(&0.0))).sum();
    let slower: usize = b.iter().map(|took| a.partition_point(|other| other < took)).sum();
    let equal: usize =
        b.iter().map(|took| a.partition_point(|other| other <= took) - a.partition_point(|other| other < took)).sum();
    let told = (slower as f64 + equal as f64 / 2.0) / (a.len() * b.len()) as f64;
    (overlap, told)
}
