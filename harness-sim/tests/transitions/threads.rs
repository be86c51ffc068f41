//! Many threads at once, and how long settings take.

use std::time::{Duration, Instant as RealInstant};

use harness_sim::transition::{Model, Scope, Transition, TransitionController};

use crate::bench::{Bench, circle};

#[test]
fn reads_of_sixty_four_threads_make_exactly_as_many_hops_as_they_must() {
    const THREADS: u64 = 64;
    const READS: u64 = 200;
    const PER_HOP: u32 = 7;
    let bench = Bench::set(circle(), Transition::after_reads(PER_HOP));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| bench.reads(200));
        }
    });
    let history = bench.chain.history();
    let expected = THREADS * READS / u64::from(PER_HOP);
    assert_eq!(history.last().unwrap().number, expected);
    for pair in history.windows(2) {
        assert_eq!(pair[1].number, pair[0].number + 1);
        assert_eq!(pair[1].from, pair[0].to);
    }
    let left = THREADS * READS - expected * u64::from(PER_HOP);
    let before = bench.state();
    for _ in left + 1..u64::from(PER_HOP) {
        assert_eq!(bench.read(), before);
    }
    assert_ne!(bench.read(), before);
}

#[test]
fn the_next_ten_are_ten_whoever_takes_them() {
    let controller = TransitionController::new();
    controller.register(Model::new("csp::subarray").with_commands(["Configure"]));
    let setting = Transition::new().rejecting("no").next(10);
    controller.set(&Scope::everything(), setting).unwrap();
    let refused: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|number| {
                let device = controller.instance(&format!("d/{number}"), "csp::subarray");
                let device = device.unwrap();
                scope.spawn(move || {
                    let now = tokio::time::Instant::now();
                    let begun = (0..100).map(|_| device.begin("Configure", now));
                    begun.filter(Result::is_err).count()
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).sum()
    });
    assert_eq!(refused, 10);
}

#[test]
fn a_setting_for_a_thousand_instances_is_made_within_a_millisecond() {
    let controller = TransitionController::new();
    controller.register(Model::new("csp::subarray").with_commands(["Configure"]));
    let devices: Vec<_> = (0..1000)
        .map(|number| {
            let name = format!("mid-csp/subarray/{number}");
            controller.instance(&name, "csp::subarray").unwrap()
        })
        .collect();
    let _watching: Vec<_> = devices.iter().map(|device| device.changes()).collect();
    let scopes = [
        Scope::everything(),
        Scope::model("csp::subarray").command("Configure"),
        Scope::instance("mid-csp/subarray/500"),
    ];
    // a build that is not optimised is given some more
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 5 } else { 1 });
    // the quickest of many: a busy machine must not fail it
    for scope in scopes {
        let quickest = (0..50)
            .map(|_| {
                let begun = RealInstant::now();
                controller.set(&scope, Transition::after_reads(3)).unwrap();
                begun.elapsed()
            })
            .min()
            .unwrap();
        println!("set for {scope}: {quickest:?}");
        assert!(quickest < limit, "{scope}: {quickest:?}");
    }
}
