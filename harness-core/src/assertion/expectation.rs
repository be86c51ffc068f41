//! Assertions on their own, outside an action.

use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use futures_util::future::join_all;

use super::{Assertion, EarlyStop, Watch};
use crate::failure::Failure;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// Something expected that is not part of an action: see [`Tracer::expect`].
#[must_use = "nothing is verified until `within` or `assert_within` is awaited"]
pub struct Expectation {
    tracer: Tracer,
    assertions: Vec<Box<dyn Assertion>>,
    early_stops: Vec<Arc<dyn EarlyStop>>,
    mark: Option<Mark>,
}

impl Tracer {
    /// Expects something without an action. What counts is what is recorded from the moment on
    /// that [`Expectation::from_now`] or [`Expectation::since`] names, or else from the
    /// verification on.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use harness_core::{InMemoryDevice, Timeout, Tracer, changes_to, is_in_state};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
    /// let device = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "IDLE");
    /// let tracer = Tracer::default();
    /// let subarray = tracer.device(Arc::new(device.clone()));
    ///
    /// let configured = tracer
    ///     .expect(changes_to(&subarray, "obsState", "CONFIGURING").then(changes_to(&subarray, "obsState", "READY")))
    ///     .from_now()
    ///     .await?;
    /// device.set("obsState", "CONFIGURING");
    /// device.set("obsState", "READY");
    /// configured.within(Timeout::seconds(5)).await?;
    ///
    /// // or, where a failure should end the test here and now:
    /// tracer.expect(is_in_state(&subarray, "obsState", "READY")).assert_within(Timeout::zero()).await;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn expect(&self, assertion: impl Assertion + 'static) -> Expectation {
        Expectation {
            tracer: self.clone(),
            assertions: vec![Box::new(assertion)],
            early_stops: Vec::new(),
            mark: None,
        }
    }
}

impl Expectation {
    /// Expects this as well. All are verified at the same time.
    pub fn and(mut self, assertion: impl Assertion + 'static) -> Self {
        self.assertions.push(Box::new(assertion));
        self
    }

    /// Gives up waiting when that happens.
    pub fn unless(mut self, stop: impl EarlyStop + 'static) -> Self {
        self.early_stops.push(Arc::new(stop));
        self
    }

    /// What was recorded after that mark counts, such as what an action that is over has caused.
    /// Only attributes that were watched then have told all; use [`Expectation::from_now`] where
    /// something is still to be done.
    pub fn since(mut self, mark: &Mark) -> Self {
        self.mark = Some(mark.clone());
        self
    }

    /// Watches what must be watched; what is recorded from then on counts.
    ///
    /// # Errors
    ///
    /// When not everything can be watched.
    pub async fn from_now(mut self) -> Result<Self, Failure> {
        self.setup().await?;
        self.mark = Some(self.tracer.mark());
        Ok(self)
    }

    /// Waits until all is as expected. May be called again, with another timeout.
    ///
    /// # Errors
    ///
    /// When not all is within the timeout, or when not everything can be watched. The account lists
    /// all that was expected, and what the devices did meanwhile.
    pub async fn within(&self, timeout: impl Into<Timeout>) -> Result<(), Failure> {
        let timeout = timeout.into();
        // what was watched already answers at once
        self.setup().await?;
        let mark = self.mark.clone().unwrap_or_else(|| self.tracer.mark());
        let watch = Watch::new(&self.tracer, &mark, &timeout)
            .with_early_stops(self.early_stops.iter().map(Arc::clone));
        let outcome = watch.verify_all("expected", &self.assertions).await;
        outcome.map_err(|failure| {
            let headline = self.headline(&failure, &watch);
            failure.with_headline(headline).with_timeline(&mark)
        })
    }

    /// Like [`Expectation::within`], for tests that end where something is not as expected.
    ///
    /// # Panics
    ///
    /// When not all is as expected within the timeout. The message begins with the line of the
    /// caller, and has the whole account.
    #[track_caller]
    pub fn assert_within(&self, timeout: impl Into<Timeout>) -> impl Future<Output = ()> + Send {
        let (caller, timeout) = (Location::caller(), timeout.into());
        async move {
            if let Err(failure) = self.within(timeout).await {
                panic!("{caller}: {failure}");
            }
        }
    }

    async fn setup(&self) -> Result<(), Failure> {
        let assertions = self.assertions.iter().map(|assertion| assertion.setup());
        let setups = assertions.chain(self.early_stops.iter().map(|stop| stop.setup()));
        let outcomes = join_all(setups).await;
        let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
        if failures.is_empty() {
            return Ok(());
        }
        let account = Failure::new("not everything that is expected can be watched");
        Err(failures.into_iter().fold(account, Failure::absorb))
    }

    fn headline(&self, failure: &Failure, watch: &Watch) -> String {
        let waited = humantime::format_duration(super::change_account::to_millis(watch.waited()));
        if let Some(stopped) = watch.stopped() {
            return format!("gave up after {waited}: {}", stopped.reason);
        }
        let what = match &*self.assertions {
            [only] => only.describe(),
            several => {
                let missing = failure.missing().count();
                format!(
                    "{missing} of {} things expected",
                    several.len().max(missing)
                )
            }
        };
        match watch.timeout().initial() {
            whole if whole.is_zero() => format!("{what}: not so (looked once, without waiting)"),
            _ => format!("{what}: not so after {waited}"),
        }
    }
}

impl Debug for Expectation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let assertions = self.assertions.iter();
        let described: Vec<_> = assertions.map(|assertion| assertion.describe()).collect();
        f.debug_struct("Expectation")
            .field("assertions", &described)
            .field("mark", &self.mark)
            .finish_non_exhaustive()
    }
}
