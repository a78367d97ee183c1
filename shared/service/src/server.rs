//! A gRPC server around any services: health, reflection, grpc-web, limits, identity, and an orderly end. It knows
//! transports; it refuses to know the services beyond their names.

mod settings;
mod socket;

pub use settings::{Limits, Origins, ServerSettings, Tls};

use crate::{
    Identity, Problem,
    call::{Around, CallIds, CallLayer, REQUEST_ID},
};
use http::{HeaderName, Method, Request, Response};
use ring::rand::{SecureRandom, SystemRandom};
use std::{
    convert::Infallible,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    body::Body,
    server::NamedService,
    service::Routes,
    transport::{self, ServerTlsConfig},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tonic_web::GrpcWebLayer;
use tower::Service;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use tracing::{info, warn};

/// The longest message a service takes, 4 MiB. tonic keeps this limit per service: say
/// `.max_decoding_message_size(MAX_MESSAGE)` on each.
pub const MAX_MESSAGE: usize = 4 * 1024 * 1024;

/// Once no call is open, connections get this long to send their last bytes and say goodbye.
const GOODBYE: Duration = Duration::from_millis(250);

/// How long handlers that were cut may take to notice.
const CUT: Duration = Duration::from_millis(200);

/// Why a server did not start, or ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Development identity on an open address.
    #[error("{0}")]
    Identity(Problem),
    /// The listener has no address.
    #[error("the listener has no address")]
    Address(#[source] std::io::Error),
    /// A certificate or key cannot be read.
    #[error("{path} cannot be read")]
    Tls {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The descriptor bytes are not a descriptor set.
    #[error("the reflection descriptor is broken")]
    Descriptor(#[source] tonic_reflection::server::Error),
    /// tonic gave up.
    #[error("the server failed")]
    Transport(#[source] transport::Error),
    /// The server ended although nobody asked it to.
    #[error("the server ended by itself")]
    Ended,
}

/// A server and what it serves.
pub struct Server {
    settings: ServerSettings,
    identity: Identity,
    descriptor: &'static [u8],
    routes: Routes,
    names: Vec<&'static str>,
    health: HealthReporter,
    /// Cancelled by `run` once health says NOT_SERVING.
    draining: CancellationToken,
}

impl Server {
    /// A server without services. `descriptor` is the encoded file descriptor set of the contract; `draining` is the token
    /// that the streams of the services watch: it is cancelled when they are to end with
    /// [`errors::draining`](crate::errors::draining).
    pub fn new(settings: ServerSettings, identity: Identity, descriptor: &'static [u8], draining: CancellationToken) -> Self {
        Self {
            settings,
            identity,
            descriptor,
            routes: Routes::default(),
            names: Vec::new(),
            health: HealthReporter::new(),
            draining,
        }
    }

    /// Adds a service, as tonic generates it: `.with(IntakeServiceServer::new(api).max_decoding_message_size(MAX_MESSAGE))`.
    /// Its health is SERVING from the moment `run` begins.
    pub fn with<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
        S::Future: Send + 'static,
    {
        self.names.push(S::NAME);
        self.routes = self.routes.add_service(service);
        self
    }

    /// Tells the health of single services while the server runs.
    pub fn health(&self) -> HealthReporter {
        self.health.clone()
    }

    /// The names of the services.
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// Serves until `stop` is cancelled, and then returns within the grace: health says NOT_SERVING, streams are told to
    /// end, running calls finish, and what is left is cut. Sockets without a call do not hold it up: a load balancer's
    /// probe that says nothing would otherwise hold every stop for the whole grace.
    pub async fn run(self, listener: TcpListener, stop: CancellationToken) -> Result<(), ServerError> {
        let listen = listener.local_addr().map_err(ServerError::Address)?;
        self.identity.check(listen).map_err(ServerError::Identity)?;
        let (calls, cut) = (TaskTracker::new(), CancellationToken::new());
        // also when this future is dropped: no connection outlives its server
        let _cut_at_the_end = cut.clone().drop_guard();
        let shut = CancellationToken::new();

        set_health(&self.health, &self.names, ServingStatus::Serving).await;
        let builder = transport(&self.settings).await?;
        let routes = with_standard_services(self.routes, &self.names, &self.health, &self.settings, self.descriptor)?;
        let limits = &self.settings.limits;
        let around = Arc::new(Around {
            identity: self.identity,
            admission: Semaphore::new(limits.calls),
            deadline: limits.call_timeout,
            origins: self.settings.origins.clone(),
            proxies: self.settings.proxies.clone(),
            draining: self.draining.clone(),
            calls: calls.clone(),
            ids: CallIds::new(&random_prefix()),
        });
        let serving = builder
            .layer(cors(&self.settings.origins))
            .layer(GrpcWebLayer::new())
            .layer(CallLayer(around))
            .add_routes(routes)
            .serve_with_incoming_shutdown(
                socket::accept(listener, limits.connections, cut.clone()),
                shut.clone().cancelled_owned(),
            );
        let mut serving = pin!(serving);
        info!(%listen, services = self.names.join(","), "serving");
        tokio::select! {
            result = &mut serving => return result.map_err(ServerError::Transport).and(Err(ServerError::Ended)),
            () = stop.cancelled() => {}
        }

        set_health(&self.health, &self.names, ServingStatus::NotServing).await;
        self.draining.cancel();
        shut.cancel();
        info!(calls = calls.len(), "draining");
        tokio::select! {
            result = &mut serving => result.map_err(ServerError::Transport)?,
            () = no_call_open(&calls) => {}
            () = tokio::time::sleep(self.settings.grace) => warn!(calls = calls.len(), "grace is over, calls are cut"),
        }
        cut.cancel();
        calls.close();
        // cut handlers are dropped by their connections' tasks; nothing of them may run when this returns
        let _ = tokio::time::timeout(CUT, calls.wait()).await;
        Ok(())
    }
}

async fn no_call_open(calls: &TaskTracker) {
    loop {
        calls.close();
        calls.wait().await;
        tokio::time::sleep(GOODBYE).await;
        // a call may have begun on a connection that had not heard of the end yet
        if calls.is_empty() {
            return;
        }
    }
}

async fn set_health(health: &HealthReporter, names: &[&'static str], status: ServingStatus) {
    for name in names.iter().copied().chain([""]) {
        health.set_service_status(name, status).await;
    }
}

async fn transport(settings: &ServerSettings) -> Result<transport::Server, ServerError> {
    let limits = &settings.limits;
    let mut builder = transport::Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(limits.streams_per_connection)
        .initial_stream_window_size(1024 * 1024)
        .initial_connection_window_size(4 * 1024 * 1024)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .http2_keepalive_timeout(Some(Duration::from_secs(20)));
    if let Some(age) = limits.connection_age {
        // without `max_connection_age_grace`: with it, tonic 0.14.9 cuts old connections and never asks them to leave
        builder = builder.max_connection_age(age);
    }
    if let Some(tls) = &settings.tls {
        let identity = transport::Identity::from_pem(read(&tls.certificate).await?, read(&tls.key).await?);
        builder = builder.tls_config(ServerTlsConfig::new().identity(identity)).map_err(ServerError::Transport)?;
    }
    Ok(builder)
}

async fn read(path: &Path) -> Result<Vec<u8>, ServerError> {
    tokio::fs::read(path).await.map_err(|source| ServerError::Tls { path: path.to_owned(), source })
}

/// Reflection in both versions: clients as old as Python's grpcio-reflection ask for v1alpha only. It names the services
/// that are served here, not all of the contract.
fn with_standard_services(
    routes: Routes,
    names: &[&'static str],
    health: &HealthReporter,
    settings: &ServerSettings,
    descriptor: &'static [u8],
) -> Result<Routes, ServerError> {
    let service = tonic_health::server::HealthService::from_health_reporter(health.clone());
    let mut routes = routes.add_service(tonic_health::pb::health_server::HealthServer::new(service));
    if settings.reflection {
        let builder = || {
            let builder = tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(descriptor)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET);
            names.iter().chain(&["grpc.health.v1.Health"]).fold(builder, |builder, name| builder.with_service_name(*name))
        };
        routes = routes
            .add_service(builder().build_v1().map_err(ServerError::Descriptor)?)
            .add_service(builder().build_v1alpha().map_err(ServerError::Descriptor)?);
    }
    Ok(routes)
}

fn cors(origins: &Origins) -> CorsLayer {
    let allowed = origins.clone();
    let exposed = ["grpc-status", "grpc-message", "grpc-status-details-bin", REQUEST_ID].map(HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| allowed.allow(origin)))
        .allow_methods([Method::POST])
        // mirrored, because `*` does not cover `authorization`
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed)
        .max_age(Duration::from_secs(3600))
}

/// Tells the call ids of one process from those of the next.
fn random_prefix() -> [u8; 6] {
    let mut prefix = [0; 6];
    SystemRandom::new().fill(&mut prefix).expect("the operating system's random source works");
    prefix
}
