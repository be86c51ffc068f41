//! How people write about attributes of devices.

use crate::phrase::Phrase;

/// A value that holds.
pub(super) const IS: Phrase =
    Phrase::new("an attribute of a device has a value: as a Given it is set, if the device allows it")
        .with_patterns(&[
            "<who> (report|reports|says|shows) that (its|their|the) <attribute:property> {is} <value:value>",
            "<who> (has|have|with|reports|report|in) <attribute:property> [of] <value:value>",
            "<who> [(reports|reporting)] <attribute:property> {is} [equal to] <value:value>",
            "<who> {is} in <attribute:property> <value:value>",
            "<attribute:property> of <who> {is} [equal to] <value:value>",
            "<attribute:property> {is} [equal to] <value:value> [(on|in|at|for) <who>]",
        ])
        .with_examples(&[
            "the CSP controller reports that its healthState is OK",
            "adminMode of the SDP subarray must be ONLINE",
            "healthState should be OK",
            "CSP in adminMode ONLINE",
        ]);

/// Two values that hold.
pub(super) const ARE: Phrase =
    Phrase::new("two attributes of a device have values: as a Given they are set")
        .with_patterns(&[
            "<who> {is} in <attribute:property> <value:value> and [in] <other_attribute:property> <other_value:value>",
            "<who> (has|have|with|reports|report|in) <attribute:property> <value:value> and <other_attribute:property> <other_value:value>",
        ])
        .with_examples(&["dish SKA001 is in dishMode STANDBY-FP and pointingState READY"]);

/// A value that is taken.
pub(super) const BECOMES: Phrase =
    Phrase::new("an attribute of a device changes to a value since the last When")
        .with_patterns(&[
            "<who> {becomes} <attribute:property> <value:value> and [to] <other_attribute:property> <other_value:value>",
            "<who> {becomes} <attribute:property> <value:value>",
            "<who> <attribute:property> {becomes} <value:value>",
            "<attribute:property> of <who> {becomes} <value:value>",
            "<attribute:property> {becomes} <value:value> [(on|in|at|for) <who>]",
        ])
        .with_examples(&[
            "the DishMaster SKA001,SKA036 transitions to dishMode STANDBY-FP and pointingState READY",
            "the adminMode of the SDP controller changes to ENGINEERING",
        ]);

/// A value that does not change.
pub(super) const REMAINS: Phrase =
    Phrase::new("an attribute of a device keeps its value since the last When, and for a time")
        .with_patterns(&[
            "<who> {remains} <attribute:property> <value:value> [for [at least] <seconds:number> (seconds|second|s)]",
            "<who> <attribute:property> {remains} <value:value> [for [at least] <seconds:number> (seconds|second|s)]",
            "<attribute:property> of <who> {remains} <value:value> [for [at least] <seconds:number> (seconds|second|s)]",
            "<attribute:property> {remains} <value:value> [for [at least] <seconds:number> (seconds|second|s)]",
        ])
        .with_examples(&["the CSP controller's healthState remains OK for 2 seconds"]);

/// A device begins anew.
pub(super) const INITIALISED: Phrase = Phrase::new("devices are initialised by their command Init")
    .with_patterns(&[
        "(device|it) is (initialised|initialized|restarted|reinitialised|reinitialized)",
        "<who> (is|are) (initialised|initialized|reinitialised|reinitialized)",
        "{i} (initialise|initialize|reinitialise|reinitialize) [device] [<who>]",
    ])
    .with_examples(&["the device is initialised", "I initialise the SDP subarray"]);

/// What a command takes or gives.
pub(super) const TYPE: Phrase = Phrase::new("a command takes or gives values of a type")
    .with_patterns(&[
        "(input|argument) type of [command] <command> [command] [(on|of) <who>] {is} <input:word>",
        "(output|return|result) type of [command] <command> [command] [(on|of) <who>] {is} <output:word>",
    ])
    .with_examples(&[
        "the argument type of Configure must be DevString",
        "the output type of the command Abort on the SDP subarray must be DevVoid",
    ]);
