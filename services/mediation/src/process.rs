//! Mediation as part of a process: opened, following, closed; and as a process of its own.

use crate::{
    BookSettings, MIGRATIONS, MediationApi, PetitionFollower,
    api::Api,
    app::{Book, Reading, SimilarityKey},
    domain::Law,
};
use fengqiao_feed::{Feed, FollowStatus, Source, feed_source, follow};
use fengqiao_model::{Clock, IdSource, Instant};
use fengqiao_proto::mediation::v1::mediation_service_server::MediationServiceServer;
use fengqiao_service::{Lifecycle, Lookup, MAX_MESSAGE, PREFIX, Process, Server, Settings, StartError, ready};
use fengqiao_store::{Db, StoreError, Writer, WriterSettings, data_key, request};
use std::{net::SocketAddr, process::ExitCode, sync::Arc, time::Duration};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How long a request id is remembered: 90 days.
const REMEMBERED_US: i64 = 90 * 24 * 3600 * 1_000_000;

/// Address when none is set.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 7312);

/// Runs mediation as a process of its own, until it is told to stop: the service, the feed of its log, and, where `INTAKE_FEED` says
/// where intake is, following it.
pub async fn serve(lookup: &dyn Lookup, clock: Arc<dyn Clock>) -> Result<ExitCode, StartError> {
    let mut settings = Settings::new(lookup, PREFIX);
    let process = Process::read(&mut settings, LISTEN);
    let book = BookSettings::read(&mut settings);
    let intake = feed_source(&mut settings, "INTAKE_FEED");
    settings.finish()?;
    process.telemetry.start();
    let listener = process.listen().await?;
    let life = Lifecycle::new(process.server.grace);
    let opened = Mediation::open(&book, clock.clone(), life.draining()).await;
    let mediation = opened.map_err(StartError::when("the case book cannot be opened"))?;
    let (name, db) = mediation.log();
    let feed = Feed::new(clock, life.draining()).with_log(name, db);
    let server = Server::new(process.server, process.identity, fengqiao_proto::DESCRIPTOR, life.draining())
        .with(mediation.service())
        .with(feed.service());
    life.spawn("mediation book", mediation.keep(intake, life.closing()));
    ready(&listener, "mediation");
    let stop = life.stop();
    Ok(life.run_until_stopped(server.run(listener, stop)).await)
}

/// An opened case book and its service.
pub struct Mediation {
    db: Db,
    api: MediationApi,
    book: Book,
    draining: CancellationToken,
    status: watch::Sender<FollowStatus>,
}

impl Mediation {
    /// Opens the book: database, schema, key, writer. `draining` ends the streams.
    /// Errors: the database is not there, in use by another process, or of another schema; the key does not fit.
    pub async fn open(settings: &BookSettings, clock: Arc<dyn Clock>, draining: CancellationToken) -> Result<Self, StoreError> {
        let db = Db::open(&settings.location, "fengqiao-mediation").await?;
        db.migrate(&MIGRATIONS, settings.policy).await?;
        let master = Arc::new(settings.master()?);
        if !data_key::fits(&db, &master).await? {
            return Err(StoreError::Key("the master key is not the one this book was sealed with".to_owned()));
        }
        let similarity = Arc::new(SimilarityKey::of(&master));
        let book = Book {
            master: master.clone(),
            similarity: similarity.clone(),
            law: Arc::new(Law::shipped()),
            clock,
            ids: IdSource::default(),
            days_back: settings.days_back,
        };
        let (writer, _task) = Writer::spawn(db.clone(), book.clone(), WriterSettings::default());
        let reading = Reading { db: db.clone(), master, similarity };
        let api = MediationApi::new(Api { book: book.clone(), writer, reading, draining: draining.clone() });
        Ok(Self { db, api, book, draining, status: watch::Sender::new(FollowStatus::default()) })
    }

    /// The gRPC service.
    pub fn service(&self) -> MediationServiceServer<MediationApi> {
        MediationServiceServer::new(self.api.clone()).max_decoding_message_size(MAX_MESSAGE)
    }

    /// The log that followers read: its name and its database.
    pub fn log(&self) -> (&'static str, Db) {
        ("mediation", self.db.clone())
    }

    /// The follower of the petition log, for [`fengqiao_feed::follow`].
    pub fn follower(&self) -> PetitionFollower {
        PetitionFollower::new(self.db.clone(), self.book.clone())
    }

    /// Where [`fengqiao_feed::follow`] tells how far it is.
    pub fn status_sender(&self) -> watch::Sender<FollowStatus> {
        self.status.clone()
    }

    /// How far the follower of the petition log is, for whoever waits for it in this process.
    pub fn status(&self) -> watch::Receiver<FollowStatus> {
        self.status.subscribe()
    }

    /// Follows intake, where it is, until the streams end, and forgets old request ids every hour, until `closing`; then leaves the
    /// database as a restart wants it. Following that cannot go on leaves the book open, and says so in the log.
    pub async fn keep(self, intake: Option<Source>, closing: CancellationToken) -> Result<(), StoreError> {
        let follower = self.follower();
        let Self { db, api, book: Book { clock, .. }, draining, status } = self;
        drop(api);
        let following = async {
            if let Some(intake) = intake {
                follow(intake, follower, clock.clone(), status, draining).await;
            }
            Ok::<(), StoreError>(())
        };
        tokio::try_join!(following, forget_requests(&db, &clock, closing))?;
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
