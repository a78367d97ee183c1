//! How far each log is followed: lag, and whether a day is complete. It knows each follower's status and the stored cursors; it
//! refuses to know sockets.

use super::Log;
use fengqiao_feed::{FollowState, FollowStatus};
use fengqiao_model::{Day, Instant};
use fengqiao_store::{Cursor, Db, StoreError, Tx, cursor};

/// The server says something every 5 seconds; what is older says nothing about now. Microseconds.
const SILENT_AFTER: i64 = 15_000_000;

/// How far the log is included in the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The last position included.
    pub position: i64,
    /// The last position of the log as far as known.
    pub head_position: i64,
    /// Seconds by which the figures may be behind; 0 when they are up to date.
    pub lag_seconds: i64,
    /// Everything recorded before this moment is included.
    pub included_before: Option<Instant>,
    /// "following", "connecting" or what stopped it.
    pub state: String,
}

impl Freshness {
    /// Whether everything recorded on the day is included: the log has passed the midnight that ends it.
    pub fn is_complete(&self, day: Day) -> bool {
        self.included_before.is_some_and(|moment| moment >= day.plus_days(1).begins())
    }
}

/// How far all logs are included. A log that nobody follows, and of which nothing is included, does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshnesses {
    /// The logs that count.
    pub logs: Vec<(Log, Freshness)>,
    /// Seconds since the start, for when there is none.
    idle_seconds: i64,
}

impl Freshnesses {
    /// Whether every log has passed the midnight that ends the day.
    pub fn is_complete(&self, day: Day) -> bool {
        !self.logs.is_empty() && self.logs.iter().all(|(_, fresh)| fresh.is_complete(day))
    }

    /// The worst lag.
    pub fn lag_seconds(&self) -> i64 {
        self.logs.iter().map(|(_, fresh)| fresh.lag_seconds).max().unwrap_or(self.idle_seconds)
    }
}

/// How many events of a log have no place in the figures; each stands in the log lines of the day it came.
pub async fn stuck(db: &Db, log: Log) -> Result<i64, StoreError> {
    crate::store::count_stuck(db, log.name()).await
}

/// How far the logs are included: `tx` says what is stored, `statuses` (taken before it) what each follower last heard; `None`
/// for a log that nobody follows.
pub async fn freshness(
    tx: &mut Tx,
    statuses: &[(Log, Option<FollowStatus>)],
    started: Instant,
    now: Instant,
) -> Result<Freshnesses, StoreError> {
    let mut logs = Vec::new();
    for (log, status) in statuses {
        let cursor = cursor::load(&mut *tx, log.name()).await?;
        if status.is_some() || cursor.is_some() {
            let status = status.clone().unwrap_or_default();
            logs.push((*log, judge(cursor.as_ref(), &status, started, now)));
        }
    }
    Ok(Freshnesses { logs, idle_seconds: (now.0.saturating_sub(started.0) / 1_000_000).max(1) })
}

fn judge(cursor: Option<&Cursor>, status: &FollowStatus, started: Instant, now: Instant) -> Freshness {
    let position = cursor.map_or(0, |c| c.position);
    // An event recorded after a midnight tells as much as a head that was read after it.
    let included_before = status.caught_up_at.max(cursor.map(|c| c.recorded_at));
    let heard = status.heard_at.is_some_and(|at| now.0 - at.0 <= SILENT_AFTER);
    let following = status.state == FollowState::Following;
    let lag_seconds = if following && heard && position >= status.head_position {
        0
    } else {
        let since = status.caught_up_at.or(cursor.map(|c| c.recorded_at)).unwrap_or(started);
        (now.0.saturating_sub(since.0) / 1_000_000).max(1)
    };
    let state = match &status.state {
        FollowState::Connecting => "connecting".to_owned(),
        FollowState::Following => "following".to_owned(),
        FollowState::Stopped { reason } => reason.clone(),
    };
    Freshness { position, head_position: status.head_position.max(position), lag_seconds, included_before, state }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn cursor_at(position: i64, recorded: i64) -> Cursor {
        Cursor { log_id: "x".to_owned(), position, hash: Vec::new(), recorded_at: Instant(recorded * SECOND) }
    }

    #[test]
    fn lag_is_zero_only_while_the_head_is_known_to_be_included() {
        let status = |head, caught, heard| FollowStatus {
            position: 5,
            head_position: head,
            caught_up_at: Some(Instant(caught * SECOND)),
            heard_at: Some(Instant(heard * SECOND)),
            state: FollowState::Following,
        };
        let lag = |status: FollowStatus, now: i64| {
            judge(Some(&cursor_at(5, 90)), &status, Instant(0), Instant(now * SECOND)).lag_seconds
        };
        assert_eq!(lag(status(5, 100, 100), 110), 0);
        assert_eq!(lag(status(9, 100, 110), 110), 10);
        assert_eq!(lag(status(5, 100, 100), 116), 16);
        assert_eq!(lag(FollowStatus { state: FollowState::Connecting, ..status(5, 100, 100) }, 101), 1);
        let never = judge(None, &FollowStatus::default(), Instant(7 * SECOND), Instant(10 * SECOND));
        assert_eq!((never.lag_seconds, never.is_complete("1969-01-01".parse().unwrap())), (3, false));
    }

    #[test]
    fn a_day_is_complete_from_the_midnight_that_ends_it() {
        let day: Day = "2024-12-31".parse().unwrap();
        let midnight = day.plus_days(1).begins();
        let status = |at: i64| FollowStatus { caught_up_at: Some(Instant(at)), ..FollowStatus::default() };
        for (at, complete) in [(midnight.0 - 1, false), (midnight.0, true)] {
            assert_eq!(judge(None, &status(at), Instant(0), midnight).is_complete(day), complete);
            let by_event = Cursor { recorded_at: Instant(at), ..cursor_at(1, 0) };
            assert_eq!(judge(Some(&by_event), &FollowStatus::default(), Instant(0), midnight).is_complete(day), complete);
        }
    }
}
