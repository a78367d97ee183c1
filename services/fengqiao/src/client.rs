//! How a server is reached, and as whom: channels that connect on first use, and the caller's metadata on every call.

use crate::cli::{ConnectionArgs, Servers};
use anyhow::Context as _;
use fengqiao_proto::{
    intake::v1::intake_service_client::IntakeServiceClient, mediation::v1::mediation_service_client::MediationServiceClient,
    reporting::v1::reporting_service_client::ReportingServiceClient,
};
use fengqiao_service::Secret;
use std::time::Duration;
use tonic::{
    Code, Request, Status,
    metadata::{AsciiMetadataKey, AsciiMetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint},
};

/// Largest message either way.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;
/// A report grows with the number of units and bodies.
const LARGEST_REPORT: usize = 64 * 1024 * 1024;

/// The intake service.
pub type Intake = IntakeServiceClient<InterceptedService<Channel, Identity>>;
/// The mediation service.
pub type Mediation = MediationServiceClient<InterceptedService<Channel, Identity>>;
/// The reporting service.
pub type Reporting = ReportingServiceClient<InterceptedService<Channel, Identity>>;

/// Makes clients of the services.
#[derive(Clone, Debug)]
pub struct Client {
    servers: Servers,
    identity: Identity,
    authority: Option<Certificate>,
}

impl Client {
    /// Reads token and certificate files; nothing is connected yet.
    pub fn new(args: &ConnectionArgs) -> anyhow::Result<Self> {
        let authority = match &args.ca_file {
            Some(path) => {
                Some(Certificate::from_pem(std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?))
            }
            None => None,
        };
        Ok(Self { servers: args.server.clone(), identity: Identity::new(args, token(args)?.as_ref())?, authority })
    }

    /// Where the services are.
    pub fn servers(&self) -> &Servers {
        &self.servers
    }

    /// The intake service.
    pub fn intake(&self) -> anyhow::Result<Intake> {
        let channel = self.channel("intake", self.servers.intake.as_deref())?;
        let client = IntakeServiceClient::with_interceptor(channel, self.identity.clone());
        Ok(client.max_decoding_message_size(MAX_MESSAGE).max_encoding_message_size(MAX_MESSAGE))
    }

    /// The mediation service.
    pub fn mediation(&self) -> anyhow::Result<Mediation> {
        let channel = self.channel("mediation", self.servers.mediation.as_deref())?;
        let client = MediationServiceClient::with_interceptor(channel, self.identity.clone());
        Ok(client.max_decoding_message_size(MAX_MESSAGE).max_encoding_message_size(MAX_MESSAGE))
    }

    /// The reporting service.
    pub fn reporting(&self) -> anyhow::Result<Reporting> {
        let channel = self.channel("reporting", self.servers.reporting.as_deref())?;
        let client = ReportingServiceClient::with_interceptor(channel, self.identity.clone());
        Ok(client.max_decoding_message_size(LARGEST_REPORT).max_encoding_message_size(MAX_MESSAGE))
    }

    fn channel(&self, name: &str, url: Option<&str>) -> anyhow::Result<Channel> {
        let url =
            url.ok_or_else(|| crate::failure::Usage(format!("--server names no address for {name}: add {name}=http://…")))?;
        let mut endpoint = Endpoint::from_shared(url.to_owned())?
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .tcp_keepalive(Some(Duration::from_secs(30)))
            .http2_keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(20))
            .initial_stream_window_size(1024 * 1024)
            .initial_connection_window_size(4 * 1024 * 1024)
            .user_agent(concat!("fengqiao/", env!("CARGO_PKG_VERSION")))?;
        if url.starts_with("https://") {
            let tls = ClientTlsConfig::new();
            let tls = match &self.authority {
                Some(authority) => tls.ca_certificate(authority.clone()),
                None => tls.with_native_roots(),
            };
            endpoint = endpoint.tls_config(tls)?;
        }
        Ok(endpoint.connect_lazy())
    }
}

fn token(args: &ConnectionArgs) -> anyhow::Result<Option<Secret>> {
    let text = match &args.token_file {
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("cannot read the token file {}", path.display()))?,
        None => std::env::var("FENGQIAO_TOKEN").unwrap_or_default(),
    };
    let text = text.trim();
    Ok((!text.is_empty()).then(|| Secret::new(text)))
}

/// Puts the caller's metadata on every call.
#[derive(Clone, Debug, Default)]
pub struct Identity(Vec<(AsciiMetadataKey, AsciiMetadataValue)>);

impl Identity {
    fn new(args: &ConnectionArgs, token: Option<&Secret>) -> anyhow::Result<Self> {
        let roles: Vec<_> = args.actor_roles.iter().map(|role| role.name()).collect();
        let said = [
            ("x-fengqiao-actor", args.actor.as_ref().map(ToString::to_string)),
            ("x-fengqiao-unit", args.actor_unit.as_ref().map(|unit| percent_encoded(unit.as_str()))),
            ("x-fengqiao-division", args.actor_division.as_ref().map(ToString::to_string)),
            ("x-fengqiao-roles", (!roles.is_empty()).then(|| roles.join(","))),
        ];
        let mut metadata = Vec::new();
        for (key, value) in said {
            if let Some(value) = value {
                metadata.push((AsciiMetadataKey::from_static(key), value.parse()?));
            }
        }
        if let Some(token) = token {
            let mut value: AsciiMetadataValue =
                format!("Bearer {}", token.expose()).parse().context("the token must be one line of plain characters")?;
            value.set_sensitive(true);
            metadata.push((AsciiMetadataKey::from_static("authorization"), value));
        }
        Ok(Self(metadata))
    }
}

impl Interceptor for Identity {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        for (key, value) in &self.0 {
            request.metadata_mut().insert(key.clone(), value.clone());
        }
        Ok(request)
    }
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if byte != b'%' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Whether the call did not reach a server that could answer: repeating it later may help.
pub fn unreachable(status: &Status) -> bool {
    // A status that a server sent has no source; one that the transport made has.
    let broken = std::error::Error::source(status).is_some();
    status.code() == Code::Unavailable || (broken && matches!(status.code(), Code::Unknown | Code::Internal | Code::Cancelled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser as _;

    #[test]
    fn who_calls_is_said_in_ascii() {
        let line = "fengqiao freshness --actor li.si --actor-unit 信访局 --actor-division 320831 --actor-roles clerk,head";
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        let mut identity = Identity::new(&cli.connection, Some(&Secret::new("t0ken"))).unwrap();
        let request = identity.call(Request::new(())).unwrap();
        let said = |key: &str| request.metadata().get(key).unwrap().to_str().unwrap().to_owned();
        assert_eq!(said("x-fengqiao-actor"), "li.si");
        assert_eq!(said("x-fengqiao-unit"), "%E4%BF%A1%E8%AE%BF%E5%B1%80");
        assert_eq!(said("x-fengqiao-division"), "320831");
        assert_eq!(said("x-fengqiao-roles"), "clerk,head");
        assert_eq!(said("authorization"), "Bearer t0ken");
        assert!(!format!("{identity:?}").contains("t0ken"));
        assert_eq!(percent_encoded("100% 一"), "100%25%20%E4%B8%80");
    }

    #[test]
    fn a_servers_own_words_are_not_a_broken_line() {
        assert!(unreachable(&Status::unavailable("draining")));
        assert!(!unreachable(&Status::internal("internal error in request 1")));
        let broken = Status::from_error(Box::new(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
        assert!(unreachable(&broken), "{broken:?}");
    }
}
