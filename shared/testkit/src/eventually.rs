//! Waiting for a condition, and saying what was the case when it did not come.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

/// Asks `check` until it gives `Ok`, and gives that. Panics after `timeout` with the last state, which `check` gives as its
/// error.
pub async fn eventually<T, S: Display>(what: &str, timeout: Duration, mut check: impl AsyncFnMut() -> Result<T, S>) -> T {
    let deadline = Instant::now() + timeout;
    loop {
        match check().await {
            Ok(value) => return value,
            Err(state) if Instant::now() > deadline => panic!("{what}: not within {timeout:?}, last seen: {state}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
