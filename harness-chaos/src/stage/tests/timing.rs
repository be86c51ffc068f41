use std::time::Duration;

use super::course::{Course, MS, Out};
use crate::condition::{Bandwidth, Delay, LateEnd, Slice, Stall};
use crate::stage::Item;

#[test]
fn a_delay_keeps_the_distances_and_holds_nothing_up() {
    let mut course = Course::through(Delay::of(200 * MS));
    for _ in 0..5 {
        course.send(b"x");
        course.pass(20 * MS);
    }
    course.pass(Duration::from_secs(1));
    let times: Vec<u128> = course.pieces().iter().map(|(at, _)| *at).collect();
    assert_eq!(times, [200, 220, 240, 260, 280]);

    let mut course = Course::through(Delay::of(200 * MS));
    (0..5).for_each(|_| course.send(&[0; 4096]));
    course.pass(Duration::from_secs(1));
    assert_eq!(course.pieces(), [(200, 4096); 5]);
}

#[test]
fn a_delay_of_nothing_delays_nothing() {
    let mut course = Course::through(Delay::of(Duration::ZERO));
    course.send(b"now");
    assert_eq!(course.pieces(), [(0, 3)]);
}

#[test]
fn two_delays_add_up() {
    let mut course = Course::through(Delay::of(100 * MS));
    course.add(2, Delay::of(50 * MS), 7);
    course.send(b"x");
    course.pass(Duration::from_secs(1));
    assert_eq!(course.pieces(), [(150, 1)]);
}

#[test]
fn jitter_spreads_evenly() {
    let mut course = Course::through(Delay::of(100 * MS).with_jitter(100 * MS));
    for _ in 0..100 {
        course.send(b"x");
        course.pass(300 * MS);
    }
    let sent = (0..).step_by(300);
    let delays: Vec<u128> = sent
        .zip(course.pieces())
        .map(|(at, it)| it.0 - at)
        .collect();
    assert!(delays.iter().all(|delay| *delay <= 200), "{delays:?}");
    assert!(delays.iter().any(|delay| *delay < 20), "{delays:?}");
    assert!(delays.iter().any(|delay| *delay > 180), "{delays:?}");
}

#[test]
fn a_stall_holds_up_some_and_all_behind_it_and_nobody_else() {
    let mut course = Course::through(Stall::of(200 * MS).at_rate(0.1));
    for _ in 0..1000 {
        course.send(b"x");
        course.pass(10 * MS);
    }
    course.pass(Duration::from_secs(1));
    let sent = (0..).step_by(10);
    let delays: Vec<u128> = sent
        .zip(course.pieces())
        .map(|(at, it)| it.0 - at)
        .collect();
    assert_eq!(delays.len(), 1000);
    assert!(delays.iter().all(|delay| *delay <= 200), "{delays:?}");
    let stalls = delays.iter().filter(|delay| **delay == 200).count();
    assert!((60..140).contains(&stalls), "{stalls}");
    assert!(delays.contains(&0) && delays.contains(&190), "{delays:?}");
}

#[test]
fn jitter_never_lets_anything_overtake() {
    let mut course = Course::through(Delay::of(100 * MS).with_jitter(100 * MS));
    for number in 0..100 {
        course.send(&[number]);
        course.pass(10 * MS);
    }
    course.pass(Duration::from_secs(1));
    assert_eq!(course.octets(), (0..100).collect::<Vec<u8>>());
}

#[test]
fn the_end_is_delayed_with_the_rest() {
    let mut course = Course::through(Delay::of(100 * MS));
    course.send(b"x");
    course.push(Item::End);
    course.pass(Duration::from_secs(1));
    let at = Duration::from_millis(100);
    let expected = [(at, Out::Octets(b"x".to_vec())), (at, Out::End)];
    assert_eq!(course.out, expected);
}

#[test]
fn a_bandwidth_is_kept_to_the_millisecond() {
    let mut course = Course::through(Bandwidth::octets_per_second(1_000_000));
    (0..48).for_each(|_| course.send(&[0; 10_000]));
    course.pass(Duration::from_secs(5));
    let (last, _) = *course.pieces().last().unwrap();
    assert_eq!(last, 480);
    assert_eq!(course.octets().len(), 480_000);

    let mut slow = Course::through(Bandwidth::octets_per_second(2));
    slow.send(b"hello");
    slow.pass(Duration::from_secs(5));
    let pieces = [(500, 1), (1000, 1), (1500, 1), (2000, 1), (2500, 1)];
    assert_eq!(slow.pieces(), pieces);
    assert_eq!(slow.octets(), b"hello");
}

#[test]
fn a_burst_passes_at_once_after_a_silence() {
    let bandwidth = Bandwidth::octets_per_second(100).with_burst(100);
    let mut course = Course::through(bandwidth);
    course.send(&[0; 300]);
    course.pass(Duration::from_secs(10));
    let at_once: usize = course
        .pieces()
        .iter()
        .filter(|it| it.0 == 0)
        .map(|it| it.1)
        .sum();
    assert_eq!(at_once, 100);
    assert_eq!(course.pieces().last().unwrap().0, 2000);
    course.send(&[0; 100]);
    course.pass(MS);
    assert_eq!(course.octets().len(), 400);
}

#[test]
fn a_shared_bandwidth_is_one_for_all() {
    let bandwidth = Bandwidth::octets_per_second(1000).shared();
    let mut one = Course::through(bandwidth.clone());
    let mut other = Course::through(bandwidth);
    for _ in 0..20 {
        one.send(&[1; 100]);
        other.send(&[2; 100]);
    }
    for _ in 0..3000 {
        one.pass(MS);
        other.pass(MS);
    }
    let both = one.octets().len() + other.octets().len();
    assert!((2900..=3020).contains(&both), "{both}");
    assert!(one.octets().len() > 1000 && other.octets().len() > 1000);
}

#[test]
fn slices_come_one_after_the_other_with_a_pause() {
    let mut course = Course::through(Slice::into(2).with_pause(5 * MS));
    course.send(b"hello");
    course.pass(Duration::from_secs(1));
    assert_eq!(course.pieces(), [(0, 2), (5, 2), (10, 1)]);
    assert_eq!(course.octets(), b"hello");
}

#[test]
fn only_the_end_is_late() {
    let mut course = Course::through(LateEnd::by(300 * MS));
    course.send(b"x");
    course.push(Item::End);
    course.pass(Duration::from_secs(1));
    let expected = [
        (Duration::ZERO, Out::Octets(b"x".to_vec())),
        (300 * MS, Out::End),
    ];
    assert_eq!(course.out, expected);

    let mut course = Course::through(LateEnd::never());
    course.push(Item::End);
    course.pass(Duration::from_secs(1000));
    assert_eq!(course.out, []);
    course.remove(1);
    assert_eq!(course.out, [(Duration::from_secs(1000), Out::End)]);
}

#[test]
fn what_never_ends_and_times_beyond_all_clocks_panic_nowhere() {
    for delay in [
        Delay::of(Duration::MAX),
        Delay::of(MS).with_jitter(Duration::MAX),
        Delay::of(Duration::MAX).with_jitter(Duration::MAX),
    ] {
        let mut course = Course::through(delay);
        course.send(b"x");
        course.pass(Duration::from_secs(1));
        course.remove(1);
        assert_eq!(course.octets(), b"x");
    }
    let mut course = Course::through(Bandwidth::octets_per_second(f64::MIN_POSITIVE));
    course.send(b"x");
    course.pass(Duration::from_secs(1));
    assert_eq!(course.octets(), b"");
}
