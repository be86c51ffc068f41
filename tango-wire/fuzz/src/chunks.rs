//! A connection whose octets come in pieces.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Gives at most so many octets at once; swallows what is written.
#[derive(Debug)]
pub struct Chunks<'a> {
    octets: &'a [u8],
    size: usize,
}

impl<'a> Chunks<'a> {
    /// Gives `octets` in pieces of `size`; 0 is as 1.
    #[must_use]
    pub fn new(octets: &'a [u8], size: usize) -> Chunks<'a> {
        let size = size.max(1);
        Chunks { octets, size }
    }
}

impl AsyncRead for Chunks<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let size = self.size.min(buffer.remaining()).min(self.octets.len());
        let (piece, rest) = self.octets.split_at(size);
        buffer.put_slice(piece);
        self.octets = rest;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Chunks<'_> {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(octets.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Runs a future that reads from [`Chunks`] and so never waits.
///
/// # Panics
/// It waits.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    // tokio lets a task that never waits give way now and then
    for _ in 0..1_000_000 {
        if let Poll::Ready(outcome) = future.as_mut().poll(&mut context) {
            return outcome;
        }
    }
    panic!("it waits for something");
}
