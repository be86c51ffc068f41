//! `harness reach`: brings a subarray to an obsState.

use std::{convert::Infallible, future::pending};

use harness_bdd::Stop;
use harness_core::{
    Journal, Timeout,
    state_machine::{Cancel, NavigationError, StepMoment},
};
use harness_tango::{
    control_model::ObsState,
    subarray::{Reach, ReachError, Subarray},
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
    arguments.via.check()?;
    let line = StatusLine::new();
    let stop = stop_on_interrupt("ending; the subarray stays where it is");
    let system = tokio::select! {
        system = System::connect(config, preset(None)?, Journal::new(), &line, None, arguments.via) => system,
        () = stop.requested() => return Ok(Exit::Interrupted),
    }?;
    let done = connected(&system, &arguments, through, target, &line, &stop).await;
    line.end();
    system.end().await;
    done
}

async fn connected(
    system: &System,
    arguments: &ReachArguments,
    through: Vec<ObsState>,
    target: ObsState,
    line: &StatusLine,
    stop: &Stop,
) -> Result<Exit, Problem> {
    let subarray = system
        .telescope
        .subarray(arguments.subarray)
        .map_err(Problem::usage)?;
    let reach = subarray.reach(target).passing_through(through);
    if arguments.dry_run {
        return tokio::select! {
            done = plan(&subarray, reach) => done,
            () = stop.requested() => Ok(Exit::Interrupted),
        };
    }
    let reach = match arguments.timeout {
        Some(timeout) => reach.within(Timeout::new(timeout)),
        None => reach,
    };
    line.doing(format!(
        "bringing subarray {} to {target}",
        subarray.number()
    ));
    go(&subarray, reach, line, stop).await
}

/// Goes there, and if Ctrl-C calls it off, says where it stopped.
async fn go(
    subarray: &Subarray,
    reach: Reach,
    line: &StatusLine,
    stop: &Stop,
) -> Result<Exit, Problem> {
    let number = subarray.number();
    let cancel = Cancel::new();
    let reach = reach
        .cancelled_by(&cancel)
        .with_step_hook(showing(number, line.clone()));
    let cancelling = async {
        stop.requested().await;
        cancel.cancel();
        pending::<Infallible>().await
    };
    let arrival = tokio::select! {
        arrival = reach => arrival,
        never = cancelling => match never {},
    };
    line.end();
    match arrival {
        Ok(arrival) => {
            output::say(format_args!("subarray {number}: {arrival}"));
            Ok(Exit::Passed)
        }
        Err(NavigationError::Cancelled(account)) => {
            output::complain(format_args!("subarray {number}: {account}"));
            Ok(Exit::Interrupted)
        }
        Err(error) => Err(unreached(error)),
    }
}

/// Shows each step on the status line.
fn showing(
    number: u32,
    line: StatusLine,
) -> impl Fn(StepMoment<ObsState>) -> std::future::Ready<Result<(), Infallible>> {
    move |moment| {
        if let StepMoment::Before(step) = moment {
            let (name, from, to) = (step.name(), step.from(), step.to());
            line.doing(format!("subarray {number}: {name}, {from} -> {to}"));
        }
        std::future::ready(Ok(()))
    }
}

async fn plan(subarray: &Subarray, reach: Reach) -> Result<Exit, Problem> {
    let plan = reach.plan().await.map_err(|error| match &error {
        NavigationError::Observe { .. } => Problem::new(Exit::Unreachable, error),
        _ => unreached(error),
    })?;
    output::say(format_args!("subarray {}: {plan:#}", subarray.number()));
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
