//! What must hold of every chain that keeps the order: all that was sent arrives as it was sent.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::course::{Course, MS, Out};
use crate::condition::{
    Bandwidth, Close, Coalesce, Condition, Corrupt, Delay, Fate, Hold, Rewrite, Slice,
};
use crate::stage::Item;

/// A condition that changes neither the octets nor their order.
fn faithful() -> impl Strategy<Value = Condition> {
    let time = || (0..50_u64).prop_map(Duration::from_millis);
    prop_oneof![
        (time(), time()).prop_map(|(delay, jitter)| Delay::of(delay).with_jitter(jitter).into()),
        (1_000..1_000_000_u32, 0..2_000_u64).prop_map(|(rate, burst)| {
            Bandwidth::octets_per_second(rate).with_burst(burst).into()
        }),
        (1..300_u64, 0..300_u64, 0..2_u64).prop_map(|(size, variation, pause)| {
            Slice::into(size)
                .with_variation(variation)
                .with_pause(Duration::from_millis(pause))
                .into()
        }),
        (1..3_000_u64, proptest::option::of(time())).prop_map(|(octets, patience)| {
            let coalesce = Coalesce::until(octets);
            match patience {
                Some(patience) => coalesce.at_most_for(patience).into(),
                None => coalesce.into(),
            }
        }),
        Just(Hold.into()),
        Just(Corrupt::replacing([1, 2, 3], [1, 2, 3]).into()),
        Just(
            Rewrite::each("pass", || Fate::Pass)
                .framed_by(|octets| Some(1 + usize::from(octets[0] % 16)))
                .into()
        ),
    ]
}

/// Something that happens on the way.
#[derive(Clone, Debug)]
enum Step {
    Send(Vec<u8>),
    Pass(Duration),
    Begin(Condition),
    End(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => vec(0..8_u8, 1..400).prop_map(Step::Send),
        3 => (0..40_u64).prop_map(|ms| Step::Pass(Duration::from_millis(ms))),
        2 => faithful().prop_map(Step::Begin),
        1 => any::<prop::sample::Index>().prop_map(|index| Step::End(index.index(64))),
    ]
}

/// What comes out, with its times, and what was sent.
fn run(steps: &[Step], seed: u64) -> (Vec<(Duration, Out)>, Vec<u8>) {
    let mut course = Course::new();
    let (mut sent, mut in_force, mut ids) = (Vec::new(), Vec::new(), 0..);
    for step in steps {
        match step {
            Step::Send(octets) => {
                sent.extend_from_slice(octets);
                course.send(octets);
            }
            Step::Pass(time) => course.pass(*time),
            Step::Begin(condition) => {
                let id = ids.next().unwrap();
                in_force.push(id);
                course.add(id, condition.clone(), seed + id);
            }
            Step::End(index) if !in_force.is_empty() => {
                course.remove(in_force.remove(index % in_force.len()));
            }
            Step::End(_) => {}
        }
    }
    course.push(Item::End);
    in_force.into_iter().for_each(|id| course.remove(id));
    (course.out, sent)
}

fn octets(out: &[(Duration, Out)]) -> Vec<u8> {
    let mut all = Vec::new();
    for (_, out) in out {
        if let Out::Octets(octets) = out {
            all.extend_from_slice(octets);
        }
    }
    all
}

proptest! {
    #[test]
    fn all_that_was_sent_arrives_in_order_through_every_faithful_chain(
        steps in vec(step(), 1..40), seed: u32,
    ) {
        let (out, sent) = run(&steps, u64::from(seed));
        prop_assert_eq!(octets(&out), sent);
        prop_assert!(out.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        let ends = out.iter().filter(|(_, out)| *out == Out::End).count();
        prop_assert_eq!(ends, 1);
        prop_assert_eq!(&out.last().unwrap().1, &Out::End);
    }

    #[test]
    fn a_chain_ends_by_itself_when_nothing_is_held(
        conditions in vec(faithful(), 1..5), chunks in vec(vec(0..8_u8, 1..400), 1..20),
    ) {
        let mut course = Course::new();
        let held = |condition: &Condition| matches!(condition, Condition::Hold(_));
        for (id, condition) in (1..).zip(conditions.into_iter().filter(|it| !held(it))) {
            course.add(id, condition, id);
        }
        chunks.iter().for_each(|chunk| course.send(chunk));
        course.push(Item::End);
        course.pass(Duration::from_secs(600));
        prop_assert_eq!(course.octets(), chunks.concat());
        prop_assert_eq!(&course.out.last().unwrap().1, &Out::End);
    }

    #[test]
    fn a_seed_repeats_every_octet_and_every_time(steps in vec(step(), 1..30), seed: u32) {
        prop_assert_eq!(run(&steps, u64::from(seed)), run(&steps, u64::from(seed)));
    }
}

#[test]
fn what_one_condition_draws_does_not_depend_on_another() {
    let noise = || Corrupt::bits(0.05);
    let mut alone = Course::through(noise());
    let mut among_others = Course::new();
    among_others.add(1, Delay::of(10 * MS).with_jitter(9 * MS), 7);
    among_others.add(2, noise(), 7);
    among_others.add(3, Slice::into(9).with_variation(5), 7);
    for _ in 0..100 {
        alone.send(&[0; 50]);
        among_others.send(&[0; 50]);
        among_others.pass(MS);
    }
    among_others.pass(Duration::from_secs(60));
    assert_eq!(alone.octets(), among_others.octets());
}

#[test]
fn conditions_can_be_changed_with_thousands_of_messages_under_way() {
    let mut course = Course::new();
    let mut sent = Vec::new();
    for number in 0..65_535_u16 {
        course.send(&number.to_be_bytes());
        sent.extend_from_slice(&number.to_be_bytes());
        match number % 64 {
            0 => course.add(1, Delay::of(5 * MS), 7),
            21 => course.add(2, Coalesce::until(30), 7),
            40 => course.remove(1),
            60 => course.remove(2),
            _ => course.pass(MS / 4),
        }
    }
    course.remove(1);
    course.remove(2);
    assert_eq!(course.octets(), sent);
}

#[test]
fn a_condition_takes_the_place_of_another_one_and_what_that_held_goes_on_in_order() {
    let mut course = Course::new();
    course.add(1, Delay::of(100 * MS), 7);
    course.add(2, Coalesce::until(4), 7);
    course.send(b"ab");
    course.replace(1, Some(Delay::of(10 * MS)));
    course.send(b"c");
    course.pass(10 * MS);
    assert_eq!(course.octets(), b"");
    // it still stands before the second one
    course.send(b"d");
    course.pass(9 * MS);
    assert_eq!(course.octets(), b"");
    course.pass(MS);
    assert_eq!(course.octets(), b"abcd");
}

#[test]
fn a_condition_that_comes_to_concern_a_connection_later_has_its_place_by_when_it_began() {
    let mut course = Course::new();
    course.add(1, Delay::of(10 * MS), 7);
    course.add(3, Close::after_octets(3), 7);
    // behind the limit the fourth octet would be counted as swallowed, and not as doubled
    course.replace(2, Some(Corrupt::replacing("a", "bb")));
    course.send(b"aa");
    course.pass(10 * MS);
    assert_eq!(course.octets(), b"bbb");
    assert_eq!(course.chain.take_swallowed(), 1);
}
