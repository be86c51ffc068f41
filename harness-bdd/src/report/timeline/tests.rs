use std::{sync::Arc, time::Duration};

use harness_core::device::StackFrame;
use harness_core::{
    DeviceError, EnumValue, Event, InMemoryDevice, Journal, Reading, Signal, Tracer, Value,
    journal::{EntryKind, Phase},
};

use super::*;

const SUBARRAY: &str = "low-tmc/subarray/01";

fn state(label: &str) -> Value {
    // enumerations are equal by their numbers
    let number = label.bytes().map(i64::from).sum();
    EnumValue::labelled(number, label).into()
}

/// A record with a clock that stands still unless told otherwise.
struct Record {
    journal: Journal,
    collector: TimelineCollector,
}

impl Record {
    fn new() -> Self {
        let journal = Journal::new();
        let collector = TimelineCollector::new(&journal);
        Self { journal, collector }
    }

    async fn after(&self, seconds: u64) -> &Self {
        tokio::time::advance(Duration::from_secs(seconds)).await;
        self
    }

    fn hear(&self, attribute: &str, signal: Signal, previous: Option<Value>) {
        let event = Event::new(SUBARRAY.into(), attribute.into(), signal, previous);
        self.journal.append_event(event);
    }

    fn change(&self, attribute: &str, from: impl Into<Value>, to: impl Into<Value>) {
        let signal = Signal::Change(Reading::new(to));
        self.hear(attribute, signal, Some(from.into()));
    }

    fn send(&self, command: &str) -> u64 {
        let kind = EntryKind::Command {
            device: SUBARRAY.into(),
            command: command.into(),
            argument: "{}".into(),
        };
        self.journal.append(kind).sequence
    }

    fn answer(&self, command: &str, to: u64, outcome: Result<Value, DeviceError>) {
        self.journal.append(EntryKind::Reply {
            device: SUBARRAY.into(),
            command: command.into(),
            to,
            outcome,
        });
    }
}

fn bars(track: &StateTrack) -> Vec<(f64, &str)> {
    let bars = track.bars.iter();
    bars.map(|bar| (bar.at, bar.value.as_str())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_state_is_a_bar_from_its_event_to_the_next_and_begins_with_what_was_known() {
    let mut record = Record::new();
    let initial = Signal::Initial(Reading::new(state("IDLE")));
    record.hear("healthState", initial, None);
    record.after(5).await;
    record.collector.begin();
    record.after(2).await;
    record.change("obsState", state("IDLE"), state("CONFIGURING"));
    record.change("obsState", state("CONFIGURING"), state("CONFIGURING"));
    record.after(3).await;
    record.change("obsState", state("CONFIGURING"), state("READY"));
    record.after(1).await;
    let timeline = record.collector.end();
    assert_eq!((timeline.at_seconds, timeline.duration_seconds), (5.0, 6.0));
    let [obs_state, health] = &*timeline.lanes[0].states else {
        panic!("{timeline:?}");
    };
    assert_eq!(obs_state.attribute, "obsState");
    let expected = [(0.0, "IDLE"), (2.0, "CONFIGURING"), (5.0, "READY")];
    assert_eq!(bars(obs_state), expected);
    assert_eq!(bars(health), [(0.0, "IDLE")]);
    assert_eq!(health.bars[0].note.as_deref(), Some("known before"));
}

#[tokio::test(start_paused = true)]
async fn the_next_scenario_knows_how_the_one_before_left_the_devices() {
    let mut record = Record::new();
    record.collector.begin();
    record.change("obsState", state("IDLE"), state("READY"));
    drop(record.collector.end());
    record.change("obsMode", state("A"), state("B"));
    record.collector.begin();
    let states = &record.collector.end().lanes[0].states;
    assert_eq!(bars(&states[0]), [(0.0, "READY")]);
    assert_eq!(bars(&states[1]), [(0.0, "B")]);
}

#[tokio::test(start_paused = true)]
async fn a_command_lasts_until_its_answer_or_error_or_beyond_the_end() {
    let mut record = Record::new();
    record.collector.begin();
    let scan = record.send("Scan");
    let end = record.send("End");
    record.after(2).await;
    record.answer("Scan", scan, Ok("done".into()));
    let refused = DeviceError::refused(SUBARRAY, "End")
        .with_frame(StackFrame::new("NotAllowed", "not in READY"));
    record.answer("End", end, Err(refused));
    record.send("Abort");
    let commands = record.collector.end().lanes.remove(0).commands;
    assert_eq!(commands[0].answer.as_deref(), Some("done"));
    assert_eq!(commands[0].argument.as_deref(), Some("{}"));
    assert_eq!((commands[1].at, commands[1].until), (0.0, Some(2.0)));
    let error = commands[1].error.as_deref().unwrap();
    assert!(error.contains("not in READY"), "{error}");
    assert_eq!(commands[2].until, None);
}

#[tokio::test(start_paused = true)]
async fn long_running_commands_that_overlap_are_told_apart_by_their_ids() {
    let mut record = Record::new();
    record.collector.begin();
    let sent = record.send("Configure");
    record.after(1).await;
    let id = "17.1_4_Configure";
    let answer = Value::List(vec![[2].into(), [id].into()]);
    record.answer("Configure", sent, Ok(answer));
    let nothing: [&str; 0] = [];
    let status = "longRunningCommandStatus";
    record.change(status, nothing, [id, "IN_PROGRESS"]);
    record.after(1).await;
    let both = [id, "IN_PROGRESS", "17.2_5_Abort", "IN_PROGRESS"];
    record.change(status, [id, "IN_PROGRESS"], both);
    record.after(1).await;
    let result = "longRunningCommandResult";
    let ended = [id, r#"[3, "no beams left"]"#];
    record.change(result, ["", ""], ended);
    record.after(1).await;
    record.change(result, ended, ["17.2_5_Abort", "[0]"]);
    let lane = record.collector.end().lanes.remove(0);
    assert!(lane.moments.is_empty(), "told twice: {:?}", lane.moments);
    let [configure, abort] = &*lane.long_running else {
        panic!("{lane:?}");
    };
    assert_eq!((configure.at, configure.until), (0.0, Some(3.0)));
    assert_eq!(configure.name, "Configure");
    assert_eq!(configure.result.as_deref(), Some("FAILED: no beams left"));
    assert!(configure.failed && !abort.failed);
    assert_eq!(configure.reports[0].text, "IN_PROGRESS");
    assert_eq!((abort.at, abort.until), (2.0, Some(4.0)));
    assert_eq!(abort.name, "Abort");
}

#[tokio::test(start_paused = true)]
async fn commands_in_the_lists_of_newer_devices_are_told_and_those_of_earlier_are_not() {
    let mut record = Record::new();
    record.collector.begin();
    let old = r#"{"uid": "1_On", "name": "On", "status": "COMPLETED", "result": [0, "done"]}"#;
    record.hear("lrcFinished", Signal::Initial(Reading::new([old])), None);
    let nothing: [&str; 0] = [];
    let running = r#"{"uid": "2", "name": "Scan", "progress": 33}"#;
    record.change("lrcExecuting", nothing, [running]);
    record.after(2).await;
    let new = r#"{"uid": "2", "name": "Scan", "status": "ABORTED"}"#;
    record.change("lrcFinished", [old], [old, new]);
    let spans = record.collector.end().lanes.remove(0).long_running;
    assert_eq!(spans.len(), 1, "{spans:?}");
    assert_eq!(spans[0].name, "Scan");
    assert_eq!(spans[0].reports[0].text, "IN_PROGRESS, 33 %");
    assert_eq!((spans[0].until, spans[0].failed), (Some(2.0), true));
}

#[tokio::test(start_paused = true)]
async fn a_loss_lasts_until_the_attribute_is_heard_again_and_into_the_next_scenario() {
    let mut record = Record::new();
    record.collector.begin();
    let reason = || "closed".to_owned();
    record.hear("obsState", Signal::Lost { reason: reason() }, None);
    record.after(1).await;
    record.change("healthState", state("A"), state("B"));
    let gap = Signal::Gap {
        missed: Some(2),
        reason: reason(),
    };
    record.hear("healthState", gap, None);
    record.after(3).await;
    let back = Signal::Back(Reading::new(state("C")));
    record.hear("healthState", back, Some(state("B")));
    let lane = record.collector.end().lanes.remove(0);
    let [lost, gap] = &*lane.silences else {
        panic!("{lane:?}");
    };
    assert_eq!((lost.kind, lost.until), (SilenceKind::Lost, None));
    assert_eq!(
        (gap.kind, gap.at, gap.until),
        (SilenceKind::Gap, 1.0, Some(4.0))
    );
    assert_eq!(gap.reason, "2 events missed: closed");
    let health = [(0.0, "A"), (1.0, "B"), (4.0, "C")];
    assert_eq!(bars(&lane.states[0]), health);
    record.collector.begin();
    let lane = record.collector.end().lanes.remove(0);
    assert_eq!(lane.silences.len(), 1);
    assert_eq!(lane.silences[0].reason, "closed");
}

#[tokio::test(start_paused = true)]
async fn faults_and_actions_are_periods_and_scenarios_are_none() {
    let mut record = Record::new();
    record.collector.begin();
    record.journal.step("Scenario: rain", Phase::Started);
    record.journal.fault("csp is deaf", Phase::Started);
    record.journal.step("Scan", Phase::Started);
    record.after(1).await;
    let reason = "it rained".to_owned();
    record.journal.step("Scan", Phase::Failed { reason });
    record.after(1).await;
    record.journal.fault("csp is deaf", Phase::Finished);
    record.journal.fault("from before", Phase::Finished);
    let timeline = record.collector.end();
    assert_eq!(timeline.actions.len(), 1);
    assert_eq!(timeline.actions[0].error.as_deref(), Some("it rained"));
    let periods = timeline.faults.iter();
    let periods: Vec<_> = periods.map(|it| (&*it.name, it.at, it.until)).collect();
    let expected = [
        ("csp is deaf", 0.0, Some(2.0)),
        ("from before", 0.0, Some(2.0)),
    ];
    assert_eq!(periods, expected);
}

#[tokio::test(start_paused = true)]
async fn too_many_entries_cost_the_oldest_and_what_they_left_is_known() {
    let record = Record::new();
    let mut collector = TimelineCollector::new(&record.journal).with_limit(2);
    collector.begin();
    record.change("obsState", state("A"), state("B"));
    record.after(1).await;
    record.change("obsState", state("B"), state("C"));
    record.after(1).await;
    record.change("obsState", state("C"), state("D"));
    record.change("obsState", state("D"), state("E"));
    let timeline = collector.end();
    assert_eq!((timeline.left_out, timeline.complete_from), (2, 1.0));
    let expected = [(1.0, "C"), (2.0, "D"), (2.0, "E")];
    assert_eq!(bars(&timeline.lanes[0].states[0]), expected);
    collector.begin();
    assert_eq!(collector.end().left_out, 0);
}

#[tokio::test(start_paused = true)]
async fn lanes_are_in_the_order_of_activity_and_quiet_ones_last() {
    let mut record = Record::new();
    let tell = |device: &str, signal, previous| {
        let event = Event::new(device.into(), "obsState".into(), signal, previous);
        record.journal.append_event(event);
    };
    let initial = || Signal::Initial(Reading::new(state("EMPTY")));
    tell("a/quiet/1", initial(), None);
    record.collector.begin();
    let change = || Signal::Change(Reading::new(state("IDLE")));
    tell("z/first/1", change(), Some(state("EMPTY")));
    tell("b/second/1", change(), Some(state("EMPTY")));
    let timeline = record.collector.end();
    let devices: Vec<_> = timeline.lanes.iter().map(|lane| &*lane.device).collect();
    assert_eq!(devices, ["z/first/1", "b/second/1", "a/quiet/1"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_not_kept_in_the_record() {
    let journal = Journal::with_retention(1);
    let mut collector = TimelineCollector::new(&journal);
    collector.begin();
    for _ in 0..1000 {
        journal.note("again");
    }
    assert_eq!(journal.kept(), 1000);
    collector.observe();
    assert!(journal.kept() < 600, "{}", journal.kept());
}

#[tokio::test(start_paused = true)]
async fn the_states_that_a_device_has_are_watched_and_one_that_is_away_is_told() {
    let journal = Journal::new();
    let mut collector = TimelineCollector::new(&journal);
    let tracer = Tracer::new(journal);
    let here = InMemoryDevice::new("a/here/1");
    here.set("obsState", state("IDLE"));
    let away = InMemoryDevice::new("a/away/1");
    away.set_unreachable(true);
    let devices = [tracer.device(Arc::new(here)), tracer.device(Arc::new(away))];
    let errors = watch_states(&devices).await;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].to_string().contains("a/away/1"), "{errors:?}");
    collector.begin();
    let lanes = collector.end().lanes;
    assert_eq!(bars(&lanes[0].states[0]), [(0.0, "IDLE")]);
}

#[test]
fn long_texts_are_cut_and_say_so() {
    let text = super::clock::shortened("ä".repeat(2001));
    assert!(text.ends_with("… (1 more characters)"), "{text}");
}
