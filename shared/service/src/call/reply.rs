//! The body of an answer, watched to its end: the call counts as open until then, and then gives its log line. It knows
//! frames and trailers; it refuses to look into messages.

use super::polish::{polish, snake};
use crate::errors;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Instant,
};
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::task_tracker::TaskTrackerToken,
};
use tonic::{Code, Status, body::Body};
use tracing::{Span, debug, error, warn};

type Data = <Body as http_body::Body>::Data;

/// The log line of a call, written when it is dropped; a call without a status by then was given up by its client.
pub(super) struct Ending {
    span: Span,
    id: Arc<str>,
    started: Instant,
    code: Code,
}

impl Ending {
    pub(super) fn new(span: Span, id: Arc<str>) -> Self {
        Self { span, id, started: Instant::now(), code: Code::Cancelled }
    }

    /// Takes the status out of headers or trailers, if it is there.
    pub(super) fn note(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.code = Code::from_bytes(status.as_bytes());
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let code = snake(&format!("{:?}", self.code));
        let elapsed_us = u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX);
        match self.code {
            Code::Internal | Code::Unknown | Code::DataLoss => warn!(parent: &self.span, code, elapsed_us, "call failed"),
            _ => debug!(parent: &self.span, code, elapsed_us, "call ended"),
        }
    }
}

/// A watched body.
pub(super) struct Reply {
    inner: Body,
    ending: Option<Ending>,
    /// Ends the stream when it resolves.
    draining: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    ended: bool,
    /// The server waits for it when it stops.
    _open_call: TaskTrackerToken,
}

impl Reply {
    pub(super) fn of_a_service(inner: Body, ending: Ending, open_call: TaskTrackerToken) -> Self {
        Self { inner, ending: Some(ending), draining: None, ended: false, _open_call: open_call }
    }

    pub(super) fn ends_when_draining(inner: Body, draining: CancellationToken, open_call: TaskTrackerToken) -> Self {
        let draining = Some(Box::pin(draining.cancelled_owned()));
        Self { inner, ending: None, draining, ended: false, _open_call: open_call }
    }

    fn end_with(&mut self, status: &Status) -> Poll<Option<Result<Frame<Data>, Status>>> {
        self.ended = true;
        let mut trailers = HeaderMap::new();
        let frame = status.add_header(&mut trailers).map(|()| Frame::trailers(trailers));
        Poll::Ready(Some(frame))
    }
}

impl http_body::Body for Reply {
    type Data = Data;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Data>, Status>>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        let span = this.ending.as_ref().map(|ending| ending.span.clone());
        let _entered = span.as_ref().map(Span::enter);
        // a panic in a stream ends that stream with INTERNAL; over HTTP/1.1 it would end the connection
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut this.inner).poll_frame(context)));
        let Ok(polled) = polled else {
            error!("stream panicked");
            let status = match &mut this.ending {
                Some(ending) => {
                    ending.code = Code::Internal;
                    errors::internal(&ending.id)
                }
                None => errors::internal("unknown"),
            };
            return this.end_with(&status);
        };
        match polled {
            Poll::Ready(Some(Ok(mut frame))) => {
                if let (Some(ending), Some(trailers)) = (&mut this.ending, frame.trailers_mut()) {
                    polish(trailers, &ending.id);
                    ending.note(trailers);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Pending => match this.draining.as_mut().map(|draining| draining.as_mut().poll(context)) {
                Some(Poll::Ready(())) => this.end_with(&errors::draining()),
                _ => Poll::Pending,
            },
            other => other,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
