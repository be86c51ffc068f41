//! What the fuzz targets of tango-wire have in common.
//!
//! A target turns octets into what a peer could have sent and hands that to the function which the
//! network would hand it to. It fails when that panics, takes much more memory than it was sent
//! ([`memory`]), or does not read back what it wrote itself ([`settling`]).

pub mod chunks;
pub mod input;
pub mod kinds;
pub mod memory;
pub mod operations;
pub mod settling;
