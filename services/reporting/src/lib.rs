//! Reporting: follows the logs of intake and mediation, keeps facts and sums, and answers with figures of any year as of any day.
//!
//! It knows what is counted, from which day on, and how far it has followed each log. It never sees anything sealed, computes no due
//! day and no milestone, and writes to no other service.
//!
//! | File | Knows |
//! |---|---|
//! | `domain.rs` | the pure core: facts, contributions, history, roll, indicators, the report |
//! | `store.rs` | portable SQL |
//! | `app.rs` | one function per use: apply a batch, report, explain, verify |
//! | `follow.rs` | from the events of both logs to the domain; the followers |
//! | `api.rs` | the gRPC service |
//! | `process.rs`, `settings.rs` | as part of a process, or one of its own; where the figures are kept |

mod api;
mod app;
mod domain;
mod follow;
mod process;
mod settings;
mod store;

pub use app::{Difference, verify, verify_facts};
pub use follow::LogFollower;
pub use process::{intake_feed, mediation_feed, serve};
pub use settings::ReportingSettings;
pub use store::{MIGRATIONS, StuckEvent, stuck};

use api::{Following, ReportingApi};
use app::Log;
use fengqiao_feed::FollowStatus;
use fengqiao_model::Clock;
use fengqiao_proto::reporting::v1::reporting_service_server::ReportingServiceServer;
use fengqiao_store::{Db, StoreError};
use std::sync::Arc;
use tokio::sync::watch;

/// A report grows with the number of units; a county's has some hundred KiB, and its client must allow for more than that.
const LARGEST_REPORT: usize = 64 * 1024 * 1024;

/// The service over one database.
#[derive(Clone)]
pub struct Reporting {
    api: ReportingApi,
}

impl Reporting {
    /// Opens the service on a database that was migrated with [`MIGRATIONS`]. Errors: `SchemaOlder`, `SchemaNewer`.
    pub async fn open(db: Db, clock: Arc<dyn Clock>) -> Result<Reporting, StoreError> {
        db.require_schema(&MIGRATIONS).await?;
        let following = Log::ALL.map(|_| Following::new());
        Ok(Reporting { api: ReportingApi { db, started: clock.now(), clock, following } })
    }

    /// The gRPC service, with the server's message limits.
    pub fn service(&self) -> ReportingServiceServer<ReportingApi> {
        ReportingServiceServer::new(self.api.clone())
            .max_decoding_message_size(fengqiao_service::MAX_MESSAGE)
            .max_encoding_message_size(LARGEST_REPORT)
    }

    /// Leaves the database as a restart wants it.
    pub async fn close(self) -> Result<(), StoreError> {
        self.api.db.checkpoint().await?;
        self.api.db.close().await;
        Ok(())
    }

    /// The follower of the intake log, for [`fengqiao_feed::follow`]. From now on that log counts: no report is complete
    /// without it.
    pub fn intake_follower(&self) -> LogFollower {
        self.follower(Log::Intake)
    }

    /// The follower of the mediation log, likewise.
    pub fn mediation_follower(&self) -> LogFollower {
        self.follower(Log::Mediation)
    }

    /// Where [`fengqiao_feed::follow`] tells how far the intake log is followed.
    pub fn intake_status_sender(&self) -> watch::Sender<FollowStatus> {
        self.status_sender(Log::Intake)
    }

    /// Where it tells how far the mediation log is followed.
    pub fn mediation_status_sender(&self) -> watch::Sender<FollowStatus> {
        self.status_sender(Log::Mediation)
    }

    /// How far the intake log is followed, for whoever waits for it in this process.
    pub fn intake_status(&self) -> watch::Receiver<FollowStatus> {
        self.api.following(Log::Intake).receiver()
    }

    /// How far the mediation log is followed, likewise.
    pub fn mediation_status(&self) -> watch::Receiver<FollowStatus> {
        self.api.following(Log::Mediation).receiver()
    }

    fn follower(&self, log: Log) -> LogFollower {
        self.api.following(log).begin();
        LogFollower::new(self.api.db.clone(), log)
    }

    fn status_sender(&self, log: Log) -> watch::Sender<FollowStatus> {
        self.api.following(log).begin()
    }
}
