//! Trying until it works.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use harness_core::Timeout;
use tokio::time::{Instant, sleep, timeout_at};

use super::NotRecovered;
use crate::wording::Spoken;

/// After a failed attempt the next one waits for this, and for twice as long each time after.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// But never longer than this.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// A system came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// How long it took.
    pub took: Duration,
    /// At which attempt it worked; the first is 1.
    pub attempts: u32,
}

impl fmt::Display for Recovery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = Spoken(Duration::from_millis(self.took.as_millis() as u64));
        write!(
            formatter,
            "recovered after {took}, at attempt {}",
            self.attempts
        )
    }
}

/// Tries something until it succeeds, and so proves that what is behind it came back.
///
/// Each attempt has what is left of the time, and one that is under way when it is over is dropped. After
/// a failed attempt there is a pause, of 10 ms at first and of 250 ms at most.
///
/// ```
/// use harness_chaos::recovers_within;
/// use harness_core::Timeout;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// let mut answers = vec![Ok(()), Err("not yet"), Err("not yet")];
/// let recovery = recovers_within(Timeout::seconds(5), || {
///     let answer = answers.pop().unwrap_or(Ok(()));
///     async move { answer }
/// })
/// .await?;
/// assert_eq!(recovery.attempts, 3);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// When no attempt succeeded; with the last failure.
pub async fn recovers_within<F, T, E>(
    within: impl Into<Timeout>,
    mut probe: impl FnMut() -> F,
) -> Result<Recovery, NotRecovered>
where
    F: Future<Output = Result<T, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let (begin, within) = (Instant::now(), within.into());
    let deadline = within.start();
    let mut pause = FIRST_PAUSE;
    let mut attempts = 0;
    let mut source = None;
    loop {
        attempts += 1;
        match timeout_at(deadline, probe()).await {
            Ok(Ok(_)) => {
                let took = begin.elapsed();
                return Ok(Recovery { took, attempts });
            }
            Ok(Err(error)) => source = Some(error.into()),
            Err(_) => break,
        }
        if Instant::now() + pause >= deadline {
            break;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    Err(NotRecovered {
        within: within.initial(),
        attempts,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn how_long_it_took_and_how_often_it_was_tried_is_told() {
        let ready = Instant::now() + Duration::from_secs(2);
        let recovery = recovers_within(Timeout::seconds(30), || async move {
            match Instant::now() >= ready {
                true => Ok(()),
                false => Err("not yet"),
            }
        });
        let recovery = recovery.await.unwrap();
        assert_eq!(
            recovery.to_string(),
            "recovered after 2.06 s, at attempt 13"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_come_back_is_told_with_the_last_failure() {
        let error = recovers_within(Timeout::seconds(1), || async { Err::<(), _>("refused") });
        let error = error.await.unwrap_err();
        assert_eq!(error.to_string(), "no recovery within 1 s, at 8 attempts");
        assert_eq!(error.source().unwrap().to_string(), "refused");
        assert_eq!(error.attempts(), 8);
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_hangs_ends_with_the_time() {
        let begin = Instant::now();
        let error = recovers_within(Timeout::seconds(1), || {
            std::future::pending::<Result<(), &str>>()
        });
        let error = error.await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "no recovery within 1 s, at 1 attempt; the last of them did not end"
        );
        assert_eq!(begin.elapsed(), Duration::from_secs(1));
    }
}
