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


# PyTango allows a subscription 50 ms to reach the server and does not ask whether it
# has; on a busy machine the first event is then lost, which is not the server's doing.
SETTLE = 1.0


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
        self.events = 0

    def act(self, action: Action) -> None:
        """Give one command, then hold the events that follow against the right ones."""
        if action.argument is None:
            reply = self.device.command_inout(action.command)
        else:
            reply = self.device.command_inout(action.command, action.argument)
        code, text = int(reply[0][0]), reply[1][0]
        if code not in (ResultCode.QUEUED, ResultCode.STARTED, ResultCode.OK):
            raise Wrong(f"{action.command} was answered {ResultCode(code).name}: {text}")
        if not text.endswith(f"_{action.command}"):
            raise Wrong(f"the id {text!r} does not end with _{action.command}")
        with self.changed:
            expected = len(action.states)
            if not self.changed.wait_for(lambda: self._has(expected, 1), self.timeout):
                raise Wrong(f"{action.command}, after {self.timeout} s: {self.came()}")
            for recorder in (self.states, self.results):
                if recorder.errors:
                    raise Wrong(f"{recorder.attribute}: error event {recorder.errors[0]}")
            states = tuple(ObsState(int(value)) for value in self.states.values)
            if states != action.states or [value[0] for value in self.results.values] != [text]:
                raise Wrong(f"{action.command} with id {text}: {self.came()}")
            result = self.results.values[0][1]
            if json.loads(result)[0] != ResultCode.OK:
                raise Wrong(f"{text} ended in {result}")
            self.events += len(self.states.values) + len(self.results.values)
            self.states.values.clear()
            self.results.values.clear()

    def check_quiet(self, seconds: float) -> None:
        """Nothing comes any more: neither a late event nor one sent twice."""
        with self.changed:
            if self.changed.wait_for(lambda: self._has(1, 0) or self._has(0, 1), seconds):
                raise Wrong(f"after the last action: {self.came()}")

    def came(self) -> str:
        """Say which events have come since the last action began."""
        states = [ObsState(int(value)).name for value in self.states.values]
        results = [" ".join(value) for value in self.results.values]
        return f"came the obsStates {states} and the results {results}"

    def close(self) -> None:
        self.states.close()
        self.results.close()

    def _has(self, states: int, results: int) -> bool:
        if self.states.errors or self.results.errors:
            return True
        return len(self.states.values) >= states and len(self.results.values) >= results


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
    time.sleep(SETTLE)
    started = time.monotonic()
    for _ in range(given.cycles):
        for action in CYCLE:
            session.act(action)
    took = time.monotonic() - started
    session.check_quiet(0.5)
    session.close()
    print(
        f"PyTango {tango.__version__}: {given.device}: {given.cycles} cycles, "
        f"{session.events} events in order, none lost, none twice ({took:.1f} s)"
    )


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        sys.exit(f"client.py: {wrong}")
    except tango.DevFailed as failed:
        sys.exit(f"client.py: {failed.args[0].reason}: {failed.args[0].desc}")
