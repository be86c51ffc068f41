//! What a lifecycle makes of a state graph.

use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::lifecycle::{Input, Lifecycle, SystemUnderTest, Walk};
use harness_explore::{Explorer, Produced, Rule};

use crate::paused;
use crate::subarray::{Obs, Subarray, graph, lifecycle};

#[test]
fn transient_targets_are_passed_on_the_way_to_the_others() {
    let lifecycle = lifecycle();
    let way = lifecycle
        .way(&Obs::Idle, "Configure")
        .expect("it is allowed");
    assert_eq!(
        (way.via.as_slice(), way.to),
        (&[Obs::Configuring][..], Obs::Ready)
    );
    let way = lifecycle
        .way(&Obs::Configuring, "Abort")
        .expect("it is allowed");
    assert_eq!(
        (way.via.as_slice(), way.to),
        (&[Obs::Aborting][..], Obs::Aborted)
    );
    assert_eq!(lifecycle.way(&Obs::Empty, "Configure"), None);
}

#[test]
fn where_a_command_has_only_a_transient_target_it_leads_on_by_itself_or_stays() {
    let lifecycle = lifecycle();
    let way = lifecycle
        .way(&Obs::Aborted, "ObsReset")
        .expect("it is allowed");
    assert_eq!(
        (way.via.as_slice(), way.to),
        (&[Obs::Resetting][..], Obs::Idle)
    );
    let way = lifecycle.way(&Obs::Ready, "Scan").expect("it is allowed");
    assert_eq!((way.via.as_slice(), way.to), (&[][..], Obs::Scanning));
    assert!(!lifecycle.is_transient(&Obs::Scanning));
    assert!(lifecycle.is_transient(&Obs::Resetting));
}

#[test]
fn what_the_system_does_by_itself_is_no_command() {
    let expected = [
        "AssignResources",
        "Configure",
        "Scan",
        "EndScan",
        "End",
        "ReleaseAllResources",
        "Abort",
        "Restart",
        "ObsReset",
    ];
    assert_eq!(lifecycle().commands(), expected);
    // what is not said to be spontaneous is taken for a command, whose name the rule for waiting has
    let unsaid = Lifecycle::new(&graph(), Obs::Empty);
    let machine = unsaid.machine("Subarray", async || Ok(Subarray::new(None)));
    let error = machine.check().expect_err("one name is used twice");
    assert!(
        error.to_string().starts_with("wait is declared twice"),
        "{error}"
    );
}

#[test]
fn a_command_from_any_state_is_allowed_in_all_of_them() {
    let graph = StateGraph::new()
        .with(Transition::to("ON").named("On").from(["OFF"]))
        .and_then(|graph| graph.with(Transition::to("OFF").named("Off")))
        .expect("it is sound");
    let lifecycle = Lifecycle::new(&graph, "OFF").with_inputs("On", [Input::valid("dimly")]);
    for state in ["ON", "OFF"] {
        let way = lifecycle.way(&state, "Off").expect("it is allowed");
        assert_eq!(way.to, "OFF");
    }
    assert_eq!(lifecycle.inputs("On").len(), 1);
    assert!(lifecycle.inputs("Off").is_empty());
}

#[test]
fn a_system_that_is_not_home_at_the_start_is_found() {
    let lifecycle = Lifecycle::new(&graph(), Obs::Idle).spontaneous("wait");
    let machine = lifecycle.machine("Subarray", async || Ok(Subarray::new(None)));
    let report = Explorer::new(machine).run_on(&paused()).expect("it runs");
    let said = report.findings[0].violation.to_string();
    assert_eq!(said, "the start: does not start at home: EMPTY");
}

#[test]
fn rules_of_ones_own_see_the_system() {
    let look = Rule::new("look").run(async |walk: &mut Walk<Subarray, Obs>, _| {
        let held = walk.system().holdings().await?;
        harness_explore::ensure(held["resources"] != 2, "two are assigned")?;
        Ok(Produced::nothing())
    });
    let machine = lifecycle()
        .machine("Subarray", async || Ok(Subarray::new(None)))
        .rule(look);
    let report = Explorer::new(machine)
        .with_seed(1)
        .run_on(&paused())
        .expect("it runs");
    let expected = "\
state = Subarray()
state.AssignResources()
state.AssignResources()
state.look()
state.teardown()
";
    assert_eq!(report.findings[0].script(), expected);
}

#[test]
fn a_state_strands_from_which_no_command_leads_home() {
    let to = |command: &str, to| Transition::to(to).named(command);
    let few = StateGraph::new()
        .with(to("Assign", "IDLE").from(["EMPTY"]))
        .unwrap();
    let enough = few
        .clone()
        .with(to("Release", "EMPTY").from(["IDLE"]))
        .unwrap();
    assert_eq!(Lifecycle::new(&few, "EMPTY").strands(), [&"IDLE"]);
    assert_eq!(Lifecycle::new(&enough, "EMPTY").strands(), [&""; 0]);
    // nothing comes to IDLE from home
    let out_of_reach = StateGraph::new()
        .with(to("Configure", "READY").from(["IDLE"]))
        .unwrap();
    assert_eq!(Lifecycle::new(&out_of_reach, "EMPTY").strands(), [&""; 0]);
}
