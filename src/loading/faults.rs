//! The faults of a load, by name: of the simulated subarrays, and of the network before any.

use std::{sync::Arc, time::Duration};

use harness_chaos::{Delay, Network, Part, Profile};
use harness_core::{
    device::BoxFuture,
    fault::{Fault, FaultError, FaultGuard},
};
use harness_explore::load::{FileFault, Load, LoadFile};
use harness_sim::wire_fault::{EventFault, WireFault};

use super::system::LoadedSystem;
use crate::problem::Problem;

/// How much later everything comes in a slow network, in each direction.
const SLOW: Duration = Duration::from_millis(200);

/// Names beside those of kinds of networks, and whether only simulated subarrays have them.
pub(super) const NAMES: [(&str, bool); 6] = [
    ("network-down", false),
    ("network-slow", false),
    ("silence", true),
    ("events-lost", true),
    ("not-exported", true),
    ("server-down", true),
];

/// Whether it is one of the network.
pub(super) fn needs_network(fault: &FileFault) -> bool {
    NAMES
        .iter()
        .all(|(name, simulated_only)| *name != fault.what || !simulated_only)
}

/// The load with the faults of its file.
pub(super) fn with_faults(
    load: Load,
    file: &LoadFile,
    system: &LoadedSystem,
) -> Result<Load, Problem> {
    file.faults.iter().try_fold(load, |load, planned| {
        let fault = fault(planned, system)
            .map_err(|words| Problem::usage(file.wrong(planned.place, "fault", words)))?;
        Ok(match planned.every {
            Some(every) => load.with_recurring_fault(fault, planned.at, planned.lasting, every),
            None => load.with_fault(fault, planned.at, planned.lasting),
        })
    })
}

fn fault(planned: &FileFault, system: &LoadedSystem) -> Result<Arc<dyn Fault>, String> {
    let count = system.names.len();
    let index = |number: &u64| {
        let index = usize::try_from(number.saturating_sub(1)).ok();
        let index = index.filter(|it| *it < count);
        index.ok_or_else(|| format!("`on` names device {number}, and there are {count}"))
    };
    let chosen: Vec<usize> = match planned.on.as_slice() {
        [] => (0..count).collect(),
        numbers => numbers.iter().map(index).collect::<Result<_, _>>()?,
    };
    let wire = match planned.what.as_str() {
        "silence" => WireFault::Silent,
        "events-lost" => EventFault::lost().into(),
        "not-exported" => WireFault::NotExported,
        "server-down" => WireFault::ServerDown,
        name => {
            let part = match planned.on.is_empty() {
                true => system.network.all(),
                false => part_to(&system.network, chosen.iter().map(|it| &*system.names[*it])),
            };
            return network_fault(name, &part);
        }
    };
    let mut subarrays = system.subarrays();
    // all devices are in one server
    let chosen = match wire {
        WireFault::ServerDown => vec![0],
        _ => chosen,
    };
    subarrays.retain(|(place, _)| chosen.contains(place));
    let all = subarrays.into_iter();
    let all: Vec<Box<dyn Fault>> = all
        .map(|(_, subarray)| Box::new(subarray.wire_fault(wire)) as Box<dyn Fault>)
        .collect();
    Ok(Arc::new(Together {
        words: match (all.len(), all.first()) {
            (1, Some(only)) => only.describe(),
            (many, _) => format!("{}: {many} devices", planned.what),
        },
        all: all.into(),
    }))
}

fn part_to<'a>(network: &Network, names: impl Iterator<Item = &'a str>) -> Part {
    network.to(names)
}

fn network_fault(name: &str, part: &Part) -> Result<Arc<dyn Fault>, String> {
    Ok(match name {
        "network-down" => Arc::new(part.down()),
        "network-slow" => Arc::new(part.both(Delay::of(SLOW))),
        name => {
            let profile: Profile = name.parse().map_err(|error| format!("{error}"))?;
            Arc::from(part.like(&profile))
        }
    })
}

/// Several faults as one.
#[derive(Debug)]
struct Together {
    words: String,
    all: Arc<[Box<dyn Fault>]>,
}

impl Fault for Together {
    fn describe(&self) -> String {
        self.words.clone()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async {
            let mut guards = Vec::new();
            for fault in self.all.iter() {
                // those before are over when their guards are dropped
                guards.push(fault.start().await?);
            }
            let stop = async move {
                let mut ended = Ok(());
                for guard in guards {
                    ended = ended.and(guard.stop().await);
                }
                ended
            };
            Ok(FaultGuard::new(self.words.clone(), stop))
        })
    }
}
