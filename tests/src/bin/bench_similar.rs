//! How fast FindSimilar and SearchPetitions answer over a large book, through the real calls; and how much of what is there they find.

#[path = "../bench/engine.rs"]
mod engine;
#[path = "../bench/release.rs"]
mod release;

use clap::Parser;
use engine::EngineName;
use fengqiao_proto::intake::v1::{
    FindSimilarRequest, LogPetitionBatchRequest, LogPetitionRequest, NewPetition, Party, PersonSought, SearchPetitionsRequest,
};
use fengqiao_store::on;
use fengqiao_tests::{
    Desk, Launch, World, eventually, in_a_world,
    ledger::Dice,
    petition,
    repeats::{Message, folder, messages},
    request_id,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

/// FindSimilar over a book of many petitions: made of the sentences of real messages of ../shared, each by another person, every
/// hundredth of them said again later in other words by the same person.
#[derive(Parser)]
struct Args {
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: EngineName,
    /// Petitions of the book.
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    items: usize,
    /// Calls of each kind that are measured.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    calls: usize,
    /// The fengqiao binary to measure; default: this checkout's, built for release.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(ended) = args.engine.elsewhere() {
        return ended;
    }
    let Some(folder) = folder() else {
        eprintln!("../shared is not here: there are no messages to make a book of");
        return ExitCode::FAILURE;
    };
    let binary = match args.binary.clone().map_or_else(release::build, Ok) {
        Ok(binary) => binary,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    in_a_world(args.engine.engine(), async |world| measure(world, &binary, &args, messages(&folder)).await);
    ExitCode::SUCCESS
}

/// Petitions of the same shape as real ones, and another one of each every time.
struct Maker {
    messages: Vec<Message>,
    sentences: Vec<Vec<String>>,
    dice: Dice,
}

impl Maker {
    fn new(messages: Vec<Message>) -> Self {
        let parts = |body: &str| body.split_inclusive(['。', '！', '？', '，', ',']).map(str::to_owned).collect();
        let sentences = messages.iter().map(|message| parts(&message.body)).collect();
        Self { messages, sentences, dice: Dice::new(7) }
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.dice.below(limit.max(1) as u64)).unwrap_or(0)
    }

    /// Somebody whom nobody else is, but whose name some have.
    fn person(&mut self, number: usize) -> Party {
        const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
        const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国红梅";
        let mut pick = |of: &str| of.chars().nth(self.below(of.chars().count())).unwrap_or('王');
        let name: String = [pick(SURNAMES), pick(GIVEN), pick(GIVEN)].into_iter().collect();
        Party { name, phone: format!("13{:09}", number * 4_001 % 1_000_000_000), ..Party::default() }
    }

    /// Two or three messages mixed sentence by sentence, with a place of its own.
    fn item(&mut self, number: usize) -> NewPetition {
        let subject = self.below(self.messages.len());
        let place = format!("{}村{}组", ["东", "西", "南", "北", "上", "下"][number % 6], number % 997);
        let title = format!("{place}{}", self.messages[subject].title).chars().take(200).collect::<String>();
        let (mut narrative, mut from) = (String::new(), subject);
        while narrative.chars().count() < 200 {
            let at = self.below(self.sentences[from].len());
            narrative.push_str(self.sentences[from].get(at).map_or("。", String::as_str));
            if self.below(3) == 0 {
                from = self.below(self.messages.len());
            }
        }
        let narrative = narrative.chars().take(600).collect();
        NewPetition { narrative, parties: vec![self.person(number)], ..petition(&title, "") }
    }

    /// The same again later: other words before and after, half of the sentences.
    fn again(&mut self, item: &NewPetition) -> NewPetition {
        let half: String = item.narrative.split_inclusive(['。', '，', ',']).step_by(2).collect();
        let title = format!("再次反映{}", item.title).chars().take(200).collect();
        NewPetition { title, narrative: format!("去年反映过，至今没有解决。{half}"), ..item.clone() }
    }
}

async fn measure(world: &World, binary: &Path, args: &Args, messages: Vec<Message>) {
    let launch = Launch::new(binary, world.log_file()).arg("serve").args(world.place().flags());
    let server = launch.args(["--listen", "127.0.0.1:0"]).start().await;
    let mut desk = Desk::at(&server.url());
    let mut maker = Maker::new(messages);
    let mut kept: Vec<(NewPetition, String)> = Vec::new();
    let (started, mut logging) = (Instant::now(), Duration::ZERO);
    for first in (0..args.items).step_by(500) {
        let items: Vec<NewPetition> = (first..args.items.min(first + 500)).map(|number| maker.item(number)).collect();
        let keep = items[0].clone();
        let wrap = |petition| LogPetitionRequest {
            request_id: request_id().to_string(),
            petition: Some(petition),
            ..LogPetitionRequest::default()
        };
        let batch = LogPetitionBatchRequest { items: items.into_iter().map(wrap).collect() };
        let before = Instant::now();
        let results = desk.intake.log_petition_batch(batch).await.expect("a batch is taken").into_inner().results;
        logging += before.elapsed();
        for verdict in &results {
            assert!(verdict.error.is_none(), "{:?}", verdict.error);
        }
        let id = results[0].logged.as_ref().and_then(|logged| logged.petition.as_ref()).map(|petition| petition.id.clone());
        kept.push((keep, id.expect("the answer has the petition")));
    }
    println!(
        "{} petitions logged in batches of 500 in {:.1} s, {:.0}/s",
        args.items,
        logging.as_secs_f64(),
        args.items as f64 / logging.as_secs_f64()
    );
    let book = world.place().look("intake").await;
    eventually("the marks are moved", Duration::from_secs(3600), async || {
        const SQL: &str = "SELECT COUNT(*) FROM petition_likeness WHERE pending = 1";
        let waiting: i64 = on!(read &book, c => sqlx::query_scalar(SQL).fetch_one(c).await).expect("the book can be read");
        if waiting == 0 { Ok(()) } else { Err(waiting) }
    })
    .await;
    const MARKS: &str = "SELECT COUNT(*) FROM petition_mark";
    let marks: i64 = on!(read &book, c => sqlx::query_scalar(MARKS).fetch_one(c).await).expect("the book can be read");
    println!("all of it stands where it is looked up after {:.1} s; {marks} marks\n", started.elapsed().as_secs_f64());

    println!("{:38} {:>7} {:>10} {:>10} {:>10} {:>9}", "", "calls", "median ms", "p99 ms", "most ms", "found");
    let persons = |petition: &NewPetition| {
        let of = |party: &Party| PersonSought { name: party.name.clone(), phone: party.phone.clone(), ..PersonSought::default() };
        petition.parties.iter().map(of).collect::<Vec<_>>()
    };
    let mut kinds: BTreeMap<&str, (Vec<Duration>, usize)> = BTreeMap::new();
    for call in 0..args.calls {
        let (item, id) = kept[call * 7 % kept.len()].clone();
        let again = maker.again(&item);
        let requests = [
            ("1 title, half typed", FindSimilarRequest { title: again.title.chars().take(20).collect(), ..Default::default() }),
            (
                "2 title and narrative",
                FindSimilarRequest { title: again.title.clone(), narrative: again.narrative.clone(), ..Default::default() },
            ),
            ("3 name and phone", FindSimilarRequest { persons: persons(&again), ..Default::default() }),
            (
                "4 person, title and narrative",
                FindSimilarRequest {
                    persons: persons(&again),
                    title: again.title.clone(),
                    narrative: again.narrative.clone(),
                    division_code: again.division_code.clone(),
                    ..Default::default()
                },
            ),
        ];
        for (kind, request) in requests {
            let before = Instant::now();
            let found = desk.intake.find_similar(request).await.expect("candidates are found").into_inner().similar;
            let entry = kinds.entry(kind).or_default();
            entry.0.push(before.elapsed());
            entry.1 += usize::from(found.iter().any(|one| one.petition_id == id));
        }
        let word: String = item.title.chars().skip(call % 4).take(6).collect();
        let request = SearchPetitionsRequest { text: word.replace(char::is_whitespace, ""), ..Default::default() };
        let before = Instant::now();
        if let Ok(page) = desk.intake.search_petitions(request).await {
            let entry = kinds.entry("5 SearchPetitions, a page of 20").or_default();
            entry.0.push(before.elapsed());
            entry.1 += usize::from(!page.into_inner().petitions.is_empty());
        }
    }
    for (kind, (mut times, found)) in kinds {
        times.sort();
        let ms = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        let share = 100.0 * found as f64 / times.len() as f64;
        let name = &kind[2..];
        println!("{name:38} {:>7} {:>10.2} {:>10.2} {:>10.2} {share:>7.1} %", times.len(), ms(0.5), ms(0.99), ms(1.0));
    }
    println!("\nfound: the petition that is said again is among the candidates; a search finds at least one");
    book.close().await;
    server.stop().await;
}
