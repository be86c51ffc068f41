use std::future::Future;
use std::time::Duration;

use proptest::prelude::*;

use super::{Entry, EntryKind, Journal, Mark};
use crate::{Event, Reading, Signal};

mod document;
mod file;

fn sequences(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.sequence).collect()
}

fn note_text(entry: &Entry) -> &str {
    match &*entry.kind {
        EntryKind::Note { text } => text,
        other => panic!("not a note: {other:?}"),
    }
}

#[test]
fn sequence_numbers_have_no_holes_whoever_appends() {
    let journal = Journal::new();
    let mark = journal.mark();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..500).for_each(|_| drop(journal.note("x"))));
        }
    });
    assert_eq!(
        sequences(&journal.since(&mark)),
        (0..4000).collect::<Vec<_>>()
    );
}

#[tokio::test(start_paused = true)]
async fn entries_have_a_monotonic_and_a_wall_time() {
    let journal = Journal::new();
    tokio::time::advance(Duration::from_millis(1500)).await;
    let entry = journal.note("now");
    assert_eq!(entry.at, Duration::from_millis(1500));
    assert!(entry.wall.elapsed().unwrap() < Duration::from_secs(60));
}

#[test]
fn memory_stays_flat_without_marks() {
    let journal = Journal::with_retention(100);
    for _ in 0..10_000 {
        let _mark = journal.mark();
        journal.note("x");
    }
    assert_eq!(journal.kept(), 100);
    assert_eq!(journal.next_sequence(), 10_000);
}

#[test]
fn a_mark_keeps_what_comes_after_it_until_its_last_clone_is_dropped() {
    let journal = Journal::with_retention(10);
    journal.note("before");
    let mark = journal.mark();
    let clone = mark.clone();
    (0..100).for_each(|_| drop(journal.note("x")));
    drop(mark);
    assert_eq!(journal.since(&clone).len(), 100);
    drop(clone);
    assert_eq!(journal.kept(), 10);
}

#[derive(Clone, Debug)]
enum Step {
    Append,
    Mark,
    Drop(usize),
    Follow(usize),
    Read(usize),
    Unfollow(usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Append),
        1 => Just(Step::Mark),
        1 => (0usize..8).prop_map(Step::Drop),
        1 => (0usize..8).prop_map(Step::Follow),
        3 => (0usize..8).prop_map(Step::Read),
        1 => (0usize..8).prop_map(Step::Unfollow),
    ]
}

proptest! {
    /// Whatever is done, every mark and every follower sees all that came after it, in order, and
    /// no more is kept than the oldest of them and the retention ask for.
    #[test]
    fn marks_and_followers_never_miss_and_nothing_else_is_kept(
        retention in 0usize..6,
        steps in proptest::collection::vec(any_step(), 0..120),
    ) {
        let journal = Journal::with_retention(retention);
        let mut marks: Vec<Mark> = Vec::new();
        let mut followers = Vec::new();
        let mut appended = 0u64;
        for step in steps {
            match step {
                Step::Append => {
                    prop_assert_eq!(journal.note("x").sequence, appended);
                    appended += 1;
                }
                Step::Mark => marks.push(journal.mark()),
                Step::Drop(index) if index < marks.len() => drop(marks.swap_remove(index)),
                Step::Follow(index) if index < marks.len() => {
                    let mark = &marks[index];
                    followers.push((journal.follow(mark), mark.sequence()));
                }
                Step::Read(index) if index < followers.len() => {
                    let (follower, next) = &mut followers[index];
                    match follower.try_next() {
                        Some(entry) => {
                            prop_assert_eq!(entry.sequence, *next);
                            *next += 1;
                        }
                        None => prop_assert_eq!(*next, appended),
                    }
                }
                Step::Unfollow(index) if index < followers.len() => {
                    drop(followers.swap_remove(index));
                }
                _ => {}
            }
            for mark in &marks {
                let expected: Vec<u64> = (mark.sequence()..appended).collect();
                prop_assert_eq!(sequences(&journal.since(mark)), expected);
            }
            let pinned = marks.iter().map(Mark::sequence).chain(followers.iter().map(|(_, next)| *next));
            let needed = pinned.min().map_or(0, |oldest| appended - oldest);
            prop_assert!(journal.kept() as u64 <= needed.max(retention as u64));
        }
    }
}

#[tokio::test]
async fn a_follower_gives_every_entry_once_and_waits_for_more() {
    let journal = Journal::new();
    journal.note("before");
    let mark = journal.mark();
    journal.note("one");
    let mut follower = journal.follow(&mark);
    assert_eq!(note_text(&follower.next().await), "one");
    let (entry, ()) = tokio::join!(follower.next(), async {
        tokio::task::yield_now().await;
        journal.note("two");
    });
    assert_eq!(note_text(&entry), "two");
    assert!(follower.try_next().is_none());
}

#[tokio::test]
async fn giving_up_on_the_next_entry_loses_none() {
    let journal = Journal::new();
    let mark = journal.mark();
    let mut follower = journal.follow(&mark);
    for number in 0..100 {
        let polled = futures_util::FutureExt::now_or_never(follower.next());
        assert!(polled.is_none());
        journal.note(number.to_string());
        assert_eq!(note_text(&follower.next().await), number.to_string());
    }
}

#[tokio::test]
async fn two_thousand_waiters_all_wake_on_one_entry() {
    let journal = Journal::new();
    let mark = journal.mark();
    let waiting: Vec<_> = (0..2000)
        .map(|_| {
            let mut follower = journal.follow(&mark);
            tokio::spawn(async move { follower.next().await.sequence })
        })
        .collect();
    tokio::task::yield_now().await;
    journal.note("wake");
    for waiter in waiting {
        assert_eq!(waiter.await.unwrap(), 0);
    }
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(std::sync::atomic::AtomicUsize);

impl std::task::Wake for Woken {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn a_waiter_that_is_awake_already_is_not_woken_again() {
    let journal = Journal::new();
    let mut follower = journal.follow(&journal.mark());
    let woken = std::sync::Arc::new(Woken::default());
    let waker = std::sync::Arc::clone(&woken).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut next = Box::pin(follower.next());
    assert!(next.as_mut().poll(&mut context).is_pending());
    (0..1000).for_each(|_| drop(journal.note("x")));
    assert_eq!(woken.0.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert!(next.as_mut().poll(&mut context).is_ready());
}

#[test]
fn a_long_record_is_read_and_let_go_in_pieces_and_nothing_is_missed() {
    let journal = Journal::with_retention(10);
    let mark = journal.mark();
    (0..5000).for_each(|_| drop(journal.note("x")));
    let mut read = journal.read(&mark);
    assert_eq!(read.next().map(|entry| entry.sequence), Some(0));
    // what comes while it is read is not part of it
    journal.note("later");
    let numbers: Vec<_> = read.map(|entry| entry.sequence).collect();
    assert_eq!(numbers, (1..5000).collect::<Vec<_>>());
    let mut visited = Vec::new();
    journal.visit(&mark, |entry| visited.push(entry.sequence));
    assert_eq!(visited, (0..5001).collect::<Vec<_>>());
    drop(mark);
    assert_eq!(journal.kept(), 10);
}

#[tokio::test(start_paused = true)]
async fn the_first_command_after_a_mark_is_found_until_it_is_let_go() {
    let journal = Journal::with_retention(2);
    let command = || EntryKind::Command {
        device: "a/b/c".into(),
        command: "On".into(),
        argument: crate::Value::Void,
    };
    journal.append(command());
    let mark = journal.mark();
    assert_eq!(journal.first_command_since(&mark), None);
    tokio::time::advance(Duration::from_secs(1)).await;
    let first = journal.append(command()).instant;
    tokio::time::advance(Duration::from_secs(1)).await;
    journal.append(command());
    assert_eq!(journal.first_command_since(&mark), Some(first));
    drop(mark);
    let mark = journal.mark();
    assert_eq!(journal.first_command_since(&mark), None);
}

#[tokio::test(start_paused = true)]
async fn the_two_times_of_an_event_that_was_late_to_be_recorded_are_of_the_same_moment() {
    let journal = Journal::new();
    let change = Signal::Change(Reading::new(1));
    let event = Event::new("a/b/c".into(), "x".into(), change, None);
    tokio::time::advance(Duration::from_secs(5)).await;
    let note = journal.note("x");
    let event = journal.append_event(event);
    assert_eq!(note.at - event.at, Duration::from_secs(5));
    let between = note.wall.duration_since(event.wall).unwrap();
    assert!(between > Duration::from_secs(4), "{between:?}");
}
