//! What a subarray calls the commands of the graph.

use std::collections::BTreeMap;

use harness_core::Device;

/// Commands that devices call differently: the graph's name first, then the others in the order
/// in which they are tried.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("AssignResources", &["AddReceptors"]),
    // old science data processors release all there is by a command without argument
    (
        "ReleaseAllResources",
        &["RemoveAllReceptors", "ReleaseResources"],
    ),
    ("Configure", &["ConfigureScan"]),
    ("End", &["GoToIdle"]),
];

/// What a subarray calls the commands of [`subarray_graph`](super::subarray_graph).
///
/// Most subarrays use the graph's own names. Those of correlators have AddReceptors,
/// RemoveAllReceptors, ConfigureScan and GoToIdle instead; old science data processors have no
/// ReleaseAllResources, and a ReleaseResources that releases all.
///
/// ```
/// use harness_tango::subarray::CommandNames;
///
/// let names = CommandNames::among(["AddReceptors", "ConfigureScan", "Scan", "GoToIdle"]);
/// assert_eq!(names.of("End"), "GoToIdle");
/// assert_eq!(names.of("Scan"), "Scan");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandNames {
    differing: BTreeMap<&'static str, &'static str>,
}

impl CommandNames {
    /// The names that fit a device with these commands. A command of the graph of which the device
    /// has no form keeps its name, so that the device itself says that it does not know it.
    #[must_use]
    pub fn among<C: AsRef<str>>(commands: impl IntoIterator<Item = C>) -> CommandNames {
        let has: Vec<C> = commands.into_iter().collect();
        let has = |wanted: &str| {
            has.iter()
                .any(|command| command.as_ref().eq_ignore_ascii_case(wanted))
        };
        let differing = SYNONYMS
            .iter()
            .filter(|(command, _)| !has(command))
            .filter_map(|(command, others)| {
                let other = others.iter().find(|other| has(other))?;
                Some((*command, *other))
            })
            .collect();
        CommandNames { differing }
    }

    /// The names that fit this device, by the commands that it says it has; the graph's own if it
    /// does not say.
    pub async fn of_device(device: &dyn Device) -> CommandNames {
        match device.commands().await {
            Ok(Some(commands)) => CommandNames::among(commands),
            Ok(None) | Err(_) => CommandNames::default(),
        }
    }

    /// What the device calls a command of the graph.
    #[must_use]
    pub fn of<'a>(&'a self, command: &'a str) -> &'a str {
        self.differing.get(command).copied().unwrap_or(command)
    }

    /// The graph's name of a command of the device, in any case of letters.
    #[must_use]
    pub fn graph_name<'a>(&self, command: &'a str) -> &'a str {
        self.differing
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(command))
            .map_or(command, |(graph, _)| graph)
    }
}

#[cfg(test)]
mod tests {
    use super::CommandNames;

    #[test]
    fn the_names_follow_from_what_the_device_has() {
        let usual =
            CommandNames::among(["AssignResources", "ReleaseAllResources", "Configure", "End"]);
        assert_eq!(usual, CommandNames::default());
        let sdp = CommandNames::among(["assignresources", "ReleaseResources", "Configure", "End"]);
        assert_eq!(sdp.of("ReleaseAllResources"), "ReleaseResources");
        assert_eq!(sdp.of("AssignResources"), "AssignResources");
        let cbf = CommandNames::among(["AddReceptors", "RemoveAllReceptors", "ConfigureScan"]);
        assert_eq!(cbf.of("ReleaseAllResources"), "RemoveAllReceptors");
        assert_eq!(cbf.of("End"), "End");
        assert_eq!(cbf.graph_name("configurescan"), "Configure");
        assert_eq!(cbf.graph_name("Scan"), "Scan");
    }
}
