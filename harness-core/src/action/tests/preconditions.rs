//! Preconditions with time of their own.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_precondition_may_have_time_to_become_true() {
    let (device, subarray) = subarray();
    let soon = device.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        soon.set("obsState", "IDLE");
    });
    let began = Instant::now();
    let assign = |patience| {
        CommandAction::new(&subarray, "Assign", ()).precondition_within(
            is_in_state([&subarray], "obsState", "IDLE"),
            Duration::from_secs(patience),
        )
    };
    let mark = subarray.tracer().mark();
    let error = assign(1).execute(Timeout::seconds(60)).await.unwrap_err();
    assert!(matches!(error, ActionError::Precondition { .. }), "{error}");
    assert_eq!(began.elapsed(), Duration::from_secs(1));
    let sent = |entry: &crate::Entry| matches!(&*entry.kind, EntryKind::Command { .. });
    assert!(!subarray.tracer().journal().since(&mark).iter().any(sent));
    assign(10).execute(Timeout::seconds(60)).await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_millis(3_500));
}

#[tokio::test(start_paused = true)]
async fn a_precondition_that_may_not_wait_is_looked_at_first_and_last() {
    let (device, subarray) = subarray();
    device.push(
        "healthState",
        crate::Signal::Change(crate::Reading::new("OK")),
    );
    let assign = || {
        CommandAction::new(&subarray, "Assign", ())
            .precondition(is_in_state([&subarray], "healthState", "OK"))
            .precondition_within(
                is_in_state([&subarray], "obsState", "IDLE"),
                Duration::from_secs(10),
            )
    };
    // it does not hold any more when the other one does
    let soon = device.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        soon.set("healthState", "FAILED");
        soon.set("obsState", "IDLE");
    });
    let error = assign().execute(Timeout::seconds(60)).await.unwrap_err();
    assert!(error.to_string().contains("healthState is OK"), "{error}");
    // it does not hold: nothing is waited for, but all is told
    device.set("obsState", "EMPTY");
    let began = Instant::now();
    let error = assign().execute(Timeout::seconds(60)).await.unwrap_err();
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(error.failure().unwrap().missing().count(), 2, "{error}");
}
