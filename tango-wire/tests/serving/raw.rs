//! A client at the level of GIOP.

use std::net::SocketAddr;

use tango_wire::{
    any::{read_any, write_any},
    cdr::{Reader, Writer},
    giop::{Limits, Message, MessageReader, Reply, ReplyBody, RequestHead, Version, write_request},
    types::{ClientIdentity, DevFailed, Source, Value},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::support::{DEVICE, SOON};

/// A connection on which requests can be sent ahead of their replies.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) messages: MessageReader<TcpStream>,
    pub(crate) last: u32,
}

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Raw {
        let stream = TcpStream::connect(address).await.expect("connects");
        Raw {
            messages: MessageReader::new(stream, Limits::default()),
            last: 0,
        }
    }

    pub(crate) async fn send(
        &mut self,
        key: &str,
        operation: &str,
        arguments: impl FnOnce(&mut Writer),
    ) {
        self.last += 1;
        let head = RequestHead::new(Version::V1_2, self.last, key.as_bytes(), operation);
        let request = write_request(&head, arguments).expect("sendable");
        let stream = self.messages.source_mut();
        stream.write_all(&request).await.expect("writes");
    }

    pub(crate) async fn receive(&mut self) -> Message {
        let message = timeout(SOON, self.messages.next()).await.expect("in time");
        message.expect("GIOP").expect("a message")
    }

    /// Calls and waits for the reply.
    pub(crate) async fn call(
        &mut self,
        key: &str,
        operation: &str,
        arguments: impl FnOnce(&mut Writer),
    ) -> Message {
        self.send(key, operation, arguments).await;
        self.receive().await
    }

    /// Runs a command as this client; the failure if it is refused.
    pub(crate) async fn command(
        &mut self,
        key: &str,
        name: &str,
        argument: Value,
        client: &ClientIdentity,
    ) -> Result<Value, DevFailed> {
        let message = self
            .call(key, "command_inout_4", |body| {
                body.string(name);
                write_any(body, &argument);
                Source::Device.write(body);
                client.write(body);
            })
            .await;
        result(&message, |body| read_any(body).expect("a value"))
    }
}

/// What a reply holds, or the device's refusal.
pub(crate) fn result<T>(
    message: &Message,
    read: impl FnOnce(&mut Reader<'_>) -> T,
) -> Result<T, DevFailed> {
    match Reply::read(message).expect("a reply").body {
        ReplyBody::Result(mut body) => Ok(read(&mut body)),
        ReplyBody::UserException { mut content, .. } => {
            Err(DevFailed::read(&mut content).expect("a failure"))
        }
        other => panic!("{other:?}"),
    }
}

/// The object key of the test device.
pub(crate) fn key() -> String {
    DEVICE.to_lowercase()
}
