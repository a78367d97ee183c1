//! Accepted connections: how many at once, how long one may stay silent, and how all of them are cut. It knows bytes go by;
//! it refuses to look at them.
//!
//! tonic spawns a task for each connection and keeps no handle, so dropping its `serve` future leaves the connections and
//! the handlers on them running. Here each connection carries a token that ends it.

use std::{
    future::Future,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Sleep,
};
use tokio_stream::{Stream, StreamExt};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::transport::server::{Connected, TcpConnectInfo, TcpIncoming};
use tracing::warn;

/// HTTP/2 keepalive watches a connection only once it speaks HTTP/2; a socket that never says a word is closed after this.
const FIRST_BYTE: Duration = Duration::from_secs(30);

/// Connections of the listener, at most `most` at a time; cancelling `cut` ends all of them.
pub(super) fn accept(listener: TcpListener, most: usize, cut: CancellationToken) -> impl Stream<Item = io::Result<Socket>> {
    let slots = Arc::new(Semaphore::new(most));
    let accepted = TcpIncoming::from(listener).with_nodelay(Some(true)).with_keepalive(Some(Duration::from_secs(60)));
    accepted.then(move |accepted| {
        let (slots, cut) = (slots.clone(), cut.clone());
        async move {
            match accepted {
                Ok(stream) => {
                    let slot = slots.acquire_owned().await.map_err(io::Error::other)?;
                    Ok(Socket {
                        stream,
                        cut: Box::pin(cut.cancelled_owned()),
                        silence: Some(Box::pin(tokio::time::sleep(FIRST_BYTE))),
                        _slot: slot,
                    })
                }
                Err(error) => {
                    // out of open files, most likely: tonic tries again at once, which would take a whole core
                    warn!(%error, "connection not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    Err(error)
                }
            }
        }
    })
}

/// One accepted connection.
pub(super) struct Socket {
    stream: TcpStream,
    /// Ends the connection when it resolves.
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Runs until the first byte arrives.
    silence: Option<Pin<Box<Sleep>>>,
    _slot: OwnedSemaphorePermit,
}

impl Connected for Socket {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if read.is_ready() {
            this.silence = None;
            return read;
        }
        // asked only when there is nothing to read: a connection always waits for its peer
        if this.cut.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the server has stopped")));
        }
        match this.silence.as_mut().map(|silence| silence.as_mut().poll(context)) {
            Some(Poll::Ready(())) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            _ => Poll::Pending,
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
