//! Nothing is said not to have happened while nobody could hear it.

use super::*;

#[tokio::test(start_paused = true)]
async fn when_events_may_have_been_missed_nobody_knows_that_it_did_not_happen() {
    let reason = || "no heartbeat".to_owned();
    let (missed, lasting) = (Some(2), Duration::from_secs(9));
    let doubts = [
        Signal::Gap {
            missed,
            reason: reason(),
        },
        Signal::Lost { reason: reason() },
        Signal::StillLost {
            lasting,
            reason: reason(),
        },
        Signal::Back(Reading::new("EMPTY")),
        Signal::Initial(Reading::new("EMPTY")),
    ];
    for doubt in doubts {
        let bench = Bench::new(1);
        let once = changes_to(&bench.traced, "obsState", "READY").at_most(1);
        let mark = bench.marked(&once).await;
        bench.push_after(1_000, doubt);
        let started = tokio::time::Instant::now();
        let outcome = bench.verify(&mark, 10.0, once).await;
        assert_eq!(started.elapsed(), Duration::from_secs(1));
        let nearest = nearest(outcome);
        let begins = "events may have been missed: obsState ";
        assert!(nearest[0].starts_with(begins), "{nearest:?}");
        assert!(nearest[0].ends_with(" at +1.000 s"), "{nearest:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_deaf_from_the_beginning_does_not_know_either() {
    let bench = Bench::new(1);
    let never = never_changes_to(&bench.traced, "obsState", "FAULT");
    never.setup().await.unwrap();
    let reason = "no heartbeat".to_owned();
    bench.devices[0].push("obsState", Signal::Lost { reason });
    let mark = bench.tracer.mark();
    assert_eq!(
        nearest(bench.verify(&mark, 1.0, never).await),
        ["events may have been missed: the subscription was lost before (no heartbeat)"]
    );
}
