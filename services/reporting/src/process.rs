//! Reporting as part of a process: opened, following, closed; and as a process of its own.

use crate::{LogFollower, MIGRATIONS, Reporting, ReportingSettings};
use fengqiao_feed::{FollowStatus, Source, feed_source, follow};
use fengqiao_model::Clock;
use fengqiao_service::{Lifecycle, Lookup, PREFIX, Problem, Process, Server, Settings, StartError, ready};
use fengqiao_store::{Db, StoreError};
use std::{net::SocketAddr, process::ExitCode, sync::Arc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Address when none is set.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7313);

impl Reporting {
    /// Opens the database, brings its schema up as far as the settings allow, and opens the service on it.
    pub async fn open_at(settings: &ReportingSettings, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let db = Db::open(&settings.location, "fengqiao-reporting").await?;
        db.migrate(&MIGRATIONS, settings.policy).await?;
        Self::open(db, clock).await
    }

    /// Follows the logs that have a source until `draining`; then, at `closing`, leaves the database as a restart wants it.
    /// Following that cannot go on leaves the figures readable, and says so in their freshness. A log without a source takes no
    /// part: no report waits for it.
    pub fn keep(
        self,
        intake: Option<Source>,
        mediation: Option<Source>,
        clock: Arc<dyn Clock>,
        draining: CancellationToken,
        closing: CancellationToken,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        // At once, so that a report asked for in the first moment knows which logs it waits for.
        let intake = intake.map(|source| (source, self.intake_follower(), self.intake_status_sender()));
        let mediation = mediation.map(|source| (source, self.mediation_follower(), self.mediation_status_sender()));
        let one = |sourced: Option<(Source, LogFollower, watch::Sender<FollowStatus>)>| {
            let (clock, draining) = (clock.clone(), draining.clone());
            async move {
                if let Some((source, follower, status)) = sourced {
                    follow(source, follower, clock, status, draining).await;
                }
            }
        };
        let (intake, mediation) = (one(intake), one(mediation));
        async move {
            tokio::join!(intake, mediation);
            closing.cancelled().await;
            self.close().await
        }
    }
}

/// Reads `INTAKE_FEED`, the address of the intake log when it is not in this process, and `INTAKE_FEED_TOKEN`, the bearer token
/// to follow it with.
pub fn intake_feed(settings: &mut Settings<'_>) -> Option<Source> {
    feed_source(settings, "INTAKE_FEED")
}

/// Reads `MEDIATION_FEED` and `MEDIATION_FEED_TOKEN`, the same for the mediation log.
pub fn mediation_feed(settings: &mut Settings<'_>) -> Option<Source> {
    feed_source(settings, "MEDIATION_FEED")
}

/// Runs reporting as a process of its own, until it is told to stop.
pub async fn serve(lookup: &dyn Lookup, clock: Arc<dyn Clock>) -> Result<ExitCode, StartError> {
    let mut settings = Settings::new(lookup, PREFIX);
    let process = Process::read(&mut settings, LISTEN);
    let figures = ReportingSettings::read(&mut settings);
    let (intake, mediation) = (intake_feed(&mut settings), mediation_feed(&mut settings));
    if intake.is_none() && mediation.is_none() {
        let must = "or MEDIATION_FEED must say where there is a log to follow, such as http://127.0.0.1:7311";
        settings.report(Problem::new("INTAKE_FEED", must));
    }
    settings.finish()?;
    process.telemetry.start();
    let listener = process.listen().await?;
    let life = Lifecycle::new(process.server.grace);
    let opened = Reporting::open_at(&figures, clock.clone()).await;
    let reporting = opened.map_err(StartError::when("the figures cannot be opened"))?;
    let server =
        Server::new(process.server, process.identity, fengqiao_proto::DESCRIPTOR, life.draining()).with(reporting.service());
    life.spawn("reporting", reporting.keep(intake, mediation, clock, life.draining(), life.closing()));
    ready(&listener, "reporting");
    let stop = life.stop();
    Ok(life.run_until_stopped(server.run(listener, stop)).await)
}
