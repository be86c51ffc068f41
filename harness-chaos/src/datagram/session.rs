//! The datagrams of one client address.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::condition::Ending;
use crate::connection::{Closed, Course, Direction, Order};
use crate::counters::Meter;
use crate::stage::{Chain, Item, later};

/// The largest datagram there is.
pub(super) const LARGEST: usize = 65_535;

thread_local! {
    /// What all sessions of a thread receive into, one after the other.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; LARGEST]);
}

/// One client's datagrams, both ways.
#[derive(Debug)]
pub(super) struct Session {
    /// The socket that all clients send to.
    pub(super) clients: Arc<UdpSocket>,
    /// Where this one sends from.
    pub(super) client: SocketAddr,
    /// The socket towards the upstream.
    pub(super) upstream: UdpSocket,
    /// What the client sent.
    pub(super) inbox: mpsc::Receiver<Vec<u8>>,
    /// A session without datagrams ends after this.
    pub(super) idle: Duration,
}

enum News {
    Order(Option<Order>),
    Request(Option<Vec<u8>>),
    Reply(io::Result<()>),
    Due,
    Idle,
}

impl Session {
    /// Passes datagrams on until the session ends, and says how it ended.
    pub(super) async fn run(mut self, course: Course) -> Closed {
        let mut orders = course.orders;
        let (mut requests, request_meter) = course.requests;
        let (mut replies, reply_meter) = course.replies;
        let mut last = Instant::now();
        loop {
            let now = Instant::now();
            let dues = [requests.advance(now), replies.advance(now)];
            let due = dues.into_iter().flatten().min();
            for (chain, meter) in [
                (&mut requests, &request_meter),
                (&mut replies, &reply_meter),
            ] {
                meter.swallowed(chain.take_swallowed());
            }
            while let Some(item) = requests.output().pop() {
                let Item::Octets(octets) = item else {
                    return Closed::ByCondition(Ending::Fin);
                };
                report(self.upstream.send(&octets).await);
                request_meter.sent(octets.len());
            }
            while let Some(item) = replies.output().pop() {
                let Item::Octets(octets) = item else {
                    return Closed::ByCondition(Ending::Fin);
                };
                report(self.clients.send_to(&octets, self.client).await);
                reply_meter.sent(octets.len());
            }
            let (takes_requests, takes_replies) = (requests.takes(), replies.takes());
            let news = tokio::select! {
                biased;
                order = orders.recv() => News::Order(order),
                request = self.inbox.recv(), if takes_requests => News::Request(request),
                reply = self.upstream.readable(), if takes_replies => News::Reply(reply),
                () = sleep_until(due.unwrap_or(now)), if due.is_some() => News::Due,
                () = sleep_until(later(last, self.idle)) => News::Idle,
            };
            match news {
                News::Order(order) => match order {
                    Some(Order::Begin {
                        direction: Direction::Requests,
                        id,
                        stage,
                    }) => requests.add(id, stage),
                    Some(Order::Begin { id, stage, .. }) => replies.add(id, stage),
                    Some(Order::Replace {
                        direction: Direction::Requests,
                        id,
                        stage,
                    }) => requests.replace(id, stage),
                    Some(Order::Replace { id, stage, .. }) => replies.replace(id, stage),
                    Some(Order::End(id)) => {
                        requests.remove(id);
                        replies.remove(id);
                    }
                    Some(Order::Close(ending)) => return Closed::ByGate(ending),
                    None => return Closed::ByGate(Ending::Fin),
                },
                News::Request(Some(octets)) => {
                    last = now;
                    take(&mut requests, &request_meter, octets);
                }
                News::Request(None) => return Closed::ByGate(Ending::Fin),
                News::Reply(ready) => {
                    report(ready.map(|()| 0));
                    if let Some(octets) = self.receive() {
                        last = now;
                        take(&mut replies, &reply_meter, octets);
                    }
                }
                News::Due => {}
                News::Idle => return Closed::Ended,
            }
        }
    }

    /// What the upstream has sent, if there is something.
    fn receive(&self) -> Option<Vec<u8>> {
        BUFFER.with_borrow_mut(|buffer| match self.upstream.try_recv(buffer) {
            Ok(count) => Some(buffer.get(..count).unwrap_or_default().to_vec()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) => {
                report(Err(error));
                None
            }
        })
    }
}

fn take(chain: &mut Chain, meter: &Meter, octets: Vec<u8>) {
    meter.received(octets.len());
    chain.push(Item::Octets(octets.into()));
}

/// A datagram that cannot be sent or received is lost, as on any network; such as when nobody listens at
/// the other end.
fn report(outcome: io::Result<usize>) {
    if let Err(error) = outcome {
        tracing::debug!(%error, "a datagram is lost");
    }
}
