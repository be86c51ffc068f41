//! The record on disk: JSON Lines, written by a thread of its own.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};

use serde::Serialize;
use tokio::sync::oneshot;

use super::Entry;
use super::line::{Header, LeftOut, Line, Words};

/// How many entries may wait to be written before some are left out.
const BACKLOG: usize = 65_536;

/// The record could not be written.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file could not be made.
    #[error("the journal file {} can not be made", path.display())]
    Create {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// The thread that writes could not be started.
    #[error("the thread that writes the journal can not be started")]
    Start(#[source] Arc<std::io::Error>),
    /// An entry could not be written; none after it were.
    #[error("the journal can not be written")]
    Write(#[source] Arc<std::io::Error>),
    /// The thread that writes has ended.
    #[error("the thread that writes the journal has ended")]
    Ended,
}

enum Order {
    Write(Entry),
    /// With the number that the next entry had then.
    Flush(u64, oneshot::Sender<Result<(), JournalError>>),
}

/// The sending end of the writer's thread; when the last clone is dropped the thread writes what
/// is left and ends.
#[derive(Clone, Debug)]
pub(super) struct FileWriter {
    orders: SyncSender<Order>,
    /// How many entries were left out.
    left_out: Arc<AtomicU64>,
}

impl FileWriter {
    pub(super) fn create(path: &Path) -> Result<File, JournalError> {
        File::create(path).map_err(|source| JournalError::Create {
            path: path.to_owned(),
            source: Arc::new(source),
        })
    }

    /// Starts with the header; `words` are looked for at each entry, as they may be found later.
    pub(super) fn start(
        writer: impl Write + Send + 'static,
        header: Header,
        words: Words,
    ) -> Result<Self, JournalError> {
        let (orders, inbox) = sync_channel(BACKLOG);
        let left_out = Arc::new(AtomicU64::new(0));
        let mut thread = WriterThread {
            writer: BufWriter::new(writer),
            words,
            next: None,
            told: 0,
            left_out: Arc::clone(&left_out),
            outcome: Ok(()),
        };
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                thread.line(&header);
                thread.run(&inbox);
            })
            .map_err(|source| JournalError::Start(Arc::new(source)))?;
        Ok(Self { orders, left_out })
    }

    /// Hands an entry over; never waits.
    pub(super) fn write(&self, entry: Entry) {
        if self.orders.try_send(Order::Write(entry)).is_err() {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until the entries before that number are written, or told to be left out.
    pub(super) async fn flush(&self, next: u64) -> Result<(), JournalError> {
        let (done, outcome) = oneshot::channel();
        let mut order = Order::Flush(next, done);
        // the queue may be full for a moment; a full queue is being emptied, so this ends
        loop {
            match self.orders.try_send(order) {
                Ok(()) => return outcome.await.unwrap_or(Err(JournalError::Ended)),
                Err(std::sync::mpsc::TrySendError::Full(back)) => order = back,
                Err(std::sync::mpsc::TrySendError::Disconnected(_)) => {
                    return Err(JournalError::Ended);
                }
            }
            tokio::task::yield_now().await;
        }
    }
}

struct WriterThread<W: Write> {
    writer: BufWriter<W>,
    words: Words,
    /// The number that the next entry should have, once there was one.
    next: Option<u64>,
    /// How many of those left out were told of.
    told: u64,
    left_out: Arc<AtomicU64>,
    outcome: Result<(), JournalError>,
}

impl<W: Write> WriterThread<W> {
    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            let order = match inbox.try_recv() {
                Ok(order) => order,
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) => {
                    // idle: let what is written be seen, then sleep
                    self.attempt(Write::flush);
                    match inbox.recv() {
                        Ok(order) => order,
                        Err(_) => break,
                    }
                }
            };
            match order {
                Order::Write(entry) => {
                    self.tell_left_out_before(entry.sequence);
                    self.next = Some(entry.sequence + 1);
                    let words = Arc::clone(&self.words);
                    self.line(&Line::new(&entry, &words));
                }
                Order::Flush(next, done) => {
                    self.tell_left_out_before(next);
                    self.attempt(Write::flush);
                    // whoever asked may have given up
                    let _ = done.send(self.outcome.clone());
                }
            }
        }
        // nobody is left to leave out more
        let left_out = self.left_out.load(Ordering::Relaxed);
        let rest = left_out.saturating_sub(self.told);
        self.tell_left_out_before(self.next.unwrap_or_default() + rest);
        self.attempt(Write::flush);
    }

    fn line(&mut self, line: &impl Serialize) {
        self.attempt(|writer| {
            serde_json::to_writer(&mut *writer, line)?;
            writer.write_all(b"\n")
        });
    }

    /// Tells how many entries are missing between the last one written and that number.
    fn tell_left_out_before(&mut self, number: u64) {
        let entries = number.saturating_sub(self.next.unwrap_or(number));
        if entries > 0 {
            self.line(&LeftOut { entries });
            self.told += entries;
            self.next = Some(number);
        }
    }

    /// Does it unless something failed before: a record with a hole in the middle would mislead.
    fn attempt(&mut self, write: impl FnOnce(&mut BufWriter<W>) -> std::io::Result<()>) {
        if self.outcome.is_ok() {
            self.outcome =
                write(&mut self.writer).map_err(|error| JournalError::Write(Arc::new(error)));
        }
    }
}
