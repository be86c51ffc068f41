//! How people write about what can't be used.

use crate::phrase::Phrase;

/// A part of a system can't be used.
pub(super) const COMPONENT: Phrase = Phrase::new(
    "a part of a system can't be used until the end of the scenario: what its devices are asked then fails",
)
.with_patterns(&[
    "(one|any|some|each) of <who> [(component|components|part|parts)] [(subsystem|subsystems|sub-system|device|devices|pod|pods)] \
     (is|are|was|were|has been|have been|becomes|become|goes) [(made|marked|set|rendered)] (unavailable|not available)",
    "<who> (component|components|part) [(subsystem|sub-system|device|pod)] \
     (is|are|was|were|has been|have been|becomes|become|goes) [(made|marked|set|rendered)] (unavailable|not available)",
])
.with_examples(&[
    "one of the SDP's parts is marked unavailable",
    "any of the MCCS subarraybeams becomes unavailable",
]);

/// A device or a system can't be used.
pub(super) const UNAVAILABLE: Phrase = Phrase::new(
    "a system says that it can't be used, until the end of the scenario",
)
.with_patterns(&[
    "<who> (is|are|was|were|has been|have been|becomes|become|goes) [(made|marked|set|rendered)] (unavailable|not available)",
    "{i} (make|mark|set|render) <who> [to be] unavailable",
])
.with_examples(&["the SDP is made unavailable"]);

/// A device does not answer.
pub(super) const UNREACHABLE: Phrase = Phrase::new(
    "a device does not answer until the end of the scenario; of the simulated telescope only",
)
.with_patterns(&[
    "<who> (is|are|becomes|become|was|were) [made] (unreachable|unresponsive|not reachable|not responding|not answering|silent)",
    "<who> [server] (is|are|was|were|has been) (stopped|killed|deleted|removed|taken down|crashed)",
    "<who> (does|do) not (answer|respond)",
    "<who> (stops|stop) (answering|responding)",
])
.with_examples(&["the SDP subarray is unreachable"]);

/// A command whose execution will fail somewhere.
pub(super) const DEFECTIVE: Phrase = Phrase::new(
    "a command is sent to a subarray while a device below it is defective: it takes the command and fails",
)
.with_patterns(&[
    "[command] <command> [command] {issued} {to} (defective|faulty|broken) <who>",
    "{i} {issue} <command> [command] {to} (defective|faulty|broken) <who>",
    "{i} {issue} <command> [command] {to} <who> (that|which) (is defective|fails)",
])
.with_examples(&["Configure command is sent to a broken MCCS subarray"]);
