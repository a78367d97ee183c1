//! How fast a ledger is imported, beside what the same disk and engine do with nothing but the rows.
//!
//! One run measures both: a server of its own and `fengqiao import … --wait` as a user runs it; then the stored rows of that
//! very book (petitions, data keys, events), written again into empty tables of the same schema by one connection, many rows a
//! statement, a durable transaction per batch, in batches of the same sizes. Absolute figures are those of the machine and the
//! minute; the ratio is what can be compared.

#[path = "../bench/engine.rs"]
mod engine;
#[path = "../bench/floor.rs"]
mod floor;
#[path = "../bench/release.rs"]
mod release;
#[path = "../bench/watch.rs"]
mod watch;

use clap::Parser;
use engine::EngineName;
use fengqiao_store::{Db, Location};
use fengqiao_tests::{Launch, World, in_a_world, ledger, repository};
use std::{
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};
use watch::Watch;

/// Imports a ledger with the real binaries, and measures rows per second, memory, and the ratio to bare inserts.
///
/// cargo run --release -p fengqiao-tests --bin bench_import -- --engine sqlite
#[derive(Parser)]
struct Args {
    /// The ledger; default: the council's of ../shared, or generated rows where that is not there.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// The engine; PostgreSQL: TEST_POSTGRES_URL, or a throw-away server with fsync on.
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: EngineName,
    /// How many rows are generated where there is no file; given, it goes before the council's ledger.
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// The fengqiao binary to measure; default: this checkout's, built for release.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// How often the bare inserts are repeated.
    #[arg(long, value_name = "N", default_value_t = 3)]
    floors: usize,
}

const COUNCIL: &str = "../shared/ledgers/petitions-council.csv.gz";
const GENERATED: usize = 250_000;

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(ended) = args.engine.elsewhere() {
        return ended;
    }
    let binary = match args.binary.clone().map_or_else(release::build, Ok) {
        Ok(binary) => binary,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    in_a_world(args.engine.engine(), async |world| measure(world, &binary, &args).await);
    ExitCode::SUCCESS
}

async fn measure(world: &World, binary: &Path, args: &Args) {
    let (file, what) = ledger_of(world, args);
    let engine = world.place().engine();
    let sync = fsync_p50(&world.path("sync"));
    println!("ledger {what}, engine {engine}, fsync p50 {} ms (write 4 KiB, fdatasync, 200 times)\n", millis(sync));

    let launch = Launch::new(binary, world.log_file()).arg("serve").args(world.place().flags());
    let server = launch.args(["--listen", "127.0.0.1:0"]).start().await;
    let watch = Watch::start(world.place()).await;
    let started = Instant::now();
    let import = Launch::new(binary, world.log_file()).args(["import", "petitions"]).arg(&file);
    let import = import.args(["--wait", "--format", "json", "--ledger", "bench", "--server", &server.url()]);
    let answer = import.run().await.done().json();
    let whole = started.elapsed();
    let seen = watch.end(started).await;
    server.stop().await;
    let rows = answer["imported"].as_i64().expect("the import tells how many");
    let refused = answer["refused"].as_array().map_or(0, Vec::len);
    println!("{:34} {:>10} {:>12}", "", "seconds", "rows/s");
    line("import", seen.imported, rows);
    line("import and figures (--wait)", whole, rows);
    println!("{:34} {:>10}", "  figures at the end of the import", format!("{:.0} %", 100.0 * seen.followed));
    println!("{:34} {:>10} {:>12}", "", "peak MB", "CPU s");
    for (name, process) in [("server", &seen.server), ("client", &seen.client)] {
        println!("{name:34} {:>10.0} {:>12.1}", process.peak_kb as f64 / 1024.0, process.cpu.as_secs_f64());
    }
    println!("{rows} rows imported, {refused} refused\n");

    let book = floor::Book::read(&world.place().look("intake").await).await;
    println!(
        "bare inserts of {} petitions, {} data keys, {} events ({:.0} MB) in {} transactions of {} rows at the median:",
        book.petitions,
        book.keys,
        book.events,
        book.bytes as f64 / 1e6,
        book.batches.len(),
        book.median_batch(),
    );
    let mut times = Vec::new();
    for run in 1..=args.floors.max(1) {
        let location = match world.place().url() {
            None => Location::Sqlite(world.path(&format!("floor-{run}")).join("floor.db")),
            Some(url) => Location::Postgres { url: url.to_owned(), schema: format!("floor_{run}") },
        };
        let db = Db::open(&location, "floor").await.expect("a new place can be opened");
        times.push(book.write(&db).await);
        db.close().await;
        line(&format!("bare inserts, run {run}"), times[run - 1], rows);
    }
    times.sort();
    let bare = times[times.len() / 2];
    line("bare inserts, median", bare, rows);
    println!("\nimport / bare inserts            {:.2}", bare.as_secs_f64() / seen.imported.as_secs_f64());
    println!("import and figures / bare inserts {:.2}", bare.as_secs_f64() / whole.as_secs_f64());
}

fn ledger_of(world: &World, args: &Args) -> (PathBuf, String) {
    let council = repository().join(COUNCIL);
    match (&args.ledger, args.rows) {
        (Some(file), _) => (file.clone(), file.display().to_string()),
        (None, None) if council.is_file() => (council, COUNCIL.to_owned()),
        (None, rows) => {
            let rows = rows.unwrap_or(GENERATED);
            (world.file("generated.csv", ledger::made(rows, 1)), format!("of {rows} generated rows"))
        }
    }
}

fn line(what: &str, time: Duration, rows: i64) {
    println!("{what:34} {:>10.2} {:>12.0}", time.as_secs_f64(), rows as f64 / time.as_secs_f64());
}

fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}

/// How long the disk takes to make 4 KiB durable.
fn fsync_p50(path: &Path) -> Duration {
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("the temporary directory can be written");
    let mut once = |_| {
        let started = Instant::now();
        file.write_all(&[7; 4096]).expect("the disk has room");
        file.sync_data().expect("the disk works");
        started.elapsed()
    };
    let mut times: Vec<Duration> = (0..200).map(&mut once).collect();
    times.sort();
    times[times.len() / 2]
}
