"""A database, as a PyTango client uses it: trials of everything_client.py."""

from __future__ import annotations

import time

import tango

from everything_report import Follower, Report

# how long a database may be gone
PATIENCE = 40.0


def plain(found) -> dict[str, list[str]]:
    """The properties in a reply, as lists of words; without values they are not there."""
    return {name: list(values) for name, values in found.items() if list(values)}


def properties(device: tango.DeviceProxy, report: Report) -> None:
    """Properties of devices, classes, attributes and free objects, and aliases."""
    database = tango.Database()
    wanted = {"py_one": ["1"], "py_many": ["a", "b c", "3"]}
    names = list(wanted)
    device.put_property(wanted)
    report.equal("device", plain(device.get_property([*names, "py_none"])), wanted)
    report.equal("device: names", sorted(device.get_property_list("py_*")), sorted(names))
    device.delete_property(names)
    report.equal("device: deleted", plain(device.get_property(names)), {})
    for what, of, put, get, delete in (
        (
            "class",
            "Everything",
            database.put_class_property,
            database.get_class_property,
            database.delete_class_property,
        ),
        (
            "free",
            "everything_client",
            database.put_property,
            database.get_property,
            database.delete_property,
        ),
    ):
        put(of, wanted)
        report.equal(what, plain(get(of, [*names, "py_none"])), wanted)
        delete(of, names)
        report.equal(f"{what}: deleted", plain(get(of, names)), {})
    of_attribute(device, database, report)
    aliases(device, database, report)


def of_attribute(device, database, report) -> None:
    attribute = tango.AttributeProxy(f"{device.name()}/count")
    attribute.put_property({"py_archive": ["yes"], "py_period": ["1", "2"]})
    found = attribute.get_property(["py_archive", "py_period", "py_none"])
    report.equal("attribute", plain(found), {"py_archive": ["yes"], "py_period": ["1", "2"]})
    found = database.get_device_attribute_property(device.name(), ["count"])
    found = {name: list(values) for name, values in found["count"].items()}
    expected = {"py_archive": ["yes"], "py_period": ["1", "2"]}
    report.equal("attribute, by the database", found, expected)
    database.delete_device_attribute_property(
        device.name(), {"count": ["py_archive", "py_period"]}
    )
    found = database.get_device_attribute_property(device.name(), ["count"])
    report.equal("attribute: deleted", plain(found["count"]), {})


def aliases(device, database, report) -> None:
    alias, of_attribute = "py-alias", "py-count"
    database.put_device_alias(device.name(), alias)
    report.equal("alias of the device", device.alias(), alias)
    called = tango.DeviceProxy(alias)
    report.equal("called by its alias", called.command_inout("EchoLong", 8), 8)
    report.equal("name behind the alias", called.name().lower(), device.name().lower())
    follower = Follower(called, "count")
    called.command_inout("Push", ["change", "count", "3"])
    found = follower.take(3)
    report.equal("followed by its alias", [value for _, value in found], [1, 2, 3])
    follower.close()
    read = tango.AttributeProxy(f"{alias}/count").read().value
    report.equal("attribute read by the device's alias", read, 3)
    database.put_attribute_alias(f"{device.name()}/count", of_attribute)
    read = tango.AttributeProxy(of_attribute).read().value
    report.equal("attribute read by its alias", read, 3)
    database.delete_attribute_alias(of_attribute)
    database.delete_device_alias(alias)
    report.refuses("alias is gone", lambda: tango.DeviceProxy(alias), "DB_DeviceNotDefined")


def device_restart(device: tango.DeviceProxy, report: Report) -> None:
    """DevRestart through the admin device, under a living subscription."""
    device.write_attribute("long_scalar", 41)
    follower = Follower(device, "count")
    device.command_inout("Push", ["change", "count", "5"])
    report.equal("events before", follower.take(5), [("count", n) for n in range(1, 6)])
    admin = tango.DeviceProxy(device.adm_name())
    report.gives("DevRestart", lambda: admin.command_inout("DevRestart", device.name()), None)
    report.gives("starts anew", lambda: device.read_attribute("count").value, 0)
    follower.more()
    follower.events.clear()
    device.command_inout("Push", ["change", "count", "20"])
    expected = [("count", n) for n in range(1, 21)]
    report.equal("events go on", follower.take(20), expected)
    follower.close()
    names = admin.command_inout("QueryDevice")
    known = any(name.lower().endswith(device.name().lower()) for name in names)
    report.equal("QueryDevice", known, True)


def database_restart(device: tango.DeviceProxy, report: Report) -> None:
    """Who starts this trial must restart the database when it says so."""
    follower = Follower(device, "count")
    living = tango.Database()
    print("restart the database now", flush=True)
    started = time.monotonic()
    while is_there() and time.monotonic() < started + PATIENCE:
        time.sleep(0.02)
    report.gives("ping without a database", lambda: device.ping() > 0, True)
    while not is_there() and time.monotonic() < started + PATIENCE:
        time.sleep(0.02)
    report.gives("found again", lambda: tango.DeviceProxy(device.name()).ping() > 0, True)
    found = list(living.get_device_exported(device.name()))
    report.equal("a database that was opened before", found, [device.name()])
    device.command_inout("Push", ["change", "count", "10"])
    expected = [("count", n) for n in range(1, 11)]
    report.equal("events without a gap", follower.take(10), expected)
    follower.close()


def is_there() -> bool:
    try:
        tango.Database().get_info()
    except (tango.DevFailed, RuntimeError):
        # 10.0.4 has at times no other words for it than "unidentifiable C++ exception"
        return False
    return True
