use super::header::{body, finish, start};
use super::request::skip_service_contexts;
use super::{GiopError, Message, MessageKind, ObjectReference, SystemException, Version};
use crate::cdr::{CdrError, Reader, Writer};

/// How a call ended, as its reply's number tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReplyStatus {
    /// The result follows.
    NoException = 0,
    /// An exception of the interface follows: its repository id, then its content.
    UserException = 1,
    /// A [`SystemException`] follows.
    SystemException = 2,
    /// The reference of the object to call instead follows.
    LocationForward = 3,
}

/// Writes a reply of the request's `version` and `id`; `content` writes what follows.
///
/// # Errors
/// Something in the content can't be sent.
pub fn write_reply(
    version: Version,
    id: u32,
    status: ReplyStatus,
    content: impl FnOnce(&mut Writer),
) -> Result<Vec<u8>, CdrError> {
    let mut writer = start(version, MessageKind::Reply);
    if version < Version::V1_2 {
        writer.count(0);
    }
    writer.u32(id);
    writer.u32(status as u32);
    if version >= Version::V1_2 {
        writer.count(0);
    }
    body(&mut writer, version, content);
    finish(writer)
}

/// Writes a reply that carries an exception of the interface, as
/// [`DevFailed::ID`](crate::types::DevFailed::ID).
///
/// # Errors
/// Something in the content can't be sent.
pub fn write_user_exception(
    version: Version,
    id: u32,
    exception: &str,
    content: impl FnOnce(&mut Writer),
) -> Result<Vec<u8>, CdrError> {
    write_reply(version, id, ReplyStatus::UserException, |writer| {
        writer.string(exception);
        content(writer);
    })
}

/// Writes the message that ends a connection in order: no request without a reply was executed.
///
/// # Errors
/// None in practice.
pub fn write_close_connection(version: Version) -> Result<Vec<u8>, CdrError> {
    finish(start(version, MessageKind::CloseConnection))
}

/// A reply, as a client reads it.
#[derive(Debug, Clone)]
pub struct Reply<'a> {
    /// The number of the request it answers.
    pub id: u32,
    /// What it says.
    pub body: ReplyBody<'a>,
}

/// What a reply says.
#[derive(Debug, Clone)]
pub enum ReplyBody<'a> {
    /// The result.
    Result(Reader<'a>),
    /// An exception of the interface.
    UserException {
        /// Its repository id.
        id: String,
        /// Its content.
        content: Reader<'a>,
    },
    /// An exception of CORBA itself.
    SystemException(SystemException),
    /// Another object to call instead.
    LocationForward(ObjectReference),
}

impl<'a> Reply<'a> {
    /// Takes a message apart.
    ///
    /// # Errors
    /// It is not a reply, or malformed.
    pub fn read(message: &'a Message) -> Result<Reply<'a>, GiopError> {
        if message.kind() != MessageKind::Reply {
            let expected = MessageKind::Reply;
            return Err(GiopError::Unexpected {
                expected,
                found: message.kind(),
            });
        }
        let version = message.version();
        let mut reader = message.reader();
        if version < Version::V1_2 {
            skip_service_contexts(&mut reader)?;
        }
        let id = reader.u32()?;
        let status = reader.u32()?;
        if version >= Version::V1_2 {
            skip_service_contexts(&mut reader)?;
            reader.align(8);
        }
        let body = match status {
            0 => ReplyBody::Result(reader),
            1 => ReplyBody::UserException {
                id: reader.string()?,
                content: reader,
            },
            2 => ReplyBody::SystemException(SystemException::read(&mut reader)?),
            3 | 4 => ReplyBody::LocationForward(ObjectReference::read(&mut reader)?),
            value => {
                return Err(CdrError::Unknown {
                    what: "reply status",
                    value,
                }
                .into());
            }
        };
        Ok(Reply { id, body })
    }
}
