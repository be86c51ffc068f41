//! The beginning of a connection: greetings, then a READY from both sides.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    time::timeout,
};

use super::{
    Limits, ZmtpError,
    command::Command,
    frame::{FrameKind, read_body, read_head, write_command},
};

/// How long a peer may take for its greeting and READY.
pub(super) const HANDSHAKE_DEADLINE: Duration = Duration::from_secs(5);

const GREETING_SIZE: usize = 64;

/// Our side of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    Subscriber,
    Publisher,
}

impl Role {
    fn socket_type(self) -> &'static str {
        match self {
            Self::Subscriber => "SUB",
            Self::Publisher => "PUB",
        }
    }

    fn goes_with(self, peer: &[u8]) -> bool {
        match self {
            Self::Subscriber => matches!(peer, b"PUB" | b"XPUB"),
            Self::Publisher => matches!(peer, b"SUB" | b"XSUB"),
        }
    }
}

/// Shakes hands within [`HANDSHAKE_DEADLINE`], and says whether the peer speaks ZMTP 3.1 or later
/// and so has to answer PING. If it is cancelled the connection is of no use.
pub(super) async fn shake_hands<R, W>(
    reader: &mut R,
    writer: &mut W,
    role: Role,
    limits: &Limits,
) -> Result<bool, ZmtpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    timeout(HANDSHAKE_DEADLINE, exchange(reader, writer, role, limits))
        .await
        .unwrap_or(Err(ZmtpError::HandshakeTimedOut(HANDSHAKE_DEADLINE)))
}

async fn exchange<R, W>(
    reader: &mut R,
    writer: &mut W,
    role: Role,
    limits: &Limits,
) -> Result<bool, ZmtpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    writer.write_all(&greeting()).await?;
    // In two steps: a ZMTP 1 or 2 peer sends its signature only and would wait for ever
    let mut theirs = [0; GREETING_SIZE];
    let (signature, rest) = theirs.split_at_mut(11);
    reader.read_exact(signature).await?;
    check_signature(signature)?;
    reader.read_exact(rest).await?;
    if theirs[12..32] != greeting()[12..32] {
        return Err(ZmtpError::Protocol(
            "the peer asks for a security mechanism other than NULL",
        ));
    }

    let answers_ping = (theirs[10], theirs[11]) >= (3, 1);

    let mut ready = Vec::new();
    write_command(&mut ready, &Command::ready(role.socket_type()));
    writer.write_all(&ready).await?;
    let head = read_head(reader).await?;
    if head.kind != FrameKind::Command {
        // before its body: it may be large, and is of no use
        return Err(ZmtpError::Protocol("a message before READY"));
    }
    let body = read_body(reader, "a command", head.size, limits.command_size).await?;
    match Command::parse(&body) {
        Some(Command::Ready(metadata)) => {
            let theirs = metadata.socket_type().unwrap_or_default();
            if role.goes_with(theirs) {
                Ok(answers_ping)
            } else {
                Err(ZmtpError::SocketType {
                    ours: role.socket_type(),
                    theirs: String::from_utf8_lossy(theirs).into_owned(),
                })
            }
        }
        Some(Command::Error(reason)) => Err(ZmtpError::Refused(
            String::from_utf8_lossy(reason).into_owned(),
        )),
        _ => Err(ZmtpError::Protocol("no READY after the greeting")),
    }
}

/// Signature, version 3.1, mechanism NULL, not as-server.
fn greeting() -> [u8; GREETING_SIZE] {
    let mut greeting = [0; GREETING_SIZE];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[11] = 1;
    greeting[12..16].copy_from_slice(b"NULL");
    greeting
}

fn check_signature(signature: &[u8]) -> Result<(), ZmtpError> {
    match signature {
        [0xff, _, _, _, _, _, _, _, _, last, major] if last & 1 == 1 => {
            if *major >= 3 {
                Ok(())
            } else {
                Err(ZmtpError::Protocol(
                    "the peer speaks ZMTP 1 or 2 (ZeroMQ before 4.0)",
                ))
            }
        }
        _ => Err(ZmtpError::Protocol("the signature is wrong")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{duplex, split};

    async fn against(bytes: &[u8], role: Role) -> Result<bool, ZmtpError> {
        let (ours, mut theirs) = duplex(1024);
        theirs.write_all(bytes).await?;
        let (mut reader, mut writer) = split(ours);
        shake_hands(&mut reader, &mut writer, role, &Limits::default()).await
    }

    fn hello(command: &[u8]) -> Vec<u8> {
        let mut bytes = greeting().to_vec();
        write_command(&mut bytes, command);
        bytes
    }

    #[tokio::test]
    async fn a_publisher_and_a_subscriber_agree() {
        let (left, right) = duplex(1024);
        let (mut left_reader, mut left_writer) = split(left);
        let (mut right_reader, mut right_writer) = split(right);
        let limits = Limits::default();
        let (left, right) = tokio::join!(
            shake_hands(&mut left_reader, &mut left_writer, Role::Publisher, &limits),
            shake_hands(
                &mut right_reader,
                &mut right_writer,
                Role::Subscriber,
                &limits
            ),
        );
        assert!(left.unwrap() && right.unwrap(), "both answer PING");
        let mut older = hello(&Command::ready("PUB"));
        older[11] = 0;
        assert!(!against(&older, Role::Subscriber).await.unwrap());
    }

    #[tokio::test]
    async fn the_greeting_is_the_one_libzmq_sends() {
        let mut expected = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1];
        expected.extend(b"NULL");
        expected.resize(64, 0);
        assert_eq!(greeting().to_vec(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_peer_is_given_up() {
        let (ours, theirs) = duplex(1024);
        let (mut reader, mut writer) = split(ours);
        let outcome = shake_hands(
            &mut reader,
            &mut writer,
            Role::Subscriber,
            &Limits::default(),
        )
        .await;
        assert!(matches!(outcome, Err(ZmtpError::HandshakeTimedOut(_))));
        drop(theirs);
    }

    #[tokio::test]
    async fn old_versions_other_mechanisms_and_other_sockets_are_refused() {
        let mut old = greeting();
        old[10] = 1;
        let mut curve = greeting();
        curve[12..17].copy_from_slice(b"CURVE");
        for bytes in [&old[..11], &curve, &[0; 64], b"GET / HTTP/1.1\r\n\r\n"] {
            assert!(matches!(
                against(bytes, Role::Subscriber).await,
                Err(ZmtpError::Protocol(_))
            ));
        }
        assert!(matches!(
            against(&hello(&Command::ready("REP")), Role::Subscriber).await,
            Err(ZmtpError::SocketType { .. })
        ));
        let mut early = greeting().to_vec();
        early.extend([2, 0, 0, 0, 0, 3, 0, 0, 0]); // a message of 48 MiB that never comes
        assert!(matches!(
            against(&early, Role::Subscriber).await,
            Err(ZmtpError::Protocol("a message before READY"))
        ));
        assert!(matches!(
            against(&hello(b"\x05ERROR\x02no"), Role::Publisher).await,
            Err(ZmtpError::Refused(reason)) if reason == "no"
        ));
    }
}
