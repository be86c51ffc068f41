//! The Tango protocol in pure Rust: client, events, device server and in-memory database.

pub mod any;
pub mod cdr;
pub mod client;
pub mod database;
mod error;
pub mod event;
pub mod giop;
pub mod server;
pub mod types;
pub mod zmtp;

pub use client::{Client, DeviceAddress, DeviceProxy};
pub use error::Error;
pub use event::{EventHandler, EventNotice, EventSubscription};
pub use types::{
    AttributeConfig, AttributeReading, CommandInfo, DataType, DevError, DevFailed, DevState,
    DeviceInfo, Quality, Value,
};
