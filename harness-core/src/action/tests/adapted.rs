//! Actions of which something is left out, or to which something is added.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

fn counting(tracer: &Tracer, name: &str, fails: bool) -> (ProcedureAction, Arc<AtomicU32>) {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let action = ProcedureAction::new(tracer, name, move || {
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::ready(if fails { Err("it is stuck") } else { Ok(()) })
    });
    (action, count)
}

#[tokio::test(start_paused = true)]
async fn what_is_done_finally_is_done_whatever_happened() {
    let tracer = Tracer::default();
    for fails in [false, true] {
        let (open, _) = counting(&tracer, "open", fails);
        let (park, parked) = counting(&tracer, "park", false);
        let mut sequence = Sequence::new(&tracer, "observe")
            .then(open)
            .and_finally(park);
        assert_eq!(sequence.name(), "observe, and finally park");
        let outcome = sequence.execute(Timeout::seconds(5)).await;
        assert_eq!(outcome.is_err(), fails);
        assert_eq!(parked.load(Ordering::Relaxed), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_what_is_done_finally_is_told_apart() {
    let tracer = Tracer::default();
    let error = counting(&tracer, "open", false)
        .0
        .and_finally(counting(&tracer, "park", true).0)
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert_eq!(error.action(), "park");
    assert_eq!(
        error.to_string(),
        "park could not be done\n\nnote: it is stuck\n\
         note: this was done last; open had gone well before it"
    );
    let error = counting(&tracer, "open", true)
        .0
        .and_finally(counting(&tracer, "park", true).0)
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert_eq!(error.action(), "open");
    assert_eq!(
        error.to_string(),
        "open could not be done\n\nnote: it is stuck\n\
         note: then park failed, too: park could not be done"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_done_finally_has_time_of_its_own() {
    let (_, subarray) = subarray();
    let tracer = subarray.tracer();
    let began = Instant::now();
    let never = || changes_to([&subarray], "obsState", "READY");
    WaitAction::new(tracer, "observe")
        .postcondition(never())
        .and_finally(WaitAction::new(tracer, "park").postcondition(never()))
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert_eq!(began.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn preconditions_and_postconditions_can_be_left_out() {
    let run = async |calls: &Arc<Mutex<Vec<String>>>, action: &mut dyn Action| {
        action.execute(Timeout::seconds(5)).await.unwrap();
        let calls = std::mem::take(&mut *calls.lock().unwrap());
        let words = calls.iter().filter_map(|call| call.split(' ').next());
        words.map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let noting = || {
        let noting = Noting::new("");
        (Arc::clone(&noting.calls), noting)
    };
    let (calls, action) = noting();
    let called = run(&calls, &mut action.without_preconditions()).await;
    assert_eq!(called, ["setup", "procedure", "after"]);
    let (calls, action) = noting();
    let called = run(&calls, &mut action.without_postconditions()).await;
    assert_eq!(called, ["setup", "before", "procedure"]);
    // both, and in all that it consists of
    let (calls, action) = noting();
    let mut sequence = Sequence::new(&Tracer::default(), "all")
        .then(action)
        .without_postconditions()
        .without_preconditions();
    assert_eq!(run(&calls, &mut sequence).await, ["setup", "procedure"]);
    // at the same time as another one, of which nothing is left out
    let (calls, action) = noting();
    let (other_calls, other) = noting();
    let mut parallel = Parallel::new(&Tracer::default(), "all")
        .and(action.without_postconditions())
        .and(other);
    let called = run(&calls, &mut parallel).await;
    assert_eq!(called, ["setup", "before", "procedure"]);
    assert_eq!(other_calls.lock().unwrap().len(), 4);
}
