//! What scenarios look at beside states: delays, resources, addresses, and who was told what.

use std::time::Duration;

use harness_tango::control_model::{DevState, ObsState};
use serde_json::{Value as Json, json};

use super::bench::{Bench, DWELL, configure, scan};
use crate::attribute::{Attribute, AttributeValue};

const CENTRAL: &str = "low-tmc/central-node/0";
const NODE: &str = "low-tmc/subarray/01";
const CSP: &str = "low-csp/subarray/01";
const CSP_LEAF: &str = "low-tmc/subarray-leaf-node-csp/01";
const SDP: &str = "low-sdp/subarray/01";
const MCCS: &str = "low-mccs/subarray/01";

/// With resources that are held.
fn idle() -> Bench {
    let mut bench = Bench::low();
    let mut assign = bench.assign();
    assign["sdp"]["execution_block"]["scan_types"] =
        json!([{"scan_type_id": "target:a", "beams": {}}]);
    bench.send(CENTRAL, "AssignResources", &assign);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
    bench
}

fn state(bench: &Bench, device: &str) -> DevState {
    bench.telescope.status(device).unwrap().state
}

fn set_available(bench: &Bench, device: &str, available: bool) {
    let device = bench.telescope.device(device).unwrap();
    let value = AttributeValue::Flag(available);
    assert!(device.set_direct(Attribute::IsSubsystemAvailable, &value));
}

/// Assigns to a part of which something is wrong; what the central node says of it.
fn failed_assignment(bench: &Bench, assign: &Json) -> String {
    bench.send(CENTRAL, "AssignResources", assign);
    bench.elapse(DWELL * 2);
    assert_eq!(bench.obs_state(NODE), ObsState::Resourcing, "it is stuck");
    let result = bench.result(CENTRAL);
    assert!(result.starts_with("AssignResources [3,"), "{result}");
    result
}

#[tokio::test(start_paused = true)]
async fn delays_are_computed_from_configure_until_end() {
    let bench = idle();
    let delays = |attribute| bench.value(CSP_LEAF, attribute);
    assert_eq!(delays(Attribute::DelayModel), r#""no_value""#);

    let mut configuration = configure(60.0);
    configuration["csp"]["lowcbf"] = json!({
        "stations": {"stns": [[1, 1], [2, 1]], "stn_beams": []},
        "vis": {"stn_beams": []},
        "timing_beams": {"beams": [{"pst_beam_id": 2}]},
    });
    bench.send(NODE, "Configure", &configuration);
    bench.elapse(DWELL);
    let first: Json = serde_json::from_str(&delays(Attribute::DelayModel)).unwrap();
    assert_eq!(first["station_beam_delays"][1]["station_id"], 2);
    assert_eq!(delays(Attribute::DelayModelPstBeam1), r#""no_value""#);
    let beam: Json = serde_json::from_str(&delays(Attribute::DelayModelPstBeam2)).unwrap();
    assert_eq!(beam["pst_beam_id"], 2);

    bench.elapse(Duration::from_secs(9));
    let same: Json = serde_json::from_str(&delays(Attribute::DelayModel)).unwrap();
    assert_eq!(first, same);
    bench.elapse(Duration::from_secs(1));
    let second: Json = serde_json::from_str(&delays(Attribute::DelayModel)).unwrap();
    assert_eq!(second["start_validity_sec"], 20.0);

    bench.send(NODE, "Scan", &scan());
    bench.elapse(Duration::from_secs(11));
    let third: Json = serde_json::from_str(&delays(Attribute::DelayModel)).unwrap();
    assert_eq!(
        third["start_validity_sec"], 30.0,
        "a scan does not stop them"
    );
    bench.send(NODE, "EndScan", &Json::Null);
    bench.elapse(DWELL);
    bench.send(NODE, "End", &Json::Null);
    bench.elapse(DWELL);
    for attribute in [Attribute::DelayModel, Attribute::DelayModelPstBeam2] {
        assert_eq!(delays(attribute), r#""no_value""#);
    }
    bench.elapse(Duration::from_secs(60));
    assert_eq!(delays(Attribute::DelayModel), r#""no_value""#);
}

#[tokio::test(start_paused = true)]
async fn a_year_of_delays_passes_at_once() {
    let mut bench = idle();
    bench.send(NODE, "Configure", &configure(60.0));
    bench.elapse(DWELL);
    bench.story(&[]);
    bench.elapse(Duration::from_secs(1000));
    let listened = bench.story(&[Attribute::DelayModel]);
    assert_eq!(listened.len(), 100, "a moderate time leaves out nothing");

    bench.elapse(Duration::from_secs(366 * 86_400));
    let listened = bench.story(&[Attribute::DelayModel]);
    assert_eq!(listened.len(), 501, "the first and the last 500");
    let value = bench.value(CSP_LEAF, Attribute::DelayModel);
    let model: Json = serde_json::from_str(&value).unwrap();
    assert_eq!(
        model["start_validity_sec"],
        10.0 + 1000.0 + 366.0 * 86_400.0
    );
}

#[tokio::test(start_paused = true)]
async fn the_sdp_shows_its_addresses_and_its_scan_type() {
    let bench = idle();
    let addresses: Json =
        serde_json::from_str(&bench.value(SDP, Attribute::ReceiveAddresses)).unwrap();
    assert!(addresses.get("target:a").is_some(), "{addresses}");
    bench.send(NODE, "Configure", &configure(10.0));
    bench.elapse(DWELL);
    assert_eq!(bench.value(SDP, Attribute::ScanType), "target:a");
    bench.send(NODE, "Scan", &scan());
    bench.elapse(DWELL);
    assert_eq!(bench.value(SDP, Attribute::ScanId), "7");
    bench.send(NODE, "Abort", &Json::Null);
    bench.elapse(DWELL);
    bench.send(NODE, "Restart", &Json::Null);
    bench.elapse(DWELL);
    assert_eq!(bench.value(SDP, Attribute::ScanType), "");
    assert_eq!(bench.value(SDP, Attribute::ReceiveAddresses), "{}");
}

#[tokio::test(start_paused = true)]
async fn who_was_told_what_can_be_read() {
    let bench = idle();
    for device in [CSP, CSP_LEAF] {
        let calls = bench.telescope.device(device).unwrap().calls();
        let told = calls
            .iter()
            .find(|(command, _)| command == "AssignResources");
        let (_, argument) = told.unwrap();
        assert!(argument.contains("pst_beam_ids"), "{device}: {argument}");
    }
}

#[tokio::test(start_paused = true)]
async fn blocks_that_were_given_before_are_refused_and_the_client_is_told() {
    let mut bench = Bench::low();
    let assign = bench.assign();
    bench.send(CENTRAL, "AssignResources", &assign);
    bench.elapse(DWELL);
    let release = json!({"subarray_id": 1, "release_all": true});
    bench.send(CENTRAL, "ReleaseResources", &release);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Empty);
    let result = failed_assignment(&bench, &assign);
    assert!(
        result.contains("Execution block eb-test-1 already exists"),
        "{result}"
    );
    assert_eq!(bench.obs_state(SDP), ObsState::Empty);
    assert_eq!(bench.obs_state(CSP), ObsState::Idle);
}

#[tokio::test(start_paused = true)]
async fn a_station_that_is_not_there_is_refused_and_the_client_is_told() {
    let mut bench = Bench::low();
    let mut assign = bench.assign();
    assign["mccs"]["subarray_beams"][0]["apertures"][0]["station_id"] = 15.into();
    let result = failed_assignment(&bench, &assign);
    assert!(result.contains("Invalid station_id: 15"), "{result}");
    assert!(result.contains("leaf-node-mccs/01"), "{result}");
    assert_eq!(bench.obs_state(MCCS), ObsState::Empty);
    // and out of it again
    bench.send(NODE, "Abort", &Json::Null);
    bench.elapse(DWELL);
    bench.send(NODE, "Restart", &Json::Null);
    bench.elapse(DWELL);
    let assign = bench.assign();
    bench.send(CENTRAL, "AssignResources", &assign);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
}

#[tokio::test(start_paused = true)]
async fn without_a_component_nothing_is_assigned_and_the_client_is_told() {
    for (device, words) in [
        (
            "low-sdp/control/0",
            "A component of the sdp is not available",
        ),
        (SDP, "A component of the sdp is not available"),
        (MCCS, "A component of the mccs is not available"),
        (
            "low-tmc/subarray-leaf-node-sdp/01",
            "low-sdp/subarray/01 is not available",
        ),
    ] {
        let mut bench = Bench::low();
        let assign = bench.assign();
        set_available(&bench, device, false);
        let result = failed_assignment(&bench, &assign);
        assert!(result.contains(words), "{device}: {result}");
    }
    let mut bench = Bench::low();
    set_available(&bench, SDP, false);
    set_available(&bench, SDP, true);
    let assign = bench.assign();
    bench.send(CENTRAL, "AssignResources", &assign);
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(NODE), ObsState::Idle);
}

#[tokio::test(start_paused = true)]
async fn on_standby_the_csp_stays_on_and_the_sdps_subarrays_are_off() {
    let bench = Bench::low();
    for (command, csp, sdp, sdp_subarray, telescope) in [
        (
            "TelescopeOn",
            DevState::On,
            DevState::On,
            DevState::On,
            "ON",
        ),
        (
            "TelescopeStandby",
            DevState::On,
            DevState::Standby,
            DevState::Off,
            "STANDBY",
        ),
        (
            "TelescopeOn",
            DevState::On,
            DevState::On,
            DevState::On,
            "ON",
        ),
        (
            "TelescopeOff",
            DevState::Off,
            DevState::Off,
            DevState::Off,
            "OFF",
        ),
    ] {
        bench.send(CENTRAL, command, &Json::Null);
        bench.elapse(DWELL);
        let told = bench.value(CENTRAL, Attribute::TelescopeState);
        assert_eq!(told, telescope, "{command}");
        for (device, expected) in [
            ("low-csp/control/0", csp),
            (CSP, csp),
            ("low-cbf/allocator/0", csp),
            ("low-cbf/subarray/01", csp),
            ("low-sdp/control/0", sdp),
            (SDP, sdp_subarray),
        ] {
            assert_eq!(state(&bench, device), expected, "{command}: {device}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_that_fails_to_end_its_scan_does_not_keep_the_others_from_it() {
    let bench = idle();
    bench.send(NODE, "Configure", &configure(60.0));
    bench.elapse(DWELL);
    bench.send(NODE, "Scan", &scan());
    bench.elapse(DWELL);
    let sdp = bench.telescope.device(SDP).unwrap();
    sdp.set_defective(
        r#"{"enabled": true, "fault_type": 2, "error_message": "broken", "result": 3, "target_obsstates": [9]}"#,
    )
    .unwrap();
    bench.send(NODE, "EndScan", &Json::Null);
    bench.elapse(DWELL * 2);
    assert_eq!(bench.obs_state(SDP), ObsState::Fault);
    assert_eq!(bench.obs_state(CSP), ObsState::Ready);
    assert_eq!(bench.obs_state(MCCS), ObsState::Ready);
    let result = bench.result(NODE);
    assert!(result.starts_with("EndScan [3,"), "{result}");
    assert!(result.contains("leaf-node-sdp/01"), "{result}");
}

#[tokio::test(start_paused = true)]
async fn what_is_within_the_csp_goes_where_the_csp_goes_and_can_be_commanded_alone() {
    let bench = idle();
    for device in ["low-cbf/subarray/01", "low-pst/beam/01"] {
        assert_eq!(bench.obs_state(device), ObsState::Idle, "{device}");
    }
    let cbf = "low-cbf/subarray/02";
    assert_eq!(bench.obs_state(cbf), ObsState::Empty);
    bench.send(cbf, "AssignResources", &json!({"receptors": ["C1"]}));
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(cbf), ObsState::Idle);
    assert_eq!(bench.obs_state("low-csp/subarray/02"), ObsState::Empty);

    let mid = Bench::mid();
    let cbf = "mid_csp_cbf/sub_elt/subarray_01";
    mid.send(cbf, "AddReceptors", &json!({"receptors": ["SKA001"]}));
    mid.elapse(DWELL);
    assert_eq!(mid.obs_state(cbf), ObsState::Idle);
}

#[tokio::test(start_paused = true)]
async fn a_scan_of_a_subsystem_alone_ends_by_itself_if_it_was_told_how_long_it_lasts() {
    let bench = idle();
    bench.send(CSP, "Configure", &json!({"common": {"scan_duration": 5.0}}));
    bench.elapse(DWELL);
    bench.send(CSP, "Scan", &scan());
    bench.elapse(DWELL);
    assert_eq!(bench.obs_state(CSP), ObsState::Scanning);
    bench.elapse(Duration::from_secs(5) + DWELL);
    assert_eq!(bench.obs_state(CSP), ObsState::Ready);
}
