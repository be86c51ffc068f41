//! Other ways to devices than the straight ones.

use std::sync::Arc;

use tango_wire::client::AddressBook;
pub use tango_wire::client::{Address, Destination, HostPort, Service};

/// Says for each device where to connect instead of where its server, and the Tango database, are: so
/// a gate can stand before each of them. Nothing changes in what is said over the connections.
///
/// Each device has connections of its own then, also where devices share a server: what goes wrong on
/// the way to one does not concern the others.
///
/// A closure is one too, if it need not wait for anything:
///
/// ```
/// use harness_tango::device::{Destination, TangoConnector};
///
/// let straight = |_device: &str, destination: &Destination| Ok(destination.place.clone());
/// let connector = TangoConnector::default().with_routes(straight);
/// # drop(connector);
/// ```
pub trait Routes: Send + Sync + 'static {
    /// Where to connect for this device, by its name in lower case without the database. It is asked
    /// at each new connection. An error stands for a failure to connect.
    fn route<'a>(&'a self, device: &'a str, destination: &'a Destination) -> Address<'a>;
}

impl<F> Routes for F
where
    F: Fn(&str, &Destination) -> std::io::Result<HostPort> + Send + Sync + 'static,
{
    fn route<'a>(&'a self, device: &'a str, destination: &'a Destination) -> Address<'a> {
        Box::pin(std::future::ready(self(device, destination)))
    }
}

/// The routes to one device.
pub(super) struct RoutesTo {
    pub(super) device: String,
    pub(super) routes: Arc<dyn Routes>,
}

impl AddressBook for RoutesTo {
    fn look_up<'a>(&'a self, destination: &'a Destination) -> Address<'a> {
        self.routes.route(&self.device, destination)
    }
}
