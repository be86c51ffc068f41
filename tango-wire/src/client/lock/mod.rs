//! Locks: a device that only one client may command and write for a time.
//!
//! The server keeps a lock by the client's process and address, for some seconds; a client that
//! wants it for longer renews it. Readings, the state and the status stay free to all.

mod administrator;
mod guard;
mod holder;

pub use guard::DeviceLock;
pub use holder::LockHolder;
