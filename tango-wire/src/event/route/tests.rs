use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use super::*;
use crate::types::{AttributeReading, Value};

/// Collects what a route says, in short form.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl EventHandler for Arc<Heard> {
    fn handle(&self, notice: EventNotice) {
        let short = match notice {
            EventNotice::Initial(reading) => format!("initial {}", number(&reading.value)),
            EventNotice::Event(reading) => format!("change {}", number(&reading.value)),
            EventNotice::Back(reading) => format!("back {}", number(&reading.value)),
            EventNotice::Gap { missed, .. } => format!("gap {missed:?}"),
            EventNotice::Lost { .. } => "lost".to_owned(),
            EventNotice::StillLost { .. } => "still lost".to_owned(),
            EventNotice::Error(_) => "error".to_owned(),
        };
        self.0.lock().unwrap().push(short);
    }
}

fn number(value: &Value) -> i16 {
    match value {
        Value::Short(number) => *number,
        other => panic!("not a short: {other:?}"),
    }
}

fn reading(value: i16, milliseconds: u64) -> AttributeReading {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
    AttributeReading::new("obsState", Value::Short(value), time)
}

fn event(counter: u32, value: i16, milliseconds: u64) -> Held<AttributeReading> {
    Held {
        counter,
        content: Ok(reading(value, milliseconds)),
    }
}

fn route() -> (Route<AttributeReading>, Arc<Heard>) {
    let heard = Arc::new(Heard::default());
    (
        Route::new(EventKind::Change, Arc::new(Arc::clone(&heard))),
        heard,
    )
}

/// An event of that count, cut short.
fn broken(counter: u8) -> Message {
    let mut call = vec![0; 21];
    (call[0], call[4], call[8]) = (1, counter, 1);
    Message::new(vec![b"t.idl5_change".to_vec(), vec![1], call, vec![0; 9]])
}

fn said(heard: &Heard) -> Vec<String> {
    heard.0.lock().unwrap().clone()
}

#[test]
fn without_events_the_value_read_is_the_first() {
    let (route, heard) = route();
    route.settle(Ok(reading(2, 25)), EventNotice::Initial);
    route.take_event(event(1, 3, 30), 100);
    assert_eq!(said(&heard), ["initial 2", "change 3"]);
}

#[test]
fn events_that_led_to_the_value_come_before_it_and_none_is_lost() {
    let (route, heard) = route();
    route.take_event(event(1, 1, 10), 100);
    route.take_event(event(2, 2, 20), 100);
    route.take_event(event(3, 3, 30), 100);
    route.settle(Ok(reading(2, 25)), EventNotice::Initial);
    route.take_event(event(4, 4, 40), 100);
    assert_eq!(
        said(&heard),
        ["initial 1", "change 2", "change 3", "change 4"]
    );
}

#[test]
fn a_value_that_no_event_brought_is_told_in_its_turn() {
    let (route, heard) = route();
    route.take_event(event(1, 1, 10), 100);
    route.take_event(event(2, 3, 30), 100);
    route.settle(Ok(reading(2, 25)), EventNotice::Initial);
    assert_eq!(said(&heard), ["initial 1", "change 2", "change 3"]);
}

#[test]
fn what_a_device_pushes_at_will_is_not_put_in_order_with_what_is_read() {
    for kind in [EventKind::User, EventKind::Archive, EventKind::Periodic] {
        let heard = Arc::new(Heard::default());
        let route = Route::new(kind, Arc::new(Arc::clone(&heard)));
        route.take_event(event(1, 7, 10), 100);
        route.take_event(event(2, 8, 30), 100);
        route.settle(Ok(reading(2, 25)), EventNotice::Initial);
        assert_eq!(
            said(&heard),
            ["initial 2", "change 7", "change 8"],
            "{kind}"
        );
    }
}

#[test]
fn an_event_of_the_same_moment_is_the_value_itself() {
    let (route, heard) = route();
    route.take_event(event(1, 2, 25), 100);
    route.settle(Ok(reading(2, 25)), EventNotice::Initial);
    assert_eq!(said(&heard), ["initial 2"]);
}

#[test]
fn an_event_that_cannot_be_understood_is_a_gap() {
    let (route, heard) = route();
    // perhaps newer than the value that was being read
    route.take(&broken(1));
    route.settle(Ok(reading(2, 25)), EventNotice::Initial);
    route.take_event(event(2, 3, 30), 100);
    route.take(&broken(3));
    // the same loss is not told again by the counter
    route.take_event(event(4, 4, 40), 100);
    route.take(&broken(7));
    route.take(&Message::new(Vec::new()));
    assert_eq!(
        said(&heard),
        [
            "initial 2",
            "gap Some(1)",
            "change 3",
            "gap Some(1)",
            "change 4",
            "gap Some(3)",
            "gap Some(1)"
        ]
    );
}

#[test]
fn an_attribute_that_cannot_be_read_loses_no_events() {
    let (route, heard) = route();
    route.take_event(event(1, 1, 10), 100);
    route.settle(Err(DevFailed(Vec::new())), EventNotice::Initial);
    assert_eq!(said(&heard), ["error", "change 1"]);
}

#[test]
fn a_jump_of_the_counter_is_told_before_the_event_that_shows_it() {
    let (route, heard) = route();
    route.settle(Ok(reading(0, 1)), EventNotice::Initial);
    for (counter, value) in [(1, 1), (2, 2), (5, 5)] {
        route.take_event(event(counter, value, 10), 100);
    }
    assert_eq!(
        said(&heard),
        [
            "initial 0",
            "change 1",
            "change 2",
            "gap Some(2)",
            "change 5"
        ]
    );
}

#[test]
fn events_held_back_still_count() {
    let (route, heard) = route();
    route.take_event(event(1, 1, 10), 100);
    route.settle(Ok(reading(1, 15)), EventNotice::Initial);
    route.take_event(event(3, 3, 30), 100);
    assert_eq!(said(&heard), ["initial 1", "gap Some(1)", "change 3"]);
}

#[test]
fn a_new_connection_begins_a_new_count() {
    let (route, heard) = route();
    route.settle(Ok(reading(0, 1)), EventNotice::Initial);
    route.take_event(event(8, 1, 10), 100);
    route.tell(EventNotice::Lost {
        reason: String::new(),
    });
    route.begin();
    route.take_event(event(1, 3, 50), 100);
    route.settle(Ok(reading(2, 40)), EventNotice::Back);
    assert_eq!(
        said(&heard),
        ["initial 0", "change 1", "lost", "back 2", "change 3"]
    );
}

#[test]
fn a_closed_route_says_nothing() {
    let (route, heard) = route();
    route.close();
    route.begin();
    route.take_event(event(1, 1, 10), 100);
    route.settle(Ok(reading(0, 1)), EventNotice::Initial);
    route.tell(EventNotice::Lost {
        reason: String::new(),
    });
    assert!(said(&heard).is_empty());
}

#[test]
fn events_without_room_are_a_gap_behind_what_the_subscription_begins_with() {
    let half = 8 << 20;
    for (read, begin) in [
        // the value is older than what is left of the events, or one of them brought it
        (reading(1, 10), ["initial 1", "gap Some(2)", "change 3"]),
        (reading(3, 30), ["initial 3", "gap Some(2)", "change 4"]),
    ] {
        let (route, heard) = route();
        for (counter, value) in (1..).zip(1..=4) {
            route.take_event(event(counter, value, 10 * u64::from(counter)), half);
        }
        route.settle(Ok(read), EventNotice::Initial);
        route.take_event(event(5, 5, 50), half);
        let said = said(&heard);
        assert_eq!(said[..3], begin);
        assert_eq!(said[said.len() - 2..], ["change 4", "change 5"]);
    }
    let (route, heard) = route();
    for (counter, value) in (1..).zip(1..=3) {
        route.take_event(event(counter, value, 10), half);
    }
    route.settle(Err(DevFailed(Vec::new())), EventNotice::Initial);
    assert_eq!(
        said(&heard),
        ["error", "gap Some(1)", "change 2", "change 3"]
    );
    // what comes back begins with all its room
    route.begin();
    route.settle(Ok(reading(4, 40)), EventNotice::Back);
    assert_eq!(said(&heard).last().map(String::as_str), Some("back 4"));
}

#[test]
fn nothing_comes_between_the_loss_and_the_return() {
    let (route, heard) = route();
    route.settle(Ok(reading(0, 1)), EventNotice::Initial);
    route.lose(String::new());
    // the connection's reader was about to hand it over when the connection was given up
    route.take_event(event(1, 1, 10), 100);
    route.begin();
    route.settle(Ok(reading(2, 20)), EventNotice::Back);
    assert_eq!(said(&heard), ["initial 0", "lost", "back 2"]);
}
