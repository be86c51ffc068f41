//! One client's connection: requests in, replies out.

use std::{
    future::Future,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use tokio::{
    io::AsyncWriteExt,
    net::{TcpStream, tcp::OwnedWriteHalf},
    sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};

use super::{
    BoxFuture, Identity,
    answer::{self, Answer, Fault},
    caller::Caller,
    calls,
    device_table::DeviceTable,
    guests::{Guests, Place, Unanswered},
    locate,
    operation::Operation,
    panic::catch_panic,
    quota::{Held, Metered, Quota, Share},
};
use crate::giop::{
    Completion, GiopError, Limits, Message, MessageKind, MessageReader, Request, Version,
    write_close_connection,
};

/// Calls of one connection that may run at the same time; more wait unread.
const CALLS_AT_ONCE: usize = 64;
/// Calls of all connections, also those that are gone, that may wait at the same time unless told
/// otherwise; more are refused.
pub(super) const CALLS_WAITING: usize = 16_384;
/// After this time without a message a connection is closed, as omniORB does after three minutes.
const IDLE_LIMIT: Duration = Duration::from_secs(180);
/// A peer that does not take a reply within this time is gone.
const WRITE_LIMIT: Duration = Duration::from_secs(60);

/// What all connections of a server share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) devices: Arc<DeviceTable>,
    pub(super) identity: Arc<Identity>,
    pub(super) limits: Limits,
    pub(super) guests: Arc<Guests>,
    pub(super) quota: Arc<Quota>,
    /// Places for calls that wait for something.
    pub(super) waiting: Arc<Semaphore>,
    /// Closed when the server ends.
    pub(super) running: watch::Receiver<()>,
}

/// The way back to a client.
#[derive(Clone, Debug)]
struct Replies {
    writer: Arc<Mutex<OwnedWriteHalf>>,
    share: Arc<Share>,
}

/// Serves a connection until either side ends it. Calls that still run then run on to their end.
pub(super) async fn serve(stream: TcpStream, peer: SocketAddr, place: Place, shared: Arc<Shared>) {
    match converse(stream, peer, &place, &shared).await {
        Ok(()) => tracing::debug!(%peer, "a client is gone"),
        Err(error) => {
            tracing::debug!(%peer, error = &error as &dyn std::error::Error, "a client was let go")
        }
    }
}

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    place: &Place,
    shared: &Arc<Shared>,
) -> Result<(), GiopError> {
    // replies are small and waited for
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let share = shared.quota.share();
    let mut messages = MessageReader::new(Metered::new(reader, &share), shared.limits);
    let replies = Replies {
        writer: Arc::new(Mutex::new(writer)),
        share,
    };
    let calls = Arc::new(Semaphore::new(CALLS_AT_ONCE));
    let mut asked_to_leave = pin!(place.asked_to_leave());
    loop {
        let Ok(permit) = Arc::clone(&calls).acquire_owned().await else {
            return Ok(());
        };
        let message = tokio::select! {
            biased;
            message = timeout(IDLE_LIMIT, messages.next()) => message,
            () = &mut asked_to_leave => return replies.say_farewell().await,
        };
        let message = match message {
            Ok(message) => message?,
            Err(_) if place.has_calls() => continue,
            Err(_) => return replies.say_farewell().await,
        };
        let Some(message) = message else {
            return Ok(());
        };
        let held = Outstanding {
            _octets: messages.source_mut().take_held(),
            _unanswered: place.call(),
            _permit: permit,
        };
        match message.kind() {
            MessageKind::Request => answer_request(&message, peer, shared, &replies, held).await?,
            MessageKind::LocateRequest => {
                let known = |key: &[u8]| shared.devices.find_key(key).is_some();
                replies.send(&locate::answer(&message, known)?).await?;
            }
            // the call runs on and its reply is sent: CORBA allows it, and omniORB does so too
            MessageKind::CancelRequest => {}
            MessageKind::CloseConnection | MessageKind::MessageError => return Ok(()),
            found => {
                return Err(GiopError::Unexpected {
                    expected: MessageKind::Request,
                    found,
                });
            }
        }
    }
}

/// What a call takes until it is answered.
#[derive(Debug)]
struct Outstanding {
    _octets: Held,
    _unanswered: Unanswered,
    _permit: OwnedSemaphorePermit,
}

/// Answers at once what needs no waiting, which is nearly everything; lets the rest run beside.
async fn answer_request(
    message: &Message,
    peer: SocketAddr,
    shared: &Arc<Shared>,
    replies: &Replies,
    outstanding: Outstanding,
) -> Result<(), GiopError> {
    let mut request = Request::read(message)?;
    let reply = ReplyTo {
        version: request.version,
        id: request.id,
        wanted: request.response_expected,
    };
    let mut call = match prepare(&mut request, peer, shared, &replies.share) {
        Ok(call) => call,
        Err(fault) => return reply.send(replies, &Err(fault)).await,
    };
    match poll_once(&mut call).await {
        Poll::Ready(outcome) => reply.send(replies, &outcome).await,
        Poll::Pending => {
            let Ok(waiting) = Arc::clone(&shared.waiting).try_acquire_owned() else {
                let fault = Fault::no_resources(Completion::Maybe);
                return reply.send(replies, &Err(fault)).await;
            };
            let replies = replies.clone();
            let mut running = shared.running.clone();
            tokio::spawn(async move {
                let _held = (outstanding, waiting);
                let outcome = tokio::select! {
                    outcome = call => outcome,
                    _ = running.changed() => return,
                };
                if let Err(error) = reply.send(&replies, &outcome).await {
                    tracing::debug!(%error, "nobody waits for a reply any more");
                }
            });
            Ok(())
        }
    }
}

type Call = Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send>>;

fn prepare(
    request: &mut Request<'_>,
    peer: SocketAddr,
    shared: &Shared,
    share: &Arc<Share>,
) -> Result<Call, Fault> {
    let mut caller = Caller::at(peer);
    let device = shared
        .devices
        .find_key(request.object_key)
        .ok_or_else(Fault::object_not_exist)?;
    let operation = Operation::read(&request.operation, &mut request.body, &mut caller)
        .map_err(|_| Fault::marshal())?
        .ok_or_else(Fault::bad_operation)?;
    device
        .black_box
        .note(&request.operation, &operation, &caller);
    let call: BoxFuture<'static, _> = Box::pin(calls::run(
        Arc::clone(device),
        Arc::clone(&shared.identity),
        Arc::clone(share),
        caller,
        operation,
    ));
    Ok(Box::pin(async move {
        catch_panic(call)
            .await
            .unwrap_or_else(|words| Err(Fault::panicked(&words)))
    }))
}

async fn poll_once(call: &mut Call) -> Poll<Result<Answer, Fault>> {
    std::future::poll_fn(|context| Poll::Ready(call.as_mut().poll(context))).await
}

/// Where a reply belongs.
#[derive(Clone, Copy, Debug)]
struct ReplyTo {
    version: Version,
    id: u32,
    wanted: bool,
}

impl ReplyTo {
    async fn send(
        self,
        replies: &Replies,
        outcome: &Result<Answer, Fault>,
    ) -> Result<(), GiopError> {
        if !self.wanted {
            return Ok(());
        }
        let octets = answer::write(self.version, self.id, outcome);
        if let Some(_held) = replies.share.hold(octets.len()) {
            return replies.send(&octets).await;
        }
        drop(octets);
        let fault = Fault::no_resources(Completion::Yes);
        let octets = answer::write(self.version, self.id, &Err(fault));
        replies.send(&octets).await
    }
}

impl Replies {
    /// Writes one whole message.
    async fn send(&self, octets: &[u8]) -> Result<(), GiopError> {
        let mut writer = self.writer.lock().await;
        let written = timeout(WRITE_LIMIT, writer.write_all(octets)).await;
        let outcome = written.unwrap_or_else(|elapsed| Err(elapsed.into()));
        if outcome.is_err() {
            // a part may be on its way: nothing that came behind it could be read
            let _ = writer.shutdown().await;
        }
        Ok(outcome?)
    }

    /// Ends the connection in order: calls that were not answered were not run.
    async fn say_farewell(&self) -> Result<(), GiopError> {
        self.send(&write_close_connection(Version::V1_0)?).await
    }
}
