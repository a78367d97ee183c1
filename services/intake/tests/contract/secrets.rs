//! What is personal is nowhere to be read but through the service; an erased key is nowhere at all.

use crate::{
    asks::{self, appeal},
    desk::{Desk, MASTER, after},
};
use fengqiao_proto::intake::v1 as pb;
use fengqiao_store::{Db, Location, data_key, on};
use fengqiao_testkit::on_each_engine;
use sqlx::AssertSqlSafe;

const SECRETS: [&str; 17] = [
    "CANARYNAME",
    "13905230001",
    "320831197001011234",
    "CANARYADDRESS",
    "CANARYTITLE",
    "CANARYNARRATIVE",
    "CANARYEXTENSION",
    "CANARYREFUSAL",
    "CANARYOPINION",
    "CANARYROWTITLE",
    "CANARYROWTEXT",
    "CANARYROWNAME",
    "CANARYERASURE",
    "CANARYRESPONDENT",
    "13905239999",
    "CANARYDWELLING",
    "CANARYROUTING",
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

async fn secret_life(desk: &Desk) -> (pb::Petition, Vec<String>) {
    let new = pb::NewPetition {
        title: "CANARYTITLE".into(),
        narrative: "CANARYNARRATIVE".into(),
        parties: vec![pb::Party {
            name: "CANARYNAME".into(),
            phone: "13905230001".into(),
            identity_number: "320831197001011234".into(),
            address: "CANARYADDRESS".into(),
            ..Default::default()
        }],
        category: "VISIBLECATEGORY".into(),
        ..appeal()
    };
    let logged = desk.log(new.clone()).await;
    let accepted = after!(desk.clerk(), accept_petition, asks::accept(&logged.petition.unwrap()));
    let asked = pb::RequestExtensionRequest { text: "CANARYEXTENSION".into(), ..asks::extend(&accepted) };
    let asked = after!(desk.clerk(), request_extension, asked);
    let routing = pb::RouteToMediationRequest {
        text: "CANARYROUTING".into(),
        respondents: vec![pb::Party {
            name: "CANARYRESPONDENT".into(),
            phone: "13905239999".into(),
            address: "CANARYDWELLING".into(),
            ..Default::default()
        }],
        flags: vec!["visible_flag".into()],
        ..asks::route(&asked)
    };
    let routed = after!(desk.clerk(), route_to_mediation, routing);
    let opinion = pb::IssueOpinionRequest { text: "CANARYOPINION".into(), ..asks::opinion(&routed) };
    let done = after!(desk.clerk(), issue_opinion, opinion);
    let refusal =
        pb::RefusePetitionRequest { text: "CANARYREFUSAL".into(), ..asks::refuse(&desk.log(new).await.petition.unwrap()) };
    after!(desk.clerk(), refuse_petition, refusal);
    let columns = ["external_ref", "registered_at", "division_code", "matter_class", "title", "narrative", "petitioner"];
    let row = ["R", "2026-01-05", "320831", "appeal", "CANARYROWTITLE", "CANARYROWTEXT", "CANARYROWNAME"];
    desk.import(&columns, &[&row]).await;
    (done, logged.query_codes)
}

on_each_engine! {
    async fn nothing_personal_is_stored_in_the_open(location: Location) {
        let desk = Desk::open(&location).await;
        let (petition, codes) = secret_life(&desk).await;
        let shown = desk.get(&petition.id).await;
        assert_eq!((shown.title.as_str(), shown.history[2].text.as_str()), ("CANARYTITLE", "CANARYEXTENSION"));
        let erasure = pb::ErasePartiesRequest { reason: "CANARYERASURE".into(), ..asks::erase(&desk.imported("R").await) };
        after!(desk.head(), erase_parties, erasure);
        let all = everything(&desk.db, &location).await;
        assert!(holds(&all, b"VISIBLECATEGORY") && holds(&all, b"visible_flag"), "the search finds what is open");
        for secret in SECRETS {
            assert!(!holds(&all, secret.as_bytes()), "{secret}");
        }
        for code in &codes {
            assert!(!holds(&all, code.as_bytes()) && !holds(&all, code.replace('-', "").as_bytes()), "a query code");
        }
        assert!(!holds(&all, MASTER.as_bytes()) && !holds(&all, &(0..32).collect::<Vec<u8>>()), "the master key");
    }

    async fn an_erased_key_is_nowhere(location: Location) {
        let desk = Desk::open(&location).await;
        let (petition, _) = secret_life(&desk).await;
        let kept = desk.appeal().await;
        let ids = [petition.id.clone(), kept.id.clone()];
        let keys = data_key::load(&desk.db, &ids).await.unwrap();
        let before = everything(&desk.db, &location).await;
        assert!(ids.iter().all(|id| holds(&before, &keys[id])), "the search finds keys");
        after!(desk.head(), erase_parties, asks::erase(&petition));
        let left = data_key::load(&desk.db, &ids).await.unwrap();
        assert_eq!(left.keys().collect::<Vec<_>>(), [&kept.id]);
        let after = everything(&desk.db, &location).await;
        assert!(!holds(&after, &keys[&petition.id]), "not in the file, its log, nor a free page");
        assert!(holds(&after, &keys[&kept.id]), "the others stay");
        assert!(desk.differences().await.is_empty());
    }
}
