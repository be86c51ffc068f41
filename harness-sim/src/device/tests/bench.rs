//! A subarray on a bench: a clock that the test turns, and a record of all changes.

use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::ObsState;
use tokio::time::Instant;

use crate::attribute::{Attribute, AttributeValue, RecordedChanges};
use crate::device::{Refusal, Reply, SimulatedDevice};
use crate::model::{Argument, CommandTable, Delays, Progression};

pub(super) const RESOURCES: &str = r#"{"resources": ["BEAM1"]}"#;

pub(super) const MILLISECOND: Duration = Duration::from_millis(1);

pub(super) struct Bench {
    pub(super) subarray: SimulatedDevice,
    pub(super) changes: RecordedChanges,
    pub(super) now: Instant,
}

impl Bench {
    /// All commands take this long.
    pub(super) fn with_dwell(dwell: Duration) -> Bench {
        Bench::with_delays(Delays::new(Progression::after(dwell)))
    }

    pub(super) fn with_delays(delays: Delays) -> Bench {
        let changes = RecordedChanges::default();
        let subarray = SimulatedDevice::subarray("test/subarray/01", Arc::new(changes.clone()))
            .with_delays(&delays);
        Bench {
            subarray,
            changes,
            now: Instant::now(),
        }
    }

    /// In this state, with nothing recorded yet.
    pub(super) fn in_state(mut self, obs_state: ObsState) -> Bench {
        self.subarray.force_obs_state(obs_state, self.now);
        self.changes.take();
        self
    }

    /// Sends a command, with an argument that fits it.
    pub(super) fn try_send(&mut self, command: &str) -> Result<Reply, Refusal> {
        let argument = match CommandTable::SKA_TANGO_BASE.rule(command).unwrap().argument {
            Argument::Json => RESOURCES,
            Argument::Void | Argument::Text => "",
        };
        self.subarray.submit(command, argument, self.now)
    }

    pub(super) fn send(&mut self, command: &str) -> Reply {
        self.try_send(command).unwrap()
    }

    /// Lets time pass.
    pub(super) fn elapse(&mut self, time: Duration) {
        self.now += time;
        self.subarray.advance(self.now);
    }

    pub(super) fn obs_state(&self) -> ObsState {
        self.subarray.obs_state().expect("a subarray has one")
    }

    /// The lines about obsState and results since the last look.
    pub(super) fn story(&self) -> Vec<String> {
        self.changes
            .take_lines()
            .into_iter()
            .filter(|line| line.starts_with("obsState") || line.starts_with("longRunningCommandR"))
            .collect()
    }

    /// The obsStates since the last look.
    pub(super) fn obs_states(&self) -> Vec<ObsState> {
        self.changes
            .take()
            .into_iter()
            .filter_map(|change| match change {
                (Attribute::ObsState, AttributeValue::ObsState(state)) => Some(state),
                _ => None,
            })
            .collect()
    }
}
