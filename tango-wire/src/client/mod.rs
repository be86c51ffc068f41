//! The client: finds devices and calls them.
//!
//! A [`Client`] keeps connections, a [`DeviceProxy`] stands for one device, a [`DatabaseProxy`]
//! for a Tango database, a [`DeviceLock`] keeps other clients away from a device. Each call has a
//! connection to itself while it lasts, because omniORB, which most Tango servers use, slows
//! several calls on one connection down by 20 to 40 ms. A device that is locked is the exception: to
//! cppTango a lock belongs to one connection, so its calls share that, one after another.

mod address;
mod address_book;
mod call;
#[expect(
    clippy::module_inception,
    reason = "the type Client has a file of its own"
)]
mod client;
mod connection;
mod database;
mod dialing;
mod lock;
mod pool;
mod proxy;
mod resolver;
mod target;

pub use address::{AddressError, DeviceAddress, HostPort, HostPortError, Place};
pub use address_book::{Address, AddressBook, Destination, Service};
pub use client::Client;
pub use database::{
    AttributeOwner, AttributeProperties, DatabaseDevice, DatabaseProxy, DeviceExport, Property,
    PropertyOwner, ServerPlacement,
};
pub use lock::{DeviceLock, LockHolder};
pub use proxy::DeviceProxy;

pub(crate) use address_book::Directions;
use call::Call;
