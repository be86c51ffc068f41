//! What is known of the devices of a load: their replies, their results and their rules.

use std::time::Duration;

use harness_explore::{
    lifecycle::Lifecycle,
    load::{ConnectedFleet, FileWalk, Fleet, LoadFile, Recorder, TelescopeChoice, What},
    tango::{SkaReplies, SkaResults, subarray_fleet, subarray_lifecycle},
};
use harness_tango::{
    control_model::ObsState,
    lrc::{ClassicProtocol, ListsProtocol, LrcProtocol as _},
};

use super::{names::rules_named, system::LoadedSystem};
use crate::{exit::Exit, problem::Problem};

/// How much later than it comes a state may be told, where nothing else is known.
const LAG: Duration = Duration::from_secs(1);

/// From this dwell on simulated devices are held to less.
const TELLING_DWELL: Duration = Duration::from_millis(100);

/// What the devices are held against: what the rules say, of all commands, or of those that are sent.
pub(super) fn lifecycle(file: &LoadFile, sent_only: bool) -> Option<Lifecycle<ObsState>> {
    let rules = rules_named(file.telescope.rules.as_deref()?)?;
    let sends = |command: &str| match &file.what {
        What::Walk(walk) if sent_only => walk.commands.is_empty() || names(walk, command),
        _ => true,
    };
    Some(subarray_lifecycle(rules, sends))
}

fn names(walk: &FileWalk, command: &str) -> bool {
    walk.commands.iter().any(|it| it == command)
}

/// Whether users that walk always find back.
pub(super) fn finds_back(file: &LoadFile) -> Result<(), Problem> {
    let What::Walk(walk) = &file.what else {
        return Ok(());
    };
    let Some(lifecycle) = lifecycle(file, true) else {
        return Ok(());
    };
    let Some(state) = lifecycle.strands().first().copied() else {
        return Ok(());
    };
    let commands = lifecycle.commands().join(", ");
    let words = format!("the commands lead to {state}, and none of them on to EMPTY: {commands}");
    Err(
        Problem::usage(file.wrong(walk.place, "walk.commands", words))
            .advise("name also what leads back, as ReleaseAllResources, End, EndScan and Restart"),
    )
}

/// How much later than it comes a state may be told. Two commands that were both taken are only told apart
/// from one that came late if states last longer than that: where it is known how long they last, and that is
/// long enough for a busy machine, it is less.
fn with_lag(file: &LoadFile, lifecycle: Lifecycle<ObsState>) -> Lifecycle<ObsState> {
    match &file.telescope.choice {
        TelescopeChoice::Simulated(simulated) if simulated.dwell >= TELLING_DWELL => {
            lifecycle.with_lag((simulated.dwell * 4 / 5).min(LAG))
        }
        _ => lifecycle.with_lag(LAG),
    }
}

/// Listens to the devices.
pub(super) async fn fleet(
    file: &LoadFile,
    system: &LoadedSystem,
    recorder: &Recorder,
) -> Result<ConnectedFleet, Problem> {
    let devices = system.devices.iter().cloned();
    let fleet = match lifecycle(file, false) {
        Some(lifecycle) => subarray_fleet(devices, &with_lag(file, lifecycle)),
        None => {
            let results = [
                ClassicProtocol.result_attribute(),
                ListsProtocol.result_attribute(),
            ];
            let fleet = Fleet::new(devices).with_state(&file.telescope.state);
            fleet
                .with_replies(SkaReplies)
                .with_endings(results, SkaResults)
        }
    };
    let fleet = match file.telescope.may_lack_state() {
        true => fleet.or_without_state(),
        false => fleet,
    };
    let fleet = fleet.alone(file.telescope.alone).of_part(&file.plan);
    let fleet = match file.telescope.believes_queued {
        true => fleet.believing_queued(),
        false => fleet,
    };
    let connected = fleet.connect(recorder).await;
    connected.map_err(|error| {
        Problem::new(Exit::Unreachable, error).advise(
            "`state` under [telescope] names the attribute that is the state of a device; with \
                 `rules = \"none\"`, and where no state is waited for, none is needed",
        )
    })
}

/// What is to be known of a report where devices tell no state.
pub(super) fn without_state(file: &LoadFile, fleet: &ConnectedFleet) -> Option<String> {
    let mut devices = fleet.without_state();
    let first = devices.next()?;
    let state = &file.telescope.state;
    Some(match devices.count() {
        0 => format!("{first} pushes no events of {state}: its states are not told"),
        others => format!(
            "{first} and {others} more push no events of {state}: their states are not told"
        ),
    })
}
