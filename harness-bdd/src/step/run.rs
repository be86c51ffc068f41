//! The wrapper that every step passes through.

use std::{panic, time::Duration};

use futures_util::future::LocalBoxFuture;

use super::{BoxError, ErrorChain, limits};

/// Makes a step out of a future: under the run's time limit, and with the full account of an error.
///
/// A step of cucumber's own can only panic; this one fails with an error, which is told with all its
/// causes. Dropping the returned future ends the step.
///
/// ```
/// # use harness_bdd::{BoxError, StepBook, step};
/// # #[derive(Debug, Default, cucumber::World)] struct Mine;
/// async fn rest(_: &mut Mine) -> Result<(), BoxError> {
///     Ok(())
/// }
/// let book = StepBook::new().given("nothing at all", |world, _| step(rest(world)));
/// # assert!(book.errors().is_empty());
/// ```
pub fn step<'a, F>(future: F) -> LocalBoxFuture<'a, ()>
where
    F: Future<Output = Result<(), BoxError>> + 'a,
{
    Box::pin(async move {
        if let Err(text) = bounded(future).await {
            fail(text);
        }
    })
}

/// Runs a step's future within the limits in force; the error is the text for the report.
pub(crate) async fn bounded(
    future: impl Future<Output = Result<(), BoxError>>,
) -> Result<(), String> {
    let deadline = limits::current().deadline;
    within_deadline(deadline, "step", future).await
}

/// Runs what is done before the first step within the limits in force. It may take twice as long as a
/// step: it can wait for a subarray, and then for the telescope to be switched.
pub(crate) async fn bounded_set_up(
    future: impl Future<Output = Result<(), BoxError>>,
) -> Result<(), String> {
    let deadline = limits::current().deadline.saturating_mul(2);
    within_deadline(deadline, "set-up", future).await
}

async fn within_deadline(
    deadline: Duration,
    what: &str,
    future: impl Future<Output = Result<(), BoxError>>,
) -> Result<(), String> {
    let stop = limits::current().stop;
    tokio::select! {
        biased;
        () = stop.requested() => Err(limits::STOPPED.to_owned()),
        done = tokio::time::timeout(deadline, future) => match done {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(ErrorChain(error.as_ref()).to_string()),
            Err(_) => Err(format!(
                "the {what} did not end within {} s, the limit of a {what}; \
                 give it a timeout of its own, or raise the limit",
                deadline.as_secs_f64()
            )),
        },
    }
}

/// Tells the suite that a step failed. Cucumber's steps return nothing, so an unwind is the only way;
/// started like this it doesn't pass through the panic hook, so nothing is printed.
fn fail(text: String) -> ! {
    panic::resume_unwind(Box::new(text))
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use super::*;
    use crate::step::{StepLimits, Stop, limits::within};

    #[tokio::test(start_paused = true)]
    async fn a_step_that_never_ends_is_ended_at_its_limit() {
        let limits = StepLimits {
            deadline: Duration::from_secs(7),
            ..StepLimits::default()
        };
        let before = tokio::time::Instant::now();
        let text = within(limits, bounded(pending())).await.unwrap_err();
        assert!(text.contains("7 s"), "{text}");
        assert_eq!(before.elapsed(), Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_to_stop_ends_the_step() {
        let stop = Stop::new();
        let limits = StepLimits {
            stop: stop.clone(),
            ..StepLimits::default()
        };
        within(limits, async {
            let (ended, ()) = tokio::join!(bounded(pending()), async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                stop.request();
            });
            assert_eq!(ended.unwrap_err(), limits::STOPPED);
        })
        .await;
    }

    #[tokio::test]
    async fn an_error_is_told_with_its_causes() {
        let error: BoxError = Box::new(std::io::Error::other(std::fmt::Error));
        let text = bounded(async { Err(error) }).await.unwrap_err();
        assert!(
            text.starts_with("an error occurred when formatting"),
            "{text}"
        );
    }
}
