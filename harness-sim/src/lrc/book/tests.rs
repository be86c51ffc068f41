use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::{ResultCode, TaskStatus};
use tokio::time::Instant;

use super::{Book, FINISHED_CAPACITY, Outcome};
use crate::attribute::{Attribute, AttributePort, AttributeValue, RecordedChanges};

fn book() -> (Book, RecordedChanges) {
    let changes = RecordedChanges::default();
    (Book::new(Arc::new(changes.clone())), changes)
}

fn done() -> Outcome {
    Outcome::new(ResultCode::Ok, "On command completed OK")
}

#[test]
fn each_step_is_published_in_the_order_of_the_base_class() {
    let (mut book, changes) = book();
    let id = book.stage("On");
    book.queue(&id);
    book.start(&id);
    book.progress(&id, 33);
    book.finish(&id, TaskStatus::Completed, &done(), Instant::now());
    assert_eq!(
        changes.take_lines(),
        [
            "longRunningCommandsInQueue: On",
            "longRunningCommandIDsInQueue: On#1",
            "longRunningCommandStatus: On#1 STAGING",
            "longRunningCommandStatus: On#1 QUEUED",
            "longRunningCommandStatus: On#1 IN_PROGRESS",
            "longRunningCommandInProgress: On",
            "longRunningCommandProgress: On#1 33",
            r#"longRunningCommandResult: On#1 [0, "On command completed OK"]"#,
            "longRunningCommandStatus: On#1 COMPLETED",
            "longRunningCommandInProgress: ",
        ]
    );
}

#[test]
fn a_command_that_never_started_leaves_in_progress_alone() {
    let (mut book, changes) = book();
    let id = book.stage("On");
    book.queue(&id);
    changes.take();
    book.finish(
        &id,
        TaskStatus::Aborted,
        &Outcome::aborted(),
        Instant::now(),
    );
    assert_eq!(
        changes.take_lines(),
        [
            r#"longRunningCommandResult: On#1 [7, "Command has been aborted"]"#,
            "longRunningCommandStatus: On#1 ABORTED",
        ]
    );
}

#[test]
fn a_finished_command_is_shown_for_ten_seconds() {
    let (mut book, changes) = book();
    let start = Instant::now();
    assert_eq!(book.next_removal(), None);
    let first = book.stage("On");
    let second = book.stage("Off");
    book.finish(&first, TaskStatus::Completed, &done(), start);
    let removal = start + Duration::from_secs(10);
    assert_eq!(book.next_removal(), Some(removal));
    changes.take();

    book.forget_finished(removal - Duration::from_millis(1));
    assert_eq!(changes.take(), []);
    assert_eq!(book.status(&first.text()), TaskStatus::Completed);

    book.forget_finished(removal);
    assert_eq!(
        changes.take_lines(),
        [
            "longRunningCommandsInQueue: Off",
            "longRunningCommandIDsInQueue: Off#2",
            "longRunningCommandStatus: Off#2 STAGING",
        ]
    );
    assert_eq!(book.status(&first.text()), TaskStatus::NotFound);
    assert_eq!(book.status(&second.text()), TaskStatus::Staging);
    assert_eq!(book.next_removal(), None);
    let result = book.value(Attribute::LongRunningCommandResult).unwrap();
    assert_ne!(
        result,
        AttributeValue::texts(["", ""]),
        "the last result stays"
    );
}

#[test]
fn the_result_is_two_empty_texts_at_first() {
    let (book, _) = book();
    assert_eq!(
        book.value(Attribute::LongRunningCommandResult),
        Some(AttributeValue::texts(["", ""]))
    );
    assert_eq!(book.value(Attribute::ObsState), None);
}

#[test]
fn a_fast_sequence_of_commands_does_not_make_the_attributes_grow_for_ever() {
    let (mut book, _) = book();
    let now = Instant::now();
    let waiting = book.stage("Off");
    for _ in 0..2 * FINISHED_CAPACITY {
        let id = book.stage("On");
        book.finish(&id, TaskStatus::Completed, &done(), now);
    }
    let Some(AttributeValue::Texts(ids)) = book.value(Attribute::LongRunningCommandIdsInQueue)
    else {
        panic!("no ids");
    };
    assert_eq!(ids.len(), FINISHED_CAPACITY + 1);
    assert_eq!(ids[0], waiting.text(), "what has not finished is kept");
}

#[test]
fn nothing_is_prepared_for_a_port_that_wants_nothing() {
    struct Deaf;
    impl AttributePort for Deaf {
        fn push(&self, attribute: Attribute, _: AttributeValue) {
            panic!("{attribute} was pushed");
        }
        fn wants(&self, _: Attribute) -> bool {
            false
        }
    }
    let mut book = Book::new(Arc::new(Deaf));
    let id = book.stage("On");
    book.finish(&id, TaskStatus::Completed, &done(), Instant::now());
}

#[test]
fn what_is_forgotten_for_want_of_room_is_told() {
    let (mut book, changes) = book();
    for _ in 0..=FINISHED_CAPACITY {
        let id = book.stage("On");
        book.start(&id);
        book.finish(&id, TaskStatus::Completed, &done(), Instant::now());
    }
    let changes = changes.take();
    for attribute in [
        Attribute::LongRunningCommandsInQueue,
        Attribute::LongRunningCommandIdsInQueue,
        Attribute::LongRunningCommandStatus,
    ] {
        let mut told = changes.iter().rev().filter(|(of, _)| *of == attribute);
        let told = told.next().map(|(_, value)| value.clone());
        assert_eq!(told, book.value(attribute), "{attribute}");
    }
}

/// What the second protocol tells, with the keys of each object, as moments differ from run to run.
fn second_protocol(changes: &RecordedChanges) -> Vec<String> {
    let keys = |text: &Arc<str>| match serde_json::from_str(text) {
        Ok(serde_json::Value::Object(members)) => {
            let keys: Vec<_> = members.keys().map(String::as_str).collect();
            keys.join(" ")
        }
        _ => panic!("{text} is no object"),
    };
    let lines =
        changes
            .take()
            .into_iter()
            .filter_map(|(attribute, value)| match (attribute, value) {
                (Attribute::LrcEvent, AttributeValue::Texts(texts)) => {
                    Some(format!("{attribute}: {}", texts[1]))
                }
                (
                    Attribute::LrcQueue | Attribute::LrcExecuting | Attribute::LrcFinished,
                    AttributeValue::Texts(texts),
                ) => {
                    let texts: Vec<_> = texts.iter().map(keys).collect();
                    Some(format!("{attribute}: {}", texts.join(", ")))
                }
                _ => None,
            });
    lines.collect()
}

#[test]
fn the_second_protocol_is_told_in_the_order_of_the_base_class() {
    let (mut book, changes) = book();
    let id = book.stage("On");
    assert_eq!(second_protocol(&changes), [r#"_lrcEvent: {"status": 0}"#]);
    book.queue(&id);
    let queued = "lrcQueue: name submitted_time uid";
    assert_eq!(
        second_protocol(&changes),
        [
            r#"_lrcEvent: {"status": 1}"#,
            queued,
            "lrcExecuting: ",
            "lrcFinished: "
        ]
    );
    book.start(&id);
    assert_eq!(second_protocol(&changes), Vec::<String>::new());
    book.tell_started(&id);
    assert_eq!(
        second_protocol(&changes),
        [
            r#"_lrcEvent: {"status": 2}"#,
            "lrcQueue: ",
            "lrcExecuting: name started_time submitted_time uid",
            "lrcFinished: "
        ]
    );
    book.progress(&id, 33);
    assert_eq!(
        second_protocol(&changes),
        [
            r#"_lrcEvent: {"progress": 33}"#,
            "lrcExecuting: name progress started_time submitted_time uid",
        ]
    );
    book.finish(&id, TaskStatus::Completed, &done(), Instant::now());
    book.tell_finished(&id, TaskStatus::Completed, &done());
    assert_eq!(
        second_protocol(&changes),
        [
            r#"_lrcEvent: {"status": 5, "result": [0, "On command completed OK"]}"#,
            "lrcQueue: ",
            "lrcExecuting: ",
            "lrcFinished: finished_time name result started_time status submitted_time uid",
        ]
    );
}

#[test]
fn the_second_protocol_keeps_the_last_hundred_that_finished() {
    let (mut book, _) = book();
    for _ in 0..150 {
        let id = book.stage("On");
        book.finish(&id, TaskStatus::Completed, &done(), Instant::now());
    }
    book.forget_finished(Instant::now() + Duration::from_secs(60));
    let Some(AttributeValue::Texts(finished)) = book.value(Attribute::LrcFinished) else {
        panic!("no list");
    };
    assert_eq!(finished.len(), 100);
    let first: serde_json::Value = serde_json::from_str(&finished[0]).unwrap();
    assert!(
        first["uid"].as_str().unwrap().ends_with("_51_On"),
        "{first}"
    );
    assert_eq!(first["status"], "COMPLETED");
    assert_eq!(first["result"][0], 0);
}
