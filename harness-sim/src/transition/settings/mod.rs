//! Everything that a controller knows, behind its lock.

mod draw;
mod gates;
mod registry;
mod shelf;
mod store;

pub(super) use draw::{Draw, Drawn, Names, rejection};
pub(super) use shelf::SettingId;
pub(super) use store::Settings;
