//! The commands of the database device, as they travel. What they do is in the store.

mod aliases;
mod arguments;
mod attribute_properties;
mod date;
mod device_name;
mod devices;
mod event_channels;
mod histories;
mod hosts;
mod information;
mod lists;
mod pipe_properties;
mod properties;
mod reply;
mod servers;
mod table;

pub(super) use table::{DatabaseCommand, all};

use arguments::Arguments;
use reply::Reply;

#[cfg(test)]
mod tests;
