//! CORBA's `any`: a value with its type in front, which is how command arguments and replies travel.

mod read;
mod type_code;
mod write;

pub use read::read_any;
pub use write::write_any;
