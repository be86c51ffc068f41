//! The course of a connection, from when it is open to its end.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, ready};

use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::pipe::{Pipe, Stop};
use super::{Closed, Direction, Order, Side, part};
use crate::condition::Ending;
use crate::counters::Meter;
use crate::stage::Chain;

/// What a connection begins with.
#[derive(Debug)]
pub(crate) struct Course {
    pub(crate) orders: UnboundedReceiver<Order>,
    pub(crate) requests: (Chain, Meter),
    pub(crate) replies: (Chain, Meter),
}

/// Passes on what comes from each side to the other, until the connection ends; and says how it ended.
///
/// Dropping the future closes both sockets.
pub(crate) async fn run(client: TcpStream, upstream: TcpStream, course: Course) -> Closed {
    let mut passage = Passage {
        orders: course.orders,
        requests: Pipe::new(course.requests.0, course.requests.1),
        replies: Pipe::new(course.replies.0, course.replies.1),
    };
    let closed = {
        let mut client_fails = pin!(client.ready(Interest::ERROR));
        let mut upstream_fails = pin!(upstream.ready(Interest::ERROR));
        poll_fn(|cx| {
            if let Poll::Ready(closed) = passage.poll(cx, &client, &upstream) {
                return Poll::Ready(closed);
            }
            // a side that is not read from can be gone all the same
            if !passage.requests.reads() && client_fails.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Closed::ResetBy(Side::Client));
            }
            if !passage.replies.reads() && upstream_fails.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Closed::ResetBy(Side::Upstream));
            }
            Poll::Pending
        })
        .await
    };
    let ending = match closed {
        Closed::Ended => Ending::Fin,
        Closed::ResetBy(_) => Ending::Reset,
        Closed::ByCondition(ending) | Closed::ByGate(ending) => ending,
    };
    part(client, ending);
    part(upstream, ending);
    closed
}

struct Passage {
    orders: UnboundedReceiver<Order>,
    requests: Pipe,
    replies: Pipe,
}

impl Passage {
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        client: &TcpStream,
        upstream: &TcpStream,
    ) -> Poll<Closed> {
        loop {
            if let Poll::Ready(ending) = self.poll_orders(cx) {
                return Poll::Ready(Closed::ByGate(ending));
            }
            let mut again = false;
            for direction in Direction::BOTH {
                let (sender, receiver) = match direction {
                    Direction::Requests => (Side::Client, Side::Upstream),
                    Direction::Replies => (Side::Upstream, Side::Client),
                };
                match self.poll_pipe(cx, direction, client, upstream) {
                    Poll::Pending | Poll::Ready(Stop::Finished) => {}
                    Poll::Ready(Stop::OrderFirst) => again = true,
                    Poll::Ready(Stop::Close(ending)) => {
                        return Poll::Ready(Closed::ByCondition(ending));
                    }
                    Poll::Ready(Stop::SourceReset) => {
                        return Poll::Ready(Closed::ResetBy(sender));
                    }
                    Poll::Ready(Stop::SinkGone) => {
                        self.pass_last_words(cx, direction.opposite(), client, upstream);
                        return Poll::Ready(Closed::ResetBy(receiver));
                    }
                }
            }
            if self.requests.finished && self.replies.finished {
                return Poll::Ready(Closed::Ended);
            }
            if !again {
                return Poll::Pending;
            }
        }
    }

    /// What a side said before it went still arrives.
    fn pass_last_words(
        &mut self,
        cx: &mut Context<'_>,
        direction: Direction,
        client: &TcpStream,
        upstream: &TcpStream,
    ) {
        match direction {
            Direction::Requests => self.requests.source_gone = true,
            Direction::Replies => self.replies.source_gone = true,
        }
        // why it stops matters no more
        let _ = self.poll_pipe(cx, direction, client, upstream);
    }

    fn poll_pipe(
        &mut self,
        cx: &mut Context<'_>,
        direction: Direction,
        client: &TcpStream,
        upstream: &TcpStream,
    ) -> Poll<Stop> {
        let order_waits = || !self.orders.is_empty();
        match direction {
            Direction::Requests => self.requests.poll(cx, client, upstream, order_waits),
            Direction::Replies => self.replies.poll(cx, upstream, client, order_waits),
        }
    }

    /// Follows the orders that have come; ready when the connection is to be closed.
    fn poll_orders(&mut self, cx: &mut Context<'_>) -> Poll<Ending> {
        loop {
            // tokio lets a busy task receive nothing now and then, but this asks without its leave
            let order = match self.orders.try_recv() {
                Ok(order) => Some(order),
                Err(TryRecvError::Disconnected) => None,
                Err(TryRecvError::Empty) => ready!(self.orders.poll_recv(cx)),
            };
            let (direction, id, stage) = match order {
                Some(Order::Begin {
                    direction,
                    id,
                    stage,
                }) => (direction, id, stage),
                Some(Order::Replace {
                    direction,
                    id,
                    stage,
                }) => {
                    self.chain(direction).replace(id, stage);
                    continue;
                }
                Some(Order::End(id)) => {
                    self.requests.chain.remove(id);
                    self.replies.chain.remove(id);
                    continue;
                }
                Some(Order::Close(ending)) => return Poll::Ready(ending),
                // the gate is gone
                None => return Poll::Ready(Ending::Fin),
            };
            self.chain(direction).add(id, stage);
        }
    }

    const fn chain(&mut self, direction: Direction) -> &mut Chain {
        match direction {
            Direction::Requests => &mut self.requests.chain,
            Direction::Replies => &mut self.replies.chain,
        }
    }
}
