//! What is personal is nowhere to be read but through the service; an erased key is nowhere at all, nor what was hashed.

use crate::{
    asks::{self, quarrel},
    desk::{Desk, MASTER, after, dispute_after},
};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::{Db, Location, data_key, on};
use fengqiao_testkit::on_each_engine;
use sqlx::AssertSqlSafe;

const SECRETS: [&str; 12] = [
    "CANARYNAME",
    "13905230001",
    "320831197001011234",
    "CANARYADDRESS",
    "CANARYTITLE",
    "CANARYNARRATIVE",
    "CANARYDISPATCH",
    "CANARYAGREEMENT",
    "CANARYPERFORMANCE",
    "CANARYREOPENING",
    "CANARYROWTEXT",
    "CANARYERASURE",
];

/// Everything the database stores, as bytes: the files of SQLite, every row of every table of PostgreSQL.
async fn everything(db: &Db, location: &Location) -> Vec<u8> {
    match location {
        Location::Sqlite(path) => {
            let directory = path.parent().unwrap();
            let mut bytes = Vec::new();
            for entry in std::fs::read_dir(directory).unwrap() {
                bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
            }
            bytes
        }
        Location::Postgres { .. } => {
            const TABLES: &str =
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()";
            let tables: Vec<String> = on!(read db, c => sqlx::query_scalar(TABLES).fetch_all(c).await).unwrap();
            assert!(tables.len() > 5, "{tables:?}");
            let mut bytes = Vec::new();
            for table in tables {
                // Bytes come as \x and hexadecimal digits.
                let sql = format!("SELECT CAST(t AS TEXT) FROM \"{table}\" t");
                let rows: Vec<String> = on!(read db, c => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(c).await).unwrap();
                bytes.extend(rows.concat().into_bytes());
            }
            bytes
        }
    }
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes()
}

fn holds(all: &[u8], part: &[u8]) -> bool {
    assert!(part.len() >= 8);
    all.windows(part.len()).any(|window| window == part) || all.windows(part.len() * 2).any(|window| window == hex(part))
}

async fn secret_life(desk: &Desk) -> pb::Case {
    let new = pb::NewDispute {
        title: "CANARYTITLE".into(),
        narrative: "CANARYNARRATIVE".into(),
        parties: vec![pb::Party {
            phone: "13905230001".into(),
            identity_number: "320831197001011234".into(),
            address: "CANARYADDRESS".into(),
            ..asks::party("CANARYNAME", "applicant")
        }],
        external_ref: "VISIBLEREFERENCE".into(),
        ..quarrel()
    };
    let opened = desk.opened(new).await;
    let dispatch = pb::DispatchCaseRequest { text: "CANARYDISPATCH".into(), ..asks::dispatch(&opened) };
    let sent = after!(desk.coordinator(), dispatch_case, dispatch);
    let taken = after!(desk.at("village"), take_case, asks::take(&sent));
    let agree = pb::ConcludeCaseRequest { text: "CANARYAGREEMENT".into(), ..asks::agree(&taken) };
    let agreed = after!(desk.at("village"), conclude_case, agree);
    let perform = pb::RecordPerformanceRequest { text: "CANARYPERFORMANCE".into(), ..asks::perform(&agreed) };
    after!(desk.at("village"), record_performance, perform);
    let dispute = desk.dispute(&agreed.dispute_id).await;
    let reopen = pb::ReopenDisputeRequest { text: "CANARYREOPENING".into(), ..asks::reopen(&dispute) };
    after!(desk.at("village"), reopen_dispute, reopen)
}

on_each_engine! {
    async fn nothing_personal_is_stored_in_the_open(location: Location) {
        let desk = Desk::open(&location).await;
        let case = secret_life(&desk).await;
        let columns = ["external_ref", "applied_at", "dispute_type", "force", "division_code", "narrative"];
        desk.import(&columns, &[&["R", "2026-01-05", "T02", "people", "320831", "CANARYROWTEXT"]]).await;
        let shown = desk.get(&asks::case_id(&case)).await;
        assert_eq!((shown.title.as_str(), shown.history[3].text.as_str()), ("CANARYTITLE", "CANARYAGREEMENT"));
        let imported = desk.dispute(&desk.imported("R").await.dispute_id).await;
        let erasure = pb::ErasePartiesRequest { reason: "CANARYERASURE".into(), ..asks::erase(&imported) };
        dispute_after!(desk.coordinator(), erase_parties, erasure);
        let all = everything(&desk.db, &location).await;
        assert!(holds(&all, b"VISIBLEREFERENCE"), "the search finds what is open");
        for secret in SECRETS {
            assert!(!holds(&all, secret.as_bytes()), "{secret}");
        }
        assert!(!holds(&all, MASTER.as_bytes()) && !holds(&all, &(0..32).collect::<Vec<u8>>()), "the master key");
    }

    async fn an_erased_key_is_nowhere(location: Location) {
        let desk = Desk::open(&location).await;
        let erased = secret_life(&desk).await.dispute_id;
        let kept = desk.opened(quarrel()).await.dispute_id;
        let ids = [erased.clone(), kept.clone()];
        let keys = data_key::load(&desk.db, &ids).await.unwrap();
        const HASHES: &str = "SELECT hash FROM similarity WHERE dispute_id = $1";
        let hashes: Vec<String> = on!(read &desk.db, c => sqlx::query_scalar(HASHES).bind(&erased).fetch_all(c).await).unwrap();
        assert_eq!(hashes.len(), 3);
        let before = everything(&desk.db, &location).await;
        assert!(ids.iter().all(|id| holds(&before, &keys[id])), "the search finds keys");
        dispute_after!(desk.coordinator(), erase_parties, asks::erase(&desk.dispute(&erased).await));
        let left = data_key::load(&desk.db, &ids).await.unwrap();
        assert_eq!(left.keys().collect::<Vec<_>>(), [&kept]);
        let after = everything(&desk.db, &location).await;
        assert!(!holds(&after, &keys[&erased]), "not in the file, its log, nor a free page");
        assert!(hashes.iter().all(|hash| !holds(&after, hash.as_bytes())), "nor what was hashed");
        assert!(holds(&after, &keys[&kept]), "the others stay");
        assert!(desk.differences().await.is_empty());
    }
}
