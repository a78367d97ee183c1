//! What every process reads and does at its start, so that the services' `serve` functions read alike.

use crate::{
    Environment, File, Identity, Layered, Lookup as _, Map, ServerSettings, Settings, SettingsError, StartError, Telemetry,
};
use std::{net::SocketAddr, path::Path};
use tokio::net::TcpListener;

/// Prefix of every environment variable of the product.
pub const PREFIX: &str = "FENGQIAO_";

/// Names the file of further settings.
const FILE: &str = "SETTINGS";

/// Variables that only client commands read; a server may meet them in the same shell.
const CLIENT: [&str; 8] = ["SERVER", "CA_FILE", "TOKEN", "TOKEN_FILE", "ACTOR", "ACTOR_UNIT", "ACTOR_DIVISION", "ACTOR_ROLES"];

/// Where settings come from: flags, then the environment, then the TOML file that `FENGQIAO_SETTINGS` names in either.
pub fn sources(flags: Map) -> Result<Layered, SettingsError> {
    let sources = Layered::new().then(flags).then(Environment);
    match sources.get(&format!("{PREFIX}{FILE}")) {
        Some(path) => Ok(sources.then(File::read(Path::new(&path), PREFIX)?)),
        None => Ok(sources),
    }
}

/// The settings that all processes share.
#[derive(Debug)]
pub struct Process {
    /// The server's limits, address and certificates.
    pub server: ServerSettings,
    /// Who may call.
    pub identity: Identity,
    /// Where log lines go.
    pub telemetry: Telemetry,
}

impl Process {
    /// Reads them; `listen` is the address when none is set.
    pub fn read(settings: &mut Settings<'_>, listen: SocketAddr) -> Self {
        settings.allow(FILE);
        for name in CLIENT {
            settings.allow(name);
        }
        let server = ServerSettings::read(settings, listen);
        let identity = Identity::read(settings);
        if let Err(problem) = identity.check(server.listen) {
            settings.report(problem);
        }
        Self { server, identity, telemetry: Telemetry::read(settings) }
    }

    /// Binds the address.
    pub async fn listen(&self) -> Result<TcpListener, StartError> {
        let address = self.server.listen;
        TcpListener::bind(address).await.map_err(StartError::when(format!("cannot listen on {address}")))
    }
}

/// Prints the one line that says a server is ready: its address and what it serves.
pub fn ready(listener: &TcpListener, services: &str) {
    if let Ok(address) = listener.local_addr() {
        println!("fengqiao is ready on http://{address} ({services})");
    }
}
