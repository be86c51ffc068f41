//! Locks: a device that only one client may command and write for a time.
//!
//! A server keeps a lock for some seconds; a client that wants it for longer renews it. Readings,
//! the state and the status stay free to all.
//!
//! cppTango knows who holds a lock by the process and the TCP connection: the same process on
//! another connection is another client. So all calls of a locked device and of its admin device
//! share one connection while the lock is held.

mod administrator;
mod guard;
mod holder;

pub(super) use administrator::PinnedAdmin;
pub use guard::DeviceLock;
pub use holder::LockHolder;
