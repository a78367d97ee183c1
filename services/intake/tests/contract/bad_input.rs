//! Bad input of every kind into every write call: a documented code each, nothing written, and the service goes on. The golden
//! file lists them all; this file knows the table and the calls that log.

use crate::{
    asks::{self, appeal, party},
    bad_changes, bad_clocks, bad_import, bad_stages,
    desk::{Desk, Fault, caller, fault},
};
use fengqiao_model::Role;
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::{assert_golden, on_each_engine};
use std::fmt::Write;
use tonic::{Code, Response, Status};

/// A kind of bad input: its name, and what it does to a correct request.
pub type Spoil<R> = (&'static str, fn(&mut R));

/// What was asked, and what was answered.
pub struct Table<'d> {
    desk: &'d Desk,
    /// A petition that can be read at any time: the proof that the service goes on.
    proof: String,
    position: i64,
    /// One line for each.
    pub lines: String,
}

impl<'d> Table<'d> {
    pub async fn new(desk: &'d Desk, proof: String) -> Self {
        Self { desk, proof, position: desk.position().await, lines: String::new() }
    }

    /// Notes the answer to one bad request.
    pub async fn note<T: std::fmt::Debug>(&mut self, call: &str, what: &str, answer: Result<Response<T>, Status>) {
        match answer {
            Err(status) => self.fault(call, what, &fault(&status)).await,
            Ok(answer) => panic!("{call} | {what} was carried out: {answer:?}"),
        }
    }

    /// Notes the verdict on one bad item of many.
    pub async fn item(&mut self, call: &str, what: &str, error: &pb::ItemError) {
        let fields = error.fields.iter().map(|f| (f.field.clone(), f.problem.clone())).collect();
        let (code, reason, message) = (Code::from_i32(error.code), error.reason.clone(), error.message.clone());
        self.fault(call, what, &Fault { code, reason, message, fields }).await;
    }

    async fn fault(&mut self, call: &str, what: &str, fault: &Fault) {
        assert!(!matches!(fault.code, Code::Internal | Code::Unknown), "{call} | {what}: {fault:?}");
        let fields: Vec<_> = fault.fields.iter().map(|(field, problem)| format!("{field}: {problem}")).collect();
        writeln!(
            self.lines,
            "{}",
            format!("{call} | {what} | {:?} | {} | {}", fault.code, fault.reason, fields.join("; ")).trim_end()
        )
        .unwrap();
        assert_eq!(self.desk.position().await, self.position, "{call} | {what} was written");
        assert_eq!(self.desk.get(&self.proof).await.id, self.proof, "after {call} | {what}");
    }

    /// What was asked and answered so far.
    pub fn lines(&self) -> &str {
        &self.lines
    }

    /// Notes what was written on purpose.
    pub async fn catch_up(&mut self) {
        self.position = self.desk.position().await;
    }
}

/// A petitioner with this paper.
pub fn papers(kind: &str, number: &str) -> pb::Party {
    pb::Party { identity_kind: kind.into(), identity_number: number.into(), ..party("乙") }
}

/// What can be wrong with a petition.
pub const PETITION: &[Spoil<pb::NewPetition>] = &[
    ("malformed id", |p| p.id = "42".into()),
    ("nil id", |p| p.id = "00000000-0000-0000-0000-000000000000".into()),
    ("id that exists", |_| {}),
    ("over-long slip", |p| p.slip = "s".repeat(65)),
    ("control character in slip", |p| p.slip = "s\u{7}".into()),
    ("slip that exists", |p| p.slip = "S-1".into()),
    ("malformed day", |p| p.occurred_on = "2026/03/01".into()),
    ("day that does not exist", |p| p.occurred_on = "2026-02-29".into()),
    ("day before 1900", |p| p.occurred_on = "1899-12-31".into()),
    ("day after today", |p| p.occurred_on = "2026-03-03".into()),
    ("day too far back", |p| p.occurred_on = "2026-01-30".into()),
    ("no channel", |p| p.channel = String::new()),
    ("unknown channel", |p| p.channel = "fax".into()),
    ("no matter class", |p| p.matter_class = String::new()),
    ("unknown matter class", |p| p.matter_class = "complaint".into()),
    ("over-long category", |p| p.category = "字".repeat(101)),
    ("control character in category", |p| p.category = "a\0b".into()),
    ("no division", |p| p.division_code = String::new()),
    ("malformed division", |p| p.division_code = "32083".into()),
    ("over-long division", |p| p.division_code = "3".repeat(13)),
    ("unknown province", |p| p.division_code = "99".into()),
    ("unknown county", |p| p.division_code = "320832".into()),
    ("township of an unknown county", |p| p.division_code = "320832101".into()),
    ("withdrawn county", |p| p.division_code = "320829".into()),
    ("village of a withdrawn county", |p| p.division_code = "320829101201".into()),
    ("division filled up with zeros", |p| p.division_code = "320831101000".into()),
    ("over-long responsible unit", |p| p.responsible_unit = "字".repeat(65)),
    ("control character in responsible unit", |p| p.responsible_unit = "a\nb".into()),
    ("no title", |p| p.title = String::new()),
    ("title of white space", |p| p.title = " \n\t".into()),
    ("over-long title", |p| p.title = "字".repeat(201)),
    ("control character in title", |p| p.title = "a\u{1b}[31m".into()),
    ("over-long narrative", |p| p.narrative = "字".repeat(50_001)),
    ("control character in narrative", |p| p.narrative = "a\u{85}b".into()),
    ("too many parties", |p| p.parties = vec![party("甲"); 201]),
    ("party without a name", |p| p.parties = vec![party("甲"), party("")]),
    ("over-long name", |p| p.parties = vec![party(&"字".repeat(101))]),
    ("over-long phone", |p| p.parties[0].phone = "1".repeat(41)),
    ("over-long identity number", |p| p.parties[0].identity_number = "1".repeat(41)),
    ("unknown kind of paper", |p| p.parties[0].identity_kind = "licence".into()),
    ("citizen number with a wrong check character", |p| p.parties = vec![party("甲"), papers("citizen", "110105194912310021")]),
    ("citizen number of 17 characters", |p| p.parties = vec![papers("citizen", "11010519491231002")]),
    ("citizen number of the first cards", |p| p.parties = vec![papers("citizen", "110105491231002")]),
    ("citizen number with a letter", |p| p.parties = vec![papers("citizen", "11010519491231OO2X")]),
    ("citizen number of no province", |p| p.parties = vec![papers("citizen", "17010519491231002X")]),
    ("citizen number of a day that does not exist", |p| p.parties = vec![papers("citizen", "11010519490229002X")]),
    ("citizen number of somebody born tomorrow", |p| p.parties = vec![papers("citizen", "11010520260303002X")]),
    ("mistyped citizen number without a kind", |p| p.parties = vec![papers("", "11010519491231020x")]),
    ("mistyped credit code", |p| p.parties = vec![papers("credit_code", "91350100M000100Y44")]),
    ("credit code with a letter that none has", |p| p.parties = vec![papers("credit_code", "91350100S000100Y43")]),
    ("credit code without a division", |p| p.parties = vec![papers("credit_code", "9135A100M000100Y43")]),
    ("short credit code", |p| p.parties = vec![papers("credit_code", "91350100M000100Y4")]),
    ("mistyped organisation code", |p| p.parties = vec![papers("organisation", "01435109-7")]),
    ("organisation code with a hyphen elsewhere", |p| p.parties = vec![papers("organisation", "0143-51098")]),
    ("organisation code with a sign", |p| p.parties = vec![papers("organisation", "0143510+8")]),
    ("over-long address", |p| p.parties[0].address = "字".repeat(301)),
    ("control character in a party", |p| p.parties[0].address = "a\0".into()),
    ("negative person count", |p| p.person_count = -1),
    ("too large a person count", |p| p.person_count = 10_000),
    ("person count below the parties", |p| {
        p.parties = vec![party("甲"), party("乙")];
        p.person_count = 1;
    }),
    ("over-long ledger", |p| {
        p.ledger = "l".repeat(65);
        p.external_ref = "E".into();
    }),
    ("ledger without a reference", |p| p.ledger = "热线".into()),
    ("over-long reference", |p| p.external_ref = "e".repeat(65)),
    ("reference that exists", |p| p.external_ref = "E-1".into()),
    ("everything at once", |p| {
        *p = pb::NewPetition { id: "x".into(), occurred_on: "x".into(), person_count: -1, ..Default::default() };
    }),
];

async fn logs(table: &mut Table<'_>, desk: &Desk, existing: &pb::Petition, used: &str) {
    const CALL: &str = "LogPetition";
    let good = || asks::log(appeal());
    let mut requests: Vec<(&str, pb::LogPetitionRequest)> = vec![
        ("no request id", pb::LogPetitionRequest { request_id: String::new(), ..good() }),
        ("malformed request id", pb::LogPetitionRequest { request_id: "1".into(), ..good() }),
        ("request id used with other content", pb::LogPetitionRequest { request_id: used.into(), ..good() }),
        ("no petition", pb::LogPetitionRequest { petition: None, ..good() }),
    ];
    for (what, spoil) in PETITION {
        let mut petition = appeal();
        if *what == "id that exists" {
            petition.id = existing.id.clone();
        }
        spoil(&mut petition);
        requests.push((what, asks::log(petition)));
    }
    for (what, request) in &requests {
        table.note(CALL, what, desk.clerk().log_petition(request.clone()).await).await;
    }
    table.note(CALL, "role that may not", desk.window().log_petition(good()).await).await;
    table.note(CALL, "nobody", desk.by_nobody().log_petition(good()).await).await;
    let inside = fengqiao_model::Caller { division: Some("320829".parse().unwrap()), ..caller("clerk-1", &[Role::Clerk]) };
    table.note(CALL, "division of others", desk.by(inside).log_petition(good()).await).await;

    const BATCH: &str = "LogPetitionBatch";
    for (what, items) in [("no items", Vec::new()), ("too many items", vec![good(); 501])] {
        table.note(BATCH, what, desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await).await;
    }
    table.note(BATCH, "role that may not", desk.window().log_petition_batch(pb::LogPetitionBatchRequest::default()).await).await;
    let items = requests.iter().map(|(_, request)| request.clone()).collect();
    let verdicts = desk.clerk().log_petition_batch(pb::LogPetitionBatchRequest { items }).await.unwrap().into_inner().results;
    for ((what, _), verdict) in requests.iter().zip(&verdicts) {
        table.item(BATCH, what, verdict.error.as_ref().unwrap()).await;
    }

    const STREAM: &str = "LogPetitions";
    let empty = || tokio_stream::iter(Vec::<pb::LogPetitionsRequest>::new());
    table.note(STREAM, "role that may not", desk.window().log_petitions(empty()).await.map(|_| Response::new(()))).await;
    let messages = requests.iter().map(|(_, request)| pb::LogPetitionsRequest { item: Some(request.clone()) });
    let messages: Vec<_> = messages.chain([pb::LogPetitionsRequest { item: None }]).collect();
    let mut answers = desk.clerk().log_petitions(tokio_stream::iter(messages)).await.unwrap().into_inner();
    for (what, _) in requests.iter().chain([&("no item", good())]) {
        let verdict = answers.message().await.unwrap().unwrap();
        table.item(STREAM, what, &verdict.error.unwrap()).await;
    }
}

on_each_engine! {
    async fn every_bad_input_has_its_documented_answer(location: Location) {
        let desk = Desk::open(&location).await;
        let proof = desk.appeal().await.id;
        let request = asks::log(pb::NewPetition { slip: "S-1".into(), external_ref: "E-1".into(), ..appeal() });
        let existing = desk.clerk().log_petition(request.clone()).await.unwrap().into_inner().petition.unwrap();
        let mut table = Table::new(&desk, proof).await;
        logs(&mut table, &desk, &existing, &request.request_id).await;
        bad_changes::all(&mut table, &desk, &request.request_id).await;
        bad_clocks::all(&mut table, &desk, &request.request_id).await;
        bad_stages::all(&mut table, &desk, &request.request_id).await;
        bad_import::all(&mut table, &desk).await;
        assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bad_input.txt"), &table.lines);
        desk.appeal().await;
        assert!(desk.differences().await.is_empty());
    }
}

#[test]
fn every_rejection_has_its_documented_answer() {
    assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/errors.txt"), &fengqiao_intake::error_table());
}
