"""A PyTango device server with one of everything, for wire_client to try.

    python3 everything.py test -nodb -dlist test/everything/1 \
        -ORBendPoint giop:tcp:127.0.0.1:PORT

A command for each type that echoes its argument, an attribute of each type and format,
commands that push events of every kind from inside the command, and ways to fail. Runs
on PyTango 9.3.6 to 10.3.1; what a version lacks is left out here and named by `Lacks`.
"""

from __future__ import annotations

import inspect
import os
import signal
import time

import tango
from tango.server import Device, attribute, command, run

from everything_types import (
    COMMANDS,
    ELEMENTS,
    READ_ONLY,
    Colour,
    formats,
    plain,
    rows,
)

Quality = tango.AttrQuality
Type = tango.CmdArgType

# pushed by commands, each with events of every kind that the version knows
PUSHED = ("count", "text", "row", "invalid", "colour", "grid")
WORDS = "nö € ÿ"


def echo(name: str, kind):
    """A command that answers its argument."""

    def answer(self, argument):
        return argument

    answer.__name__ = f"Echo{name}"
    answer.__doc__ = None
    return command(answer, dtype_in=kind, dtype_out=kind)


def typed(element: str, form: str):
    """An attribute of one type and format, with its read and write methods."""
    kind, values = ELEMENTS[element]
    name = f"{element}_{form}"
    dtype, first, options = kind, values[0], {}
    if element == "enum":
        options["enum_labels"] = [colour.name for colour in Colour]
    if form == "spectrum":
        dtype, first = (dtype,), values
        options["max_dim_x"] = 64
    elif form == "image":
        dtype, first = ((dtype,),), rows(values)
        options.update(max_dim_x=64, max_dim_y=8)

    def read(self):
        return self.held.get(name, first)

    def write(self, value):
        # the next reading must not depend on PyTango's own buffer
        self.held[name] = value.copy() if hasattr(value, "copy") else value

    if element in READ_ONLY:
        return name, attribute(name=name, dtype=dtype, fget=f"read_{name}", **options), read, None
    made = attribute(
        name=name,
        dtype=dtype,
        access=tango.AttrWriteType.READ_WRITE,
        fget=f"read_{name}",
        fset=f"write_{name}",
        **options,
    )
    return name, made, read, write


class Everything(Device):
    """One of everything."""

    for _name, (_kind, _) in COMMANDS.items():
        locals()[f"Echo{_name}"] = echo(_name, _kind)
    for _element in ELEMENTS:
        for _form in formats(_element):
            _name, _made, _read, _write = typed(_element, _form)
            locals()[_name] = _made
            locals()[f"read_{_name}"] = _read
            if _write is not None:
                locals()[f"write_{_name}"] = _write
    del _name, _kind, _element, _form, _made, _read, _write

    def init_device(self):
        super().init_device()
        self.held = {}
        self.number = 0
        self.polls = 0
        self.set_state(tango.DevState.ON)
        self.set_status("all of it, nö")
        for name in PUSHED:
            self.set_change_event(name, True, False)
            self.set_archive_event(name, True, False)
            if hasattr(self, "set_alarm_event"):
                self.set_alarm_event(name, True, False)
            if hasattr(tango.DeviceImpl, "set_data_ready_event"):
                self.set_data_ready_event(name, True)

    # ---- what is pushed

    @attribute(dtype=Type.DevLong)
    def count(self):
        return self.number

    @attribute(dtype=Type.DevString)
    def text(self):
        return self._text()

    def _text(self):
        return str(self.number)

    @attribute(dtype=(Type.DevDouble,), max_dim_x=4)
    def row(self):
        return self._row()

    def _row(self):
        return [float(self.number), self.number / 2]

    @attribute(dtype=((Type.DevUShort,),), max_dim_x=4, max_dim_y=4)
    def grid(self):
        return self._grid()

    def _grid(self):
        return [[1, 2, 3], [4, 5, 6]]

    @attribute(dtype=Colour)
    def colour(self):
        return Colour(self._colour())

    def _colour(self):
        return self.number % 3

    # ---- qualities and times

    @attribute(dtype=Type.DevDouble)
    def invalid(self):
        return 1.0, time.time(), Quality.ATTR_INVALID

    @attribute(dtype=Type.DevDouble)
    def quality_alarm(self):
        return 1.0, time.time(), Quality.ATTR_ALARM

    @attribute(dtype=Type.DevDouble)
    def quality_warning(self):
        return 1.0, time.time(), Quality.ATTR_WARNING

    @attribute(dtype=Type.DevDouble)
    def quality_changing(self):
        return 1.0, time.time(), Quality.ATTR_CHANGING

    @attribute(dtype=Type.DevDouble)
    def dated(self):
        return 1.0, 1234567890.25, Quality.ATTR_VALID

    # ---- ways to fail

    @attribute(dtype=Type.DevDouble)
    def failing(self):
        self.Fail("the attribute")

    @attribute(dtype=Type.DevDouble)
    def crashing(self):
        raise ValueError(WORDS)

    refusing = attribute(
        dtype=Type.DevDouble,
        access=tango.AttrWriteType.READ_WRITE,
        fget="read_refusing",
        fset="write_refusing",
    )

    def read_refusing(self):
        return 0.0

    def write_refusing(self, value):
        tango.Except.throw_exception("Everything_Refused", f"not {value}", "write_refusing")

    limited = attribute(
        dtype=Type.DevDouble,
        access=tango.AttrWriteType.READ_WRITE,
        min_value=0,
        max_value=10,
        fget="read_limited",
        fset="write_limited",
    )

    def read_limited(self):
        return self.held.get("limited", 0.0)

    def write_limited(self, value):
        self.held["limited"] = value

    # ---- the rest

    memorised = attribute(
        dtype=Type.DevLong,
        access=tango.AttrWriteType.READ_WRITE,
        memorized=True,
        hw_memorized=True,
        fget="read_memorised",
        fset="write_memorised",
    )

    def read_memorised(self):
        return self.held.get("memorised", 0)

    def write_memorised(self, value):
        self.held["memorised"] = value

    write_only = attribute(
        dtype=Type.DevLong, access=tango.AttrWriteType.WRITE, fset="write_write_only"
    )

    def write_write_only(self, value):
        self.held["write_only"] = value

    configured = attribute(
        dtype=Type.DevDouble,
        access=tango.AttrWriteType.READ_WRITE,
        fget="read_configured",
        fset="write_configured",
        label="Motor nö",
        doc="a description of it",
        unit="mm",
        standard_unit="0.001",
        display_unit="m",
        format="%5.1f",
        min_value=-100,
        max_value=100,
        min_alarm=-90,
        max_alarm=90,
        min_warning=-80,
        max_warning=80,
        delta_val=1,
        delta_t=2000,
        abs_change=0.5,
        rel_change=2,
        archive_abs_change=3,
        archive_rel_change=4,
        archive_period=5000,
        period=1500,
        display_level=tango.DispLevel.EXPERT,
    )

    def read_configured(self):
        return self.held.get("configured", 0.0)

    def write_configured(self, value):
        self.held["configured"] = value

    @attribute(
        dtype=Type.DevLong,
        polling_period=100,
        abs_change=1,
        archive_abs_change=1,
        period=200,
        max_alarm=1_000_000,
    )
    def polled(self):
        self.polls += 1
        return self.polls

    @attribute(dtype=(Type.DevDouble,), max_dim_x=4)
    def infinite(self):
        return [float("inf"), float("-inf"), float("nan")]

    @attribute(dtype=(Type.DevDouble,), max_dim_x=1_000_000)
    def large(self):
        return [float(number) for number in range(300_000)]

    # ---- commands beside the echoes

    @command(dtype_out=[str])
    def Peer(self):
        """What the server is made of: name, version, version below."""
        below = getattr(tango.constants, "TgLibVers", "?")
        return ["PyTango", tango.__version__, below]

    @command(dtype_out=[str])
    def Lacks(self):
        """What this version cannot do, of what the client would try."""
        newer = hasattr(self, "set_alarm_event")
        return [] if newer else ["alarm events", "errors of user events"]

    @command
    def EchoVoid(self):
        pass

    @command(dtype_in=float)
    def Slow(self, seconds):
        time.sleep(seconds)

    @command(dtype_in=str)
    def Fail(self, words):
        try:
            tango.Except.throw_exception("Everything_First", f"first {words}", "everything.first")
        except tango.DevFailed as failed:
            tango.Except.re_throw_exception(
                failed, "Everything_Second", f"second {words}", "everything.second"
            )

    @command(dtype_in=str)
    def Crash(self, words):
        raise ValueError(words + WORDS)

    @command(dtype_in=[str])
    def Push(self, arguments):
        """Push events back to back: kind, attribute, how many."""
        kind, name, times = arguments[0], arguments[1], int(arguments[2])
        for number in range(1, times + 1):
            self.number = number
            value = number if name == "count" else plain(getattr(Everything, f"_{name}")(self))
            self._push(kind, name, number, value)

    @command(dtype_in=Type.DevLong)
    def PushAlternately(self, times):
        """Push change events of three attributes in turn."""
        for number in range(1, times + 1):
            self.number = number
            self.push_change_event("count", number)
            self.push_change_event("text", str(number))
            self.push_change_event("row", [float(number), number / 2])

    @command(dtype_in=str)
    def PushError(self, kind):
        """Push an error in place of a value of `count`."""
        failed = tango.DevFailed(
            *self._stack("Everything_Pushed", "pushed nö", "everything.PushError")
        )
        if kind == "archive":
            self.push_archive_event("count", failed)
        elif kind == "alarm":
            self.push_alarm_event("count", failed)
        elif kind == "user":
            self.push_event("count", [], [], failed)
        else:
            self.push_change_event("count", failed)

    @command(dtype_in=str)
    def PushInvalid(self, kind):
        """Push `invalid` with the quality that its name says."""
        self._push(kind, "invalid", 0, 1.0, Quality.ATTR_INVALID)

    @command(dtype_in=str)
    def AddAttribute(self, name):
        """Add a read only attribute, which is a change of the interface."""
        made = tango.Attr(name, tango.DevLong, tango.AttrWriteType.READ)
        self.add_attribute(made, self.read_added)

    def read_added(self, added):
        added.set_value(7)

    @command(dtype_in=str)
    def RemoveAttribute(self, name):
        # without a database, one that is told to clean it ends; before 9.5 it is not asked
        keeps_database = "clean_db" in inspect.signature(self.remove_attribute).parameters
        self.remove_attribute(name, **({"clean_db": False} if keeps_database else {}))

    @command(dtype_in=Type.DevLong)
    def PushAndDie(self, times):
        """Push change events of `count`, and die as of kill -9 before the next one."""
        for number in range(1, times + 1):
            self.push_change_event("count", number)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)

    def _push(self, kind, name, number, value, quality=None):
        extra = () if quality is None else (time.time(), quality)
        if kind == "change":
            self.push_change_event(name, value, *extra)
        elif kind == "archive":
            self.push_archive_event(name, value, *extra)
        elif kind == "alarm":
            self.push_alarm_event(name, value, *extra)
        elif kind == "user":
            self.push_event(name, [], [], value, *extra)
        elif kind == "data_ready":
            self.push_data_ready_event(name, number)
        else:
            tango.Except.throw_exception("Everything_NoSuchKind", kind, "everything.Push")

    @staticmethod
    def _stack(reason, words, origin):
        try:
            tango.Except.throw_exception(reason, words, origin)
        except tango.DevFailed as failed:
            return failed.args


if __name__ == "__main__":
    run((Everything,))
