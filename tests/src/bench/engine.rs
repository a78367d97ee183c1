//! The engine a bench runs on. PostgreSQL is a server that is named, or one started for the run and durable, unlike that of the tests.

use clap::ValueEnum;
use fengqiao_store::Engine;
use fengqiao_testkit::{cluster::Cluster, database::URL_VARIABLE};
use std::process::{Command, ExitCode};

/// As it is named on the command line.
#[derive(Clone, Copy, ValueEnum)]
pub enum EngineName {
    Sqlite,
    Postgres,
}

impl EngineName {
    /// The engine of this name.
    pub fn engine(self) -> Engine {
        match self {
            EngineName::Sqlite => Engine::Sqlite,
            EngineName::Postgres => Engine::Postgres,
        }
    }

    /// Where PostgreSQL is asked for and none is named: runs this program again with a throw-away server, and tells how it ended.
    pub fn elsewhere(self) -> Option<ExitCode> {
        let here = matches!(self, EngineName::Sqlite) || std::env::var_os(URL_VARIABLE).is_some();
        (!here).then(with_a_server)
    }
}

fn with_a_server() -> ExitCode {
    let cluster = match Cluster::start(true) {
        Ok(cluster) => cluster,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let this = std::env::current_exe().expect("a program knows its own path");
    let status = Command::new(this).args(std::env::args_os().skip(1)).env(URL_VARIABLE, cluster.url()).status();
    if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
