//! When what can only be judged at the end is judged.

use std::sync::Arc;

use tokio::sync::watch;

/// How far a wait is from its end, for the assertions that are judged last.
#[derive(Debug)]
pub(super) struct Closing {
    standing: watch::Sender<Standing>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// How many things are still waited for.
    awaited: usize,
    /// Whether anything at all says when it is over; otherwise only the timeout does.
    has_end: bool,
    /// Whether something happened that must not happen: nothing can mend that.
    broken: bool,
}

/// Something that is waited for until this is dropped.
#[derive(Debug)]
pub(super) struct Awaited(Arc<Closing>);

/// Which end an assertion waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Judged {
    /// As soon as it can be; it ends early only when something is broken.
    Soon,
    /// When nothing else is waited for.
    Last,
}

impl Closing {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            standing: watch::Sender::default(),
        })
    }

    /// Lets everybody know that something is waited for, and whether its end is the end of the
    /// wait for those who wait only for others.
    pub(super) fn awaits(self: &Arc<Self>, is_end: bool) -> Awaited {
        self.standing.send_modify(|standing| {
            standing.awaited += 1;
            standing.has_end |= is_end;
        });
        Awaited(Arc::clone(self))
    }

    pub(super) fn set_broken(&self) {
        self.standing.send_modify(|standing| standing.broken = true);
    }

    pub(super) fn is_over(&self, judged: Judged) -> bool {
        self.standing.borrow().is_over(judged)
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
        self.broken || (judged == Judged::Last && nothing_awaited)
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0
            .standing
            .send_modify(|standing| standing.awaited -= 1);
    }
}
