//! Requests at the level of GIOP: in a wicked order, out of all measure, or made at random.

use std::{net::SocketAddr, time::Duration};

use tango_wire::{
    any::write_any,
    cdr::Writer,
    giop::{
        GiopError, Limits, Message, MessageReader, Reply, ReplyBody, RequestHead, Version,
        write_request,
    },
    types::{AttributeWrite, ClientIdentity, DevFailed, Source, Value},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use crate::support::{DEVICE, SOON, open, serve};

/// A connection on which requests can be sent ahead of their replies.
struct Raw {
    messages: MessageReader<TcpStream>,
    last: u32,
}

impl Raw {
    async fn connect(address: SocketAddr) -> Raw {
        let stream = TcpStream::connect(address).await.expect("connects");
        Raw {
            messages: MessageReader::new(stream, Limits::default()),
            last: 0,
        }
    }

    async fn send(&mut self, key: &str, operation: &str, arguments: impl FnOnce(&mut Writer)) {
        self.last += 1;
        let head = RequestHead::new(Version::V1_2, self.last, key.as_bytes(), operation);
        let request = write_request(&head, arguments).expect("sendable");
        let stream = self.messages.source_mut();
        stream.write_all(&request).await.expect("writes");
    }

    async fn receive(&mut self) -> Message {
        let message = timeout(SOON, self.messages.next()).await.expect("in time");
        message.expect("GIOP").expect("a message")
    }
}

fn key() -> String {
    DEVICE.to_lowercase()
}

#[tokio::test]
async fn restarting_a_busy_device_does_not_stop_others_from_subscribing() {
    let served = serve().await;
    let busy = open(&served.server).await;
    let holding = busy.command("Hold", Value::Void);
    let subscribing = async {
        served.servant.started.notified().await;
        let mut raw = Raw::connect(served.server.address()).await;
        let admin = "dserver/everything/test";
        raw.send(admin, "command_inout", |body| {
            body.string("DevRestart");
            write_any(body, &Value::String(DEVICE.to_owned()));
        })
        .await;
        raw.send(admin, "ping", |_| {}).await;
        // so the restart has begun, and waits for the device
        assert_eq!(Reply::read(&raw.receive().await).expect("a reply").id, 2);
        let subscription = timeout(SOON / 2, served.device.subscribe("power", |_| {})).await;
        served.servant.held.notify_one();
        let _subscription = subscription.expect("in time").expect("subscribed");
        assert_eq!(Reply::read(&raw.receive().await).expect("a reply").id, 1);
    };
    let (held, ()) = tokio::join!(holding, subscribing);
    held.expect("done");
}

#[tokio::test]
async fn a_call_about_very_many_attributes_is_refused() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    for (operation, count, refused) in [
        ("read_attributes_5", 1000, false),
        ("read_attributes_5", 1_000_000, true),
        ("get_attribute_config_5", 1000, false),
        ("get_attribute_config_5", 1_000_000, true),
        ("write_attributes_4", 1000, false),
        ("write_attributes_4", 100_000, true),
    ] {
        raw.send(&key(), operation, |body| {
            if operation == "write_attributes_4" {
                let write = AttributeWrite::new("power", Value::Double(1.0));
                body.sequence(&vec![(); count], |body, ()| write.write(body));
            } else {
                body.strings(&vec!["power"; count]);
            }
            Source::Device.write(body);
            ClientIdentity::own(6).write(body);
        })
        .await;
        let message = raw.receive().await;
        match Reply::read(&message).expect("a reply").body {
            ReplyBody::UserException { mut content, .. } => {
                assert!(refused, "{operation} of {count}");
                let failure = DevFailed::read(&mut content).expect("a failure");
                assert_eq!(failure.reason(), "SERVANT_TooManyAttributes");
            }
            ReplyBody::Result(_) => assert!(!refused, "{operation} of {count}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_not_taken_in_time_ends_the_connection() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let large = Value::String("x".repeat(30 << 20));
    raw.send(&key(), "command_inout", |body| {
        body.string("EchoLate");
        write_any(body, &large);
    })
    .await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    raw.send(&key(), "ping", |_| {}).await;
    // not the reply to the ping in the middle of the other
    let message = timeout(SOON, raw.messages.next()).await.expect("in time");
    assert!(matches!(message, Err(GiopError::Truncated)), "{message:?}");
}
