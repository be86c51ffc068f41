//! How people write what came of a command.

use crate::phrase::Phrase;

/// The device said no.
pub(super) const REJECTED: Phrase = Phrase::new(
    "the last command was refused: by an exception, by its answer, or by its result; unless it was its \
     result, the obsState has not changed",
)
.with_patterns(&[
    "<who> [{should}] [(have|has)] (reject|rejects|rejected|refuse|refuses|refused) [command] <what:word> [command] [(with|by) <code:word>] \
     [[and] with (message|error|reason) <message:quoted>]",
    "(command|it) [{should}] [(is|was|be|gets|has been|been)] [immediately] \
     (rejected|refused|denied|not allowed|not accepted|not permitted) [by <who>] [(with|by) [(result code|resultCode)] <code:word>] \
     [[and] with (message|error|reason) <message:quoted>]",
    "[command] <command:command> [command] [{should}] (is|was|be|gets|has been|been) [immediately] \
     (rejected|refused|denied|not allowed|not accepted|not permitted) [by <who>] [(with|by) [(result code|resultCode)] <code:word>] \
     [[and] with (message|error|reason) <message:quoted>]",
    "command [{should}] (fails|fail|failed) [with (message|error|reason) <message:quoted>]",
    "<command:command> command [{should}] (fails|fail|failed) [with (message|error|reason) <message:quoted>]",
])
.with_examples(&[
    "the command is rejected",
    "TMC must refuse the Scan with ResultCode.Rejected",
    "the Configure command is not allowed",
    "the command is rejected with message `not permitted`",
]);

/// By an exception, and in no other way.
pub(super) const DEV_FAILED: Phrase = Phrase::new(
    "the last command was refused by an exception (DevFailed), and in no other way",
)
.with_patterns(&[
    "<who> [{should}] (raise|raises|raised|throw|throws|threw) [(tango exception|exception)] (tango.DevFailed|DevFailed)",
    "(tango.DevFailed|DevFailed) [exception] [{should}] (is|be|was) (raised|thrown) [by <who>]",
])
.with_examples(&["the device throws tango.DevFailed"]);

/// An error, by whom it concerns.
pub(super) const ERROR: Phrase = Phrase::new(
    "the last command was refused or failed; if the line names a subsystem, the words of the failure do too",
)
.with_patterns(&[
    "<who> [{should}] (raise|raises|raised|throw|throws|threw) (error|exception|errors) [for [invalid] <cause:text>] ",
    "<who> [{should}] (raise|raises|raised|throw|throws|threw) (error|exception) [with <code:word>] \
     [[and] {remains} [{obsstate}] <state:obs> [{obsstate}]]",
    "<who> [{should}] (raise|raises|throw|throws) (error|exception) and (report|reports) [it] to <to:who>",
    "(error|exception) [{should}] (is|be|was|gets) (raised|thrown) [by <who>]",
])
.with_examples(&[
    "the SDP subarray raises an error with ResultCode.FAILED",
    "CSP subarray 2 raises an error and stays in READY obsState",
    "the CSP controller must raise an error for the beam",
]);

/// An error that the client is told of.
pub(super) const REPORTED: Phrase = Phrase::new(
    "the client is told that the last command failed, with words that say why",
)
.with_patterns(&[
    "<who> [{should}] (propagate|propagates|propogate|propogates|report|reports|reported|returns|return) (error|exception|failure|command failure) \
     [of <from:who>] [(to|back to) (client|user|operator|<to:who>)]",
    "(error|exception|failure|command failure) [of <from:who>] [{should}] (is|be|was|gets) (propagated|propogated|reported|returned) \
     [(to|by|back to) (client|user|operator|<who>)] [with [(appropriate|proper|suitable|meaningful|correct)] (error message|message|error)]",
])
.with_examples(&[
    "the TMC must report the failure to the client",
    "failure is returned to the central node",
    "the command failure is returned by the subarray with a meaningful message",
]);

/// It ended.
pub(super) const COMPLETES: Phrase = Phrase::new("the last command ends with a result code, OK if none is said")
    .with_patterns(&[
        "[<command:command>] command [{should}] (complete|completes|completed|finish|finishes|end|ends|succeed|succeeds|return|returns) \
         [successfully] [with [(result|result code|ResultCode)] <code:word>] [(within|in) [less than] <seconds:number> (s|ss|second|seconds|sec)]",
        "[<command:command>] command {is} [queued and] (completed|finished|executed|successful|done|complete) [successfully] \
         [with [(result|result code|ResultCode)] <code:word>] [(within|in) [less than] <seconds:number> (s|ss|second|seconds|sec)]",
        "<command:command> {is} (successful|completed successfully|executed successfully)",
        "(result|result code|resultCode) {is} <code:word>",
        "command <command:command> {is} [queued and] (completed|finished|executed|successful|done|complete) [successfully] \
         [with [(result|result code|ResultCode)] <code:word>] [(within|in) [less than] <seconds:number> (s|ss|second|seconds|sec)]",
    ])
    .with_examples(&[
        "the command completes with OK",
        "the Configure command is executed successfully",
        "the command is queued and completed within 6 s",
    ]);

/// Others than the one that failed did it.
pub(super) const OTHERS: Phrase = Phrase::new(
    "all subsystems' subarrays that are not in FAULT reached the obsState that the last command leads to",
)
.with_patterns(&[
    "[<command:command>] command {is} (executed|completed) [successfully] (on|by|in) [all] [other] \
     (sub-systems|subsystems|other sub-systems|other subsystems) [successfully]",
])
.with_examples(&["the command is completed by all other sub-systems"]);

/// What subsystems tell.
pub(super) const RESULT_FROM: Phrase = Phrase::new(
    "each of these subsystems, or its leaf node, told this result of a command since the last When",
)
.with_patterns(&[
    "<who> [{should}] (receives|receive|gets|get) (longRunningCommandResult|long running command result|LRC result) [event] [with] \
     [(result|result code)] <code:word> from <from:who>",
    "longRunningCommandResult [event] <code:word> {is} received from <from:who>",
])
.with_examples(&[
    "the TMC gets a longRunningCommandResult event OK from the subsystems SDP and MCCS",
])
.watching(&[super::issue::RESULT]);

/// What the client's own command came to.
pub(super) const RESULT: Phrase = Phrase::new(
    "the last command that went to this device ends with a message that holds these words, or with this code",
)
.with_patterns(&[
    "<who> [{should}] (receives|receive|gets|get|reports|report|pushes) (longRunningCommandResult|long running command result|LRC result) \
     [event] with message <message:quoted>",
    "<who> [{should}] (receives|receive|gets|get|reports|report|pushes) (longRunningCommandResult|long running command result|LRC result) \
     [event] [with] [(result|result code)] <code:word>",
    "(longRunningCommandResult|LRC result) of <who> {is} [(result|code)] <code:word>",
])
.with_examples(&["the central node gets a longRunningCommandResult event with message `has been aborted`"]);

/// What is assigned.
pub(super) const RESOURCES: Phrase = Phrase::new(
    "these resources, or those that the last AssignResources named, are assigned to subarrays",
)
.with_patterns(&[
    "[(correct|right|requested|expected|required|given)] resources [<resources:list>] {is} [(correctly|successfully)] (assigned|allocated) [(to|on) <who>]",
    "<who> [{should}] (has|have|hold|holds|reports|report) [(correct|right|requested|expected|required)] resources [<resources:list>] [assigned]",
])
.with_examples(&[
    "the expected resources SKA063,SKA100 are allocated to the TMC subarray",
    "the requested resources are allocated to it",
]);

/// What a subarray is configured for.
pub(super) const SCAN_TYPE: Phrase = Phrase::new("the scanType of a subarray is what it was configured for")
    .with_patterns(&[
        "<who> (scanType|scan type) [(correctly|properly)] (reflects|shows|reports|matches) [(correctly|properly)] [configured] <value:value>",
    ])
    .with_examples(&["the CSP subarray scanType correctly shows configured field:c"]);

/// What was passed on.
pub(super) const PASSED_ON: Phrase = Phrase::new(
    "a subsystem was sent this command since the last When, with JSON in which this key stands; the \
     subsystem must tell what it was sent (commandCallInfo), as simulated ones do",
)
.with_patterns(&[
    "<who> [{should}] (invokes|invoke|invoked|calls|call|sends|send|sent|issues|issued|executes) <command:command> [command] (on|to) <on:who> \
     [with [json] [(containing|with|having|that contains|including)] [key] <key:word>]",
    "<on:who> [{should}] (receives|receive|received|gets|got) <command:command> [command] \
     [with [json] [(containing|with|having|that contains|including)] [key] <key:word>]",
])
.with_examples(&["the TMC subarray sends Configure to SDP with json including scan_type"])
.watching(&[super::issue::CALLS]);
