//! How people write about what is on, off and on standby.

use crate::phrase::Phrase;

/// A state of the whole telescope that holds.
pub(super) const TELESCOPE_IS: Phrase = Phrase::new(
    "the telescope is ON, OFF or in STANDBY: as a Given it is brought there",
)
.with_patterns(&[
    "[(low|mid)] telescope [{state}] {is} [{state}] <states:state_list> [{state}]",
    "[(low|mid)] telescope [(that is|which is)] (in|with) [{state}] <states:state_list> [{state}]",
    "{state} of [(low|mid)] telescope {is} <states:state_list>",
    "[(low|mid)] telescope (is|has been|was) [already] (switched|turned|powered|started) <states:state_list>",
    "telescopeState [of (telescope|central node|TMC)] {is} <states:state_list>",
])
.with_examples(&[
    "the telescope is in ON state",
    "telescope state is STANDBY",
    "the telescope is in OFF or STANDBY state",
]);

/// A state that the whole telescope changes to.
pub(super) const TELESCOPE_BECOMES: Phrase =
    Phrase::new("the telescope changes to a state since the last When")
        .with_patterns(&[
            "[(low|mid)] telescope [{state}] {becomes} [{state}] <states:state_list> [{state}]",
            "{state} of [(low|mid)] telescope {becomes} <states:state_list>",
            "telescopeState [of (telescope|central node|TMC)] {becomes} <states:state_list>",
        ])
        .with_examples(&["the telescope state must change to STANDBY"]);

/// A state that the whole telescope keeps.
pub(super) const TELESCOPE_REMAINS: Phrase =
    Phrase::new("the telescope stays in a state since the last When, and for a time")
        .with_patterns(&[
            "[(low|mid)] telescope [{state}] {remains} [{state}] <states:state_list> [{state}] \
         [for [at least] <seconds:number> (seconds|second|s)]",
            "telescopeState {remains} <states:state_list> [for [at least] <seconds:number> (seconds|second|s)]",
        ])
        .with_examples(&["the telescope remains in ON state"]);

/// The whole telescope is switched.
pub(super) const SWITCH_TELESCOPE: Phrase = Phrase::new(
    "the telescope is switched on, off or to standby; if it was so already, it is first switched otherwise",
)
.with_patterns(&[
    "[{i}] [(have|want to)] (start up|startup|start|power up|boot up|started up|started|starts up|starts) [low|mid] telescope",
    "[{i}] (shut down|shutdown|power down|stop|shuts down) [low|mid] telescope",
    "[{i}] (switch|turn|power|switched|turned|switches|turns) <state:state> [low|mid] telescope",
    "[{i}] (switch|turn|power|put|set|bring|move|command|send|switches|turns|puts|sets|switched|turned|commanded) [low|mid] telescope [back] \
     [(to|into|in|to be|to go|to turn|to switch)] <state:state> [{state}]",
    "[{i}] (invoke|issue|send|call|execute|run|give) [command] <state:state> [command] (on|to|for) [low|mid] telescope",
])
.with_examples(&[
    "I start up the telescope",
    "I switch off the telescope",
    "I send the telescope to STANDBY",
    "I invoke the ON command on the telescope",
]);

/// The whole telescope is switched, by somebody.
pub(super) const TELESCOPE_SWITCHED: Phrase = Phrase::new(
    "the telescope is switched on, off or to standby; as a Then, it has changed so since the last When",
)
.with_patterns(&[
    "[low|mid] telescope (is|has been) (started up|started)",
    "[low|mid] telescope (is|has been) (switched|turned|put|set|commanded) [to] [turn] <state:state> [{state}]",
])
.with_examples(&["the telescope has been started up"]);

/// Devices are switched, by somebody.
pub(super) const DEVICE_SWITCHED: Phrase = Phrase::new(
    "devices are switched by their commands On, Off and Standby; as a Then, they have changed so since \
     the last When",
)
.with_patterns(&[
    "<who> (is|are|has been|have been) (switched|turned|put|set|commanded) [to] [(turn|go|switch)] <state:state> [{state}]",
])
.with_examples(&["the station has been commanded to turn on"]);

/// Devices are switched.
pub(super) const SWITCH_DEVICE: Phrase =
    Phrase::new("devices are switched by their commands On, Off and Standby")
        .with_patterns(&[
            "[{i}] (start up|startup|power up) <who>",
            "[{i}] (shut down|shutdown|power down) <who>",
            "[{i}] (switch|turn|power) <state:state> <who>",
            "[{i}] (switch|turn|power|put|set|bring|command) <who> [back] [(to|into|in|to be|to go|to turn)] <state:state> [{state}]",
        ])
        .with_examples(&["I switch the SDP controller to STANDBY"]);

/// A state of devices that holds.
pub(super) const IS: Phrase =
    Phrase::new("a device is in a state: as a Given it is brought there")
        .with_patterns(&[
            "<who> (report|reports|says|shows) that (its|their|the) [(device|operational)] {state} {is} <states:state_list>",
            "<who> [{state}] {is} [both] [{state}] <states:state_list> [{state}]",
            "<who> [(that is|that are|which is|which are)] (in|with) [{state}] <states:state_list> [{state}]",
            "{state} of <who> {is} <states:state_list>",
            "[device] {state} {is} <states:state_list>",
        ])
        .with_examples(&[
            "the dish, csp and sdp must be on",
            "the SDP controller is in STANDBY state",
            "simulated SDP and MCCS in OFF states",
            "the station reports that its state is ON",
        ]);

/// A state that devices change to.
pub(super) const BECOMES: Phrase = Phrase::new("a device changes to a state since the last When")
    .with_patterns(&[
        "<who> [{state}] {becomes} [{state}] <states:state_list> [{state}]",
        "{state} of <who> {becomes} <states:state_list>",
        "[device] {state} {becomes} <states:state_list>",
    ])
    .with_examples(&[
        "the csp controller must change to STANDBY State",
        "the state must become OFF",
    ]);

/// A state that devices keep.
pub(super) const REMAINS: Phrase = Phrase::new(
    "a device stays in a state since the last When, and for a time",
)
.with_patterns(&[
    "<who> [{state}] {remains} [{state}] <states:state_list> [{state}] [for [at least] <seconds:number> (seconds|second|s)]",
    "[device] {state} {remains} <states:state_list> [for [at least] <seconds:number> (seconds|second|s)]",
])
.with_examples(&["the sdp subarray and controller remain in ON state"]);
