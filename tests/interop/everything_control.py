"""Configurations that are written, the black box, and locks, as a PyTango client has them.

Trials of everything_client.py.
"""

from __future__ import annotations

import os
import subprocess
import time

import tango

from everything_report import Report


def configure(device: tango.DeviceProxy, report: Report) -> None:
    """Configurations that are written: what is in force then, and what is refused."""
    before = device.get_attribute_config("limited")
    config = device.get_attribute_config("limited")
    config.label, config.unit, config.description = "another nö", "km", "described"
    config.min_value, config.max_value = "-20", "20"
    config.alarms.min_alarm, config.alarms.max_alarm = "-15", "15"
    config.events.ch_event.abs_change = "0.25"
    report.gives("write", lambda: device.set_attribute_config(config), None)
    found = device.get_attribute_config("limited")
    words = (found.label, found.unit, found.description)
    report.equal("words", words, ("another nö", "km", "described"))
    limits = (found.min_value, found.max_value, found.alarms.min_alarm, found.alarms.max_alarm)
    report.equal("limits", [float(limit) for limit in limits], [-20, 20, -15, 15])
    report.equal("absolute change", float(found.events.ch_event.abs_change), 0.25)
    report.gives("write within", lambda: device.write_attribute("limited", -12.0), None)
    report.refuses(
        "write beyond", lambda: device.write_attribute("limited", 20.5), "API_WAttrOutsideLimit"
    )
    for value, quality in ((16.0, tango.AttrQuality.ATTR_ALARM), (1.0, tango.AttrQuality.ATTR_VALID)):
        device.write_attribute("limited", value)
        report.equal(f"quality of {value}", device.read_attribute("limited").quality, quality)

    for what, changes, reason in (
        ("a word for a limit", {"max_value": "abc"}, "API_AttrOptProp"),
        ("minimum above maximum", {"min_value": "5", "max_value": "4"}, "API_IncoherentValues"),
        ("another size", {"max_dim_x": 7}, "API_AttrNotAllowed"),
        ("another name", {"name": "no_such"}, "API_AttrNotFound"),
    ):
        config = device.get_attribute_config("limited")
        for field, value in changes.items():
            setattr(config, field, value)
        try:
            device.set_attribute_config(config)
        except tango.DevFailed as failed:
            # a second line of the reason tells what became of the others
            report.equal(what, failed.args[0].reason.splitlines()[0], reason)
        else:
            report.failed(what, "was accepted")
    config = device.get_attribute_config("limited")
    report.equal("nothing of it stays", float(config.max_value), 20.0)

    config.label = config.unit = config.description = config.min_value = config.max_value = ""
    config.alarms.min_alarm = config.alarms.max_alarm = config.events.ch_event.abs_change = ""
    report.gives("empty words", lambda: device.set_attribute_config(config), None)
    found = device.get_attribute_config("limited")
    report.equal(
        "back: words",
        (found.label, found.unit, found.description),
        (before.label, before.unit, before.description),
    )
    report.equal("back: limits", (float(found.min_value), float(found.max_value)), (0.0, 10.0))


def black_box(device: tango.DeviceProxy, report: Report) -> None:
    device.state()
    device.write_attribute("long_scalar", 5)
    device.read_attributes(["count", "text"])
    device.command_inout("EchoLong", 6)
    own = f"PID {os.getpid()})"
    lines = [line for line in device.black_box(50) if own in line]
    found = [line.partition(" : ")[2].partition(" requested")[0] for line in lines[:3]]
    found = [line.replace(" from cache_device", "").replace(" from device", "") for line in found]
    expected = [
        "Operation command_inout_4 (cmd = EchoLong)",
        "Operation read_attributes_5 (count, text)",
        "Operation write_attributes_4 (long_scalar)",
    ]
    report.equal("the last calls", found, expected)
    report.equal("one line", len(device.black_box(1)), 1)
    report.refuses("no line", lambda: device.black_box(0), "API_BlackBoxArgument")


def locking(device: tango.DeviceProxy, report: Report) -> None:
    """A lock that keeps wire_client out, until that breaks it. Needs a database."""
    report.equal("free at first", device.is_locked(), False)
    device.lock(2)
    report.equal("locked", (device.is_locked(), device.is_locked_by_me()), (True, True))
    report.equal("holder", f"PID {os.getpid()} " in device.locking_status(), True)
    wire_client(device, report, "locked-out")
    taken = time.monotonic()
    for number in range(100):
        device.command_inout("EchoLong", number)
        device.write_attribute("long_scalar", number)
    report.ok("200 calls of the holder")
    # renewed by PyTango's own thread, or it would be over by now
    time.sleep(max(0.0, taken + 2.7 - time.monotonic()))
    wire_client(device, report, "locked-out")
    device.unlock()
    report.equal("free again", device.is_locked(), False)

    device.lock(2)
    wire_client(device, report, "lock-breaker")
    report.refuses(
        "the next call is told", lambda: device.command_inout("EchoLong", 1), "API_DeviceUnlocked"
    )
    # told again and again, until another client has called
    wire_client(device, report, "lock-visitor")
    report.gives("free after all", lambda: device.command_inout("EchoLong", 2), 2)


def wire_client(device: tango.DeviceProxy, report: Report, trial: str) -> None:
    """A trial of wire_client, in its own process."""
    program = os.path.join(os.environ["INTEROP_BUILT"], "examples", "wire_client")
    ended = subprocess.run(
        [program, device.name(), trial], capture_output=True, text=True, timeout=60, check=False
    )
    if ended.returncode == 0:
        report.ok(f"wire_client is {trial}")
    else:
        said = [line for line in ended.stdout.splitlines() if not line.startswith("ok ")]
        report.failed(f"wire_client is {trial}", " | ".join([*said, ended.stderr]))
