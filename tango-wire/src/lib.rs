//! The Tango protocol in pure Rust: client, events, device server and in-memory database.
