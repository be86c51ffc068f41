"""A PyTango server with a device of IDL 4, as those of Tango 8 were.

    python3 old_device.py test -nodb -dlist test/old/1 \
        -ORBendPoint giop:tcp:127.0.0.1:PORT

OLD_DEVICE_IDL=3 in the environment makes it one of IDL 3. It is written with PyTango's old interface: that of `tango.server` always makes devices of
the newest IDL.
"""

from __future__ import annotations

import os
import sys

import tango

Type = tango.CmdArgType


# IDL 3 is what devices of Tango 5 to 7 had
BASE = tango.Device_3Impl if os.environ.get("OLD_DEVICE_IDL") == "3" else tango.Device_4Impl


class OldDevice(BASE):
    """A value that is written and pushed, a spectrum, an image."""

    def __init__(self, device_class, name):
        super().__init__(device_class, name)
        self.init_device()

    def init_device(self):
        self.value = 0
        self.set_state(tango.DevState.ON)
        self.set_change_event("value", True, False)
        self.set_change_event("row", True, False)

    def Echo(self, text):
        return text

    def Push(self, times):
        for number in range(1, times + 1):
            self.value = number
            self.push_change_event("value", number)

    def PushRow(self):
        self.push_change_event("row", [1.0, 2.0, 3.0])

    def read_value(self, attribute):
        attribute.set_value(self.value)

    def write_value(self, attribute):
        self.value = attribute.get_write_value()

    def read_row(self, attribute):
        attribute.set_value([1.0, 2.0, 3.0])

    def read_words(self, attribute):
        attribute.set_value([["a", "nö"], ["c", "d"]])


class OldDeviceClass(tango.DeviceClass):
    """What PyTango's old interface wants beside the device."""

    cmd_list = {
        "Echo": [[Type.DevString, ""], [Type.DevString, ""]],
        "Push": [[Type.DevLong, ""], [Type.DevVoid, ""]],
        "PushRow": [[Type.DevVoid, ""], [Type.DevVoid, ""]],
    }
    attr_list = {
        "value": [
            [Type.DevLong, tango.AttrDataFormat.SCALAR, tango.AttrWriteType.READ_WRITE],
            {"unit": "mm", "max value": "1000", "min value": "-1000"},
        ],
        "row": [[Type.DevDouble, tango.AttrDataFormat.SPECTRUM, tango.AttrWriteType.READ, 8]],
        "words": [[Type.DevString, tango.AttrDataFormat.IMAGE, tango.AttrWriteType.READ, 4, 4]],
    }


def main() -> None:
    util = tango.Util(sys.argv)
    util.add_class(OldDeviceClass, OldDevice, "OldDevice")
    tango.Util.instance().server_init()
    print("Ready to accept request", flush=True)
    tango.Util.instance().server_run()


if __name__ == "__main__":
    main()
