//! Until the figures include the rows.

use super::progress::Progress;
use crate::{
    client::{Reporting, unreachable},
    table::thousands,
};
use anyhow::{Context as _, bail};
use fengqiao_proto::reporting::v1::{GetFreshnessRequest, LogFreshness};
use std::time::Duration;
use tokio::time::{self, Instant};

const ONE_WAIT: Duration = Duration::from_secs(60);
/// Without any progress for so long, waiting ends.
const PATIENCE: Duration = Duration::from_secs(300);
const TRIES: u32 = 5;

/// Waits until reporting has followed the log to this position.
pub async fn until_included(reporting: &mut Reporting, log: &str, position: i64, progress: &Progress) -> anyhow::Result<()> {
    if position == 0 {
        return Ok(());
    }
    let (mut reached, mut since, mut failures) = (-1, Instant::now(), 0);
    loop {
        let wait_ms = i32::try_from(ONE_WAIT.as_millis()).unwrap_or(i32::MAX);
        let request = GetFreshnessRequest { log: log.to_owned(), position, wait_ms };
        let response = match reporting.get_freshness(request).await {
            Ok(response) => response.into_inner(),
            Err(status) if unreachable(&status) && failures < TRIES => {
                failures += 1;
                time::sleep(Duration::from_millis(500) * failures).await;
                continue;
            }
            Err(status) => {
                return Err(status).context("the rows are imported, but it is not known whether the figures include them");
            }
        };
        failures = 0;
        let Some(followed) = response.logs.into_iter().find(|followed| followed.log == log) else {
            bail!("the rows are imported, but the reporting service does not follow {log}");
        };
        if followed.position >= position {
            return Ok(());
        }
        if let Some(why) = stopped(&followed) {
            bail!("the rows are imported, but the figures do not follow: {why}");
        }
        if followed.position > reached {
            (reached, since) = (followed.position, Instant::now());
        } else if since.elapsed() > PATIENCE {
            bail!("the rows are imported, but the figures stand at position {reached} of {position} since five minutes");
        }
        progress.doing(format!("figures at {} of {}", thousands(followed.position), thousands(position)));
        // A server that answers at once must not be asked without end.
        time::sleep(Duration::from_millis(100)).await;
    }
}

fn stopped(log: &LogFreshness) -> Option<&str> {
    (!matches!(log.status.as_str(), "following" | "connecting" | "")).then_some(log.status.as_str())
}
