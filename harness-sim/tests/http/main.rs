//! The control over HTTP, through a real socket.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod admission;
mod advancing;
mod client;
mod devices;
mod events;
mod moto;
mod openapi;
mod refusals;
mod settings;
