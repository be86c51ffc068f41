//! The subarray that is looked into: connected by so many clients, with what may be sent to it.

use std::{rc::Rc, time::Duration};

use harness_bdd::{Stop, network::ThroughGates};
use harness_chaos::Network;
use harness_core::{Tracer, Value};
use harness_explore::{
    Finding,
    lifecycle::{Input, Lifecycle},
    tango::{SubarrayClients, SubarrayRules, subarray_lifecycle},
};
use harness_sim::{RunningTelescope, SimulatedTelescope};
use harness_tango::{
    control_model::ObsState,
    device::TangoConnector,
    telescope::{Role, RoleKind, System, Telescope, TelescopeConfig, Timeouts},
};

use tokio::runtime::Runtime;

use super::{arguments::SubjectArguments, faults::FaultName};
use crate::{
    exit::Exit,
    output,
    problem::Problem,
    system::{not_connected, read_config},
    terminal::StatusLine,
};

/// What the simulated subarray needs at most.
const TIMEOUTS: Timeouts = Timeouts {
    command: Duration::from_secs(3),
    reach: Duration::from_secs(5),
    recovery: Duration::from_secs(10),
};

/// How long each transient state of the simulated subarray lasts, where nothing depends on telling what comes
/// in it from what comes after it.
pub(super) const DWELL: Duration = Duration::from_millis(20);

/// Commands that take JSON, and so can be given what is none.
const WITH_JSON: [&str; 3] = ["AssignResources", "Configure", "Scan"];

/// The name of the input that the telescope's file gives, or of the default.
const ORDINARY: &str = "default";

/// The name of an input that is no JSON.
const BROKEN: &str = "no JSON";

/// What the simulated subarray is given besides: two resources.
const RESOURCES: [(&str, &str); 2] = [
    ("A", r#"{"resources": ["A"]}"#),
    ("B", r#"{"resources": ["B"]}"#),
];

/// The subarray that is looked into.
pub(super) struct Subject {
    pub(super) clients: SubarrayClients,
    pub(super) lifecycle: Lifecycle<ObsState>,
    pub(super) name: String,
    /// Whether it is simulated in this process: then it is known what its commands do to what it holds.
    pub(super) is_simulated: bool,
    // the clients live as long as their telescopes, and the simulated one as long as this
    _telescopes: Vec<Telescope>,
    _simulated: Option<RunningTelescope>,
    _network: Network,
}

impl Subject {
    /// The same as [`connect`](Self::connect), on this runtime; none if it is to end before that.
    pub(super) fn connect_on(
        runtime: &Runtime,
        arguments: &SubjectArguments,
        faults: &[FaultName],
        line: &StatusLine,
        stop: &Stop,
    ) -> Result<Option<Subject>, Problem> {
        runtime.block_on(async {
            tokio::select! {
                subject = Subject::connect(arguments, faults, 1, DWELL, line) => subject.map(Some),
                () = stop.requested() => Ok(None),
            }
        })
    }

    /// Connects the subarray by so many clients, through a network if a fault is to be one of that. Where it
    /// is simulated, and nothing else is said, transient states last for `dwell`.
    pub(super) async fn connect(
        arguments: &SubjectArguments,
        faults: &[FaultName],
        clients: usize,
        dwell: Duration,
        line: &StatusLine,
    ) -> Result<Subject, Problem> {
        let config = config(arguments)?;
        let is_simulated = config.is_none();
        if !is_simulated && arguments.commands.is_empty() && !arguments.all_commands {
            return Err(Problem::usage(
                "it is not said which commands may be sent to this subarray",
            )
            .advise(
                "name them with --commands, or let all be sent, Abort and Restart too, with \
                 --all-commands",
            ));
        }
        let mut lifecycle = lifecycle(arguments, is_simulated)?;
        line.doing("connecting the subarray");
        let network = Network::new();
        let way = faults.iter().any(|it| it.needs_network());
        let way = way.then_some(&network);
        let (config, simulated) = match config {
            Some(config) => (config, None),
            None => {
                let simulated = simulate(arguments, dwell).await?;
                let config = simulated.telescope_config().with_timeouts(TIMEOUTS);
                let subarray = simulated.subarray(arguments.subarray);
                let subarray = subarray.map_err(Problem::usage)?;
                let faults = faults.iter().map(|fault| fault.of(&subarray, &network));
                lifecycle = faults.fold(lifecycle, Lifecycle::with_fault);
                (config, Some(simulated))
            }
        };
        let mut telescopes = Vec::new();
        for _ in 0..clients {
            telescopes.push(connect(&config, way, line).await.map_err(not_connected)?);
        }
        let mut subarrays = Vec::new();
        for telescope in &telescopes {
            let subarray = telescope.subarray(arguments.subarray);
            subarrays.push(subarray.map_err(Problem::usage)?);
        }
        let name = subarrays.first().map(|it| it.label()).unwrap_or_default();
        let clients = SubarrayClients::of(subarrays)
            .await
            .map_err(|error| Problem::new(Exit::Unreachable, error))?;
        let clients = given(clients, is_simulated);
        let clients = match arguments.commands.as_slice() {
            [] => clients,
            commands => clients.sending_only(commands.iter().cloned()),
        };
        Ok(Subject {
            clients,
            lifecycle,
            name,
            is_simulated,
            _telescopes: telescopes,
            _simulated: simulated,
            _network: network,
        })
    }
}

impl Subject {
    /// What was found of a subarray that is gone says nothing: it is not kept.
    pub(super) async fn is_still_there(&self, findings: &[Finding]) -> Result<(), Problem> {
        if findings.is_empty() || self.clients.is_reached().await {
            return Ok(());
        }
        for kept in findings.iter().filter_map(|it| it.kept_in.as_ref()) {
            // one that stays is replayed the next time, and forgotten when it passes
            let _ = std::fs::remove_file(kept);
        }
        let words = format!("{} can't be reached any more", self.name);
        Err(Problem::new(Exit::Unreachable, words).advise(
            "check that its device server runs, and begin again: what was found is not kept",
        ))
    }
}

/// The telescope of the file, or one of the one device; none for the simulated one.
fn config(arguments: &SubjectArguments) -> Result<Option<TelescopeConfig>, Problem> {
    let number = arguments.subarray;
    if let Some(device) = &arguments.device {
        let config = TelescopeConfig::new(device).with_subarray_template(device);
        return Ok(Some(config.with_subarrays([number])));
    }
    let Some(path) = &arguments.telescope else {
        return Ok(None);
    };
    let whole = read_config(path)?;
    let role = Role::of(System::Tmc, RoleKind::Subarray);
    let Some(template) = role.and_then(|role| whole.role_name(role)) else {
        return Err(
            Problem::usage(format!("{} names no subarray device", path.display()))
                .advise("add `subarray = \"..\"` under [roles]"),
        );
    };
    // nobody else is needed, and each client connects all that there is
    let config = TelescopeConfig::new(whole.name())
        .with_subarray_template(template)
        .with_subarrays([number])
        .with_timeouts(whole.timeouts())
        .with_inputs(whole.inputs().clone());
    Ok(Some(match whole.tango_host() {
        Some(host) => config.with_tango_host(host),
        None => config,
    }))
}

async fn connect(
    config: &TelescopeConfig,
    network: Option<&Network>,
    line: &StatusLine,
) -> Result<Telescope, harness_tango::telescope::ConnectError> {
    let connector = TangoConnector::for_telescope(config).await?;
    let connector = match network {
        Some(network) => connector.with_routes(ThroughGates::of(network)),
        None => connector,
    };
    let tracer = Tracer::default().with_progress(line.clone());
    Telescope::connect_with(config.clone(), &connector, &tracer).await
}

async fn simulate(
    arguments: &SubjectArguments,
    dwell: Duration,
) -> Result<RunningTelescope, Problem> {
    let simulated = SimulatedTelescope::new()
        .with_subarrays(arguments.subarray)
        .with_dwell(arguments.dwell.unwrap_or(dwell));
    let failed = |error: harness_sim::telescope::StartError| Problem::new(Exit::Failed, error);
    let simulated = simulated.start().await.map_err(failed)?;
    if let Some(bug) = arguments.bug {
        let subarray = simulated.subarray(arguments.subarray);
        let planted = subarray.map_err(Problem::usage)?.plant(bug);
        let planted = planted.map_err(|error| Problem::new(Exit::Failed, error))?;
        planted.forget();
        output::complain(format_args!("the simulated subarray has a bug: {bug}"));
    }
    Ok(simulated)
}

/// The clients, with what inputs mean.
fn given(clients: SubarrayClients, is_simulated: bool) -> SubarrayClients {
    let clients = WITH_JSON.iter().fold(clients, |clients, command| {
        clients.with_argument(*command, BROKEN, Value::from("{"))
    });
    if !is_simulated {
        return clients;
    }
    RESOURCES.iter().fold(clients, |clients, (name, argument)| {
        clients.with_argument("AssignResources", *name, Value::from(*argument))
    })
}

/// What is allowed, and what is sent.
fn lifecycle(
    arguments: &SubjectArguments,
    is_simulated: bool,
) -> Result<Lifecycle<ObsState>, Problem> {
    let rules = match arguments.rules {
        Some(name) => name.into(),
        None if is_simulated => SubarrayRules::SkaTangoBase,
        None => SubarrayRules::TelescopeManager,
    };
    let all = subarray_lifecycle(rules, |_| true);
    let known: Rc<[String]> = all.commands().iter().map(ToString::to_string).collect();
    if let Some(unknown) = arguments.commands.iter().find(|it| !known.contains(it)) {
        let words = format!("there is no command {unknown} to send");
        return Err(Problem::usage(words).advise(format!("there are {}", known.join(", "))));
    }
    let sends = |command: &str| {
        arguments.commands.is_empty() || arguments.commands.iter().any(|it| it == command)
    };
    let lifecycle = subarray_lifecycle(rules, sends).with_patience(arguments.patience);
    if let Some(state) = lifecycle.strands().first() {
        let commands = lifecycle.commands().join(", ");
        let words =
            format!("the commands lead to {state}, and none of them on to EMPTY: {commands}");
        return Err(Problem::usage(words).advise(
            "name with --commands also what leads back, as ReleaseAllResources, End, EndScan and Restart",
        ));
    }
    let taken = |command: &str| -> Vec<Input> {
        match command {
            "AssignResources" if is_simulated => RESOURCES
                .iter()
                .map(|(name, _)| Input::valid(*name))
                .collect(),
            _ => vec![Input::valid(ORDINARY)],
        }
    };
    let broken = !arguments.no_broken_inputs;
    Ok(WITH_JSON.iter().fold(lifecycle, |lifecycle, command| {
        let broken = broken.then(|| Input::broken(BROKEN));
        let inputs = taken(command).into_iter().chain(broken);
        lifecycle.with_inputs(*command, inputs)
    }))
}
