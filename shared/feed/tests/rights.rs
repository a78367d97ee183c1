//! Who gets what of an event, over both transports and on both engines: the table of `rights.rs`, and that nothing passes beside it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use fengqiao_feed::{Feed, Source};
use fengqiao_model::{Caller, Permission, Role};
use fengqiao_proto::feed::v1::{Event, FollowRequest, HandedKey};
use fengqiao_store::{DataKey, Db, MasterKey, data_key, envelope};
use fengqiao_testkit::on_each_engine;
use prost::Message;
use std::sync::Arc;
use support::*;
use tokio_util::sync::CancellationToken;

const ROUTED: &str = "petition.routed_to_mediation";
const ALLEGATION: &[u8] = b"open payload of an allegation";

fn master() -> Arc<MasterKey> {
    Arc::new(MasterKey::from_hex(&"0f".repeat(32)).unwrap())
}

/// A log of an allegation (1), an appeal that is routed (2, 3 of one kind each), and an erasure (4); and the keys of 1 to 4.
async fn log_of_each_kind(db: &Db) -> Vec<DataKey> {
    append_kind(db, "petition.registered", 1, ALLEGATION).await;
    append_kind(db, "petition.registered", 1, b"open payload of an appeal").await;
    append_kind(db, ROUTED, 1, b"open payload of a routing").await;
    append_kind(db, "petition.parties_erased", 1, b"open payload of an erasure").await;
    let keys: Vec<DataKey> = (0..4).map(|_| DataKey::generate()).collect();
    let ids: Vec<String> = (1..=4).map(aggregate).collect();
    let wrapped: Vec<Vec<u8>> = keys.iter().zip(&ids).map(|(key, id)| key.wrap(&master(), id)).collect();
    let mut tx = db.begin().await.unwrap();
    data_key::insert(&mut tx, &ids, &wrapped).await.unwrap();
    tx.commit().await.unwrap();
    keys
}

fn aggregate(position: i64) -> String {
    format!("01890a5d-ac96-774b-bccf-{position:012x}")
}

fn sealed_feed(db: &Db) -> Feed {
    Feed::new(clock(), CancellationToken::new()).with_sealed_log("intake", db.clone(), master())
}

/// What a follower of this name gets, in process and over TCP from a server in development; both must be the same.
async fn followed(db: &Db, name: &'static str) -> (Vec<Event>, Vec<HandedKey>) {
    let served = Served::start_with(0, |feed| feed.with_sealed_log("intake", db.clone(), master())).await;
    let (near, far) = (Recorder::named(db, "near", name), Recorder::named(db, "far", name));
    let running = [start(Source::InProcess(sealed_feed(db)), near.clone()), start(served.source(), far.clone())];
    for mut each in running {
        each.at(4).await;
        each.stop().await;
    }
    served.stop().await;
    let taken = |recorder: &Recorder| {
        (std::mem::take(&mut *recorder.events.lock().unwrap()), std::mem::take(&mut *recorder.keys.lock().unwrap()))
    };
    let (near, far) = (taken(&near), taken(&far));
    assert_eq!(near, far);
    near
}

fn holds(message: &impl Message, bytes: &[u8]) -> bool {
    message.encode_to_vec().windows(bytes.len()).any(|window| window == bytes)
}

on_each_engine! {
    async fn mediation_gets_what_was_routed_with_its_key_and_nothing_else(db: Db) {
        let keys = log_of_each_kind(&db).await;
        let (events, handed) = followed(&db, "mediation").await;
        let seen: Vec<_> = events.iter().map(|e| (!e.open_withheld, !e.sealed.is_empty())).collect();
        assert_eq!(seen, [(false, false), (false, false), (true, true), (true, false)]);
        assert_eq!(events[2].sealed, SEALED);
        let expected = HandedKey { position: 3, aggregate_id: aggregate(3), key: keys[2].expose().to_vec() };
        assert_eq!(handed, [expected]);
        for event in &events {
            assert!(!holds(event, ALLEGATION), "nothing of an allegation: {event:?}");
            assert!(!holds(event, keys[2].expose()), "a key is never in an event");
            assert_eq!(event.sealed_hash, envelope::payload_hash(SEALED));
        }
    }

    async fn reporting_gets_every_open_payload_and_no_sealed_byte_nor_key(db: Db) {
        let keys = log_of_each_kind(&db).await;
        let (events, handed) = followed(&db, "reporting").await;
        assert!(handed.is_empty());
        for event in &events {
            assert!(!event.open_withheld && !event.open.is_empty());
            assert!(!holds(event, SEALED));
            assert!(keys.iter().all(|key| !holds(event, key.expose())));
        }
    }

    async fn a_name_alone_gives_no_right(db: Db) {
        log_of_each_kind(&db).await;
        let as_mediation = FollowRequest { follower: "mediation".into(), ..beginning() };
        let mut messages = ask(&sealed_feed(&db), as_mediation, &[Role::Follower]).await.unwrap();
        let page = next(&mut messages).await.unwrap();
        assert!(page.keys.is_empty() && !holds(&page, SEALED));
        // nor does another name open to mediation what is not its own
        let mut messages = ask(&sealed_feed(&db), beginning(), &[Role::Mediation]).await.unwrap();
        assert!(!holds(&next(&mut messages).await.unwrap(), ALLEGATION));
    }

    async fn a_key_that_is_gone_or_not_served_does_not_go_along(db: Db) {
        log_of_each_kind(&db).await;
        let mediation = FollowRequest { follower: "mediation".into(), ..beginning() };
        let plain = Feed::new(clock(), CancellationToken::new()).with_log("intake", db.clone());
        let page = next(&mut ask(&plain, mediation.clone(), &[Role::Mediation]).await.unwrap()).await.unwrap();
        assert!(page.keys.is_empty() && page.events[2].sealed == SEALED);
        let mut tx = db.begin().await.unwrap();
        assert!(data_key::destroy(&mut tx, &aggregate(3)).await.unwrap());
        tx.commit().await.unwrap();
        let page = next(&mut ask(&sealed_feed(&db), mediation, &[Role::Mediation]).await.unwrap()).await.unwrap();
        assert!(page.keys.is_empty() && page.events[2].sealed == SEALED, "sealed bytes that nobody can open");
    }

    async fn a_policy_of_ones_own_is_asked_for_every_event(db: Db) {
        log_of_each_kind(&db).await;
        let policy = |log: &str, caller: &Caller, kind: &str| {
            assert!(log == "intake" && caller.may(Permission::FollowLog));
            if kind == ROUTED { fengqiao_feed::Rights::HeaderOnly } else { fengqiao_feed::Rights::Open }
        };
        let page = next(&mut ask(&sealed_feed(&db).with_rights(policy), beginning(), &[Role::Follower]).await.unwrap()).await;
        let withheld: Vec<bool> = page.unwrap().events.iter().map(|e| e.open_withheld).collect();
        assert_eq!(withheld, [false, false, true, false]);
    }
}

#[test]
fn a_handed_key_does_not_show() {
    let key = HandedKey { position: 7, aggregate_id: "a".into(), key: vec![77; 32] };
    assert_eq!(format!("{key:?}"), r#"HandedKey { position: 7, aggregate_id: "a", .. }"#);
}
