//! The receiving end: one connection to one publisher.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncWriteExt, BufReader},
    net::{TcpStream, ToSocketAddrs, tcp::OwnedWriteHalf},
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{
    Limits, Message, ZmtpError,
    command::Command,
    frame::{Incoming, IncomingReader, write_command, write_message},
    handshake::{Role, shake_hands},
    read_ahead::{Backlog, ReadAhead, SIZE_AHEAD, read_ahead},
};

/// Commands that wait to be written.
const COMMAND_QUEUE: usize = 16_384;
const RECEIVE_BUFFER: usize = 64 << 10;

/// Who waits for which PONG, and whether one can still come.
#[derive(Debug, Default)]
struct Pings {
    table: Mutex<PingTable>,
}

#[derive(Debug, Default)]
struct PingTable {
    closed: bool,
    waiting: HashMap<u64, oneshot::Sender<()>>,
}

impl Pings {
    fn table(&self) -> MutexGuard<'_, PingTable> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection has ended: all who wait hear of it, and all who come later.
    fn close(&self) {
        let mut table = self.table();
        table.closed = true;
        table.waiting.clear();
    }
}

/// A SUB socket connected to one publisher.
///
/// Reading and writing happen in two tasks of its own, so every future here may be dropped at any
/// time: nothing is lost and no frame is cut. Dropping the socket closes the connection.
#[derive(Debug)]
pub struct SubscriberSocket {
    control: SubscriberControl,
    messages: Backlog,
    tasks: [JoinHandle<()>; 2],
}

/// The sending half of a [`SubscriberSocket`]: subscribes, cancels and pings while someone else
/// waits for messages. Cloning is cheap; it does not keep the connection open.
#[derive(Clone)]
pub struct SubscriberControl {
    commands: mpsc::Sender<Vec<u8>>,
    pings: Arc<Pings>,
    last_ping: Arc<AtomicU64>,
    answers_ping: bool,
}

impl fmt::Debug for SubscriberControl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SubscriberControl")
            .field("closed", &self.commands.is_closed())
            .finish_non_exhaustive()
    }
}

impl SubscriberSocket {
    /// Connects and shakes hands, with the default [`Limits`].
    ///
    /// # Errors
    /// The connection fails, or the peer is not a publisher of ZMTP 3, or does not answer.
    pub async fn connect(address: impl ToSocketAddrs) -> Result<Self, ZmtpError> {
        Self::connect_with_limits(address, Limits::default()).await
    }

    /// Connects and shakes hands; a message beyond `limits` ends the connection.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect).
    pub async fn connect_with_limits(
        address: impl ToSocketAddrs,
        limits: Limits,
    ) -> Result<Self, ZmtpError> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::with_capacity(RECEIVE_BUFFER, reader);
        let answers_ping = shake_hands(&mut reader, &mut writer, Role::Subscriber, &limits).await?;

        let (commands, queued_commands) = mpsc::channel(COMMAND_QUEUE);
        let (ahead, messages) = read_ahead(SIZE_AHEAD);
        let pings = Arc::new(Pings::default());
        let reading = tokio::spawn(read_on(
            IncomingReader::new(reader, limits),
            ahead,
            commands.downgrade(),
            Arc::clone(&pings),
        ));
        let writing = tokio::spawn(write_on(writer, queued_commands));
        Ok(Self {
            control: SubscriberControl {
                commands,
                pings,
                last_ping: Arc::default(),
                answers_ping,
            },
            messages,
            tasks: [reading, writing],
        })
    }

    /// A handle for subscribing from elsewhere.
    #[must_use]
    pub fn control(&self) -> SubscriberControl {
        self.control.clone()
    }

    /// As [`SubscriberControl::subscribe`].
    ///
    /// # Errors
    /// The connection is closed or stuck.
    pub fn subscribe(&self, topic: &[u8]) -> Result<(), ZmtpError> {
        self.control.subscribe(topic)
    }

    /// As [`SubscriberControl::unsubscribe`].
    ///
    /// # Errors
    /// The connection is closed or stuck.
    pub fn unsubscribe(&self, topic: &[u8]) -> Result<(), ZmtpError> {
        self.control.unsubscribe(topic)
    }

    /// As [`SubscriberControl::ping`].
    ///
    /// # Errors
    /// The connection is closed or stuck.
    pub async fn ping(&self) -> Result<(), ZmtpError> {
        self.control.ping().await
    }

    /// Waits for the next message. Cancel-safe.
    ///
    /// # Errors
    /// Once the reason why the connection ended, then [`ZmtpError::Closed`] for ever.
    pub async fn next(&mut self) -> Result<Message, ZmtpError> {
        self.messages.next().await
    }
}

impl Drop for SubscriberSocket {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        // an aborted task lives on until its runtime comes to it: whoever waits must hear of it now
        self.control.pings.close();
    }
}

impl SubscriberControl {
    /// Asks for all messages whose topic begins with `topic`. Returns when the command is queued
    /// for the writer; [`ping`](Self::ping) says when the publisher has taken it in.
    ///
    /// # Errors
    /// The connection is closed, or so many commands wait that the peer must have stopped reading.
    pub fn subscribe(&self, topic: &[u8]) -> Result<(), ZmtpError> {
        self.change(1, topic)
    }

    /// Takes one [`subscribe`](Self::subscribe) of the same topic back.
    ///
    /// # Errors
    /// As for [`subscribe`](Self::subscribe).
    pub fn unsubscribe(&self, topic: &[u8]) -> Result<(), ZmtpError> {
        self.change(0, topic)
    }

    /// Sends a PING and waits for its PONG: then the publisher's connection has read all that was
    /// sent before it. Without a deadline of its own; cancel-safe.
    ///
    /// libzmq's socket takes a subscription over from its connection up to a millisecond later; a
    /// [`Publisher`](super::Publisher) has done so before it answers.
    ///
    /// # Errors
    /// As for [`subscribe`](Self::subscribe), also when the connection ends meanwhile.
    pub async fn ping(&self) -> Result<(), ZmtpError> {
        let context = self.last_ping.fetch_add(1, Ordering::Relaxed);
        let (answered, answer) = oneshot::channel();
        self.pings.table().waiting.insert(context, answered);
        let _forget = ForgetPing {
            pings: &self.pings,
            context,
        };
        let mut frame = Vec::with_capacity(20);
        write_command(&mut frame, &Command::ping(&context.to_be_bytes()));
        self.send(frame)?;
        answer.await.map_err(|_| ZmtpError::Closed)
    }

    /// True if the publisher speaks ZMTP 3.1 or later, and so has to answer [`ping`](Self::ping).
    /// Some that say 3.0 do as well.
    #[must_use]
    pub fn answers_ping(&self) -> bool {
        self.answers_ping
    }

    /// The form of ZMTP 3.0, a message of one octet and the topic: every libzmq since 4.0 takes it.
    fn change(&self, subscribe: u8, topic: &[u8]) -> Result<(), ZmtpError> {
        let mut body = Vec::with_capacity(topic.len() + 1);
        body.push(subscribe);
        body.extend_from_slice(topic);
        let mut frame = Vec::with_capacity(body.len() + 9);
        write_message(&mut frame, &[&body]);
        self.send(frame)
    }

    fn send(&self, frame: Vec<u8>) -> Result<(), ZmtpError> {
        use mpsc::error::TrySendError;
        if self.pings.table().closed {
            return Err(ZmtpError::Closed);
        }
        self.commands.try_send(frame).map_err(|error| match error {
            TrySendError::Full(_) => ZmtpError::Congested,
            TrySendError::Closed(_) => ZmtpError::Closed,
        })
    }
}

/// Keeps the table of PINGs free of those nobody waits for any more.
struct ForgetPing<'a> {
    pings: &'a Pings,
    context: u64,
}

impl Drop for ForgetPing<'_> {
    fn drop(&mut self) {
        self.pings.table().waiting.remove(&self.context);
    }
}

async fn read_on<R: AsyncRead + Unpin>(
    mut incoming: IncomingReader<R>,
    ahead: ReadAhead,
    commands: mpsc::WeakSender<Vec<u8>>,
    pings: Arc<Pings>,
) {
    let reason = loop {
        match incoming.next().await {
            Ok(Incoming::Message(message)) => {
                if !ahead.put(message).await {
                    break ZmtpError::Closed;
                }
            }
            Ok(Incoming::Command(body)) => match Command::parse(&body) {
                Some(Command::Ping { context }) => {
                    let mut frame = Vec::new();
                    write_command(&mut frame, &Command::pong(context));
                    // a peer that pings without reading gets no answer, and we no backlog
                    let _ = commands.upgrade().map(|sender| sender.try_send(frame));
                }
                Some(Command::Pong { context }) => {
                    if let Ok(context) = <[u8; 8]>::try_from(context)
                        && let Some(answered) =
                            pings.table().waiting.remove(&u64::from_be_bytes(context))
                    {
                        let _ = answered.send(());
                    }
                }
                Some(Command::Error(reason)) => {
                    break ZmtpError::Refused(String::from_utf8_lossy(reason).into_owned());
                }
                Some(_) => {}
                None => break ZmtpError::Protocol("a malformed command"),
            },
            Err(error) => break error,
        }
    };
    pings.close();
    ahead.end(reason).await;
}

async fn write_on(mut writer: OwnedWriteHalf, mut commands: mpsc::Receiver<Vec<u8>>) {
    while let Some(mut frames) = commands.recv().await {
        while let Ok(more) = commands.try_recv() {
            frames.extend(more);
        }
        if let Err(error) = writer.write_all(&frames).await {
            tracing::debug!(%error, "could not write to the publisher");
            return;
        }
    }
}
