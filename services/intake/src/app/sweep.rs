//! What passing time does to the book: once a day, and at every start, clocks whose time is over are noted; after a notice, clocks are
//! restated. One process at a time has the task, by lease; asking again changes nothing, so a cut or a second holder does no harm.

use super::{Book, LawInForce, Reply, Request, Work};
use crate::store;
use fengqiao_model::{Caller, Clock, Day, IdSource, Instant, RequestId};
use fengqiao_store::{Db, StoreError, SubmitError, Writer};
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// Petitions of one transaction.
const AT_ONCE: i64 = 200;
/// How long the task is kept without a sign of life.
const LEASE_US: i64 = 10 * 60 * 1_000_000;
/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(60);
/// How often it sweeps on one day: what was recorded late may have lapsed already.
const HOUR_US: i64 = 3_600_000_000;
/// Who the log says it was.
const ACTOR: &str = "sweep";
/// Name of the daily task.
const SWEEP: &str = "sweep";
/// Name of the restating task.
const RESTATE: &str = "restate";

/// What one sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Steps that were recorded.
    pub steps: u64,
    /// Somebody else has the task.
    pub elsewhere: bool,
}

/// Does the daily task.
#[derive(Clone)]
pub struct Sweeper {
    pub db: Db,
    pub writer: Writer<Book>,
    pub clock: Arc<dyn Clock>,
    pub law: Arc<LawInForce>,
    pub ids: IdSource,
}

impl Sweeper {
    /// Sweeps now, then whenever an hour has passed or a day has begun, until `closing`. What fails is tried again.
    pub async fn keep(self, closing: CancellationToken) {
        let mut last: Option<Instant> = None;
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                _ = look.tick() => {}
            }
            let now = self.clock.now();
            if last.is_some_and(|last| last.day() == now.day() && now.0 - last.0 < HOUR_US) {
                continue;
            }
            match tokio::select! { () = closing.cancelled() => return, swept = self.once() => swept } {
                Ok(swept) => {
                    last = Some(now);
                    if swept.steps > 0 {
                        tracing::info!(steps = swept.steps, day = %now.day(), "lapsed clocks noted");
                    }
                }
                Err(error) => tracing::warn!(%error, "the sweep did not get through and is tried again"),
            }
        }
    }

    /// Notes everything that has lapsed by now, and restates what a notice has moved and was not restated yet.
    pub async fn once(&self) -> Result<Swept, SubmitError> {
        let holder = self.ids.mint(&self.clock).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        if !self.take(SWEEP, &holder).await? {
            return Ok(Swept { steps: 0, elsewhere: true });
        }
        let today = self.clock.now().day();
        let steps = self.restate().await? + self.sweep(today, &holder).await?;
        store::leave_task(&self.db, SWEEP, &holder, &today.to_string()).await.map_err(failed)?;
        Ok(Swept { steps, elsewhere: false })
    }

    async fn sweep(&self, today: Day, holder: &str) -> Result<u64, SubmitError> {
        let (on, mut after, mut steps) = (today.to_string(), (String::new(), String::new()), 0);
        loop {
            let found = store::to_sweep(&self.db, &on, &after, AT_ONCE).await.map_err(failed)?;
            let Some(last) = found.last().cloned() else { return Ok(steps) };
            after = last;
            let mut ids: Vec<String> = found.into_iter().map(|(_, id)| id).collect();
            ids.sort();
            ids.dedup();
            steps += self.submit(Work::Sweep { ids }).await?;
            if !self.take(SWEEP, holder).await? {
                return Ok(steps);
            }
        }
    }

    /// Restates the running clocks that the calendar in use moves, until none is left.
    pub async fn restate(&self) -> Result<u64, SubmitError> {
        let law = self.law.refresh(&self.db).await.map_err(failed)?;
        let notices = store::notices(&self.db).await.map_err(failed)?;
        let Some((first, _)) = notices.years.first_key_value() else { return Ok(0) };
        let version = law.calendar.version().to_owned();
        if store::task_done(&self.db, RESTATE).await.map_err(failed)? == version {
            return Ok(0);
        }
        // A notice may name days of the December before.
        let from = format!("{:04}-12-01", first - 1);
        let (mut after, mut steps) = (String::new(), 0);
        loop {
            let ids = store::to_restate(&self.db, &version, &from, &after, AT_ONCE).await.map_err(failed)?;
            let Some(last) = ids.last().cloned() else { break };
            after = last;
            steps += self.submit(Work::Restate { ids }).await?;
        }
        if self.take(RESTATE, ACTOR).await? {
            store::leave_task(&self.db, RESTATE, ACTOR, &version).await.map_err(failed)?;
        }
        Ok(steps)
    }

    async fn take(&self, task: &str, holder: &str) -> Result<bool, SubmitError> {
        let now = self.clock.now();
        store::take_task(&self.db, task, holder, now, Instant(now.0 + LEASE_US)).await.map_err(failed)
    }

    async fn submit(&self, work: Work) -> Result<u64, SubmitError> {
        let misuse = |_| failed(StoreError::Misuse("the sweep has no name"));
        let caller = Caller {
            id: ACTOR.parse().map_err(misuse)?,
            unit: ACTOR.parse().map_err(|_| failed(StoreError::Misuse("the sweep has no unit")))?,
            division: None,
            roles: Vec::new(),
        };
        let request_id = RequestId::from_bytes(self.ids.mint(&self.clock));
        match self.writer.submit(Request { caller, request_id, fingerprint: Vec::new(), work }).await? {
            Reply::Swept(steps) => Ok(steps),
            _ => Err(failed(StoreError::Misuse("the sweep got another's reply"))),
        }
    }
}

fn failed(error: StoreError) -> SubmitError {
    SubmitError::Store(Arc::new(error))
}
