//! Steps as telescope teams write them, on the simulated telescope.
#![cfg(feature = "sim")]
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod availability;
mod device;
mod from_afar;
mod health;
#[cfg(feature = "chaos")]
mod network;
mod observed;
mod power;
mod presence;
mod restarting;
mod telescope;
mod untrue;
