//! A mediation log made by hand, followed by a desk: what mediation would publish about disputes that come from petitions.

use crate::desk::Desk;
use fengqiao_feed::{Feed, FollowState, FollowStatus, Source, follow};
use fengqiao_model::{Day, Instant};
use fengqiao_proto::mediation::v1 as pb;
use fengqiao_store::{Db, Engine, NO_MIGRATIONS, NewEvent, Policy, log};
use fengqiao_testkit::Fresh;
use prost::Message;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// Longer than any test needs.
const PATIENCE: Duration = Duration::from_secs(20);

/// The log of a mediation service that is not there.
pub struct Mediation {
    fresh: Fresh,
    db: Db,
}

/// One event: kind, dispute, payload.
pub type Told = (&'static str, String, Vec<u8>);

impl Mediation {
    /// An empty log.
    pub async fn open(engine: Engine) -> Self {
        let fresh = Fresh::new(engine);
        let db = Db::open(fresh.location(), "fengqiao-test").await.unwrap();
        db.migrate(&NO_MIGRATIONS, Policy::EmptyOnly).await.unwrap();
        Self { fresh, db }
    }

    /// Appends events of a day, each the only one of its dispute at its version.
    pub async fn tell(&self, on: &str, events: Vec<Told>) {
        let first = log::head(&self.db).await.unwrap().position + 1;
        let on: Day = on.parse().unwrap();
        let events = (first..).zip(events).map(|(position, (kind, aggregate_id, open))| NewEvent {
            event_id: format!("01890a5d-ac96-774b-bcce-{position:012x}"),
            aggregate_id,
            version: position,
            kind,
            occurred_on: on,
            known_on: None,
            actor: "mediator-1".into(),
            request_id: format!("01890a5d-ac96-774b-bcd0-{position:012x}"),
            open,
            sealed: Vec::new(),
        });
        let mut tx = self.db.begin().await.unwrap();
        log::append(&mut tx, Instant(on.begins().0 + 10 * 3_600_000_000), events.collect()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The desk follows to the end of the log.
    pub async fn followed_by(&self, desk: &Desk) {
        let head = log::head(&self.db).await.unwrap().position;
        let (clock, stop) = (Arc::new(desk.clock.clone()), CancellationToken::new());
        let feed = Feed::new(clock.clone(), stop.clone()).with_log("mediation", self.db.clone());
        let (sender, mut status) = watch::channel(FollowStatus::default());
        let following =
            tokio::spawn(follow(Source::InProcess(feed), desk.intake.mediation_follower(), clock, sender, stop.clone()));
        let there = status.wait_for(|s| s.position == head || matches!(s.state, FollowState::Stopped { .. }));
        let reached = timeout(PATIENCE, there).await.expect("it catches up").unwrap().clone();
        assert_eq!(reached.position, head, "{reached:?}");
        stop.cancel();
        following.await.unwrap();
    }

    /// Its log as a service serves it.
    pub fn source(&self, desk: &Desk) -> Source {
        let feed = Feed::new(Arc::new(desk.clock.clone()), desk.draining.clone());
        Source::InProcess(feed.with_log("mediation", self.db.clone()))
    }

    /// Removes what was made.
    pub async fn remove(self) {
        self.db.close().await;
        self.fresh.remove().await;
    }
}

/// A dispute of a petition as an event has it, with the cases that changed.
pub struct Dispute {
    pub id: String,
    pub facts: pb::DisputeFacts,
}

impl Dispute {
    /// A dispute that mediation opened for a petition.
    pub fn of(petition: &str, id: &str) -> Self {
        let facts =
            pb::DisputeFacts { number: format!("MD-{}", &id[..4]), petition_id: petition.to_owned(), ..Default::default() };
        Self { id: id.to_owned(), facts }
    }

    /// An event with these cases.
    pub fn told(&self, kind: &'static str, cases: &[pb::CaseFacts]) -> Told {
        let changed = pb::DisputeChanged { dispute: Some(self.facts.clone()), cases: cases.to_vec(), ..Default::default() };
        (kind, self.id.clone(), changed.encode_to_vec())
    }

    /// The same with one more milestone.
    pub fn milestone(&mut self, what: &str, on: &str) -> &mut Self {
        self.facts.milestones.push(pb::Milestone { what: what.into(), on: on.into(), ..Default::default() });
        self
    }
}

/// A case in a state, at a body, ended on a day or open.
pub fn case(id: &str, state: &str, body: &str, ended_on: &str) -> pb::CaseFacts {
    pb::CaseFacts {
        case_id: id.into(),
        state: state.into(),
        body: body.into(),
        applied_on: "2026-03-02".into(),
        ended_on: ended_on.into(),
        ..Default::default()
    }
}
