"""Events, as a PyTango client gets them: trials of everything_client.py."""

from __future__ import annotations

import threading
import time

import tango

from everything_report import SETTLE, SOON, Follower, Report, latin_1
from everything_types import plain

# how long a PyTango client may take to find a server that was started again: it looks
# at the heartbeats every 10 s
PATIENCE = 35.0

Kind = tango.EventType
# clients before Tango 10 do not know alarm events
ALARM = getattr(Kind, "ALARM_EVENT", None)


def events(device: tango.DeviceProxy, report: Report) -> None:
    device.command_inout("Push", ["change", "count", "7"])
    follower = Follower(device, "count")
    report.equal("value of now", follower.initial, [("count", 7)])
    device.command_inout("Push", ["change", "count", "100"])
    report.equal("100 in order", follower.take(100), [("count", n) for n in range(1, 101)])
    device.command_inout("PushError", "change")
    report.equal("error", follower.take(1), [("count", "error Everything_Pushed: pushed nö")])
    device.command_inout("Push", ["change", "count", "1"])
    report.equal("after an error", follower.take(1), [("count", 1)])
    report.equal("nothing more", follower.more(), [])
    follower.close()

    follower = Follower(device, "count", "text", "row")
    device.command_inout("PushAlternately", 50)
    expected: list = []
    for n in range(1, 51):
        expected += [("count", n), ("text", str(n)), ("row", [float(n), n / 2])]
    report.equal("three attributes in order", follower.take(150), expected)
    follower.close()

    follower = Follower(device, "colour", "grid", "invalid")
    device.command_inout("Push", ["change", "colour", "2"])
    device.command_inout("Push", ["change", "grid", "1"])
    device.command_inout("PushInvalid", "change")
    expected = [("colour", 1), ("colour", 2), ("grid", [[1, 2, 3], [4, 5, 6]])]
    report.equal("other types", follower.take(4), [*expected, ("invalid", "invalid")])
    follower.close()
    report.refuses("unknown attribute", lambda: Follower(device, "no_such"), "API_AttrNotFound")


class Kinds:
    """Follows events of several kinds, and keeps each kind's in the order of arrival."""

    def __init__(self, device: tango.DeviceProxy, **attributes: tuple[object, str]):
        self.came = threading.Condition()
        self.events: dict[str, list] = {name: [] for name in attributes}
        self.device = device
        self.ids = []
        for name, (kind, attribute) in attributes.items():
            of = (kind,) if kind == Kind.INTERFACE_CHANGE_EVENT else (attribute, kind)
            self.ids.append(device.subscribe_event(*of, self._handler(name)))
        time.sleep(SETTLE)
        with self.came:
            self.initial, self.events = self.events, {name: [] for name in attributes}

    def _handler(self, name: str):
        def came(event) -> None:
            with self.came:
                self.events[name].append(in_short(event))
                self.came.notify_all()

        return came

    def take(self, name: str, count: int) -> list:
        """The next so many of one name, or what there is of them after a while."""
        with self.came:
            self.came.wait_for(lambda: len(self.events[name]) >= count, SOON)
            found = self.events[name]
            taken, self.events[name] = found[:count], found[count:]
        return taken

    def close(self) -> None:
        for number in self.ids:
            self.device.unsubscribe_event(number)


def in_short(event):
    """What an event of any kind brings."""
    if event.err:
        return f"error {event.errors[0].reason}: {latin_1(event.errors[0].desc)}"
    if isinstance(event, tango.DataReadyEventData):
        return event.ctr
    if isinstance(event, tango.AttrConfEventData):
        return event.attr_conf.label
    if isinstance(event, tango.DevIntrChangeEventData):
        names = [config.name for config in event.att_list]
        return len(names), "added" in names, len(event.cmd_list), event.dev_started
    return plain(event.attr_value.value)


def kinds(device: tango.DeviceProxy, report: Report) -> None:
    """Events of all kinds but change."""
    valued = {"archive": Kind.ARCHIVE_EVENT, "user": Kind.USER_EVENT}
    if ALARM is not None:
        valued["alarm"] = ALARM
    follower = Kinds(
        device,
        **{word: (kind, "count") for word, kind in valued.items()},
        change=(Kind.CHANGE_EVENT, "count"),
        periodic=(Kind.PERIODIC_EVENT, "polled"),
        archived=(Kind.ARCHIVE_EVENT, "polled"),
        changed=(Kind.CHANGE_EVENT, "polled"),
        ready=(Kind.DATA_READY_EVENT, "row"),
        configuration=(Kind.ATTR_CONF_EVENT, "quality_alarm"),
        interface=(Kind.INTERFACE_CHANGE_EVENT, ""),
    )
    for word in valued:
        report.equal(f"{word}: value of now", len(follower.initial[word]), 1)
        device.command_inout("Push", [word, "count", "20"])
        device.command_inout("PushError", word)
        expected = [*range(1, 21), "error Everything_Pushed: pushed nö"]
        report.equal(f"{word}: 20 in order and an error", follower.take(word, 21), expected)
    for word in (*valued, "change"):
        report.equal(f"{word}: nothing more", follower.events[word], [])
    for word in ("periodic", "archived", "changed"):
        found = follower.take(word, 4)
        rises = len(found) == 4 and all(one < other for one, other in zip(found, found[1:]))
        report.equal(f"polled, {word}: {found} rise", rises, True)
    device.command_inout("Push", ["data_ready", "row", "3"])
    report.equal("data ready", follower.take("ready", 3), [1, 2, 3])
    config = device.get_attribute_config("quality_alarm")
    before = config.label
    report.equal("configuration of now", follower.initial["configuration"], [before])
    for label in ("another", before):
        config.label = label
        device.set_attribute_config(config)
        report.equal(f"configuration: {label}", follower.take("configuration", 1), [label])
    now = (len(device.get_attribute_list()), False, len(device.command_list_query()), False)
    report.equal("interface of now", [found[:3] for found in follower.initial["interface"]], [now[:3]])
    device.command_inout("AddAttribute", "added")
    expected = (now[0] + 1, True, now[2], False)
    report.equal("an attribute is added", follower.take("interface", 1), [expected])
    report.gives("the added attribute", lambda: device.read_attribute("added").value, 7)
    device.command_inout("RemoveAttribute", "added")
    report.equal("it is removed", follower.take("interface", 1), [now])
    follower.close()
    not_polled = "API_AttributePollingNotStarted"
    for kind, attribute, reason in (
        (Kind.CHANGE_EVENT, "dated", not_polled),
        (Kind.ARCHIVE_EVENT, "dated", not_polled),
        (Kind.PERIODIC_EVENT, "count", not_polled),
        (Kind.DATA_READY_EVENT, "dated", "API_AttributeNotDataReadyEnabled"),
    ):
        report.refuses(
            f"{kind} of {attribute}",
            lambda kind=kind, attribute=attribute: device.subscribe_event(
                attribute, kind, lambda event: None
            ),
            reason,
        )


def burst(device: tango.DeviceProxy, report: Report) -> None:
    follower = Follower(device, "count")
    device.set_timeout_millis(30_000)
    device.command_inout("Push", ["change", "count", "5000"])
    found = [value for _, value in follower.take(5000)]
    if found == list(range(1, 5001)):
        report.ok("5000 back to back")
        report.equal("nothing more", follower.more(), [])
    else:
        strange = [value for value in found if not isinstance(value, int)][:3]
        report.failed("5000 back to back", f"{len(found)} came; {strange}")
    follower.close()


def restart(device: tango.DeviceProxy, report: Report) -> None:
    """Who starts this trial must start the server again when it dies."""
    follower = Follower(device, "count")
    device.command_inout("Push", ["change", "count", "9"])
    report.equal("events before", follower.take(9), [("count", n) for n in range(1, 10)])
    try:
        device.command_inout("PushAndDie", 3)
    except tango.DevFailed:
        report.ok("the command that killed it")
    else:
        report.failed("the command that killed it", "was answered")
    report.equal("what was pushed before", follower.take(3), [("count", n) for n in (1, 2, 3)])
    started = time.monotonic()
    back = False
    while not back and time.monotonic() < started + PATIENCE:
        # PyTango tells an error for each look at the heartbeats, then the value read again
        back = ("count", 0) in follower.take(1)
    report.equal("the value read again", back, True)
    print(f"back after {time.monotonic() - started:.1f} s")
    time.sleep(SETTLE)
    follower.more()
    follower.events.clear()
    device.command_inout("Push", ["change", "count", "20"])
    expected = [("count", n) for n in range(1, 21)]
    report.equal("events of the new server", follower.take(20), expected)
    follower.close()
