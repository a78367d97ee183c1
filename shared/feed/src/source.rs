//! Where a log is followed: in this process or at an address. Both speak the same protocol through the same code; only the
//! transport differs.

use crate::{Feed, rights::role_of, serve::LARGEST_PAGE, status};
use fengqiao_model::{ActorId, Caller};
use fengqiao_proto::feed::v1::{FollowRequest, FollowResponse, feed_service_client::FeedServiceClient};
use fengqiao_service::{Problem, Secret, Settings, errors};
use std::{fmt, time::Duration};
use tonic::{
    Request, Status, Streaming,
    metadata::{Ascii, MetadataValue},
    service::interceptor::InterceptedService,
    transport::{Certificate, ClientTlsConfig, Endpoint},
};

const CONNECT: Duration = Duration::from_secs(5);
const KEEPALIVE: Duration = Duration::from_secs(10);

/// What may be under way, so that the next pages arrive while one is applied.
const STREAM_WINDOW: u32 = 2 * 1024 * 1024;
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;

/// Where a log is.
#[derive(Clone, Debug)]
pub enum Source {
    /// In this process: no socket, no identity to prove.
    InProcess(Feed),
    /// At an address.
    Remote(RemoteSource),
}

/// A feed server at an address.
#[derive(Clone)]
pub struct RemoteSource {
    /// Boxed, because it is by far the largest part of a source.
    endpoint: Box<Endpoint>,
    /// `authorization: Bearer …`.
    token: Option<MetadataValue<Ascii>>,
}

/// Why a remote source cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// Not an `http://` or `https://` address.
    #[error("the address of the feed is not usable")]
    Address(#[source] tonic::transport::Error),
    /// No scheme, or another than http and https.
    #[error("the address of the feed must begin with http:// or https://")]
    Scheme,
    /// Not a PEM certificate, or no usable certificates on this machine.
    #[error("tls cannot be set up for the feed")]
    Tls(#[source] tonic::transport::Error),
    /// Not a bearer token.
    #[error("the token has characters that a header cannot carry")]
    Token,
}

impl RemoteSource {
    /// The feed at `http://host:port` or `https://host:port` (checked with the machine's certificates). Connects to nothing
    /// yet.
    pub fn new(uri: &str) -> Result<Self, SourceError> {
        let endpoint = Endpoint::from_shared(uri.to_owned()).map_err(SourceError::Address)?;
        let endpoint = match endpoint.uri().scheme_str() {
            Some("http") => endpoint,
            Some("https") => endpoint.tls_config(ClientTlsConfig::new().with_native_roots()).map_err(SourceError::Tls)?,
            _ => return Err(SourceError::Scheme),
        };
        let endpoint = endpoint
            .connect_timeout(CONNECT)
            .tcp_keepalive(Some(KEEPALIVE))
            .http2_keep_alive_interval(KEEPALIVE)
            .keep_alive_timeout(KEEPALIVE)
            .keep_alive_while_idle(true)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW);
        Ok(Self { endpoint: Box::new(endpoint), token: None })
    }

    /// Proves who follows with a bearer token.
    pub fn with_token(mut self, token: &Secret) -> Result<Self, SourceError> {
        let mut value: MetadataValue<Ascii> = format!("Bearer {}", token.expose()).parse().map_err(|_| SourceError::Token)?;
        value.set_sensitive(true);
        self.token = Some(value);
        Ok(self)
    }

    /// Trusts this certificate (PEM) instead of the machine's; for `https://` only.
    pub fn with_ca(mut self, pem: &[u8]) -> Result<Self, SourceError> {
        let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem));
        *self.endpoint = self.endpoint.clone().tls_config(tls).map_err(SourceError::Tls)?;
        Ok(self)
    }
}

/// Without the token.
impl fmt::Debug for RemoteSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteSource").field("uri", self.endpoint.uri()).finish_non_exhaustive()
    }
}

/// Reads where a log is when it is not in this process: `name` is its address (such as `INTAKE_FEED`), `name_TOKEN` the bearer
/// token to follow it with.
pub fn feed_source(settings: &mut Settings<'_>, name: &str) -> Option<Source> {
    let url = settings.text(name);
    let token = settings.secret(&format!("{name}_TOKEN"));
    let source = RemoteSource::new(&url?).and_then(|source| match &token {
        Some(token) => source.with_token(token),
        None => Ok(source),
    });
    source.map(Source::Remote).map_err(|error| settings.report(Problem::new(name, error.to_string()))).ok()
}

impl Source {
    /// Opens a stream. The errors of the server, and UNAVAILABLE where none answers.
    pub(crate) async fn open(&self, request: FollowRequest) -> Result<Streaming<FollowResponse>, Status> {
        match self {
            Source::InProcess(feed) => {
                let caller = in_process_caller(&request.follower)?;
                let identified = InterceptedService::new(feed.service(), move |mut request: Request<()>| {
                    request.extensions_mut().insert(caller.clone());
                    Ok(request)
                });
                let mut client = FeedServiceClient::new(identified).max_decoding_message_size(LARGEST_PAGE);
                Ok(client.follow(request).await?.into_inner())
            }
            Source::Remote(remote) => {
                let channel = remote.endpoint.connect().await.map_err(|e| status::unreachable(&e))?;
                let mut client = FeedServiceClient::new(channel).max_decoding_message_size(LARGEST_PAGE);
                Ok(client.follow(remote.identified(request)?).await?.into_inner())
            }
        }
    }
}

impl RemoteSource {
    fn identified(&self, request: FollowRequest) -> Result<Request<FollowRequest>, Status> {
        let actor = request.follower.parse().map_err(|_| not_a_name())?;
        let role = role_of(&request.follower).name();
        let mut request = Request::new(request);
        let metadata = request.metadata_mut();
        // only development identity reads these two
        metadata.insert("x-fengqiao-actor", actor);
        metadata.insert("x-fengqiao-roles", MetadataValue::from_static(role));
        if let Some(token) = &self.token {
            metadata.insert("authorization", token.clone());
        }
        Ok(request)
    }
}

/// A service of this process is who it says it is.
fn in_process_caller(follower: &str) -> Result<Caller, Status> {
    Ok(Caller {
        id: follower.parse::<ActorId>().map_err(|_| not_a_name())?,
        unit: "in-process".parse().expect("a valid unit"),
        division: None,
        roles: vec![role_of(follower)],
    })
}

fn not_a_name() -> Status {
    errors::invalid([("follower", "must be a name of at most 64 ASCII letters, digits and . _ - @ :")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_tokens_never_shown() {
        for refused in ["", "localhost", "localhost:1", "ftp://localhost:1", "http://"] {
            RemoteSource::new(refused).expect_err(refused);
        }
        RemoteSource::new("https://feed.example:443").unwrap();
        let source = RemoteSource::new("http://127.0.0.1:1").unwrap();
        source.clone().with_token(&Secret::new("line\nbreak")).unwrap_err();
        let source = source.with_token(&Secret::new("hunter2")).unwrap();
        assert_eq!(format!("{source:?}"), r#"RemoteSource { uri: http://127.0.0.1:1/, .. }"#);
        let request = source.identified(FollowRequest { follower: "reporting".into(), ..Default::default() }).unwrap();
        assert_eq!(request.metadata().get("authorization").unwrap(), "Bearer hunter2");
        assert!(!format!("{request:?}").contains("hunter2"));
        assert_eq!(request.metadata().get("x-fengqiao-roles").unwrap(), "follower");
        let request = source.identified(FollowRequest { follower: "mediation".into(), ..Default::default() }).unwrap();
        assert_eq!(request.metadata().get("x-fengqiao-roles").unwrap(), "mediation");
    }
}
