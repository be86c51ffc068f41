//! Gates that are made and changed over HTTP, through real sockets.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod admission;
mod hostile;
mod populate;
mod proxies;
mod served;
mod switching;
mod toxics;
mod traffic;
mod whole;
