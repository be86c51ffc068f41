//! The sending end: one bound port, any number of subscribers.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{
        TcpListener, TcpStream, ToSocketAddrs,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{
        mpsc::{self, error::TrySendError},
        watch,
    },
    task::{JoinHandle, JoinSet},
};

use super::{
    Limits, ZmtpError,
    command::Command,
    frame::{Incoming, IncomingReader, write_command, write_message},
    handshake::{Role, shake_hands},
    send_queue::{Queued, SendQueue, send_queue},
    topics::{TopicMemory, Topics},
};

/// Octets put into one write when messages have queued up.
const WRITE_SIZE: usize = 64 << 10;
/// Messages taken from a queue at once.
const WRITE_BATCH: usize = 256;
/// After a failed accept (out of file descriptors, say) there is no use in trying at once.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How a [`Publisher`] treats its subscribers.
#[derive(Clone, Copy, Debug)]
pub struct PublisherOptions {
    /// Messages that may wait for one subscriber; what comes on top is dropped and counted.
    pub high_water_mark: usize,
    /// Octets that those may take together; what comes on top is dropped and counted, unless
    /// nothing else is waiting. A subscriber that stops reading must not fill the memory.
    pub high_water_size: usize,
    /// Subscribers at the same time; more are turned away.
    pub peers: usize,
    /// What a subscriber may send.
    pub limits: Limits,
}

impl Default for PublisherOptions {
    /// 65 536 messages of together 128 MiB a subscriber (libzmq: 1000, too few for a burst), 1024
    /// subscribers.
    fn default() -> Self {
        Self {
            high_water_mark: 65_536,
            high_water_size: 128 << 20,
            peers: 1024,
            limits: Limits {
                message_size: 64 << 10,
                parts: 1,
                command_size: 64 << 10,
            },
        }
    }
}

/// What became of one published message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Subscribers whose queue took it.
    pub queued: usize,
    /// Subscribers that lost it because their queue was at its high-water mark.
    pub dropped: usize,
}

/// A PUB socket. Each subscriber has a queue and tasks of its own, so a slow one never stops the
/// others nor the one who publishes. Dropping the publisher closes all connections,
/// a moment later; [`close`](Self::close) waits for it.
#[derive(Debug)]
pub struct Publisher {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
    /// Closed when the port is.
    open: watch::Receiver<()>,
}

#[derive(Debug)]
struct Shared {
    peers: Mutex<HashMap<u64, Peer>>,
    topic_memory: TopicMemory,
    dropped: AtomicU64,
    options: PublisherOptions,
}

#[derive(Debug)]
struct Peer {
    topics: Topics,
    queue: SendQueue,
}

impl Publisher {
    /// Binds a port, with the default [`PublisherOptions`]; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn bind(address: impl ToSocketAddrs) -> Result<Self, ZmtpError> {
        Self::bind_with(address, PublisherOptions::default()).await
    }

    /// Binds a port; port 0 takes a free one.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn bind_with(
        address: impl ToSocketAddrs,
        options: PublisherOptions,
    ) -> Result<Self, ZmtpError> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            peers: Mutex::default(),
            topic_memory: TopicMemory::default(),
            dropped: AtomicU64::new(0),
            options,
        });
        let (until_closed, open) = watch::channel(());
        let peers = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            let _until_closed = until_closed; // dropped after the listener
            accept(listener, peers).await;
        });
        Ok(Self {
            address,
            shared,
            accepting,
            open,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes the port and all connections; the port is free when this returns.
    pub async fn close(&self) {
        self.accepting.abort();
        // nothing is ever sent: this ends when the sender is gone
        let _ = self.open.clone().changed().await;
    }

    /// Queues a message for every subscriber of its topic, the first part. Never waits.
    pub fn publish(&self, parts: &[&[u8]]) -> Delivery {
        let topic = parts.first().copied().unwrap_or_default();
        let mut delivery = Delivery::default();
        let mut encoded: Option<Arc<[u8]>> = None;
        let peers = self.shared.peers();
        for peer in peers.values().filter(|peer| peer.topics.matches(topic)) {
            let frames = encoded.get_or_insert_with(|| {
                let size = parts.iter().map(|part| part.len() + 9).sum();
                let mut frames = Vec::with_capacity(size);
                write_message(&mut frames, parts);
                frames.into()
            });
            match peer.queue.put(frames) {
                Ok(()) => delivery.queued += 1,
                Err(TrySendError::Full(())) => delivery.dropped += 1,
                Err(TrySendError::Closed(())) => {}
            }
        }
        self.shared
            .dropped
            .fetch_add(delivery.dropped as u64, Ordering::Relaxed);
        delivery
    }

    /// How many subscribers a message with this topic would go to now.
    #[must_use]
    pub fn subscribers(&self, topic: &[u8]) -> usize {
        let peers = self.shared.peers();
        peers
            .values()
            .filter(|peer| peer.topics.matches(topic))
            .count()
    }

    /// How many messages were dropped at a high-water mark since the publisher was bound, counted
    /// once per subscriber that lost one.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        // the accepting task owns the peers' tasks: they end with it
        self.accepting.abort();
    }
}

impl Shared {
    fn peers(&self) -> MutexGuard<'_, HashMap<u64, Peer>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut peers = JoinSet::new();
    let mut last_number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) if peers.len() < shared.options.peers => {
                    last_number += 1;
                    peers.spawn(serve(stream, peer, last_number, Arc::clone(&shared)));
                }
                Ok((_, peer)) => tracing::warn!(%peer, "too many subscribers: turned away"),
                Err(error) => {
                    tracing::warn!(%error, "could not accept a subscriber");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = peers.join_next() => {}
        }
    }
}

/// A peer's entry in the table, taken out when its connection ends, however it does.
struct Registration<'a> {
    shared: &'a Shared,
    number: u64,
}

impl Drop for Registration<'_> {
    fn drop(&mut self) {
        self.shared.peers().remove(&self.number);
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, number: u64, shared: Arc<Shared>) {
    let reason = match converse(stream, number, &shared).await {
        Err(reason) => reason,
        Ok(never) => match never {},
    };
    tracing::debug!(%peer, %reason, "a subscriber is gone");
}

async fn converse(
    stream: TcpStream,
    number: u64,
    shared: &Shared,
) -> Result<std::convert::Infallible, ZmtpError> {
    stream.set_nodelay(true)?;
    let limits = shared.options.limits;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    shake_hands(&mut reader, &mut writer, Role::Publisher, &limits).await?;

    let PublisherOptions {
        high_water_mark,
        high_water_size,
        ..
    } = shared.options;
    let (queue, queued) = send_queue(high_water_mark, high_water_size);
    let _registration = Registration { shared, number };
    shared.peers().insert(
        number,
        Peer {
            topics: Topics::among(&shared.topic_memory),
            queue: queue.clone(),
        },
    );
    // Both futures run to the end of the connection: dropping one in the middle of a frame is fine
    tokio::select! {
        failed = read_commands(IncomingReader::new(reader, limits), number, shared, &queue) => failed,
        failed = write_messages(writer, queued) => failed,
    }
}

async fn read_commands(
    mut incoming: IncomingReader<BufReader<OwnedReadHalf>>,
    number: u64,
    shared: &Shared,
    queue: &SendQueue,
) -> Result<std::convert::Infallible, ZmtpError> {
    loop {
        let incoming = incoming.next().await?;
        let change = match &incoming {
            Incoming::Message(message) => match message.topic().split_first() {
                Some((1, topic)) => Change::Subscribe(topic),
                Some((0, topic)) => Change::Cancel(topic),
                // XSUB sockets may send messages of their own upstream: not for us
                _ => continue,
            },
            Incoming::Command(body) => match Command::parse(body) {
                Some(Command::Subscribe(topic)) => Change::Subscribe(topic),
                Some(Command::Cancel(topic)) => Change::Cancel(topic),
                Some(Command::Ping { context }) => {
                    let mut frame = Vec::new();
                    write_command(&mut frame, &Command::pong(context));
                    // In the queue's turn, thus after all that was published before, and if it is
                    // full this peer's commands wait: only its own
                    if !queue.put_in_turn(frame).await {
                        return Err(ZmtpError::Closed);
                    }
                    continue;
                }
                Some(_) => continue,
                None => return Err(ZmtpError::Protocol("a malformed command")),
            },
        };
        let mut peers = shared.peers();
        let topics = &mut peers.get_mut(&number).ok_or(ZmtpError::Closed)?.topics;
        match change {
            Change::Subscribe(topic) => {
                if !topics.subscribe(topic) {
                    return Err(ZmtpError::Protocol("too many topics"));
                }
            }
            Change::Cancel(topic) => topics.cancel(topic),
        }
    }
}

enum Change<'a> {
    Subscribe(&'a [u8]),
    Cancel(&'a [u8]),
}

async fn write_messages(
    mut writer: OwnedWriteHalf,
    mut queued: mpsc::Receiver<Queued>,
) -> Result<std::convert::Infallible, ZmtpError> {
    let mut batch = Vec::with_capacity(WRITE_BATCH);
    let mut joined = Vec::new();
    loop {
        if queued.recv_many(&mut batch, WRITE_BATCH).await == 0 {
            return Err(ZmtpError::Closed);
        }
        if let [single] = batch.as_slice() {
            writer.write_all(&single.frames).await?;
        } else {
            for queued in &batch {
                joined.extend_from_slice(&queued.frames);
                if joined.len() >= WRITE_SIZE {
                    writer.write_all(&joined).await?;
                    joined.clear();
                }
            }
            writer.write_all(&joined).await?;
            joined.clear();
        }
        batch.clear();
    }
}
