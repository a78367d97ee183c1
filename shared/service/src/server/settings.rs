//! Where a server listens and what it allows. It knows names, ranges and defaults; the reasons stand at the fields.

use crate::{Problem, Proxies, Settings};
use http::HeaderValue;
use std::{net::SocketAddr, path::PathBuf, time::Duration};

/// The settings of a server.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// `LISTEN`: address and port.
    pub listen: SocketAddr,
    /// `GRACE`: how long a stop waits for running calls.
    pub grace: Duration,
    /// What a server allows.
    pub limits: Limits,
    /// `CORS_ORIGINS`: browser pages that may call over grpc-web.
    pub origins: Origins,
    /// `REFLECTION`: whether tools may ask for the contract.
    pub reflection: bool,
    /// `TLS_CERTIFICATE` and `TLS_KEY`.
    pub tls: Option<Tls>,
    /// `TRUSTED_PROXIES`: whose `x-forwarded-for` is believed.
    pub proxies: Proxies,
}

/// What a server allows, so that no client can grow its memory without bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// `CALLS`: calls whose handlers run at the same time; one more is refused with RESOURCE_EXHAUSTED and a retry delay.
    pub calls: usize,
    /// `CALL_TIMEOUT`: how long a handler may take to its (first) answer; then DEADLINE_EXCEEDED.
    pub call_timeout: Duration,
    /// `CONNECTIONS`: open connections; more wait in the system's queue. Keep it below the limit of open files.
    pub connections: usize,
    /// Calls at the same time on one connection; fixed.
    pub streams_per_connection: u32,
    /// `CONNECTION_AGE`: a connection of this age is asked to reconnect, so that clients spread over restarted servers.
    pub connection_age: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            calls: 1024,
            call_timeout: Duration::from_secs(30),
            connections: 900,
            streams_per_connection: 1024,
            connection_age: None,
        }
    }
}

/// Certificate chain and private key, both PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Browser pages that may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Pages from this machine (`http://localhost:5173`). The default on loopback: with `Any`, each page that a clerk opens
    /// could read the whole book through the clerk's own browser.
    Local,
    /// These.
    Listed(Vec<HeaderValue>),
    /// Any page: `*`.
    Any,
}

impl Origins {
    /// Whether pages of this origin may call.
    pub(crate) fn allow(&self, origin: &HeaderValue) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(origins) => origins.contains(origin),
            Self::Local => origin.to_str().is_ok_and(is_local),
        }
    }
}

fn is_local(origin: &str) -> bool {
    let Ok(uri) = origin.parse::<http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl ServerSettings {
    /// The defaults on this address.
    pub fn new(listen: SocketAddr) -> Self {
        let loopback = listen.ip().to_canonical().is_loopback();
        Self {
            listen,
            grace: Duration::from_secs(10),
            limits: Limits::default(),
            origins: if loopback { Origins::Local } else { Origins::Listed(Vec::new()) },
            reflection: true,
            tls: None,
            proxies: Proxies::default(),
        }
    }

    /// Reads the settings; `listen` is the address where none is set.
    pub fn read(settings: &mut Settings<'_>, listen: SocketAddr) -> Self {
        let (second, day) = (Duration::from_secs(1), Duration::from_secs(86_400));
        let mut read = Self::new(settings.address("LISTEN", listen));
        read.grace = settings.duration("GRACE", Duration::ZERO..=second * 3600, read.grace);
        let limits = &mut read.limits;
        limits.calls = settings.number("CALLS", 1..=1_000_000, limits.calls);
        limits.call_timeout = settings.duration("CALL_TIMEOUT", second..=second * 3600, limits.call_timeout);
        limits.connections = settings.number("CONNECTIONS", 1..=1_000_000, limits.connections);
        limits.connection_age = settings.optional_duration("CONNECTION_AGE", second * 10..=day * 30);
        read.proxies = Proxies::read(settings);
        read.reflection = settings.flag("REFLECTION", read.reflection);
        if let Some(origins) = settings.list("CORS_ORIGINS") {
            read.origins = listed(settings, &origins).unwrap_or(read.origins);
        }
        read.tls = match (settings.path("TLS_CERTIFICATE"), settings.path("TLS_KEY")) {
            (Some(certificate), Some(key)) => Some(Tls { certificate, key }),
            (None, None) => None,
            (certificate, _) => {
                let missing = if certificate.is_some() { "TLS_KEY" } else { "TLS_CERTIFICATE" };
                settings.report(Problem::new(missing, "must be set as well, certificate and key go together"));
                None
            }
        };
        read
    }
}

fn listed(settings: &mut Settings<'_>, origins: &[String]) -> Option<Origins> {
    if origins == ["*"] {
        return Some(Origins::Any);
    }
    let mut values = Vec::new();
    for origin in origins {
        let fits = origin.split_once("://").is_some_and(|(_, host)| !host.is_empty() && !host.contains('/') && host != "*");
        match HeaderValue::from_str(origin) {
            Ok(value) if fits => values.push(value),
            _ => {
                let problem = format!("must list origins such as https://desk.example, or be *, not {origin:?}");
                settings.report(Problem::new("CORS_ORIGINS", problem));
                return None;
            }
        }
    }
    Some(Origins::Listed(values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    fn loopback() -> SocketAddr {
        "127.0.0.1:50051".parse().unwrap()
    }

    #[test]
    fn settings_are_read() {
        let map = Map::from([
            ("F_LISTEN", "0.0.0.0:1"),
            ("F_GRACE", "3s"),
            ("F_CALLS", "7"),
            ("F_CONNECTION_AGE", "10m"),
            ("F_CORS_ORIGINS", "https://desk.example, http://10.0.0.1:8080"),
        ]);
        let mut settings = Settings::new(&map, "F_");
        let read = ServerSettings::read(&mut settings, loopback());
        settings.finish().unwrap();
        assert_eq!((read.grace, read.limits.calls), (Duration::from_secs(3), 7));
        assert_eq!(read.limits.connection_age, Some(Duration::from_secs(600)));
        assert!(read.origins.allow(&HeaderValue::from_static("https://desk.example")));
        assert!(!read.origins.allow(&HeaderValue::from_static("http://localhost")));
    }

    #[test]
    fn wrong_settings_are_told() {
        let map = Map::from([("F_TLS_KEY", "/key"), ("F_CORS_ORIGINS", "desk.example"), ("F_CALLS", "0")]);
        let mut settings = Settings::new(&map, "F_");
        ServerSettings::read(&mut settings, loopback());
        let names: Vec<String> = settings.finish().unwrap_err().0.into_iter().map(|problem| problem.name).collect();
        assert_eq!(names, ["F_CALLS", "F_CORS_ORIGINS", "F_TLS_CERTIFICATE"]);
    }

    #[test]
    fn on_loopback_only_local_pages_may_call() {
        let origins = ServerSettings::new(loopback()).origins;
        for local in ["http://localhost:5173", "http://127.0.0.1", "https://[::1]:8443"] {
            assert!(origins.allow(&HeaderValue::from_static(local)), "{local}");
        }
        for foreign in ["https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "null"] {
            assert!(!origins.allow(&HeaderValue::from_static(foreign)), "{foreign}");
        }
        let open = ServerSettings::new("0.0.0.0:1".parse().unwrap()).origins;
        assert!(!open.allow(&HeaderValue::from_static("http://localhost")));
    }
}
