//! An open load: cycles begin when it is time for them.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::cycling::{Cut, Cycling};
use super::ending::Ending;
use super::recorder::Recorder;
use super::user::User;
use crate::load::plan::{Profile, Shard};

/// A user that waits for starts.
pub(super) struct Worker {
    /// Which of all it is.
    pub(super) place: usize,
    pub(super) starts: mpsc::Receiver<Instant>,
    pub(super) idle: mpsc::UnboundedSender<usize>,
}

/// Goes through a cycle for each start that is handed to it, until there are no more.
pub(super) async fn work<U: User>(mut cycling: Cycling<U>, mut worker: Worker) {
    let there = cycling.recorder.user_is_there();
    while worker.idle.send(worker.place).is_ok() {
        let planned = tokio::select! {
            planned = worker.starts.recv() => planned,
            () = cycling.ending.cut_off() => None,
        };
        let Some(planned) = planned else { break };
        if let Cut::Off = cycling.go_through_one(planned).await {
            break;
        }
    }
    drop(there);
    cycling.end().await;
}

/// Hands planned starts to whoever is free, in order.
pub(super) struct Dispatch {
    pub(super) recorder: Recorder,
    pub(super) workers: Vec<mpsc::Sender<Instant>>,
    pub(super) idle: mpsc::UnboundedReceiver<usize>,
    pub(super) most_late: Duration,
    pub(super) ending: Ending,
}

impl Dispatch {
    /// Goes on until all starts are handed out or dropped.
    pub(super) async fn run(mut self, profile: Profile, shard: Shard, start: Instant) {
        let mut numbers = 0..;
        let starts = profile.starts().filter(|_| {
            let number = numbers.next();
            number.is_some_and(|number| shard.has(number))
        });
        let mut starts = starts.map(|at| start + at).peekable();
        let mut free: VecDeque<usize> = VecDeque::new();
        let mut waiting: VecDeque<Instant> = VecDeque::new();
        loop {
            let next = starts.peek().copied();
            if next.is_none() && waiting.is_empty() {
                break;
            }
            tokio::select! {
                biased;
                () = self.ending.begun() => break,
                // in batches, so that a busy load is not held up by its own bookkeeping
                place = self.idle.recv() => {
                    free.extend(place);
                    while let Ok(place) = self.idle.try_recv() {
                        free.push_back(place);
                    }
                    if place.is_none() {
                        self.dropped(starts.by_ref().count());
                        break;
                    }
                }
                () = due(next) => {}
            }
            let now = Instant::now();
            while let Some(planned) = starts.next_if(|planned| *planned <= now) {
                if waiting.is_empty()
                    && let Some(place) = free.pop_front()
                {
                    self.recorder.note_lag(planned);
                    self.hand(place, planned);
                } else {
                    waiting.push_back(planned);
                }
            }
            self.drop_late(&mut waiting, now);
            while !waiting.is_empty()
                && let Some(place) = free.pop_front()
            {
                waiting
                    .pop_front()
                    .into_iter()
                    .for_each(|planned| self.hand(place, planned));
            }
        }
        // what was planned for later is not missing: the load was ended
        self.dropped(waiting.len());
    }

    /// Drops what has waited too long.
    fn drop_late(&self, waiting: &mut VecDeque<Instant>, now: Instant) {
        let before = waiting.len();
        while waiting
            .front()
            .is_some_and(|planned| now.duration_since(*planned) >= self.most_late)
        {
            waiting.pop_front();
        }
        self.dropped(before - waiting.len());
    }

    fn dropped(&self, count: usize) {
        if count > 0 {
            self.recorder.tally().counts.dropped += count as u64;
        }
    }

    fn hand(&self, place: usize, planned: Instant) {
        // a worker that is free has room for one; one that is gone was cut off
        let handed = self.workers.get(place).map(|it| it.try_send(planned));
        if !matches!(handed, Some(Ok(()))) {
            self.dropped(1);
        }
    }
}

async fn due(next: Option<Instant>) {
    match next {
        Some(next) => sleep_until(next).await,
        None => std::future::pending().await,
    }
}
