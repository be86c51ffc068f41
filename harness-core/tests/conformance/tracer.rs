//! What is watched, and what is kept of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake};

use harness_core::{Timeout, changes_to};

use crate::bench::Bench;

#[tokio::test(start_paused = true)]
async fn attributes_of_one_device_are_watched_each_for_itself() {
    let bench = Bench::new(1);
    bench.devices[0].set("obsMode", "IDLE");
    let device = &bench.traced[0];
    for attribute in ["obsState", "obsMode", "OBSMODE"] {
        device.watch(attribute).await.unwrap();
    }
    assert_eq!(bench.devices[0].live_subscriptions(), 2);
    let mark = bench.tracer.mark();
    bench.devices[0].set("obsMode", "IMAGING");
    let changes = |attribute| {
        bench
            .tracer
            .changes_since(&mark, device.name(), attribute)
            .len()
    };
    assert_eq!((changes("obsState"), changes("obsMode")), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn what_was_given_does_not_change_later() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    bench.set(0, "IDLE");
    let given = bench.tracer.journal().since(&mark);
    bench.set(0, "READY");
    assert_eq!(given.len(), 1);
    assert_eq!(bench.tracer.journal().since(&mark).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_new_mark_sees_nothing_of_before_and_an_old_one_all() {
    let bench = Bench::new(1);
    let old = bench.marked().await;
    bench.set(0, "IDLE");
    let new = bench.tracer.mark();
    let idle = || changes_to(&bench.traced, "obsState", "IDLE");
    let zero = Timeout::zero();
    bench.verify(&old, &zero, idle()).await.unwrap();
    assert!(bench.verify(&new, &zero, idle()).await.is_err());
    assert!(bench.tracer.journal().since(&new).is_empty());
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_waits_no_more_is_not_woken() {
    let bench = Bench::new(1);
    let mark = bench.marked().await;
    for stays in [true, false] {
        let woken = Arc::new(Woken::default());
        let waker = Arc::clone(&woken).into();
        let mut context = Context::from_waker(&waker);
        let mut follower = bench.tracer.journal().follow(&bench.tracer.mark());
        let mut next = Box::pin(follower.next());
        assert!(next.as_mut().poll(&mut context).is_pending());
        let still_waiting = stays.then_some(next);
        bench.set(0, if stays { "IDLE" } else { "READY" });
        assert_eq!(woken.0.load(Ordering::Relaxed), usize::from(stays));
        drop(still_waiting);
    }
    assert_eq!(bench.tracer.journal().since(&mark).len(), 2);
}
