"""What everything_client.py tells and how it follows events.

A report of what was tried, which goes on after a failure, and a follower of change
events which keeps them in the order of arrival.
"""

from __future__ import annotations

import threading
import time

import tango

from everything_types import plain

# PyTango allows a subscription 50 ms to reach the server and does not ask whether it
# has; on a busy machine the first event is then lost, which is not the server's doing.
SETTLE = 1.0
# how long an event may take on a busy machine, and for how long nothing more must come
SOON, QUIET = 15.0, 0.3

Quality = tango.AttrQuality


class Report:
    """Prints each outcome as it comes, and counts."""

    def __init__(self):
        self.trial = ""
        self.good = 0
        self.bad: list[str] = []

    def ok(self, what: str) -> None:
        print(f"ok {self.trial}.{brief(what)}")
        self.good += 1

    def failed(self, what: str, difference: str) -> None:
        line = f"{self.trial}.{brief(what)}: {difference}"
        print(f"FAILED {line}", flush=True)
        self.bad.append(line)

    def equal(self, what: str, found, expected) -> None:
        if found == expected:
            self.ok(what)
        else:
            self.failed(what, f"expected {brief(repr(expected))}, found {brief(repr(found))}")

    def gives(self, what: str, call, expected) -> None:
        """What a call gives must be equal; that it fails is a difference."""
        try:
            found = plain(call())
        except tango.DevFailed as failed:
            self.failed(what, words(failed))
        else:
            self.equal(what, found, expected)

    def refuses(self, what: str, call, reason: str):
        """A call must fail, with this reason first; the failure is returned."""
        try:
            found = call()
        except tango.DevFailed as failed:
            self.equal(what, failed.args[0].reason, reason)
            return failed
        self.failed(what, f"was accepted: {brief(repr(found))}")
        return None


def brief(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"


def words(failed: tango.DevFailed) -> str:
    return brief("; ".join(f"{error.reason}: {error.desc}" for error in failed.args))


def latin_1(text: str) -> str:
    """A text that PyTango's server sent in UTF-8, and PyTango's client took for Latin-1."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


class Follower:
    """Keeps the events of several attributes in the order of arrival."""

    def __init__(self, device: tango.DeviceProxy, *attributes: str):
        self.events: list[tuple[str, object]] = []
        self.came = threading.Condition()
        self.device = device
        kind = tango.EventType.CHANGE_EVENT
        self.ids = [device.subscribe_event(name, kind, self._event) for name in attributes]
        time.sleep(SETTLE)
        with self.came:
            self.initial, self.events = self.events, []

    def _event(self, event) -> None:
        name = event.attr_name.split("#")[0].rpartition("/")[2]
        if event.err:
            error = event.errors[0]
            found = (name, f"error {error.reason}: {latin_1(error.desc)}")
        else:
            value = event.attr_value
            invalid = value.quality == Quality.ATTR_INVALID
            found = (name, "invalid" if invalid else plain(value.value))
        with self.came:
            self.events.append(found)
            self.came.notify_all()

    def take(self, count: int) -> list[tuple[str, object]]:
        """The next so many, or what there is of them after a while."""
        with self.came:
            self.came.wait_for(lambda: len(self.events) >= count, SOON)
            taken, self.events = self.events[:count], self.events[count:]
        return taken

    def more(self) -> list[tuple[str, object]]:
        """What comes though nothing should."""
        time.sleep(QUIET)
        with self.came:
            return list(self.events)

    def close(self) -> None:
        for number in self.ids:
            self.device.unsubscribe_event(number)
