//! ZMTP 3.1, the protocol of ZeroMQ, as far as Tango's events need it: the NULL mechanism, a
//! [`SubscriberSocket`] and a [`Publisher`] over TCP (RFC 23 and RFC 37 of rfc.zeromq.org).
//!
//! ```
//! use tango_wire::zmtp::{Publisher, SubscriberSocket};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tango_wire::zmtp::ZmtpError> {
//! let publisher = Publisher::bind("127.0.0.1:0").await?;
//! let mut subscriber = SubscriberSocket::connect(publisher.address()).await?;
//! subscriber.subscribe(b"low-tmc/")?;
//! subscriber.ping().await?; // the publisher has taken the subscription in
//!
//! publisher.publish(&[b"low-tmc/subarray/01", b"READY"]);
//! let message = subscriber.next().await?;
//! assert_eq!(message.topic(), b"low-tmc/subarray/01");
//! assert_eq!(message.part(1), Some(&b"READY"[..]));
//! # Ok(())
//! # }
//! ```

mod command;
mod error;
mod frame;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod handshake;
mod message;
mod publisher;
mod read_ahead;
mod send_queue;
mod subscriber;
mod topics;

pub use error::ZmtpError;
pub use frame::Limits;
pub use message::Message;
pub use publisher::{Delivery, Publisher, PublisherOptions};
pub use subscriber::{SubscriberControl, SubscriberSocket};
