//! How people write about the obsState of subarrays.

use crate::phrase::Phrase;

/// A state that holds.
pub(super) const IS: Phrase = Phrase::new(
    "a subarray is in an obsState: as a Given it is brought there",
)
.with_patterns(&[
    "<who> [{obsstate}] {is} [{obsstate}] <state:obs> [{obsstate}] \
             [within <within:number> (seconds|second|s)]",
    "{obsstate} of <who> {is} <state:obs> [{obsstate}] [within <within:number> (seconds|second|s)]",
    "{obsstate} {is} <state:obs>",
    // so that an unknown state is told with the known ones
    "<who> {is} (obsState|observation state) <state:word>",
])
.with_examples(&[
    "subarray 1 is in obsState READY",
    "subarray 2 is IDLE within 20 seconds",
    "the TMC, CSP and SDP subarrays are in the IDLE observation state",
    "the obsState of the MCCS subarray must be EMPTY",
]);

/// A state in which somebody is handed over.
pub(super) const IN: Phrase = Phrase::new("a subarray is brought to an obsState, with no verb")
    .with_patterns(&[
        "[(I have|there is|with)] <who> [(in|with)] [intermediate] [{obsstate}] <state:obs> [{obsstate}]",
    ])
    .with_examples(&["a CSP subarray in the READY obsState", "TMC and SDP subarray 1 in obsState IDLE"]);

/// What is in IDLE, in other words.
pub(super) const RESOURCED: Phrase = Phrase::new("a subarray has resources: it is brought to IDLE")
    .with_patterns(&[
        "<who> [{is}] [(already|with|has|having)] resources [{is}] (allocated|assigned) [to it]",
        "<who> (has|with|having) [been] (allocated|assigned) resources",
        "<who> (has been|is|was) resourced",
    ])
    .with_examples(&["a subarray with resources assigned to it"]);

/// What is in READY, in other words.
pub(super) const CONFIGURED: Phrase =
    Phrase::new("a subarray is configured: it is brought to READY")
        .with_patterns(&["<who> [(is|has been|was)] [already] configured [for [a] scan]"])
        .with_examples(&["the subarray is configured for a scan"]);

/// A state that is entered.
pub(super) const BECOMES: Phrase =
    Phrase::new("a subarray changes to an obsState since the last When")
        .with_patterns(&[
            "<who> [{obsstate}] {becomes} [{obsstate}] <state:obs> [{obsstate}] \
             [(again|{afterwards}|within <within:number> (seconds|second|s))]",
            "{obsstate} of <who> {becomes} <state:obs> [{obsstate}] \
             [(again|{afterwards}|within <within:number> (seconds|second|s))]",
            "{obsstate} {becomes} <state:obs> [{obsstate}] [(again|{afterwards})]",
            "{afterwards} <who> [{obsstate}] {becomes} [{obsstate}] <state:obs> [{obsstate}]",
        ])
        .with_examples(&[
            "the TMC, CSP and SDP subarrays transition to RESOURCING obsState",
            "the SDP subarray must change into an aborted obsState",
            "Tmc SubarrayNode 1 transitions back to READY after the scan duration elapsed",
        ]);

/// One state after another.
pub(super) const FROM_TO: Phrase = Phrase::new("a subarray changes from one obsState to another since the last When")
    .with_patterns(&[
        "<who> [{obsstate}] [(should|must|shall|will)] (go|goes|transition|transitions|change|changes|move|moves|is transitioned) \
         from [{obsstate}] <from:obs> [{obsstate}] (to|into) [{obsstate}] <state:obs> [{obsstate}] [{afterwards}]",
    ])
    .with_examples(&["the SDP subarray goes from READY to SCANNING"]);

/// A state that holds for some time.
pub(super) const UNTIL_FINISHED: Phrase =
    Phrase::new("a subarray is in a transient obsState and then leaves it by itself")
        .with_patterns(&["<who> [{obsstate}] {is} [{obsstate}] <state:obs> [{obsstate}] until [it is] (finished|done|completed|over)"])
        .with_examples(&["the SDP subarray is in the SCANNING state until it is over"]);

/// A state that does not change.
pub(super) const REMAINS: Phrase = Phrase::new("a subarray stays in an obsState since the last When, and for a time")
    .with_patterns(&[
        "<who> [{obsstate}] {remains} [{obsstate}] <state:obs> [{obsstate}] \
         [for [at least] <seconds:number> (seconds|second|s)]",
        "{obsstate} of <who> {remains} <state:obs> [for [at least] <seconds:number> (seconds|second|s)]",
        "{obsstate} {remains} <state:obs> [for [at least] <seconds:number> (seconds|second|s)]",
    ])
    .with_examples(&[
        "subarray 1 remains in obsState IDLE",
        "the CSP subarray is stuck in CONFIGURING",
        "the CSP subarray stays in READY for 3 seconds",
    ]);

/// States that follow each other.
pub(super) const PASSES: Phrase = Phrase::new(
    "a subarray passes through obsStates in order since the last When",
)
.with_patterns(&[
    "<who> [{obsstate}] [(should|must|shall)] (pass|passes|go|goes|transition|transitions) through \
         [{obsstate}] <states:obs_list> [{obsstate}] [in that order]",
])
.with_examples(&["subarray 1 passes through ABORTED, EMPTY and IDLE in that order"]);

/// A state that is never entered.
pub(super) const NEVER: Phrase = Phrase::new("a subarray does not change to an obsState since the last When, and for a time")
    .with_patterns(&[
        "<who> [{obsstate}] (never|does not|do not|must not|should not|shall not) \
         (transition|transitions|go|goes|change|changes|become|becomes|reach|reaches|enter|enters) \
         [(to|into)] [{obsstate}] <state:obs> [{obsstate}] [for [at least] <seconds:number> (seconds|second|s)]",
    ])
    .with_examples(&[
        "subarray 1 never goes to FAULT",
        "the CSP subarray does not transition to READY for 2 seconds",
    ]);

/// A state that is entered so many times.
pub(super) const TIMES: Phrase =
    Phrase::new("a subarray changes to an obsState exactly so many times since the last When")
        .with_patterns(&[
            "<who> [{obsstate}] {becomes} [{obsstate}] <state:obs> [{obsstate}] exactly \
         (once|twice|<times:integer> (times|time))",
        ])
        .with_examples(&["subarray 1 transitions to SCANNING exactly 2 times"]);

/// Going somewhere as what is under test.
pub(super) const BRING: Phrase =
    Phrase::new("a subarray is brought to an obsState; the way is what is tested")
        .with_patterns(&[
            "{i} bring <who> [back] (to|into) [{obsstate}] <state:obs> [{obsstate}] \
         [(through|by way of) <through:obs_list>]",
        ])
        .with_examples(&["I bring subarray 1 to obsState READY through ABORTED"]);

/// Somebody in the middle of something.
pub(super) const BUSY: Phrase = Phrase::new(
    "subarrays are in the middle of a command, and stay there as far as the telescope allows",
)
.with_patterns(&["<who> [{is}] busy [(in|with)] <state:obs> [(resources|scan|subarray)]"])
.with_examples(&[
    "SDP and MCCS subarrays busy assigning resources",
    "subarray 1 is busy configuring",
]);
