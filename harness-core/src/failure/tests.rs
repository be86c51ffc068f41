use std::sync::Arc;

use crate::device::{Reading, StackFrame};
use crate::event::Signal;
use crate::journal::Journal;
use crate::value::EnumValue;
use crate::{DeviceError, InMemoryDevice, Tracer, Value};

use super::{Expected, Failure, LastWord};

/// An account of a subarray that went astray, its timeline told from a record.
async fn astray() -> Failure {
    let member = |number, label| Value::Enum(EnumValue::labelled(number, label));
    let subarray = InMemoryDevice::new("low-tmc/subarray/01")
        .with_attribute("obsState", member(2, "IDLE"))
        .with_command("Configure", |_, _| {
            Ok(Value::from("1700000000.1_1_Configure"))
        });
    let tracer = Tracer::new(Journal::new());
    let traced = tracer.device(Arc::new(subarray.clone()));
    traced.watch("obsState").await.unwrap();
    let mark = tracer.mark();
    tokio::time::advance(std::time::Duration::from_millis(3)).await;
    traced
        .command("Configure", "{\"scan_type\":\n\"a\"}")
        .await
        .unwrap();
    tokio::time::advance(std::time::Duration::from_millis(120)).await;
    subarray.set("obsState", member(3, "CONFIGURING"));
    subarray.push(
        "obsState",
        Signal::Gap {
            missed: Some(2),
            reason: "counter jumped".into(),
        },
    );
    tokio::time::advance(std::time::Duration::from_millis(2_000)).await;
    subarray.push("obsState", Signal::Back(Reading::new(member(9, "FAULT"))));
    let refused = DeviceError::refused("low-tmc/subarray/01", "read obsState")
        .with_frame(StackFrame::new("Why", "no memory"));
    subarray.push("obsState", Signal::Error(refused));
    Failure::new("Configure on low-tmc/subarray/01: 1 of 2 expected things were not seen within 5s")
        .with_expected(Expected::met(
            "low-tmc/subarray/01 obsState changes to CONFIGURING",
        ))
        .with_expected(
            Expected::missing("low-tmc/subarray/01 obsState changes to READY")
                .nearest("last change CONFIGURING -> FAULT at +2.120 s"),
        )
        .with_note("the long running command says: FAILED, no beams left")
        .with_advice("look at the log of low-tmc/subarray/01")
        .with_timeline(&mark)
}

#[tokio::test(start_paused = true)]
async fn fits_one_screen_and_tells_all_that_matters() {
    let expected = "\
Configure on low-tmc/subarray/01: 1 of 2 expected things were not seen within 5s

expected
  seen     low-tmc/subarray/01 obsState changes to CONFIGURING
  MISSING  low-tmc/subarray/01 obsState changes to READY
           but: last change CONFIGURING -> FAULT at +2.120 s

what happened, in seconds after the command
  low-tmc/subarray/01
     +0.000  Configure(\"{\\\"scan_type\\\":\\n\\\"a\\\"}\")
     +0.000  Configure answered 1700000000.1_1_Configure
     +0.120  obsState IDLE -> CONFIGURING
     +0.120  obsState 2 events missed: counter jumped
     +2.120  obsState CONFIGURING -> FAULT (read after a gap)
     +2.120  obsState error event: no memory (Why)

gap:  2 events were missed at +0.120 s: low-tmc/subarray/01 obsState

note: the long running command says: FAILED, no beams left

try:  look at the log of low-tmc/subarray/01
try:  what is missing may have been among the events that were missed: ask for the state itself rather than for the
      change, as is_in_state does";
    assert_eq!(astray().await.to_string(), expected);
}

#[tokio::test(start_paused = true)]
async fn debug_shows_the_account_too() {
    let account = astray().await;
    assert_eq!(format!("{account:?}"), account.to_string());
}

#[tokio::test(start_paused = true)]
async fn serialises_with_its_parts() {
    let json = serde_json::to_value(astray().await).unwrap();
    assert_eq!(json["expected"][1]["met"], false);
    assert_eq!(json["timelines"][0]["device"], "low-tmc/subarray/01");
    assert_eq!(
        json["timelines"][0]["lines"][2]["text"],
        "obsState IDLE -> CONFIGURING"
    );
    assert_eq!(json["timelines"][0]["lines"][2]["seconds"], 0.12);
    assert_eq!(json["notes"].as_array().unwrap().len(), 1);
    assert_eq!(json["gaps"].as_array().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_long_timeline_is_cut_in_the_middle_and_says_so() {
    let device = InMemoryDevice::new("a/b/c").with_attribute("x", 0);
    let tracer = Tracer::default();
    tracer
        .device(Arc::new(device.clone()))
        .watch("x")
        .await
        .unwrap();
    let mark = tracer.mark();
    for value in 1..=1000 {
        device.set("x", value);
    }
    let account = Failure::new("too much").with_timeline(&mark);
    let text = account.to_string();
    assert!(
        text.contains("x 0 -> 1\n") && text.ends_with("x 999 -> 1000"),
        "{text}"
    );
    assert!(text.contains("...  985 more"), "{text}");
    assert!(text.lines().count() <= 25, "{text}");
    let timeline = &account.timelines()[0];
    assert_eq!((timeline.lines.len(), timeline.left_out), (100, 900));
    assert_eq!(timeline.lines[50].left_out_before, 900);
}

#[tokio::test(start_paused = true)]
async fn however_much_there_is_it_stays_one_screen() {
    let tracer = Tracer::default();
    let mark = tracer.mark();
    for number in 0..100 {
        let device = InMemoryDevice::new(format!("a/b/{number}")).with_attribute("x", 0);
        tracer
            .device(Arc::new(device.clone()))
            .watch("x")
            .await
            .unwrap();
        for value in 1..=9 {
            device.set("x", "y".repeat(500) + &value.to_string());
        }
    }
    let account = (0..100).fold(Failure::new("too much"), |account, number| {
        account
            .with_expected(Expected::missing(format!("thing {number}")).nearest("z".repeat(500)))
            .with_expected(Expected::met(format!("other {number}")))
            .with_note(format!("note {number}"))
            .with_advice(format!("advice {number}"))
    });
    let text = account.with_timeline(&mark).to_string();
    assert!(text.lines().count() <= 60, "{} lines", text.lines().count());
    assert!(
        text.lines().all(|line| line.chars().count() <= 118),
        "{text}"
    );
    assert!(text.contains("MISSING  and 92 more") && text.contains("seen     and 100 more"));
    assert!(text.contains("and 96 more devices"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn the_devices_the_account_is_about_are_told_of_first() {
    let tracer = Tracer::default();
    let devices: Vec<_> = (1..=9)
        .map(|number| InMemoryDevice::new(format!("a/b/{number}")).with_attribute("x", 0))
        .collect();
    for device in &devices {
        tracer
            .device(Arc::new(device.clone()))
            .watch("x")
            .await
            .unwrap();
    }
    let mark = tracer.mark();
    devices.iter().for_each(|device| device.set("x", 1));
    let account = Failure::new("Go on a/b/8: it failed")
        .with_expected(Expected::missing("a/b/9 x changes to 2"))
        .with_timeline(&mark);
    let order: Vec<_> = account
        .timelines()
        .iter()
        .map(|timeline| timeline.device.as_str())
        .collect();
    assert_eq!(order[..4], ["a/b/8", "a/b/9", "a/b/1", "a/b/2"]);
}

#[test]
fn nothing_is_told_twice() {
    let account = Failure::new("x")
        .with_note("a")
        .with_note("a")
        .with_note("")
        .with_expected(Expected::met("b"))
        .absorb(
            Failure::new("y")
                .with_note("a")
                .with_expected(Expected::met("b")),
        );
    assert_eq!((account.notes().len(), account.expected().len()), (1, 1));
    assert_eq!(account.headline(), "x");
}

#[test]
fn a_cause_and_those_below_it_become_notes() {
    let error = DeviceError::refused("a/b/c", "Scan").with_source(std::io::Error::other("broken"));
    let account = Failure::new("x").with_cause(&error);
    assert_eq!(account.notes(), ["a/b/c refused Scan", "broken"]);
}

#[test]
fn the_last_word_of_a_device_has_a_place_of_its_own_and_only_the_latest_counts() {
    let word = |text: &str| LastWord::new("a/b/c", "Configure", text);
    let account = Failure::new("x")
        .with_last_word(word("IN_PROGRESS, 33 %"))
        .absorb(Failure::new("y").with_last_word(word("FAILED, no beams left")))
        .with_last_word(LastWord::new("a/b/d", "Configure", "COMPLETED"));
    assert_eq!(
        account.to_string(),
        "x\n\nlast word\n  a/b/c Configure: FAILED, no beams left\n  a/b/d Configure: COMPLETED"
    );
    let json = serde_json::to_value(&account).unwrap();
    assert_eq!(json["last_words"][0]["text"], "FAILED, no beams left");
}

#[test]
fn no_words_of_a_device_break_the_screen() {
    let hostile =
        "Traceback:\n\u{1b}[2J\u{7}File \"x\"\r\n\u{202e}line \u{9b}1\u{2028}".repeat(200);
    let account = Failure::new(hostile.clone())
        .with_expected(Expected::missing(hostile.clone()).nearest(hostile.clone()))
        .with_expected(Expected::met("ü€😀".repeat(300)))
        .with_last_word(LastWord::new("a/b/c", "Configure", hostile.clone()))
        .with_note(hostile.clone())
        .with_advice(hostile);
    let text = account.to_string();
    let breaks = |letter: char| {
        letter != '\n'
            && (letter.is_control() || matches!(letter, '\u{202e}' | '\u{2028}' | '\u{2029}'))
    };
    assert!(!text.contains(breaks), "{text:?}");
    let mut lengths = text.lines().map(|line| line.chars().count());
    // the first line is one, to be searched for
    assert!(lengths.next().is_some_and(|length| length <= 4 * 118));
    assert!(lengths.all(|length| length <= 118), "{text}");
    assert!(text.lines().count() <= 30, "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_narrator_that_panics_costs_its_words_and_not_the_account() {
    let journal = Journal::new().with_narrator(|_: &crate::journal::EntryKind| panic!("no words"));
    let device = InMemoryDevice::new("a/b/c").with_attribute("x", 0);
    let tracer = Tracer::new(journal);
    let traced = tracer.device(Arc::new(device.clone()));
    traced.watch("x").await.unwrap();
    let mark = tracer.mark();
    device.set("x", 1);
    let text = Failure::new("it failed").with_timeline(&mark).to_string();
    assert!(text.contains("x 0 -> 1"), "{text}");
}

/// Whoever records events for himself may give each a name of its own.
#[tokio::test(start_paused = true)]
async fn names_that_are_not_shared_are_told_as_one() {
    let journal = Journal::new();
    let mark = journal.mark();
    for value in 0..100_000 {
        journal.append_event(crate::Event::new(
            "a/b/c".into(),
            "x".into(),
            Signal::Change(Reading::new(value)),
            Some(Value::from(value - 1)),
        ));
    }
    let account = Failure::new("it failed").with_timeline(&mark);
    assert_eq!(account.timelines().len(), 1);
    let timeline = &account.timelines()[0];
    assert_eq!((timeline.lines.len(), timeline.left_out), (100, 99_900));
    let texts = timeline.lines.iter().map(|line| line.text.as_str());
    assert!(
        texts.eq((0..50)
            .chain(99_950..100_000)
            .map(|value| format!("x {} -> {value}", value - 1)))
    );
}
