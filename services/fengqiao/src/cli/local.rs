//! Flags of the commands that work in this process and call no server.

use super::Format;
use clap::{Args, ValueEnum};
use std::{net::SocketAddr, path::PathBuf};

/// Flags of `serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Directory of the databases and the master key; made when missing. Default: ./fengqiao-data.
    #[arg(long, value_name = "DIR", env = "FENGQIAO_DATA")]
    pub data: Option<PathBuf>,
    /// Where to listen; any address that others can reach needs --identity. Default: 127.0.0.1:7310.
    #[arg(long, value_name = "ADDR", env = "FENGQIAO_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// A TOML file of further settings; flags and variables go before it.
    #[arg(long, value_name = "FILE", env = "FENGQIAO_SETTINGS")]
    pub settings: Option<PathBuf>,
    /// Which services to run. Default: all.
    #[arg(long, value_enum, value_delimiter = ',', default_value = "intake,mediation,reporting", hide_default_value = true)]
    pub services: Vec<Service>,
    /// A PostgreSQL database, with a schema per service, in place of files in --data.
    #[arg(long, value_name = "URL", env = "FENGQIAO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Bring an older schema up to date; an empty database is always set up.
    #[arg(long)]
    pub migrate: bool,
    /// Where mediation and reporting follow intake, when intake is not in this process.
    #[arg(long, value_name = "URL", env = "FENGQIAO_INTAKE_FEED")]
    pub intake_feed: Option<String>,
    /// Where intake and reporting follow mediation, when mediation is not in this process.
    #[arg(long, value_name = "URL", env = "FENGQIAO_MEDIATION_FEED")]
    pub mediation_feed: Option<String>,
    /// File of the known bearer tokens and whom each stands for.
    #[arg(long, value_name = "FILE", env = "FENGQIAO_IDENTITY_TOKENS")]
    pub identity: Option<PathBuf>,
}

/// A service that `serve` can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// Petitions.
    Intake,
    /// Disputes and their cases.
    Mediation,
    /// Figures.
    Reporting,
}

impl Service {
    /// Its name in the line that says a server is ready.
    pub fn name(self) -> &'static str {
        match self {
            Service::Intake => "intake",
            Service::Mediation => "mediation",
            Service::Reporting => "reporting",
        }
    }
}

/// Flags of `demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Keep the county's server running afterwards, to be looked at with the other commands.
    #[arg(long)]
    pub serve: bool,
    /// Language of the narration.
    #[arg(long, value_enum, default_value_t = Language::Zh)]
    pub lang: Language,
}

/// A language people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// Flags of `verify`.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// Directory of the databases.
    #[arg(long, value_name = "DIR", env = "FENGQIAO_DATA", default_value = "./fengqiao-data")]
    pub data: PathBuf,
    /// A PostgreSQL database, in place of files in --data.
    #[arg(long, value_name = "URL", env = "FENGQIAO_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// Form of the answer, from the global flag.
    #[arg(skip)]
    pub format: Format,
}

/// Flags of `contract`.
#[derive(Clone, Debug, Args)]
pub struct ContractArgs {
    /// Directory to write into; made when missing.
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
}
