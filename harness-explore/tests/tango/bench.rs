//! A simulated subarray, with a bug in it or without, and clients of it.

use std::time::Duration;

use harness_core::Tracer;
use harness_core::Value;
use harness_explore::lifecycle::{Input, Lifecycle};
use harness_explore::tango::{SubarrayClients, SubarrayRules, subarray_lifecycle};
use harness_sim::zoo::PlantedBug;
use harness_sim::{RunningTelescope, SimulatedTelescope, SubarrayHandle};
use harness_tango::control_model::ObsState;
use harness_tango::device::{Routes, TangoConnector};
use harness_tango::telescope::{Telescope, Timeouts};
use tokio::runtime::{Builder, Runtime};

/// A simulated subarray, and clients of it.
pub(crate) struct Bench {
    pub(crate) runtime: Runtime,
    pub(crate) clients: SubarrayClients,
    _telescopes: Vec<Telescope>,
    pub(crate) simulated: RunningTelescope,
}

impl Bench {
    /// A subarray with this bug, transient states that last so long, and so many clients.
    pub(crate) fn new(bug: Option<PlantedBug>, dwell: Duration, clients: usize) -> Bench {
        Bench::connected(bug, dwell, (0..clients).map(|_| |straight| straight))
    }

    /// A subarray without a bug, and a client on each of these routes.
    pub(crate) fn through<R: Routes>(
        dwell: Duration,
        routes: impl IntoIterator<Item = R>,
    ) -> Bench {
        let led = |routes| |straight: TangoConnector| straight.with_routes(routes);
        Bench::connected(None, dwell, routes.into_iter().map(led))
    }

    fn connected<L: FnOnce(TangoConnector) -> TangoConnector>(
        bug: Option<PlantedBug>,
        dwell: Duration,
        ways: impl IntoIterator<Item = L>,
    ) -> Bench {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (simulated, telescopes) = runtime.block_on(async {
            let simulated = SimulatedTelescope::new()
                .with_subarrays(1)
                .with_dwell(dwell)
                .start()
                .await
                .unwrap();
            if let Some(bug) = bug {
                simulated.subarray(1).unwrap().plant(bug).unwrap().forget();
            }
            let mut telescopes = Vec::new();
            for lead in ways {
                let config = simulated.telescope_config().with_timeouts(Timeouts {
                    command: Duration::from_secs(5),
                    reach: Duration::from_secs(5),
                    recovery: Duration::from_secs(10),
                });
                let connector = TangoConnector::for_telescope(&config).await.unwrap();
                let connector = lead(connector);
                let tracer = Tracer::default();
                let telescope = Telescope::connect_with(config, &connector, &tracer).await;
                telescopes.push(telescope.unwrap());
            }
            (simulated, telescopes)
        });
        let subarrays = telescopes.iter().map(|it| it.subarray(1).unwrap());
        let clients = runtime.block_on(SubarrayClients::of(subarrays)).unwrap();
        let clients = INPUTS
            .iter()
            .fold(clients, |clients, (command, name, argument)| {
                clients.with_argument(*command, *name, Value::from(*argument))
            });
        Bench {
            runtime,
            clients,
            _telescopes: telescopes,
            simulated,
        }
    }

    /// The subarray, past Tango.
    pub(crate) fn device(&self) -> SubarrayHandle {
        self.simulated.subarray(1).unwrap()
    }
}

const BROKEN: &str = "no JSON";

const INPUTS: &[(&str, &str, &str)] = &[
    ("AssignResources", "A", r#"{"resources": ["A"]}"#),
    ("AssignResources", "B", r#"{"resources": ["B"]}"#),
    ("AssignResources", BROKEN, "{"),
    ("Configure", BROKEN, "{"),
];

/// What is said of the subarray. It is waited for longer than any command takes on a machine that does much
/// else.
pub(crate) fn lifecycle() -> Lifecycle<ObsState> {
    subarray_lifecycle(SubarrayRules::SkaTangoBase, |_| true)
        .with_inputs(
            "AssignResources",
            [Input::valid("A"), Input::valid("B"), Input::broken(BROKEN)],
        )
        .with_inputs(
            "Configure",
            [Input::valid("default"), Input::broken(BROKEN)],
        )
        .with_patience(Duration::from_secs(4))
        .with_lag(Duration::from_secs(1))
}
