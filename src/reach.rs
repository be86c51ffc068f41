//! `harness reach`: brings a subarray to an obsState.

use harness_core::{Journal, Timeout, state_machine::NavigationError};
use harness_tango::{
    control_model::ObsState,
    subarray::{ReachError, Subarray},
    telescope::TelescopeConfig,
};

use crate::{
    arguments::ReachArguments,
    exit::Exit,
    interrupt::stop_on_interrupt,
    output,
    problem::Problem,
    system::{System, preset, read_config},
    terminal::StatusLine,
};

/// Where to look if there is no way.
const DRAW: &str = "`harness graph` draws the ways there are";

/// Reaches the state, or with `--dry-run` says how it would.
pub(crate) async fn reach(arguments: ReachArguments) -> Result<Exit, Problem> {
    let target = state(&arguments.state)?;
    let through = arguments.through.iter().map(|word| state(word));
    let through = through.collect::<Result<Vec<_>, _>>()?;
    let config = config(&arguments)?;
    let line = StatusLine::new();
    let stop = stop_on_interrupt("ending; the subarray stays where it is");
    let done = tokio::select! {
        done = connected(&arguments, config, through, target, &line) => done,
        () = stop.requested() => Ok(Exit::Interrupted),
    };
    line.end();
    done
}

async fn connected(
    arguments: &ReachArguments,
    config: Option<TelescopeConfig>,
    through: Vec<ObsState>,
    target: ObsState,
    line: &StatusLine,
) -> Result<Exit, Problem> {
    let system = System::connect(config, preset(None)?, Journal::new(), line).await?;
    let subarray = system
        .telescope
        .subarray(arguments.subarray)
        .map_err(Problem::usage)?;
    let done = if arguments.dry_run {
        plan(&subarray, &through, target).await
    } else {
        go(
            &subarray,
            through,
            target,
            arguments.timeout.map(Timeout::new),
            line,
        )
        .await
    };
    system.end().await;
    done
}

async fn go(
    subarray: &Subarray,
    through: Vec<ObsState>,
    target: ObsState,
    timeout: Option<Timeout>,
    line: &StatusLine,
) -> Result<Exit, Problem> {
    line.doing(format!(
        "bringing subarray {} to {target}",
        subarray.number()
    ));
    let reach = subarray.reach(target).passing_through(through);
    let reach = match timeout {
        Some(timeout) => reach.within(timeout),
        None => reach,
    };
    let arrival = reach.await;
    line.end();
    output::say(format_args!(
        "subarray {}: {}",
        subarray.number(),
        arrival.map_err(unreached)?
    ));
    Ok(Exit::Passed)
}

async fn plan(
    subarray: &Subarray,
    through: &[ObsState],
    target: ObsState,
) -> Result<Exit, Problem> {
    let mut from = subarray
        .obs_state()
        .await
        .map_err(|e| Problem::new(Exit::Unreachable, e))?;
    for state in through.iter().chain([&target]) {
        let graph = subarray.machine().graph();
        let plan = graph.plan(&from, state).ok_or_else(|| {
            Problem::new(Exit::Failed, format!("no way leads from {from} to {state}")).advise(DRAW)
        })?;
        output::say(format_args!("subarray {}: {plan}", subarray.number()));
        from = *state;
    }
    Ok(Exit::Passed)
}

fn state(word: &str) -> Result<ObsState, Problem> {
    word.parse().map_err(Problem::usage)
}

/// The telescope of the file, or one that consists of the one device.
fn config(arguments: &ReachArguments) -> Result<Option<TelescopeConfig>, Problem> {
    if let Some(path) = &arguments.telescope {
        return read_config(path).map(Some);
    }
    Ok(arguments.device.as_ref().map(|device| {
        TelescopeConfig::new(device)
            .with_subarray_template(device)
            .with_subarrays([arguments.subarray])
    }))
}

fn unreached(error: ReachError) -> Problem {
    let advice = match &error {
        NavigationError::NoPath(_) => DRAW,
        NavigationError::Observe { .. } => "check that the device is up and has an obsState",
        _ => "`--through ABORTED` aborts and restarts first; `--timeout` gives it more time",
    };
    Problem::new(Exit::Failed, error).advise(advice)
}
