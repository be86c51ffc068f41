//! What holds for whatever is set.

use std::time::Duration;

use harness_sim::transition::{Dwell, Model, Scope, Setting, Transition, TransitionController};
use proptest::prelude::*;
use tokio::time::Instant;

use crate::bench::{Bench, circle};

fn hops(bench: &Bench) -> u64 {
    bench.chain.history().last().map_or(0, |hop| hop.number)
}

proptest! {
    #[test]
    fn hops_are_reads_divided_by_the_number_however_the_reads_come(
        times in 1_u32..20,
        batches in prop::collection::vec(0_u32..30, 0..20),
    ) {
        let bench = Bench::set(circle(), Transition::after_reads(times));
        for reads in &batches {
            bench.chain.count_reads(*reads, bench.now);
        }
        bench.state();
        prop_assert_eq!(hops(&bench), u64::from(batches.iter().sum::<u32>() / times));
    }

    #[test]
    fn hops_are_time_divided_by_the_time_of_one_however_late_the_looks_are(
        millis in 1_u64..5_000,
        steps in prop::collection::vec(0_u64..10_000, 0..20),
    ) {
        let dwell = Duration::from_millis(millis);
        let mut bench = Bench::set(circle(), Transition::after(dwell));
        let begun = bench.now;
        for step in &steps {
            bench.elapse(Duration::from_millis(*step));
            // more may be due than one look makes
            while bench.chain.next_due(bench.now).is_some_and(|due| due <= bench.now) {
                bench.state();
            }
        }
        let expected = steps.iter().sum::<u64>() / millis;
        prop_assert_eq!(hops(&bench), expected);
        let next = begun + dwell * u32::try_from(expected + 1).unwrap();
        prop_assert_eq!(bench.chain.next_due(bench.now), Some(next));
    }

    #[test]
    fn as_moto_a_look_never_makes_more_than_one_hop(
        millis in 1_u64..5_000,
        steps in prop::collection::vec(0_u64..10_000, 1..20),
    ) {
        let mut bench = Bench::set(circle(), Duration::from_millis(millis)).like_moto();
        for step in &steps {
            let before = hops(&bench);
            bench.elapse(Duration::from_millis(*step));
            bench.read();
            prop_assert!(hops(&bench) <= before + 1);
        }
    }

    #[test]
    fn the_same_seed_draws_the_same_and_stays_within_bounds(
        seed: u64,
        from in 0_u64..1_000,
        width in 0_u64..100_000,
        name in "[a-z]{1,5}/[0-9]{1,3}",
    ) {
        let (from, to) = (Duration::from_millis(from), Duration::from_millis(from + width));
        let dwell = Dwell::uniform(from, to).unwrap();
        let draw = || {
            let controller = TransitionController::new();
            controller.set_seed(seed);
            controller.register(Model::new("m"));
            controller.set(&Scope::everything(), Transition::after(dwell.clone())).unwrap();
            let instance = controller.instance(&name, "m").unwrap();
            let now = Instant::now();
            (0..5)
                .map(|_| instance.begin("Go", now).unwrap().dwell().unwrap())
                .collect::<Vec<_>>()
        };
        let times = draw();
        prop_assert!(times.iter().all(|time| (from..=to).contains(time)));
        prop_assert_eq!(draw(), times);
    }

    #[test]
    fn whatever_text_is_read_as_a_setting_is_read_again_as_it_is_written(
        progression in prop::sample::select(vec!["immediate", "time", "manual", "held", "never", ""]),
        number in prop::sample::select(vec!["0", "1", "2.5", "-1", "1e400", "\"1\"", "null", "[]"]),
        key in prop::sample::select(vec!["seconds", "duration", "times", "gate", "next", "x"]),
    ) {
        let text = format!(r#"{{"progression": "{progression}", "{key}": {number}}}"#);
        match Setting::from_json_text(&text) {
            Ok(setting) => prop_assert_eq!(Setting::from_json(&setting.to_json()), Ok(setting)),
            Err(error) => {
                prop_assert!(error.field.starts_with("transition"), "{}", error);
                prop_assert!(!error.problem.is_empty());
            }
        }
    }
}
