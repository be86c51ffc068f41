//! The delays that a leaf node of the CSP computes while a subarray is configured.

use std::time::Duration;

use serde_json::{Value as Json, json};

use crate::attribute::{Attribute, AttributeValue};
use crate::device::Base;

/// What is shown while there are no delays.
const NO_VALUE: &str = "\"no_value\"";

/// How often delays are computed, at most, while a tester lets time pass at once. A year would
/// keep the telescope busy for minutes otherwise.
const MOST_AT_ONCE: u32 = 500;

/// The delays of the beams of pulsar timing, by the number of the beam from 1.
const OF_PST_BEAMS: [Attribute; 4] = [
    Attribute::DelayModelPstBeam1,
    Attribute::DelayModelPstBeam2,
    Attribute::DelayModelPstBeam3,
    Attribute::DelayModelPstBeam4,
];

/// The delays that a leaf node of the CSP computes anew every so often, from when its subarray is
/// configured until it is not any more.
#[derive(Debug)]
pub(super) struct DelayModel {
    period: Duration,
    /// How many were computed since the subarray was configured.
    count: u32,
    runs: bool,
    stations: Vec<u64>,
    beams: Vec<u64>,
}

impl DelayModel {
    pub(super) const fn new(period: Duration) -> DelayModel {
        DelayModel {
            period,
            count: 0,
            runs: false,
            stations: Vec::new(),
            beams: Vec::new(),
        }
    }

    /// What the delays will be of.
    pub(super) fn configure(&mut self, json: &Json) {
        (self.stations, self.beams) = (Vec::new(), Vec::new());
        let stations = json.pointer("/lowcbf/stations/stns");
        for station in stations.and_then(Json::as_array).into_iter().flatten() {
            self.stations.extend(station.get(0).and_then(Json::as_u64));
        }
        let beams = json.pointer("/lowcbf/timing_beams/beams");
        for beam in beams.and_then(Json::as_array).into_iter().flatten() {
            self.beams
                .extend(beam.get("pst_beam_id").and_then(Json::as_u64));
        }
    }

    /// The subarray is configured, or not any more.
    pub(super) fn run(&mut self, base: &mut Base, runs: bool) {
        if self.runs == runs {
            return;
        }
        self.runs = runs;
        if runs {
            self.count = 0;
            self.compute(base);
        } else {
            base.alarm = None;
            self.tell(base);
        }
    }

    /// Computes them anew.
    pub(super) fn compute(&mut self, base: &mut Base) {
        if self.runs {
            self.count = self.count.saturating_add(1);
            self.tell(base);
            let left_out = self.left_out(base.time_to_pass());
            self.count = self.count.saturating_add(left_out);
            base.alarm = Some(base.now() + self.period * left_out.saturating_add(1));
        }
    }

    /// How many computations to leave out, of those that are due while that much time passes.
    fn left_out(&self, time: Duration) -> u32 {
        let period = self.period.as_nanos().max(1);
        let due = u32::try_from(time.as_nanos() / period).unwrap_or(u32::MAX - 1);
        due.saturating_sub(MOST_AT_ONCE)
    }

    fn tell(&self, base: &Base) {
        for attribute in [Attribute::DelayModel].into_iter().chain(OF_PST_BEAMS) {
            if let Some(value) = self.value(attribute) {
                base.tell(attribute, || value);
            }
        }
    }

    /// The value of one of its attributes; `None` for any other.
    pub(super) fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        let beam = OF_PST_BEAMS.iter().position(|one| *one == attribute);
        let beam = beam.and_then(|index| u64::try_from(index + 1).ok());
        if beam.is_none() && attribute != Attribute::DelayModel {
            return None;
        }
        let has_some = self.runs && beam.is_none_or(|beam| self.beams.contains(&beam));
        let text = if has_some {
            self.polynomials(beam).to_string()
        } else {
            NO_VALUE.to_owned()
        };
        Some(AttributeValue::Text(text.into()))
    }

    fn polynomials(&self, beam: Option<u64>) -> Json {
        let cadence = self.period.as_secs_f64();
        let delays = self.stations.iter().map(|station| {
            json!({
                "station_id": station,
                "substation_id": 1,
                "xypol_coeffs_ns": [f64::from(self.count), 0.0, 0.0, 0.0, 0.0, 0.0],
                "ypol_offset_ns": 0.0,
            })
        });
        let delays: Vec<_> = delays.collect();
        let mut model = json!({
            "interface": "https://schema.skao.int/ska-low-csp-delaymodel/1.0",
            "start_validity_sec": f64::from(self.count) * cadence,
            "cadence_sec": cadence,
            "validity_period_sec": 60.0 * cadence,
            "station_beam_delays": delays,
        });
        if let (Some(beam), Some(members)) = (beam, model.as_object_mut()) {
            members.insert("pst_beam_id".to_owned(), beam.into());
        }
        model
    }
}
