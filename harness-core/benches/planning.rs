//! How long it takes to declare a graph, and to plan on it: the subarray of the mission's example,
//! and a graph of 100,000 states and 1,000,000 transitions.
#![expect(missing_docs, reason = "criterion's macros make public functions")]

#[path = "../tests/mission_example/subarray.rs"]
mod subarray;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use harness_core::Tracer;
use harness_core::state_machine::{StateGraph, StateMachine, Transition};
use subarray::ObsState::{Aborting, Empty, Fault, Scanning};
use subarray::{STATES, subarray};

const MANY_STATES: u32 = 100_000;
const MANY_TRANSITIONS: u32 = 1_000_000;

/// A ring of all states, so that every state can be reached, with chords at random.
fn large() -> StateGraph<u32> {
    let mut random = 1_u64;
    let mut below = |limit: u32| {
        // Knuth's linear congruential generator; the same graph in every run.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((random >> 33) % u64::from(limit)).unwrap_or_default()
    };
    let mut graph = StateGraph::new();
    for number in 0..MANY_TRANSITIONS {
        let (from, to, cost) = if number < MANY_STATES {
            (number, (number + 1) % MANY_STATES, 1_000)
        } else {
            (below(MANY_STATES), below(MANY_STATES), 1 + below(100))
        };
        let transition = Transition::to(to).from([from]).cost(f64::from(cost));
        let declared = graph.declare(transition);
        assert!(declared.is_ok(), "{declared:?}");
    }
    graph
}

/// A chain, on which every state must be looked at and the plan is as long as can be.
fn chain() -> StateGraph<u32> {
    let mut graph = StateGraph::new();
    for state in 0..MANY_STATES {
        let declared = graph.declare(Transition::to(state + 1).from([state]));
        assert!(declared.is_ok(), "{declared:?}");
    }
    graph
}

fn small(criterion: &mut Criterion) {
    let Ok(graph) = subarray() else {
        return;
    };
    let mut group = criterion.benchmark_group("subarray");
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(2));
    group.bench_function("plan_empty_to_scanning", |bencher| {
        bencher.iter(|| graph.plan(black_box(&Empty), black_box(&Scanning)));
    });
    // The dearest of all: the whole graph is searched.
    group.bench_function("plan_fault_to_aborting", |bencher| {
        bencher.iter(|| graph.plan(black_box(&Fault), black_box(&Aborting)));
    });
    group.bench_function("plan_all_121", |bencher| {
        bencher.iter(|| STATES.map(|from| STATES.map(|to| graph.plan(&from, &to).is_some())));
    });
    group.bench_function("build_the_machine", |bencher| {
        let tracer = Tracer::default();
        bencher.iter(|| {
            let observer = || async { Ok::<_, std::io::Error>(Empty) };
            subarray().map(|graph| StateMachine::new(&tracer, observer).with_graph(graph))
        });
    });
}

fn huge(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("huge");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500));
    group.measurement_time(Duration::from_secs(3));
    group.bench_function("declare_1000000_transitions", |bencher| {
        bencher.iter_batched(|| (), |()| large(), BatchSize::PerIteration);
    });
    let graph = large();
    let mut goals = (0..MANY_STATES).step_by(997).cycle();
    group.bench_function("plan_on_1000000_transitions", |bencher| {
        bencher.iter(|| graph.plan(&(MANY_STATES / 2), &goals.next().unwrap_or_default()));
    });
    // No way: everything is searched in vain.
    group.bench_function("explore_1000000_transitions", |bencher| {
        bencher.iter(|| graph.plan(&u32::MAX, black_box(&0)));
    });
    let chain = chain();
    group.bench_function("plan_100000_steps", |bencher| {
        bencher.iter(|| chain.plan(&0, &MANY_STATES));
    });
}

criterion_group!(benches, small, huge);
criterion_main!(benches);
