//! Commands: a counted name, then data that depend on it.

/// The commands that a publisher and its subscribers exchange.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    Ready(Metadata<'a>),
    Error(&'a [u8]),
    Subscribe(&'a [u8]),
    Cancel(&'a [u8]),
    Ping {
        context: &'a [u8],
    },
    Pong {
        context: &'a [u8],
    },
    /// Anything else: to be ignored, as the RFC asks.
    Other,
}

/// Properties of a peer, as its READY listed them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Metadata<'a>(&'a [u8]);

/// RFC 37: a PING's context is at most 16 octets.
const CONTEXT_LIMIT: usize = 16;

impl<'a> Command<'a> {
    /// Reads a command frame's body; `None` when it is malformed.
    pub(super) fn parse(body: &'a [u8]) -> Option<Self> {
        let (&size, rest) = body.split_first()?;
        let (name, data) = rest.split_at_checked(usize::from(size))?;
        Some(match name {
            b"READY" => Self::Ready(Metadata(data)),
            b"ERROR" => {
                let (&size, reason) = data.split_first()?;
                Self::Error(reason.get(..usize::from(size))?)
            }
            b"SUBSCRIBE" => Self::Subscribe(data),
            b"CANCEL" => Self::Cancel(data),
            b"PING" => {
                let (_time_to_live, context) = data.split_at_checked(2)?;
                Self::Ping {
                    context: context.get(..context.len().min(CONTEXT_LIMIT))?,
                }
            }
            b"PONG" => Self::Pong { context: data },
            _ => Self::Other,
        })
    }

    /// The body of a READY for a socket of this type.
    pub(super) fn ready(socket_type: &'static str) -> Vec<u8> {
        let mut body = named("READY");
        body.push(SOCKET_TYPE.len() as u8);
        body.extend_from_slice(SOCKET_TYPE);
        body.extend((socket_type.len() as u32).to_be_bytes());
        body.extend_from_slice(socket_type.as_bytes());
        body
    }

    /// The body of a PING whose PONG will carry `context`.
    pub(super) fn ping(context: &[u8]) -> Vec<u8> {
        let mut body = named("PING");
        body.extend([0, 0]); // no time to live: we never ask to be disconnected
        body.extend_from_slice(context);
        body
    }

    /// The body of the answer to a PING.
    pub(super) fn pong(context: &[u8]) -> Vec<u8> {
        let mut body = named("PONG");
        body.extend_from_slice(context);
        body
    }
}

const SOCKET_TYPE: &[u8] = b"Socket-Type";

fn named(name: &'static str) -> Vec<u8> {
    let mut body = vec![name.len() as u8];
    body.extend_from_slice(name.as_bytes());
    body
}

impl<'a> Metadata<'a> {
    /// The peer's socket type; `None` when it is missing or the list is malformed.
    pub(super) fn socket_type(&self) -> Option<&'a [u8]> {
        let mut rest = self.0;
        loop {
            let (&size, tail) = rest.split_first()?;
            let (name, tail) = tail.split_at_checked(usize::from(size))?;
            let (size, tail) = tail.split_first_chunk::<4>()?;
            let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
            let (value, tail) = tail.split_at_checked(size)?;
            if name.eq_ignore_ascii_case(SOCKET_TYPE) {
                return Some(value);
            }
            rest = tail;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ready_names_the_socket_type() {
        let body = Command::ready("SUB");
        assert_eq!(body, b"\x05READY\x0bSocket-Type\0\0\0\x03SUB");
        let Some(Command::Ready(metadata)) = Command::parse(&body) else {
            panic!("not a READY");
        };
        assert_eq!(metadata.socket_type(), Some(&b"SUB"[..]));
    }

    #[test]
    fn the_socket_type_is_found_behind_other_properties() {
        let body = b"\x05READY\x08Identity\0\0\0\0\x0bsocket-type\0\0\0\x04XPUB";
        let Some(Command::Ready(metadata)) = Command::parse(body) else {
            panic!("not a READY");
        };
        assert_eq!(metadata.socket_type(), Some(&b"XPUB"[..]));
    }

    #[test]
    fn ping_and_pong_carry_the_same_context() {
        let ping = Command::ping(b"abc");
        let Some(Command::Ping { context }) = Command::parse(&ping) else {
            panic!("not a PING");
        };
        let pong = Command::pong(context);
        assert_eq!(
            Command::parse(&pong),
            Some(Command::Pong { context: b"abc" })
        );
    }

    #[test]
    fn malformed_commands_are_none_and_unknown_ones_other() {
        for body in [&b""[..], b"\x09SUB", b"\x04PING\0", b"\x05ERROR\x09a"] {
            assert_eq!(Command::parse(body), None, "{body:?}");
        }
        assert_eq!(Command::parse(b"\x03NEWx"), Some(Command::Other));
    }

    proptest! {
        #[test]
        fn contexts_come_back(context in proptest::collection::vec(any::<u8>(), 0..=CONTEXT_LIMIT)) {
            let ping = Command::ping(&context);
            prop_assert_eq!(Command::parse(&ping), Some(Command::Ping { context: &context }));
            let pong = Command::pong(&context);
            prop_assert_eq!(Command::parse(&pong), Some(Command::Pong { context: &context }));
        }

        #[test]
        fn any_octets_are_read_without_panic(octets: Vec<u8>, name in "READY|ERROR|PING|SUBSCRIBE") {
            let _ = Command::parse(&octets);
            let body = [&[name.len() as u8], name.as_bytes(), &octets].concat();
            if let Some(Command::Ready(metadata)) = Command::parse(&body) {
                let _ = metadata.socket_type();
            }
        }
    }
}
