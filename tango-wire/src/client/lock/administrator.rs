use std::pin::Pin;

use tokio::sync::watch;

use crate::client::pool;
use crate::client::proxy::DeviceProxy;
use crate::client::target::Target;
use crate::error::Error;
use crate::types::Value;

/// What the methods of an administrator return.
pub(in crate::client) type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<Value, Error>> + Send + 'a>>;

/// Whoever runs the commands about locks: the admin device of the device's server.
pub(in crate::client) trait Administrator: Send + Sync + 'static {
    /// Runs one command.
    fn run<'a>(&'a self, command: &'static str, argument: Value) -> Answer<'a>;

    /// Changes when the connection is lost by which the server knows who holds the lock.
    fn losses(&self) -> watch::Receiver<u64>;
}

/// An admin device whose calls share one connection with those of a device, as long as this
/// lasts: to cppTango the same process on another connection is another client.
pub(in crate::client) struct PinnedAdmin {
    admin: DeviceProxy,
    losses: watch::Receiver<u64>,
    _pins: Vec<pool::Pin>,
}

impl PinnedAdmin {
    /// The admin device; where the device and where the admin device is served.
    pub(in crate::client) fn new(admin: DeviceProxy, places: [&Target; 2]) -> PinnedAdmin {
        let pins: Vec<pool::Pin> = places.into_iter().flat_map(Target::pin).collect();
        // the last one is of the admin device, where it is called now
        let losses = pins
            .last()
            .map_or_else(|| watch::Sender::default().subscribe(), pool::Pin::losses);
        PinnedAdmin {
            admin,
            losses,
            _pins: pins,
        }
    }
}

impl Administrator for PinnedAdmin {
    fn run<'a>(&'a self, command: &'static str, argument: Value) -> Answer<'a> {
        Box::pin(self.admin.command(command, argument))
    }

    fn losses(&self) -> watch::Receiver<u64> {
        self.losses.clone()
    }
}
