//! Who is connected, and who has to leave when a server is full.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
};

use tokio::{sync::Notify, time::Instant};

/// Clients at the same time unless told otherwise.
pub(super) const CONNECTIONS: usize = 4096;

/// The connections of a server.
///
/// When there are as many as may be, a newcomer takes the place of one that has no call to wait
/// for: of the host with the most connections, the one that was silent for the longest. It is told
/// so in order (`CloseConnection`), which clients answer by connecting anew when they need to. So
/// who only takes places takes them from itself.
#[derive(Debug)]
pub(super) struct Guests {
    limit: usize,
    start: Instant,
    present: Mutex<Present>,
}

#[derive(Debug, Default)]
struct Present {
    last: u64,
    guests: HashMap<u64, Arc<Guest>>,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Guest {
    host: IpAddr,
    /// When it was last heard of, in milliseconds after the start.
    heard: AtomicU64,
    /// What it still has to be answered.
    calls: AtomicUsize,
    leaving: AtomicBool,
    leave: Notify,
}

/// A connection's place, until this is dropped.
#[derive(Debug)]
#[must_use = "the place is free again when this is dropped"]
pub(super) struct Place {
    guests: Arc<Guests>,
    number: u64,
    guest: Arc<Guest>,
}

/// A call that is not answered yet, until this is dropped.
#[derive(Debug)]
#[must_use = "the call counts as answered when this is dropped"]
pub(super) struct Unanswered {
    guest: Arc<Guest>,
}

impl Guests {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            start: Instant::now(),
            present: Mutex::default(),
        })
    }

    /// Takes in a connection, and asks another to leave for it if need be; `None` if nobody can.
    pub(super) fn arrive(self: &Arc<Self>, host: IpAddr) -> Option<Place> {
        let guest = Arc::new(Guest {
            host,
            heard: AtomicU64::new(self.now()),
            calls: AtomicUsize::new(0),
            leaving: AtomicBool::new(false),
            leave: Notify::new(),
        });
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        // those who were asked to leave are on their way out, unless they cannot be told
        let count = present.guests.len();
        if count >= self.limit && (count >= 2 * self.limit || !present.make_room(self.limit)) {
            return None;
        }
        present.last += 1;
        let number = present.last;
        present.guests.insert(number, Arc::clone(&guest));
        Some(Place {
            guests: Arc::clone(self),
            number,
            guest,
        })
    }

    /// Asks one to leave, because there is no place for another; false if nobody can.
    pub(super) fn make_room(&self) -> bool {
        let present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present.make_room(0)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Present {
    /// Sees to it that less than so many stay.
    fn make_room(&self, limit: usize) -> bool {
        let staying = || {
            let guests = self.guests.values();
            guests.filter(|guest| !guest.leaving.load(Ordering::Relaxed))
        };
        let mut of_host: HashMap<IpAddr, usize> = HashMap::new();
        for guest in staying() {
            *of_host.entry(guest.host).or_default() += 1;
        }
        if of_host.values().sum::<usize>() < limit {
            return true;
        }
        let crowd = |guest: &Guest| of_host.get(&guest.host).copied().unwrap_or(0);
        let chosen = staying()
            .filter(|guest| guest.calls.load(Ordering::Relaxed) == 0)
            .min_by_key(|guest| {
                (
                    usize::MAX - crowd(guest),
                    guest.heard.load(Ordering::Relaxed),
                )
            });
        let Some(chosen) = chosen else {
            return false;
        };
        chosen.leaving.store(true, Ordering::Relaxed);
        chosen.leave.notify_one();
        true
    }
}

impl Place {
    /// Notes that the client was heard of, and that it waits for an answer.
    pub(super) fn call(&self) -> Unanswered {
        self.guest.heard.store(self.guests.now(), Ordering::Relaxed);
        self.guest.calls.fetch_add(1, Ordering::Relaxed);
        Unanswered {
            guest: Arc::clone(&self.guest),
        }
    }

    /// True if the client waits for an answer.
    pub(super) fn has_calls(&self) -> bool {
        self.guest.calls.load(Ordering::Relaxed) > 0
    }

    /// Waits until this connection is asked to leave.
    pub(super) async fn asked_to_leave(&self) {
        self.guest.leave.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let present = &self.guests.present;
        let mut present = present.lock().unwrap_or_else(PoisonError::into_inner);
        present.guests.remove(&self.number);
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        self.guest.calls.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::Future, time::Duration};

    fn host(number: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, number])
    }

    async fn is_asked(place: &Place) -> bool {
        let mut asked = std::pin::pin!(place.asked_to_leave());
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(asked.as_mut().poll(context).is_ready())
        })
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn the_most_silent_of_the_host_with_most_connections_leaves() {
        let guests = Guests::new(4);
        let oldest = guests.arrive(host(1)).expect("a place");
        let mut crowd = Vec::new();
        for _ in 0..3 {
            tokio::time::advance(Duration::from_millis(1)).await;
            crowd.push(guests.arrive(host(2)).expect("a place"));
        }
        tokio::time::advance(Duration::from_millis(1)).await;
        drop(crowd[0].call());
        let newcomer = guests.arrive(host(2)).expect("a place");
        assert!(!is_asked(&oldest).await && !is_asked(&crowd[0]).await);
        assert!(is_asked(&crowd[1]).await && !is_asked(&crowd[2]).await);
        // it is on its way: its place is not given twice
        let other = guests.arrive(host(3)).expect("a place");
        assert!(is_asked(&crowd[2]).await);
        drop((crowd, newcomer, other, oldest));
        assert!(guests.present.lock().expect("sound").guests.is_empty());
    }

    #[tokio::test]
    async fn who_waits_for_an_answer_stays() {
        let guests = Guests::new(1);
        let waiting = guests.arrive(host(1)).expect("a place");
        let call = waiting.call();
        assert!(waiting.has_calls());
        assert!(guests.arrive(host(2)).is_none());
        assert!(!guests.make_room());
        drop(call);
        let _other = guests.arrive(host(2)).expect("a place");
        assert!(is_asked(&waiting).await);
        // both are there still, and one more would be too many
        assert!(guests.arrive(host(2)).is_none());
    }
}
