//! How fast disputes go through the calls: logged, dispatched by the rules, taken, agreed; four durable calls each, from many desks at once
//! to one server, whose figures follow meanwhile. Prints the rate, beside that of a call that writes nothing, the server's peak memory, and
//! how far the figures are behind. Absolute figures are those of the machine and the minute; the ratio is what can be compared.

#[path = "../bench/release.rs"]
mod release;

use clap::Parser;
use fengqiao_proto::mediation::v1::{Force, GetBodyRequest};
use fengqiao_tests::{Desk, Engine, Launch, Room, World, dispute, in_a_world, request_id};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Sends disputes through the calls of the real binary.
///
/// cargo run --release -p fengqiao-tests --bin bench_disputes
#[derive(Parser)]
struct Args {
    /// How many disputes.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    disputes: u64,
    /// Desks that work at once.
    #[arg(long, value_name = "N", default_value_t = 128)]
    desks: u64,
    /// Connections that the desks share.
    #[arg(long, value_name = "N", default_value_t = 4)]
    connections: usize,
    /// The fengqiao binary to measure; default: this checkout's, built for release.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match args.binary.clone().map_or_else(release::build, Ok) {
        Ok(binary) => in_a_world(Engine::Sqlite, async |world| measure(world, &binary, &args).await),
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

const TYPES: [&str; 6] = ["T01", "T02", "T06", "T11", "T16", "T17"];

async fn measure(world: &World, binary: &Path, args: &Args) {
    let launch = Launch::new(binary, world.log_file()).arg("serve").args(world.place().flags());
    let server = launch.args(["--listen", "127.0.0.1:0"]).start().await;
    let url = server.url();
    let mut room = Room::at(&url);
    for township in 101..=112 {
        room.body(&format!("P{township}"), Force::People, &format!("320831{township}"), &[], 0).await;
    }
    for (code, force, kind) in
        [("LABOUR", Force::Professional, "T11"), ("TRAFFIC", Force::Professional, "T16"), ("PROPERTY", Force::Industry, "T17")]
    {
        room.body(code, force, "320831", &[kind], 0).await;
    }

    let reads = at_once(&url, args, 20_000.min(args.disputes), |mut room, _| async move {
        let request = GetBodyRequest { code: "P101".to_owned() };
        room.mediation.get_body(request).await.expect("the body is read");
    })
    .await;
    let started = Instant::now();
    let lag = Arc::new(AtomicU64::new(0));
    let watching = tokio::spawn(watch(url.clone(), lag.clone()));
    let wrote = at_once(&url, args, args.disputes, |mut room, n| async move {
        let kind = TYPES[usize::try_from(n).unwrap_or(0) % TYPES.len()];
        let new = dispute(kind, &format!("320831{}", 101 + n % 12));
        let case = room.open(request_id(), new).await.expect("a dispute is logged");
        let case = room.dispatch(&case).await.expect("it is dispatched");
        let case = room.take(&case).await.expect("it is taken");
        room.agree(&case).await.expect("it is agreed");
    })
    .await;
    let took = started.elapsed();
    watching.abort();
    let behind = caught_up(&url).await;
    let peak = peak_mb(server.id());

    let per_second = |calls: u64, time: Duration| calls as f64 / time.as_secs_f64();
    let (writes, readings) = (per_second(4 * args.disputes, wrote), per_second(20_000.min(args.disputes), reads));
    println!("{} disputes, {} desks over {} connections, engine sqlite\n", args.disputes, args.desks, args.connections);
    println!("{:44} {:>12.1} s", "logged, dispatched, taken and agreed in", took.as_secs_f64());
    println!("{:44} {:>12.0} /s", "disputes", per_second(args.disputes, wrote));
    println!("{:44} {writes:>12.0} /s", "durable calls");
    println!("{:44} {readings:>12.0} /s", "calls that read one body");
    println!("{:44} {:>12.2}", "durable calls / reading calls", writes / readings);
    println!("{:44} {:>12} events", "most that the figures were behind", lag.load(Ordering::Relaxed));
    println!("{:44} {:>12.1} s", "figures complete after the last call", behind.as_secs_f64());
    println!("{:44} {peak:>12.0} MB", "peak memory of the server, all services");
    server.stop().await;
    let verified = Launch::new(binary, world.log_file()).arg("verify").args(world.place().flags()).run().await;
    println!("{:44} {:>12}", "verify", if verified.code == Some(0) { "sound" } else { "NOT SOUND" });
}

/// Does something so many times, from all desks at once; gives how long it took.
async fn at_once<F: Future<Output = ()> + Send>(
    url: &str,
    args: &Args,
    times: u64,
    work: impl Fn(Room, u64) -> F + Send + Sync + Copy + 'static,
) -> Duration {
    let rooms: Vec<Room> = (0..args.connections.max(1)).map(|_| Room::at(url)).collect();
    let next = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let desks: Vec<_> = (0..args.desks.max(1))
        .map(|desk| {
            let room = rooms[usize::try_from(desk).unwrap_or(0) % rooms.len()].clone();
            let next = next.clone();
            tokio::spawn(async move {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= times {
                        break;
                    }
                    work(room.clone(), n).await;
                }
            })
        })
        .collect();
    for desk in desks {
        desk.await.expect("a desk does its work");
    }
    started.elapsed()
}

/// Notes the most events that the figures were behind the log.
async fn watch(url: String, most: Arc<AtomicU64>) {
    let mut desk = Desk::at(&url);
    loop {
        if let Ok(fresh) = desk.freshness_of("mediation").await {
            let behind = u64::try_from(fresh.head_position - fresh.position).unwrap_or(0);
            most.fetch_max(behind, Ordering::Relaxed);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// How long it takes until the figures include everything.
async fn caught_up(url: &str) -> Duration {
    let mut desk = Desk::at(url);
    let started = Instant::now();
    loop {
        let fresh = desk.freshness_of("mediation").await.expect("freshness is told");
        if fresh.position >= fresh.head_position && fresh.lag_seconds == 0 {
            return started.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn peak_mb(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    peak.unwrap_or(0.0) / 1024.0
}
