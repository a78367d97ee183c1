//! How one log is followed: whether anybody does, how far, and waiting for a position.

use fengqiao_feed::FollowStatus;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// How one log is followed.
#[derive(Clone)]
pub(crate) struct Following {
    status: watch::Sender<FollowStatus>,
    begun: Arc<AtomicBool>,
}

impl Following {
    /// Nobody follows it yet.
    pub(crate) fn new() -> Self {
        Self { status: watch::Sender::new(FollowStatus::default()), begun: Arc::default() }
    }

    /// Somebody is going to follow it, and tells here how far.
    pub(crate) fn begin(&self) -> watch::Sender<FollowStatus> {
        self.begun.store(true, Ordering::Release);
        self.status.clone()
    }

    /// For whoever waits for it in this process.
    pub(crate) fn receiver(&self) -> watch::Receiver<FollowStatus> {
        self.status.subscribe()
    }

    /// What was last told; `None` when nobody follows it.
    pub(super) fn status(&self) -> Option<FollowStatus> {
        self.begun.load(Ordering::Acquire).then(|| self.status.borrow().clone())
    }

    /// Waits until the position is included. Too late, or when nobody follows: the answer tells how far it is.
    pub(super) async fn reached(&self, position: i64, longest: Duration) {
        if self.begun.load(Ordering::Acquire) {
            let mut receiver = self.receiver();
            let _ = tokio::time::timeout(longest, receiver.wait_for(|status| status.position >= position)).await;
        }
    }
}
