//! Every command in every state, against the table.

use std::time::Duration;

use harness_tango::control_model::ObsState;

use super::bench::Bench;
use crate::device::Refusal;
use crate::model::CommandTable;

#[test]
fn every_command_is_accepted_or_refused_in_every_state_as_the_table_says() {
    for rule in CommandTable::SKA_TANGO_BASE.rules() {
        for obs_state in ObsState::ALL {
            let mut bench = Bench::with_dwell(Duration::from_secs(1)).in_state(*obs_state);
            let answer = bench.try_send(rule.command);
            if rule.is_allowed_in(*obs_state) {
                answer.unwrap();
                let expected = rule.job.transient_state().unwrap_or(*obs_state);
                assert_eq!(bench.obs_state(), expected, "{}", rule.command);
            } else {
                assert_eq!(
                    answer.unwrap_err().to_string(),
                    format!(
                        "ska_tango_base.faults.StateModelError: {} command not permitted in \
                         observation state {obs_state}",
                        rule.command
                    )
                );
                assert_eq!(bench.obs_state(), *obs_state);
                assert_eq!(bench.changes.take(), []);
            }
        }
    }
}

#[test]
fn an_argument_that_is_no_json_object_is_refused() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let now = bench.now;
    for (argument, words) in [
        ("", "json.decoder.JSONDecodeError: EOF while parsing"),
        ("{'a': 1}", "json.decoder.JSONDecodeError: key must be"),
        ("[1]", "ValidationError: [1] is not of type 'object'"),
    ] {
        let refusal = bench
            .subarray
            .submit("AssignResources", argument, now)
            .unwrap_err();
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert_eq!(refusal.origin(), "AssignResources");
    }
    assert_eq!(bench.changes.take(), []);
}

#[test]
fn the_state_is_looked_at_before_the_argument() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let refusal = bench
        .subarray
        .submit("Configure", "no json", bench.now)
        .unwrap_err();
    assert!(matches!(refusal, Refusal::NotPermitted { .. }), "{refusal}");
    assert_eq!(refusal.origin(), "is_Configure_allowed");
}

#[test]
fn an_unknown_command_is_refused() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    let refusal = bench.subarray.submit("Explode", "", bench.now).unwrap_err();
    assert_eq!(refusal.to_string(), "Command Explode not found");
}

#[test]
fn a_command_is_known_in_any_case_of_letters() {
    let mut bench = Bench::with_dwell(Duration::ZERO).in_state(ObsState::Fault);
    let reply = bench.subarray.submit("rEsTaRt", "", bench.now).unwrap();
    assert!(reply.text.ends_with("_Restart"), "{reply:?}");
}
