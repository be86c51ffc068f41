//! Reads the record while scenarios run.

use std::{
    collections::VecDeque,
    time::{Duration, SystemTime},
};

use harness_core::{
    Journal,
    journal::{Entry, Follower},
};

use super::{Timeline, builder::Builder, known::Known};

/// How many entries a timeline is made of at most.
const LIMIT: usize = 20_000;

/// Makes a [`Timeline`] of each scenario from the record of the telescope.
///
/// It is best made before the telescope is connected to, since the values that attributes have when
/// they are subscribed to are told once. Of a scenario it keeps the last 20,000 entries; the
/// timeline says what was left out. What was not yet read stays in the record, so
/// [`observe`](Self::observe) should be called now and then: at each step, for instance.
///
/// ```
/// use harness_bdd::report::timeline::TimelineCollector;
/// use harness_core::{Journal, Value, journal::EntryKind};
///
/// let journal = Journal::new();
/// let mut collector = TimelineCollector::new(&journal);
/// collector.begin();
/// journal.append(EntryKind::Command {
///     device: "low-tmc/subarray/01".into(),
///     command: "Scan".into(),
///     argument: Value::Void,
/// });
/// let timeline = collector.end();
/// assert_eq!(timeline.lanes[0].commands[0].command, "Scan");
/// ```
#[derive(Debug)]
pub struct TimelineCollector {
    journal: Journal,
    follower: Follower,
    limit: usize,
    /// What was known before the first entry of `window`.
    known: Known,
    /// The entries of the scenario that runs.
    window: VecDeque<Entry>,
    left_out: u64,
    running: Option<Beginning>,
}

/// When the scenario that runs has begun.
#[derive(Clone, Copy, Debug)]
struct Beginning {
    at: Duration,
    unix: Duration,
    /// When the last entry happened that was left out.
    complete_from: Duration,
}

impl TimelineCollector {
    /// Reads `journal` from now on.
    pub fn new(journal: &Journal) -> Self {
        Self {
            follower: journal.follow(&journal.mark()),
            journal: journal.clone(),
            limit: LIMIT,
            known: Known::default(),
            window: VecDeque::new(),
            left_out: 0,
            running: None,
        }
    }

    /// Keeps at most so many entries of a scenario, 20,000 unless it is called.
    #[must_use]
    pub fn with_limit(mut self, entries: usize) -> Self {
        self.limit = entries;
        self
    }

    /// An attempt at a scenario begins. One that was not ended is forgotten.
    pub fn begin(&mut self) {
        self.running = None;
        self.observe();
        for entry in self.window.drain(..) {
            self.known.learn(&entry);
        }
        self.left_out = 0;
        let at = self.journal.started().elapsed();
        let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        self.running = Some(Beginning {
            at,
            unix: unix.unwrap_or_default(),
            complete_from: at,
        });
    }

    /// Reads what is new in the record, so that it need not be kept there.
    pub fn observe(&mut self) {
        let end = self.journal.next_sequence();
        while let Some(entry) = self.follower.try_next() {
            let is_last = entry.sequence + 1 >= end;
            self.take(entry);
            if is_last {
                break;
            }
        }
    }

    fn take(&mut self, entry: Entry) {
        let Some(running) = &mut self.running else {
            self.known.learn(&entry);
            return;
        };
        self.window.push_back(entry);
        if self.window.len() > self.limit
            && let Some(oldest) = self.window.pop_front()
        {
            self.known.learn(&oldest);
            self.left_out += 1;
            running.complete_from = running.complete_from.max(oldest.at);
        }
    }

    /// The attempt is over: what happened since [`begin`](Self::begin). Empty without that.
    pub fn end(&mut self) -> Timeline {
        self.observe();
        let Some(beginning) = self.running.take() else {
            return Timeline::default();
        };
        let mut builder = Builder::new(
            &self.journal,
            beginning.at,
            beginning.complete_from,
            &self.known,
        );
        for entry in self.window.drain(..) {
            builder.add(&entry);
            self.known.learn(&entry);
        }
        let ended = self.journal.started().elapsed();
        builder.finish(ended, beginning.unix, std::mem::take(&mut self.left_out))
    }
}
