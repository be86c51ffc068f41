use std::pin::Pin;

use crate::client::proxy::DeviceProxy;
use crate::error::Error;
use crate::types::Value;

/// What the methods of an administrator return.
pub(in crate::client) type Answer<'a> =
    Pin<Box<dyn Future<Output = Result<Value, Error>> + Send + 'a>>;

/// Whoever runs the commands about locks: the admin device of the device's server.
pub(in crate::client) trait Administrator: Send + Sync + 'static {
    /// Runs one command.
    fn run<'a>(&'a self, command: &'static str, argument: Value) -> Answer<'a>;
}

impl Administrator for DeviceProxy {
    fn run<'a>(&'a self, command: &'static str, argument: Value) -> Answer<'a> {
        Box::pin(self.command(command, argument))
    }
}
