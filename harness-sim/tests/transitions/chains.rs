//! What a chain of states does by each progression, as moto's own tests have it.

use harness_sim::transition::{Cause, Transition};

use crate::bench::{Bench, SECOND, row};

#[test]
fn a_fresh_chain_is_in_the_first_state() {
    let bench = Bench::set(row(), Transition::after_reads(999));
    assert_eq!(bench.state(), "first");
}

#[test]
fn a_chain_stays_as_long_as_too_few_reads_were_made() {
    let bench = Bench::new(row().with_default(Transition::after_reads(999)), None);
    assert_eq!(bench.reads(5), ["first"; 5]);
}

#[test]
fn an_immediate_chain_is_at_its_end_at_the_first_look() {
    let bench = Bench::set(row(), Transition::immediate());
    assert_eq!(bench.state(), "fifth");
    assert_eq!(bench.read(), "fifth");
    assert_eq!(bench.entered(), ["second", "third", "fourth", "fifth"]);
}

#[test]
fn the_third_of_three_reads_gets_the_next_state() {
    let bench = Bench::set(row(), Transition::after_reads(3));
    bench.chain.count_reads(2, bench.now);
    assert_eq!(bench.state(), "first");
    bench.chain.count_reads(1, bench.now);
    assert_eq!([bench.state(), bench.state()], ["second", "second"]);
    bench.chain.count_reads(9, bench.now);
    assert_eq!(bench.state(), "fifth");
    assert_eq!(bench.reads(5), ["fifth"; 5]);
}

#[test]
fn with_one_read_each_read_makes_one_hop_and_looks_make_none() {
    let bench = Bench::set(row(), Transition::after_reads(1));
    for state in ["second", "third", "fourth", "fifth", "fifth"] {
        assert_eq!(bench.read(), state);
        assert_eq!([bench.state(), bench.state()], [state, state]);
    }
}

#[test]
fn a_chain_goes_on_from_the_state_that_was_injected() {
    let model = row().spontaneous("updating", "ready");
    let bench = Bench::set(model, Transition::after_reads(1));
    bench.chain.inject("third", bench.now).unwrap();
    assert_eq!(bench.state(), "third");
    assert_eq!(bench.read(), "fourth");
    bench.chain.inject("updating", bench.now).unwrap();
    assert_eq!(bench.reads(2), ["ready", "ready"]);
    let history = bench.chain.history();
    assert_eq!(history[0].cause, Cause::Injected);
    assert_eq!(history[1].cause, Cause::Reads(1));
    let json = history[1].to_json(bench.now);
    assert_eq!(
        (&json["to"], &json["cause"]),
        (&"fourth".into(), &"1 read".into())
    );
    assert_eq!(json["seconds"], 0.0);
    let error = bench.chain.inject("thrid", bench.now).unwrap_err();
    let words = "no state thrid; known: first, second";
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(bench.state(), "ready");
}

#[test]
fn with_time_reads_do_not_matter_and_the_hop_comes_when_the_time_is_over() {
    let mut bench = Bench::set(row(), Transition::after(2 * SECOND));
    assert_eq!(bench.reads(5), ["first"; 5]);
    bench.elapse(2 * SECOND - SECOND / 1000);
    assert_eq!(bench.reads(5), ["first"; 5]);
    bench.elapse(SECOND / 1000);
    assert_eq!(bench.state(), "second");
    assert_eq!(bench.chain.history()[0].cause, Cause::Time(2 * SECOND));
}

#[test]
fn chains_of_a_model_are_independent() {
    let bench = Bench::set(row(), Transition::after_reads(3));
    let other = bench.another("two");
    bench.reads(3);
    assert_eq!(bench.state(), "second");
    assert_eq!(&*other.state(bench.now), "first");
}

#[test]
fn whoever_lists_all_chains_reads_each() {
    let bench = Bench::set(row(), Transition::after_reads(2));
    let other = bench.another("two");
    let list = || [bench.read(), other.read(bench.now).to_string()];
    assert_eq!(list(), ["first", "first"]);
    assert_eq!(list(), ["second", "second"]);
}

#[test]
fn the_first_of_two_edges_counts() {
    let model = row().spontaneous("first", "fifth");
    let bench = Bench::set(model, Transition::after_reads(1));
    assert_eq!(bench.read(), "second");
}
