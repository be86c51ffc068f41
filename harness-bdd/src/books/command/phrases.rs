//! How people write that commands are sent.

use crate::phrase::Phrase;

/// What the command is given, if it is not the usual.
macro_rules! input {
    () => {
        "[(with|using|given) (valid [input] (json|input)|invalid json [(configuration|input|string|argument)]\
         |input <named:word>|[invalid] <invalid:word> (input|json|argument)|[(extra|additional|unexpected)] key <key:word>\
         |only <beams:word> (resource|resources|beam|beams)|[scan] id <scan_id:integer>|scan type <scan_type:value>\
         |(duplicate|same|existing|used) <duplicate:word>)\
         |without [key] <without:word> [(key|value|field)] [in [<below:word>] [(configure|assign|assignResources|scan|release)] \
         (json|input|configuration)]]"
    };
}

/// Whom it goes to, after a preposition.
macro_rules! to {
    () => {
        "[{to} <who>] [{using}]"
    };
}

/// Any command, by its name.
pub(super) const COMMAND: Phrase = Phrase::new(
    "a command is sent; what it causes is for the lines that follow. It is given the telescope's input, \
     the text below the line, or what the line says of it",
)
.with_patterns(&[
    concat!("{i} {issue} <command:command> [command] ", to!(), " ", input!(), " [{using}]"),
    concat!("{i} {issue} <command:command> [command] ", input!(), " ", to!()),
    concat!("{i} {issue} command <command:command> ", to!(), " ", input!(), " [{using}]"),
    concat!("{i} {issue} command <command:command> ", input!(), " ", to!()),
    concat!("{i} {issue} <who> <command:command> command ", input!()),
    concat!("{i} command <who> to <command:command> ", input!()),
    concat!("command <command:command> {issued} ", to!(), " ", input!(), " [{using}]"),
    concat!("command <command:command> {issued} ", input!(), " ", to!()),
    concat!("<command:command> [command] {issued} ", to!(), " ", input!(), " [{using}]"),
    concat!("<command:command> [command] {issued} ", input!(), " ", to!()),
    "<who> {is} commanded to <command:command>",
])
.with_examples(&[
    "I issue the Abort command to the TMC subarray",
    "the command Configure is sent to that subarray",
    "I command it to Abort",
    "the Scan command is sent to subarray 001",
    "the command Scan is sent with missing_scan_id input",
    "I send the Configure command without receptors in sdp configure json",
]);

/// The id of one that was assigned before.
pub(super) const ANOTHER: Phrase = Phrase::new(
    "a command is sent once more, with an id that was used before",
)
.with_patterns(&[
    "(TMC|I|we|central node) {issue} (another|second|one more|again) <command:command> [command] with \
         [(duplicate|same|existing|used)] <duplicate:word> [{to} <who>]",
])
.with_examples(&["TMC sends a second AssignResources command with the same eb_id"]);

/// Resources for a subarray.
pub(super) const ASSIGN: Phrase = Phrase::new(
    "resources are assigned to a subarray, through the central node if there is one",
)
.with_patterns(&[
    "{i} {issue} (assign|assignResources|assign resources) [command] with [resources] <resources:list> [{to} <who>] [{using}]",
    "[{i}] (assign|assigns|assigned|allocate|allocates|allocated|reassign|reassigns|re-assign) [(new|more|other|different|following|required)] resources \
     [(with (invalid [station] [id] <station:integer>|<number:integer>|new resources|only <beams:word> (resources|beams)|input <named:word>\
     |[(resources|receptors|stations|dishes)] <resources:list>))] \
     [(to|for|on) <who>] [in (low|mid)] [{using}] [with <at:integer>]",
    "[{i}] (assign|assigns|allocate|allocates|reassign|reassigns|re-assign) with [(new|other|different)] resources [(to|for|on) <who>] [{using}]",
    "[{i}] (assign|assigns|allocate|allocates) [(receptors|stations|dishes)] <resources:list> (to|for) <who> [{using}]",
])
.with_examples(&[
    "I allocate resources to TMC SubarrayNode 1",
    "I allocate resources with SKA063, SKA100 to subarray 2 via TMC",
    "I reassign with other resources to subarray 2",
]);

/// Resources taken away.
pub(super) const RELEASE: Phrase =
    Phrase::new("all resources of a subarray are released, through the central node if there is one")
        .with_patterns(&[
            "[{i}] (release|releases|released|deallocate|deallocates) [all] [(its|their|assigned|allocated)] resources \
         [(assigned|allocated)] [{to} <who>] [{using}]",
        ])
        .with_examples(&[
            "I release all resources allocated to it",
            "release the resources of TMC SubarrayNode 2",
        ]);

/// Ready for a scan.
pub(super) const CONFIGURE: Phrase = Phrase::new("a subarray is configured for a scan")
    .with_patterns(&[
        "[{i}] (configure|configures|reconfigure|reconfigures) <who> for <seconds:number> (second|seconds|s|sec) [band <band:word>] \
         [(scan|observation)]",
        "[{i}] (configure|configures|reconfigure|reconfigures) [{to}] <who> (with|for|in|to) [(receiver|frequency)] band <band:word> [scan] [{using}]",
        "[{i}] (configure|configures|reconfigure|reconfigures) with [scan type] <scan_type:value> [{to} <who>] [{using}]",
        "[{i}] (configure|configures|reconfigure|reconfigures) [{to}] <who> [for] [(new|next|another)] [(scan|scanning|observation|scans)] \
         [(with|for|of) scan type <scan_type:value>] [in (low|mid)] [{using}]",
        "[{i}] (configure|configures|reconfigure|reconfigures) [for] [(new|next|another)] (scan|scanning|observation) [{to} <who>] [{using}]",
    ])
    .with_examples(&[
        "I configure subarray 2 for a new scan",
        "configure it for a 120 second band 1 scan",
        "I reconfigure with field:c on the subarray 2",
        "I configure subarray 1 for a scan with scan type science_A",
    ]);

/// A scan is begun.
pub(super) const SCAN: Phrase = Phrase::new("a scan is begun")
    .with_patterns(&[
        "{i} command <who> to (scan|start scanning) [for [given] (period|time|duration)]",
        "[{i}] (start|starts|run|runs|perform|performs|execute|executes|begin|begins|do) [(new|next|another)] scan \
         [with [scan] id <scan_id:integer>] [{to} <who>] [for [given] (period|time|duration)] [{using}]",
        "{i} (scan|scans) <who> [(with|for)] [scan] id <scan_id:integer> [{using}]",
        "[{i}] (start|begin) scanning [{to} <who>] [{using}]",
        "{i} (scan|scans) [(with|for)] [scan] [id] [<scan_id:integer>] [{to} <who>] [for [given] (period|time|duration)] [{using}]",
    ])
    .with_examples(&["I start the scan", "I command it to scan for the given time", "I run a scan with id 5 on subarray 1"]);

/// A scan is ended before its time.
pub(super) const END_SCAN: Phrase = Phrase::new("the scan is ended (EndScan)")
    .with_patterns(&[
        "[{i}] (end|ends|stop|stops|finish) [(current|running|ongoing)] scan [{to} <who>] [{using}]",
        "{i} command <who> to (end|stop) (scan|scanning)",
    ])
    .with_examples(&["I end the scan on subarray 1"]);

/// No longer ready for a scan.
pub(super) const END: Phrase = Phrase::new("the configuration is cleared (End)")
    .with_patterns(&[
        "[{i}] (end|ends|stop|finish|clear|clears) (observation|configuration|scheduling block|observing) [{to} <who>] [{using}]",
        "{i} command <who> to (end|clear) (observation|configuration)",
    ])
    .with_examples(&["I end the observation", "clear the configuration of TMC SubarrayNode 2"]);

/// Stop, whatever is going on.
pub(super) const ABORT: Phrase = Phrase::new("what a subarray does is aborted (Abort)")
    .with_patterns(&[
        "[{i}] (abort|aborts) [(operation|operations|scan|observation|command|assignment|configuration)] [[{to}] <who>] [{using}]",
    ])
    .with_examples(&["I Abort it", "I abort the scan on subarray 1"]);

/// Out of ABORTED or FAULT.
pub(super) const RESTART: Phrase = Phrase::new("a subarray is restarted (Restart)")
    .with_patterns(&["[{i}] (restart|restarts) <who> [{using}]"])
    .with_examples(&["I restart the subarray"]);

/// Out of ABORTED or FAULT, keeping the resources.
pub(super) const RESET: Phrase =
    Phrase::new("a subarray is reset, and keeps its resources (ObsReset)")
        .with_patterns(&["[{i}] (reset|resets) [{obsstate}] [of] <who> [{using}]"])
        .with_examples(&["I reset the subarray 1"]);

/// A command that must go well.
pub(super) const EXECUTE: Phrase = Phrase::new(
    "a command is sent and must go well: its result is OK and the obsState that it leads to is reached. \
     What kept subarrays where they were is let go first",
)
.with_patterns(&[
    "<who> [(then|now)] [{should}] [(be able to|successfully)] (executes|execute|performs|perform|completes|runs) [command] <command:command> \
     [command] [{to} <on:who>] [with valid [input] (json|input)] successfully",
    "<who> [(then|now)] [{should}] [be able to] successfully (executes|execute|performs|perform|completes|runs) [command] <command:command> \
     [command] [{to} <on:who>] [with valid [input] (json|input)]",
    "{i} successfully {issue} [command] <command:command> [command] [{to} <who>] [with valid [input] (json|input)]",
])
.with_examples(&[
    "TMC performs the Configure command successfully",
    "TMC successfully performs AssignResources on the subarray with a valid json",
]);

/// Somebody is busy with the resources of a subarray.
#[cfg(feature = "sim")]
pub(super) const CENTRAL_IS_BUSY: Phrase =
    Phrase::new("the central node is in the middle of AssignResources")
        .with_patterns(&[
            "central node [{is}] busy [(in|with)] (assigning|allocating) [resources] [{to} <who>]",
        ])
        .with_examples(&["the central node is busy allocating resources"]);

/// One configuration and one scan for each of two lists.
pub(super) const LOOP: Phrase = Phrase::new(
    "a subarray is configured for each scan type, and scans with each id; the two lists belong together",
)
.with_patterns(&[
    "[{i}] configure and scan <who> for [(each|every|all)] [scan type] <types:list> and [scan id] <ids:list>",
])
.with_examples(&[r#"configure and scan TMC SubarrayNode 1 for each ["science_A", "target:a"] and ["1", "2"]"#]);

/// Once more.
pub(super) const AGAIN: Phrase = Phrase::new("a subarray scans once more, as it is configured")
    .with_patterns(&[
        "[{i}] (reperform|repeat|perform|redo|run) scan [{to} <who>] with same configuration [<types:list>] and new scan id [<scan_id:integer>]",
    ])
    .with_examples(&["reperform scan with same configuration and new scan id"]);

/// A subsystem that goes to FAULT meanwhile.
#[cfg(feature = "sim")]
pub(super) const FAULTY: Phrase = Phrase::new(
    "a command is sent, and meanwhile a simulated subsystem's subarray goes to FAULT",
)
.with_patterns(&[
    "{i} {issue} <command:command> [command] [{to} <who>] and (sub-system|subsystem|one sub-system|one subsystem|<on:who>) \
     (goes to|goes into|is in|transitions to) FAULT",
])
.with_examples(&["I send the Configure command and one sub-system goes into FAULT"]);
