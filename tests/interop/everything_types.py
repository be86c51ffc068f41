"""The types of the everything device, with values at the edges of what they hold.

Shared by everything.py, a server, and everything_client.py, a client; wire_client and
wire_server have the same tables in Rust.
"""

from __future__ import annotations

import enum

import tango

Type = tango.CmdArgType
DevState = tango.DevState


class Colour(enum.IntEnum):
    """The labels of the enumerated attributes and commands."""

    RED = 0
    GREEN = 1
    DEEP_BLUE = 2


BIGGEST_FLOAT = float.fromhex("0x1.fffffep+127")
SMALLEST_DOUBLE = 5e-324

# attribute name prefix -> (type, edge values)
ELEMENTS = {
    "boolean": (Type.DevBoolean, [True, False]),
    "short": (Type.DevShort, [-(2**15), 0, 2**15 - 1]),
    "long": (Type.DevLong, [-(2**31), 0, 2**31 - 1]),
    "long64": (Type.DevLong64, [-(2**63), 0, 2**63 - 1]),
    "float": (Type.DevFloat, [0.0, -1.5, BIGGEST_FLOAT]),
    "double": (Type.DevDouble, [0.0, SMALLEST_DOUBLE, -1.7976931348623157e308]),
    "uchar": (Type.DevUChar, [0, 127, 255]),
    "ushort": (Type.DevUShort, [0, 2**16 - 1]),
    "ulong": (Type.DevULong, [0, 2**32 - 1]),
    "ulong64": (Type.DevULong64, [0, 2**64 - 1]),
    "string": (Type.DevString, ["", "plain", "nö ÿ", "two\nlines", "x" * 5000]),
    "state": (Type.DevState, [DevState.ON, DevState.FAULT, DevState.UNKNOWN]),
    "enum": (Type.DevEnum, [Colour.RED, Colour.GREEN, Colour.DEEP_BLUE]),
    "encoded": (Type.DevEncoded, [("", b""), ("raw", bytes(range(256)))]),
}

# which formats an element has as an attribute: Tango has no arrays of DevEncoded
FORMATS = ("scalar", "spectrum", "image")
# which cannot be written as an attribute
READ_ONLY = ("state",)


def formats(element: str) -> tuple[str, ...]:
    """The formats of an element's attributes."""
    return FORMATS[:1] if element == "encoded" else FORMATS


def rows(values: list) -> list[list]:
    """An image of two rows."""
    return [list(values), list(reversed(values))]


# command name after "Echo" -> (type, edge values)
COMMANDS = {
    "Boolean": (Type.DevBoolean, ELEMENTS["boolean"][1]),
    "Short": (Type.DevShort, ELEMENTS["short"][1]),
    "Long": (Type.DevLong, ELEMENTS["long"][1]),
    "Long64": (Type.DevLong64, ELEMENTS["long64"][1]),
    "Float": (Type.DevFloat, ELEMENTS["float"][1]),
    "Double": (Type.DevDouble, ELEMENTS["double"][1]),
    "UChar": (Type.DevUChar, ELEMENTS["uchar"][1]),
    "UShort": (Type.DevUShort, ELEMENTS["ushort"][1]),
    "ULong": (Type.DevULong, ELEMENTS["ulong"][1]),
    "ULong64": (Type.DevULong64, ELEMENTS["ulong64"][1]),
    "String": (Type.DevString, ELEMENTS["string"][1]),
    "State": (Type.DevState, ELEMENTS["state"][1]),
    "Encoded": (Type.DevEncoded, ELEMENTS["encoded"][1]),
    "VarBooleanArray": (Type.DevVarBooleanArray, [[], [True, False, True]]),
    "VarCharArray": (Type.DevVarCharArray, [[], list(range(256))]),
    "VarShortArray": (Type.DevVarShortArray, [[], ELEMENTS["short"][1]]),
    "VarLongArray": (Type.DevVarLongArray, [[], ELEMENTS["long"][1]]),
    "VarLong64Array": (Type.DevVarLong64Array, [[], ELEMENTS["long64"][1]]),
    "VarFloatArray": (Type.DevVarFloatArray, [[], ELEMENTS["float"][1]]),
    "VarDoubleArray": (Type.DevVarDoubleArray, [[], ELEMENTS["double"][1]]),
    "VarUShortArray": (Type.DevVarUShortArray, [[], ELEMENTS["ushort"][1]]),
    "VarULongArray": (Type.DevVarULongArray, [[], ELEMENTS["ulong"][1]]),
    "VarULong64Array": (Type.DevVarULong64Array, [[], ELEMENTS["ulong64"][1]]),
    "VarStringArray": (Type.DevVarStringArray, [[], ELEMENTS["string"][1]]),
    "VarLongStringArray": (
        Type.DevVarLongStringArray,
        [[[], []], [[-1, 2**31 - 1], ["one", "", "nö"]]],
    ),
    "VarDoubleStringArray": (
        Type.DevVarDoubleStringArray,
        [[[], []], [[0.5, SMALLEST_DOUBLE], ["", "nö"]]],
    ),
}


def plain(value):
    """A value as Python's own lists, numbers and words, to compare by."""
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, enum.Enum) and isinstance(value, int):
        return int(value)
    return value
