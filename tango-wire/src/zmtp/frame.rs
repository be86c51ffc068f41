//! Frames: one octet of flags, a size of one or eight octets, a body.

use tokio::io::{AsyncRead, AsyncReadExt};

use super::{Message, ZmtpError};

const MORE: u8 = 0b001;
const LONG: u8 = 0b010;
const COMMAND: u8 = 0b100;

/// How much a peer may send in one go before the connection is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Octets in one message, all its parts together.
    pub message_size: u64,
    /// Parts in one message.
    pub parts: usize,
    /// Octets in a command (READY, SUBSCRIBE, PING, ...).
    pub command_size: u64,
}

impl Default for Limits {
    /// 64 MiB a message, 16 parts, 64 KiB a command: a Tango event has four parts.
    fn default() -> Self {
        Self {
            message_size: 64 << 20,
            parts: 16,
            command_size: 64 << 10,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    Command,
    /// A part that others follow.
    Part,
    LastPart,
}

/// What stands before a frame's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHead {
    pub(super) kind: FrameKind,
    /// Octets of the body, as announced.
    pub(super) size: u64,
}

/// What is reserved for a body before any of it has come.
const AHEAD: usize = 4096;

/// Reads what stands before the next frame's body. Not cancel-safe: a frame may be half read, so
/// only a task that does nothing else may call it.
pub(super) async fn read_head<R>(reader: &mut R) -> Result<FrameHead, ZmtpError>
where
    R: AsyncRead + Unpin,
{
    let flags = reader.read_u8().await?;
    let kind = match flags & !LONG {
        0 => FrameKind::LastPart,
        MORE => FrameKind::Part,
        COMMAND => FrameKind::Command,
        _ => return Err(ZmtpError::Protocol("unknown frame flags")),
    };
    let size = if flags & LONG == 0 {
        u64::from(reader.read_u8().await?)
    } else {
        reader.read_u64().await?
    };
    Ok(FrameHead { kind, size })
}

/// Reads a body of at most `limit` octets. Not cancel-safe, see [`read_head`].
pub(super) async fn read_body<R>(
    reader: &mut R,
    what: &'static str,
    size: u64,
    limit: u64,
) -> Result<Vec<u8>, ZmtpError>
where
    R: AsyncRead + Unpin,
{
    let too_large = ZmtpError::TooLarge { what, size, limit };
    if size > limit {
        return Err(too_large);
    }
    let size = usize::try_from(size).map_err(|_| too_large)?;
    // grows with what really arrives: an announced size costs the peer, not us
    let mut body = Vec::with_capacity(size.min(AHEAD));
    while body.len() < size {
        if body.len() == body.capacity() {
            body.reserve_exact((size - body.len()).min(body.len().max(AHEAD)));
        }
        let missing = (size - body.len()) as u64;
        if (&mut *reader).take(missing).read_buf(&mut body).await? == 0 {
            return Err(ZmtpError::Closed);
        }
    }
    Ok(body)
}

/// What a peer sends when the handshake is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    Command(Vec<u8>),
    Message(Message),
}

/// Joins frames to messages; commands may come between two messages.
#[derive(Debug)]
pub(super) struct IncomingReader<R> {
    reader: R,
    limits: Limits,
}

impl<R: AsyncRead + Unpin> IncomingReader<R> {
    pub(super) fn new(reader: R, limits: Limits) -> Self {
        Self { reader, limits }
    }

    /// Reads the next command or whole message. Not cancel-safe, see [`read_head`].
    pub(super) async fn next(&mut self) -> Result<Incoming, ZmtpError> {
        let mut parts = Vec::with_capacity(4);
        let mut room = self.limits.message_size;
        loop {
            let FrameHead { kind, size } = read_head(&mut self.reader).await?;
            if kind == FrameKind::Command {
                if !parts.is_empty() {
                    return Err(ZmtpError::Protocol("a command inside a message"));
                }
                let limit = self.limits.command_size;
                let body = read_body(&mut self.reader, "a command", size, limit).await?;
                return Ok(Incoming::Command(body));
            }
            parts.push(read_body(&mut self.reader, "a message part", size, room).await?);
            if kind == FrameKind::LastPart {
                return Ok(Incoming::Message(Message::new(parts)));
            }
            room -= size;
            if parts.len() >= self.limits.parts {
                return Err(ZmtpError::TooLarge {
                    what: "a message with more parts than",
                    size: parts.len() as u64,
                    limit: self.limits.parts as u64,
                });
            }
        }
    }
}

/// Appends a whole message.
pub(super) fn write_message(out: &mut Vec<u8>, parts: &[&[u8]]) {
    let Some((last, others)) = parts.split_last() else {
        return;
    };
    for part in others {
        write_frame(out, MORE, part);
    }
    write_frame(out, 0, last);
}

/// Appends a command frame; `body` begins with the command's name.
pub(super) fn write_command(out: &mut Vec<u8>, body: &[u8]) {
    write_frame(out, COMMAND, body);
}

fn write_frame(out: &mut Vec<u8>, flags: u8, body: &[u8]) {
    match u8::try_from(body.len()) {
        Ok(size) => out.extend([flags, size]),
        Err(_) => {
            out.push(flags | LONG);
            out.extend((body.len() as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(body);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits() -> Limits {
        Limits {
            message_size: 1000,
            parts: 3,
            command_size: 100,
        }
    }

    async fn read_all(bytes: &[u8]) -> Result<Incoming, ZmtpError> {
        IncomingReader::new(bytes, limits()).next().await
    }

    #[tokio::test]
    async fn what_is_written_is_read() {
        let long = vec![7; 300];
        let mut bytes = Vec::new();
        write_message(&mut bytes, &[b"topic", &[], &long]);
        assert_eq!(bytes[..2], [1, 5], "short frame, more to come");
        let Ok(Incoming::Message(message)) = read_all(&bytes).await else {
            panic!("no message");
        };
        assert_eq!(message.parts(), [b"topic".to_vec(), vec![], long]);
    }

    #[tokio::test]
    async fn sizes_have_limits() {
        let announced = [2, 0, 0, 0, 0, 0xff, 0, 0, 0];
        assert!(matches!(
            read_all(&announced).await,
            Err(ZmtpError::TooLarge { limit: 1000, .. })
        ));
        let mut command = Vec::new();
        write_command(&mut command, &[0; 101]);
        assert!(matches!(
            read_all(&command).await,
            Err(ZmtpError::TooLarge { limit: 100, .. })
        ));
        let mut parts = Vec::new();
        write_message(&mut parts, &[b"1", b"2", b"3", b"4"]);
        assert!(matches!(
            read_all(&parts).await,
            Err(ZmtpError::TooLarge { limit: 3, .. })
        ));
    }

    #[tokio::test]
    async fn the_parts_of_a_message_share_its_limit() {
        for (size, fits) in [(500, true), (501, false)] {
            let mut octets = Vec::new();
            write_message(&mut octets, &[&vec![1; size], &[2; 500]]);
            let read = read_all(&octets).await;
            assert_eq!(read.is_ok(), fits, "{size}: {read:?}");
        }
    }

    #[tokio::test]
    async fn a_large_part_takes_no_more_memory_than_it_needs() {
        let mut octets = Vec::new();
        write_message(&mut octets, &[&[7; 100_001]]);
        let mut reader = IncomingReader::new(&octets[..], Limits::default());
        let Ok(Incoming::Message(message)) = reader.next().await else {
            panic!("no message");
        };
        let part = message.into_parts().remove(0);
        assert_eq!(part, [7; 100_001]);
        assert!(part.capacity() < 101_000, "{}", part.capacity());
    }

    #[tokio::test]
    async fn a_cut_frame_is_a_closed_connection() {
        assert!(matches!(
            read_all(&[0, 5, b'a']).await,
            Err(ZmtpError::Closed)
        ));
        assert!(matches!(read_all(&[]).await, Err(ZmtpError::Io(_))));
    }

    #[tokio::test]
    async fn reserved_flags_and_split_commands_are_refused() {
        for bytes in [&[0x80, 0][..], &[5, 0], &[1, 0, 4, 0]] {
            assert!(matches!(read_all(bytes).await, Err(ZmtpError::Protocol(_))));
        }
    }

    proptest! {
        #[test]
        fn every_message_comes_back(sizes in proptest::collection::vec(0..600usize, 1..=16), fill: u8) {
            let parts: Vec<Vec<u8>> = sizes.iter().map(|&size| vec![fill; size]).collect();
            let borrowed: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            let mut octets = Vec::new();
            write_message(&mut octets, &borrowed);
            write_command(&mut octets, &parts[0]);
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let mut reader = IncomingReader::new(&octets[..], Limits::default());
            let read = runtime.block_on(async { (reader.next().await, reader.next().await) });
            prop_assert_eq!(read.0.unwrap(), Incoming::Message(Message::new(parts.clone())));
            prop_assert_eq!(read.1.unwrap(), Incoming::Command(parts[0].clone()));
        }
    }
}
