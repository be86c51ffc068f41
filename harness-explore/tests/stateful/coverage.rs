//! What a report tells of what was done, and what was not.

use harness_explore::{Machine, Produced, Rule, bundle};

use crate::machines::{counter, explored, idle};

#[test]
fn rules_that_were_never_enabled_and_preconditions_that_never_held_are_listed() {
    let machine = counter().rule(
        idle("impossible")
            .when("it is positive", |count: &u32| *count > 0)
            .when("it is negative", |_| false),
    );
    let report = explored(machine);
    let never: Vec<&str> = report
        .never_enabled()
        .map(|rule| rule.rule.as_str())
        .collect();
    assert_eq!(never, ["impossible"]);
    let conditions: Vec<(&str, &str)> = report
        .preconditions_never_true()
        .map(|(rule, condition)| (rule, condition.condition.as_str()))
        .collect();
    assert_eq!(conditions, [("impossible", "it is negative")]);
    let shown = report.to_string();
    assert!(shown.contains("never enabled: impossible"), "{shown}");
    assert!(
        shown.contains("never true: it is negative of impossible"),
        "{shown}"
    );
}

#[test]
fn what_was_run_in_which_state_adds_up() {
    let machine = counter().model(|count| (*count).min(2));
    let report = explored(machine);
    let states: Vec<&str> = report
        .states
        .iter()
        .map(|state| state.state.as_str())
        .collect();
    assert_eq!(states, ["0", "1", "2"]);
    let run: u64 = report.states.iter().map(|state| state.run[0]).sum();
    assert_eq!(run, report.rules[0].run);
    assert_eq!(run, report.steps);
}

#[test]
fn bundles_and_dead_ends_are_told() {
    let machine = Machine::new("Ends", async || Ok(0))
        .rule(
            Rule::new("make")
                .when("there is time", |count: &u32| *count < 3)
                .into_bundle("things")
                .run(async |count: &mut u32, _| {
                    *count += 1;
                    Ok(Produced::one(()))
                }),
        )
        .rule(
            Rule::new("look")
                .argument("thing", bundle("things"))
                .when("there is time", |count: &u32| *count < 3)
                .run(async |_: &mut u32, _| Ok(Produced::nothing())),
        )
        .model(|count| *count);
    let report = explored(machine);
    assert_eq!(report.bundles["things"], 3);
    assert_eq!(report.dead_ends, ["3"]);
    assert!(
        report.to_string().contains("no rule is enabled in state 3"),
        "{report}"
    );
}

#[test]
fn a_report_is_data() {
    let report = explored(counter());
    let json = serde_json::to_value(&report).expect("it is JSON");
    assert_eq!(json["seed"], 1);
    assert_eq!(json["ended"], "programs");
    assert_eq!(json["rules"][0]["rule"], "add");
}
