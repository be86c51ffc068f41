//! Users of tests: each cycle is one action that takes as long as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness_explore::load::{CycleError, Identity, Recorder, ResultClass, Sample, User};
use tokio::time::{Instant, sleep};

/// What users did, for tests to look at.
#[derive(Clone, Default)]
pub(crate) struct Book(Arc<Mutex<HashMap<u64, Vec<Duration>>>>);

impl Book {
    /// When each user began its cycles, after the clock was started.
    pub(crate) fn cycles(&self) -> HashMap<u64, Vec<Duration>> {
        self.0.lock().unwrap().clone()
    }

    /// When all cycles began, in order.
    pub(crate) fn all(&self) -> Vec<Duration> {
        let mut all: Vec<_> = self.cycles().into_values().flatten().collect();
        all.sort_unstable();
        all
    }

    fn note(&self, user: u64, at: Duration) {
        self.0.lock().unwrap().entry(user).or_default().push(at);
    }
}

/// How long an action that begins then takes, and what becomes of it.
pub(crate) type Behaviour = Arc<dyn Fn(Duration) -> (Duration, ResultClass) + Send + Sync>;

/// A user whose cycle is one action.
pub(crate) struct Worker {
    pub(crate) identity: Identity,
    pub(crate) book: Book,
    pub(crate) behaviour: Behaviour,
}

impl User for Worker {
    async fn cycle(&mut self, recorder: &Recorder, planned: Instant) -> Result<(), CycleError> {
        let planned = recorder.admitted(planned).await;
        let begun = Instant::now();
        let at = recorder.elapsed();
        self.book.note(self.identity.number, at);
        let (time, class) = (self.behaviour)(at);
        sleep(time).await;
        let words = format!("it ended as {class}");
        let sample = Sample::done("work", begun).planned_at(planned);
        recorder.record(&sample.ended_as(class, Some(&words)));
        match class {
            ResultClass::Ok => Ok(()),
            class => Err(CycleError::new(class, words)),
        }
    }
}

/// Users whose actions always take this long and go well.
pub(crate) fn steady(book: &Book, time: Duration) -> impl FnMut(Identity) -> Worker {
    behaving(book, move |_| (time, ResultClass::Ok))
}

/// Users whose actions do what this says.
pub(crate) fn behaving(
    book: &Book,
    behaviour: impl Fn(Duration) -> (Duration, ResultClass) + Send + Sync + 'static,
) -> impl FnMut(Identity) -> Worker {
    let (book, behaviour): (_, Behaviour) = (book.clone(), Arc::new(behaviour));
    move |identity| Worker {
        identity,
        book: book.clone(),
        behaviour: Arc::clone(&behaviour),
    }
}

pub(crate) fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A time as it is told, at most a thousandth too large.
pub(crate) fn whole_millis(time: Option<Duration>) -> u128 {
    time.unwrap().as_millis()
}

/// Never asks a load to end.
pub(crate) fn never() -> impl Future<Output = String> {
    std::future::pending()
}
