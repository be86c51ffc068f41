//! What takes its time holds up nothing else.

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use harness_core::device::DeviceErrorKind;
use harness_core::{Device, Value};

use crate::device_of_types::{DAWDLING, device, server};

/// The current-thread runtime of the test goes on meanwhile, as the server is in it too.
#[tokio::test]
async fn a_device_that_does_not_answer_in_time_holds_up_neither_the_runtime_nor_the_next_call() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    let began = Instant::now();
    let mut ticks = 0;
    let mut slow = pin!(device.command("Dawdle", Value::Void));
    let error = loop {
        tokio::select! {
            answer = &mut slow => break answer.unwrap_err(),
            () = tokio::time::sleep(Duration::from_millis(10)) => ticks += 1,
        }
    };
    assert_eq!(error.kind, DeviceErrorKind::TimedOut, "{error}");
    assert!(began.elapsed() < DAWDLING, "{:?}", began.elapsed());
    assert!(ticks > 5, "only {ticks} ticks while it waited");
    let words = error.to_string();
    assert!(words.contains("did not answer Dawdle in time"), "{words}");
    assert!(words.contains("(API_DeviceTimedOut)"), "{words}");
    assert!(device.read("State").await.is_ok());
}

#[tokio::test]
async fn a_call_is_answered_while_others_are_under_way_and_after_they_were_given_up() {
    let server = server().start().await.unwrap();
    let device = device(&server).await;
    device.command("EchoLong", 1.into()).await.unwrap();
    let mut slow = pin!(join_all(
        (0..3).map(|_| device.command("Dawdle", Value::Void))
    ));
    let quick = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        device.command("EchoLong", 2.into()).await
    };
    tokio::select! {
        _ = &mut slow => panic!("the quick one came after the slow ones"),
        answer = quick => assert_eq!(answer.unwrap(), 2.into()),
    }
    for number in 0..20 {
        let given_up = device.command("Dawdle", Value::Void);
        let soon = tokio::time::timeout(Duration::ZERO, given_up).await;
        assert!(soon.is_err());
        // those that were begun are still under way: their threads are all taken now and then
        let answer = device.command("EchoLong", number.into()).await.unwrap();
        assert_eq!(answer, number.into());
    }
}
