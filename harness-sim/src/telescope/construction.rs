//! Builds the devices of a telescope, and lets them know each other.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::{AdminMode, DevState};
use tango_wire::server::{DeviceLogs, EventPublisher};

use super::subsystem::Subsystem;
use crate::attribute::{Attribute, AttributePort};
use crate::device::{DeviceId, DeviceSettings, Kind, SUBARRAY_ALONE, model_of};
use crate::leaf::Part;
use crate::live::{DeviceHandle, SubarrayHandle};
use crate::model::{CommandTable, Delays, Progression};
use crate::preset::{DeviceRole, Preset};
use crate::subarray::{ComponentSubarray, Domain};
use crate::tmc::{CentralNode, DishPart, SubarrayNode, SubarrayPart};
use crate::transition::{InstanceError, TransitionController};
use crate::wire::{DeviceLog, EventBursts, EventPort, Line};
use crate::world::{Shared, TelescopeHandle, WorldBuilder};

/// What a telescope is built from.
pub(super) struct Construction<'a> {
    pub(super) preset: &'a Preset,
    pub(super) delays: &'a Delays,
    pub(super) commands: Option<CommandTable>,
    pub(super) transitions: &'a TransitionController,
    pub(super) manual_clock: bool,
    pub(super) event_period: Option<Duration>,
}

/// The devices of a telescope, living.
#[derive(Debug)]
pub(super) struct Constructed {
    pub(super) handle: TelescopeHandle,
    /// With what lies between each and its clients.
    pub(super) devices: Vec<(DeviceHandle, Arc<Line>)>,
    pub(super) subarrays: Vec<SubarrayHandle>,
}

/// Builds the devices of a telescope: those first that others know.
pub(super) fn construct(
    of: Construction<'_>,
    events: &EventPublisher,
    logs: &DeviceLogs,
) -> Result<Constructed, InstanceError> {
    let world = WorldBuilder::new();
    let world = if of.manual_clock {
        world.with_manual_clock()
    } else {
        world
    };
    let bursts = of.event_period.map(EventBursts::spawn);
    let mut builder = Builder {
        of,
        world,
        events,
        logs,
        bursts,
        ids: Vec::new(),
        lines: Vec::new(),
    };
    let subarrays = builder.build()?;
    let Builder {
        of,
        world,
        ids,
        lines,
        ..
    } = builder;
    let changes = world.changes();
    let shared = Shared::spawn(world.build(), changes, of.transitions.clone());
    let handle = |id: &DeviceId| DeviceHandle::new(Arc::clone(&shared), *id);
    shared.connect(lines.clone());
    Ok(Constructed {
        devices: ids.iter().map(handle).zip(lines).collect(),
        subarrays: subarrays
            .iter()
            .map(|id| SubarrayHandle::new(handle(id)))
            .collect(),
        handle: TelescopeHandle::new(shared),
    })
}

pub(super) struct Builder<'a> {
    pub(super) of: Construction<'a>,
    pub(super) world: WorldBuilder,
    events: &'a EventPublisher,
    logs: &'a DeviceLogs,
    bursts: Option<EventBursts>,
    ids: Vec<DeviceId>,
    lines: Vec<Arc<Line>>,
}

impl Builder<'_> {
    /// Builds all devices; the subarrays that tests talk to.
    fn build(&mut self) -> Result<Vec<DeviceId>, InstanceError> {
        let subsystems = [Domain::Csp, Domain::Sdp, Domain::Mccs]
            .into_iter()
            .map(|domain| self.subsystem(domain))
            .collect::<Result<Vec<_>, _>>()?;
        for csp in subsystems.iter().filter(|one| one.domain == Domain::Csp) {
            self.within_csp(csp)?;
        }
        let dishes = self.dishes()?;
        let alone = subsystems
            .iter()
            .all(|subsystem| subsystem.nodes.is_empty());
        let mut subarrays = Vec::new();
        for (index, name) in self
            .of
            .preset
            .names(DeviceRole::Subarray)
            .into_iter()
            .enumerate()
        {
            subarrays.push(if alone {
                self.subarray_alone(name)?
            } else {
                self.subarray_node(name, index, &subsystems, &dishes)?
            });
        }
        if subarrays.is_empty() {
            let role = self.of.preset.role_of_subarrays();
            let mut own = subsystems.iter().filter(|subsystem| {
                let [_, _, subarray, _] = DeviceRole::of(subsystem.domain);
                Some(subarray) == role
            });
            let own = own.next();
            subarrays = own.map_or_else(Vec::new, |own| own.subarrays.clone());
        }
        if let Some(name) = self.of.preset.names(DeviceRole::CentralNode).pop() {
            self.central_node(name, &subarrays, &subsystems, &dishes)?;
        }
        Ok(subarrays)
    }

    fn subarray_alone(&mut self, name: String) -> Result<DeviceId, InstanceError> {
        let table = self.table_of_subarrays(CommandTable::SKA_TANGO_BASE);
        let kind = ComponentSubarray::plain();
        let state = self.of.preset.state_of(DeviceRole::Subarray);
        let part = self.component(name, SUBARRAY_ALONE, table, state, kind)?;
        Ok(part.id)
    }

    fn table_of_subarrays(&self, usual: CommandTable) -> CommandTable {
        let chosen = self.of.preset.commands(DeviceRole::Subarray);
        self.of.commands.or(chosen).unwrap_or(usual)
    }

    fn subarray_node(
        &mut self,
        name: String,
        index: usize,
        subsystems: &[Subsystem],
        dishes: &[(Arc<str>, Part)],
    ) -> Result<DeviceId, InstanceError> {
        let nodes = subsystems.iter().filter_map(|subsystem| {
            let node = subsystem.nodes.get(index)?.clone();
            Some((subsystem.domain, node))
        });
        let nodes: Vec<_> = nodes.collect();
        let parts = nodes.iter().cloned();
        let parts = parts.map(|(domain, node)| SubarrayPart::new(domain, node));
        let dish_parts = dishes
            .iter()
            .map(|(dish, leaf)| DishPart::new(Arc::clone(dish), leaf.clone()));
        let kind = SubarrayNode::new(
            self.of.preset.telescope,
            parts.collect(),
            dish_parts.collect(),
        );
        let table = self.table_of_subarrays(CommandTable::TMC);
        let timeout = self.of.preset.timeouts.subarray;
        let node = self.node(name, "tmc::subarray_node", table, timeout, kind)?;
        for subsystem in subsystems {
            if let Some(subarray) = subsystem.subarrays.get(index) {
                self.world
                    .listen(node.id, *subarray, Attribute::HealthState);
            }
        }
        for (domain, part) in nodes {
            // of a leaf node and of a subarray alike: the one has one attribute, the other the other
            self.world.listen(node.id, part.id, domain.mirror());
            self.world.listen(node.id, part.id, Attribute::ObsState);
        }
        for (_, leaf) in dishes {
            for attribute in [Attribute::DishMode, Attribute::PointingState] {
                self.world.listen(node.id, leaf.id, attribute);
            }
        }
        Ok(node.id)
    }

    fn central_node(
        &mut self,
        name: String,
        subarrays: &[DeviceId],
        subsystems: &[Subsystem],
        dishes: &[(Arc<str>, Part)],
    ) -> Result<(), InstanceError> {
        let names = self.of.preset.names(DeviceRole::Subarray);
        let numbered = (1u64..).zip(subarrays.iter().zip(names));
        let nodes: BTreeMap<u64, Part> = numbered
            .map(|(number, (id, name))| {
                let trl = name.into();
                (number, Part { id: *id, trl })
            })
            .collect();
        let masters: Vec<Part> = subsystems
            .iter()
            .filter_map(|subsystem| subsystem.master.clone())
            .collect();
        let leaves = dishes.iter().map(|(_, leaf)| leaf.clone());
        let csp = subsystems.iter().filter(|one| one.domain == Domain::Csp);
        let stays_on = csp.flat_map(|csp| {
            let switch = csp.master.as_ref().map(|master| master.id);
            csp.controller.into_iter().chain(switch)
        });
        let stays_on = stays_on.collect();
        let kind = CentralNode::new(nodes, masters.clone(), leaves.collect(), stays_on);
        let timeout = self.of.preset.timeouts.central_node;
        let table = CommandTable::CENTRAL_NODE;
        let node = self.node(name, "tmc::central_node", table, timeout, kind)?;
        for subsystem in subsystems {
            if let Some(controller) = subsystem.controller {
                self.world.listen(node.id, controller, Attribute::State);
                self.world
                    .listen(node.id, controller, Attribute::HealthState);
            }
        }
        for subarray in subarrays {
            self.world
                .listen(node.id, *subarray, Attribute::HealthState);
        }
        for master in masters {
            let available = Attribute::IsSubsystemAvailable;
            self.world.listen(node.id, master.id, available);
        }
        for (_, leaf) in dishes {
            self.world.listen(node.id, leaf.id, Attribute::DishMode);
        }
        Ok(())
    }

    /// A device of a subsystem: it takes its time.
    pub(super) fn component(
        &mut self,
        name: String,
        model: &'static str,
        table: CommandTable,
        state: DevState,
        kind: impl Kind + 'static,
    ) -> Result<Part, InstanceError> {
        let admin_mode = match model {
            "mid::dish" => AdminMode::Online,
            _ => self.of.preset.admin_mode,
        };
        let delays = self.of.delays.clone();
        self.device(name, model, table, &delays, kind, |settings| {
            settings.state = state;
            settings.admin_mode = admin_mode;
        })
    }

    pub(super) fn leaf(
        &mut self,
        name: String,
        model: &'static str,
        table: CommandTable,
        kind: impl Kind + 'static,
    ) -> Result<Part, InstanceError> {
        let timeout = self.of.preset.timeouts.leaf_node;
        self.node(name, model, table, timeout, kind)
    }

    /// A node of the telescope manager: on, and it takes no time of its own.
    fn node(
        &mut self,
        name: String,
        model: &'static str,
        table: CommandTable,
        timeout: Duration,
        kind: impl Kind + 'static,
    ) -> Result<Part, InstanceError> {
        let delays = Delays::new(Progression::Immediate);
        self.device(name, model, table, &delays, kind, |settings| {
            settings.state = DevState::On;
            settings.timeout = timeout;
        })
    }

    fn device(
        &mut self,
        name: String,
        model: &'static str,
        table: CommandTable,
        delays: &Delays,
        kind: impl Kind + 'static,
        adjust: impl FnOnce(&mut DeviceSettings),
    ) -> Result<Part, InstanceError> {
        let transitions = self.of.transitions;
        if transitions.model(model).is_none() {
            transitions.register(model_of(model, [table], delays));
        }
        let instance = transitions.instance(&name, model)?;
        let mut settings = DeviceSettings::new(model, instance, table);
        adjust(&mut settings);
        let name: Arc<str> = name.into();
        let log = DeviceLog::new(Arc::clone(&name), self.logs.clone());
        settings.log = Some(Arc::new(log));
        let line = Arc::new(Line::new(Arc::clone(&name), self.events.clone()));
        let port = EventPort::new(&line);
        self.lines.push(line);
        let port: Arc<dyn AttributePort> = match &self.bursts {
            Some(bursts) => Arc::new(bursts.port(port)),
            None => Arc::new(port),
        };
        let id = self
            .world
            .add(Arc::clone(&name), settings, Box::new(kind), port);
        self.ids.push(id);
        Ok(Part { id, trl: name })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use tango_wire::server::{DeviceLogs, EventPublisher};

    use super::{Construction, construct};
    use crate::model::Delays;
    use crate::preset::Preset;
    use crate::transition::TransitionController;
    use crate::world::TelescopeHandle;

    /// A telescope without a wire, whose clock a test turns.
    pub(crate) fn constructed(
        preset: &Preset,
        delays: &Delays,
        transitions: &TransitionController,
    ) -> TelescopeHandle {
        let construction = Construction {
            preset,
            delays,
            commands: None,
            transitions,
            manual_clock: true,
            event_period: None,
        };
        let constructed = construct(construction, &EventPublisher::new(), &DeviceLogs::new());
        constructed.expect("the controller is new").handle
    }
}
