use super::{GiopError, Limits};
use crate::cdr::{ByteOrder, Reader, Writer};

/// Octets of the header of every GIOP message.
pub const HEADER_LENGTH: usize = 12;

/// The version of GIOP a message is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// What a `corbaloc` address without a version means.
    V1_0,
    /// Read, never written.
    V1_1,
    /// What every object reference of a Tango server offers.
    V1_2,
}

impl Version {
    /// The number after the point; what is newer than 1.2 counts as 1.2, as GIOP promises.
    #[must_use]
    pub fn from_minor(minor: u8) -> Version {
        match minor {
            0 => Version::V1_0,
            1 => Version::V1_1,
            _ => Version::V1_2,
        }
    }

    /// The number after the point.
    #[must_use]
    pub fn minor(self) -> u8 {
        match self {
            Version::V1_0 => 0,
            Version::V1_1 => 1,
            Version::V1_2 => 2,
        }
    }
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "GIOP's own names")]
pub enum MessageKind {
    Request,
    Reply,
    CancelRequest,
    LocateRequest,
    LocateReply,
    CloseConnection,
    MessageError,
    Fragment,
}

impl MessageKind {
    const ALL: [MessageKind; 8] = [
        MessageKind::Request,
        MessageKind::Reply,
        MessageKind::CancelRequest,
        MessageKind::LocateRequest,
        MessageKind::LocateReply,
        MessageKind::CloseConnection,
        MessageKind::MessageError,
        MessageKind::Fragment,
    ];
}

const MORE_FRAGMENTS: u8 = 2;

/// The header of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) version: Version,
    pub(super) order: ByteOrder,
    pub(super) more_fragments: bool,
    pub(super) kind: MessageKind,
    /// Octets of the whole message, the header included.
    pub(super) length: usize,
}

impl Header {
    /// Reads the header at the start of `octets`; `None` if there are too few of them yet.
    pub(super) fn read(octets: &[u8], limits: &Limits) -> Result<Option<Header>, GiopError> {
        let Some((start, size)) = octets.first_chunk::<HEADER_LENGTH>().map(|header| {
            let [a, b, c, d, e, f, g, h, size @ ..] = *header;
            ([a, b, c, d, e, f, g, h], size)
        }) else {
            return Ok(None);
        };
        let [b'G', b'I', b'O', b'P', 1, minor, flags, kind] = start else {
            return Err(GiopError::NotGiop(start));
        };
        let order = ByteOrder::from_flag(flags);
        let size = match order {
            ByteOrder::Big => u32::from_be_bytes(size),
            ByteOrder::Little => u32::from_le_bytes(size),
        } as usize;
        let length = size.saturating_add(HEADER_LENGTH);
        if length > limits.message {
            let what = "a message";
            return Err(GiopError::TooLarge {
                what,
                size: length,
                limit: limits.message,
            });
        }
        let version = Version::from_minor(minor);
        let found = MessageKind::ALL.get(usize::from(kind)).copied();
        Ok(Some(Header {
            version,
            order,
            more_fragments: version > Version::V1_0 && flags & MORE_FRAGMENTS != 0,
            kind: found.ok_or(GiopError::UnknownKind(kind))?,
            length,
        }))
    }
}

/// Starts a message; [`finish`] completes it.
pub(super) fn start(version: Version, kind: MessageKind) -> Writer {
    let mut writer = Writer::new(ByteOrder::Little);
    writer.raw(b"GIOP");
    writer.raw(&[1, version.minor(), ByteOrder::Little.flag(), kind as u8]);
    writer.u32(0);
    writer
}

/// Fills in the size. Messages are never cut into fragments: no peer asks for it.
pub(super) fn finish(mut writer: Writer) -> Result<Vec<u8>, crate::cdr::CdrError> {
    let length = writer.len() - HEADER_LENGTH;
    match u32::try_from(length) {
        Ok(size) => writer.patch_u32(HEADER_LENGTH - 4, size),
        Err(_) => writer.fail(crate::cdr::CdrError::TooLongToSend { length }),
    }
    writer.finish()
}

/// Writes the body of a request or reply: from 1.2 on it starts at a multiple of 8, unless it is
/// empty.
pub(super) fn body(writer: &mut Writer, version: Version, write: impl FnOnce(&mut Writer)) {
    if version < Version::V1_2 {
        write(writer);
        return;
    }
    let unpadded = writer.len();
    writer.align(8);
    let padded = writer.len();
    write(writer);
    if writer.len() == padded {
        writer.truncate(unpadded);
    }
}

/// A whole message, its fragments joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub(super) version: Version,
    pub(super) order: ByteOrder,
    pub(super) kind: MessageKind,
    /// The header and all that follows: alignment counts from the header's first octet.
    pub(super) octets: Vec<u8>,
}

impl Message {
    /// The version of GIOP it is of. An answer is of the same.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// Octets of the message, the header included.
    #[must_use]
    pub fn length(&self) -> usize {
        self.octets.len()
    }

    /// Reads what follows the header.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        let mut reader = Reader::new(&self.octets, self.order);
        let _header = reader.take(HEADER_LENGTH);
        reader
    }
}
