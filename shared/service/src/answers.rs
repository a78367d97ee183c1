//! Answers to a stream of messages. It knows streams and their end; what a message asks is the service's business.

use crate::errors;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use std::pin::Pin;
use tokio::task::unconstrained;
use tokio_util::sync::CancellationToken;
use tonic::{Status, Streaming};

/// A stream of answers.
pub type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Answers each message of a stream in order, `at_once` of them at a time, until the client ends it or `draining` is cancelled.
/// Errors: what the client's stream or `answer` gives; UNAVAILABLE at the end when the server drains.
pub fn answers<S, Q, A, F>(
    service: &S,
    draining: &CancellationToken,
    inbound: Streaming<Q>,
    at_once: usize,
    answer: F,
) -> Answers<A>
where
    S: Clone + Send + 'static,
    Q: Send + 'static,
    A: Send + 'static,
    F: Fn(S, Q) -> Pin<Box<dyn Future<Output = Result<A, Status>> + Send>> + Send + 'static,
{
    let (service, draining) = (service.clone(), draining.clone());
    let stopped = draining.clone();
    let answers = inbound
        .take_until(async move { draining.cancelled().await })
        .map(move |message| match message {
            Ok(message) => answer(service.clone(), message),
            Err(status) => std::future::ready(Err(status)).boxed(),
        })
        // Polled in order, so that rows reach the writer in the order of the file. Unconstrained: a task that used up its
        // turn (128 steps) would wake the rest in reverse.
        .map(unconstrained)
        .buffered(at_once);
    let end =
        stream::once(async move { stopped.is_cancelled().then(errors::draining) }).filter_map(|status| async { status.map(Err) });
    Box::pin(answers.chain(end))
}
