//! Faults that come and go by themselves.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::sleep;

use super::{Fault, FaultError, FaultGuard};
use crate::device::BoxFuture;
use crate::journal::Journal;

/// A fault that comes and goes by itself, counted from when this is started.
///
/// It ends with its guard at the latest. The journal is told of each coming and going, if it is given
/// here: the guard's own record would be of the timetable as a whole.
///
/// ```
/// # use harness_core::device::BoxFuture;
/// # use harness_core::fault::{FaultError, FaultGuard};
/// use std::time::Duration;
///
/// use harness_core::fault::{Fault, Timetable};
/// # #[derive(Debug)]
/// # struct Dark;
/// # impl Fault for Dark {
/// #     fn describe(&self) -> String { "the light is out".to_owned() }
/// #     fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
/// #         Box::pin(async { Ok(FaultGuard::new("the light is out", async { Ok(()) })) })
/// #     }
/// # }
///
/// let flicker = Timetable::alternating(Dark, Duration::from_secs(1), Duration::from_secs(5));
/// assert_eq!(flicker.describe(), "the light is out, for 1s and then not for 5s, again and again");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a timetable does nothing until it is started"]
pub struct Timetable {
    fault: Arc<dyn Fault>,
    after: Duration,
    lasting: Duration,
    pause: Option<Duration>,
    journal: Option<Journal>,
}

impl Timetable {
    /// The fault comes once, and lasts this long.
    pub fn once(fault: impl Fault + 'static, lasting: Duration) -> Timetable {
        Timetable {
            fault: Arc::new(fault),
            after: Duration::ZERO,
            lasting,
            pause: None,
            journal: None,
        }
    }

    /// The fault comes again and again: lasts this long, and is away for the pause.
    pub fn alternating(
        fault: impl Fault + 'static,
        lasting: Duration,
        pause: Duration,
    ) -> Timetable {
        Timetable {
            pause: Some(pause),
            ..Timetable::once(fault, lasting)
        }
    }

    /// It comes after this much time for the first time. Without this at once.
    pub fn starting_after(mut self, time: Duration) -> Timetable {
        self.after = time;
        self
    }

    /// Writes to the record whenever the fault begins or ends.
    pub fn recorded_in(mut self, journal: &Journal) -> Timetable {
        self.journal = Some(journal.clone());
        self
    }

    async fn begin(&self) -> Result<FaultGuard, FaultError> {
        let guard = self.fault.start().await?;
        Ok(match &self.journal {
            Some(journal) => guard.recorded_in(journal),
            None => guard,
        })
    }

    /// Goes on until the end of the timetable or the order to stop. `guard` is the fault's that has
    /// begun already.
    async fn go_on(self, guard: Option<FaultGuard>, mut stop: Stop) -> Result<(), FaultError> {
        let mut guard = match guard {
            Some(guard) => guard,
            None if stop.came_within(self.after).await => return Ok(()),
            None => self.begin().await?,
        };
        loop {
            let stopped = stop.came_within(self.lasting).await;
            guard.stop().await?;
            let Some(pause) = self.pause.filter(|_| !stopped) else {
                return Ok(());
            };
            if stop.came_within(pause).await {
                return Ok(());
            }
            guard = self.begin().await?;
        }
    }
}

/// The order to stop.
struct Stop(Option<oneshot::Receiver<()>>);

impl Stop {
    /// Whether it comes within this time.
    async fn came_within(&mut self, time: Duration) -> bool {
        let Some(order) = &mut self.0 else {
            sleep(time).await;
            return false;
        };
        tokio::select! {
            ordered = order => match ordered {
                Ok(()) => true,
                // a guard that was forgotten orders nothing any more
                Err(_) => {
                    self.0 = None;
                    sleep(time).await;
                    false
                }
            },
            () = sleep(time) => false,
        }
    }
}

impl Fault for Timetable {
    fn describe(&self) -> String {
        let (fault, lasting) = (self.fault.describe(), self.lasting);
        let mut words = format!("{fault}, for {lasting:?}");
        if let Some(pause) = self.pause {
            words += &format!(" and then not for {pause:?}, again and again");
        }
        if !self.after.is_zero() {
            words += &format!(", from {:?} on", self.after);
        }
        words
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async {
            let description = self.describe();
            // at once, so that a fault that cannot be started is told to whoever starts it
            let guard = match self.after.is_zero() {
                true => Some(self.begin().await?),
                false => None,
            };
            let (order, ordered) = oneshot::channel();
            let going_on = tokio::spawn(self.clone().go_on(guard, Stop(Some(ordered))));
            let words = description.clone();
            Ok(FaultGuard::new(description, async move {
                // whoever has come to the end needs no order
                let _ = order.send(());
                match going_on.await {
                    Ok(outcome) => outcome,
                    Err(error) => Err(FaultError::stop(words, error)),
                }
            }))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use tokio::time::Instant;

    use super::*;

    /// Remembers when it began and ended, in seconds.
    #[derive(Clone, Debug)]
    struct Dark {
        zero: Instant,
        times: Arc<Mutex<Vec<(&'static str, u64)>>>,
    }

    impl Dark {
        fn new() -> Dark {
            Dark {
                zero: Instant::now(),
                times: Arc::default(),
            }
        }

        fn note(&self, what: &'static str) {
            let time = self.zero.elapsed().as_secs();
            self.times.lock().unwrap().push((what, time));
        }

        fn times(&self) -> Vec<(&'static str, u64)> {
            self.times.lock().unwrap().clone()
        }
    }

    impl Fault for Dark {
        fn describe(&self) -> String {
            "the light is out".to_owned()
        }

        fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
            let dark = self.clone();
            dark.note("out");
            let stop = async move {
                dark.note("on");
                Ok(())
            };
            Box::pin(std::future::ready(Ok(FaultGuard::new(
                self.describe(),
                stop,
            ))))
        }
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn once_is_over_by_itself_and_recorded_when_it_is() {
        let (dark, journal) = (Dark::new(), Journal::new());
        let mark = journal.mark();
        let timetable = Timetable::once(dark.clone(), 3 * SECOND).recorded_in(&journal);
        let guard = timetable.start().await.unwrap();
        assert_eq!(dark.times(), [("out", 0)]);
        sleep(10 * SECOND).await;
        assert_eq!(dark.times(), [("out", 0), ("on", 3)]);
        assert_eq!(journal.since(&mark).len(), 2, "of the fault, not the table");
        guard.stop().await.unwrap();
        assert_eq!(dark.times(), [("out", 0), ("on", 3)]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_guard_ends_what_has_not_come_to_its_end() {
        let dark = Dark::new();
        let guard = Timetable::once(dark.clone(), 30 * SECOND)
            .start()
            .await
            .unwrap();
        sleep(SECOND).await;
        guard.stop().await.unwrap();
        assert_eq!(dark.times(), [("out", 0), ("on", 1)]);

        let early = Timetable::once(dark.clone(), SECOND).starting_after(9 * SECOND);
        let guard = early.start().await.unwrap();
        sleep(SECOND).await;
        guard.stop().await.unwrap();
        assert_eq!(dark.times().len(), 2, "it never began");
    }

    #[tokio::test(start_paused = true)]
    async fn it_comes_again_and_again_until_its_guard_is_dropped() {
        let dark = Dark::new();
        let flicker = Timetable::alternating(dark.clone(), SECOND, 4 * SECOND);
        let guard = flicker.starting_after(2 * SECOND).start().await.unwrap();
        sleep(Duration::from_millis(12_500)).await;
        drop(guard);
        sleep(60 * SECOND).await;
        let expected = [
            ("out", 2),
            ("on", 3),
            ("out", 7),
            ("on", 8),
            ("out", 12),
            ("on", 12),
        ];
        assert_eq!(dark.times(), expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_forgotten_one_keeps_its_times() {
        let dark = Dark::new();
        let guard = Timetable::once(dark.clone(), 3 * SECOND).start().await;
        guard.unwrap().forget();
        sleep(10 * SECOND).await;
        assert_eq!(dark.times(), [("out", 0), ("on", 3)]);
    }
}
