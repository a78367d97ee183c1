//! The feed over real logs, on both engines.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use fengqiao_feed::{Feed, FollowState, Rights, Source};
use fengqiao_model::{Caller, Clock, Instant, ManualClock, Role};
use fengqiao_proto::feed::v1::FollowRequest;
use fengqiao_service::errors;
use fengqiao_store::{Cursor, Db, Engine, StoreError, envelope, log};
use fengqiao_testkit::{eventually, on_each_engine, on_fresh_database, on_fresh_location};
use prost::Message;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use support::*;
use tokio_util::sync::CancellationToken;
use tonic::Code;

fn feed(db: &Db) -> Feed {
    Feed::new(clock(), CancellationToken::new()).with_log("intake", db.clone())
}

fn all(range: std::ops::RangeInclusive<i64>) -> Vec<i64> {
    range.collect()
}

async fn cursor_at(db: &Db, position: i64) -> Cursor {
    let event = log::event_at(db, position).await.unwrap().unwrap();
    let log_id = log::head(db).await.unwrap().log_id;
    Cursor { log_id, position, hash: event.hash, recorded_at: event.recorded_at }
}

on_each_engine! {
    async fn resumes_where_it_was(db: Db) {
        append(&db, 10, 10).await;
        let recorder = Recorder::new(&db, "c");
        let mut running = start(Source::InProcess(feed(&db)), recorder.clone());
        let status = running.at(10).await;
        assert_eq!((status.head_position, status.caught_up_at, status.heard_at), (10, Some(NOW), Some(NOW)));
        assert_eq!(status.state, FollowState::Following);
        append(&db, 1, 10).await;
        running.at(11).await;
        running.stop().await;

        append(&db, 4, 10).await;
        let mut running = start(Source::InProcess(feed(&db)), recorder.clone());
        running.at(15).await;
        running.stop().await;
        assert_eq!(recorder.positions(), all(1..=15));
    }

    async fn in_process_and_remote_give_the_same(db: Db) {
        append(&db, 600, 10).await;
        let served = Served::start(&db, 0).await;
        let (near, far) = (Recorder::new(&db, "near"), Recorder::new(&db, "far"));
        let mut running = [
            start(Source::InProcess(feed(&db)), near.clone()),
            start(served.source(), far.clone()),
        ];
        for each in &mut running {
            each.at(600).await;
        }
        append(&db, 1, 10).await;
        for each in &mut running {
            each.at(601).await;
        }
        for each in running {
            each.stop().await;
        }
        served.stop().await;
        let (near, far) = (near.events.lock().unwrap(), far.events.lock().unwrap());
        assert_eq!(*near, *far);
        assert_eq!(near.len(), 601);
        for event in near.iter() {
            assert!(event.sealed.is_empty(), "sealed payloads stay");
            assert_eq!(event.digest, envelope::digest(&event.open, b"nobody outside sees this"));
        }
    }

    async fn another_log_stops_the_follower(db: Db) {
        append(&db, 5, 10).await;
        let right = cursor_at(&db, 5).await;
        let other_log = Cursor { log_id: "another".into(), ..right.clone() };
        let ahead = Cursor { position: 6, ..right.clone() };
        let mismatch = Cursor { position: 4, ..right.clone() };
        for (name, cursor, reason) in [
            ("changed", other_log, "LOG_CHANGED: "),
            ("ahead", ahead, "CURSOR_AHEAD: "),
            ("mismatch", mismatch, "CURSOR_MISMATCH: "),
        ] {
            let recorder = Recorder::new(&db, name);
            recorder.place(&cursor).await;
            let stopped = start(Source::InProcess(feed(&db)), recorder.clone()).stopped().await;
            assert!(stopped.starts_with(reason), "{stopped}");
            assert!(recorder.positions().is_empty());
        }
    }

    async fn a_refused_batch_is_applied_once_in_the_end(db: Db) {
        append(&db, 3, 10).await;
        let recorder = Recorder::new(&db, "c");
        let refusals = [StoreError::Misuse("a test"), StoreError::Conflict, StoreError::Misuse("a test")];
        recorder.refusals.lock().unwrap().extend(refusals);
        let mut running = start(Source::InProcess(feed(&db)), recorder.clone());
        running.at(3).await;
        running.stop().await;
        assert_eq!(recorder.positions(), all(1..=3));
    }

    async fn replicas_with_one_cursor_apply_each_event_once(db: Db) {
        let (one, two) = (Recorder::new(&db, "shared"), Recorder::new(&db, "shared"));
        let mut running = [
            start(Source::InProcess(feed(&db)), one.clone()),
            start(Source::InProcess(feed(&db)), two.clone()),
        ];
        for _ in 0..20 {
            append(&db, 3, 10).await;
        }
        for each in &mut running {
            each.until("all heard", |s| s.head_position == 60).await;
        }
        eventually("all applied", PATIENCE, async || {
            let seen = one.positions().len() + two.positions().len();
            if seen == 60 { Ok(()) } else { Err(seen) }
        })
        .await;
        for each in running {
            each.stop().await;
        }
        let mut seen = [one.positions(), two.positions()].concat();
        seen.sort_unstable();
        assert_eq!(seen, all(1..=60));
    }

    async fn reconnects_to_a_restarted_server(db: Db) {
        append(&db, 2, 10).await;
        let served = Served::start(&db, 0).await;
        let (port, recorder) = (served.address.port(), Recorder::new(&db, "c"));
        let mut running = start(served.source(), recorder.clone());
        running.at(2).await;
        served.stop().await;
        running.until("noticed", |s| s.state == FollowState::Connecting).await;
        append(&db, 2, 10).await;
        let served = Served::start(&db, port).await;
        running.at(4).await;
        running.stop().await;
        served.stop().await;
        assert_eq!(recorder.positions(), all(1..=4));
    }

    async fn a_slow_follower_costs_a_few_pages_and_ends_at_the_stop(db: Db) {
        for _ in 0..12 {
            append(&db, 2, 600_000).await;
        }
        // the clock is read once for each page, so it counts the pages that were read
        let (stop, pages) = (CancellationToken::new(), Arc::new(CountingClock::default()));
        let slow = Feed::new(pages.clone(), stop.clone()).with_log("intake", db.clone());
        let mut stuck = ask(&slow, beginning(), &[Role::Follower]).await.unwrap();
        eventually("queue full", PATIENCE, async || match pages.0.load(Ordering::SeqCst) {
            3.. => Ok(()),
            count => Err(count),
        })
        .await;
        // meanwhile a quick one gets everything
        let quick = Recorder::new(&db, "quick");
        let mut running = start(Source::InProcess(feed(&db)), quick);
        running.at(24).await;
        running.stop().await;
        assert_eq!(pages.0.load(Ordering::SeqCst), 3, "two pages wait and one is being sent");
        assert_eq!(slow.open_streams(), 1);

        stop.cancel();
        eventually("the stuck task ended", PATIENCE, async || match slow.open_streams() {
            0 => Ok(()),
            open => Err(open),
        })
        .await;
        let end = next(&mut stuck).await.unwrap_err();
        assert_eq!((end.code(), errors::reason(&end).as_deref()), (Code::Unavailable, Some("DRAINING")));
        let late = ask(&slow, beginning(), &[Role::Follower]).await.err().unwrap();
        assert_eq!(errors::reason(&late).as_deref(), Some("DRAINING"));
    }

    async fn a_follower_that_leaves_is_forgotten(db: Db) {
        let feed = feed(&db);
        let mut running = start(Source::InProcess(feed.clone()), Recorder::new(&db, "c"));
        running.until("up to date", |s| s.caught_up_at.is_some()).await;
        assert_eq!(feed.open_streams(), 1);
        running.stop().await;
        eventually("stream closed", PATIENCE, async || match feed.open_streams() {
            0 => Ok(()),
            open => Err(open),
        })
        .await;
    }

    async fn an_empty_log_says_so_at_once(db: Db) {
        let mut messages = ask(&feed(&db), beginning(), &[Role::Follower]).await.unwrap();
        let head = next(&mut messages).await.unwrap();
        assert!(head.events.is_empty());
        assert_eq!((head.head_position, head.as_of_us), (0, NOW.0));
        assert_eq!(head.log_id, log::head(&db).await.unwrap().log_id);
    }

    async fn pages_are_bounded_and_contiguous(db: Db) {
        append(&db, 3, 700_000).await;
        append(&db, 5_000, 10).await;
        append(&db, 1, 3_000_000).await;
        let mut messages = ask(&feed(&db), beginning(), &[Role::Follower]).await.unwrap();
        let (mut position, mut pages) = (0, 0);
        while position < 5_004 {
            let page = next(&mut messages).await.unwrap();
            assert!(page.events.len() <= 2_000);
            assert!(page.events.len() == 1 || page.encoded_len() < 1_100_000, "{}", page.encoded_len());
            for event in page.events {
                position += 1;
                assert_eq!(event.position, position);
            }
            pages += 1;
        }
        assert!((7..30).contains(&pages), "{pages} pages");
    }

    async fn rights_take_payloads_away_but_not_the_chain(db: Db) {
        append(&db, 3, 10).await;
        let policy = |_: &str, caller: &Caller, _: &str| match caller.id.as_str() {
            "reporting" => Rights::HeaderOnly,
            _ => Rights::Open,
        };
        let recorder = Recorder::new(&db, "c");
        let mut running = start(Source::InProcess(feed(&db).with_rights(policy)), recorder.clone());
        running.at(3).await;
        running.stop().await;
        for event in recorder.events.lock().unwrap().iter() {
            assert!(event.open_withheld && event.open.is_empty() && event.sealed.is_empty());
            assert_eq!(event.digest.len(), 32);
        }
    }

    async fn requests_are_checked(db: Db) {
        let feed = feed(&db);
        let reason = async |request, roles: &[Role]| {
            let status = ask(&feed, request, roles).await.err().unwrap();
            (status.code(), errors::reason(&status).unwrap())
        };
        assert_eq!(reason(beginning(), &[Role::Clerk, Role::Public]).await, (Code::PermissionDenied, "PERMISSION_DENIED".into()));
        let unknown = FollowRequest { log: "mediation".into(), ..beginning() };
        assert_eq!(reason(unknown, &[Role::Follower]).await, (Code::NotFound, "LOG_UNKNOWN".into()));
        for malformed in [
            FollowRequest { follower: "not a\nname".into(), ..beginning() },
            FollowRequest { position: -1, ..beginning() },
            FollowRequest { position: 1, log_id: "l".into(), ..beginning() },
            FollowRequest { position: 1, hash: vec![1], ..beginning() },
        ] {
            assert_eq!(reason(malformed, &[Role::Follower]).await, (Code::InvalidArgument, "INVALID_ARGUMENT".into()));
        }
        let other_log = FollowRequest { log_id: "another".into(), ..beginning() };
        assert_eq!(reason(other_log, &[Role::Follower]).await, (Code::FailedPrecondition, "LOG_CHANGED".into()));
    }
}

/// Only PostgreSQL has writers in other processes.
#[test]
fn writers_of_other_processes_are_seen() {
    on_fresh_location(Engine::Postgres, async |location| {
        let here = Db::open(&location, "fengqiao-test").await.unwrap();
        here.migrate(&fengqiao_store::NO_MIGRATIONS, fengqiao_store::Policy::EmptyOnly).await.unwrap();
        let there = Db::open(&location, "fengqiao-test").await.unwrap();
        let mut running = start(Source::InProcess(feed(&here)), Recorder::new(&here, "c"));
        running.until("up to date", |s| s.caught_up_at.is_some()).await;
        append(&there, 2, 10).await;
        running.at(2).await;
        running.stop().await;
        here.close().await;
        there.close().await;
    });
}

/// Takes five seconds, because that is what it tests; the engine does not matter.
#[test]
fn an_idle_log_is_heard_of_every_few_seconds() {
    on_fresh_database(Engine::Sqlite, &fengqiao_store::NO_MIGRATIONS, async |db| {
        let clock = ManualClock::new(NOW);
        let feed = Feed::new(Arc::new(clock.clone()), CancellationToken::new()).with_log("intake", db.clone());
        append(&db, 1, 10).await;
        let mut messages = ask(&feed, beginning(), &[Role::Follower]).await.unwrap();
        assert_eq!(next(&mut messages).await.unwrap().events.len(), 1);
        let later = Instant(NOW.0 + 5_000_000);
        clock.advance_to(later);
        let heartbeat = next(&mut messages).await.unwrap();
        assert!(heartbeat.events.is_empty());
        assert_eq!((heartbeat.head_position, heartbeat.as_of_us), (1, later.0));
    });
}

/// Counts how often it is read.
#[derive(Default)]
struct CountingClock(AtomicUsize);

impl Clock for CountingClock {
    fn now(&self) -> Instant {
        self.0.fetch_add(1, Ordering::SeqCst);
        NOW
    }
}
