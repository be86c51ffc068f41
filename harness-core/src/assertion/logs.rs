//! A device writes a line into its log.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use super::{Assertion, Watch, WatchEnd};
use crate::device::BoxFuture;
use crate::failure::{Expected, Failure};
use crate::journal::LogLine;

/// How many of the lines that came nearest are told.
const TOLD: usize = 3;

/// The device of this name writes a line into its log for which the predicate is true, after the
/// action began. The name says what is looked for. Only lines in the record count: something must
/// bring the device's log there, over Tango `harness_tango::log::LogCollector`.
///
/// ```
/// use harness_core::assertion::{Assertion, logs};
///
/// let assertion = logs("low-sdp/subarray/01", "a transaction", |line| {
///     line.message.contains("Transaction[")
/// });
/// assert_eq!(assertion.describe(), "low-sdp/subarray/01 logs a transaction");
/// assert_eq!(assertion.never().describe(), "low-sdp/subarray/01 never logs a transaction");
/// ```
pub fn logs(
    device: impl Into<Arc<str>>,
    name: impl Into<String>,
    predicate: impl Fn(&LogLine) -> bool + Send + Sync + 'static,
) -> Logs {
    Logs {
        device: device.into(),
        name: name.into(),
        predicate: Arc::new(predicate),
        never: false,
    }
}

/// See [`logs`].
#[derive(Clone)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct Logs {
    device: Arc<str>,
    name: String,
    predicate: Arc<dyn Fn(&LogLine) -> bool + Send + Sync>,
    never: bool,
}

impl Logs {
    /// No such line comes, until all else was seen or the timeout ends.
    pub fn never(mut self) -> Self {
        self.never = true;
        self
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let mut entries = watch.entries();
        let mut others = Vec::new();
        let end = loop {
            let entry = match entries.next().await {
                Ok(entry) => entry,
                Err(end) => break end,
            };
            let of_device = |line: &&LogLine| line.device.eq_ignore_ascii_case(&self.device);
            let Some(line) = entry.log_line().filter(of_device) else {
                continue;
            };
            match ((self.predicate)(line), self.never) {
                (true, false) => return Ok(()),
                (true, true) => return Err(self.account(format!("it logged {line}"))),
                (false, _) if others.len() == TOLD => {
                    others.remove(0);
                    others.push(line.to_string());
                }
                (false, _) => others.push(line.to_string()),
            }
        };
        match end {
            WatchEnd::TimedOut | WatchEnd::Decided if self.never => Ok(()),
            _ if others.is_empty() => Err(self.account(
                "it logged nothing; is its log collected, and its logging level high enough?",
            )),
            _ => Err(self.account(format!("it logged last {}", others.join("; ")))),
        }
    }

    fn account(&self, nearest: impl Into<String>) -> Failure {
        let description = self.describe();
        Failure::new(description.clone())
            .with_expected(Expected::missing(description).nearest(nearest))
    }
}

impl Debug for Logs {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Logs").field(&self.describe()).finish()
    }
}

impl Assertion for Logs {
    fn describe(&self) -> String {
        let verb = if self.never { "never logs" } else { "logs" };
        format!("{} {verb} {}", self.device, self.name)
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }

    fn is_judged_last(&self) -> bool {
        self.never
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LogLine, logs};
    use crate::{Timeout, Tracer};

    const DEVICE: &str = "low-sdp/subarray/01";

    fn transaction() -> super::Logs {
        logs(DEVICE, "a transaction", |line| {
            line.message.contains("Transaction[")
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_after_the_mark_is_seen_and_those_before_it_and_of_others_are_not() {
        let tracer = Tracer::default();
        let log = |device: &str, message: &str| {
            tracer.journal().log(LogLine::new(device, "INFO", message));
        };
        log(DEVICE, "Transaction[1]: Enter[On]");
        let mark = tracer.mark();
        log("low-sdp/subarray/02", "Transaction[2]: Enter[On]");
        log(DEVICE, "something else");
        let expected = tracer.expect(transaction()).since(&mark);
        let failure = expected.within(Timeout::seconds(1)).await.unwrap_err();
        let nearest = failure.missing().next().unwrap().nearest.clone();
        assert_eq!(
            nearest.as_deref(),
            Some("it logged last INFO: something else")
        );
        log("LOW-SDP/subarray/01", "Transaction[3]: Enter[On]");
        expected.within(Timeout::seconds(1)).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn that_none_comes_is_known_at_the_end() {
        let tracer = Tracer::default();
        let mark = tracer.mark();
        let never = tracer.expect(transaction().never()).since(&mark);
        let started = tokio::time::Instant::now();
        never.within(Timeout::seconds(2)).await.unwrap();
        assert_eq!(started.elapsed(), Duration::from_secs(2));
        let line = LogLine::new(DEVICE, "INFO", "Transaction[3]: Enter[On]");
        tracer.journal().log(line);
        never.within(Timeout::seconds(2)).await.unwrap_err();
    }
}
