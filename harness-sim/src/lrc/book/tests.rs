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
