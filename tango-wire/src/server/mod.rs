//! Serves devices: any [`Servant`] becomes a Tango device that every Tango client can talk to.
//!
//! ```
//! use std::{future::ready, sync::Arc};
//! use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, Servant};
//! use tango_wire::types::*;
//!
//! struct Lamp;
//!
//! impl Servant for Lamp {
//!     fn class(&self) -> String {
//!         "Lamp".into()
//!     }
//!     fn commands(&self) -> Vec<CommandInfo> {
//!         vec![CommandInfo::new("Greet", DataType::String, DataType::String)]
//!     }
//!     fn attributes(&self) -> Vec<AttributeConfig> {
//!         vec![AttributeConfig::new("brightness", DataType::Double)]
//!     }
//!     fn state(&self) -> DevState {
//!         DevState::On
//!     }
//!     fn command<'a>(&'a self, _: &'a str, name: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
//!         let Value::String(name) = name else {
//!             unreachable!("the server has checked it")
//!         };
//!         Box::pin(ready(Ok(Value::String(format!("Hello {name}")))))
//!     }
//!     fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
//!         Box::pin(ready(Ok(Value::Double(0.5).into())))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tango_wire::server::ServerError> {
//! let server = DeviceServer::new("lamps/1").with_device("house/lamp/1", Arc::new(Lamp));
//! let server = server.start().await?;
//! println!("serving {}", server.device_url("house/lamp/1").unwrap_or_default());
//! # use std::time::SystemTime;
//! # let events = server.events();
//! events
//!     .push_change("house/lamp/1", "brightness", Value::Double(0.7), Quality::Valid, SystemTime::now())
//!     .expect("the device and its attribute are there");
//! server.shutdown().await
//! # }
//! ```
//!
//! A server speaks GIOP 1.0 to 1.2 and implements version 6 of Tango's device interface as far as
//! clients use it. Devices can be locked, and keep their last calls in a black box.
//!
//! Events of all kinds leave by the [`EventPublisher`], those that say that a configuration or an
//! interface has changed by themselves. Which kinds an attribute has is the servant's word,
//! [`Servant::sends`]. Nothing is compared with change limits and nothing is sent by the clock:
//! the device's code pushes.
//!
//! Clients may write attribute configurations. Limits of values are in force from then on: a
//! value outside of them cannot be written, and one beyond an alarm or warning limit is read, and
//! pushed, with that quality. What was written is kept until the device is restarted, not in the
//! database. The alarm on the difference to the set point (`delta_t`, `delta_val`) can be written
//! and is not watched.
//!
//! A device whose commands or attributes change says so by
//! [`interface_changed`](EventPublisher::interface_changed); `Init`, `DevRestart` and
//! `RestartServer` ask by themselves.
//!
//! Clients may have a device's log sent to other devices (`AddLoggingTarget` and what belongs to it);
//! servants say what there is to say by [`DeviceLogs`]. There are no log files.
//!
//! Not there: polling, history, memorised attributes, pipes, forwarded attributes.

mod acceptor;
mod admin;
mod answer;
mod black_box;
mod caller;
mod calls;
mod configuration;
mod connection;
mod device;
mod device_lock;
mod device_server;
mod device_table;
mod error;
mod events;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod guests;
mod halt;
mod heartbeat;
mod identity;
mod interface;
mod locate;
mod locking;
mod logging;
mod old_configs;
mod operation;
mod panic;
mod quota;
mod readings;
mod registration;
mod running_server;
mod serialization;
mod servant;
mod shape;
mod topics;

pub use device_server::DeviceServer;
pub use error::{EventError, ServerError};
pub use events::EventPublisher;
pub use logging::{DeviceLogs, LogLevel};
pub use running_server::RunningServer;
pub use serialization::Serialization;
pub use servant::{BoxFuture, ReadingToServe, Servant};

use identity::Identity;
pub(crate) use registration::DATABASE_KEY;
