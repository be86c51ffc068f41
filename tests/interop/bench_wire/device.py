"""The PyTango device whose calls and events are timed.

    python3 device.py INSTANCE -nodb -dlist a/b/c -ORBendPoint giop:tcp:127.0.0.1:PORT
"""

import threading
import time

import tango
from tango import AttrWriteType
from tango.server import Device, attribute, command, run

ATTRIBUTES = 100


class Timed(Device):
    """Echoes, holds a value, pushes the time of day."""

    def init_device(self):
        super().init_device()
        self.set_state(tango.DevState.ON)
        self._level = 0.0
        self._tick = 0.0
        self.set_change_event("tick", True, False)
        for number in range(ATTRIBUTES):
            self.set_change_event(f"value_{number}", True, False)

    level = attribute(dtype=float, access=AttrWriteType.READ_WRITE)

    def read_level(self):
        return self._level

    def write_level(self, value):
        self._level = value

    @attribute(dtype=float)
    def tick(self):
        return self._tick

    for _number in range(ATTRIBUTES):
        locals()[f"value_{_number}"] = attribute(dtype=float, fget="read_value")
    del _number

    def read_value(self, *_):
        return 1.0

    @command(dtype_in=str, dtype_out=str)
    def Echo(self, text):
        return text

    @command(dtype_in=int)
    def Push(self, count):
        """Push `count` changes of tick, 2 ms apart, each the time of day."""

        def push():
            with tango.EnsureOmniThread():
                for _ in range(count):
                    self._tick = time.time()
                    self.push_change_event("tick", self._tick)
                    time.sleep(0.002)

        threading.Thread(target=push, daemon=True).start()


if __name__ == "__main__":
    run([Timed])
