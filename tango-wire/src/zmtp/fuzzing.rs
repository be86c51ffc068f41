//! Where the fuzz targets enter; compiled for them only.

use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    Limits, Message, ZmtpError,
    command::Command,
    frame::{Incoming, IncomingReader, write_message},
    handshake::{Role, shake_hands},
    topics::Topics,
};

/// Shakes hands as a subscriber or as a publisher does.
///
/// # Errors
/// The peer is none that we talk to.
pub async fn shake<R, W>(
    reader: &mut R,
    writer: &mut W,
    as_subscriber: bool,
    limits: &Limits,
) -> Result<(), ZmtpError>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let role = if as_subscriber {
        Role::Subscriber
    } else {
        Role::Publisher
    };
    shake_hands(reader, writer, role, limits).await.map(|_| ())
}

/// Reads what follows a handshake to its end: gives each message to `take`, parses each command.
pub async fn read_on<R: AsyncRead + Unpin>(
    reader: R,
    limits: Limits,
    mut take: impl FnMut(Message),
) -> ZmtpError {
    let mut incoming = IncomingReader::new(reader, limits);
    loop {
        match incoming.next().await {
            Ok(Incoming::Message(message)) => take(message),
            Ok(Incoming::Command(body)) => {
                if let Some(Command::Ready(metadata)) = Command::parse(&body) {
                    let _ = metadata.socket_type();
                }
            }
            Err(error) => return error,
        }
    }
}

/// The octets of a message as we send it.
#[must_use]
pub fn written(message: &Message) -> Vec<u8> {
    let parts: Vec<&[u8]> = message.parts().iter().map(Vec::as_slice).collect();
    let mut octets = Vec::new();
    write_message(&mut octets, &parts);
    octets
}

/// What one subscriber has asked for.
#[derive(Debug, Default)]
pub struct Subscriptions(Topics);

impl Subscriptions {
    /// Takes a subscription in or back, as its first octet says; what is neither is ignored.
    pub fn change(&mut self, change: &[u8]) {
        match change.split_first() {
            Some((1, topic)) => drop(self.0.subscribe(topic)),
            Some((0, topic)) => self.0.cancel(topic),
            _ => {}
        }
    }

    /// True if a message of this topic would be sent.
    #[must_use]
    pub fn matches(&self, topic: &[u8]) -> bool {
        self.0.matches(topic)
    }
}
