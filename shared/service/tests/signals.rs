//! Signals, in a process of their own: they would stop every other test of a binary.
#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]
#![cfg(unix)]

use fengqiao_service::Lifecycle;
use std::{process::Command, time::Duration};

fn signal_myself(signal: &str) {
    let status = Command::new("sh").args(["-c", &format!("kill -{signal} {}", std::process::id())]).status().unwrap();
    assert!(status.success());
}

/// One test, because signals reach the whole process: the first signal asks, the second cuts.
#[tokio::test]
async fn the_first_signal_asks_and_the_second_cuts() {
    let lifecycle = Lifecycle::new(Duration::from_secs(20));
    let stop = lifecycle.stop();
    let polite = async move {
        signal_myself("TERM");
        stop.cancelled().await;
        Ok(())
    };
    let code = tokio::time::timeout(Duration::from_secs(20), lifecycle.run_until_stopped(polite)).await.unwrap();
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));

    // Between the ready line and the server, or even before.
    let lifecycle = Lifecycle::new(Duration::from_secs(20));
    signal_myself("TERM");
    let stop = lifecycle.stop();
    let late = async move {
        stop.cancelled().await;
        Ok(())
    };
    let code = tokio::time::timeout(Duration::from_secs(20), lifecycle.run_until_stopped(late)).await.unwrap();
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));

    let lifecycle = Lifecycle::new(Duration::from_secs(3600));
    let stop = lifecycle.stop();
    let deaf = async move {
        signal_myself("TERM");
        stop.cancelled().await;
        signal_myself("INT");
        std::future::pending().await
    };
    let code = tokio::time::timeout(Duration::from_secs(20), lifecycle.run_until_stopped(deaf)).await.unwrap();
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::FAILURE));
}
