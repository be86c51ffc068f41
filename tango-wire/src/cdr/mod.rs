//! Common Data Representation (CDR): how CORBA lays values out in octets.
//!
//! Every primitive is aligned to its own size, counted from a base: the first octet of the GIOP
//! header, of an encapsulation, or of whatever else carries the stream. [`Writer`] and [`Reader`]
//! know their base, so callers never pad by hand. Both speak both byte orders.
//!
//! ```
//! use tango_wire::cdr::{ByteOrder, Reader, Writer};
//!
//! let mut writer = Writer::new(ByteOrder::Little);
//! writer.bool(true);
//! writer.f64(1.5); // aligned to 8 by the writer
//! writer.string("READY");
//! let octets = writer.finish()?;
//!
//! let mut reader = Reader::new(&octets, ByteOrder::Little);
//! assert!(reader.bool()?);
//! assert_eq!(reader.f64()?, 1.5);
//! assert_eq!(reader.string()?, "READY");
//! # Ok::<(), tango_wire::cdr::CdrError>(())
//! ```

mod error;
mod reader;
mod text;
mod writer;

pub use error::CdrError;
pub use reader::Reader;
pub(crate) use text::check as check_text;
pub use text::{decode as decode_text, encode as encode_text};
pub use writer::{ByteOrder, Writer};
