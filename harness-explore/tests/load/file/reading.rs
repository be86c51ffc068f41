//! What files say, and what the command line says instead.

use std::path::Path;
use std::time::Duration;

use harness_explore::load::{
    LoadFile, Overrides, Schedule, Shard, Simulated, Step, TelescopeChoice, Until, What,
};

use super::parse::{FLOW, names, read, wrong};

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
