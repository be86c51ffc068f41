//! One direction of a connection.

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::socket;
use crate::condition::Ending;
use crate::counters::Meter;
use crate::stage::{Chain, Item};

/// So much is read at once.
const READ_AT_ONCE: usize = 256 * 1024;

thread_local! {
    /// What all connections of a thread read into, one after the other; so that one that is idle has no
    /// buffer, and the one in use stays in the processor's cache.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_AT_ONCE]);
}

/// Why a pipe has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The end of the stream has been passed on. It does nothing more.
    Finished,
    /// Something has been read, and an order has come before it: that is to be followed first.
    OrderFirst,
    /// A condition closes the connection.
    Close(Ending),
    /// The side that is read from has reset the connection.
    SourceReset,
    /// The side that is written to takes nothing more.
    SinkGone,
}

/// Reads from one side and writes to the other.
#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) chain: Chain,
    meter: Meter,
    /// What was read when an order came.
    stash: Option<Vec<u8>>,
    source_ended: bool,
    /// The source is known to be gone: what it said before is passed on, and no end of its stream.
    pub(super) source_gone: bool,
    pub(super) finished: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Pipe {
    pub(super) fn new(chain: Chain, meter: Meter) -> Pipe {
        Pipe {
            chain,
            meter,
            stash: None,
            source_ended: false,
            source_gone: false,
            finished: false,
            timer: None,
        }
    }

    /// Whether it would notice that the side it reads from has reset the connection.
    pub(super) fn reads(&self) -> bool {
        !self.source_ended && self.chain.takes()
    }

    /// Moves what can be moved, until it has to wait for a socket or for the time.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        source: &TcpStream,
        sink: &TcpStream,
        order_waits: impl Fn() -> bool,
    ) -> Poll<Stop> {
        if self.finished {
            return Poll::Pending;
        }
        if let Some(octets) = self.stash.take() {
            self.chain.push(Item::Octets(octets.into()));
        }
        loop {
            let mut due = None;
            if !self.chain.is_clear() {
                due = self.chain.advance(Instant::now());
                self.meter.swallowed(self.chain.take_swallowed());
                if let Some(ending) = self.chain.closing() {
                    return Poll::Ready(Stop::Close(ending));
                }
            }
            let wrote = match self.poll_write(cx, sink) {
                Poll::Ready(Some(stop)) => return Poll::Ready(stop),
                Poll::Ready(None) => true,
                Poll::Pending => false,
            };
            let read = match self.poll_read(cx, source, sink, &order_waits) {
                Poll::Ready(Some(stop)) => return Poll::Ready(stop),
                Poll::Ready(None) => true,
                Poll::Pending => false,
            };
            if !wrote && !read && self.poll_timer(cx, due).is_pending() {
                return Poll::Pending;
            }
        }
    }

    /// Writes the first item that waits.
    fn poll_write(&mut self, cx: &mut Context<'_>, sink: &TcpStream) -> Poll<Option<Stop>> {
        let output = self.chain.output();
        let stop = match output.first() {
            None => return Poll::Pending,
            // a closure can make nothing of something
            Some(Item::Octets(chunk)) if chunk.is_empty() => {
                output.consume(0);
                return Poll::Ready(None);
            }
            Some(Item::Octets(chunk)) => match socket::poll_write(sink, cx, chunk) {
                Poll::Ready(Ok(count)) => {
                    output.consume(count);
                    self.meter.sent(count);
                    return Poll::Ready(None);
                }
                Poll::Ready(Err(_)) => Stop::SinkGone,
                Poll::Pending => return Poll::Pending,
            },
            Some(Item::End) => {
                self.finished = true;
                // one that cannot be ended is gone, as the other direction finds out
                let _ = socket::end_stream(sink);
                Stop::Finished
            }
            Some(Item::Reset) => Stop::SourceReset,
            Some(Item::Close(ending)) => Stop::Close(*ending),
        };
        Poll::Ready(Some(stop))
    }

    /// Reads once; and writes what was read at once where nothing stands in between.
    fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        source: &TcpStream,
        sink: &TcpStream,
        order_waits: impl Fn() -> bool,
    ) -> Poll<Option<Stop>> {
        if !self.reads() {
            return Poll::Pending;
        }
        BUFFER.with_borrow_mut(|buffer| {
            let count = match socket::poll_read(source, cx, buffer) {
                Poll::Ready(Ok(count)) => count,
                Poll::Ready(Err(_)) => {
                    self.source_ended = true;
                    self.chain.push(Item::Reset);
                    return Poll::Ready(None);
                }
                Poll::Pending => return Poll::Pending,
            };
            let octets = buffer.get(..count).unwrap_or_default();
            if octets.is_empty() {
                self.source_ended = true;
                // the kernel tells of a reset once only, and the other direction has heard of it
                if !self.source_gone {
                    self.chain.push(Item::End);
                }
                return Poll::Ready(None);
            }
            self.meter.received(count);
            if order_waits() {
                self.stash = Some(octets.to_vec());
                return Poll::Ready(Some(Stop::OrderFirst));
            }
            if !self.chain.is_clear() {
                self.chain.push(Item::Octets(octets.to_vec().into()));
                return Poll::Ready(None);
            }
            self.pass(cx, sink, octets)
        })
    }

    /// Writes what was just read; what the kernel does not take waits.
    fn pass(
        &mut self,
        cx: &mut Context<'_>,
        sink: &TcpStream,
        octets: &[u8],
    ) -> Poll<Option<Stop>> {
        let written = match socket::poll_write(sink, cx, octets) {
            Poll::Ready(Ok(count)) => count,
            Poll::Ready(Err(_)) => return Poll::Ready(Some(Stop::SinkGone)),
            Poll::Pending => 0,
        };
        self.meter.sent(written);
        match octets.get(written..) {
            None | Some([]) => {}
            Some(rest) => self.chain.output().octets(rest.to_vec()),
        }
        Poll::Ready(None)
    }

    /// Ready when it is time to move something.
    fn poll_timer(&mut self, cx: &mut Context<'_>, due: Option<Instant>) -> Poll<()> {
        let Some(due) = due else {
            self.timer = None;
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if timer.deadline() != due {
            timer.as_mut().reset(due);
        }
        timer.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;

    use tokio::net::TcpListener;

    use super::*;

    async fn sockets() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        (near, listener.accept().await.unwrap().0)
    }

    #[tokio::test]
    async fn an_order_that_came_before_the_octets_is_followed_first() {
        let ((client, source), (sink, server)) = (sockets().await, sockets().await);
        let meter = Meter {
            connection: Arc::default(),
            gate: Arc::default(),
        };
        let mut pipe = Pipe::new(Chain::default(), meter);
        client.try_write(b"after the order").unwrap();
        source.readable().await.unwrap();
        let poll = poll_fn(|cx| Poll::Ready(pipe.poll(cx, &source, &sink, || true))).await;
        assert_eq!(poll, Poll::Ready(Stop::OrderFirst));
        assert!(server.try_read(&mut [0]).is_err(), "it was passed on");
        // with the order followed they go through the chain
        let poll = poll_fn(|cx| Poll::Ready(pipe.poll(cx, &source, &sink, || false))).await;
        assert!(poll.is_pending());
        server.readable().await.unwrap();
        let mut octets = [0; 32];
        assert_eq!(server.try_read(&mut octets).unwrap(), 15);
    }
}
