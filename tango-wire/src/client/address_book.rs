//! Other addresses to connect to than those that servers name.

use std::{fmt, io, pin::Pin, sync::Arc};

use super::address::HostPort;

/// Says where to connect instead of where a server is, so that something can stand in between: a
/// proxy, or a tunnel. Nothing changes in what is said over the connection.
///
/// It is asked at each new connection, also for places that it was asked about before.
///
/// A closure is one too, if it need not wait for anything:
///
/// ```
/// use tango_wire::client::{Client, Destination};
///
/// let through_a_tunnel = |destination: &Destination| {
///     let mut place = destination.place.clone();
///     place.host = "localhost".to_owned();
///     Ok(place)
/// };
/// let client = Client::new().with_address_book(through_a_tunnel);
/// # drop(client);
/// ```
pub trait AddressBook: Send + Sync + 'static {
    /// Where to connect for that destination. An error stands for a failure to connect.
    fn look_up<'a>(&'a self, destination: &'a Destination) -> Address<'a>;
}

/// What an [`AddressBook`] answers, in its time.
pub type Address<'a> = Pin<Box<dyn Future<Output = io::Result<HostPort>> + Send + 'a>>;

impl<F> AddressBook for F
where
    F: Fn(&Destination) -> io::Result<HostPort> + Send + Sync + 'static,
{
    fn look_up<'a>(&'a self, destination: &'a Destination) -> Address<'a> {
        Box::pin(std::future::ready(self(destination)))
    }
}

/// A place that a client wants to connect to, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Destination {
    /// Where it is, as its name stands in `TANGO_HOST`, a device's address or a server's answer.
    pub place: HostPort,
    /// What the connection is for.
    pub service: Service,
}

/// What a client connects for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Asking a Tango database.
    Database,
    /// Calling devices: commands, reads, writes (GIOP).
    Calls,
    /// Heartbeats of a device server (ZeroMQ).
    Heartbeats,
    /// Events of a device server (ZeroMQ).
    Events,
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Service::Database => "database",
            Service::Calls => "calls",
            Service::Heartbeats => "heartbeats",
            Service::Events => "events",
        })
    }
}

/// Where to connect: as a book says, or where servers are.
#[derive(Clone, Default)]
pub(crate) struct Directions {
    book: Option<Arc<dyn AddressBook>>,
}

impl Directions {
    pub(crate) fn of(book: impl AddressBook) -> Directions {
        Directions {
            book: Some(Arc::new(book)),
        }
    }

    /// Where to connect.
    pub(crate) async fn to(&self, place: &HostPort, service: Service) -> io::Result<HostPort> {
        match &self.book {
            None => Ok(place.clone()),
            Some(book) => {
                let destination = Destination {
                    place: place.clone(),
                    service,
                };
                book.look_up(&destination).await
            }
        }
    }
}

impl fmt::Debug for Directions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.book {
            Some(_) => "Directions(by a book)",
            None => "Directions(straight)",
        })
    }
}
