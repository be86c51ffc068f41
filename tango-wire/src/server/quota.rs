//! Keeps what requests and unsent replies take of the memory within bounds.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

/// Octets for all connections of a server together unless told otherwise: 512 MiB.
pub(super) const MEMORY: usize = 512 << 20;
/// Octets that every connection may have in any case, so that ordinary calls go on when others
/// have taken all there is.
const OWN: usize = 64 << 10;

/// The octets of all connections of a server.
#[derive(Debug)]
pub(super) struct Quota {
    used: AtomicUsize,
    limit: usize,
}

/// What one connection has of them.
#[derive(Debug)]
pub(super) struct Share {
    quota: Arc<Quota>,
    used: AtomicUsize,
}

/// Octets that are in use until this is dropped.
#[derive(Debug)]
#[must_use = "the octets are free again when this is dropped"]
pub(super) struct Held {
    share: Arc<Share>,
    octets: usize,
}

impl Quota {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        let used = AtomicUsize::new(0);
        Arc::new(Self { used, limit })
    }

    /// The share of a new connection.
    pub(super) fn share(self: &Arc<Self>) -> Arc<Share> {
        Arc::new(Share {
            quota: Arc::clone(self),
            used: AtomicUsize::new(0),
        })
    }
}

impl Share {
    /// No octets yet.
    pub(super) fn nothing(self: &Arc<Self>) -> Held {
        Held {
            share: Arc::clone(self),
            octets: 0,
        }
    }

    /// Takes octets, if there are as many.
    pub(super) fn hold(self: &Arc<Self>, octets: usize) -> Option<Held> {
        let mut held = self.nothing();
        held.grow(octets).then_some(held)
    }
}

impl Held {
    /// Takes more octets; false, and nothing taken, if there are not as many.
    pub(super) fn grow(&mut self, octets: usize) -> bool {
        // counters only: no other memory depends on their order
        let own = self.share.used.fetch_add(octets, Ordering::Relaxed);
        let all = self.share.quota.used.fetch_add(octets, Ordering::Relaxed);
        let fits = own.saturating_add(octets) <= OWN
            || all.saturating_add(octets) <= self.share.quota.limit;
        if fits {
            self.octets += octets;
        } else {
            self.share.give_back(octets);
        }
        fits
    }
}

impl Share {
    fn give_back(&self, octets: usize) {
        self.used.fetch_sub(octets, Ordering::Relaxed);
        self.quota.used.fetch_sub(octets, Ordering::Relaxed);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.share.give_back(self.octets);
    }
}

/// Reads from a client as long as there is room for what it sends.
#[derive(Debug)]
pub(super) struct Metered<R> {
    source: R,
    held: Held,
}

impl<R> Metered<R> {
    pub(super) fn new(source: R, share: &Arc<Share>) -> Self {
        let held = share.nothing();
        Self { source, held }
    }

    /// What was read since the last time this was asked: the message that is whole now.
    pub(super) fn take_held(&mut self) -> Held {
        let nothing = self.held.share.nothing();
        std::mem::replace(&mut self.held, nothing)
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Metered<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.source).poll_read(context, buffer))?;
        let read = buffer.filled().len().saturating_sub(before);
        Poll::Ready(if this.held.grow(read) {
            Ok(())
        } else {
            Err(io::Error::new(
                io::ErrorKind::OutOfMemory,
                "all clients together have sent more than the server's memory limit",
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    #[test]
    fn octets_are_shared_and_given_back() {
        let quota = Quota::new(2 * OWN);
        let (one, other) = (quota.share(), quota.share());
        let large = one.hold(2 * OWN).expect("free");
        assert!(one.hold(1).is_none());
        let mut small = other.hold(OWN).expect("every connection has its own");
        assert!(!small.grow(1));
        drop(large);
        assert!(small.grow(OWN));
        assert!(one.hold(OWN + 1).is_none());
        drop(small);
        assert_eq!(quota.used.load(Ordering::Relaxed), 0);
        assert!(one.hold(2 * OWN).is_some());
        assert!(one.hold(usize::MAX).is_none());
        assert_eq!(quota.used.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn reading_ends_where_the_memory_does() {
        let quota = Quota::new(OWN);
        let share = quota.share();
        let endless = tokio::io::repeat(7);
        let mut metered = Metered::new(endless, &share);
        let mut buffer = vec![0; OWN];
        metered.read_exact(&mut buffer).await.expect("its own");
        let error = metered.read_u8().await.expect_err("no more");
        assert_eq!(error.kind(), io::ErrorKind::OutOfMemory);
        let message = metered.take_held();
        assert_eq!(message.octets, OWN);
        assert!(metered.read_u8().await.is_err());
        drop(message);
        metered.read_u8().await.expect("free again");
    }
}
