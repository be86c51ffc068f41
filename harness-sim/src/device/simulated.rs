//! The simulated device: what it is made of, and what can be read of it.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState, TaskStatus};
use tokio::time::Instant;

use super::{Base, DeviceId, DeviceSettings, Kind, Outlet, model_of};
use crate::attribute::{Attribute, AttributePort, AttributeValue};
use crate::model::{CommandTable, Delays, Progression};
use crate::subarray::ComponentSubarray;
use crate::transition::{Instance, TransitionController};
use crate::zoo::{Infested, PlantedBug};

/// How many received commands `commandCallInfo` shows.
pub const CALL_CAPACITY: usize = 100;

/// A simulated device, without a wire.
///
/// Nothing happens by itself: its owner calls [`advance`](Self::advance) when
/// [`next_due`](Self::next_due) says so. Every change of an attribute goes to the port, in order.
///
/// ```
/// use std::sync::Arc;
///
/// use harness_sim::attribute::{Attribute, AttributeValue};
/// use harness_sim::device::SimulatedDevice;
/// use harness_tango::control_model::{ObsState, ResultCode};
/// use tokio::time::Instant;
///
/// # fn main() -> Result<(), harness_sim::device::Refusal> {
/// let port = |attribute: Attribute, value: AttributeValue| println!("{attribute}: {value:?}");
/// let mut subarray = SimulatedDevice::subarray("low-tmc/subarray/01", Arc::new(port));
/// let reply = subarray.submit("AssignResources", r#"{"subarray_id": 1}"#, Instant::now())?;
/// assert_eq!(reply.code, ResultCode::Queued);
/// assert_eq!(subarray.obs_state(), Some(ObsState::Idle));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SimulatedDevice {
    pub(super) base: Base,
    pub(super) kind: Box<dyn Kind>,
}

/// The model of a subarray that is alone.
pub(crate) const SUBARRAY_ALONE: &str = "tango::subarray";

/// An instance of a controller of its own.
#[expect(
    clippy::expect_used,
    reason = "the model was registered in the line before, and there is no other instance"
)]
fn instance_alone(name: &str, table: CommandTable, delays: &Delays) -> Instance {
    let controller = TransitionController::new();
    controller.register(model_of(SUBARRAY_ALONE, [table], delays));
    controller
        .instance(name, SUBARRAY_ALONE)
        .expect("its model is registered")
}

impl SimulatedDevice {
    /// A subarray that is alone, ON, ONLINE and EMPTY, has the commands of `ska-tango-base`, and
    /// does them at once.
    #[must_use]
    pub fn subarray(name: impl Into<Arc<str>>, port: Arc<dyn AttributePort>) -> SimulatedDevice {
        let name = name.into();
        let table = CommandTable::SKA_TANGO_BASE;
        let delays = Delays::new(Progression::Immediate);
        let instance = instance_alone(&name, table, &delays);
        let settings = DeviceSettings::new(SUBARRAY_ALONE, instance, table);
        let outlet = Outlet::alone(Arc::clone(&name), port);
        let kind = ComponentSubarray::plain();
        SimulatedDevice::new(name, settings, Box::new(kind), outlet)
    }

    pub(crate) fn new(
        name: Arc<str>,
        settings: DeviceSettings,
        kind: Box<dyn Kind>,
        outlet: Outlet,
    ) -> SimulatedDevice {
        SimulatedDevice {
            base: Base::new(name, settings, Arc::new(outlet)),
            kind,
        }
    }

    /// A device that is alone does its commands in other times.
    #[must_use]
    pub fn with_delays(self, delays: &Delays) -> SimulatedDevice {
        let model = model_of(self.base.model, [self.base.table], delays);
        self.base.instance.controller().register(model);
        self
    }

    /// Puts a bug into the device, which shows while `on` says so.
    pub(crate) fn plant(&mut self, bug: PlantedBug, on: Arc<AtomicBool>) {
        // somebody has to stand in for the kind while it is put into another one
        let standing_in = Box::new(ComponentSubarray::plain());
        let sound = std::mem::replace(&mut self.kind, standing_in);
        self.kind = Box::new(Infested::new(sound, bug, on));
    }

    /// Where testers set how its transitions go.
    #[must_use]
    pub fn transitions(&self) -> &TransitionController {
        self.base.instance.controller()
    }

    /// The name of the device.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.base.name
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.base.name)
    }

    pub(crate) fn id(&self) -> DeviceId {
        self.base.id()
    }

    /// The name of its class.
    #[must_use]
    pub fn class(&self) -> &'static str {
        self.kind.class()
    }

    /// The kind of device whose transitions a tester can set, as `csp::subarray`.
    #[must_use]
    pub const fn model(&self) -> &'static str {
        self.base.model
    }

    /// Its commands.
    #[must_use]
    pub const fn commands(&self) -> CommandTable {
        self.base.table
    }

    /// Its attributes.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute> + use<> {
        let all = Base::ATTRIBUTES.iter();
        all.chain(self.kind.attributes()).copied()
    }

    /// The attributes that only devices of its kind have.
    pub(crate) fn own_attributes(&self) -> &'static [Attribute] {
        self.kind.attributes()
    }

    /// The observation state, if it is a device that has one.
    #[must_use]
    pub fn obs_state(&self) -> Option<ObsState> {
        self.kind.obs_state()
    }

    /// The state that every device has.
    #[must_use]
    pub const fn state(&self) -> DevState {
        self.base.state()
    }

    /// How it is administered.
    #[must_use]
    pub const fn admin_mode(&self) -> AdminMode {
        self.base.admin_mode()
    }

    /// How well it is.
    #[must_use]
    pub const fn health_state(&self) -> HealthState {
        self.base.health_state()
    }

    /// Reads an attribute as a client does, which a command may be waiting for
    /// ([`Progression::AfterReads`](crate::model::Progression::AfterReads)).
    pub fn read(&mut self, attribute: Attribute, now: Instant) -> AttributeValue {
        self.advance(now);
        if Some(attribute) == self.watched() {
            self.count_read(now);
        }
        self.value(attribute)
    }

    /// The attribute whose reads count: obsState, the first state of its own, or else State.
    pub(crate) fn watched(&self) -> Option<Attribute> {
        if self.kind.obs_state().is_some() {
            Some(Attribute::ObsState)
        } else {
            let own = self.kind.attributes().first().copied();
            // whether something can be used is no state
            let own = own.filter(|own| *own != Attribute::IsSubsystemAvailable);
            own.or(Some(Attribute::State))
        }
    }

    /// The value of an attribute; an empty list for one that the device does not have.
    #[must_use]
    pub fn value(&self, attribute: Attribute) -> AttributeValue {
        let own = self.kind.value(attribute);
        own.or_else(|| self.base.value(attribute))
            .unwrap_or(AttributeValue::Texts(Vec::new()))
    }

    /// The status of a long running command; NOT_FOUND if its id is unknown or forgotten.
    #[must_use]
    pub fn command_status(&self, id: &str) -> TaskStatus {
        self.base.book.status(id)
    }

    /// The commands that were received and neither refused nor malformed, with their arguments,
    /// the last hundred.
    #[must_use]
    pub fn calls(&self) -> Vec<[Arc<str>; 2]> {
        self.base.calls.iter().cloned().collect()
    }
}
