//! What testers do to a device beside its commands.

use std::time::Duration;

use harness_tango::control_model::{AdminMode, DevState, ObsState, ResultCode};

use super::bench::{Bench, MILLISECOND};
use crate::attribute::Attribute;
use crate::defect::{Defect, DefectKind};

#[test]
fn obs_states_are_played_instead_of_the_ordinary_ones_until_they_are_taken_back() {
    let mut bench = Bench::with_dwell(Duration::ZERO).in_state(ObsState::Idle);
    let script = r#"[["SCANNING", 2], ["READY", 1]]"#;
    bench.subarray.set_script(script).unwrap();
    let shown = bench.subarray.value(Attribute::ObsStateTransitionDuration);
    assert_eq!(shown.to_string(), script);
    bench.changes.take();
    bench.send("Configure");
    assert_eq!(bench.obs_states(), [ObsState::Scanning]);
    bench.elapse(Duration::from_secs(2) - MILLISECOND);
    assert_eq!(bench.obs_states(), []);
    bench.elapse(MILLISECOND);
    assert_eq!(bench.obs_states(), [ObsState::Ready]);
    bench.elapse(Duration::from_secs(1));
    assert_eq!(
        bench.story(),
        [r#"longRunningCommandResult: Configure#1 [0, "Configure completed OK"]"#]
    );
    bench.subarray.reset_script();
    bench.send("End");
    assert_eq!(bench.obs_states(), [ObsState::Idle]);
}

#[test]
fn what_cannot_be_played_is_refused_with_its_reason() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    for (text, words) in [
        ("", "must be a JSON list"),
        (r#"{"READY": 1}"#, "must be a JSON list"),
        (r#"[["REDY", 1]]"#, "did you mean READY?"),
        (r#"[["READY", -1]]"#, "cannot be shown for -1 seconds"),
        (r#"[["READY", 1e300]]"#, "cannot be shown"),
    ] {
        let error = bench.subarray.set_script(text).unwrap_err();
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
    assert_eq!(bench.changes.take(), []);
}

#[test]
fn commands_are_refused_unless_the_device_is_controlled() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    for mode in AdminMode::ALL {
        bench.subarray.set_admin_mode(*mode);
        let controlled = matches!(mode, AdminMode::Online | AdminMode::Engineering);
        let state = bench.subarray.state();
        assert_eq!(state == DevState::Disable, !controlled, "{mode}");
        assert_eq!(bench.try_send("AssignResources").is_ok(), controlled);
    }
    bench.changes.take();
    bench.subarray.set_admin_mode(AdminMode::Online);
    assert_eq!(
        bench.changes.take_lines(),
        ["adminMode: ONLINE", "State: UNKNOWN", "State: ON"]
    );
}

#[test]
fn a_state_that_is_set_while_the_device_is_offline_is_shown_when_it_is_not() {
    let mut bench = Bench::with_dwell(Duration::ZERO);
    bench.subarray.set_admin_mode(AdminMode::Offline);
    bench.subarray.set_state(DevState::Standby);
    assert_eq!(bench.subarray.state(), DevState::Disable);
    bench.subarray.set_admin_mode(AdminMode::Engineering);
    assert_eq!(bench.subarray.state(), DevState::Standby);
}

#[test]
fn the_faults_of_the_sdp_raise_an_exception_and_move_the_obs_state() {
    for (kind, states) in [
        (DefectKind::SdpFault, vec![ObsState::Fault]),
        (
            DefectKind::SdpBackToInitialState,
            vec![ObsState::Configuring, ObsState::Idle],
        ),
    ] {
        let mut bench = Bench::with_dwell(Duration::ZERO).in_state(ObsState::Idle);
        bench.subarray.add_defect(Defect::new(kind)).unwrap();
        bench.try_send("Configure").unwrap_err();
        assert_eq!(bench.obs_states(), states, "{kind}");
    }
}

#[test]
fn the_faults_of_the_pointing_model_are_told_by_the_result() {
    for number in 8..=11 {
        let kind = DefectKind::from_number(number).unwrap();
        let mut bench = Bench::with_dwell(Duration::ZERO).in_state(ObsState::Idle);
        let defect = Defect::new(kind).with_result(ResultCode::Rejected);
        bench
            .subarray
            .add_defect(defect.saying("no model"))
            .unwrap();
        assert_eq!(bench.send("Configure").code, ResultCode::Queued);
        let story = bench.story();
        assert!(story[1].ends_with(r#"[5, "no model"]"#), "{story:?}");
    }
}

#[test]
fn the_delays_are_shown_as_json_and_name_commands_of_the_device() {
    let mut bench = Bench::with_dwell(Duration::from_secs(2));
    bench.subarray.set_delays(r#"{"Scan": 0.5}"#).unwrap();
    let shown = bench
        .subarray
        .value(Attribute::CommandDelayInfo)
        .to_string();
    assert!(shown.contains(r#""Abort":2.0"#), "{shown}");
    assert!(shown.contains(r#""Scan":0.5"#), "{shown}");
    let error = bench
        .subarray
        .set_delays(r#"{"Abort": 1, "Scann": 1}"#)
        .unwrap_err();
    assert!(error.to_string().contains("scann"), "{error}");
    assert_eq!(
        bench
            .subarray
            .value(Attribute::CommandDelayInfo)
            .to_string(),
        shown
    );
}
