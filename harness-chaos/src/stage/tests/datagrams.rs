use std::time::Duration;

use super::course::{Course, MS};
use crate::condition::{Bandwidth, Corrupt, Delay, Fate, Hold, Rewrite};
use crate::datagram::{DatagramCondition, Duplicate, Loss, Reorder, Truncate};

/// What becomes of a thousand numbered datagrams, one each millisecond.
fn thousand(condition: impl Into<DatagramCondition>, seed: u64) -> Vec<u16> {
    let mut course = Course::of_datagrams(condition, seed);
    for number in 0..1000_u16 {
        course.send(&number.to_be_bytes());
        course.pass(MS);
    }
    course.pass(Duration::from_secs(1));
    let numbers = course.datagrams();
    numbers
        .iter()
        .map(|it| u16::from_be_bytes(it.as_slice().try_into().unwrap()))
        .collect()
}

#[test]
fn a_part_of_the_datagrams_gets_lost_and_the_rest_stays_in_order() {
    let came = thousand(Loss::of(0.3), 7);
    assert!((620..780).contains(&came.len()), "{}", came.len());
    assert!(came.is_sorted());
    assert_eq!(thousand(Loss::of(0), 7), (0..1000).collect::<Vec<_>>());
    assert_eq!(thousand(Loss::all(), 7), [] as [u16; 0]);
}

#[test]
fn a_part_of_the_datagrams_comes_twice() {
    let came = thousand(Duplicate::of(0.3), 7);
    assert!((1220..1380).contains(&came.len()), "{}", came.len());
    let mut once = came.clone();
    once.dedup();
    assert_eq!(once, (0..1000).collect::<Vec<_>>());
    assert_eq!(thousand(Duplicate::of(1), 7).len(), 2000);
}

#[test]
fn a_part_of_the_datagrams_is_overtaken_and_none_is_lost() {
    let came = thousand(Reorder::of(0.2).by(3), 7);
    let late = came.windows(2).filter(|pair| pair[0] > pair[1]).count();
    assert!((80..300).contains(&late), "{late}");
    let mut sorted = came.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
    assert_eq!(thousand(Reorder::of(0), 7), sorted);
}

#[test]
fn a_datagram_that_nothing_overtakes_goes_on_alone() {
    let mut course = Course::of_datagrams(Reorder::of(1).at_most_for(50 * MS), 7);
    course.send(b"alone");
    course.pass(Duration::from_secs(1));
    assert_eq!(course.pieces(), [(50, 5)]);
    let mut course = Course::of_datagrams(Reorder::of(1).by(0), 7);
    course.send(b"one");
    course.send(b"two");
    course.remove(1);
    assert_eq!(course.datagrams(), [b"one", b"two"]);
}

#[test]
fn a_seed_repeats_what_happens_to_datagrams() {
    for condition in [
        DatagramCondition::from(Loss::of(0.3)),
        Duplicate::of(0.3).into(),
        Reorder::of(0.3).into(),
    ] {
        let first = thousand(condition.clone(), 7);
        assert_eq!(thousand(condition.clone(), 7), first, "{condition}");
        assert_ne!(thousand(condition.clone(), 8), first, "{condition}");
    }
}

#[test]
fn datagrams_stay_whole_whatever_happens_to_them() {
    let sent: [&[u8]; 5] = [b"one", b"", b"three", b"hel", b"lo"];
    for (condition, expected) in [
        (DatagramCondition::from(Hold), sent),
        (Delay::of(20 * MS).with_jitter(20 * MS).into(), sent),
        (Bandwidth::octets_per_second(100).into(), sent),
        (Corrupt::replacing("hello", "bye").into(), sent),
        (
            Corrupt::replacing("e", "EE").into(),
            [b"onEE", b"", b"thrEEEE", b"hEEl", b"lo"],
        ),
        (Truncate::to(2).into(), [b"on", b"", b"th", b"he", b"lo"]),
        (Rewrite::each("pass", || Fate::Pass).into(), sent),
    ] {
        let mut course = Course::of_datagrams(condition.clone(), 7);
        sent.iter().for_each(|datagram| course.send(datagram));
        course.pass(Duration::from_secs(10));
        course.remove(1);
        assert_eq!(course.datagrams(), expected, "{condition}");
    }
}

#[test]
fn a_narrow_line_takes_its_time_for_each_datagram() {
    let mut course = Course::of_datagrams(Bandwidth::octets_per_second(100), 7);
    course.send(&[0; 10]);
    course.send(&[0; 50]);
    course.pass(Duration::from_secs(5));
    assert_eq!(course.pieces(), [(100, 10), (600, 50)]);
}

#[test]
fn impossible_rates_of_datagrams_are_refused() {
    for condition in [
        DatagramCondition::from(Loss::of(-0.1)),
        Duplicate::of(f64::NAN).into(),
        Reorder::of(1.1).into(),
        Bandwidth::octets_per_second(0).into(),
    ] {
        assert!(condition.check().is_err(), "{condition}");
    }
}
