"""The observation state model of a subarray, as data: no Tango in here.

The numbers are those of the SKA control model; which command is allowed in
which state is what SKASubarray of ska-tango-base 0.15 to 1.3.2 allows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum


class ObsState(IntEnum):
    EMPTY = 0
    RESOURCING = 1
    IDLE = 2
    CONFIGURING = 3
    READY = 4
    SCANNING = 5
    ABORTING = 6
    ABORTED = 7
    RESETTING = 8
    FAULT = 9
    RESTARTING = 10


class ResultCode(IntEnum):
    OK = 0
    STARTED = 1
    QUEUED = 2
    FAILED = 3
    UNKNOWN = 4
    REJECTED = 5
    NOT_ALLOWED = 6
    ABORTED = 7


class FaultType(IntEnum):
    """How a command misbehaves; the numbers are those of the SKA helper devices."""

    NONE = 0
    NOT_ALLOWED_BEFORE_QUEUING = 1
    FAILED_RESULT = 2
    LONG_RUNNING_EXCEPTION = 3
    STUCK_IN_INTERMEDIATE_STATE = 4
    STUCK_IN_OBSTATE = 5
    NOT_ALLOWED_AFTER_QUEUING = 6
    EXCEPTION_AFTER_QUEUING = 7


class StateModelError(ValueError):
    """A command that the observation state does not permit."""


class CommandNotAllowed(Exception):
    """A command that a fault refuses before it is queued."""


# PyTango puts the qualified name in front of the text that a client sees, and
# test suites look for the name that the SKA's base classes have there.
StateModelError.__module__ = "ska_tango_base.faults"
CommandNotAllowed.__module__ = "ska_tmc_common.exceptions"


@dataclass(frozen=True)
class CommandRule:
    """Where a command may be given and what it does to the obsState."""

    allowed: frozenset[ObsState]
    during: ObsState | None
    after: ObsState | None
    commanded: ObsState | None
    # True where the final obsState comes after the result, False where before
    result_first: bool = True


def _rule(allowed, during, after, commanded=None, result_first=True) -> CommandRule:
    states = frozenset(ObsState[word] for word in allowed.split())
    return CommandRule(states, during, after, commanded or after, result_first)


_S = ObsState

# `after=None`: depends on whether the subarray holds resources (see `final_state`)
RULES: dict[str, CommandRule] = {
    "AssignResources": _rule("EMPTY IDLE", _S.RESOURCING, _S.IDLE),
    "ReleaseResources": _rule("EMPTY IDLE", _S.RESOURCING, None, _S.IDLE),
    "ReleaseAllResources": _rule("EMPTY IDLE", _S.RESOURCING, _S.EMPTY),
    "Configure": _rule("IDLE READY", _S.CONFIGURING, _S.READY),
    "Scan": _rule("READY", None, _S.SCANNING, _S.READY, result_first=False),
    "EndScan": _rule("SCANNING", None, _S.READY, result_first=False),
    "End": _rule("IDLE READY", None, _S.IDLE, result_first=False),
    "Abort": _rule(
        "RESOURCING IDLE CONFIGURING READY SCANNING RESETTING", _S.ABORTING, _S.ABORTED
    ),
    "ObsReset": _rule("ABORTED FAULT", _S.RESETTING, None),
    "Restart": _rule("ABORTED FAULT", _S.RESTARTING, _S.EMPTY),
    "On": CommandRule(frozenset(_S), None, None, None),
    "Off": CommandRule(frozenset(_S), None, None, None),
}


def check_permitted(command: str, state: ObsState) -> CommandRule:
    """Return the rule of `command`, or raise StateModelError."""
    rule = RULES[command]
    if state not in rule.allowed:
        raise StateModelError(
            f"{command} command not permitted in observation state {state.name}"
        )
    return rule


def final_state(command: str, has_resources: bool) -> ObsState | None:
    """Return the obsState in which `command` ends, None where it changes none."""
    if command in ("ReleaseResources", "ObsReset"):
        return ObsState.IDLE if has_resources else ObsState.EMPTY
    return RULES[command].after


@dataclass
class Defect:
    """What SetDefective asked for."""

    fault: FaultType = FaultType.NONE
    error_message: str = "Command is not allowed"
    result: ResultCode = ResultCode.FAILED
    intermediate_state: ObsState | None = None
    target_obsstates: list[ObsState] = field(default_factory=list)
    # beyond the helper devices: only this command, and only so many times
    command: str | None = None
    times: int | None = None

    @classmethod
    def from_json(cls, text: str) -> Defect:
        """Read the JSON argument of SetDefective; ValueError when it is wrong."""
        given = json.loads(text)
        known = {"enabled", "fault_type", "error_message", "result"}
        known |= {"intermediate_state", "target_obsstates", "command", "times"}
        unknown = set(given) - known
        if unknown:
            raise ValueError(f"SetDefective: unknown keys {sorted(unknown)}")
        if not given.get("enabled", False):
            return cls()
        defect = cls(fault=FaultType(given.get("fault_type", 0)))
        defect.error_message = given.get("error_message", defect.error_message)
        defect.result = ResultCode(given.get("result", defect.result))
        if given.get("intermediate_state") is not None:
            defect.intermediate_state = ObsState(given["intermediate_state"])
        targets = given.get("target_obsstates") or []
        defect.target_obsstates = [ObsState(state) for state in targets]
        defect.command = given.get("command")
        defect.times = given.get("times")
        return defect

    def take(self, command: str) -> Defect | None:
        """Return this defect when it strikes `command` now, counting it."""
        if self.fault == FaultType.NONE or self.command not in (None, command):
            return None
        if self.times is None:
            return self
        if self.times <= 0:
            return None
        self.times -= 1
        return self
