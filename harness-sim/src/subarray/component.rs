//! A subarray of a subsystem: nobody is behind it, it observes itself.

use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::{DevState, ObsState};
use serde_json::Value as Json;

use super::processing::Processing;
use super::stations::absent_station;
use super::{Domain, Observation};
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Kind, Objection, Order, Refusal};
use crate::model::{CommandRule, Job, Manners};

/// A subarray of a subsystem, or one that is alone.
#[derive(Debug)]
pub(crate) struct ComponentSubarray {
    class: &'static str,
    domain: Option<Domain>,
    observation: Observation,
    processing: Processing,
    /// The stations that are not there.
    absent_stations: Arc<[u64]>,
    /// Whether its components can be used, and those of its controller.
    available: bool,
    controller_available: bool,
    /// How long its scans last, if that was said when it was configured.
    scan_duration: Option<Duration>,
}

impl ComponentSubarray {
    /// One that is alone, and takes any JSON object.
    pub(crate) fn plain() -> ComponentSubarray {
        ComponentSubarray {
            class: "SimulatedSubarray",
            domain: None,
            observation: Observation::default(),
            processing: Processing::default(),
            absent_stations: Arc::from([]),
            available: true,
            controller_available: true,
            scan_duration: None,
        }
    }

    /// One of a subsystem, which looks at what it is given.
    pub(crate) fn of(domain: Domain) -> ComponentSubarray {
        ComponentSubarray {
            class: match domain {
                Domain::Csp => "SimulatedCspSubarray",
                Domain::Sdp => "SimulatedSdpSubarray",
                Domain::Mccs => "SimulatedMccsSubarray",
            },
            domain: Some(domain),
            ..ComponentSubarray::plain()
        }
    }

    /// One of something within the central signal processor: the correlator, or pulsar timing. It
    /// shows the obsState of the CSP's subarray as often as that changes.
    pub(crate) fn within_csp(class: &'static str) -> ComponentSubarray {
        ComponentSubarray {
            class,
            ..ComponentSubarray::plain()
        }
    }

    /// These stations are not there.
    pub(crate) fn without_stations(mut self, absent: &[u64]) -> ComponentSubarray {
        self.absent_stations = absent.into();
        self
    }

    fn words_against(&self, base: &Base, job: Job, json: &Json) -> Option<String> {
        if job == Job::Assign && !(self.available && self.controller_available) {
            let whose = self.domain.map_or("subarray", Domain::key);
            return Some(format!("A component of the {whose} is not available"));
        }
        match self.domain? {
            Domain::Sdp => self.processing.objection(base.manners(), job, json),
            Domain::Mccs if job == Job::Assign => absent_station(json, &self.absent_stations),
            Domain::Mccs | Domain::Csp => None,
        }
    }

    /// Changes what only some know, and tells it.
    fn process(&mut self, base: &Base, change: impl FnOnce(&mut Processing)) {
        let attributes = [Attribute::ScanType, Attribute::ReceiveAddresses];
        let before = attributes.map(|attribute| self.value(attribute));
        change(&mut self.processing);
        for (attribute, before) in attributes.into_iter().zip(before) {
            let after = self.value(attribute);
            if let Some(value) = after.filter(|value| Some(value) != before.as_ref()) {
                base.tell(attribute, || value);
            }
        }
    }

    fn release_if_empty(&mut self, base: &Base) {
        if self.observation.holds_nothing() {
            self.process(base, Processing::release);
        }
    }
}

/// How long a scan is to last, wherever that may be said.
fn scan_duration(json: &Json) -> Option<Duration> {
    let places = [
        "/scan_duration",
        "/tmc/scan_duration",
        "/common/scan_duration",
    ];
    let mut seconds = places.iter().filter_map(|place| json.pointer(place));
    let seconds = seconds.next()?.as_f64()?;
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|time| time.as_secs() < 1_000_000_000)
}

impl Kind for ComponentSubarray {
    fn class(&self) -> &'static str {
        self.class
    }

    fn attributes(&self) -> &'static [Attribute] {
        match self.domain {
            None => Observation::ATTRIBUTES,
            Some(Domain::Csp | Domain::Mccs) => &[
                Attribute::ObsState,
                Attribute::CommandedObsState,
                Attribute::AssignedResources,
                Attribute::ScanId,
                Attribute::IsSubsystemAvailable,
            ],
            Some(Domain::Sdp) => &[
                Attribute::ObsState,
                Attribute::CommandedObsState,
                Attribute::AssignedResources,
                Attribute::ScanId,
                Attribute::IsSubsystemAvailable,
                Attribute::ScanType,
                Attribute::ReceiveAddresses,
            ],
        }
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        let text = |text: &str| Some(AttributeValue::Text(text.into()));
        match (attribute, self.domain) {
            (Attribute::IsSubsystemAvailable, Some(_)) => {
                Some(AttributeValue::Flag(self.available))
            }
            (Attribute::ScanType, Some(Domain::Sdp)) => text(&self.processing.scan_type),
            (Attribute::ReceiveAddresses, Some(Domain::Sdp)) => {
                text(&self.processing.receive_addresses)
            }
            _ => self.observation.value(attribute),
        }
    }

    fn obs_state(&self) -> Option<ObsState> {
        Some(self.observation.obs_state())
    }

    /// One that replies nothing does nothing while it is off, but to go on; and it goes on only then.
    fn permits(&self, base: &Base, rule: &'static CommandRule) -> Result<(), Refusal> {
        let (command, state) = (rule.command, base.state());
        let is_on = state == DevState::On;
        if base.manners() == Manners::Plain && is_on == (rule.job == Job::On) {
            return Err(Refusal::NotAllowed { command, state });
        }
        let obs_state = self.observation.obs_state();
        if rule.is_allowed_in(obs_state) {
            Ok(())
        } else {
            Err(Refusal::NotPermitted { command, obs_state })
        }
    }

    fn objection(&self, base: &Base, rule: &'static CommandRule, json: &Json) -> Option<Objection> {
        let reason = self.words_against(base, rule.job, json)?;
        let command = rule.command;
        Some(Objection::Refuse(Refusal::BadInput { command, reason }))
    }

    fn accept(&mut self, base: &Base, job: Job) {
        self.observation.accept(base, job);
    }

    fn command(&mut self, base: &Base, job: Job) {
        self.observation.command(base, job);
    }

    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String> {
        let job = order.job();
        if let Some(state) = job.device_state() {
            base.set_state(state);
        }
        if base.manners() == Manners::Plain {
            match job {
                Job::Off => self.observation.force(base, ObsState::Empty),
                // it always comes out of it with resources
                Job::ObsReset => self.observation.hold_resources(),
                _ => {}
            }
        }
        let performed = self.observation.perform(base, order);
        performed.map_err(|unexpected| unexpected.to_string())?;
        match job {
            Job::Configure => self.scan_duration = scan_duration(&order.json()),
            Job::Scan => base.alarm = self.scan_duration.map(|time| base.now() + time),
            Job::EndScan => base.alarm = None,
            _ => {}
        }
        self.process(base, |processing| processing.perform(job, &order.json()));
        self.release_if_empty(base);
        Ok(())
    }

    fn conclude(&mut self, base: &mut Base, job: Job) {
        self.observation.conclude(base, job);
    }

    /// A subarray is on when its controller is; that of the SDP is off when its controller is on
    /// standby. One within the CSP goes where the CSP's subarray goes.
    fn hear(&mut self, base: &mut Base, _: DeviceId, attribute: Attribute, value: &AttributeValue) {
        match (attribute, value) {
            (Attribute::State, AttributeValue::State(state)) => {
                let standby = *state == DevState::Standby && self.domain == Some(Domain::Sdp);
                base.set_state(if standby { DevState::Off } else { *state });
            }
            (Attribute::ObsState, AttributeValue::ObsState(state)) => {
                self.observation.force(base, *state);
            }
            (Attribute::IsSubsystemAvailable, AttributeValue::Flag(available)) => {
                self.controller_available = *available;
            }
            _ => {}
        }
    }

    /// A scan ends by itself when its time is over.
    fn alarm(&mut self, _: &mut Base) -> Option<Job> {
        (self.observation.obs_state() == ObsState::Scanning).then_some(Job::EndScan)
    }

    fn init(&mut self, base: &Base) -> bool {
        self.force(base, ObsState::Empty);
        true
    }

    fn force(&mut self, base: &Base, obs_state: ObsState) {
        self.observation.force(base, obs_state);
        self.release_if_empty(base);
    }

    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        match (attribute, value, self.domain) {
            (Attribute::IsSubsystemAvailable, AttributeValue::Flag(available), Some(_)) => {
                if self.available != *available {
                    self.available = *available;
                    base.tell(attribute, || value.clone());
                }
                true
            }
            (Attribute::ReceiveAddresses, AttributeValue::Text(text), Some(Domain::Sdp)) => {
                self.process(base, |processing| {
                    processing.receive_addresses = text.as_ref().to_owned();
                });
                true
            }
            _ => false,
        }
    }
}
