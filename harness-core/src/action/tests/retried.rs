//! Trying again.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A device whose `Go` is refused that many times before it works; it needs 100 ms each time.
fn stubborn(refusals: u32) -> (TracedDevice, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("x", 0)
        .with_async_command("Go", move |device, _| {
            let number = count.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::time::sleep(Duration::from_millis(100)).await;
                if number < refusals {
                    let frame = StackFrame::new("Busy", format!("busy {number}"));
                    return Err(DeviceError::refused("a/b/c", "Go").with_frame(frame));
                }
                device.set("x", 1);
                Ok(Value::Void)
            }
        });
    (Tracer::default().device(Arc::new(device)), asked)
}

fn go(device: &TracedDevice) -> CommandAction {
    CommandAction::new(device, "Go", ()).postcondition(changes_to([device], "x", 1))
}

fn notes(tracer: &Tracer, mark: &Mark) -> Vec<String> {
    let entries = tracer.journal().since(mark);
    let notes = entries.iter().filter_map(|entry| match &*entry.kind {
        EntryKind::Note { text } => Some(text.clone()),
        _ => None,
    });
    notes.collect()
}

#[tokio::test(start_paused = true)]
async fn a_refused_command_is_sent_again_with_growing_pauses() {
    let (device, asked) = stubborn(3);
    let mark = device.tracer().mark();
    let began = Instant::now();
    let mut action = go(&device).retried(5).with_pause(Duration::from_secs(1));
    assert_eq!(action.name(), "Go on a/b/c, tried up to 5 times");
    action.execute(Timeout::seconds(30)).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 4);
    // pauses of 1, 2 and 4 s
    assert_eq!(began.elapsed(), Duration::from_millis(7_400));
    // every try is a step of its own, within that of all of them
    assert_eq!(steps(device.tracer(), &mark).len(), 10);
    assert_eq!(
        notes(device.tracer(), &mark),
        [
            "try 2 of 5 of Go on a/b/c follows in 1s",
            "try 3 of 5 of Go on a/b/c follows in 2s",
            "try 4 of 5 of Go on a/b/c follows in 4s"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_the_failure_and_the_others_are_told() {
    let (device, asked) = stubborn(9);
    let mut action = go(&device).retried(3);
    let error = action.execute(Timeout::seconds(30)).await.unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(
        error.to_string(),
        "a/b/c refused Go: busy 2 (Busy)\n\
         \n\
         note: this was try 3 of 3\n\
         note: try 1: a/b/c refused Go: busy 0 (Busy)\n\
         note: try 2: a/b/c refused Go: busy 1 (Busy)"
    );
    assert!(error.cause().unwrap().is::<DeviceError>());
}

#[tokio::test(start_paused = true)]
async fn only_failures_of_the_right_kind_are_tried_again() {
    let (device, asked) = stubborn(9);
    let is_busy = |error: &ActionError| error.to_string().contains("busy 0");
    let mut action = go(&device).retried(5).only_when(is_busy);
    action.execute(Timeout::seconds(30)).await.unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    // zero tries would be nothing at all
    let mut once = go(&device).retried(0);
    once.execute(Timeout::seconds(30)).await.unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn no_try_begins_after_the_time_and_each_can_have_its_share() {
    let (device, asked) = stubborn(99);
    let began = Instant::now();
    let mut action = go(&device).retried(99).with_pause(Duration::from_secs(1));
    action.execute(Timeout::seconds(5)).await.unwrap_err();
    // tries at 0, 1.1 and 3.2 s; the next one would be at 7.3 s
    assert_eq!(asked.load(Ordering::Relaxed), 3);
    assert_eq!(began.elapsed(), Duration::from_millis(3_300));

    // never true, so a try takes all the time it has
    let tracer = device.tracer();
    let began = Instant::now();
    WaitAction::new(tracer, "settle")
        .postcondition(changes_to([&device], "x", 2))
        .retried(3)
        .with_pause(Duration::from_secs(1))
        .each_within(Duration::from_secs(2))
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(2 + 1 + 2 + 2 + 2));
}

#[tokio::test(start_paused = true)]
async fn trying_again_ends_where_it_is_dropped() {
    let (device, asked) = stubborn(9);
    let mark = device.tracer().mark();
    let mut action = go(&device).retried(5).with_pause(Duration::from_secs(1));
    let given_up =
        tokio::time::timeout(Duration::from_secs(2), action.execute(Timeout::seconds(60)));
    assert!(given_up.await.is_err());
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    let (_, last) = steps(device.tracer(), &mark).pop().unwrap();
    let reason = "given up before it ended".to_owned();
    assert_eq!(last, Phase::Failed { reason });
}

#[tokio::test(start_paused = true)]
async fn a_try_that_is_not_answered_takes_no_more_than_its_share() {
    let device =
        InMemoryDevice::new("a/b/c").with_async_command("Hang", |_, _| std::future::pending());
    let device = Tracer::default().device(Arc::new(device));
    let began = Instant::now();
    CommandAction::new(&device, "Hang", ())
        .retried(2)
        .with_pause(Duration::from_secs(1))
        .each_within(Duration::from_secs(3))
        .execute(Timeout::seconds(60))
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(3 + 1 + 3));
}

#[tokio::test(start_paused = true)]
async fn a_try_with_a_time_of_its_own_does_not_begin_when_nothing_is_left() {
    let (device, asked) = stubborn(0);
    let timeout = Timeout::seconds(1);
    timeout.start();
    tokio::time::advance(Duration::from_secs(2)).await;
    let error = go(&device)
        .retried(3)
        .each_within(Duration::from_secs(5))
        .execute(timeout)
        .await
        .unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert!(
        error.to_string().contains("nothing was left of 1s"),
        "{error}"
    );
}
