//! Reporting: follows the intake log, keeps facts and sums, and answers with figures of any year as of any day.
//!
//! It knows what is counted, from which day on, and how far it has followed. It never sees anything sealed, computes no due
//! day, and writes to no other service.
//!
//! | File | Knows |
//! |---|---|
//! | `domain.rs` | the pure core: facts, contributions, history, roll, indicators, the report |
//! | `store.rs` | portable SQL |
//! | `app.rs` | one function per use: apply a batch, report, explain, verify |
//! | `follow.rs` | from the intake's events to the domain; the follower |
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
pub use follow::IntakeFollower;
pub use process::{intake_feed, serve};
pub use settings::ReportingSettings;
pub use store::{MIGRATIONS, StuckEvent, stuck};

use api::ReportingApi;
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
    status: watch::Sender<FollowStatus>,
}

impl Reporting {
    /// Opens the service on a database that was migrated with [`MIGRATIONS`]. Errors: `SchemaOlder`, `SchemaNewer`.
    pub async fn open(db: Db, clock: Arc<dyn Clock>) -> Result<Reporting, StoreError> {
        db.require_schema(&MIGRATIONS).await?;
        let status = watch::Sender::new(FollowStatus::default());
        let api = ReportingApi { db, started: clock.now(), clock, following: status.subscribe() };
        Ok(Reporting { api, status })
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

    /// The follower of the intake log, for [`fengqiao_feed::follow`].
    pub fn follower(&self) -> IntakeFollower {
        IntakeFollower::new(self.api.db.clone())
    }

    /// Where [`fengqiao_feed::follow`] tells how far it is.
    pub fn status_sender(&self) -> watch::Sender<FollowStatus> {
        self.status.clone()
    }

    /// How far the follower is, for whoever waits for it in this process.
    pub fn status(&self) -> watch::Receiver<FollowStatus> {
        self.status.subscribe()
    }
}
