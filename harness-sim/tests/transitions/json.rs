//! Settings as JSON.

use harness_sim::transition::{Scope, Setting, Transition, TransitionController};
use serde_json::{Value, json};

use crate::bench::{SECOND, cluster};

fn read(text: &str) -> Setting {
    Setting::from_json_text(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn the_bodies_of_moto_are_read() {
    for (text, expected) in [
        (
            r#"{"progression":"time","seconds":5}"#,
            Transition::after(5 * SECOND),
        ),
        (
            r#"{"progression":"manual","times":3}"#,
            Transition::after_reads(3),
        ),
        (r#"{"progression":"immediate"}"#, Transition::immediate()),
    ] {
        let setting = read(text);
        assert_eq!(setting, expected.into());
        assert_eq!(serde_json::to_string(&setting).unwrap(), text);
    }
}

#[test]
fn duration_is_another_word_for_seconds() {
    let spelt = read(r#"{"progression": "time", "duration": 2.5}"#);
    assert_eq!(spelt, read(r#"{"progression": "time", "seconds": 2.5}"#));
    let written = json!({"progression": "time", "seconds": 2.5});
    assert_eq!(spelt.to_json(), written);
}

#[test]
fn the_fuller_form_reads_back_as_it_was_written() {
    for value in [
        json!({"progression": "never"}),
        json!({"progression": "held"}),
        json!({"progression": "held", "gate": "beam", "remembers": true}),
        json!({"progression": "time", "seconds": {"uniform": [1, 2.5]}}),
        json!({"progression": "time", "seconds": {"exponential": {"mean": 1, "to": 9}}}),
        json!({"progression": "time", "seconds": {"list": [1, 2, 3]}}),
        json!({"progression": "time",
            "seconds": {"normal": {"mean": 5, "deviation": 1, "from": 3, "to": 8}}}),
        json!({"outcome": {"fail": {"message": "no beam", "result": "NOT_ALLOWED"}}, "next": 1}),
        json!({"outcome": {"reject": {"message": "no", "when": "at_its_turn"}}}),
        json!({"outcome": "stuck", "first_of_each": 2}),
        json!({"outcome": {"stuck": "RESOURCING"}}),
        json!({"outcome": {"fault": {"message": "smoke"}}, "probability": 0.25}),
        json!({"outcome": "succeed"}),
        json!({"sequence": [
            {"progression": "manual", "times": 2},
            {"progression": "time", "seconds": 1, "outcome": "stuck"},
        ], "then": "cycle"}),
        json!({"sequence": [{"progression": "never"}], "then": "fall_back", "next": 7}),
    ] {
        let setting = Setting::from_json(&value).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(setting.to_json(), value);
        let text = serde_json::to_string(&setting).unwrap();
        assert_eq!(serde_json::from_str::<Setting>(&text).unwrap(), setting);
    }
}

#[test]
fn short_forms_say_the_same() {
    for (short, long) in [
        (
            json!({"progression": "time", "seconds": 5, "jitter": 1}),
            json!({"progression": "time", "seconds": {"uniform": [4, 6]}}),
        ),
        (
            json!({"outcome": {"fail": "no beam"}}),
            json!({"outcome": {"fail": {"message": "no beam", "result": 3}}}),
        ),
        (
            json!({"outcome": {"reject": "no"}}),
            json!({"outcome": {"reject": {"message": "no", "when": "at_once"}}}),
        ),
        (
            json!({"outcome": {"fault": "smoke"}}),
            json!({"outcome": {"fault": {"message": "smoke"}}}),
        ),
        (
            json!({"sequence": [{"progression": "never"}], "then": "repeat_last"}),
            json!({"progression": "never"}),
        ),
    ] {
        assert_eq!(Setting::from_json(&short), Setting::from_json(&long));
        assert!(Setting::from_json(&short).is_ok(), "{short}");
    }
    for word in ["fail", "reject", "fault"] {
        assert!(Setting::from_json(&json!({"outcome": word})).is_ok());
    }
}

#[test]
fn an_unknown_progression_is_refused_by_name() {
    let error = Setting::from_json(&json!({"progression": "bogus"})).unwrap_err();
    assert_eq!(error.field, "transition.progression");
    assert_eq!(
        error.problem,
        "\"bogus\" is not known; known: immediate, time, manual, held, never"
    );
}

#[test]
fn numbers_of_reads_that_make_no_sense_are_refused() {
    for times in [
        "0",
        "-1",
        "1.5",
        "\"3\"",
        "null",
        "true",
        "4294967296",
        "1e3",
    ] {
        let text = format!(r#"{{"progression": "manual", "times": {times}}}"#);
        let error = Setting::from_json_text(&text).unwrap_err();
        assert_eq!(error.field, "transition.times", "{text}");
        assert!(error.problem.contains("give 1 or more"), "{error}");
    }
    let error = Setting::from_json(&json!({"progression": "manual"})).unwrap_err();
    assert_eq!(error.field, "transition.times");
    assert!(error.problem.starts_with("is missing"), "{error}");
}

#[test]
fn times_that_make_no_sense_are_refused_and_zero_is_at_once() {
    for seconds in ["-1", "-0.001", "\"5\"", "null", "[1]", "1e300", "31622401"] {
        let text = format!(r#"{{"progression": "time", "seconds": {seconds}}}"#);
        let error = Setting::from_json_text(&text).unwrap_err();
        assert_eq!(error.field, "transition.seconds", "{text}");
    }
    let zero = read(r#"{"progression": "time", "seconds": 0}"#);
    let bench = crate::bench::Bench::set(cluster(), zero);
    assert_eq!(bench.state(), "available");
}

#[test]
fn whatever_else_is_wrong_is_refused_with_the_path_of_the_field() {
    let normal =
        |from: i64, to: i64| json!({"normal": {"mean": 5, "deviation": 1, "from": from, "to": to}});
    let time = |seconds: Value| json!({"progression": "time", "seconds": seconds});
    for (value, field, words) in [
        (json!("immediate"), "", "is not an object"),
        (json!(null), "", "is not an object"),
        (
            json!({}),
            ".progression",
            "is missing; give one of immediate",
        ),
        (
            json!({"progression": 5}),
            ".progression",
            "known: immediate",
        ),
        (
            json!({"progression": "time"}),
            ".seconds",
            "is missing; give a number of seconds",
        ),
        (
            json!({"progression": "time", "seconds": 1, "duration": 1}),
            ".duration",
            "another word for seconds",
        ),
        (
            json!({"progression": "time", "secs": 1, "seconds": 1}),
            ".secs",
            "known: next, first_of_each",
        ),
        (
            json!({"progression": "immediate", "times": 3}),
            ".times",
            "is not known here",
        ),
        (
            json!({"progression": "manual", "times": 3, "seconds": 3}),
            ".seconds",
            "is not known here",
        ),
        (
            json!({"progression": "held", "gate": ""}),
            ".gate",
            "a name",
        ),
        (
            json!({"progression": "held", "remembers": 1}),
            ".remembers",
            "true or false",
        ),
        (time(json!({})), ".seconds", "known: a number, uniform"),
        (time(json!({"poisson": 1})), ".seconds", "known: a number"),
        (time(json!({"uniform": [1]})), ".seconds.uniform", "a pair"),
        (
            time(json!({"uniform": [2, 1]})),
            ".seconds",
            "exchange them",
        ),
        (
            time(json!({"uniform": [1, -2]})),
            ".seconds.uniform[1]",
            "0 or more",
        ),
        (time(normal(6, 9)), ".seconds", "mean is not between"),
        (time(normal(9, 6)), ".seconds", "exchange them"),
        (
            time(json!({"normal": {"mean": 1}})),
            ".seconds.normal.deviation",
            "is missing",
        ),
        (time(json!({"list": []})), ".seconds", "at least one time"),
        (
            time(json!({"uniform": [1, 2], "list": [1]})),
            ".seconds.list",
            "is not known here",
        ),
        (
            json!({"outcome": "explode"}),
            ".outcome",
            "known: succeed, fail",
        ),
        (
            json!({"outcome": {"explode": 1}}),
            ".outcome",
            "known: succeed",
        ),
        (json!({"outcome": 7}), ".outcome", "known: succeed"),
        (
            json!({"outcome": {"fail": {"result": 77}}}),
            ".outcome.fail.result",
            "a result code",
        ),
        (
            json!({"outcome": {"fail": {"mesage": "x"}}}),
            ".outcome.fail.mesage",
            "known: message, result",
        ),
        (
            json!({"outcome": {"reject": {"when": "later"}}}),
            ".outcome.reject.when",
            "known: at_once",
        ),
        (json!({"outcome": {"stuck": 4}}), ".outcome.stuck", "a name"),
        (
            json!({"outcome": "fail", "probability": 1.5}),
            ".probability",
            "from 0 to 1",
        ),
        (
            json!({"progression": "never", "probability": 0.5}),
            ".probability",
            "is not known here",
        ),
        (
            json!({"progression": "never", "next": 0}),
            ".next",
            "1 or more",
        ),
        (
            json!({"progression": "never", "next": 1, "first_of_each": 1}),
            ".first_of_each",
            "give one of them",
        ),
        (json!({"sequence": []}), ".sequence", "at least one"),
        (json!({"sequence": {}}), ".sequence", "a list"),
        (
            json!({"sequence": [{"progression": "never"}, {"progression": "manual", "times": 0}]}),
            ".sequence[1].times",
            "1 or more",
        ),
        (
            json!({"sequence": [{"progression": "never", "next": 1}]}),
            ".sequence[0].next",
            "is not known here",
        ),
        (
            json!({"sequence": [{"progression": "never"}], "then": "stop"}),
            ".then",
            "known: repeat_last",
        ),
        (
            json!({"progression": "never", "then": "cycle"}),
            ".then",
            "is not known here",
        ),
    ] {
        let error = Setting::from_json(&value).unwrap_err();
        assert_eq!(
            error.field,
            format!("transition{field}"),
            "{value}: {error}"
        );
        assert!(error.problem.contains(words), "{value}: {error}");
    }
    let error = Setting::from_json_text("{").unwrap_err();
    assert!(
        error.to_string().starts_with("transition: is no JSON"),
        "{error}"
    );
}

#[test]
fn answers_are_copies() {
    let controller = TransitionController::new();
    controller.register(cluster());
    let clusters = Scope::model("dax::cluster");
    let mut json = controller.get(&clusters).unwrap().to_json();
    json["times"] = json!(1);
    let expected = json!({"progression": "manual", "times": 4});
    assert_eq!(controller.get(&clusters).unwrap().to_json(), expected);
}
