//! A whole telescope on a bench: no wire, and a clock that the test turns.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use serde_json::{Value as Json, json};
use tokio::sync::broadcast::Receiver;

use crate::attribute::{Attribute, AttributeValue};
use crate::device::{DeviceChange, Refusal, Reply};
use crate::model::{Delays, Progression};
use crate::preset::Preset;
use crate::telescope::constructed;
use crate::transition::TransitionController;
use crate::world::TelescopeHandle;

/// How long subsystems take for everything.
pub(super) const DWELL: Duration = Duration::from_secs(1);

pub(super) struct Bench {
    pub(super) telescope: TelescopeHandle,
    pub(super) changes: Receiver<DeviceChange>,
    blocks: u32,
}

impl Bench {
    pub(super) fn of(preset: &Preset) -> Bench {
        let delays = Delays::new(Progression::after(DWELL));
        let telescope = constructed(preset, &delays, &TransitionController::new());
        let changes = telescope.changes();
        Bench {
            telescope,
            changes,
            blocks: 0,
        }
    }

    pub(super) fn low() -> Bench {
        Bench::of(&Preset::low())
    }

    pub(super) fn mid() -> Bench {
        Bench::of(&Preset::mid())
    }

    pub(super) fn try_send(
        &self,
        device: &str,
        command: &str,
        argument: &Json,
    ) -> Result<Reply, Refusal> {
        let argument = match argument {
            Json::Null => String::new(),
            argument => argument.to_string(),
        };
        let device = self.telescope.device(device).unwrap();
        device.submit(command, &argument)
    }

    /// Sends a command that is accepted; its id.
    pub(super) fn send(&self, device: &str, command: &str, argument: &Json) -> String {
        let reply = self.try_send(device, command, argument).unwrap();
        assert!(reply.code.is_accepted(), "{command} to {device}: {reply:?}");
        reply.text
    }

    pub(super) fn elapse(&self, time: Duration) {
        self.telescope.advance(time);
    }

    pub(super) fn value(&self, device: &str, attribute: Attribute) -> String {
        let device = self.telescope.device(device).unwrap();
        device.value(attribute).to_string()
    }

    pub(super) fn obs_state(&self, device: &str) -> ObsState {
        self.telescope.status(device).unwrap().obs_state.unwrap()
    }

    /// The changes of some attributes since the last look, a line each: device, value.
    pub(super) fn story(&mut self, attributes: &[Attribute]) -> Vec<String> {
        let mut lines = Vec::new();
        while let Ok(change) = self.changes.try_recv() {
            // they only do what the CSP does
            let is_within_csp = change.device.contains("cbf") || change.device.contains("pst");
            if attributes.contains(&change.attribute) && !is_within_csp {
                let value = match &change.value {
                    AttributeValue::Texts(texts) => {
                        texts.last().map_or_else(String::new, ToString::to_string)
                    }
                    value => value.to_string(),
                };
                lines.push(format!("{}: {value}", change.device));
            }
        }
        lines
    }

    /// The last result of a device: its command and what it says.
    pub(super) fn result(&self, device: &str) -> String {
        let result = self.value(device, Attribute::LongRunningCommandResult);
        let (id, result) = result.split_once(", ").unwrap();
        let (_, command) = id.rsplit_once('_').unwrap();
        format!("{command} {result}")
    }

    /// What assigns resources; every time another execution block.
    pub(super) fn assign(&mut self) -> Json {
        self.blocks += 1;
        let sdp = json!({"execution_block": {"eb_id": format!("eb-test-{}", self.blocks)}});
        if self.telescope.device("mid-tmc/subarray/01").is_some() {
            let dish = json!({"receptor_ids": ["SKA001", "SKA036"]});
            return json!({"subarray_id": 1, "dish": dish, "sdp": sdp});
        }
        json!({
            "subarray_id": 1,
            "mccs": {"subarray_beams": [
                {"subarray_beam_id": 1, "apertures": [{"station_id": 1, "aperture_id": "AP001.01"}]},
            ]},
            "csp": {"pst": {"pst_beam_ids": [1]}},
            "sdp": sdp,
        })
    }
}

/// What configures either telescope for a scan of so many seconds.
pub(super) fn configure(scan_duration: f64) -> Json {
    json!({
        "pointing": {"target": {"ra": "21:08:47.92"}},
        "dish": {"receiver_band": "2"},
        "mccs": {"subarray_beams": []},
        "csp": {"common": {"config_id": "config-1"}},
        "sdp": {"scan_type": "target:a"},
        "tmc": {"scan_duration": scan_duration},
    })
}

pub(super) fn scan() -> Json {
    json!({"scan_id": 7})
}
