//! Mediation as a process of its own: settings from the environment, exit code 0 after a clean stop.

use fengqiao_model::SystemClock;
use fengqiao_service::{Environment, log_panics};
use std::{process::ExitCode, sync::Arc};

#[tokio::main]
async fn main() -> ExitCode {
    log_panics();
    fengqiao_mediation::serve(&Environment, Arc::new(SystemClock)).await.unwrap_or_else(|problem| problem.report())
}
