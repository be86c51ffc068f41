//! The inputs that come with the harness, and what the telescope manager says to broken ones.

use std::time::Duration;

use harness_core::action::Action;
use harness_core::{Timeout, Value};
use harness_sim::{RunningTelescope, SimulatedTelescope};
use harness_tango::control_model::ObsState;
use harness_tango::inputs::Inputs;
use harness_tango::lrc::RefusalClass;
use harness_tango::subarray::Subarray;
use harness_tango::telescope::Telescope;

const PATIENCE: Duration = Duration::from_secs(20);

async fn connected(simulated: SimulatedTelescope) -> (RunningTelescope, Telescope) {
    let simulated = simulated
        .with_dwell(Duration::ZERO)
        .start()
        .await
        .expect("loopback has free ports");
    let telescope = Telescope::connect(simulated.telescope_config()).await;
    (simulated, telescope.expect("its devices answer"))
}

async fn complete(subarray: &Subarray, command: &str, argument: Option<String>, end: ObsState) {
    let argument = argument.map_or(Value::Void, Value::from);
    let sent = subarray
        .send(command, Some(argument))
        .await
        .expect("the device answers");
    let refusal = sent.reply().clone();
    let reached = subarray.wait_for(end, PATIENCE).await;
    assert!(reached.is_ok(), "{command}, {refusal:?}: {reached:?}");
}

/// EMPTY, READY, SCANNING and back, with edits of every document on the way.
async fn observe(subarray: &Subarray) {
    let inputs = subarray.inputs();
    let assign = inputs.assign_resources_document();
    complete(
        subarray,
        "AssignResources",
        Some(assign.text()),
        ObsState::Idle,
    )
    .await;
    for scan_type in inputs.last_assigned_ids().scan_types() {
        let configure = inputs
            .configure_document()
            .with_scan_type(scan_type)
            .expect("it has one");
        let configure = configure.with_scan_duration(600.0).expect("it has one");
        complete(
            subarray,
            "Configure",
            Some(configure.text()),
            ObsState::Ready,
        )
        .await;
        complete(subarray, "Scan", inputs.of("Scan"), ObsState::Scanning).await;
        complete(subarray, "EndScan", None, ObsState::Ready).await;
    }
    complete(subarray, "End", None, ObsState::Idle).await;
    let release = inputs.release_resources();
    complete(subarray, "ReleaseResources", Some(release), ObsState::Empty).await;
}

#[tokio::test]
async fn the_embedded_inputs_take_low_through_whole_observations() {
    let (_simulated, telescope) = connected(SimulatedTelescope::low()).await;
    for number in [1, 2, 1] {
        observe(&telescope.subarray(number).unwrap()).await;
    }
}

#[tokio::test]
async fn the_embedded_inputs_take_mid_through_whole_observations() {
    let (_simulated, telescope) = connected(SimulatedTelescope::mid()).await;
    for number in [1, 2, 1] {
        observe(&telescope.subarray(number).unwrap()).await;
    }
}

#[tokio::test]
async fn an_embedded_input_without_its_beams_or_with_other_stations_is_taken() {
    let (_simulated, telescope) = connected(SimulatedTelescope::low()).await;
    let subarray = telescope.subarray(1).unwrap();
    let inputs = subarray.inputs();
    let assign = inputs.assign_resources_document();
    let assign = assign.with_stations(&[5, 512]).unwrap();
    let assign = assign.with_receptors(&["C10", "C136"]).unwrap();
    let assign = assign.with_defined_scan_type("survey:z").unwrap();
    complete(
        &subarray,
        "AssignResources",
        Some(assign.text()),
        ObsState::Idle,
    )
    .await;
    let configure = inputs
        .configure_document()
        .remove_below("csp", "timing_beams");
    let configure = configure.unwrap().with_scan_type("survey:z").unwrap();
    complete(
        &subarray,
        "Configure",
        Some(configure.text()),
        ObsState::Ready,
    )
    .await;
}

async fn refuses(subarray: &Subarray, command: &str, variant: &str, inputs: &Inputs) {
    let text = inputs
        .invalid(command, variant)
        .expect("it can be broken so");
    let argument = Value::from(text.clone());
    let action = subarray.command(command, Some(argument));
    let mut refused = action.is_refused_with(RefusalClass::Input);
    let outcome = refused.execute(Timeout::new(PATIENCE)).await;
    assert!(outcome.is_ok(), "{command} {variant}: {outcome:?}\n{text}");
    let words = refused.last_refusal().expect("it was refused").to_string();
    let malformed = variant.starts_with("empty_string") || variant.starts_with("malformed");
    let expected = if malformed { "Malformed" } else { "Validation" };
    assert!(words.contains(expected), "{command} {variant}: {words}");
}

async fn refuses_whatever_is_broken(subarray: &Subarray, command: &str, keys: &[&str]) {
    let inputs = subarray.inputs();
    for variant in ["empty_string", "empty_json", "malformed_json"] {
        refuses(subarray, command, variant, inputs).await;
    }
    for key in keys {
        let missing = format!("{key}_key_missing");
        for variant in [missing, format!("wrong_type_{key}"), format!("null_{key}")] {
            refuses(subarray, command, &variant, inputs).await;
        }
    }
}

async fn refuses_wrong_values(subarray: &Subarray, command: &str, keys: &[&str]) {
    for key in keys {
        let variant = format!("invalid_{key}");
        refuses(subarray, command, &variant, subarray.inputs()).await;
    }
}

const BLOCKS: [&str; 10] = [
    "sdp",
    "eb_id",
    "pb_id",
    "scan_type_id",
    "count",
    "receptor_id",
    "channels_id",
    "field_id",
    "script",
    "beam_id",
];

#[tokio::test]
async fn low_refuses_every_broken_input_with_words_and_stays_where_it_is() {
    let (_simulated, telescope) = connected(SimulatedTelescope::low()).await;
    let subarray = telescope.subarray(1).unwrap();
    let own = [
        "csp",
        "mccs",
        "station_id",
        "aperture_id",
        "subarray_beam_id",
    ];
    refuses_whatever_is_broken(&subarray, "AssignResources", &[&BLOCKS[..], &own].concat()).await;
    let wrong = [
        "eb_id",
        "pb_id",
        "count",
        "station_id",
        "aperture_id",
        "subarray_id",
        "interface",
    ];
    refuses_wrong_values(&subarray, "AssignResources", &wrong).await;
    subarray
        .reach(ObsState::Idle)
        .within(PATIENCE)
        .await
        .unwrap();
    let keys = [
        "csp",
        "sdp",
        "mccs",
        "tmc",
        "scan_duration",
        "scan_type",
        "config_id",
        "stations",
        "stns",
        "freq_ids",
        "start_channel",
    ];
    refuses_whatever_is_broken(&subarray, "Configure", &keys).await;
    refuses_wrong_values(&subarray, "Configure", &["scan_duration", "eb_id"]).await;
    subarray
        .reach(ObsState::Ready)
        .within(PATIENCE)
        .await
        .unwrap();
    refuses_whatever_is_broken(&subarray, "Scan", &["scan_id"]).await;
    refuses_wrong_values(&subarray, "Scan", &["scan_id"]).await;
    refuses(&subarray, "Scan", "extra_subarray_id", subarray.inputs()).await;
    subarray
        .reach(ObsState::Scanning)
        .within(PATIENCE)
        .await
        .unwrap();
}

#[tokio::test]
async fn mid_refuses_every_broken_input_with_words_and_stays_where_it_is() {
    let (_simulated, telescope) = connected(SimulatedTelescope::mid()).await;
    let subarray = telescope.subarray(1).unwrap();
    refuses_whatever_is_broken(
        &subarray,
        "AssignResources",
        &[&BLOCKS[..], &["dish"]].concat(),
    )
    .await;
    subarray
        .reach(ObsState::Idle)
        .within(PATIENCE)
        .await
        .unwrap();
    let keys = [
        "csp",
        "sdp",
        "dish",
        "tmc",
        "pointing",
        "receiver_band",
        "scan_duration",
    ];
    refuses_whatever_is_broken(&subarray, "Configure", &keys).await;
    refuses_wrong_values(&subarray, "Configure", &["scan_duration", "receiver_band"]).await;
    subarray
        .reach(ObsState::Ready)
        .within(PATIENCE)
        .await
        .unwrap();
    refuses_whatever_is_broken(&subarray, "Scan", &["scan_id"]).await;
}

#[tokio::test]
async fn ids_and_scan_types_that_the_sdp_does_not_take_are_its_own_affair() {
    let (simulated, telescope) = connected(SimulatedTelescope::low()).await;
    let subarray = telescope.subarray(1).unwrap();
    let inputs = subarray.inputs();
    complete(
        &subarray,
        "AssignResources",
        inputs.of("AssignResources"),
        ObsState::Idle,
    )
    .await;
    for (text, words) in [
        (
            inputs
                .assign_resources_document()
                .duplicate_id("eb_id")
                .unwrap()
                .text(),
            "already exists",
        ),
        (
            inputs
                .assign_resources_document()
                .set_anywhere("eb_id", "eb-xxx-20261126-00000")
                .unwrap()
                .text(),
            "eb-xxx",
        ),
    ] {
        let sent = subarray
            .send("AssignResources", Some(Value::from(text)))
            .await
            .unwrap();
        let completion = sent.completion(&Timeout::new(PATIENCE)).await.unwrap();
        let told = format!("{completion:?}");
        assert!(told.contains(words), "{told}");
        // the telescope manager waits for somebody to abort
        assert_eq!(
            simulated.subarray(1).unwrap().obs_state(),
            ObsState::Resourcing
        );
        subarray
            .reach(ObsState::Idle)
            .within(PATIENCE)
            .await
            .unwrap();
    }
    let configure = inputs.invalid("Configure", "invalid_scan_type").unwrap();
    let sent = subarray
        .send("Configure", Some(Value::from(configure)))
        .await
        .unwrap();
    let completion = sent.completion(&Timeout::new(PATIENCE)).await.unwrap();
    assert!(
        format!("{completion:?}").contains("xxx-invalid"),
        "{completion:?}"
    );
}
