//! The one binary, as a library: the services in one process, and the command line that talks to them.
//!
//! | File | Knows |
//! |---|---|
//! | `cli.rs` | what can be typed |
//! | `client.rs` | how a server is reached, and as whom |
//! | `failure.rs` | how an error is shown, and with which code the process ends |
//! | `json.rs` | messages of the contract as JSON and back |
//! | `output.rs`, `table.rs` | standard output; aligned columns |
//! | `request.rs`, `listing.rs` | what every write says of itself; a list page by page |
//! | `words.rs` | what mediation calls by codes, in Chinese |
//! | `import.rs` | a ledger file, read and sent |
//! | `petition.rs`, `unit.rs` | every call about a petition, a unit |
//! | `case.rs`, `body.rs`, `dispute.rs` | every call about a case, a body, a dispute |
//! | `report.rs` | the figures |
//! | `due.rs` | what is due on a day; holiday notices and what they moved |
//! | `rules.rs`, `conduct.rs`, `contract.rs` | the rules in force; the rules of conduct; the contract as files |
//! | `serve.rs`, `demo.rs`, `verify.rs` | the services in this process, the played year, the check off line |
//!
//! Exit codes: 0 done, 1 refused or different, 2 usage, 69 server not reachable.

pub mod body;
pub mod case;
pub mod cli;
pub mod client;
pub mod conduct;
pub mod contract;
pub mod demo;
pub mod dispute;
pub mod due;
pub mod failure;
pub mod house;
pub mod import;
pub mod json;
mod listing;
pub mod output;
pub mod petition;
pub mod report;
mod request;
pub mod rules;
pub mod serve;
pub mod table;
pub mod unit;
pub mod verify;
mod words;

use clap::Parser as _;
use cli::{Cli, Command};
use std::process::ExitCode;

/// Reads the command line, does what it says, and tells the exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = cli.check() {
        error.exit();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let (format, servers) = (cli.format, cli.connection.server.clone());
    let code = runtime.block_on(run(cli)).unwrap_or_else(|error| failure::show(&error, format, &servers));
    // A thread that still waits for standard input must not keep the process alive.
    runtime.shutdown_background();
    code
}

/// Does what the command line says.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { connection, format, command } = cli;
    let client = || client::Client::new(&connection);
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Verify(args) => verify::run(cli::VerifyArgs { format, ..args }).await,
        Command::Import(args) => import::run(&client()?, args, format).await,
        Command::Petition { command } => petition::run(&client()?, command, format).await,
        Command::Unit { command } => unit::run(&client()?, command, format).await,
        Command::Case { command } => case::run(&client()?, command, format).await,
        Command::Body { command } => body::run(&client()?, command, format).await,
        Command::Dispute { command } => dispute::run(&client()?, command, format).await,
        Command::Report { command } => report::run(&client()?, command, format).await,
        Command::Due(args) => due::run(&client()?, args, format).await,
        Command::Calendar { command } => due::calendar(&client()?, command, format).await,
        Command::Rules(args) => rules::run(&client()?, args, format).await,
        Command::Freshness => report::freshness::run(&client()?, format).await,
        Command::Contract(args) => contract::run(&args, format),
    }
}
