//! Reporting as a process of its own: settings from the environment and the file it names, exit code 0 after a clean stop.

use fengqiao_model::SystemClock;
use fengqiao_service::{Map, StartError, log_panics, sources};
use std::{process::ExitCode, sync::Arc};

#[tokio::main]
async fn main() -> ExitCode {
    log_panics();
    let served = async { fengqiao_reporting::serve(&sources(Map::default())?, Arc::new(SystemClock)).await };
    served.await.unwrap_or_else(|problem: StartError| problem.report())
}
