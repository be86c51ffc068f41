use std::time::Duration;

use super::course::{Course, MS, Out};
use crate::condition::{Coalesce, Corrupt, Ending, Fate, Hold, Rewrite, Slice, Swallow};
use crate::stage::Item;

fn lines(octets: &[u8]) -> Option<usize> {
    octets
        .iter()
        .position(|octet| *octet == b'\n')
        .map(|end| end + 1)
}

#[test]
fn what_is_held_comes_when_the_condition_ends() {
    let mut course = Course::through(Hold);
    assert!(!course.chain.takes());
    course.send(b"one");
    course.send(b"two");
    course.push(Item::End);
    course.pass(Duration::from_secs(60));
    assert_eq!(course.out, []);
    course.remove(1);
    assert!(course.chain.takes());
    assert_eq!(course.octets(), b"onetwo");
    assert_eq!(course.out.last().unwrap().1, Out::End);
}

#[test]
fn what_is_swallowed_stays_lost_and_is_counted() {
    let mut course = Course::through(Swallow);
    course.send(b"lost");
    course.remove(1);
    course.send(b"kept");
    assert_eq!(course.octets(), b"kept");

    let mut course = Course::through(Swallow);
    course.send(b"lost");
    assert_eq!(course.chain.take_swallowed(), 4);
    assert_eq!(course.chain.take_swallowed(), 0);
}

#[test]
fn corruption_hits_the_same_octets_however_they_are_cut() {
    let sent = [0_u8; 5000];
    let mut whole = Course::through(Corrupt::bits(0.01));
    whole.send(&sent);
    let mut cut = Course::through(Corrupt::bits(0.01));
    sent.chunks(7).for_each(|chunk| cut.send(chunk));
    assert_eq!(whole.octets(), cut.octets());
    let hits = whole.octets().iter().filter(|octet| **octet != 0).count();
    assert!((30..80).contains(&hits), "{hits}");
    assert!(whole.octets().iter().all(|octet| octet.count_ones() <= 1));
}

#[test]
fn every_octet_is_hit_at_a_rate_of_one_and_none_at_a_rate_of_nothing() {
    let mut all = Course::through(Corrupt::bits(1));
    all.send(&[0; 100]);
    assert!(all.octets().iter().all(|octet| octet.count_ones() == 1));
    let mut none = Course::through(Corrupt::bits(0));
    none.send(&[0; 100]);
    assert_eq!(none.octets(), [0; 100]);
}

#[test]
fn corruption_can_be_kept_to_a_range() {
    let mut course = Course::through(Corrupt::inverted().within(2..4));
    course.send(&[0; 3]);
    course.send(&[0; 3]);
    assert_eq!(course.octets(), [0, 0, 255, 255, 0, 0]);
    let mut course = Course::through(Corrupt::bits(1).within(2..4));
    course.send(&[0; 6]);
    let hit: Vec<bool> = course.octets().iter().map(|octet| *octet != 0).collect();
    assert_eq!(hit, [false, false, true, true, false, false]);
}

#[test]
fn words_are_replaced_across_chunks_and_other_traffic_is_unchanged() {
    let mut course = Course::through(Corrupt::replacing("hello", "bye"));
    for chunk in ["say hel", "lo, hello", " and hel", "p \u{ff}"] {
        course.send(chunk.as_bytes());
    }
    assert_eq!(course.octets(), "say bye, bye and help \u{ff}".as_bytes());
}

#[test]
fn what_may_be_the_beginning_of_a_word_is_not_kept_for_long() {
    let mut course = Course::through(Corrupt::replacing("hello", "bye"));
    course.send(b"say hel");
    assert_eq!(course.octets(), b"say ");
    course.pass(Duration::from_secs(1));
    assert_eq!(course.pieces(), [(0, 4), (20, 3)]);
    course.send(b"he");
    course.push(Item::End);
    assert_eq!(course.octets(), b"say helhe");
}

#[test]
fn slices_vary_by_as_much_as_said_and_not_at_all_otherwise() {
    let mut course = Course::through(Slice::into(24).with_pause(Duration::ZERO));
    course.send(&[0; 24 * 24]);
    assert_eq!(course.pieces(), [(0, 24); 24]);
    let slice = Slice::into(10).with_variation(3).with_pause(Duration::ZERO);
    let mut course = Course::through(slice);
    course.send(&[0; 10_000]);
    let mut sizes: Vec<usize> = course.pieces().iter().map(|(_, size)| *size).collect();
    sizes.pop();
    assert!(sizes.iter().all(|size| (7..=13).contains(size)));
    assert!(sizes.contains(&7) && sizes.contains(&13));
}

#[test]
fn octets_are_kept_back_until_there_are_enough_however_many_that_is() {
    let mut course = Course::through(Coalesce::until(10));
    course.send(b"hello");
    course.pass(Duration::from_secs(60));
    assert_eq!(course.out, []);
    course.send(b"world");
    assert_eq!(course.pieces(), [(60_000, 10)]);

    let mut large = Course::through(Coalesce::until(1_000_000));
    (0..100).for_each(|_| large.send(&[0; 10_000]));
    assert_eq!(large.pieces(), [(0, 1_000_000)]);
}

#[test]
fn what_was_kept_back_comes_at_the_end_and_after_its_time() {
    let mut course = Course::through(Coalesce::until(10));
    course.send(b"hello");
    course.remove(1);
    assert_eq!(course.octets(), b"hello");

    let mut course = Course::through(Coalesce::until(10));
    course.send(b"hello");
    course.push(Item::End);
    assert_eq!(course.octets(), b"hello");

    let mut course = Course::through(Coalesce::until(10).at_most_for(40 * MS));
    course.send(b"hel");
    course.pass(30 * MS);
    course.send(b"lo");
    course.pass(Duration::from_secs(1));
    assert_eq!(course.pieces(), [(40, 5)]);
}

#[test]
fn a_closure_sees_whole_messages_and_can_lose_change_and_end_them() {
    let third = Rewrite::each("lose their third line", || {
        let mut count = 0;
        move |line| {
            count += 1;
            match count {
                1 => Fate::Pass([b"1:", line.as_slice()].concat()),
                3 => Fate::Drop,
                5 => Fate::Last(b"error\n".to_vec(), Ending::Fin),
                _ => Fate::Pass(line),
            }
        }
    })
    .framed_by(lines);
    let mut course = Course::through(third);
    for chunk in ["a", "\nb\nc", "\n", "d\ne\nf\n"] {
        course.send(chunk.as_bytes());
    }
    assert_eq!(course.octets(), b"1:a\nb\nd\nerror\n");
    assert_eq!(course.out.last().unwrap().1, Out::Close(Ending::Fin));
}

#[test]
fn what_is_no_message_passes_from_there_on() {
    let lost = Rewrite::each("get lost", || |_| Fate::Drop).framed_by(|octets| {
        if octets[0] == b'!' {
            Some(0)
        } else {
            lines(octets)
        }
    });
    let mut course = Course::through(lost);
    course.send(b"gone\n!so\n");
    course.send(b"be it\n");
    assert_eq!(course.octets(), b"!so\nbe it\n");
}

#[test]
fn a_message_that_is_not_whole_comes_when_the_condition_ends() {
    let mut course = Course::through(Rewrite::each("pass", || Fate::Pass).framed_by(lines));
    course.send(b"half");
    assert_eq!(course.out, []);
    course.remove(1);
    assert_eq!(course.octets(), b"half");
}
