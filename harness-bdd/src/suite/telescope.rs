//! A suite on a telescope.

use std::sync::Arc;

use cucumber::World;
use harness_tango::telescope::{Telescope, Timeouts};

use super::Suite;
use crate::{HasTelescope, StepLimits};

impl<W: World + HasTelescope> Suite<W> {
    /// Runs the scenarios on this telescope: gives it to each World, and puts it back after each
    /// scenario (see [`TelescopeSession::restore`](crate::TelescopeSession::restore)). The time limit
    /// of a step becomes what the slowest way on this telescope may take, and the times in the report
    /// are those of the telescope's journal.
    pub fn on_telescope(self, telescope: Arc<Telescope>) -> Self {
        let Timeouts {
            command,
            reach,
            recovery,
            ..
        } = telescope.config().timeouts();
        let devices: Vec<String> = telescope
            .config()
            .device_names()
            .map(str::to_owned)
            .collect();
        let deadline = (command + reach + recovery).max(StepLimits::DEFAULT_DEADLINE);
        self.with_step_deadline(deadline)
            .with_journal(telescope.tracer().journal().clone())
            .named(telescope.config().name())
            .with_devices(devices)
            .watching(telescope.devices().map(|(_, device)| device.clone()))
            .set_up_knowing_scenario(move |world, scenario| {
                world.session().attach(Arc::clone(&telescope));
                Box::pin(async move { Ok(world.session().prepare(scenario).await?) })
            })
            .finish(|world| {
                let checked = world.session().check_refusals();
                Box::pin(async { Ok(checked?) })
            })
            .tear_down(|world| Box::pin(async { Ok(world.session().restore().await.map(drop)?) }))
    }

    /// Says that the telescope is connected through this network, so that lines about it can be used:
    /// see [`ThroughGates`](crate::network::ThroughGates). What is left to chance begins anew with each
    /// scenario, so that one can be repeated alone, by the seed of the network.
    #[cfg(feature = "chaos")]
    pub fn through(self, network: harness_chaos::Network) -> Self {
        self.set_up(move |world| {
            network.draw_anew();
            world.session().attach_network(network.clone());
            Box::pin(async { Ok(()) })
        })
    }

    /// Says that the telescope is simulated in this process, so that lines about its transitions can
    /// be used.
    #[cfg(feature = "sim")]
    pub fn on_simulated(self, telescope: harness_sim::TelescopeHandle) -> Self {
        self.set_up(move |world| {
            world.session().attach_simulated(telescope.clone());
            Box::pin(async { Ok(()) })
        })
    }
}
