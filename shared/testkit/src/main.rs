//! `testkit-postgres run -- COMMAND ARGS…`: starts a throw-away PostgreSQL server with fsync on, tells its address to the
//! command in TEST_POSTGRES_URL, and removes the server when the command ends. The exit code is the command's.

use fengqiao_testkit::{cluster::Cluster, database::URL_VARIABLE};
use std::{
    os::unix::process::ExitStatusExt,
    process::{Command, ExitCode},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [run, dashes, command, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: testkit-postgres run -- COMMAND ARGS...");
        return ExitCode::from(2);
    };
    if run != "run" || dashes != "--" {
        eprintln!("usage: testkit-postgres run -- COMMAND ARGS...");
        return ExitCode::from(2);
    }
    let cluster = match Cluster::start(true) {
        Ok(cluster) => cluster,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    match Command::new(command).args(rest).env(URL_VARIABLE, cluster.url()).status() {
        // Shells report a command killed by a signal as 128 and its number.
        Ok(status) => {
            let code = status.code().or_else(|| status.signal().map(|s| 128 + s)).unwrap_or(1);
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        Err(error) => {
            eprintln!("cannot run {command}: {error}");
            ExitCode::from(127)
        }
    }
}
