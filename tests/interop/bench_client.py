"""The six actions of a subarray's cycle with a bare PyTango client, timed.

    python3 bench_client.py DEVICE CYCLES

Subscribed once, events by callback, every action waits for the result of its long
running command and for its obsState: the least that a correct test can do. Prints
one line of JSON, of the same form as bench_cycle.rs.
"""

import json
import os
import queue
import resource
import statistics
import sys
import time

import tango

CYCLE = (
    ("AssignResources", "{}", 2),
    ("Configure", "{}", 4),
    ("Scan", '{"scan_id": 1}', 5),
    ("EndScan", None, 4),
    ("End", None, 2),
    ("ReleaseAllResources", None, 0),
)
TIMEOUT = 10.0
# PyTango allows a subscription 50 ms to reach the server and does not ask whether it
# has; on a busy machine the first event is then lost. Not part of what is timed.
SETTLE = 1.0


def resident_kib() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def act(device, events, command, argument, target) -> None:
    if argument is None:
        reply = device.command_inout(command)
    else:
        reply = device.command_inout(command, argument)
    command_id = reply[1][0]
    state = result = False
    while not (state and result):
        try:
            event = events.get(timeout=TIMEOUT)
        except queue.Empty:
            missing = "no obsState" if not state else "no result"
            raise SystemExit(
                f"bench_client.py: {command_id}: {missing} within {TIMEOUT} s, though "
                f"obsState is {device.obsState.name} and the last result is "
                f"{device.longRunningCommandResult}"
            ) from None
        if event.err:
            raise SystemExit(f"bench_client.py: {event.errors[0].desc}")
        value = event.attr_value.value
        if isinstance(value, tuple):
            if value[0] == command_id:
                code, message = json.loads(value[1])
                if code != 0:
                    raise SystemExit(f"bench_client.py: {command_id}: {message}")
                result = True
        elif value == target:
            state = True


def main() -> None:
    device = tango.DeviceProxy(sys.argv[1])
    cycles = int(sys.argv[2])
    events = queue.SimpleQueue()
    for attribute in ("obsState", "longRunningCommandResult"):
        device.subscribe_event(attribute, tango.EventType.CHANGE_EVENT, events.put)
        events.get(timeout=TIMEOUT)
    time.sleep(SETTLE)
    times = []
    resident = {}
    used = resource.getrusage(resource.RUSAGE_SELF)
    for cycle in range(1, cycles + 1):
        started = time.perf_counter()
        for command, argument, target in CYCLE:
            act(device, events, command, argument, target)
        times.append((time.perf_counter() - started) * 1e3)
        if cycle in (100, cycles):
            resident[cycle] = resident_kib()
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    figures = {
        "client": f"bare PyTango {tango.__version__}",
        "cycle_ms": statistics.median(times),
        "cpu_ms": cpu * 1e3 / cycles,
        "resident_kib_100": resident.get(100, 0),
        "resident_kib_end": resident[cycles],
    }
    print(json.dumps(figures), flush=True)
    os._exit(0)  # PyTango takes seconds to end its event threads


if __name__ == "__main__":
    main()
