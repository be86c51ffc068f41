//! What is known of the devices of a load: their replies, their results and their rules.

use harness_explore::{
    lifecycle::Lifecycle,
    load::{ConnectedFleet, FileWalk, Fleet, LoadFile, Recorder, What},
    tango::{SkaReplies, SkaResults, subarray_fleet, subarray_lifecycle},
};
use harness_tango::{
    control_model::ObsState,
    lrc::{ClassicProtocol, ListsProtocol, LrcProtocol as _},
};

use super::{names::rules_named, system::LoadedSystem};
use crate::{exit::Exit, problem::Problem};

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

/// Listens to the devices.
pub(super) async fn fleet(
    file: &LoadFile,
    system: &LoadedSystem,
    recorder: &Recorder,
) -> Result<ConnectedFleet, Problem> {
    let devices = system.devices.iter().cloned();
    let fleet = match lifecycle(file, false) {
        Some(lifecycle) => subarray_fleet(devices, &lifecycle),
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
    let fleet = fleet.alone(file.telescope.alone).of_part(&file.plan);
    let connected = fleet.connect(recorder).await;
    connected.map_err(|error| {
        Problem::new(Exit::Unreachable, error)
            .advise("`state` under [telescope] names the attribute that is the state of a device")
    })
}
