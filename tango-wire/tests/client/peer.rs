//! A server written by hand: it answers `_is_a`, and leaves the rest to a script.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tango_wire::DeviceProxy;
use tango_wire::cdr::{ByteOrder, Writer};
use tango_wire::client::Client;
use tango_wire::giop::{Limits, MessageReader, ObjectReference, Request, Version};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What answers a request: the octets of a reply, or silence.
pub(crate) type Answer = Box<dyn Fn(&Request<'_>) -> Option<Vec<u8>> + Send + Sync>;

/// A server at work. Dropping it closes its port and its connections.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Peer {
    /// A server of devices of that version.
    pub(crate) async fn start(
        version: i32,
        answer: impl Fn(&Request<'_>) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Peer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (heard, answer) = (Arc::clone(&requests), Arc::new(Box::new(answer) as Answer));
        let serving = tokio::spawn(async move {
            // owned, so that they end with the server
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, version, heard.clone(), answer.clone()));
            }
        });
        Peer {
            address,
            requests,
            serving,
        }
    }

    /// The operations it was asked for, `_is_a` not counted.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn url(&self) -> String {
        format!("tango://{}/low/sub/1#dbase=no", self.address)
    }

    pub(crate) async fn device(&self) -> DeviceProxy {
        Client::new().device(&self.url()).await.unwrap()
    }

    /// Ends it, and waits until its port is closed.
    pub(crate) async fn stop(mut self) {
        self.serving.abort();
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(
    stream: TcpStream,
    version: i32,
    requests: Arc<Mutex<Vec<String>>>,
    answer: Arc<Answer>,
) {
    let mut messages = MessageReader::new(stream, Limits::default());
    while let Ok(Some(message)) = messages.next().await {
        let octets = {
            let request = Request::read(&message).unwrap();
            if request.operation == "_is_a" {
                let asked = request.body.clone().string().unwrap();
                let has_it = asked == format!("IDL:Tango/Device_{version}:1.0");
                Some(done(&request, |body| body.bool(has_it)))
            } else {
                requests.lock().unwrap().push(request.operation.to_string());
                answer(&request)
            }
        };
        if let Some(octets) = octets {
            messages.source_mut().write_all(&octets).await.unwrap();
        }
    }
}

/// A reply with a result, little-endian.
pub(crate) fn done(request: &Request<'_>, body: impl FnOnce(&mut Writer)) -> Vec<u8> {
    reply(request, ByteOrder::Little, 0, body)
}

/// A reply that refers to another object, for now (3) or for good (4).
pub(crate) fn forward(request: &Request<'_>, status: u32, to: &ObjectReference) -> Vec<u8> {
    reply(request, ByteOrder::Little, status, |body| to.write(body))
}

/// A reply in that byte order and of that status.
pub(crate) fn reply(
    request: &Request<'_>,
    order: ByteOrder,
    status: u32,
    body: impl FnOnce(&mut Writer),
) -> Vec<u8> {
    let mut writer = Writer::new(order);
    writer.raw(b"GIOP");
    let minor = u8::from(request.version == Version::V1_2) * 2;
    writer.raw(&[1, minor, order.flag(), 1]);
    writer.u32(0); // the size, filled in below
    let head = match request.version {
        Version::V1_2 => [request.id, status, 0],
        _ => [0, request.id, status],
    };
    head.iter().for_each(|&part| writer.u32(part));
    body(&mut writer); // at a multiple of 8 already
    let mut octets = writer.finish().unwrap();
    let size = u32::try_from(octets.len() - 12).unwrap();
    octets[8..12].copy_from_slice(&match order {
        ByteOrder::Little => size.to_le_bytes(),
        ByteOrder::Big => size.to_be_bytes(),
    });
    octets
}
