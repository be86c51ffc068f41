use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::super::{EntryKind, Journal, JournalError, Phase};
use crate::{Event, Reading, Signal, Value};

/// A writer that shares what it is given, and can be made to fail.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    pub(super) written: Arc<Mutex<Vec<u8>>>,
    full: bool,
}

impl Shelf {
    /// The lines written so far.
    pub(super) fn lines(&self) -> Vec<serde_json::Value> {
        let text = String::from_utf8(self.written.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
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
    let mut lines = shelf.lines();
    assert_eq!(lines.len(), 5);
    let header = lines.remove(0);
    assert_eq!(
        (&header["kind"], &header["version"]),
        (&"journal".into(), &1.into())
    );
    assert!(header["started"].as_str().unwrap().ends_with('Z'));
    assert_eq!(header["harness"], env!("CARGO_PKG_VERSION"));
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
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
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

#[tokio::test]
async fn a_stuck_writer_delays_nobody_and_what_is_left_out_is_counted() {
    let (key, door) = std::sync::mpsc::channel();
    let shelf = Shelf::default();
    let journal = Journal::with_retention(0);
    journal.write_to(Stuck(Some(door), shelf.clone())).unwrap();
    let appended = 200_000;
    (0..appended).for_each(|_| drop(journal.note("x")));
    key.send(()).unwrap();
    journal.flush().await.unwrap();
    let (mut written, mut left_out) = (0, 0);
    for line in shelf.lines() {
        match line["kind"].as_str() {
            Some("journal") => {}
            Some("left_out") => left_out += line["entries"].as_u64().unwrap(),
            _ => written += 1,
        }
    }
    assert!(left_out > 0);
    assert_eq!(written + left_out, appended);
}

#[tokio::test]
async fn what_the_narrator_says_stands_beside_an_entry_also_when_it_comes_later() {
    let shelf = Shelf::default();
    let journal = Journal::new();
    journal.write_to(shelf.clone()).unwrap();
    journal.note("before");
    journal.flush().await.unwrap();
    let journal = journal.with_narrator(|entry: &EntryKind| match entry {
        EntryKind::Note { text } if text == "broken" => panic!("no words"),
        EntryKind::Note { text } => Some(format!("it says {text}")),
        _ => None,
    });
    journal.note("after");
    journal.note("broken");
    journal.state("a/b/c", "ON");
    journal.flush().await.unwrap();
    let told: Vec<_> = shelf.lines()[1..]
        .iter()
        .map(|line| line.get("told").cloned())
        .collect();
    assert_eq!(told, [None, Some("it says after".into()), None, None]);
}

#[tokio::test]
async fn what_is_left_out_is_told_where_it_is_missing() {
    let (key, door) = std::sync::mpsc::channel();
    let shelf = Shelf::default();
    let journal = Journal::with_retention(0);
    journal.write_to(Stuck(Some(door), shelf.clone())).unwrap();
    (0..100_000).for_each(|_| drop(journal.note("x")));
    key.send(()).unwrap();
    journal.flush().await.unwrap();
    journal.note("y");
    journal.flush().await.unwrap();
    let mut next = 0;
    for line in &shelf.lines()[1..] {
        match line["kind"].as_str() {
            Some("left_out") => next += line["entries"].as_u64().unwrap(),
            _ => {
                assert_eq!(line["sequence"], next);
                next += 1;
            }
        }
    }
    assert_eq!(next, 100_001);
}

#[tokio::test]
async fn a_device_whose_clock_is_far_off_does_not_end_the_file() {
    let shelf = Shelf::default();
    let journal = Journal::new();
    journal.write_to(shelf.clone()).unwrap();
    let year = Duration::from_secs(366 * 86_400);
    let times = [
        SystemTime::UNIX_EPOCH - year,
        SystemTime::UNIX_EPOCH + 9_000 * year,
    ];
    for time in times {
        let reading = Reading::new("READY").with_server_time(time);
        journal.append_event(Event::new(
            "a/b/c".into(),
            "obsState".into(),
            Signal::Change(reading),
            None,
        ));
    }
    journal.note("after");
    journal.flush().await.unwrap();
    let lines = shelf.lines();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert_eq!(lines[1]["signal"]["change"]["value"], "READY");
}
