use super::*;

fn noting(calls: &Arc<Mutex<Vec<String>>>, fails_at: &'static str, takes: u64) -> Noting {
    let takes = Duration::from_secs(takes);
    Noting {
        calls: Arc::clone(calls),
        takes,
        ..Noting::new(fails_at)
    }
}

#[tokio::test(start_paused = true)]
async fn share_one_timeout_that_starts_after_the_first_procedure() {
    let calls = Arc::default();
    let mut sequence = Sequence::new(&Tracer::default(), "both")
        .then(noting(&calls, "", 1))
        .then(noting(&calls, "", 1));
    sequence.execute(Timeout::seconds(10)).await.unwrap();
    let calls = calls.lock().unwrap();
    assert_eq!(calls[2], "procedure started false");
    assert_eq!(calls[3], "after 1 entries, 10s left");
    // its own postconditions, then setup, before and procedure of the second
    assert_eq!(calls[7], "after 1 entries, 6s left");
    assert_eq!(sequence.description(), "in sequence: noting, noting");
}

#[tokio::test(start_paused = true)]
async fn end_with_the_first_failure_and_say_which_step_it_was() {
    let calls = Arc::default();
    let mut sequence = Sequence::new(&Tracer::default(), "all three")
        .then(noting(&calls, "", 0))
        .then(noting(&calls, "before", 0))
        .then(noting(&calls, "", 0));
    let error = sequence.execute(Timeout::seconds(10)).await.unwrap_err();
    assert_eq!(calls.lock().unwrap().len(), 6);
    assert_eq!(
        error.failure().unwrap().notes(),
        ["this was step 2 of 3 of all three"]
    );
}

#[tokio::test(start_paused = true)]
async fn later_actions_say_what_was_left_for_them() {
    let (_, subarray) = subarray();
    let mut sequence = Sequence::new(subarray.tracer(), "both")
        .then(assign(&subarray))
        .then(
            WaitAction::new(subarray.tracer(), "configure").postcondition(changes_to(
                [&subarray],
                "obsState",
                "READY",
            )),
        );
    let error = sequence.execute(Timeout::seconds(5)).await.unwrap_err();
    assert_eq!(
        error.failure().unwrap().headline(),
        "configure: what was expected was not seen within the 3s 500ms that were left of 5s"
    );
}

#[tokio::test(start_paused = true)]
async fn can_be_nested_and_empty() {
    let tracer = Tracer::default();
    let inner = Sequence::new(&tracer, "inner");
    Sequence::new(&tracer, "outer")
        .then(inner)
        .execute(Timeout::zero())
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_command_that_hangs_ends_with_the_time_and_nothing_is_sent_after_it() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("x", 0)
        .with_command("Quick", |_, _| Ok(Value::Void))
        .with_async_command("Hang", |_, _| std::future::pending());
    let traced = Tracer::default().device(Arc::new(device));
    let mark = traced.tracer().mark();
    let began = Instant::now();
    let timeout = Timeout::seconds(5);
    let error = Sequence::new(traced.tracer(), "both")
        .then(CommandAction::new(&traced, "Quick", ()))
        .then(CommandAction::new(&traced, "Hang", ()))
        .execute(timeout.clone())
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert_eq!(
        error.failure().unwrap().headline(),
        "Hang on a/b/c: no answer within the 5s that were left of 5s"
    );
    let error = CommandAction::new(&traced, "Quick", ())
        .execute(timeout)
        .await
        .unwrap_err();
    assert_eq!(
        error.failure().unwrap().headline(),
        "Quick on a/b/c: not sent, since nothing was left of 5s"
    );
    let commands = traced.tracer().journal().since(&mark);
    let sent = |entry: &&crate::Entry| matches!(&*entry.kind, EntryKind::Command { .. });
    assert_eq!(commands.iter().filter(sent).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn watching_ends_with_a_timeout_that_runs_already() {
    let calls = Arc::default();
    let timeout = Timeout::seconds(5);
    timeout.start();
    let began = Instant::now();
    let error = Sequence::new(&Tracer::default(), "both")
        .then(noting(&calls, "", 60))
        .execute(timeout)
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(5));
    assert!(matches!(error, ActionError::Subscribe { .. }), "{error}");
    assert_eq!(
        error.failure().unwrap().headline(),
        "noting: what it needs could not be watched within the 5s that were left of 5s"
    );
}
