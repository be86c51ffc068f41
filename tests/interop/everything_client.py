"""A PyTango client that tries everything of a device that everything.py or wire_server serves.

    python3 everything_client.py DEVICE TRIAL...

DEVICE is a name for the database at TANGO_HOST, or a full tango:// address. Prints a line
for each thing that was tried, goes on after a failure, and exits 1 if there was one.
"""

from __future__ import annotations

import math
import os
import sys

import tango

from everything_control import black_box, configure, locking
from everything_database import database_restart, device_restart, properties
from everything_events import burst, events, kinds, restart
from everything_report import Report, latin_1, words
from everything_types import COMMANDS, ELEMENTS, READ_ONLY, Colour, formats, plain, rows

Quality = tango.AttrQuality
Type = tango.CmdArgType


# ---- the trials


def calls(device: tango.DeviceProxy, report: Report) -> None:
    device.ping()
    report.ok("ping")
    report.equal("state", device.state(), tango.DevState.ON)
    try:
        report.equal("status", device.status(), "all of it, nö")
    except UnicodeDecodeError as error:
        report.failed("status", str(error))
    report.equal("command State", device.command_inout("State"), tango.DevState.ON)
    report.equal("command Status", latin_1(device.command_inout("Status")), "all of it, nö")
    info = device.info()
    report.equal("info.dev_class", info.dev_class, "Everything")
    report.equal("info.server_version", info.server_version >= 5, True)
    report.equal("admin name", "dserver/" in device.adm_name(), True)
    described = {info.cmd_name: info for info in device.command_list_query()}
    for name, (kind, values) in COMMANDS.items():
        command = f"Echo{name}"
        found = described.get(command)
        report.equal(f"list has {command}", found and (found.in_type, found.out_type), (kind, kind))
        for value in values:
            echo(device, report, name, value)
    report.equal("query", device.command_query("Slow").in_type, Type.DevDouble)
    report.gives("EchoVoid", lambda: device.command_inout("EchoVoid"), None)
    report.gives("any case", lambda: device.command_inout("eChOvOiD"), None)
    big = [float(number) for number in range(300_000)]
    report.gives("300,000 doubles", lambda: device.command_inout("EchoVarDoubleArray", big), big)
    infinite = [math.inf, -math.inf]
    report.gives(
        "infinite", lambda: device.command_inout("EchoVarDoubleArray", infinite), infinite
    )
    number = device.command_inout("EchoDouble", math.nan)
    report.equal("NaN", math.isnan(number), True)


def echo(device, report, name, value) -> None:
    what = f"echo {name} {value!r}"
    expected = plain(value)
    if name == "Encoded":
        expected = [value[0], value[1]]
    if name == "UChar":
        pytango_has_no_uchar(device, report, what, value)
        return
    report.gives(what, lambda: device.command_inout(f"Echo{name}", value), expected)


def pytango_has_no_uchar(device, report, what, value) -> None:
    """PyTango's clients send nothing in place of a DevUChar; when that changes, tell."""
    try:
        found = device.command_inout("EchoUChar", value)
    except tango.DevFailed as failed:
        reasons = ("API_IncompatibleCmdArgumentType", "API_CorbaException")
        report.equal(f"{what} fails as ever", failed.args[0].reason in reasons, True)
    else:
        report.equal(f"{what}: PyTango's fault as ever", found, None)


def errors(device: tango.DeviceProxy, report: Report) -> None:
    failed = report.refuses("stack", lambda: device.command_inout("Fail", "nö"), "Everything_First")
    if failed:
        found = [(error.reason, latin_1(error.desc), error.origin) for error in failed.args[:2]]
        expected = [
            ("Everything_First", "first nö", "everything.first"),
            ("Everything_Second", "second nö", "everything.second"),
        ]
        report.equal("stack in full", found, expected)
        report.equal("severity", failed.args[0].severity, tango.ErrSeverity.ERR)
    report.refuses("read that fails", lambda: device.read_attribute("failing"), "Everything_First")
    for what, call in (
        ("crash", lambda: device.command_inout("Crash", "with ")),
        ("read that crashes", lambda: device.read_attribute("crashing")),
    ):
        try:
            call()
        except tango.DevFailed as failed:
            said = any("nö" in latin_1(error.desc) for error in failed.args)
            report.equal(f"{what} says why", said, True)
        else:
            report.failed(what, "was accepted")
    for what, call, reason in (
        ("unknown command", lambda: device.command_inout("NoSuch"), "API_CommandNotFound"),
        ("unknown command asked", lambda: device.command_query("NoSuch"), "API_CommandNotFound"),
        ("unknown attribute", lambda: device.read_attribute("no_such"), "API_AttrNotFound"),
        (
            "unknown attribute asked",
            lambda: device.get_attribute_config("no_such"),
            "API_AttrNotFound",
        ),
        (
            "refusing",
            lambda: device.write_attribute("refusing", 2.0),
            "Everything_Refused",
        ),
        ("too much", lambda: device.write_attribute("limited", 11.0), "API_WAttrOutsideLimit"),
        ("too little", lambda: device.write_attribute("limited", -0.5), "API_WAttrOutsideLimit"),
        (
            "not a label",
            lambda: device.write_attribute("enum_scalar", 3),
            "API_WAttrOutsideLimit",
        ),
        (
            "infinite",
            lambda: device.write_attribute("double_scalar", math.inf),
            "API_WAttrOutsideLimit",
        ),
        ("read only", lambda: device.write_attribute("dated", 1.0), "API_AttrNotWritable"),
    ):
        report.refuses(what, call, reason)
    wrong_type = tango.DeviceData()
    wrong_type.insert(Type.DevLong, 1)
    report.refuses(
        "wrong type",
        lambda: tango.DeviceProxy.command_inout_raw(device, "EchoShort", wrong_type),
        "API_IncompatibleCmdArgumentType",
    )
    mixed(device, report)
    slow(device, report)


def mixed(device: tango.DeviceProxy, report: Report) -> None:
    try:
        device.write_attributes(
            [("short_scalar", 77), ("refusing", 3.0), ("long_scalar", 78), ("limited", 99.0)]
        )
    except tango.DevFailed as failed:
        # PyTango makes one failure of the several, which names the attributes
        text = failed.args[0].desc
        found = [name in text for name in ("refusing", "limited", "_scalar")]
        report.equal("mixed writes name the bad", found, [True, True, False])
    else:
        report.failed("mixed writes", "were accepted")
    device.write_attributes([("short_scalar", 79), ("long_scalar", 80)])
    found = [reading.value for reading in device.read_attributes(["short_scalar", "long_scalar"])]
    report.equal("good writes", found, [79, 80])
    readings = device.read_attributes(["dated", "failing", "no_such", "count"])
    found = [
        reading.get_err_stack()[0].reason if reading.has_failed else "good" for reading in readings
    ]
    expected = ["good", "Everything_First", "API_AttrNotFound", "good"]
    report.equal("mixed reads", found, expected)


def slow(device: tango.DeviceProxy, report: Report) -> None:
    device.set_timeout_millis(300)
    try:
        device.command_inout("Slow", 1.0)
    except tango.DevFailed as failed:
        reasons = [error.reason for error in failed.args]
        report.equal("timeout", "API_DeviceTimedOut" in reasons, True)
    else:
        report.failed("timeout", "was answered")
    device.set_timeout_millis(3000)
    report.gives("call after it", lambda: device.command_inout("EchoLong", 5), 5)


def attributes(device: tango.DeviceProxy, report: Report) -> None:
    for element in ELEMENTS:
        for form in formats(element):
            one_type(device, report, element, form)
    write_only = device.write_attribute("write_only", 12)
    report.equal("write only", write_only, None)
    for name, quality in (
        ("quality_alarm", Quality.ATTR_ALARM),
        ("quality_warning", Quality.ATTR_WARNING),
        ("quality_changing", Quality.ATTR_CHANGING),
    ):
        reading = device.read_attribute(name)
        report.equal(name, (reading.quality, reading.value), (quality, 1.0))
    reading = device.read_attribute("invalid")
    report.equal("invalid", (reading.quality, reading.value), (Quality.ATTR_INVALID, None))
    reading = device.read_attribute("dated")
    report.equal("dated", reading.time.totime(), 1234567890.25)
    report.equal("large", len(device.read_attribute("large").value), 300_000)
    # cppTango makes an ALARM of ON once it has seen the quality of an attribute
    state = device.read_attribute("State").value
    report.equal("State", state in (tango.DevState.ON, tango.DevState.ALARM), True)
    status = latin_1(device.read_attribute("Status").value)
    report.equal("Status", status.splitlines()[0], "all of it, nö")
    report.equal("colour as an enumeration", device.colour.name in Colour.__members__, True)
    names = [name for name in device.get_attribute_list() if name not in ("failing", "crashing")]
    bad = [reading.name for reading in device.read_attributes(names) if reading.has_failed]
    report.equal("all at once", bad, [])


def one_type(device: tango.DeviceProxy, report: Report, element: str, form: str) -> None:
    kind, values = ELEMENTS[element]
    name = f"{element}_{form}"
    config = device.get_attribute_config(name)
    report.equal(f"{name}: type", (config.data_type, str(config.data_format)), (kind, form.upper()))
    if element == "enum":
        labels = [colour.name for colour in Colour]
        report.equal(f"{name}: labels", list(config.enum_labels), labels)
    tried = {
        "scalar": values,
        "spectrum": [values, values[::-1], values[:1]],
        "image": [rows(values), [[value] for value in values]],
    }[form]
    if element in READ_ONLY:
        tried = []
        expected = {"scalar": values[0], "spectrum": values, "image": rows(values)}[form]
        report.gives(name, lambda: device.read_attribute(name).value, plain(expected))
    for value in tried:
        if element == "encoded" and not value[1]:
            continue  # PyTango cannot send octets of none
        try:
            device.write_attribute(name, value)
            reading = device.read_attribute(name)
        except tango.DevFailed as failed:
            report.failed(f"{name}: write {value!r}", words(failed))
            continue
        report.equal(f"{name}: type of value", reading.type, kind)
        report.equal(f"{name}: value {value!r}", plain(reading.value), plain(value))
        report.equal(f"{name}: set point {value!r}", plain(reading.w_value), plain(value))


def configurations(device: tango.DeviceProxy, report: Report) -> None:
    config = device.get_attribute_config("configured")
    try:
        report.equal("configured: label", config.label, "Motor nö")
    except UnicodeDecodeError as error:
        report.failed("configured: label", str(error))
    found = {
        "description": config.description,
        "unit": config.unit,
        "standard_unit": config.standard_unit,
        "display_unit": config.display_unit,
        "format": config.format,
        "min_value": float(config.min_value),
        "max_value": float(config.max_value),
        "min_alarm": float(config.alarms.min_alarm),
        "max_alarm": float(config.alarms.max_alarm),
        "min_warning": float(config.alarms.min_warning),
        "max_warning": float(config.alarms.max_warning),
        "delta_val": float(config.alarms.delta_val),
        "delta_t": float(config.alarms.delta_t),
        "abs_change": float(config.events.ch_event.abs_change),
        "rel_change": float(config.events.ch_event.rel_change),
        "archive_abs_change": float(config.events.arch_event.archive_abs_change),
        "archive_rel_change": float(config.events.arch_event.archive_rel_change),
        "archive_period": float(config.events.arch_event.archive_period),
        "period": float(config.events.per_event.period),
        "display": str(config.disp_level),
        "writable": str(config.writable),
        "writable_attr_name": config.writable_attr_name,
    }
    expected = {
        "description": "a description of it",
        "unit": "mm",
        "standard_unit": "0.001",
        "display_unit": "m",
        "format": "%5.1f",
        "min_value": -100.0,
        "max_value": 100.0,
        "min_alarm": -90.0,
        "max_alarm": 90.0,
        "min_warning": -80.0,
        "max_warning": 80.0,
        "delta_val": 1.0,
        "delta_t": 2000.0,
        "abs_change": 0.5,
        "rel_change": 2.0,
        "archive_abs_change": 3.0,
        "archive_rel_change": 4.0,
        "archive_period": 5000.0,
        "period": 1500.0,
        "display": "EXPERT",
        "writable": "READ_WRITE",
        "writable_attr_name": "configured",
    }
    for field, value in expected.items():
        report.equal(f"configured: {field}", found[field], value)


TRIALS = {
    "calls": calls,
    "errors": errors,
    "attributes": attributes,
    "configurations": configurations,
    "configure": configure,
    "black-box": black_box,
    "locking": locking,
    "properties": properties,
    "events": events,
    "kinds": kinds,
    "burst": burst,
    "restart": restart,
    "device-restart": device_restart,
    "database-restart": database_restart,
}


def main() -> None:
    if len(sys.argv) < 3 or not all(name in TRIALS for name in sys.argv[2:]):
        sys.exit(f"usage: everything_client.py DEVICE TRIAL...\ntrials: {' '.join(TRIALS)}")
    report = Report()
    device = tango.DeviceProxy(sys.argv[1])
    peer = device.command_inout("Peer")
    print(f"{sys.argv[1]}: {' '.join(peer)}, tried by PyTango {tango.__version__}")
    for name in sys.argv[2:]:
        report.trial = name
        try:
            TRIALS[name](device, report)
        except tango.DevFailed as failed:
            report.failed("goes to its end", words(failed))
        sys.stdout.flush()
    print(f"{report.good} good, {len(report.bad)} bad")
    for line in report.bad:
        print(f"    {line}")
    sys.stdout.flush()
    # cppTango's thread that renews locks may abort an interpreter that ends properly
    os._exit(1 if report.bad or not report.good else 0)


if __name__ == "__main__":
    main()
