//! Runs that never happened.

use harness_bdd::report::{
    AttemptReport, NotApplicableReport, REPORT_SCHEMA, RunReport, RunVerdict, ScenarioClass,
    ScenarioReport, StepClass, StepReport,
    timeline::{
        CommandSpan, Lane, LongRunningSpan, Moment, Period, Silence, SilenceKind, StateBar,
        StateTrack, Timeline,
    },
};

/// When the journal of these runs began, in seconds after 1970.
const BEGAN: f64 = 1_795_694_400.0;

const MESSAGE: &str = "\
subarray 1 is in obsState READY: what was expected was not seen within 10s
  expected: low-tmc/subarray/01 obsState READY
   nearest: CONFIGURING, since 9.2 s
  low-csp/subarray/01
      1.310 s  Configure ended with FAILED: no beams left <img src=x onerror=\"document.body.id='hurt'\">
  next: look at low-csp/subarray/01 before the telescope manager";

/// Everything that a page can show.
pub(crate) fn run() -> RunReport {
    let mut flaky = vec![
        attempt(40.0, StepClass::Failed),
        attempt(60.0, StepClass::Passed),
    ];
    if let Some(cut) = flaky.first_mut().and_then(|first| first.timeline.as_mut()) {
        cut.left_out = 1234;
        cut.complete_from = 1.5;
    }
    let mut torn = attempt(80.0, StepClass::Passed);
    torn.tear_down = Some("subarray 1 is still SCANNING\ncaused by: rain".into());
    let undefined = attempt(100.0, StepClass::Undefined);
    let scenarios = vec![
        scenario(
            "Clouds pass",
            ScenarioClass::Passed,
            vec![attempt(0.0, StepClass::Passed)],
        ),
        scenario(
            "Configure while <b>the beams</b> are & \u{2028} few </script><script>document.body.id='hurt'</script>",
            ScenarioClass::Failed,
            vec![attempt(20.0, StepClass::Failed)],
        ),
        scenario("Rain comes and goes", ScenarioClass::Flaky, flaky),
        scenario(
            "It passes and leaves a mess",
            ScenarioClass::Passed,
            vec![torn],
        ),
        scenario(
            "Nobody knows this line",
            ScenarioClass::Undefined,
            vec![undefined],
        ),
        scenario(
            "There was no time for this",
            ScenarioClass::Stopped,
            Vec::new(),
        ),
    ];
    RunReport {
        not_applicable: vec![NotApplicableReport {
            name: "Snow".into(),
            file: "weather.feature".into(),
            line: 90,
            reason: "only the simulated telescope can do it".into(),
        }],
        warnings: vec!["weather.feature:7: a table without a step".into()],
        ..report(scenarios)
    }
}

/// Many scenarios, in which every device has so many events.
pub(crate) fn large(scenarios: usize, devices: usize, events: usize) -> RunReport {
    let many = (0..scenarios).map(|nth| {
        let class = [ScenarioClass::Passed, ScenarioClass::Failed][usize::from(nth % 20 == 7)];
        let step = [StepClass::Passed, StepClass::Failed][usize::from(nth % 20 == 7)];
        let mut attempt = attempt(real(nth) * 20.0, step);
        if let Some(timeline) = &mut attempt.timeline {
            timeline.lanes = (0..devices).map(|device| busy(device, events)).collect();
        }
        let mut scenario = scenario(&format!("Scenario {nth}"), class, vec![attempt]);
        scenario.feature = format!("Feature {}", nth / 25);
        scenario
    });
    report(many.collect())
}

fn busy(device: usize, events: usize) -> Lane {
    const STATES: [&str; 4] = ["IDLE", "CONFIGURING", "READY", "SCANNING"];
    let bar = |nth: usize| StateBar {
        at: real(nth) * 15.0 / real(events),
        value: STATES[nth % 4].into(),
        note: None,
    };
    Lane {
        device: format!("low-csp/subarray/{device:02}"),
        states: vec![StateTrack {
            attribute: "obsState".into(),
            bars: (0..events).map(bar).collect(),
        }],
        ..Lane::default()
    }
}

fn real(number: usize) -> f64 {
    u32::try_from(number).map_or(0.0, f64::from)
}

fn report(scenarios: Vec<ScenarioReport>) -> RunReport {
    RunReport {
        schema: REPORT_SCHEMA,
        harness: "0.1.0".into(),
        telescope: Some("low-itf".into()),
        started: "2026-11-26T12:00:00.000000Z".into(),
        duration_seconds: 131.5,
        shards: vec!["2/4".into()],
        verdict: RunVerdict::Failed,
        scenarios,
        ..RunReport::default()
    }
}

fn scenario(name: &str, verdict: ScenarioClass, attempts: Vec<AttemptReport>) -> ScenarioReport {
    let tag = if verdict == ScenarioClass::Failed {
        "@beams"
    } else {
        "@sky"
    };
    ScenarioReport {
        feature: "Weather over the array".into(),
        feature_tags: vec!["@XTP-100".into()],
        rule: None,
        name: name.into(),
        file: "weather.feature".into(),
        line: 12,
        repetition: None,
        tags: vec![tag.into()],
        verdict,
        attempts,
    }
}

fn attempt(at: f64, last: StepClass) -> AttemptReport {
    let step = |keyword: &str, text: &str, from: f64, until: f64| StepReport {
        keyword: keyword.into(),
        text: text.into(),
        line: 13,
        defined_at: Some("books/telescope.rs:41".into()),
        doc_string: None,
        table: None,
        verdict: StepClass::Passed,
        at_seconds: Some(at + from),
        duration_seconds: until - from,
        message: None,
    };
    let mut then = step("Then", "subarray 1 is in obsState READY", 4.1, 14.2);
    then.verdict = last;
    then.message = (last == StepClass::Failed).then(|| MESSAGE.to_owned());
    let mut skipped = step("And", "the beams point at <the sun>", 0.0, 0.0);
    if last != StepClass::Passed {
        skipped.verdict = StepClass::Skipped;
    }
    skipped.at_seconds = None;
    let mut when = step(
        "When",
        "the command Configure is sent to subarray 1",
        4.0,
        4.1,
    );
    when.doc_string = Some("{\n  \"scan_type\": \"target:a\"\n}".into());
    AttemptReport {
        at_seconds: at,
        duration_seconds: 16.0,
        steps: vec![
            step("Given", "subarray 1 is in obsState IDLE", 0.1, 4.0),
            when,
            then,
            skipped,
        ],
        tear_down_at_seconds: Some(at + 14.3),
        timeline: Some(timeline(at, last == StepClass::Failed)),
        ..AttemptReport::default()
    }
}

fn timeline(at: f64, fails: bool) -> Timeline {
    let ends: &[(f64, &str)] = match fails {
        true => &[
            (0.0, "EMPTY"),
            (0.5, "RESOURCING"),
            (2.5, "IDLE"),
            (4.05, "CONFIGURING"),
            (14.4, "ABORTING"),
            (14.9, "ABORTED"),
        ],
        false => &[
            (0.0, "EMPTY"),
            (0.5, "RESOURCING"),
            (2.5, "IDLE"),
            (4.05, "CONFIGURING"),
            (9.0, "READY"),
            (14.4, "IDLE"),
        ],
    };
    let beams = match fails {
        true => &[
            (0.0, "EMPTY"),
            (0.7, "RESOURCING"),
            (2.2, "IDLE"),
            (4.2, "CONFIGURING"),
            (5.3, "FAULT"),
        ][..],
        false => ends,
    };
    let health = track(
        "healthState",
        &[(0.0, "OK"), (5.4, if fails { "DEGRADED" } else { "OK" })],
    );
    let manager = Lane {
        device: "low-tmc/subarray/01".into(),
        states: vec![track("obsState", ends), health],
        commands: vec![
            command(0.2, 0.23, "AssignResources", None),
            command(4.02, 4.05, "Configure", None),
            command(14.35, 14.36, "Abort", None),
        ],
        long_running: vec![
            long(0.23, Some(2.5), "AssignResources", "OK: done", false),
            long(
                4.05,
                (!fails).then_some(9.0),
                "Configure",
                "OK: done",
                false,
            ),
        ],
        moments: vec![moment(
            2.4,
            "assignedResources [] -> [\"beam1\", \"beam2\"]",
        )],
        ..Lane::default()
    };
    let csp = Lane {
        device: "low-csp/subarray/01".into(),
        states: vec![track("obsState", beams)],
        commands: vec![
            command(4.2, 4.21, "Configure", None),
            command(14.5, 14.52, "Abort", Some("refused: not in FAULT")),
        ],
        long_running: vec![long(
            4.21,
            Some(5.31),
            "Configure",
            if fails { "FAILED: no beams left" } else { "OK" },
            fails,
        )],
        ..Lane::default()
    };
    let silence = |at, until, kind, attribute: &str, reason: &str| Silence {
        at,
        until,
        attribute: attribute.into(),
        kind,
        reason: reason.into(),
    };
    let sdp = Lane {
        device: "low-sdp/subarray/01".into(),
        states: vec![
            track(
                "obsState",
                &[
                    (0.0, "EMPTY"),
                    (0.6, "RESOURCING"),
                    (1.4, "IDLE"),
                    (11.0, "READY"),
                ],
            ),
            track("State", &[(0.0, "ON")]),
            track("adminMode", &[(0.0, "ONLINE")]),
        ],
        silences: vec![
            silence(
                6.0,
                Some(11.0),
                SilenceKind::Lost,
                "obsState",
                "the server closed the connection",
            ),
            silence(
                12.0,
                Some(12.4),
                SilenceKind::Gap,
                "State",
                "2 events missed: the counter jumped from 7 to 10",
            ),
        ],
        ..Lane::default()
    };
    let quiet = Lane {
        device: "low-mccs/subarray/01".into(),
        states: vec![track("obsState", &[(0.0, "EMPTY")])],
        ..Lane::default()
    };
    let period = |at, until, name: &str, error: Option<&str>| Period {
        at,
        until: Some(until),
        name: name.into(),
        error: error.map(str::to_owned),
    };
    Timeline {
        at_seconds: at,
        unix_seconds: BEGAN + at,
        duration_seconds: 16.0,
        lanes: vec![manager, sdp, csp, quiet],
        actions: vec![
            period(0.15, 2.52, "AssignResources on low-tmc/subarray/01", None),
            period(
                4.01,
                14.1,
                "Configure on low-tmc/subarray/01",
                fails.then_some("what was expected was not seen within 10s"),
            ),
        ],
        faults: vec![period(
            3.0,
            15.0,
            "the next Configure on CSP fails with \"no beams left\"",
            None,
        )],
        ..Timeline::default()
    }
}

fn track(attribute: &str, bars: &[(f64, &str)]) -> StateTrack {
    let bar = |&(at, value): &(f64, &str)| StateBar {
        at,
        value: value.into(),
        note: None,
    };
    StateTrack {
        attribute: attribute.into(),
        bars: bars.iter().map(bar).collect(),
    }
}

fn command(at: f64, until: f64, name: &str, error: Option<&str>) -> CommandSpan {
    CommandSpan {
        at,
        until: Some(until),
        command: name.into(),
        argument: Some("{\"scan_type\": \"target:a\"}".into()),
        answer: error
            .is_none()
            .then(|| format!("{name} answered QUEUED, id 17.1_{name}")),
        error: error.map(str::to_owned),
    }
}

fn long(at: f64, until: Option<f64>, name: &str, result: &str, failed: bool) -> LongRunningSpan {
    LongRunningSpan {
        at,
        until,
        id: format!("17.1_{name}"),
        name: name.into(),
        reports: vec![
            moment(at, "QUEUED"),
            moment(at + 0.1, "IN_PROGRESS"),
            moment(at + 0.8, "IN_PROGRESS, 33 %"),
        ],
        result: until.map(|_| result.to_owned()),
        failed,
    }
}

fn moment(at: f64, text: &str) -> Moment {
    Moment {
        at,
        text: text.into(),
        failed: false,
    }
}
