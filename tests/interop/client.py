"""A PyTango client that tries a subarray device, of whatever server.

    python3 client.py DEVICE [--cycles 50]

DEVICE is a name for the database at TANGO_HOST, or a full tango:// address. It
reads the obsState and its labels, has a command refused, then takes the subarray
from EMPTY round to EMPTY again and again, and compares every change event of
obsState and longRunningCommandResult with what must come: none lost, none twice,
in order. Exits 1 and says what is missing where something is.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from dataclasses import dataclass

import tango

from observation import ObsState, ResultCode


class Wrong(Exception):
    """Something is not as it must be."""


@dataclass(frozen=True)
class Action:
    """One command of the cycle and the obsStates that follow it."""

    command: str
    argument: str | None
    states: tuple[ObsState, ...]


CYCLE = (
    Action("AssignResources", "{}", (ObsState.RESOURCING, ObsState.IDLE)),
    Action("Configure", "{}", (ObsState.CONFIGURING, ObsState.READY)),
    Action("Scan", '{"scan_id": 1}', (ObsState.SCANNING,)),
    Action("EndScan", None, (ObsState.READY,)),
    Action("End", None, (ObsState.IDLE,)),
    Action("ReleaseAllResources", None, (ObsState.RESOURCING, ObsState.EMPTY)),
)


class Recorder:
    """Keeps every change event of one attribute, in the order of arrival."""

    def __init__(self, device: tango.DeviceProxy, attribute: str, changed):
        self.attribute = attribute
        self.values: list = []
        self.errors: list[str] = []
        self._changed = changed
        self._device = device
        kind = tango.EventType.CHANGE_EVENT
        self._id = device.subscribe_event(attribute, kind, self._event)
        # the subscription itself delivers the value of now, and that is no change
        with changed:
            if len(self.values) != 1:
                raise Wrong(f"{attribute}: {len(self.values)} first values, not 1")
            self.initial = self.values.pop()

    def _event(self, event) -> None:
        with self._changed:
            if event.err:
                self.errors.append(f"{event.errors[0].reason}: {event.errors[0].desc}")
            else:
                self.values.append(event.attr_value.value)
            self._changed.notify_all()

    def close(self) -> None:
        self._device.unsubscribe_event(self._id)


class Session:
    """A subscribed client of one subarray."""

    def __init__(self, device: tango.DeviceProxy, timeout: float):
        self.device = device
        self.timeout = timeout
        self.changed = threading.Condition()
        self.states = Recorder(device, "obsState", self.changed)
        self.results = Recorder(device, "longRunningCommandResult", self.changed)
        self.expected_states: list[ObsState] = []
        self.expected_ids: list[str] = []

    def act(self, action: Action) -> None:
        """Give one command, then wait for its obsStates and for its result."""
        if action.argument is None:
            reply = self.device.command_inout(action.command)
        else:
            reply = self.device.command_inout(action.command, action.argument)
        code, text = int(reply[0][0]), reply[1][0]
        if code not in (ResultCode.QUEUED, ResultCode.STARTED, ResultCode.OK):
            raise Wrong(f"{action.command} was answered {ResultCode(code).name}: {text}")
        if not text.endswith(f"_{action.command}"):
            raise Wrong(f"the id {text!r} does not end with _{action.command}")
        self.expected_states += action.states
        self.expected_ids.append(text)
        with self.changed:
            if not self.changed.wait_for(self._complete, self.timeout):
                raise Wrong(f"{action.command} after {self.timeout} s: {self._report()}")

    def check(self) -> None:
        """Compare all that came with all that had to come."""
        with self.changed:
            for recorder in (self.states, self.results):
                if recorder.errors:
                    raise Wrong(f"{recorder.attribute}: error event {recorder.errors[0]}")
            came = [ObsState(int(value)) for value in self.states.values]
            compare("obsState", came, self.expected_states)
            ids = [value[0] for value in self.results.values]
            compare("longRunningCommandResult", ids, self.expected_ids)
            for command_id, text in self.results.values:
                code, message = json.loads(text)
                if code != ResultCode.OK:
                    raise Wrong(f"{command_id} ended in {code}: {message}")

    def close(self) -> None:
        self.states.close()
        self.results.close()

    def _complete(self) -> bool:
        enough_states = len(self.states.values) >= len(self.expected_states)
        enough_results = len(self.results.values) >= len(self.expected_ids)
        failed = self.states.errors or self.results.errors
        return bool(failed) or (enough_states and enough_results)

    def _report(self) -> str:
        states = f"{len(self.states.values)} of {len(self.expected_states)} obsStates"
        results = f"{len(self.results.values)} of {len(self.expected_ids)} results"
        return f"{states} and {results} have come"


def compare(what: str, came: list, expected: list) -> None:
    """Raise Wrong at the first place where the two differ."""
    for index, (one, other) in enumerate(zip(came, expected)):
        if one != other:
            around = f"came {came[max(0, index - 3):index + 3]}"
            raise Wrong(f"{what}: event {index} is {one!r}, expected {other!r}; {around}")
    if len(came) != len(expected):
        raise Wrong(f"{what}: {len(came)} events, expected {len(expected)}")


def check_reading(device: tango.DeviceProxy) -> None:
    """obsState is a DevEnum with the labels of the control model, now EMPTY."""
    labels = list(device.get_attribute_config("obsState").enum_labels)
    expected = [state.name for state in ObsState]
    if labels != expected:
        raise Wrong(f"obsState has the labels {labels}, expected {expected}")
    reading = device.read_attribute("obsState")
    if reading.type != tango.CmdArgType.DevEnum:
        raise Wrong(f"obsState is a {reading.type}, not a DevEnum")
    if int(reading.value) != ObsState.EMPTY:
        raise Wrong(f"obsState is {reading.value}, must be 0 (EMPTY) at the start")
    if device.obsState.name != "EMPTY":
        raise Wrong(f"obsState reads as {device.obsState!r}, not as EMPTY")


def check_refusal(device: tango.DeviceProxy) -> None:
    """A command that the state does not permit is refused with a DevFailed."""
    text = "Configure command not permitted in observation state EMPTY"
    try:
        device.command_inout("Configure", "{}")
    except tango.DevFailed as failed:
        stack = [(error.reason, error.desc, error.origin) for error in failed.args]
        if not any(text in description for _, description, _ in stack):
            raise Wrong(f"the refusal does not say {text!r}: {stack}") from failed
        if not all(reason and origin for reason, _, origin in stack):
            raise Wrong(f"an error without reason or origin: {stack}") from failed
    else:
        raise Wrong("Configure in EMPTY was not refused")


def check_settled(session: Session, seconds: float) -> None:
    """No event comes any more: neither a late one nor one sent twice."""
    with session.changed:
        before = len(session.states.values) + len(session.results.values)
        session.changed.wait_for(
            lambda: len(session.states.values) + len(session.results.values) > before,
            seconds,
        )
    session.check()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("device")
    parser.add_argument("--cycles", type=int, default=50)
    parser.add_argument("--timeout", type=float, default=10.0, help="of each action")
    given = parser.parse_args()

    device = tango.DeviceProxy(given.device)
    device.ping()
    check_reading(device)
    check_refusal(device)
    session = Session(device, given.timeout)
    started = time.monotonic()
    for _ in range(given.cycles):
        for action in CYCLE:
            session.act(action)
        session.check()
    took = time.monotonic() - started
    check_settled(session, 0.5)
    session.close()
    events = len(session.expected_states) + len(session.expected_ids)
    print(
        f"PyTango {tango.__version__}: {given.device}: {given.cycles} cycles, "
        f"{events} events in order, none lost, none twice ({took:.1f} s)"
    )


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"client.py: {wrong}")
    except tango.DevFailed as failed:
        sys.exit(f"client.py: {failed.args[0].reason}: {failed.args[0].desc}")
