//! How long reading takes in a large book: every kind of list on its first pages and deep inside, totals, one petition, a watch. The book
//! is a made ledger, imported by the real command line; the calls are real gRPC calls to a server process of its own, one after the
//! other. Prints median and p99 in milliseconds and the server's peak memory. Absolute figures are those of the machine and the minute.

#[path = "../bench/book.rs"]
mod book;
#[path = "../bench/engine.rs"]
mod engine;
#[path = "../bench/release.rs"]
mod release;

use clap::Parser;
use engine::EngineName;
use fengqiao_proto::intake::v1::{
    GetPetitionRequest, ListPetitionsRequest, PetitionOrder, PetitionState, RepeatFilter, WatchPetitionsRequest,
    watch_petitions_response::What,
};
use fengqiao_tests::{Desk, Launch, World, in_a_world, petition, request_id};
use prost_types::FieldMask;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

/// Reads a large book with the real binary.
///
/// cargo run --release -p fengqiao-tests --bin bench_book -- --engine sqlite
#[derive(Parser)]
struct Args {
    /// How many petitions.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    count: usize,
    /// The engine; PostgreSQL: TEST_POSTGRES_URL, or a throw-away server with fsync on.
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: EngineName,
    /// How often each call is made.
    #[arg(long, value_name = "N", default_value_t = 200)]
    calls: usize,
    /// The fengqiao binary to measure; default: this checkout's, built for release.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

type Ask = ListPetitionsRequest;

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
    let file = world.path("book.csv");
    book::write(&file, args.count);
    let launch = Launch::new(binary, world.log_file()).arg("serve").args(world.place().flags());
    let server = launch.args(["--listen", "127.0.0.1:0"]).start().await;
    let started = Instant::now();
    let import = Launch::new(binary, world.log_file()).args(["import", "petitions"]).arg(&file);
    let answer =
        import.args(["--wait", "--format", "json", "--ledger", "bench", "--server", &server.url()]).run().await.done().json();
    let rows = answer["imported"].as_i64().expect("the import tells how many");
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "book of {rows} petitions on {}, imported with its figures in {seconds:.0} s, {:.0} rows/s; peak memory of the server {} MB\n",
        world.place().engine(),
        rows as f64 / seconds,
        peak_mb(server.id()),
    );
    // from here on the peak is that of reading
    let _ = fs::write(format!("/proc/{}/clear_refs", server.id()), "5");
    let mut desk = Desk::at(&server.url());
    println!(
        "{:44} {:>6} {:>9} {:>9} {:>9} {:>9} {:>7}",
        "100 rows a page, milliseconds", "rows", "1st p50", "1st p99", "deep p50", "deep p99", "short"
    );
    for (name, ask) in asks() {
        list(&mut desk, name, &ask, args.calls).await;
    }
    println!("\n{:44} {:>6} {:>9} {:>9}", "totals, milliseconds", "total", "p50", "p99");
    for (name, ask) in asks() {
        total(&mut desk, name, &ask, args.calls / 4 + 1).await;
    }
    println!("\n{:44} {:>6} {:>9} {:>9}", "others, milliseconds", "", "p50", "p99");
    get(&mut desk, args.calls).await;
    watch(&mut desk, args.calls).await;
    println!("\npeak memory of the server while it was read: {} MB", peak_mb(server.id()));
    server.stop().await;
}

/// What is listed: each filter alone, and those that offices use together.
fn asks() -> Vec<(&'static str, Ask)> {
    let all = Ask::default;
    let states = |states: &[PetitionState]| states.iter().map(|state| (*state).into()).collect::<Vec<i32>>();
    let open = states(&[PetitionState::Registered, PetitionState::Accepted, PetitionState::Extended]);
    let unit = |number: usize| book::unit(number);
    vec![
        ("all", all()),
        ("all, the latest first", Ask { descending: true, ..all() }),
        ("a county", Ask { division_code: "320831".to_owned(), ..all() }),
        ("a township", Ask { division_code: "320831105".to_owned(), ..all() }),
        ("a village", Ask { division_code: "320831105203".to_owned(), ..all() }),
        ("a large unit", Ask { responsible_unit: unit(0), ..all() }),
        ("a small unit", Ask { responsible_unit: unit(199), ..all() }),
        ("a registering office (all of a ledger)", Ask { unit: "office".to_owned(), ..all() }),
        ("a common state", Ask { states: states(&[PetitionState::OpinionIssued]), ..all() }),
        ("a rare state", Ask { states: states(&[PetitionState::ReviewRequested]), ..all() }),
        ("open: three states", Ask { states: open.clone(), ..all() }),
        ("a channel", Ask { channel: "visit".to_owned(), ..all() }),
        ("a class", Ask { matter_class: "suggestion".to_owned(), ..all() }),
        ("a category of 40", Ask { category: "类别7".to_owned(), ..all() }),
        ("a category that is not there", Ask { category: "无".to_owned(), ..all() }),
        ("repeats", Ask { repeats: RepeatFilter::Only.into(), ..all() }),
        (
            "registered in a month",
            Ask { registered_from: "2022-05-01".to_owned(), registered_to: "2022-05-31".to_owned(), ..all() },
        ),
        ("concluded in a month", Ask { concluded_from: "2022-05-01".to_owned(), concluded_to: "2022-05-31".to_owned(), ..all() }),
        (
            "accepted in a month, of a unit",
            Ask {
                accepted_from: "2022-05-01".to_owned(),
                accepted_to: "2022-05-31".to_owned(),
                responsible_unit: unit(20),
                ..all()
            },
        ),
        (
            "accepted in a month, of all",
            Ask { accepted_from: "2022-05-01".to_owned(), accepted_to: "2022-05-31".to_owned(), ..all() },
        ),
        ("late on a day", Ask { overdue_on: "2024-12-01".to_owned(), ..all() }),
        ("late on a day, of a unit", Ask { overdue_on: "2024-12-01".to_owned(), responsible_unit: unit(20), ..all() }),
        ("due in a week", Ask { due_from: "2025-01-01".to_owned(), due_to: "2025-01-07".to_owned(), ..all() }),
        (
            "open, of a township and a unit",
            Ask { states: open, division_code: "320831105".to_owned(), responsible_unit: unit(3), ..all() },
        ),
        (
            "a channel and a class of a village",
            Ask {
                division_code: "320831105203".to_owned(),
                channel: "visit".to_owned(),
                matter_class: "appeal".to_owned(),
                ..all()
            },
        ),
        ("by change, from the beginning", Ask { order: PetitionOrder::Changed.into(), ..all() }),
        ("by change, the latest first", Ask { order: PetitionOrder::Changed.into(), descending: true, ..all() }),
        ("by change, of a small unit", Ask { order: PetitionOrder::Changed.into(), responsible_unit: unit(199), ..all() }),
    ]
}

/// First pages again and again; then one page after the other from the middle of the list, or of what is there.
async fn list(desk: &mut Desk, name: &str, ask: &Ask, calls: usize) {
    let ask = Ask { page_size: 100, ..ask.clone() };
    let (mut first, mut rows) = (Vec::new(), 0);
    for _ in 0..calls {
        let begun = Instant::now();
        let page = desk.intake.list_petitions(ask.clone()).await.expect("a page").into_inner();
        first.push(begun.elapsed());
        rows = page.petitions.len();
    }
    // pages of a thousand lead into the middle; a list that ends before is deep at its end
    let (mut token, mut seen) = (String::new(), 0);
    for _ in 0..300 {
        let page = Ask { page_size: 1000, page_token: token.clone(), ..ask.clone() };
        let page = desk.intake.list_petitions(page).await.expect("a page").into_inner();
        seen += page.petitions.len();
        if page.next_page_token.is_empty() {
            break;
        }
        token = page.next_page_token;
    }
    let (begin, mut deep, mut short) = (token.clone(), Vec::new(), 0);
    for _ in 0..calls {
        let page = Ask { page_token: token, ..ask.clone() };
        let begun = Instant::now();
        let page = desk.intake.list_petitions(page).await.expect("a page").into_inner();
        deep.push(begun.elapsed());
        short += usize::from(page.petitions.len() < 100 && !page.next_page_token.is_empty());
        token = if page.next_page_token.is_empty() { begin.clone() } else { page.next_page_token };
    }
    let (first, deep) = (spread(first), spread(deep));
    println!(
        "{name:44} {rows:>6} {:>9} {:>9} {:>9} {:>9} {:>6.0}%  after {seen}",
        first.0,
        first.1,
        deep.0,
        deep.1,
        100.0 * short as f64 / calls as f64
    );
}

async fn total(desk: &mut Desk, name: &str, ask: &Ask, calls: usize) {
    let ask = Ask { page_size: 1, with_total: true, ..ask.clone() };
    let (mut times, mut total) = (Vec::new(), String::new());
    for _ in 0..calls {
        let begun = Instant::now();
        let page = desk.intake.list_petitions(ask.clone()).await.expect("a page").into_inner();
        times.push(begun.elapsed());
        total = format!("{}{}", page.total_size, if page.total_is_capped { "+" } else { "" });
    }
    let (middle, slow) = spread(times);
    println!("{name:44} {total:>6} {middle:>9} {slow:>9}");
}

async fn get(desk: &mut Desk, calls: usize) {
    let page = desk.intake.list_petitions(Ask { page_size: 1000, ..Ask::default() }).await.expect("a page").into_inner();
    for (name, read_mask) in [
        ("get, whole", None),
        ("get, three fields", Some(FieldMask { paths: ["number", "state", "etag"].map(str::to_owned).to_vec() })),
    ] {
        let mut times = Vec::new();
        for petition in page.petitions.iter().cycle().step_by(7).take(calls) {
            let request =
                GetPetitionRequest { petition_id: petition.id.clone(), read_mask: read_mask.clone(), ..Default::default() };
            let begun = Instant::now();
            desk.intake.get_petition(request).await.expect("the petition");
            times.push(begun.elapsed());
        }
        let (middle, slow) = spread(times);
        println!("{name:44} {:>6} {middle:>9} {slow:>9}", "");
    }
}

/// From a petition being logged until a watch has told of it, both over the wire.
async fn watch(desk: &mut Desk, calls: usize) {
    let mut watch = desk.intake.watch_petitions(WatchPetitionsRequest::default()).await.expect("a watch").into_inner();
    let mut times = Vec::new();
    for number in 0..calls {
        let new = petition("看看多久", &format!("watched-{number}"));
        let begun = Instant::now();
        desk.log(request_id(), new).await.expect("a good petition is logged");
        loop {
            let answer = watch.message().await.expect("the watch goes on").expect("the watch goes on");
            if matches!(answer.what, Some(What::Change(_))) {
                break;
            }
        }
        times.push(begun.elapsed());
    }
    let (middle, slow) = spread(times);
    println!("{:44} {:>6} {middle:>9} {slow:>9}", "logged until a watch has told of it", "");
}

/// Median and p99 in milliseconds.
fn spread(mut times: Vec<Duration>) -> (String, String) {
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    (format!("{:.2}", at(0.5)), format!("{:.2}", at(0.99)))
}

fn peak_mb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    peak.unwrap_or(0) / 1024
}
