use std::borrow::Cow;

use super::header::{body, finish, start};
use super::{GiopError, Message, MessageKind, Version};
use crate::cdr::{CdrError, Reader, Writer};

/// What stands before the arguments of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestHead<'a> {
    /// The version of GIOP to write: 1.0 or 1.2.
    pub version: Version,
    /// The number the reply will carry.
    pub id: u32,
    /// The object that is called.
    pub object_key: &'a [u8],
    /// What it is asked to do.
    pub operation: &'a str,
    /// Announces the character set, ISO-8859-1. Due once per connection, with its first request;
    /// GIOP 1.0 has no character sets.
    pub announce_code_sets: bool,
}

impl<'a> RequestHead<'a> {
    /// A request that does not announce the character set.
    #[must_use]
    pub fn new(
        version: Version,
        id: u32,
        object_key: &'a [u8],
        operation: &'a str,
    ) -> RequestHead<'a> {
        RequestHead {
            version,
            id,
            object_key,
            operation,
            announce_code_sets: false,
        }
    }
}

/// The service context that holds character sets.
const CODE_SETS: u32 = 1;
const ISO_8859_1: u32 = 0x0001_0001;
const UTF_16: u32 = 0x0001_0109;
/// A reply is wanted when the request was executed.
const SYNC_WITH_TARGET: u8 = 3;

/// Writes a request that wants a reply; `arguments` writes the arguments.
///
/// # Errors
/// An argument can't be sent.
pub fn write_request(
    head: &RequestHead<'_>,
    arguments: impl FnOnce(&mut Writer),
) -> Result<Vec<u8>, CdrError> {
    let mut writer = start(head.version, MessageKind::Request);
    if head.version < Version::V1_2 {
        writer.count(0);
        writer.u32(head.id);
        writer.bool(true);
        if head.version == Version::V1_1 {
            writer.raw(&[0; 3]);
        }
        writer.bytes(head.object_key);
        writer.string(head.operation);
        writer.bytes(&[]); // principal
    } else {
        writer.u32(head.id);
        writer.raw(&[SYNC_WITH_TARGET, 0, 0, 0]);
        writer.u16(0); // what follows is an object key
        writer.bytes(head.object_key);
        writer.string(head.operation);
        if head.announce_code_sets {
            writer.count(1);
            writer.u32(CODE_SETS);
            writer.encapsulation(|context| {
                context.u32(ISO_8859_1);
                context.u32(UTF_16);
            });
        } else {
            writer.count(0);
        }
    }
    body(&mut writer, head.version, arguments);
    finish(writer)
}

/// A request, as a server reads it.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The version of GIOP; the reply must be of the same.
    pub version: Version,
    /// The number the reply must carry.
    pub id: u32,
    /// False if the caller does not wait for a reply.
    pub response_expected: bool,
    /// The object that is called.
    pub object_key: &'a [u8],
    /// What it is asked to do.
    pub operation: Cow<'a, str>,
    /// The arguments.
    pub body: Reader<'a>,
}

impl<'a> Request<'a> {
    /// Takes a message apart.
    ///
    /// # Errors
    /// It is not a request, or malformed.
    pub fn read(message: &'a Message) -> Result<Request<'a>, GiopError> {
        if message.kind() != MessageKind::Request {
            let expected = MessageKind::Request;
            return Err(GiopError::Unexpected {
                expected,
                found: message.kind(),
            });
        }
        let version = message.version();
        let mut reader = message.reader();
        let request = if version < Version::V1_2 {
            skip_service_contexts(&mut reader)?;
            let id = reader.u32()?;
            let response_expected = reader.bool()?;
            if version == Version::V1_1 {
                reader.take(3)?;
            }
            let object_key = reader.bytes()?;
            let operation = String::from_utf8_lossy(reader.string_octets()?);
            let _principal = reader.bytes()?;
            Request {
                version,
                id,
                response_expected,
                object_key,
                operation,
                body: reader,
            }
        } else {
            let id = reader.u32()?;
            let response_expected = reader.u8()? & 1 != 0;
            reader.take(3)?;
            let object_key = read_target(&mut reader)?;
            let operation = String::from_utf8_lossy(reader.string_octets()?);
            skip_service_contexts(&mut reader)?;
            reader.align(8);
            Request {
                version,
                id,
                response_expected,
                object_key,
                operation,
                body: reader,
            }
        };
        Ok(request)
    }
}

/// Reads the object key of a 1.2 request; the other two ways to address an object are refused.
fn read_target<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], CdrError> {
    match reader.u16()? {
        0 => reader.bytes(),
        value => Err(CdrError::Unknown {
            what: "way to address an object",
            value: value.into(),
        }),
    }
}

/// Skips service contexts: none of them changes how a call is read.
pub(super) fn skip_service_contexts(reader: &mut Reader<'_>) -> Result<(), CdrError> {
    for _ in 0..reader.count(8)? {
        reader.u32()?;
        reader.bytes()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
