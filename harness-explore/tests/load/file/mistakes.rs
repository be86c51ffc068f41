//! What is wrong is told before anything is done, each with its place.

use harness_explore::load::Offer;

use super::parse::{FLOW, read, wrong};

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
    let told = "4:25: thresholds: nothing is measured that is called `Scn`, but Scan, Scan until READY, read obsState";
    assert!(lines[0].starts_with(told), "{lines:?}");
    let walk = |action: &str, commands: &str| {
        format!(
            "name = 'x'\nusers = 1\ncycles = 1\nthresholds = ['p95<1s for {action}']\n[walk]\n{commands}"
        )
    };
    for action in ["Abort", "Abort until ABORTED"] {
        read(&walk(action, ""));
        read(&walk(action, "commands = ['Abort']"));
    }
    for text in [
        walk("Abrt", ""),
        walk("AssignResources", "commands = ['Abort']"),
    ] {
        let lines = wrong(&text);
        assert!(
            lines[0].starts_with("4:15: thresholds: nothing is measured"),
            "{lines:?}"
        );
    }
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
fn what_devices_do_not_have_is_told_at_its_place() {
    let offer = |device: &str, commands: &[&str], without: &[&str]| Offer {
        device: device.to_owned(),
        commands: Some(commands.iter().map(|it| (*it).to_owned()).collect()),
        without: without.iter().map(|it| (*it).to_owned()).collect(),
    };
    let file = read(
        "name = 'x'\nusers = 1\ncycles = 1\n[[flow]]\nname = 'f'\nsteps = [\n\
         {command = 'Scn', until = 'READY'},\n{read = 'ScanId'}, {command = 'On'},\n\
         {wait = '7', attribute = 'scanID'},\n{write = '${user}', value = 1},\n]",
    );
    assert_eq!(file.attributes(), ["scanID"]);
    let has_all = offer("a/b/1", &["scn", "ON"], &[]);
    file.check_offers(std::slice::from_ref(&has_all)).unwrap();
    // of one that did not tell its commands nothing is known
    let silent = Offer {
        device: "a/b/0".to_owned(),
        ..Offer::default()
    };
    file.check_offers(&[silent]).unwrap();
    let lacking = offer("a/b/2", &["Scan", "On"], &["scanId"]);
    let error = file
        .check_offers(&[has_all, lacking.clone(), lacking])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "load.toml:7:12: flow.steps.command: a/b/2 and 1 more have no command `Scn`; did you mean `Scan`?\n\
         load.toml:8:9: flow.steps.read: a/b/2 and 1 more have no attribute `ScanId`\n\
         load.toml:9:26: flow.steps.attribute: a/b/2 and 1 more have no attribute `scanID`"
    );
    let file =
        read("name = 'x'\nusers = 1\ncycles = 1\n[walk]\ncommands = ['Abort', 'AssignResources']");
    let error = file.check_offers(&[offer("a/b/1", &["AssignResources"], &[])]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "load.toml:5:13: walk.commands: a/b/1 has no command `Abort`"
    );
    let file = read("name = 'x'\nusers = 1\ncycles = 1\n[walk]");
    let error = file.check_offers(&[offer("a/b/1", &["Abort"], &[])]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "load.toml:4:1: walk: a/b/1 has no command `AssignResources`, which the rules know: \
         name what is sent in `commands`"
    );
}
