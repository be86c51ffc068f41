//! How a load ends.

use tokio::sync::watch;

/// How far the end of a load has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    /// It goes on.
    Running,
    /// No cycle begins any more.
    Ending,
    /// Nobody waits for cycles any more.
    CutOff,
}

/// Ends a load.
#[derive(Debug)]
pub(super) struct Ender(watch::Sender<Progress>);

/// How far the end has come, for those whom it concerns.
#[derive(Clone, Debug)]
pub(super) struct Ending(watch::Receiver<Progress>);

pub(super) fn ending() -> (Ender, Ending) {
    let (sender, receiver) = watch::channel(Progress::Running);
    (Ender(sender), Ending(receiver))
}

impl Ender {
    /// No cycle begins any more.
    pub(super) fn end(&self) {
        self.0.send_if_modified(|now| {
            let later = *now < Progress::Ending;
            *now = Progress::Ending.max(*now);
            later
        });
    }

    /// Nobody waits for cycles any more.
    pub(super) fn cut_off(&self) {
        let _ = self.0.send(Progress::CutOff);
    }
}

impl Ending {
    /// Whether no cycle may begin any more.
    pub(super) fn has_begun(&self) -> bool {
        *self.0.borrow() > Progress::Running
    }

    /// Returns when no cycle may begin any more.
    pub(super) async fn begun(&mut self) {
        // whoever could end it and is gone has ended it
        let _ = self.0.wait_for(|now| *now > Progress::Running).await;
    }

    /// Returns when nobody waits any more.
    pub(super) async fn cut_off(&mut self) {
        let _ = self.0.wait_for(|now| *now == Progress::CutOff).await;
    }
}
