//! Loads as TOML files.

use std::path::Path;
use std::time::Duration;

use harness_explore::load::{
    FaultName, KnownNames, LoadFile, Overrides, Schedule, Shard, Simulated, Step, TelescopeChoice,
    Until, What,
};

fn names() -> KnownNames {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let fault = |name: &str, simulated_only| FaultName {
        name: name.to_owned(),
        simulated_only,
    };
    KnownNames {
        faults: vec![fault("network-down", false), fault("silence", true)],
        bugs: words(&["double-accept", "leak"]),
        presets: words(&["low", "mid"]),
        rules: ["tmc", "ska-tango-base"]
            .map(|it| (it.to_owned(), words(&["AssignResources", "Abort"])))
            .to_vec(),
        states: words(&["EMPTY", "IDLE", "READY"]),
    }
}

fn read(text: &str) -> LoadFile {
    LoadFile::parse(Path::new("load.toml"), text, &names()).unwrap()
}

/// All that is wrong, a line each, without the name of the file.
fn wrong(text: &str) -> Vec<String> {
    let error = LoadFile::parse(Path::new("load.toml"), text, &names()).unwrap_err();
    let told = error.to_string();
    let lines = told.lines();
    lines
        .map(|it| it.strip_prefix("load.toml:").unwrap().to_owned())
        .collect()
}

/// Something that users do, where it is something else that matters.
const FLOW: &str = "[[flow]]\nname = 'f'\nsteps = [{read = 'obsState'}]\n";

const ALL: &str = r#"
name = "everything"
model = "closed"
stages = "10, 1s; 10, 1m"
warm-up = "5s"
pause = ["10ms", "20ms"]
pace = "1s"
throttle = 50
seed = 7
grace = "3s"
thresholds = ["p95<500ms"]
schedule = "round-robin"
baseline = "before.json"

[telescope]
simulated = {subarrays = 4, dwell = "5ms", bug = "leak"}

[[flow]]
name = "scan"
weight = 3
begin = ["1s"]
steps = [
  {command = "AssignResources", argument = {n = "${scan}", at = "$${cycle}"}, until = "IDLE", within = "2s"},
  {read = "obsState", expect = "IDLE"},
  {write = "rate", value = 2.5},
  {wait = "${scan}", attribute = "scanId"},
  {pause = ["1ms", "2ms"]},
]

[data]
rows = [{scan = 1}, {scan = 2}]

[[fault]]
what = "Network down"
at = "30s"
lasting = "2s"
every = "9s"
on = [1, 3]
"#;

#[test]
fn everything_that_a_file_can_say_is_read() {
    let file = read(ALL);
    assert_eq!(file.plan.name(), "everything");
    assert_eq!(file.plan.users(), 10);
    assert_eq!(file.plan.length(), Some(Duration::from_secs(61)));
    let simulated = TelescopeChoice::Simulated(Simulated {
        preset: None,
        subarrays: 4,
        dwell: Duration::from_millis(5),
        bugs: vec!["leak".to_owned()],
    });
    assert_eq!(file.telescope.choice, simulated);
    assert_eq!(file.telescope.rules.as_deref(), Some("ska-tango-base"));
    assert!(file.telescope.alone && file.telescope.goes_home && file.telescope.believes_queued);
    let What::Flows { flows, schedule } = &file.what else {
        panic!("{:?}", file.what);
    };
    assert_eq!(*schedule, Schedule::RoundRobin);
    assert_eq!((flows.len(), flows[0].weight), (1, 3));
    let until = |attribute: &str, value: &str, seconds| Until {
        attribute: attribute.to_owned(),
        value: value.to_owned(),
        within: Duration::from_secs(seconds),
    };
    assert_eq!(
        flows[0].steps[0],
        Step::Command {
            command: "AssignResources".to_owned(),
            argument: Some(serde_json::json!({"n": "${scan}", "at": "$${cycle}"})),
            until: Some(until("obsState", "IDLE", 2)),
            may_be_rejected: false,
        }
    );
    assert_eq!(
        flows[0].steps[3],
        Step::Wait(until("scanId", "${scan}", 10))
    );
    let (one, two) = (Duration::from_millis(1), Duration::from_millis(2));
    assert_eq!(flows[0].steps[4], Step::Pause(one, two));
    assert_eq!(file.data.len(), 2);
    assert_eq!(file.faults[0].what, "network-down");
    assert_eq!(file.faults[0].on, [1, 3]);
    let baseline = file.baseline.unwrap();
    assert_eq!(baseline.file, Path::new("before.json"));
    assert_eq!(baseline.noise.share, 0.1);
}

#[test]
fn a_plan_has_one_of_several_shapes() {
    for (text, users, length) in [
        ("users = 5\ncycles = 3", 5, None),
        ("users = 5\nlasting = '1m'", 5, Some(60)),
        ("stages = '9, 1s; 9, 2s'", 9, Some(3)),
        ("stages = '9, 1s'\ncycles = 3", 9, None),
        (
            "model = 'open'\nusers = 3\nrate = 0.5\nlasting = '8s'",
            3,
            Some(8),
        ),
        ("model = 'open'\nusers = 3\nstages = '70, 8s'", 3, Some(8)),
    ] {
        let plan = read(&format!("name = 'x'\n{text}\n{FLOW}")).plan;
        assert_eq!(plan.users(), users, "{text}");
        assert_eq!(plan.length(), length.map(Duration::from_secs), "{text}");
    }
}

#[test]
fn a_wrong_plan_is_told_with_its_place() {
    for (text, told) in [
        (
            "cycles = 3",
            "1:1: `users` is missing: say how many users there are, or give `stages`",
        ),
        (
            "users = 3",
            "1:1: it is not said how long it takes: `cycles = 10`",
        ),
        (
            "users = 0\ncycles = 1",
            "2:9: users: must be a whole number from 1 to 1000000, and is 0",
        ),
        (
            "users = '3'\ncycles = 1",
            "2:9: users: must be a whole number from 1 to 1000000, and is \"3\"",
        ),
        (
            "users = 3\ncycles = -1",
            "3:10: cycles: must be a whole number, at least 1, and is -1",
        ),
        (
            "users = 3\nstages = '3, 1s'",
            "2:9: users: `stages` say how many users there are",
        ),
        (
            "stages = '3, 1s; 5, x'",
            "2:10: stages: the time of stage 2, `x`, is not a time",
        ),
        (
            "users = 3\ncycles = 1\nlasting = '1s'",
            "4:11: lasting: there is `cycles` too",
        ),
        (
            "users = 3\ncycles = 1\nrate = 4",
            "4:8: rate: is that of an open load",
        ),
        (
            "model = 'shut'\nusers = 3\ncycles = 1",
            "2:9: model: there is no model `shut`; there is `closed` and `open`",
        ),
        ("model = 'open'\nusers = 3", "1:1: `rate` is missing"),
        (
            "model = 'open'\nrate = 3\nlasting = '1s'",
            "1:1: `users` is missing: how many users wait",
        ),
        (
            "model = 'open'\nusers = 3\nrate = 3\nlasting = '1s'\npace = '1s'",
            "6:8: pace: pace is that of the users of a closed load",
        ),
        (
            "model = 'open'\nusers = 3\nrate = 0\nlasting = '1s'",
            "4:8: rate: must be a number of starts a second above 0",
        ),
        (
            "users = 3\nlasting = '1s'\nwarm-up = '1s'",
            "4:11: warm-up: the warm-up is as long as everything",
        ),
        (
            "users = 3\nlasting = '1'",
            "3:11: lasting: `1` is not a time",
        ),
        (
            "users = 3\nlasting = 1",
            "3:11: lasting: must be a time in quotes, as \"500ms\" or \"1m30s\", and is 1",
        ),
        (
            "users = 3\ncycles = 1\npause = ['2s', '1s']",
            "4:9: pause: the shortest time comes first",
        ),
        (
            "users = 3\ncycles = 1\nthrottle = nan",
            "4:12: throttle: must be a number, and is nan",
        ),
        (
            "users = 3\ncycles = 1\nsed = 4",
            "4:1: sed: there is no such key; did you mean `seed`?",
        ),
        ("users = 3\nusers = 4", "3:1: duplicate key"),
        ("users = ", "2:"),
    ] {
        let lines = wrong(&format!("name = 'x'\n{text}\n{FLOW}"));
        assert!(lines[0].starts_with(told), "{text}: {lines:?}");
    }
}

#[test]
fn what_users_do_is_checked_step_by_step() {
    for (step, told) in [
        (
            "{comand = 'Scan'}",
            "5:10: flow.steps: a step is one of `command`, `read`",
        ),
        (
            "{command = 'Scan', read = 'x'}",
            "5:10: flow.steps: a step does one thing, not both `command` and `read`",
        ),
        (
            "{command = 'Scan', until = 'IDEL'}",
            "5:37: flow.steps.until: there is no obsState `IDEL`; did you mean `IDLE`?",
        ),
        (
            "{command = 'Scan', within = '1s'}",
            "5:38: flow.steps.within: belongs to `until`",
        ),
        (
            "{command = 'Scan', argument = '${nobody}'}",
            "5:40: flow.steps.argument: ${nobody} is not known; there are user, cycle, device",
        ),
        (
            "{command = 'Scan', argument = {a = ['$5']}}",
            "5:40: flow.steps.argument: `$5` has a $",
        ),
        (
            "{command = 'Scan', argument = 2020-01-01}",
            "5:40: flow.steps.argument: must not be a date",
        ),
        (
            "{read = '${nobody}'}",
            "5:18: flow.steps.read: ${nobody} is not known",
        ),
        (
            "{command = ' '}",
            "5:21: flow.steps.command: must not be empty",
        ),
        (
            "{write = 'x'}",
            "5:10: flow.steps: `value` is missing: what is written",
        ),
        (
            "{read = 'x', expect = [1]}",
            "5:32: flow.steps.expect: must be one value",
        ),
        (
            "{wait = 'READY', within = '0s'}",
            "5:36: flow.steps.within: must be longer than nothing",
        ),
        ("'1s'", "5:9: flow.steps: must do something"),
        ("7", "5:10: flow.steps: must be a time in quotes"),
    ] {
        let text =
            format!("name = 'x'\nusers = 1\ncycles = 1\n[[flow]]\nsteps = [{step}]\nname = 'f'");
        let lines = wrong(&text);
        assert!(lines[0].starts_with(told), "{step}: {lines:?}");
    }
    let nothing = wrong("name = 'x'\nusers = 1\ncycles = 1");
    assert!(
        nothing[0].contains("it is not said what users do"),
        "{nothing:?}"
    );
}

#[test]
fn a_threshold_of_an_action_that_nobody_does_is_told_before_the_load() {
    let text = |action: &str| {
        format!(
            "name = 'x'\nusers = 1\ncycles = 1\nthresholds = ['p95<1s', 'p95<1s for {action}']\n\
             [[flow]]\nname = 'f'\nsteps = [{{command = 'Scan', until = 'READY'}}, {{read = 'obsState'}}]"
        )
    };
    for action in ["Scan", "Scan until READY", "read obsState"] {
        read(&text(action));
    }
    let lines = wrong(&text("Scn"));
    let told = "4:25: thresholds: users do nothing that is called `Scn`; they do Scan, Scan until READY, read obsState";
    assert!(lines[0].starts_with(told), "{lines:?}");
}

#[test]
fn the_telescope_data_and_faults_are_checked() {
    for (text, told) in [
        (
            "[telescope]\ndevices = ['a/b/c']\nfile = 't.toml'",
            "5:11: telescope.devices: one telescope is enough",
        ),
        (
            "[telescope]\nsimulated = {bug = 'leek'}",
            "5:20: telescope.simulated.bug: there is no bug `leek`; did you mean `leak`?",
        ),
        (
            "[telescope]\nsimulated = {dwel = '1s'}",
            "5:14: telescope.simulated.dwel: there is no such key; did you mean `dwell`?",
        ),
        (
            "[telescope]\nsubarrays = [1]",
            "5:13: telescope.subarrays: is for the subarrays of a telescope's `file`",
        ),
        (
            "[telescope]\ndevices = []",
            "5:11: telescope.devices: must not be empty",
        ),
        (
            "[data]\nrows = [{a = 1}, {b = 1}]",
            "5:8: data.rows: row 2 has the fields `b`, and row 1 `a`",
        ),
        (
            "[data]\nfile = 'absent.jsonl'",
            "5:8: data.file: absent.jsonl can't be read",
        ),
        (
            "[[fault]]\nwhat = 'flood'\nat = '0s'\nlasting = '1s'",
            "5:8: fault.what: there is no fault `flood`",
        ),
        (
            "[[fault]]\nwhat = 'silence'\nat = '1s'\nlasting = '1s'\nevery = '1s'",
            "8:9: fault.every: it must be over before it comes again",
        ),
        (
            "[[fault]]\nwhat = 'silence'\nlasting = '1s'",
            "4:1: fault: `at` is missing",
        ),
        (
            "[[fault]]\nwhat = 'silence'\nat = '1s'\nlasting = '1s'\n[telescope]\ndevices = ['a/b/c']",
            "5:8: fault.what: only the simulated telescope",
        ),
        (
            "[baseline]\nfile = 'b.json'\nnoise = 'lots'",
            "6:9: baseline.noise: `lots` is no noise",
        ),
        (
            "[walk]\ncommands = ['Abort']",
            "4:1: walk: there is `flow` too",
        ),
    ] {
        let lines = wrong(&format!(
            "name = 'x'\nusers = 1\ncycles = 1\n{text}\n{FLOW}"
        ));
        assert!(lines[0].starts_with(told), "{text}: {lines:?}");
    }
    let late = format!(
        "name = 'x'\nusers = 1\nlasting = '3s'\n[[fault]]\nwhat = 'silence'\nat = '3s'\nlasting = '1s'\n{FLOW}"
    );
    let lines = wrong(&late);
    assert!(
        lines[0].starts_with("6:6: fault.at: it would never come: the load is over after 3s"),
        "{lines:?}"
    );
}

#[test]
fn a_walk_says_what_may_be_sent_to_a_telescope_that_is_not_simulated() {
    let walk = |text: &str| format!("name = 'x'\nusers = 1\ncycles = 1\n[walk]\n{text}");
    let device = "[telescope]\ndevices = ['a/b/c']";
    for (text, told) in [
        (
            device.to_owned(),
            "4:1: walk: it is not said which commands may be sent",
        ),
        (
            format!("all-commands = false\n{device}"),
            "4:1: walk: it is not said which commands",
        ),
        (
            "commands = ['Abrot']".to_owned(),
            "5:13: walk.commands: there is no command `Abrot`; did you mean `Abort`?",
        ),
        (
            "commands = []".to_owned(),
            "5:12: walk.commands: must not be empty",
        ),
        (
            "commands = ['Abort']\nall-commands = true".to_owned(),
            "6:16: walk.all-commands: there is `commands` too",
        ),
        (
            "[telescope]\nrules = 'csp'".to_owned(),
            "6:9: telescope.rules: there is no rules `csp`",
        ),
    ] {
        let lines = wrong(&walk(&text));
        assert!(lines[0].starts_with(told), "{text}: {lines:?}");
    }
    let none = wrong(&walk("[telescope]\nrules = 'none'"));
    assert!(none[0].starts_with("4:1: walk: needs rules"), "{none:?}");
    read(&walk("[telescope]\nrules = 'tmc'"));
    read(&walk(&format!("all-commands = true\n{device}")));
    read(&walk(&format!("commands = ['Abort']\n{device}")));
}

#[test]
fn all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() {
    let lines = wrong(
        "naem = 'x'\nusers = 'many'\ncycles = 1\n[[flow]]\nname = 'f'\nsteps = [{read = 'a', b = 1}]\n\
         [[fault]]\nwhat = 'rain'",
    );
    let places: Vec<&str> = lines
        .iter()
        .map(|it| it.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        places,
        ["1:1:", "1:1:", "2:9:", "6:23:", "7:1:", "7:1:", "8:8:"],
        "{lines:#?}"
    );
}

#[test]
fn data_is_read_from_a_file_beside_with_an_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("load.toml");
    let text = format!("name = 'x'\nusers = 1\ncycles = 1\n[data]\nfile = 'users.jsonl'\n{FLOW}");
    std::fs::write(&path, &text).unwrap();
    let users = folder.path().join("users.jsonl");
    std::fs::write(&users, "{\"scan\": 1}\n\n{\"scan\": \"two\"}\n").unwrap();
    let file = LoadFile::read(&path, &Overrides::default(), &names()).unwrap();
    assert_eq!(file.data[1]["scan"], "two");
    std::fs::write(&users, "{\"scan\": 1}\n[2]\n").unwrap();
    let error = LoadFile::read(&path, &Overrides::default(), &names()).unwrap_err();
    assert!(
        error.to_string().contains("users.jsonl:2: no JSON object"),
        "{error}"
    );
}

#[test]
fn the_command_line_goes_before_the_file_and_into_the_text_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("load.toml");
    std::fs::write(&path, format!("name = 'x'\nusers = 1\ncycles = 1\n{FLOW}")).unwrap();
    let overrides = Overrides {
        users: Some(3),
        cycles: Some(5),
        ..Overrides::default()
    };
    let file = LoadFile::read(&path, &overrides, &names()).unwrap();
    assert_eq!(file.plan.users(), 3);
    let wrong = Overrides {
        stages: Some("many".to_owned()),
        ..Overrides::default()
    };
    let error = LoadFile::read(&path, &wrong, &names()).unwrap_err();
    assert!(
        error.to_string().contains("`many`, is not TARGET, TIME"),
        "{error}"
    );
    assert!(error.to_string().contains("the command line"), "{error}");
}

#[test]
fn the_plan_of_a_report_is_read_without_what_it_names() {
    let text = "name = 'x'\nusers = 4\ncycles = 1\n[data]\nfile = 'elsewhere.jsonl'\n[walk]\nrules = 'of another'";
    let plan = LoadFile::plan_of(Path::new("report"), text).unwrap();
    let plan = plan.with_shard(Shard::new(1, 2).unwrap());
    assert_eq!((plan.name(), plan.users()), ("x", 4));
    let error = LoadFile::plan_of(Path::new("report.json"), "users = 4").unwrap_err();
    assert!(
        error.to_string().starts_with("report.json:1:1: "),
        "{error}"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = LoadFile::read(Path::new("no/such.toml"), &Overrides::default(), &names());
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("no/such.toml:1:1: can't be read: "),
        "{error}"
    );
}
