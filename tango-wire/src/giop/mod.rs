//! GIOP, the protocol of CORBA calls: messages, their fragments, and object references.
//!
//! Nothing here opens a connection: [`MessageReader`] reads whole messages from anything,
//! [`Request`] and [`Reply`] take them apart, [`write_request`] and [`write_reply`] make them.
//!
//! ```
//! use tango_wire::giop::{Limits, MessageReader, Request, RequestHead, Version, write_request};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tango_wire::giop::GiopError> {
//! let head = RequestHead::new(Version::V1_2, 1, b"low/sub/1", "_is_a");
//! let octets = write_request(&head, |body| body.string("IDL:Tango/Device_6:1.0"))?;
//!
//! let mut messages = MessageReader::new(&octets[..], Limits::default());
//! let message = messages.next().await?.expect("a message");
//! let mut request = Request::read(&message)?;
//! assert_eq!(request.operation, "_is_a");
//! assert_eq!(request.body.string()?, "IDL:Tango/Device_6:1.0");
//! # Ok(())
//! # }
//! ```

mod assembler;
mod error;
mod header;
mod ior;
mod message_reader;
mod reply;
mod request;
mod system_exception;

pub use error::{GiopError, Limits};
pub use header::{HEADER_LENGTH, Message, MessageKind, Version};
pub use ior::{IorError, ObjectReference, Profile};
pub use message_reader::MessageReader;
pub use reply::{
    Reply, ReplyBody, ReplyStatus, write_close_connection, write_reply, write_user_exception,
};
pub use request::{Request, RequestHead, write_request};
pub use system_exception::{Completion, SystemException};
