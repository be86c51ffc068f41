//! The Tango protocol in pure Rust: client, events, device server and in-memory database.

pub mod any;
pub mod cdr;
pub mod giop;
pub mod types;
pub mod zmtp;
