//! The control over HTTP, through a real socket.

mod admission;
mod advancing;
mod client;
mod devices;
mod events;
mod moto;
mod openapi;
mod refusals;
mod settings;
