//! A service for tests, and a server around it. Its messages are those of the health service, so nothing is generated; what
//! a handler does is told by the `service` field of the request.

use fengqiao_service::{Identity, MAX_MESSAGE, Server, ServerError, ServerSettings, call_id, caller, peer, permitted};
use http::{Request, Response};
use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle};
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Status, body::Body, server::NamedService, transport::Channel};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse, health_server::Health, health_server::HealthServer};
use tower::Service;

pub const NAME: &str = "test.v1.Probe";

/// The service under its own name.
#[derive(Clone)]
pub struct Probe(HealthServer<Handlers>);

impl NamedService for Probe {
    const NAME: &'static str = NAME;
}

impl Service<Request<Body>> for Probe {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request<Body>>::poll_ready(&mut self.0, context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        *request.uri_mut() = request.uri().path().replace(NAME, "grpc.health.v1.Health").parse().unwrap();
        self.0.call(request)
    }
}

pub struct Handlers {
    draining: CancellationToken,
    /// Told when a handler that waits has begun.
    begun: mpsc::UnboundedSender<()>,
    /// Cancelled when a handler that waits is dropped.
    dropped: CancellationToken,
}

struct Waiting(#[expect(dead_code, reason = "held to be dropped")] DropGuard);

impl Handlers {
    fn wait(&self) -> Waiting {
        self.begun.send(()).unwrap();
        Waiting(self.dropped.clone().drop_guard())
    }
}

#[tonic::async_trait]
impl Health for Handlers {
    async fn check(&self, request: tonic::Request<HealthCheckRequest>) -> Result<tonic::Response<HealthCheckResponse>, Status> {
        match request.get_ref().service.as_str() {
            "panic" => panic!("a bug"),
            "bare" => return Err(Status::internal("table petitions has no such column")),
            "wait" => {
                let _waiting = self.wait();
                std::future::pending::<()>().await;
            }
            "write" => _ = permitted(&request, fengqiao_model::Permission::WritePetitions)?,
            _ => {}
        }
        let caller = caller(&request)?;
        let who = format!("{} {:?} {:?}", caller.id, caller.division.map(|code| code.to_string()), caller.roles);
        let mut response = tonic::Response::new(HealthCheckResponse { status: 1 });
        response.metadata_mut().insert("who", who.parse().unwrap());
        let from = peer(&request).map(|address| address.to_string()).unwrap_or_default();
        response.metadata_mut().insert("from", from.parse().unwrap());
        response.metadata_mut().insert("call", call_id(&request).parse().unwrap());
        Ok(response)
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn watch(&self, request: tonic::Request<HealthCheckRequest>) -> Result<tonic::Response<Self::WatchStream>, Status> {
        let first = tokio_stream::once(Ok(HealthCheckResponse { status: 1 }));
        let waiting = self.wait();
        let draining = self.draining.clone();
        let what = request.into_inner().service;
        let rest = futures_util::stream::once(async move {
            match what.as_str() {
                "panic" => panic!("a bug"),
                "bare" => return Err(Status::internal("failed to decode Protobuf message: Party.name: not UTF-8")),
                "deaf" => {
                    let _waiting = waiting;
                    std::future::pending().await
                }
                _ => draining.cancelled().await,
            }
            Err(fengqiao_service::errors::draining())
        });
        Ok(tonic::Response::new(Box::pin(first.chain(rest))))
    }
}

/// A running server.
pub struct Running {
    pub address: SocketAddr,
    pub stop: CancellationToken,
    pub begun: mpsc::UnboundedReceiver<()>,
    pub dropped: CancellationToken,
    pub ended: JoinHandle<Result<(), ServerError>>,
}

pub async fn start() -> Running {
    start_with(Identity::development(), |_| {}).await
}

pub async fn start_with(identity: Identity, change: impl FnOnce(&mut ServerSettings)) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut settings = ServerSettings::new(address);
    change(&mut settings);
    let (stop, draining, dropped) = (CancellationToken::new(), CancellationToken::new(), CancellationToken::new());
    let (sender, begun) = mpsc::unbounded_channel();
    let handlers = Handlers { draining: draining.clone(), begun: sender, dropped: dropped.clone() };
    let server = Server::new(settings, identity, tonic_health::pb::FILE_DESCRIPTOR_SET, draining)
        .with(Probe(HealthServer::new(handlers).max_decoding_message_size(MAX_MESSAGE)));
    let ended = tokio::spawn(server.run(listener, stop.clone()));
    Running { address, stop, begun, dropped, ended }
}

impl Running {
    pub async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    /// Asks the server to stop and waits for it; how long it took.
    pub async fn stopped(self) -> std::time::Duration {
        let began = std::time::Instant::now();
        self.stop.cancel();
        let ended = tokio::time::timeout(std::time::Duration::from_secs(30), self.ended).await;
        ended.expect("the server stops").unwrap().unwrap();
        began.elapsed()
    }
}

pub fn request(what: &str) -> tonic::Request<HealthCheckRequest> {
    tonic::Request::new(HealthCheckRequest { service: what.to_owned() })
}

pub async fn check(
    channel: &Channel,
    request: tonic::Request<HealthCheckRequest>,
) -> Result<tonic::Response<HealthCheckResponse>, Status> {
    let mut grpc = tonic::client::Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let path = "/test.v1.Probe/Check".parse().unwrap();
    grpc.unary(request, path, tonic_prost::ProstCodec::<HealthCheckRequest, HealthCheckResponse>::default()).await
}

pub async fn watch(channel: &Channel, what: &str) -> Result<tonic::Streaming<HealthCheckResponse>, Status> {
    let mut grpc = tonic::client::Grpc::new(channel.clone());
    grpc.ready().await.unwrap();
    let path = "/test.v1.Probe/Watch".parse().unwrap();
    let codec = tonic_prost::ProstCodec::<HealthCheckRequest, HealthCheckResponse>::default();
    Ok(grpc.server_streaming(request(what), path, codec).await?.into_inner())
}
