//! How people write about how well things are.

use crate::phrase::Phrase;

/// Devices are made ill, or well.
pub(super) const SET: Phrase = Phrase::new(
    "the healthState of devices is set, until the end of the scenario; several devices and several values \
     belong together in their order",
)
.with_patterns(&[
    "<who> (health state|healthState) (change|changes|changed|go|goes|become|becomes|turn|turns) [to] [state] <values:health_list>",
    "(health state|healthState) of <who> (change|changes|changed|go|goes|become|becomes|turn|turns) [to] <values:health_list>",
    "<who> (health state|healthState) (is|are) (changed|set) to <values:health_list>",
    "(health state|healthState) of <who> (is|are) (changed|set) to <values:health_list>",
    "{i} (set|change) (health state|healthState) of <who> to <values:health_list>",
    "{i} (set|change) <who> (health state|healthState) to <values:health_list>",
])
.with_examples(&[
    "The csp controller,mccs master health state becomes OK,FAILED",
    "I set the healthState of the SDP controller to FAILED",
]);

/// How well the whole telescope is.
pub(super) const TELESCOPE_IS: Phrase = Phrase::new("the telescope is that well")
    .with_patterns(&[
        "[(low|mid)] telescope [(health state|healthState|health)] {is} [in] <values:health_list> [(health state|healthState|health)]",
        "[(low|mid)] telescope {is} in (health state|healthState) <values:health_list>",
        "(health state|healthState|health) of [(low|mid)] telescope {is} <values:health_list>",
        "(telescopeHealthState|telescope health state) {is} <values:health_list>",
    ])
    .with_examples(&["the health state of the telescope is FAILED", "the telescope is in a DEGRADED health state"])
    .watching(&["telescopeHealthState"]);

/// The whole telescope becomes ill, or well.
pub(super) const TELESCOPE_BECOMES: Phrase = Phrase::new(
    "the telescope becomes that well since the last When",
)
.with_patterns(&[
    "[(low|mid)] telescope (health state|healthState|health) {becomes} <values:health_list>",
    "(health state|healthState|health) of [(low|mid)] telescope {becomes} <values:health_list>",
    "telescopeHealthState {becomes} <values:health_list>",
])
.with_examples(&["the telescope health state becomes FAILED"])
.watching(&["telescopeHealthState"]);

/// How well a device is.
pub(super) const IS: Phrase =
    Phrase::new("a device is that well: as a Given its healthState is set")
        .with_patterns(&[
            "<who> {is} in <values:health_list> (health state|healthState|health)",
            "<who> {is} in (health state|healthState|health) <values:health_list>",
            "<who> {is} (healthy|<values:health_list>)",
        ])
        .with_examples(&[
            "the SDP controller is in an OK health state",
            "the CSP controller is DEGRADED",
        ])
        .watching(&["healthState"]);
