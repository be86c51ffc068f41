use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;

use super::{Entry, EntryKind, Journal, JournalError, Mark, Phase};
use crate::{Event, Reading, Signal, Value};

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

/// A writer that shares what it is given, and can be made to fail.
#[derive(Clone, Default)]
struct Shelf {
    written: Arc<Mutex<Vec<u8>>>,
    full: bool,
}

impl Write for Shelf {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.full {
            return Err(std::io::Error::other("the shelf is full"));
        }
        self.written.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn is_written_as_json_lines_from_what_is_kept_on() {
    let journal = Journal::new();
    journal.note("early");
    let shelf = Shelf::default();
    journal.write_to(shelf.clone()).unwrap();
    journal.step(
        "Configure",
        Phase::Failed {
            reason: "refused".into(),
        },
    );
    journal.append(EntryKind::Command {
        device: "a/b/c".into(),
        command: "Scan".into(),
        argument: Value::from([1, 2]),
    });
    let change = Signal::Change(Reading::new("READY"));
    let previous = Some(Value::from("IDLE"));
    journal.append_event(Event::new(
        "a/b/c".into(),
        "obsState".into(),
        change,
        previous,
    ));
    journal.flush().await.unwrap();
    let text = String::from_utf8(shelf.written.lock().unwrap().clone()).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 4);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["sequence"], index);
        assert!(line["wall"].as_str().unwrap().ends_with('Z'));
    }
    assert_eq!(lines[0]["kind"], "note");
    assert_eq!(
        (&lines[1]["phase"], &lines[1]["reason"]),
        (&"failed".into(), &"refused".into())
    );
    assert_eq!(lines[2]["argument"], serde_json::json!([1, 2]));
    assert_eq!(lines[3]["signal"]["change"]["value"], "READY");
    assert_eq!(lines[3]["previous"], "IDLE");
}

#[tokio::test]
async fn a_file_is_made_or_the_error_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let journal = Journal::new();
    journal.write_to_file(&path).unwrap();
    journal.note("x");
    journal.flush().await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
    let error = journal
        .write_to_file(folder.path().join("no/such"))
        .unwrap_err();
    assert!(error.to_string().contains("no/such"), "{error}");
}

#[tokio::test]
async fn a_failure_to_write_is_told_when_flushing() {
    let journal = Journal::new();
    journal
        .write_to(Shelf {
            full: true,
            ..Shelf::default()
        })
        .unwrap();
    journal.note("x");
    let error = journal.flush().await.unwrap_err();
    assert!(matches!(error, JournalError::Write(_)), "{error}");
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the shelf is full"
    );
}

#[tokio::test]
async fn a_stuck_writer_delays_nobody_and_what_is_left_out_is_counted() {
    /// Waits for the key at its first write.
    struct Stuck(Option<std::sync::mpsc::Receiver<()>>, Shelf);
    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if let Some(key) = self.0.take() {
                let _ = key.recv();
            }
            self.1.write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (key, door) = std::sync::mpsc::channel();
    let shelf = Shelf::default();
    let journal = Journal::with_retention(0);
    journal.write_to(Stuck(Some(door), shelf.clone())).unwrap();
    let appended = 200_000;
    (0..appended).for_each(|_| drop(journal.note("x")));
    key.send(()).unwrap();
    journal.flush().await.unwrap();
    let text = String::from_utf8(shelf.written.lock().unwrap().clone()).unwrap();
    let (mut written, mut left_out) = (0, 0);
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        match line["kind"].as_str() {
            Some("left_out") => left_out += line["entries"].as_u64().unwrap(),
            _ => written += 1,
        }
    }
    assert!(left_out > 0);
    assert_eq!(written + left_out, appended);
}
