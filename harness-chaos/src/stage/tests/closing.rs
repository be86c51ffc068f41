use std::time::Duration;

use super::course::{Course, MS, Out};
use crate::condition::{Close, Delay, Ending};
use crate::stage::Item;

/// After how long the connection is closed, and how.
fn closed(mut course: Course) -> Option<(u32, Ending)> {
    (0..1000).find_map(|passed| {
        course.pass(MS);
        course.chain.closing().map(|ending| (passed + 1, ending))
    })
}

#[test]
fn data_closes_and_is_not_passed_on() {
    let mut course = Course::through(Close::on_data());
    course.pass(Duration::from_secs(60));
    assert_eq!(course.out, []);
    course.send(b"x");
    let expected = (Duration::from_secs(60), Out::Close(Ending::Fin));
    assert_eq!(course.out, [expected]);
    assert_eq!(course.chain.take_swallowed(), 1);
}

#[test]
fn so_many_octets_pass_and_no_more() {
    for chunks in [&[b"hello", b"world"][..], &[b"hello"; 9]] {
        let mut course = Course::through(Close::after_octets(7).by_reset());
        chunks.iter().for_each(|chunk| course.send(*chunk));
        assert_eq!(course.octets().len(), 7);
        assert_eq!(course.out.last().unwrap().1, Out::Close(Ending::Reset));
        let ends = course
            .out
            .iter()
            .filter(|(_, out)| matches!(out, Out::Close(_)));
        assert_eq!(ends.count(), 1);
    }
    let mut exact = Course::through(Close::after_octets(5));
    exact.send(b"hello");
    assert_eq!(exact.out.last().unwrap().1, Out::Close(Ending::Fin));
    let mut fewer = Course::through(Close::after_octets(6));
    fewer.send(b"hello");
    fewer.push(Item::End);
    assert_eq!(fewer.out.last().unwrap().1, Out::End);
}

#[test]
fn a_time_closes_a_connection_that_is_silent() {
    let course = Course::through(Close::after(500 * MS));
    assert_eq!(closed(course), Some((500, Ending::Fin)));
    let course = Course::through(Close::at_once().by_reset());
    assert_eq!(course.chain.closing(), Some(Ending::Reset));
}

#[test]
fn a_time_can_count_from_the_opening() {
    let mut course = Course::new();
    course.pass(300 * MS);
    course.add(1, Close::when_open_for(500 * MS), 7);
    assert_eq!(closed(course), Some((200, Ending::Fin)));
    let mut old = Course::new();
    old.pass(900 * MS);
    old.add(1, Close::when_open_for(500 * MS), 7);
    assert_eq!(old.chain.closing(), Some(Ending::Fin));
}

#[test]
fn a_time_can_count_from_the_last_data() {
    let mut course = Course::through(Close::when_silent_for(500 * MS));
    course.pass(400 * MS);
    course.send(b"x");
    course.pass(400 * MS);
    assert_eq!(course.chain.closing(), None);
    assert_eq!(closed(course), Some((100, Ending::Fin)));
}

#[test]
fn a_time_can_be_later_by_chance() {
    let times: Vec<u32> = (0..40)
        .map(|seed| {
            let mut course = Course::new();
            course.add(1, Close::after(100 * MS).with_jitter(50 * MS), seed);
            closed(course).unwrap().0
        })
        .collect();
    assert!(
        times.iter().all(|time| (100..=151).contains(time)),
        "{times:?}"
    );
    assert!(times.iter().any(|time| *time < 115), "{times:?}");
    assert!(times.iter().any(|time| *time > 135), "{times:?}");
}

#[test]
fn a_close_waits_for_what_was_sent_before_it() {
    let mut course = Course::through(Close::after_octets(3));
    course.add(2, Delay::of(50 * MS), 7);
    course.send(b"abc");
    assert_eq!(course.out, []);
    course.pass(Duration::from_secs(1));
    let expected = [
        (50 * MS, Out::Octets(b"abc".to_vec())),
        (50 * MS, Out::Close(Ending::Fin)),
    ];
    assert_eq!(course.out, expected);
}

#[test]
fn a_connection_can_be_closed_some_time_after_data_or_the_end() {
    for item in [Item::Octets(b"x".to_vec().into()), Item::End] {
        let mut course = Course::through(Close::this_long_after_data(100 * MS).by_reset());
        course.pass(Duration::from_secs(60));
        course.push(item);
        course.pass(50 * MS);
        course.send(b"no more");
        assert_eq!((course.out.len(), course.chain.closing()), (0, None));
        assert_eq!(closed(course), Some((50, Ending::Reset)));
    }
}

#[test]
fn nothing_passes_a_connection_that_hangs_until_it_is_given_up() {
    let mut course = Course::through(Close::after_hanging(Some(100 * MS)));
    course.pass(90 * MS);
    course.send(b"x");
    course.pass(90 * MS);
    assert_eq!((course.out.len(), course.chain.closing()), (0, None));
    assert_eq!(course.chain.take_swallowed(), 1);
    assert_eq!(closed(course), Some((10, Ending::Fin)));

    let mut course = Course::through(Close::after_hanging(None));
    course.pass(Duration::from_secs(86_400));
    assert_eq!(course.chain.closing(), None);
    course.remove(1);
    assert_eq!(course.out.last().unwrap().1, Out::Close(Ending::Fin));
}

#[test]
fn a_connection_is_not_closed_when_another_condition_takes_the_place_of_one_that_hangs() {
    for other in [None, Some(Close::after_octets(9))] {
        let mut course = Course::through(Close::after_hanging(None));
        course.replace(1, other);
        course.send(b"x");
        assert_eq!(course.octets(), b"x");
        assert_eq!(course.chain.closing(), None);
    }
}

#[test]
fn octets_stay_counted_when_the_limit_changes() {
    let mut course = Course::through(Close::after_octets(10));
    course.send(b"12345");
    course.replace(1, Some(Close::after_octets(7)));
    course.send(b"6789");
    assert_eq!(course.octets(), b"1234567");
    assert_eq!(course.out.last().unwrap().1, Out::Close(Ending::Fin));
    // a limit that is passed already closes when something comes
    let mut course = Course::through(Close::after_octets(10));
    course.send(b"12345");
    course.replace(1, Some(Close::after_octets(3)));
    assert_eq!(course.out.len(), 1);
    course.send(b"6");
    assert_eq!(course.octets(), b"12345");
    assert_eq!(course.out.last().unwrap().1, Out::Close(Ending::Fin));
}
