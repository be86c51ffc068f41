//! When a wait is over, and when what can only be judged at the end is judged.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::Watch;
use crate::journal::Journal;

/// How far a wait is from its end, for the assertions that are verified in it.
#[derive(Debug)]
pub(super) struct Closing {
    journal: Journal,
    standing: watch::Sender<Standing>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// How many things are still waited for.
    awaited: usize,
    /// Whether anything at all says when it is over; otherwise only the timeout does.
    has_end: bool,
    /// Whether waiting on is useless: something happened that must not happen, which nothing can
    /// mend, or an early stop fired.
    useless: bool,
    /// The number of the first entry that came after it was over; in a flood there always is one.
    end: Option<u64>,
}

/// Something that is waited for until this is dropped.
#[derive(Debug)]
pub(super) struct Awaited(Arc<Closing>);

/// Which end an assertion waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Judged {
    /// As soon as it can be; it ends early only when waiting on is useless.
    Soon,
    /// When nothing else is waited for.
    Last,
}

impl Closing {
    pub(super) fn new(journal: &Journal) -> Arc<Self> {
        Arc::new(Self {
            journal: journal.clone(),
            standing: watch::Sender::default(),
        })
    }

    /// Lets everybody know that something is waited for, and whether its end is the end of the
    /// wait for those who wait only for others.
    pub(super) fn awaits(self: &Arc<Self>, is_end: bool) -> Awaited {
        self.standing.send_modify(|standing| {
            standing.awaited += 1;
            standing.has_end |= is_end;
            standing.end = standing.end.filter(|_| standing.useless);
        });
        Awaited(Arc::clone(self))
    }

    /// Lets everybody know that waiting on is useless.
    pub(super) fn set_useless(&self) {
        let end = self.journal.next_sequence();
        self.standing.send_modify(|standing| {
            standing.useless = true;
            standing.end.get_or_insert(end);
        });
    }

    /// The number of the first entry that does not matter any more, if it is over.
    pub(super) fn end(&self, judged: Judged) -> Option<u64> {
        let standing = self.standing.borrow();
        standing.end.filter(|_| standing.is_over(judged))
    }

    pub(super) fn is_useless(&self) -> bool {
        self.standing.borrow().useless
    }

    /// Returns when it is over.
    pub(super) async fn over(&self, judged: Judged) {
        let mut standing = self.standing.subscribe();
        // the sender lives as long as we do
        let _ = standing.wait_for(|standing| standing.is_over(judged)).await;
    }
}

impl Standing {
    fn is_over(&self, judged: Judged) -> bool {
        let nothing_awaited = self.has_end && self.awaited == 0;
        self.useless || (judged == Judged::Last && nothing_awaited)
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        let end = self.0.journal.next_sequence();
        self.0.standing.send_modify(|standing| {
            standing.awaited -= 1;
            if standing.is_over(Judged::Last) {
                standing.end.get_or_insert(end);
            }
        });
    }
}

/// How far an assertion that is judged last is from its own end. Others that are judged last are
/// watched on until it is there.
pub(super) struct Ending<'a> {
    watch: &'a Watch,
    /// Whether it says itself until when it is to be watched.
    is_end: bool,
    /// The moment until which it must be watched, as long as that is not reached.
    open_until: Option<Instant>,
    awaited: Option<Awaited>,
}

impl<'a> Ending<'a> {
    /// For an assertion that is to be watched at least until a moment, or as long as all others.
    pub(super) fn new(watch: &'a Watch, until: Option<Instant>) -> Self {
        let is_end = until.is_some();
        Self {
            watch,
            is_end,
            open_until: until,
            awaited: watch.awaits(is_end),
        }
    }

    /// Whether all that must be seen was seen, as far as is known by now.
    pub(super) fn update(&mut self, is_enough: bool) {
        if is_enough && self.is_reached() {
            self.awaited = None;
        } else if self.awaited.is_none() {
            self.awaited = self.watch.awaits(self.is_end);
        }
    }

    /// The next moment to stop at.
    pub(super) fn next(&self) -> Option<Instant> {
        self.open_until
    }

    /// It was watched until `moment`.
    pub(super) fn settle(&mut self, moment: Instant) {
        self.open_until = self.open_until.filter(|until| *until > moment);
    }

    pub(super) fn is_reached(&self) -> bool {
        self.open_until.is_none()
    }
}
