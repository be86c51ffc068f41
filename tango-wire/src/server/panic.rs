//! Keeps a servant's panic to the call it happened in.

use std::{
    any::Any,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
};

use super::BoxFuture;
use crate::types::DevFailed;

/// Runs a future to its end, or to its panic: then the panic's words are the error.
///
/// State that a panic leaves half changed is the servant's own; the server keeps none across calls.
pub(super) async fn catch_panic<T>(mut future: BoxFuture<'_, T>) -> Result<T, String> {
    poll_fn(
        move |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(words(&*payload))),
        },
    )
    .await
}

/// Runs what a servant does about one attribute or device of several: a panic is the failure of that
/// one.
pub(super) async fn contain_panic<T>(
    future: BoxFuture<'_, Result<T, DevFailed>>,
) -> Result<T, DevFailed> {
    catch_panic(future)
        .await
        .unwrap_or_else(|words| Err(failure(&words)))
}

/// What a client is told of a panic.
pub(super) fn failure(words: &str) -> DevFailed {
    DevFailed::new(
        "SERVANT_Panicked",
        format!("the device's own code panicked: {words}"),
        "tango_wire::server",
    )
}

fn words(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&'static str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_whenever_it_happens() {
        assert_eq!(catch_panic(Box::pin(async { 7 })).await, Ok(7));
        let early: BoxFuture<'static, ()> = Box::pin(async { panic!("early") });
        assert_eq!(catch_panic(early).await, Err("early".to_owned()));
        let late: BoxFuture<'static, ()> = Box::pin(async {
            tokio::task::yield_now().await;
            panic!("late {}", 1)
        });
        assert_eq!(catch_panic(late).await, Err("late 1".to_owned()));
    }
}
