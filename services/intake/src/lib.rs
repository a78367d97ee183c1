//! Intake: petitions of a county, logged, accepted or refused, answered, routed to mediation, looked up, imported.
//!
//! | File | Knows |
//! |---|---|
//! | `domain.rs` | the pure core: states, commands, events, rejections, ledger rows |
//! | `app.rs` | one batch of requests as one transaction; reading, unsealing, looking up |
//! | `store.rs` | portable SQL over petitions and what mediation tells of them |
//! | `follow.rs` | from mediation's events to the links beside petitions; the follower |
//! | `api.rs` | the gRPC service: parse, call, reply, status |
//! | `settings.rs` | where the book is, which key opens it |

mod api;
mod app;
pub mod domain;
mod follow;
mod settings;
mod store;
mod verify;

pub use api::{IntakeApi, error_table};
pub use app::Swept;
pub use follow::{FOLLOWS, MediationFollower};
pub use settings::BookSettings;
pub use store::{MIGRATIONS, StuckEvent, stuck};
pub use verify::verify_book;

use api::{Api, resume_successions};
use app::{Book, Counts, KnownUnits, LawInForce, LookUp, Reading, Sweeper, Turnstile};
use domain::Law;
use fengqiao_feed::{Feed, FollowStatus, Source, feed_source, follow};
use fengqiao_model::{Clock, IdSource, Instant};
use fengqiao_proto::intake::v1::intake_service_server::IntakeServiceServer;
use fengqiao_service::{Lifecycle, Lookup, MAX_MESSAGE, PREFIX, Process, Server, Settings, StartError, ready};
use fengqiao_store::{Db, MasterKey, StoreError, SubmitError, Writer, WriterSettings, data_key, request};
use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// How long a request id is remembered: 90 days.
const REMEMBERED_US: i64 = 90 * 24 * 3600 * 1_000_000;

/// Address when none is set.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7311);

/// Runs intake as a process of its own, until it is told to stop: the service, the feed of its log, and, where `MEDIATION_FEED`
/// says where mediation is, following it.
pub async fn serve(lookup: &dyn Lookup, clock: Arc<dyn Clock>) -> Result<ExitCode, StartError> {
    let mut settings = Settings::new(lookup, PREFIX);
    let process = Process::read(&mut settings, LISTEN);
    let book = BookSettings::read(&mut settings);
    let mediation = feed_source(&mut settings, "MEDIATION_FEED");
    settings.finish()?;
    process.telemetry.start();
    let listener = process.listen().await?;
    let life = Lifecycle::new(process.server.grace);
    let opened = Intake::open(&book, clock.clone(), life.draining()).await;
    let intake = opened.map_err(StartError::when("the case book cannot be opened"))?;
    let (name, db, master) = intake.sealed_log();
    let feed = Feed::new(clock, life.draining()).with_sealed_log(name, db, master);
    let server = Server::new(process.server, process.identity, fengqiao_proto::DESCRIPTOR, life.draining())
        .with(intake.service())
        .with(feed.service());
    life.spawn("intake book", intake.keep(mediation, life.closing()));
    ready(&listener, "intake");
    let stop = life.stop();
    Ok(life.run_until_stopped(server.run(listener, stop)).await)
}

/// An opened case book and its service.
pub struct Intake {
    db: Db,
    api: IntakeApi,
    sweeper: Sweeper,
    counts: Arc<Counts>,
    master: Arc<MasterKey>,
    clock: Arc<dyn Clock>,
    draining: CancellationToken,
    status: watch::Sender<FollowStatus>,
}

impl Intake {
    /// Opens the book: database, schema, key, writer. `draining` ends the streams.
    /// Errors: the database is not there, in use by another process, or of another schema; the key does not fit.
    pub async fn open(settings: &BookSettings, clock: Arc<dyn Clock>, draining: CancellationToken) -> Result<Self, StoreError> {
        let db = Db::open(&settings.location, "fengqiao-intake").await?;
        db.migrate(&MIGRATIONS, settings.policy).await?;
        let master = Arc::new(settings.master()?);
        if !data_key::fits(&db, &master).await? {
            return Err(StoreError::Key("the master key is not the one this book was sealed with".to_owned()));
        }
        app::reshape(&db).await?;
        let law = Law { places: settings.places.clone(), ..settings.law.clone() };
        let law = Arc::new(LawInForce::open(law, &db).await?);
        let ids = IdSource::default();
        let book = Book {
            master: master.clone(),
            law: law.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            days_back: settings.days_back,
            units: KnownUnits::default(),
        };
        let (writer, _task) = Writer::spawn(db.clone(), book, WriterSettings::default());
        let sweeper =
            Sweeper { db: db.clone(), writer: writer.clone(), clock: clock.clone(), law: law.clone(), ids: ids.clone() };
        let counts = Arc::new(Counts::default());
        let api = IntakeApi::new(Api {
            sweeper: sweeper.clone(),
            reading: Reading { db: db.clone(), master: master.clone() },
            look_up: LookUp::new(db.clone(), master.clone(), settings.look_up_days),
            turnstile: Turnstile::default(),
            counts: counts.clone(),
            db: db.clone(),
            writer,
            master: master.clone(),
            law,
            clock: clock.clone(),
            ids,
            days_back: settings.days_back,
            watches: Arc::new(Semaphore::new(api::WATCHES)),
            draining: draining.clone(),
        });
        let status = watch::Sender::new(FollowStatus::default());
        Ok(Self { db, api, sweeper, counts, master, clock, draining, status })
    }

    /// The gRPC service.
    pub fn service(&self) -> IntakeServiceServer<IntakeApi> {
        IntakeServiceServer::new(self.api.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// The log that followers read: its name and its database.
    pub fn log(&self) -> (&'static str, Db) {
        ("intake", self.db.clone())
    }

    /// The same with the master key, for [`Feed::with_sealed_log`]: what is routed to mediation goes there with its key.
    pub fn sealed_log(&self) -> (&'static str, Db, Arc<MasterKey>) {
        ("intake", self.db.clone(), self.master.clone())
    }

    /// The follower of the mediation log, for [`fengqiao_feed::follow`].
    pub fn mediation_follower(&self) -> MediationFollower {
        MediationFollower::new(self.db.clone(), self.clock.clone())
    }

    /// Where [`fengqiao_feed::follow`] tells how far it is.
    pub fn status_sender(&self) -> watch::Sender<FollowStatus> {
        self.status.clone()
    }

    /// How far the follower of mediation is, for whoever waits for it in this process.
    pub fn status(&self) -> watch::Receiver<FollowStatus> {
        self.status.subscribe()
    }

    /// Notes now what has lapsed by the clock's day, as [`Intake::keep`] does every hour and at the beginning of each day.
    /// Errors: the writer stopped, or the database failed.
    pub async fn sweep(&self) -> Result<Swept, SubmitError> {
        self.sweeper.once().await
    }

    /// Follows mediation, where it is, until the streams end, and forgets old request ids and notes lapsed clocks every hour, until `closing`; then leaves
    /// the database as a restart wants it. Following that cannot go on leaves the book open, and says so in the log.
    pub async fn keep(self, mediation: Option<Source>, closing: CancellationToken) -> Result<(), StoreError> {
        let follower = self.mediation_follower();
        let Self { db, api, sweeper, counts, clock, draining, status, .. } = self;
        if let Err(error) = resume_successions(&api).await {
            tracing::warn!(%error, "successions of units that were broken off wait for the next start");
        }
        drop(api);
        let following = async {
            if let Some(mediation) = mediation {
                tell_stuck(&db).await?;
                follow(mediation, follower, clock.clone(), status, draining).await;
            }
            Ok::<(), StoreError>(())
        };
        let sweeping = async {
            sweeper.keep(closing.clone()).await;
            Ok(())
        };
        let counting = write_counts(&db, &counts, closing.clone());
        tokio::try_join!(following, sweeping, forget_requests(&db, &clock, closing.clone()), counting)?;
        db.checkpoint().await?;
        db.close().await;
        Ok(())
    }
}

/// Forgets old request ids every hour, until `closing`.
async fn forget_requests(db: &Db, clock: &Arc<dyn Clock>, closing: CancellationToken) -> Result<(), StoreError> {
    let mut hour = tokio::time::interval(Duration::from_secs(3600));
    loop {
        tokio::select! {
            () = closing.cancelled() => return Ok(()),
            _ = hour.tick() => {
                let mut tx = db.begin().await?;
                let forgotten = request::purge(&mut tx, Instant(clock.now().0 - REMEMBERED_US)).await?;
                tx.commit().await?;
                if forgotten > 0 {
                    tracing::info!(forgotten, "request ids forgotten");
                }
            }
        }
    }
}

/// Writes what was counted every minute, and at the end; what cannot be written now is written later.
async fn write_counts(db: &Db, counts: &Counts, closing: CancellationToken) -> Result<(), StoreError> {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    loop {
        tokio::select! {
            () = closing.cancelled() => return counts.flush(db).await,
            _ = minute.tick() => {
                if let Err(error) = counts.flush(db).await {
                    tracing::warn!(%error, "counts of look-ups wait to be written");
                }
            }
        }
    }
}

/// Says at the start how much of mediation's log has no place here.
async fn tell_stuck(db: &Db) -> Result<(), StoreError> {
    let stuck = store::stuck_count(db).await?;
    if stuck > 0 {
        tracing::warn!(stuck, "events of mediation have no place here; see the table stuck");
    }
    Ok(())
}
