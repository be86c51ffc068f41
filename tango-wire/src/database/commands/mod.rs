//! The commands of the database device, as they travel. What they do is in the store.

mod aliases;
mod arguments;
mod attribute_properties;
mod devices;
mod information;
mod properties;
mod reply;
mod servers;
mod table;

pub(super) use arguments::Arguments;
pub(super) use table::{DatabaseCommand, all};

use reply::Reply;

#[cfg(test)]
mod tests;
