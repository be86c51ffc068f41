//! Waiting, and saying once a second for what.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::{Progress, Tracer};
use crate::timeout::Timeout;

/// How often a wait says where it stands.
const REPORT_EVERY: Duration = Duration::from_secs(1);
/// How much earlier a wait within another one says it to that one.
const AHEAD: Duration = Duration::from_millis(100);

tokio::task_local! {
    /// The wait around the present one, which reports in its place.
    static OUTER: Outer;
}

#[derive(Clone)]
enum Outer {
    /// It has words of its own for all that it waits for.
    Speaks,
    /// It tells what those within it wait for.
    Gathers(Arc<Gathered>),
}

/// What the waits within another one are waiting for, in the order in which they began.
#[derive(Default)]
struct Gathered {
    begun: AtomicU64,
    awaited: Mutex<BTreeMap<u64, Vec<String>>>,
}

impl Gathered {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Vec<String>>> {
        // each critical section is a single read or write
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tracer {
    /// Waits for `future`, and once a second says what for: to the observer of this tracer, if
    /// there is one, and to `tracing` at level INFO with the target
    /// [`PROGRESS_TARGET`](super::PROGRESS_TARGET). When the wait is over it says so, if it has
    /// said anything.
    ///
    /// `action` names what the wait is part of, and `awaited` gives what has not come yet, each in
    /// a line. With a timeout that runs, the time left is told, too; the wait is not ended by it.
    /// A wait within `future` stays silent, since this one speaks for it.
    ///
    /// ```
    /// # use std::time::Duration;
    /// use harness_core::Tracer;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let tracer = Tracer::default();
    /// let warm_up = tokio::time::sleep(Duration::from_millis(20));
    /// let awaited = || vec!["the rack to be warm".to_owned()];
    /// tracer.while_waiting("power on", None, awaited, warm_up).await;
    /// # });
    /// # Ok::<_, std::io::Error>(())
    /// ```
    pub async fn while_waiting<F: Future>(
        &self,
        action: &str,
        timeout: Option<&Timeout>,
        awaited: impl Fn() -> Vec<String>,
        future: F,
    ) -> F::Output {
        let mut future = pin!(OUTER.scope(Outer::Speaks, future));
        self.reporting(action, timeout, awaited, future.as_mut())
            .await
    }

    /// Like [`while_waiting`](Self::while_waiting), for a future that consists of several waits:
    /// what each of them waits for is told in one report, and `awaited` only when there is none.
    pub async fn while_waiting_for_all<F: Future>(
        &self,
        action: &str,
        timeout: Option<&Timeout>,
        awaited: impl Fn() -> Vec<String>,
        future: F,
    ) -> F::Output {
        let gathered: Arc<Gathered> = Arc::default();
        let mut future = pin!(OUTER.scope(Outer::Gathers(Arc::clone(&gathered)), future));
        let awaited = || {
            let inner: Vec<_> = gathered.lock().values().flatten().cloned().collect();
            if inner.is_empty() { awaited() } else { inner }
        };
        self.reporting(action, timeout, awaited, future.as_mut())
            .await
    }

    async fn reporting<F: Future + Unpin>(
        &self,
        action: &str,
        timeout: Option<&Timeout>,
        awaited: impl Fn() -> Vec<String>,
        mut future: F,
    ) -> F::Output {
        // most waits are none, and need no clock
        let first_look = poll_fn(|context| Poll::Ready(future.poll_unpin(context)));
        if let Poll::Ready(output) = first_look.await {
            return output;
        }
        let to = match OUTER.try_with(Outer::clone) {
            Err(_) => Listener::People {
                tracer: self,
                told: false,
            },
            Ok(Outer::Gathers(gathered)) => Listener::Outer {
                number: gathered.begun.fetch_add(1, Ordering::Relaxed),
                gathered,
            },
            Ok(Outer::Speaks) => return future.await,
        };
        let began = Instant::now();
        let mut reports = Reports {
            action,
            timeout,
            began,
            to,
        };
        let mut ticks = interval_at(began + reports.first_after(), REPORT_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                output = &mut future => return output,
                _ = ticks.tick() => reports.send(awaited()),
            }
        }
    }
}

/// The reports of one wait; dropped, the last one is sent.
struct Reports<'a> {
    action: &'a str,
    timeout: Option<&'a Timeout>,
    began: Instant,
    to: Listener<'a>,
}

/// Who is told.
enum Listener<'a> {
    People {
        tracer: &'a Tracer,
        told: bool,
    },
    Outer {
        number: u64,
        gathered: Arc<Gathered>,
    },
}

impl Reports<'_> {
    fn first_after(&self) -> Duration {
        match self.to {
            Listener::People { .. } => REPORT_EVERY,
            Listener::Outer { .. } => REPORT_EVERY.saturating_sub(AHEAD),
        }
    }

    fn send(&mut self, awaited: Vec<String>) {
        if awaited.is_empty() {
            return;
        }
        match &mut self.to {
            Listener::People { told, .. } => {
                *told = true;
                self.tell(awaited);
            }
            Listener::Outer { number, gathered } => {
                gathered.lock().insert(*number, awaited);
            }
        }
    }

    fn tell(&self, awaited: Vec<String>) {
        let Listener::People { tracer, .. } = &self.to else {
            return;
        };
        // one that has not started does not count down, and zero means to look once
        let running = self
            .timeout
            .filter(|timeout| timeout.is_started() && !timeout.initial().is_zero());
        let progress = Progress {
            action: self.action.to_owned(),
            awaited,
            waited: self.began.elapsed(),
            remaining: running.map(Timeout::remaining),
        };
        progress.trace();
        if let Some(observer) = tracer.progress() {
            // what shows a wait must not break it
            let _ = catch_unwind(AssertUnwindSafe(|| observer.report(&progress)));
        }
    }
}

impl Drop for Reports<'_> {
    fn drop(&mut self) {
        match &self.to {
            Listener::People { told: true, .. } => self.tell(Vec::new()),
            Listener::People { .. } => {}
            Listener::Outer { number, gathered } => {
                gathered.lock().remove(number);
            }
        }
    }
}
