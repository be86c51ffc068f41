//! LocateRequest: "is this object here?"

use crate::{
    cdr::{ByteOrder, CdrError, Reader, Writer},
    giop::{Message, Version},
};

/// The number of LocateReply among the kinds of GIOP messages.
const LOCATE_REPLY: u8 = 4;
const UNKNOWN_OBJECT: u32 = 0;
const OBJECT_HERE: u32 = 1;

/// Answers a LocateRequest.
///
/// # Errors
/// The request is malformed.
pub(super) fn answer(
    message: &Message,
    is_here: impl FnOnce(&[u8]) -> bool,
) -> Result<Vec<u8>, CdrError> {
    let mut body = message.reader();
    let (id, key) = read(&mut body, message.version())?;
    let mut writer = Writer::new(ByteOrder::Little);
    writer.raw(b"GIOP");
    writer.raw(&[
        1,
        message.version().minor(),
        ByteOrder::Little.flag(),
        LOCATE_REPLY,
    ]);
    writer.u32(8); // the size of what follows
    writer.u32(id);
    writer.u32(if is_here(key) {
        OBJECT_HERE
    } else {
        UNKNOWN_OBJECT
    });
    writer.finish()
}

fn read<'a>(body: &mut Reader<'a>, version: Version) -> Result<(u32, &'a [u8]), CdrError> {
    let id = body.u32()?;
    if version >= Version::V1_2 {
        match body.u16()? {
            0 => {}
            value => {
                return Err(CdrError::Unknown {
                    what: "way to address an object",
                    value: value.into(),
                });
            }
        }
    }
    Ok((id, body.bytes()?))
}
