//! From the first signal to the exit code. It knows tasks by name and three tokens; it refuses to know what the tasks do.
//!
//! | Token | Cancelled | Who watches it |
//! |---|---|---|
//! | `stop` | by the first SIGTERM or SIGINT, or when a task ends too early | the server |
//! | `draining` | by the server, once health says NOT_SERVING | open streams, followers |
//! | `closing` | when the server has returned: no call runs any more | writers, which flush and end |
//!
//! A second signal, or the grace running out, cuts what is left. Signals are heard from the first moment of a life on, long
//! before the server says that it is ready.

use crate::ServerError;
use futures_util::FutureExt;
use std::{
    error::Error,
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, info, warn};

/// The life of a process: its tokens, the tasks beside the server, and whether one of them failed.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    stop: CancellationToken,
    draining: CancellationToken,
    closing: CancellationToken,
    tasks: TaskTracker,
    failed: Arc<AtomicBool>,
    grace: Duration,
    /// Taken by whoever runs the server.
    signals: Arc<Mutex<Option<Signals>>>,
}

/// Tasks get at least this long to flush, even where calls get no grace at all.
const FLUSH: Duration = Duration::from_secs(5);

impl Lifecycle {
    /// A life that, once it is to end, gives calls at most `grace` and then the tasks at most `grace` again, or 5 seconds when
    /// that is longer. Begins to hear signals; call it in a runtime.
    pub fn new(grace: Duration) -> Self {
        Self {
            stop: CancellationToken::new(),
            draining: CancellationToken::new(),
            closing: CancellationToken::new(),
            tasks: TaskTracker::new(),
            failed: Arc::default(),
            grace,
            signals: Arc::new(Mutex::new(Signals::listen().map_err(|error| error!(%error, "signals cannot be heard")).ok())),
        }
    }

    /// Cancelled when the process is asked to stop; cancel it to ask. For [`Server::run`](crate::Server::run).
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Cancelled when health says NOT_SERVING: open streams end with [`errors::draining`](crate::errors::draining), and
    /// followers stop. For [`Server::new`](crate::Server::new) and every stream.
    pub fn draining(&self) -> CancellationToken {
        self.draining.clone()
    }

    /// Cancelled when no call runs any more: writers flush and end.
    pub fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Runs a task that must live until the process is asked to stop. If it ends, fails or panics before that, the process
    /// stops and its exit code is 1; a failure or panic after it makes the exit code 1 as well.
    pub fn spawn<F, E>(&self, name: &'static str, task: F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let (stop, failed) = (self.stop.clone(), self.failed.clone());
        self.tasks.spawn(async move {
            let failure = match AssertUnwindSafe(task).catch_unwind().await {
                Ok(Ok(())) if stop.is_cancelled() => None,
                Ok(Ok(())) => Some("ended before the stop".to_owned()),
                Ok(Err(error)) => Some(chain(&*error.into())),
                Err(_panic) => Some("panicked".to_owned()),
            };
            if let Some(failure) = failure {
                error!(task = name, failure, "task failed, stopping");
                failed.store(true, Ordering::SeqCst);
                stop.cancel();
            }
        });
    }

    /// Runs the server (usually [`Server::run`](crate::Server::run)) until a signal, the `stop` token or a failure ends it,
    /// then waits for the tasks. The exit code is 0 if nothing failed.
    pub async fn run_until_stopped<F>(self, server: F) -> ExitCode
    where
        F: Future<Output = Result<(), ServerError>>,
    {
        let hard = CancellationToken::new();
        let signals = self.signals.lock().unwrap_or_else(PoisonError::into_inner).take();
        let signals = signals.map(|signals| tokio::spawn(signals.cancel([self.stop.clone(), hard.clone()])));
        let fine = self.run(server, &hard).await;
        if let Some(signals) = signals {
            signals.abort();
        }
        if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Whether all went well.
    async fn run(&self, server: impl Future<Output = Result<(), ServerError>>, hard: &CancellationToken) -> bool {
        let mut fine = true;
        {
            // dropped at the end of the block: a hard stop cuts what the server still holds
            let mut server = pin!(server);
            tokio::select! {
                result = &mut server => if let Err(error) = result {
                    error!(error = chain(&error), "server failed");
                    fine = false;
                },
                () = hard.cancelled() => {
                    warn!("second signal, calls are cut");
                    fine = false;
                }
            }
        }
        self.stop.cancel();
        self.draining.cancel();
        self.closing.cancel();
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => {}
            () = hard.cancelled() => fine = false,
            () = tokio::time::sleep(self.grace.max(FLUSH)) => {
                error!(tasks = self.tasks.len(), "tasks did not end within the grace");
                fine = false;
            }
        }
        fine && !self.failed.load(Ordering::SeqCst)
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// The first signal cancels the first token, the second one the second.
    async fn cancel(mut self, tokens: [CancellationToken; 2]) {
        for token in tokens {
            let signal = tokio::select! {
                _ = self.terminate.recv() => "SIGTERM",
                _ = self.interrupt.recv() => "SIGINT",
            };
            info!(signal, "stopping");
            token.cancel();
        }
    }
}

#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    /// The first interrupt cancels the first token, the second one the second.
    async fn cancel(self, tokens: [CancellationToken; 2]) {
        for token in tokens {
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
            info!("stopping");
            token.cancel();
        }
    }
}

/// An error and its sources in one line.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        line = format!("{line}: {error}");
        source = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    async fn ends(lifecycle: Lifecycle) -> bool {
        let stop = lifecycle.stop();
        let server = async move {
            stop.cancelled().await;
            Ok(())
        };
        let hard = CancellationToken::new();
        let run = lifecycle.run(server, &hard);
        tokio::time::timeout(Duration::from_secs(20), run).await.unwrap()
    }

    #[tokio::test]
    async fn tasks_that_end_when_asked_are_fine() {
        let lifecycle = Lifecycle::new(Duration::from_secs(20));
        let (draining, closing) = (lifecycle.draining(), lifecycle.closing());
        lifecycle.spawn("follower", async move {
            draining.cancelled().await;
            Ok::<_, Infallible>(())
        });
        lifecycle.spawn("writer", async move {
            closing.cancelled().await;
            Ok::<_, Infallible>(())
        });
        lifecycle.stop().cancel();
        assert!(ends(lifecycle).await);
    }

    #[tokio::test]
    async fn a_task_that_ends_early_or_fails_or_panics_stops_the_process() {
        let lifecycle = Lifecycle::new(Duration::from_secs(20));
        lifecycle.spawn("early", async { Ok::<_, Infallible>(()) });
        assert!(!ends(lifecycle).await);

        let lifecycle = Lifecycle::new(Duration::from_secs(20));
        lifecycle.spawn("failing", async { Err("no more disk") });
        assert!(!ends(lifecycle).await);

        let lifecycle = Lifecycle::new(Duration::from_secs(20));
        lifecycle.spawn("panicking", async {
            if true {
                panic!("a bug")
            }
            Ok::<_, Infallible>(())
        });
        assert!(!ends(lifecycle).await);
    }

    #[tokio::test]
    async fn a_failure_while_flushing_shows_in_the_exit_code() {
        let lifecycle = Lifecycle::new(Duration::from_secs(20));
        let closing = lifecycle.closing();
        lifecycle.spawn("writer", async move {
            closing.cancelled().await;
            Err("the last batch is lost")
        });
        lifecycle.stop().cancel();
        assert!(!ends(lifecycle).await);
    }

    #[tokio::test]
    async fn a_task_that_does_not_end_is_left_behind() {
        let lifecycle = Lifecycle::new(Duration::from_millis(20));
        lifecycle.spawn("deaf", std::future::pending::<Result<(), Infallible>>());
        lifecycle.stop().cancel();
        assert!(!ends(lifecycle).await);
    }

    #[tokio::test]
    async fn a_failed_server_ends_the_tasks_too() {
        let lifecycle = Lifecycle::new(Duration::from_secs(20));
        let draining = lifecycle.draining();
        lifecycle.spawn("follower", async move {
            draining.cancelled().await;
            Ok::<_, Infallible>(())
        });
        assert!(!lifecycle.run(async { Err(ServerError::Ended) }, &CancellationToken::new()).await);
    }
}
