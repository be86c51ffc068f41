//! What a wait looks at, and until when.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use super::EarlyStop;
use super::closing::{Awaited, Closing, Judged};
use super::early_stop::examine;
use crate::journal::{Entry, Follower, Mark};
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// What the waits of one action look at: the record from a mark on, until a timeout ends or an
/// early stop fires.
///
/// The order of the record decides: what was recorded before an early stop still counts, what
/// came after it does not. The clock of the timeout starts with the watch.
#[derive(Clone)]
pub struct Watch {
    tracer: Tracer,
    mark: Mark,
    timeout: Timeout,
    started: Instant,
    deadline: Instant,
    stops: Vec<Arc<dyn EarlyStop>>,
    stopping: Arc<Mutex<Stopping>>,
    /// Within a verification of several assertions, when the others are done.
    closing: Option<(Arc<Closing>, Judged)>,
}

/// How many entries are given before others have their turn.
const PIECE: usize = 64;

/// How far the early stops have looked, and what they found.
#[derive(Default)]
struct Stopping {
    examined_to: u64,
    stopped: Option<Arc<EarlyStopped>>,
}

/// What made waiting on useless.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EarlyStopped {
    /// The entry at which the early stop fired.
    pub entry: Entry,
    /// Why it fired, in one line.
    pub reason: String,
}

/// Why a watch gives no more entries.
#[derive(Clone, Debug)]
pub enum WatchEnd {
    /// The timeout, or the limit asked for, was reached.
    TimedOut,
    /// An early stop fired.
    Stopped(Arc<EarlyStopped>),
    /// Nothing that is still to come matters: all else that is verified has been seen, for an
    /// assertion that is [judged last](super::Assertion::is_judged_last); or for the others, such an
    /// assertion failed or an early stop fired, and all entries before that were given.
    Decided,
}

impl Watch {
    /// Looks at the record from `mark` on, until `timeout` ends, which it starts.
    pub fn new(tracer: &Tracer, mark: &Mark, timeout: &Timeout) -> Self {
        Self {
            tracer: tracer.clone(),
            mark: mark.clone(),
            timeout: timeout.clone(),
            started: Instant::now(),
            deadline: timeout.start(),
            stops: Vec::new(),
            stopping: Arc::default(),
            closing: None,
        }
    }

    /// Ends also when one of these fires.
    #[must_use]
    pub fn with_early_stops(mut self, stops: impl IntoIterator<Item = Arc<dyn EarlyStop>>) -> Self {
        self.stops.extend(stops);
        self
    }

    /// The tracer whose record is looked at.
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// Where it begins.
    pub fn mark(&self) -> &Mark {
        &self.mark
    }

    /// How long it lasts.
    pub fn timeout(&self) -> &Timeout {
        &self.timeout
    }

    /// The moment at which it ends.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How long it has lasted so far.
    pub fn waited(&self) -> Duration {
        self.started.elapsed()
    }

    /// How long it could last when it began; less than the whole timeout if that ran already.
    pub fn length(&self) -> Duration {
        self.deadline.saturating_duration_since(self.started)
    }

    /// The entries after the mark, those already there first. Each call begins anew at the mark.
    pub fn entries(&self) -> WatchedEntries<'_> {
        WatchedEntries {
            watch: self,
            follower: self.tracer.follow(&self.mark),
            put_back: None,
            given_to: self.mark.sequence(),
            given: 0,
        }
    }

    /// What made waiting on useless, if something did.
    pub fn stopped(&self) -> Option<Arc<EarlyStopped>> {
        self.stopping().stopped.clone()
    }

    /// The same watch for one of several assertions that are verified together.
    pub(super) fn closing(&self, closing: &Arc<Closing>, judged: Judged) -> Self {
        Self {
            closing: Some((Arc::clone(closing), judged)),
            ..self.clone()
        }
    }

    /// Keeps assertions that are judged last watching until it is dropped; see
    /// [`Closing::awaits`].
    pub(super) fn awaits(&self, is_end: bool) -> Option<Awaited> {
        let (closing, _) = self.closing.as_ref()?;
        Some(closing.awaits(is_end))
    }

    fn is_useless(&self) -> bool {
        let closing = self.closing.as_ref();
        closing.is_some_and(|(closing, _)| closing.is_useless())
    }

    /// The number of the first entry that does not matter any more, if all is decided.
    fn end(&self) -> Option<u64> {
        let (closing, judged) = self.closing.as_ref()?;
        closing.end(*judged)
    }

    /// Shows the early stops what is there already.
    pub(super) fn look_for_stops(&self) {
        let mut entries = self.tracer.follow(&self.mark);
        let in_time = |entry: &Entry| entry.instant <= self.deadline;
        let there = std::iter::from_fn(|| entries.try_next());
        let _ = there
            .take_while(in_time)
            .find_map(|entry| self.stop_at(&entry));
    }

    async fn decided(&self) {
        match &self.closing {
            Some((closing, judged)) => closing.over(*judged).await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn has_early_stops(&self) -> bool {
        !self.stops.is_empty()
    }

    /// Whether an entry lies at or behind an early stop. Each entry is shown to the early stops
    /// once, whoever of the waits comes to it first.
    fn stop_at(&self, entry: &Entry) -> Option<Arc<EarlyStopped>> {
        if self.stops.is_empty() {
            return None;
        }
        let mut stopping = self.stopping();
        if stopping.stopped.is_none() && entry.sequence >= stopping.examined_to {
            stopping.examined_to = entry.sequence + 1;
            let reason = self.stops.iter().find_map(|stop| examine(&**stop, entry));
            stopping.stopped = reason.map(|reason| {
                Arc::new(EarlyStopped {
                    entry: entry.clone(),
                    reason,
                })
            });
        }
        stopping
            .stopped
            .clone()
            .filter(|stopped| stopped.entry.sequence <= entry.sequence)
    }

    fn stopping(&self) -> std::sync::MutexGuard<'_, Stopping> {
        self.stopping.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debug for Watch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("mark", &self.mark)
            .field("timeout", &self.timeout)
            .field("early_stops", &self.stops.len())
            .finish_non_exhaustive()
    }
}

/// Gives the entries of a [`Watch`], each once and in order.
#[derive(Debug)]
pub struct WatchedEntries<'a> {
    watch: &'a Watch,
    follower: Follower,
    put_back: Option<Entry>,
    /// The first entry that was not given yet.
    given_to: u64,
    given: usize,
}

impl WatchedEntries<'_> {
    /// The next entry, waiting for it if need be. What was recorded in time is given even when
    /// the time is over. Cancel-safe.
    ///
    /// # Errors
    ///
    /// When the timeout ended, an early stop fired, or all was decided before another entry.
    pub async fn next(&mut self) -> Result<Entry, WatchEnd> {
        self.next_before(self.watch.deadline).await
    }

    /// The next entry before `limit`, or before the end of the timeout if that comes first. An
    /// entry behind the limit is given by the next call. Cancel-safe.
    ///
    /// # Errors
    ///
    /// When the limit or the timeout is reached, an early stop fired, or all was decided before
    /// another entry.
    pub async fn next_before(&mut self, limit: Instant) -> Result<Entry, WatchEnd> {
        self.let_others_go_on().await;
        let limit = limit.min(self.watch.deadline);
        let there = self.put_back.take().or_else(|| self.follower.try_next());
        let entry = match there {
            Some(entry) => entry,
            None => self.wait_for_one(limit).await?,
        };
        if entry.instant > limit {
            self.put_back = Some(entry);
            return Err(WatchEnd::TimedOut);
        }
        if self.watch.end().is_some_and(|end| entry.sequence >= end) {
            self.put_back = Some(entry);
            return Err(WatchEnd::Decided);
        }
        match self.watch.stop_at(&entry) {
            Some(stopped) => Err(WatchEnd::Stopped(stopped)),
            None => {
                self.given_to = entry.sequence + 1;
                Ok(entry)
            }
        }
    }

    /// Shows `visitor` what stands in the record behind the entries given so far: see
    /// [`Journal::visit_from`](crate::journal::Journal::visit_from).
    pub(super) fn visit_rest(&self, visitor: impl FnMut(&Entry)) {
        let journal = self.watch.tracer.journal();
        journal.visit_from(self.given_to, visitor);
    }

    /// In a flood there is always another entry, and matchers may be slow.
    async fn let_others_go_on(&mut self) {
        self.given += 1;
        // at the end everybody looks once more, in one go
        if self.given.is_multiple_of(PIECE) && !self.watch.is_useless() {
            yield_now().await;
        }
    }

    async fn wait_for_one(&mut self, limit: Instant) -> Result<Entry, WatchEnd> {
        if Instant::now() >= limit {
            return Err(WatchEnd::TimedOut);
        }
        let end = tokio::select! {
            biased;
            entry = self.follower.next() => return Ok(entry),
            () = self.watch.decided() => WatchEnd::Decided,
            () = sleep_until(limit) => WatchEnd::TimedOut,
        };
        // the thread that appended an entry may not have woken us yet, but the entry counts
        self.follower.try_next().ok_or(end)
    }
}
