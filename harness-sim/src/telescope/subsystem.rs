//! Builds the subsystems of a telescope: controllers, subarrays, dishes, and the telescope manager's
//! nodes before them.

use std::sync::Arc;
use std::time::Duration;

use super::construction::Builder;
use crate::attribute::Attribute;
use crate::controller::Controller;
use crate::device::DeviceId;
use crate::dish::Dish;
use crate::leaf::{DishLeaf, MasterLeaf, Part, SubarrayLeaf};
use crate::model::{CommandTable, Manners, Progression};
use crate::preset::DeviceRole;
use crate::subarray::{ComponentSubarray, Domain};
use crate::transition::InstanceError;

/// What the devices of one subsystem are called, for testers that set their transitions.
const fn models(domain: Domain) -> [&'static str; 2] {
    match domain {
        Domain::Csp => ["csp::controller", "csp::subarray"],
        Domain::Sdp => ["sdp::controller", "sdp::subarray"],
        Domain::Mccs => ["mccs::controller", "mccs::subarray"],
    }
}

/// A subsystem, as far as it was built.
pub(super) struct Subsystem {
    pub(super) domain: Domain,
    pub(super) controller: Option<DeviceId>,
    pub(super) master: Option<Part>,
    pub(super) subarrays: Vec<DeviceId>,
    /// What a subarray node talks to, by the number of the subarray from 0.
    pub(super) nodes: Vec<Part>,
}

impl Builder<'_> {
    /// Builds a subsystem, as far as the preset has it.
    pub(super) fn subsystem(&mut self, domain: Domain) -> Result<Subsystem, InstanceError> {
        let [controller, master, subarray, leaf] = DeviceRole::of(domain);
        let [controller_model, subarray_model] = models(domain);
        let mut subsystem = Subsystem {
            domain,
            controller: None,
            master: None,
            subarrays: Vec::new(),
            nodes: Vec::new(),
        };
        let table = self.of.preset.commands(subarray);
        let table = table.unwrap_or(CommandTable::SKA_TANGO_BASE);
        let plain = table.manners() == Manners::Plain;
        if let Some(name) = self.of.preset.names(controller).pop() {
            let kind = Controller::of(domain);
            let table = if plain {
                CommandTable::SDP_LMC_CONTROLLER
            } else {
                CommandTable::CONTROLLER
            };
            let state = self.of.preset.state_of(controller);
            let part = self.component(name, controller_model, table, state, kind)?;
            subsystem.controller = Some(part.id);
            subsystem.master = Some(part.clone());
            if let Some(name) = self.of.preset.names(master).pop() {
                let leaf = MasterLeaf::new(part.clone());
                let table = CommandTable::MASTER_LEAF;
                let leaf = self.leaf(name, "tmc::master_leaf_node", table, leaf)?;
                self.world.listen(leaf.id, part.id, Attribute::AdminMode);
                subsystem.master = Some(leaf);
            }
        }
        let mut leaves = self.of.preset.names(leaf).into_iter();
        for name in self.of.preset.names(subarray) {
            let kind = ComponentSubarray::of(domain);
            let kind = kind.without_stations(&self.of.preset.absent_stations);
            let state = self.of.preset.state_of(subarray);
            let part = self.component(name, subarray_model, table, state, kind)?;
            subsystem.subarrays.push(part.id);
            if let Some(controller) = subsystem.controller {
                let available = Attribute::IsSubsystemAvailable;
                self.world.listen(part.id, controller, available);
            }
            // one that is switched by itself does not follow its controller
            if let Some(controller) = subsystem.controller.filter(|_| !plain) {
                self.world.listen(part.id, controller, Attribute::State);
            }
            subsystem.nodes.push(match leaves.next() {
                Some(name) => self.subarray_leaf(name, domain, part)?,
                None => part,
            });
        }
        Ok(subsystem)
    }

    fn subarray_leaf(
        &mut self,
        name: String,
        domain: Domain,
        part: Part,
    ) -> Result<Part, InstanceError> {
        let of = part.id;
        let table = CommandTable::SUBARRAY_LEAF;
        let kind = SubarrayLeaf::new(domain, part, self.delay_period());
        let leaf = self.leaf(name, "tmc::subarray_leaf_node", table, kind)?;
        self.world.listen(leaf.id, of, Attribute::ObsState);
        self.world.listen(leaf.id, of, Attribute::AdminMode);
        Ok(leaf)
    }

    /// How often delays are computed: as the preset says, or else 20 times as long as a transient
    /// state lasts, within reason. In reality it is 10 s.
    fn delay_period(&self) -> Duration {
        const SHORTEST: Duration = Duration::from_millis(100);
        const LONGEST: Duration = Duration::from_secs(10);
        let given = self.of.preset.delay_model_period;
        // none at all would leave no time for anything else
        let given = given.map(|period| period.max(Duration::from_millis(1)));
        given.unwrap_or_else(|| {
            let dwell = match self.of.delays.of_all() {
                Progression::After(dwell) => dwell,
                _ => Duration::ZERO,
            };
            dwell.saturating_mul(20).clamp(SHORTEST, LONGEST)
        })
    }

    /// What is within the CSP: the correlator and pulsar timing, which go where the CSP goes.
    pub(super) fn within_csp(&mut self, csp: &Subsystem) -> Result<(), InstanceError> {
        let preset = self.of.preset;
        if let (Some(name), Some(controller)) = (
            preset.names(DeviceRole::CbfController).pop(),
            csp.controller,
        ) {
            let kind = Controller::named("SimulatedCbfController");
            let state = preset.state_of(DeviceRole::CbfController);
            let table = CommandTable::CONTROLLER;
            let part = self.component(name, "cbf::controller", table, state, kind)?;
            self.world.listen(part.id, controller, Attribute::State);
        }
        for (role, model, class) in [
            (
                DeviceRole::CbfSubarray,
                "cbf::subarray",
                "SimulatedCbfSubarray",
            ),
            (DeviceRole::PstBeam, "pst::beam", "SimulatedPstBeam"),
        ] {
            let table = preset.commands(role);
            let table = table.unwrap_or(CommandTable::SKA_TANGO_BASE);
            for (name, subarray) in preset.names(role).into_iter().zip(&csp.subarrays) {
                let kind = ComponentSubarray::within_csp(class);
                let part = self.component(name, model, table, preset.state_of(role), kind)?;
                self.world.listen(part.id, *subarray, Attribute::State);
                self.world.listen(part.id, *subarray, Attribute::ObsState);
            }
        }
        Ok(())
    }

    /// The leaf nodes of the dishes, by the names of the dishes.
    pub(super) fn dishes(&mut self) -> Result<Vec<(Arc<str>, Part)>, InstanceError> {
        let names = self.of.preset.names(DeviceRole::Dish);
        let leaves = self.of.preset.names(DeviceRole::DishLeaf);
        let dishes = self.of.preset.dishes.iter();
        let all: Vec<_> = dishes.zip(names).zip(leaves).collect();
        let mut built = Vec::new();
        for ((dish, name), leaf) in all {
            let part = self.component(
                name,
                "mid::dish",
                CommandTable::DISH,
                Dish::state_at_first(),
                Dish::new(),
            )?;
            let of = part.id;
            let kind = DishLeaf::new(part);
            let leaf = self.leaf(leaf, "tmc::dish_leaf_node", CommandTable::DISH_LEAF, kind)?;
            for attribute in [
                Attribute::DishMode,
                Attribute::PointingState,
                Attribute::ConfiguredBand,
            ] {
                self.world.listen(leaf.id, of, attribute);
            }
            built.push((Arc::from(dish.as_str()), leaf));
        }
        Ok(built)
    }
}
