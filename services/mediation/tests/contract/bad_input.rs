//! Bad input of every kind into every write call: a documented code each, nothing written, and the service goes on. The golden
//! file lists them all; this file knows the table, the calls about bodies and the one that logs.

use crate::{
    asks::{self, party, quarrel},
    bad_changes, bad_import, county,
    desk::{Desk, coordinator, fault},
};
use fengqiao_model::Caller;
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::Location;
use fengqiao_testkit::{assert_golden, on_each_engine};
use std::fmt::Write;
use tonic::{Code, Response, Status};

/// A kind of bad input: its name, and what it does to a correct request.
pub type Spoil<R> = (&'static str, fn(&mut R));

/// What was asked, and what was answered.
pub struct Table<'d> {
    desk: &'d Desk,
    /// A case that can be read at any time: the proof that the service goes on.
    proof: String,
    position: i64,
    pub lines: String,
}

impl<'d> Table<'d> {
    pub async fn new(desk: &'d Desk, proof: String) -> Self {
        Self { desk, proof, position: desk.position().await, lines: String::new() }
    }

    /// Notes the answer to one bad request.
    pub async fn note<T: std::fmt::Debug>(&mut self, call: &str, what: &str, answer: Result<Response<T>, Status>) {
        let fault = match answer {
            Err(status) => fault(&status),
            Ok(answer) => panic!("{call} | {what} was carried out: {answer:?}"),
        };
        assert!(!matches!(fault.code, Code::Internal | Code::Unknown), "{call} | {what}: {fault:?}");
        let fields: Vec<_> = fault.fields.iter().map(|(field, problem)| format!("{field}: {problem}")).collect();
        writeln!(
            self.lines,
            "{}",
            format!("{call} | {what} | {:?} | {} | {}", fault.code, fault.reason, fields.join("; ")).trim_end()
        )
        .unwrap();
        assert_eq!(self.desk.position().await, self.position, "{call} | {what} was written");
        assert_eq!(asks::case_id(&self.desk.get(&self.proof).await), self.proof, "after {call} | {what}");
    }

    /// Notes what was written on purpose.
    pub async fn catch_up(&mut self) {
        self.position = self.desk.position().await;
    }
}

/// What can be wrong with a body.
const BODY: &[Spoil<pb::NewBody>] = &[
    ("no code", |b| b.code = String::new()),
    ("over-long code", |b| b.code = "字".repeat(65)),
    ("control character in code", |b| b.code = "a\u{7}".into()),
    ("code that exists", |b| b.code = "village".into()),
    ("no name", |b| b.name = String::new()),
    ("over-long name", |b| b.name = "字".repeat(101)),
    ("control character in name", |b| b.name = "a\0".into()),
    ("no force", |b| b.force = 0),
    ("unknown force", |b| b.force = 6),
    ("negative force", |b| b.force = -1),
    ("no kind", |b| b.kind = String::new()),
    ("over-long kind", |b| b.kind = "k".repeat(65)),
    ("over-long theme", |b| b.theme = "字".repeat(65)),
    ("too many tags", |b| b.tags = (0..21).map(|n| n.to_string()).collect()),
    ("empty tag", |b| b.tags = vec!["a".into(), String::new()]),
    ("tag twice", |b| b.tags = vec!["a".into(), "a".into()]),
    ("over-long tag", |b| b.tags = vec!["t".repeat(65)]),
    ("over-long parent", |b| b.parent = "p".repeat(65)),
    ("no division", |b| b.division_code = String::new()),
    ("malformed division", |b| b.division_code = "32083".into()),
    ("unknown speciality", |b| b.specialities = vec!["T98".into()]),
    ("speciality twice", |b| b.specialities = vec!["T01".into(), "T01".into()]),
    ("negative capacity", |b| b.capacity = -1),
    ("too large a capacity", |b| b.capacity = 100_001),
    ("malformed day", |b| b.founded_on = "2019".into()),
    ("day before 1900", |b| b.founded_on = "1899-12-31".into()),
    ("day after today", |b| b.founded_on = "2026-03-03".into()),
    ("everything at once", |b| *b = pb::NewBody { capacity: -1, founded_on: "x".into(), ..Default::default() }),
];

/// What can be wrong with a dispute.
const DISPUTE: &[Spoil<pb::NewDispute>] = &[
    ("malformed dispute id", |d| d.dispute_id = "42".into()),
    ("nil dispute id", |d| d.dispute_id = "00000000-0000-0000-0000-000000000000".into()),
    ("dispute id that exists", |_| {}),
    ("malformed case id", |d| d.case_id = "42".into()),
    ("case id that exists", |_| {}),
    ("malformed day", |d| d.occurred_on = "2026/03/01".into()),
    ("day that does not exist", |d| d.occurred_on = "2026-02-29".into()),
    ("day before 1900", |d| d.occurred_on = "1899-12-31".into()),
    ("day after today", |d| d.occurred_on = "2026-03-03".into()),
    ("day too far back", |d| d.occurred_on = "2026-01-30".into()),
    ("no dispute type", |d| d.dispute_type = String::new()),
    ("unknown dispute type", |d| d.dispute_type = "T98".into()),
    ("no source", |d| d.source = String::new()),
    ("unknown source", |d| d.source = "rumour".into()),
    ("no division", |d| d.division_code = String::new()),
    ("malformed division", |d| d.division_code = "3208310".into()),
    ("over-long title", |d| d.title = "字".repeat(201)),
    ("control character in title", |d| d.title = "a\u{1b}[31m".into()),
    ("over-long narrative", |d| d.narrative = "字".repeat(50_001)),
    ("control character in narrative", |d| d.narrative = "a\u{85}b".into()),
    ("too many parties", |d| d.parties = vec![party("甲", ""); 201]),
    ("party without a name", |d| d.parties = vec![party("甲", ""), party("", "")]),
    ("over-long name", |d| d.parties = vec![party(&"字".repeat(101), "")]),
    ("over-long phone", |d| d.parties[0].phone = "1".repeat(41)),
    ("over-long identity number", |d| d.parties[0].identity_number = "1".repeat(41)),
    ("over-long address", |d| d.parties[0].address = "字".repeat(301)),
    ("unknown side", |d| d.parties[0].side = "plaintiff".into()),
    ("negative party count", |d| d.party_count = -1),
    ("too large a party count", |d| d.party_count = 10_000),
    ("party count below the parties", |d| d.party_count = 1),
    ("unknown flag", |d| d.flags = vec!["boring".into()]),
    ("flag twice", |d| d.flags = vec!["wages".into(), "wages".into()]),
    ("too many flags", |d| d.flags = (0..31).map(|n| n.to_string()).collect()),
    ("unknown organ", |d| d.already_at = vec!["circus".into()]),
    ("unknown chosen body", |d| d.chosen_body = "nobody".into()),
    ("over-long chosen body", |d| d.chosen_body = "b".repeat(65)),
    ("negative amount", |d| d.claimed_fen = -1),
    ("amount beyond all reason", |d| d.claimed_fen = i64::MAX),
    ("over-long ledger", |d| {
        d.ledger = "l".repeat(65);
        d.external_ref = "E".into();
    }),
    ("ledger without a reference", |d| d.ledger = "热线".into()),
    ("over-long reference", |d| d.external_ref = "e".repeat(65)),
    ("reference that exists", |d| d.external_ref = "E-1".into()),
    ("taken by no body", |d| d.take_here = true),
    ("everything at once", |d| {
        *d = pb::NewDispute { dispute_id: "x".into(), occurred_on: "x".into(), party_count: -1, ..Default::default() };
    }),
];

async fn bodies(table: &mut Table<'_>, desk: &Desk, used: &str) {
    const CALL: &str = "RegisterBody";
    let new = || pb::NewBody { code: "new".into(), ..county::bodies()[0].clone() };
    let good = || asks::register(new());
    let mut requests = vec![
        ("no request id", pb::RegisterBodyRequest { request_id: String::new(), ..good() }),
        ("malformed request id", pb::RegisterBodyRequest { request_id: "1".into(), ..good() }),
        ("request id used with other content", pb::RegisterBodyRequest { request_id: used.into(), ..good() }),
        ("no body", pb::RegisterBodyRequest { body: None, ..good() }),
    ];
    for (what, spoil) in BODY {
        let mut body = new();
        spoil(&mut body);
        requests.push((what, asks::register(body)));
    }
    for (what, request) in requests {
        table.note(CALL, what, desk.coordinator().register_body(request).await).await;
    }
    table.note(CALL, "role that may not", desk.at("village").register_body(good()).await).await;
    table.note(CALL, "nobody", desk.by_nobody().register_body(good()).await).await;
    let outside = Caller { division: Some("320829".parse().unwrap()), ..coordinator("coord-1") };
    table.note(CALL, "division of others", desk.by(outside).register_body(good()).await).await;
}

async fn opens(table: &mut Table<'_>, desk: &Desk, existing: &pb::Case, used: &str) {
    const CALL: &str = "OpenCase";
    let good = || asks::open(quarrel());
    let mut requests = vec![
        ("no request id", pb::OpenCaseRequest { request_id: String::new(), ..good() }),
        ("malformed request id", pb::OpenCaseRequest { request_id: "1".into(), ..good() }),
        ("request id used with other content", pb::OpenCaseRequest { request_id: used.into(), ..good() }),
        ("no dispute", pb::OpenCaseRequest { dispute: None, ..good() }),
    ];
    for (what, spoil) in DISPUTE {
        let mut dispute = quarrel();
        match *what {
            "dispute id that exists" => dispute.dispute_id = existing.dispute_id.clone(),
            "case id that exists" => dispute.case_id = asks::case_id(existing),
            _ => spoil(&mut dispute),
        }
        requests.push((what, asks::open(dispute)));
    }
    for (what, request) in requests {
        table.note(CALL, what, desk.coordinator().open_case(request).await).await;
    }
    let here = |dispute| asks::open(pb::NewDispute { take_here: true, ..dispute });
    let unwilling = pb::NewDispute { respondent_consents: false, ..quarrel() };
    table.note(CALL, "taken without consent", desk.at("village").open_case(here(unwilling)).await).await;
    let elsewhere = pb::NewDispute { already_at: vec!["court".into()], ..quarrel() };
    table.note(CALL, "taken although a court has it", desk.at("village").open_case(here(elsewhere)).await).await;
    table.note(CALL, "taken by a body of another speciality", desk.at("medical").open_case(here(quarrel())).await).await;
    table.note(CALL, "role that may not", desk.window().open_case(good()).await).await;
    table.note(CALL, "nobody", desk.by_nobody().open_case(good()).await).await;
    let outside = Caller { division: Some("320829".parse().unwrap()), ..coordinator("coord-1") };
    table.note(CALL, "division of others", desk.by(outside).open_case(good()).await).await;
}

on_each_engine! {
    async fn every_bad_input_has_its_documented_answer(location: Location) {
        let desk = Desk::open(&location).await;
        let proof = asks::case_id(&desk.opened(quarrel()).await);
        let request = asks::open(pb::NewDispute { external_ref: "E-1".into(), ..quarrel() });
        let existing = desk.coordinator().open_case(request.clone()).await.unwrap().into_inner().case.unwrap();
        let mut table = Table::new(&desk, proof).await;
        bodies(&mut table, &desk, &request.request_id).await;
        opens(&mut table, &desk, &existing, &request.request_id).await;
        bad_changes::all(&mut table, &desk, &request.request_id).await;
        bad_import::all(&mut table, &desk).await;
        assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bad_input.txt"), &table.lines);
        desk.agreed("village").await;
        assert!(desk.differences().await.is_empty());
    }
}

#[test]
fn every_rejection_has_its_documented_answer() {
    assert_golden(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/errors.txt"), &fengqiao_mediation::error_table());
}
