//! Waiting for hops, without polling.

use std::time::Duration;

use harness_sim::transition::{Scope, Transition};
use tokio::time::{Instant, timeout};

use crate::bench::{Bench, SECOND, cluster, row};

#[tokio::test(start_paused = true)]
async fn hops_are_delivered_in_order_to_whoever_waits() {
    let bench = Bench::set(row(), Transition::after(SECOND));
    let mut hops = bench.chain.hops();
    let walking = bench.chain.clone();
    let walker = tokio::spawn(async move { walking.walk().await });
    let begun = Instant::now();
    for (number, state) in (1..).zip(["second", "third", "fourth", "fifth"]) {
        let hop = hops.next().await;
        assert_eq!((hop.number, &*hop.to), (number, state));
        assert_eq!(begun.elapsed(), SECOND * u32::try_from(number).unwrap());
    }
    walker.abort();
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_the_hop_and_not_before() {
    let bench = Bench::set(cluster(), Transition::after(5 * SECOND));
    let begun = Instant::now();
    bench.chain.reached("available").await.unwrap();
    assert_eq!(begun.elapsed(), 5 * SECOND);
    bench.chain.reached("available").await.unwrap();
    assert_eq!(begun.elapsed(), 5 * SECOND);
    assert!(bench.chain.reached("availble").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_runs_out_does_so_at_its_deadline() {
    let bench = Bench::set(cluster(), Transition::after(600 * SECOND));
    let begun = Instant::now();
    let waited = timeout(300 * SECOND, bench.chain.reached("available")).await;
    assert!(waited.is_err());
    assert_eq!(begun.elapsed(), 300 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_woken_by_a_read_a_command_a_release_and_a_setting() {
    let bench = Bench::set(cluster(), Transition::after_reads(1));
    let chain = bench.chain.clone();
    let read = async { drop(chain.read(Instant::now())) };
    tokio::join!(bench.chain.reached("available"), read)
        .0
        .unwrap();

    let command = async { drop(chain.command("delete", Instant::now())) };
    tokio::join!(bench.chain.reached("deleting"), command)
        .0
        .unwrap();

    let scope = Scope::model("dax::cluster");
    bench
        .controller
        .set(&scope, Transition::held_at("end"))
        .unwrap();
    let release = async { bench.controller.release("end").unwrap() };
    tokio::join!(bench.chain.reached("deleted"), release)
        .0
        .unwrap();

    let other = bench.another("two");
    let set = async {
        bench
            .controller
            .set(&scope, Transition::immediate())
            .unwrap()
    };
    tokio::join!(other.reached("available"), set).0.unwrap();
    assert_eq!(bench.now.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_wait_notices_a_state_that_was_passed_through() {
    let bench = Bench::set(cluster(), Transition::never());
    let scope = Scope::model("dax::cluster");
    let chain = bench.chain.clone();
    let pass = async {
        bench
            .controller
            .set(&scope, Transition::immediate())
            .unwrap();
        drop(chain.command("delete", Instant::now()));
    };
    tokio::join!(bench.chain.reached("deleting"), pass)
        .0
        .unwrap();
    assert_eq!(bench.state(), "deleted");
}

#[tokio::test(start_paused = true)]
async fn a_wait_notices_a_state_that_its_own_look_passed_through() {
    let bench = Bench::set(row(), Transition::immediate());
    let first = bench.scope().command("first");
    bench.controller.set(&first, 5 * SECOND).unwrap();
    let other = bench.another("two");
    let begun = Instant::now();
    other.reached("third").await.unwrap();
    assert_eq!(begun.elapsed(), 5 * SECOND);
    assert_eq!(&*other.state(Instant::now()), "fifth");
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_was_away_too_long_sees_it_by_the_numbers() {
    let bench = Bench::set(crate::bench::circle(), Transition::after_reads(1));
    let mut hops = bench.chain.hops();
    bench.reads(1500);
    assert_eq!(hops.next().await.number, 501);
    assert_eq!(bench.chain.history().len(), 1000);
    assert_eq!(bench.controller.history("one").unwrap().len(), 1000);
    assert_eq!(bench.controller.history("two"), None);
    bench.controller.clear_histories();
    assert_eq!(bench.chain.history(), []);
}
