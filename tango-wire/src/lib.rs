//! The Tango protocol in pure Rust: client, events, device server and in-memory database.
//!
//! | module | holds |
//! |---|---|
//! | [`client`] | [`Client`] finds devices, [`DeviceProxy`] calls and locks them, [`DatabaseProxy`] asks databases |
//! | [`event`] | events of all kinds: each delivered in order, or its loss told |
//! | [`server`] | serves devices to every Tango client |
//! | [`database`] | a Tango database in memory |
//! | [`types`] | what devices say and are told: values, readings, configurations, errors |
//! | [`any`], [`cdr`], [`giop`], [`zmtp`] | the layers below, down to octets |
//!
//! It talks to devices of IDL 4, 5 and 6 (Tango 8 to 10) and runs on tokio: no C, no C++, no ZeroMQ
//! library. What arrives is never trusted: sizes and depths have limits, and no
//! octets make it panic.

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

pub use client::{Client, DatabaseProxy, DeviceAddress, DeviceProxy};
pub use error::Error;
pub use event::{EventHandler, EventNotice, EventSubscription};
pub use types::{
    AttributeConfig, AttributeReading, CommandInfo, DataType, DevError, DevFailed, DevState,
    DeviceInfo, Quality, Value,
};
