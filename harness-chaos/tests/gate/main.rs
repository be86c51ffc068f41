//! The gate over real sockets on loopback.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod arrivals;
mod bench;
mod closing;
mod conditions;
mod faithful;
mod faults;
mod idle;
mod recovering;
mod refusals;
mod seeds;
mod waits;
