//! What every way to a device has to do.

use std::pin::pin;

use futures_util::future::{Either, join_all, select};
use harness_core::device::{DeviceErrorKind, Quality};
use harness_core::{Signal, Value};
use harness_tango::control_model::DevState;

use crate::difference::Difference;
use crate::instrument;
use crate::subject::Subject;

pub(crate) async fn a_device_is_named_in_lower_case_and_without_its_place(subject: &Subject) {
    assert_eq!(subject.device.name(), subject.name);
}

pub(crate) async fn a_command_answers_with_what_the_device_replied(subject: &Subject) {
    let reply = subject.assign().await;
    let [codes, texts] = reply.as_list().unwrap() else {
        panic!("{reply}")
    };
    assert_eq!(*codes, Value::from([2]));
    let id = texts.as_list().unwrap()[0].as_str().unwrap();
    assert!(id.ends_with("_AssignResources"), "{id}");
}

pub(crate) async fn a_command_without_an_argument_answers(subject: &Subject) {
    subject.assign().await;
    let mut watched = subject.watch("obsState").await;
    let release = subject.device.command("ReleaseAllResources", Value::Void);
    assert!(release.await.unwrap().as_list().is_some());
    watched.until("EMPTY").await;
}

pub(crate) async fn names_have_no_case(subject: &Subject) {
    let read = subject.device.read("OBSSTATE").await.unwrap();
    assert_eq!(read.value.as_str(), Some("EMPTY"));
    let mut watched = subject.watch("obsstate").await;
    let assign = subject.device.command("ASSIGNRESOURCES", "{}".into());
    assign.await.unwrap();
    watched.until("IDLE").await;
}

pub(crate) async fn an_unknown_command_is_refused(subject: &Subject) {
    for argument in [Value::Void, "{}".into()] {
        let error = subject.device.command("Dance", argument).await.unwrap_err();
        assert_eq!(error.kind, DeviceErrorKind::Refused, "{error}");
        assert_eq!((&*error.device, &*error.operation), (subject.name, "Dance"));
        let expected = match subject.differs_in(Difference::UnknownNames) {
            true => "NotFound",
            false => "API_CommandNotFound",
        };
        assert_eq!(error.stack[0].reason, expected);
    }
}

pub(crate) async fn a_command_that_is_not_allowed_is_refused_in_the_words_of_the_device(
    subject: &Subject,
) {
    let refused = subject.device.command("Configure", "{}".into()).await;
    let error = refused.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Refused, "{error}");
    let first = error.most_specific().unwrap();
    assert!(first.description.contains("Configure"), "{error}");
    assert!(first.description.contains("not permitted"), "{error}");
    let last = error.stack.last().unwrap();
    let is_added = last.reason == "API_CommandFailed";
    assert_eq!(is_added, subject.differs_in(Difference::Frame), "{error}");
}

pub(crate) async fn an_argument_of_another_type_is_not_sent(subject: &Subject) {
    let sent = subject.device.command("AssignResources", 5.into()).await;
    if subject.differs_in(Difference::Types) {
        assert!(sent.is_ok());
        return;
    }
    let error = sent.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::NotSupported, "{error}");
    assert!(
        error.to_string().contains("5 can not be sent as DevString"),
        "{error}"
    );
    let state = subject.device.read("obsState").await.unwrap();
    assert_eq!(state.value.as_str(), Some("EMPTY"));
}

pub(crate) async fn an_enumerated_attribute_is_read_with_its_word(subject: &Subject) {
    let value = subject.device.read("obsState").await.unwrap().value;
    assert_eq!((value.as_str(), value.as_int()), (Some("EMPTY"), Some(0)));
}

pub(crate) async fn a_state_is_read_with_its_word(subject: &Subject) {
    for name in ["State", "state"] {
        let value = subject.device.read(name).await.unwrap().value;
        assert_eq!(value, Value::from(DevState::On));
        assert_eq!(value.as_str(), Some("ON"));
    }
}

pub(crate) async fn a_text_is_read(subject: &Subject) {
    let value = subject.device.read("Status").await.unwrap().value;
    assert!(
        value.as_str().is_some_and(|text| !text.is_empty()),
        "{value}"
    );
}

pub(crate) async fn lists_of_texts_are_read_whether_they_are_empty_or_not(subject: &Subject) {
    let running = subject.device.read("longRunningCommandInProgress");
    assert_eq!(running.await.unwrap().value, Value::List(Vec::new()));
    let last = subject.device.read("longRunningCommandResult").await;
    let last = last.unwrap().value;
    let texts = last.as_list().unwrap();
    assert_eq!(texts.len(), 2, "{last}");
    assert!(texts.iter().all(|text| text.as_str().is_some()), "{last}");
}

pub(crate) async fn a_reading_tells_its_quality_and_when_it_was_taken(subject: &Subject) {
    for name in ["obsState", "State", "Status"] {
        let reading = subject.device.read(name).await.unwrap();
        assert_eq!(reading.quality, Quality::Valid);
        let Some(time) = reading.server_time else {
            assert!(subject.differs_in(Difference::Time), "{name} has no time");
            continue;
        };
        let age = time.elapsed().unwrap_or_default();
        assert!(age.as_secs() < 60, "{name} is {age:?} old");
    }
}

pub(crate) async fn an_unknown_attribute_is_neither_read_nor_written(subject: &Subject) {
    let read = subject.device.read("mood").await.unwrap_err();
    let written = subject.device.write("mood", 1.into()).await.unwrap_err();
    for (error, operation) in [(read, "read mood"), (written, "write mood")] {
        assert_eq!(error.kind, DeviceErrorKind::Refused, "{error}");
        assert_eq!(error.operation, operation);
        let expected = match subject.differs_in(Difference::UnknownNames) {
            true => "NotFound",
            false => "API_AttrNotFound",
        };
        assert_eq!(error.stack[0].reason, expected);
    }
}

pub(crate) async fn an_enumerated_attribute_is_written_by_its_word(subject: &Subject) {
    for (written, number) in [(Value::from("OFFLINE"), 1), (Value::from(0), 0)] {
        subject.device.write("adminMode", written).await.unwrap();
        let read = subject.device.read("adminMode").await.unwrap().value;
        assert_eq!(read.as_int(), Some(number));
    }
}

pub(crate) async fn what_is_no_member_of_an_enumeration_is_not_written(subject: &Subject) {
    let written = subject.device.write("adminMode", "BROKEN".into()).await;
    if subject.differs_in(Difference::Types) {
        assert!(written.is_ok());
        return;
    }
    let error = written.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::NotSupported, "{error}");
    let read = subject.device.read("adminMode").await.unwrap().value;
    assert_eq!(read.as_str(), Some("ONLINE"));
}

pub(crate) async fn a_subscription_tells_the_value_and_then_its_changes_in_order(
    subject: &Subject,
) {
    let mut watched = subject.watch("obsState").await;
    let Signal::Initial(reading) = watched.next().await else {
        panic!("no initial value")
    };
    assert_eq!(reading.value.as_str(), Some("EMPTY"));
    let assign = subject.device.command("AssignResources", "{}".into());
    assign.await.unwrap();
    assert_eq!(watched.until("IDLE").await, ["RESOURCING", "IDLE"]);
}

pub(crate) async fn a_subscription_that_was_dropped_tells_nothing(subject: &Subject) {
    let mut watched = subject.watch("obsState").await;
    watched.next().await;
    drop(watched.subscription.take());
    subject.assign().await;
    assert!(watched.signals.recv().await.is_none());
}

pub(crate) async fn an_unknown_attribute_is_not_pushed(subject: &Subject) {
    let sink = std::sync::Arc::new(|_: Signal| ());
    let refused = subject.device.subscribe("mood", sink).await;
    let error = refused.map(drop).unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::NotPushed, "{error}");
}

pub(crate) async fn a_device_lists_its_commands(subject: &Subject) {
    let commands = subject.device.commands().await.unwrap().unwrap();
    for name in ["AssignResources", "ReleaseAllResources", "Configure"] {
        let is_listed = commands.iter().any(|it| it.eq_ignore_ascii_case(name));
        assert!(is_listed, "{name} is not among {commands:?}");
    }
}

pub(crate) async fn a_device_tells_what_a_command_takes_and_gives(subject: &Subject) {
    let types = subject.device.command_types("AssignResources").await;
    let Some(types) = types.unwrap() else {
        assert!(subject.differs_in(Difference::Types));
        return;
    };
    assert_eq!(types.argument, "DevString");
    assert_eq!(types.reply, "DevVarLongStringArray");
}

pub(crate) async fn a_number_gets_the_word_of_the_device(subject: &Subject) {
    let _watched = subject.watch("obsState").await;
    let idle = subject.device.labelled("OBSSTATE", 2.into());
    assert_eq!(idle.to_string(), "IDLE");
    let list = subject.device.labelled("obsState", [0, 99].into());
    assert_eq!(list.to_string(), "[EMPTY, 99]");
}

pub(crate) async fn a_nul_is_refused_and_harms_nothing(subject: &Subject) {
    let device = &subject.device;
    for name in ["Assign\0Resources", "\0", ""] {
        assert!(device.command(name, Value::Void).await.is_err(), "{name:?}");
        assert!(device.command(name, "{}".into()).await.is_err(), "{name:?}");
        assert!(device.read(name).await.is_err(), "{name:?}");
        assert!(device.write(name, 1.into()).await.is_err(), "{name:?}");
    }
    let sent = device.command("AssignResources", "{}\0{".into()).await;
    if !subject.differs_in(Difference::Types) {
        let error = sent.unwrap_err();
        assert_eq!(error.kind, DeviceErrorKind::NotSupported, "{error}");
        let state = device.read("obsState").await.unwrap();
        assert_eq!(state.value.as_str(), Some("EMPTY"));
    }
    assert!(device.read("State").await.is_ok());
}

pub(crate) async fn many_calls_at_once_are_all_answered(subject: &Subject) {
    let names = ["State", "Status", "obsState", "longRunningCommandResult"];
    let reads = names.iter().cycle().take(60);
    let reads = join_all(reads.map(|name| subject.device.read(name))).await;
    assert_eq!(reads.into_iter().filter(Result::is_ok).count(), 60);
}

pub(crate) async fn a_number_is_written_and_read(subject: &Subject) {
    let device = &subject.instrument;
    let before = (subject.through_cpp_tango)();
    for number in [Value::from(2.5), (-1e300).into(), 3.into(), 0.0.into()] {
        device.write("level", number.clone()).await.unwrap();
        let read = device.read("LEVEL").await.unwrap();
        assert_eq!(read.value.as_float(), number.as_float(), "{number}");
    }
    subject.counted(before, 8);
}

pub(crate) async fn a_text_is_written_and_read(subject: &Subject) {
    let device = &subject.instrument;
    let before = (subject.through_cpp_tango)();
    for text in ["nö ÿ", "two\nlines", ""] {
        device.write("note", text.into()).await.unwrap();
        let read = device.read("note").await.unwrap();
        assert_eq!(read.value.as_str(), Some(text));
    }
    subject.counted(before, 6);
}

pub(crate) async fn a_command_with_a_number_answers_with_one(subject: &Subject) {
    let before = (subject.through_cpp_tango)();
    let twice = subject.instrument.command("Twice", 1.25.into()).await;
    assert_eq!(twice.unwrap().as_float(), Some(2.5));
    subject.counted(before, 1);
}

pub(crate) async fn a_command_that_is_too_slow_is_told_so_and_holds_up_nothing_after_it(
    subject: &Subject,
) {
    let device = &subject.instrument;
    let before = (subject.through_cpp_tango)();
    let seconds = 1.3 * instrument::PATIENCE.as_secs_f64();
    let answer = device.command("Dawdle", seconds.into()).await;
    if subject.differs_in(Difference::Patience) {
        assert!(answer.is_ok());
    } else {
        let error = answer.unwrap_err();
        assert_eq!(error.kind, DeviceErrorKind::TimedOut, "{error}");
        let words = "did not answer Dawdle in time";
        assert!(error.to_string().contains(words), "{error}");
    }
    let twice = device.command("Twice", 2.0.into()).await;
    assert_eq!(twice.unwrap().as_float(), Some(4.0));
    subject.counted(before, 2);
}

pub(crate) async fn the_stack_of_a_failure_begins_with_the_frame_of_the_device(subject: &Subject) {
    let before = (subject.through_cpp_tango)();
    let failed = subject.instrument.command("Fail", Value::Void).await;
    let error = failed.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Refused, "{error}");
    let first = &error.stack[0];
    let told = (&*first.reason, &*first.description);
    assert_eq!(told, ("Instrument_Failed", "as told"));
    // PyTango's own, on every way to it
    let of_server = |reason: &&str| *reason == "PyDs_UnexpectedFailure";
    let added = error.stack[1..].iter().map(|frame| &*frame.reason);
    let added = added.filter(|reason| !of_server(reason));
    let expected: &[&str] = match subject.differs_in(Difference::Frame) {
        true => &["API_CommandFailed"],
        false => &[],
    };
    assert_eq!(added.collect::<Vec<_>>(), expected, "{error}");
    subject.counted(before, 1);
}

pub(crate) async fn a_call_that_is_given_up_harms_no_other(subject: &Subject) {
    let device = &subject.instrument;
    // its types are known from here on, so what is given up below is the call itself
    device.command("Dawdle", 0.0.into()).await.unwrap();
    for number in 0..10 {
        let before = (subject.through_cpp_tango)();
        let mut given_up = device.command("Dawdle", 0.05.into());
        loop {
            let at_once = pin!(tokio::task::yield_now());
            if let Either::Left((answer, _)) = select(&mut given_up, at_once).await {
                panic!("it was answered: {answer:?}");
            }
            let begun = (subject.through_cpp_tango)();
            if begun.is_none() || begun > before {
                break;
            }
        }
        drop(given_up);
        let twice = device.command("Twice", number.into()).await.unwrap();
        assert_eq!(twice.as_float(), Some(f64::from(2 * number)));
        subject.counted(before, 2);
    }
    subject.assign().await;
}
