//! The kinds of defects and their numbers.

use std::fmt;

/// What goes wrong. The numbers are the `fault_type` of the helper devices of `ska-tmc-common`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DefectKind {
    /// 1: the command is refused with an exception.
    NotAllowedBeforeQueuing,
    /// 2: the reply carries a failure instead of QUEUED; nothing is done.
    FailedResult,
    /// 3: accepted, then ended by an exception: status FAILED, and the obsState stays where the
    /// command had brought it.
    LongRunningException,
    /// 4: accepted, then nothing any more, until Abort or Restart.
    StuckInIntermediateState,
    /// 5: accepted, then a failure as the result, and the obsState stays.
    StuckInObsState,
    /// 6: accepted, then not allowed when its turn comes; the obsState does not change.
    NotAllowedAfterQueuing,
    /// 7: accepted, then an exception in the check whether it is allowed; the obsState does not
    /// change.
    ExceptionAfterQueuing,
    /// 8: accepted, then the result that was set: the pointing model cannot be reached.
    PointingModelNotReachable,
    /// 9: accepted, then the result that was set: the pointing model is no JSON.
    PointingModelNotJson,
    /// 10: accepted, then the result that was set: the pointing model is wrong in another way.
    PointingModelWrong,
    /// 11: accepted, then the result that was set: the pointing model is not known.
    PointingModelUnknown,
    /// 12: refused with an exception, and the obsState goes to FAULT.
    SdpFault,
    /// 13: refused with an exception, after the obsState has gone to the transient state and back.
    SdpBackToInitialState,
}

impl DefectKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: &'static [DefectKind] = &[
        DefectKind::NotAllowedBeforeQueuing,
        DefectKind::FailedResult,
        DefectKind::LongRunningException,
        DefectKind::StuckInIntermediateState,
        DefectKind::StuckInObsState,
        DefectKind::NotAllowedAfterQueuing,
        DefectKind::ExceptionAfterQueuing,
        DefectKind::PointingModelNotReachable,
        DefectKind::PointingModelNotJson,
        DefectKind::PointingModelWrong,
        DefectKind::PointingModelUnknown,
        DefectKind::SdpFault,
        DefectKind::SdpBackToInitialState,
    ];

    /// The number, as `fault_type` has it: 1 to 13.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            DefectKind::NotAllowedBeforeQueuing => 1,
            DefectKind::FailedResult => 2,
            DefectKind::LongRunningException => 3,
            DefectKind::StuckInIntermediateState => 4,
            DefectKind::StuckInObsState => 5,
            DefectKind::NotAllowedAfterQueuing => 6,
            DefectKind::ExceptionAfterQueuing => 7,
            DefectKind::PointingModelNotReachable => 8,
            DefectKind::PointingModelNotJson => 9,
            DefectKind::PointingModelWrong => 10,
            DefectKind::PointingModelUnknown => 11,
            DefectKind::SdpFault => 12,
            DefectKind::SdpBackToInitialState => 13,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<DefectKind> {
        DefectKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.number() == number)
    }

    /// The name that `ska-tmc-common` gives it; those of 10 and 11 are ours.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            DefectKind::NotAllowedBeforeQueuing => "COMMAND_NOT_ALLOWED_BEFORE_QUEUING",
            DefectKind::FailedResult => "FAILED_RESULT",
            DefectKind::LongRunningException => "LONG_RUNNING_EXCEPTION",
            DefectKind::StuckInIntermediateState => "STUCK_IN_INTERMEDIATE_STATE",
            DefectKind::StuckInObsState => "STUCK_IN_OBSTATE",
            DefectKind::NotAllowedAfterQueuing => "COMMAND_NOT_ALLOWED_AFTER_QUEUING",
            DefectKind::ExceptionAfterQueuing => "COMMAND_NOT_ALLOWED_EXCEPTION_AFTER_QUEUING",
            DefectKind::PointingModelNotReachable => "GPM_URI_NOT_REACHABLE",
            DefectKind::PointingModelNotJson => "GPM_JSON_ERROR",
            DefectKind::PointingModelWrong => "GPM_WRONG",
            DefectKind::PointingModelUnknown => "GPM_UNKNOWN",
            DefectKind::SdpFault => "SDP_FAULT",
            DefectKind::SdpBackToInitialState => "SDP_BACK_TO_INITIAL_STATE",
        }
    }
}

impl fmt::Display for DefectKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
