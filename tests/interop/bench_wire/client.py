"""Times calls, subscriptions and events with a PyTango client.

    python3 client.py DEVICE CALLS

Prints one line of JSON for each measure, of the same form as `bench_wire latencies`.
"""

import json
import os
import queue
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import tango

TIMEOUT = 10.0
SUBSCRIPTIONS = 20
TOGETHER = 100


def timed(calls: int, call) -> list[float]:
    times = []
    for _ in range(calls):
        started = time.perf_counter()
        call()
        times.append((time.perf_counter() - started) * 1e6)
    return times


def report(measure: str, times: list[float]) -> None:
    times.sort()
    figures = {
        "client": f"PyTango {tango.__version__}",
        "measure": measure,
        "median_us": times[len(times) // 2],
        "p99_us": times[len(times) * 99 // 100],
        "count": len(times),
    }
    print(json.dumps(figures), flush=True)


def event_latencies(device, count: int) -> list[float]:
    arrived = queue.SimpleQueue()

    def note(event):
        if not event.err:
            arrived.put((time.time(), event.attr_value.value))

    subscription = device.subscribe_event("tick", tango.EventType.CHANGE_EVENT, note)
    arrived.get(timeout=TIMEOUT)
    time.sleep(1.0)  # PyTango does not ask whether the subscription has arrived
    device.command_inout("Push", count)
    times = []
    for _ in range(count):
        at, pushed = arrived.get(timeout=TIMEOUT)
        times.append((at - pushed) * 1e6)
    device.unsubscribe_event(subscription)
    return times


def subscribe(device, attribute: str) -> int:
    arrived = queue.SimpleQueue()
    kind = tango.EventType.CHANGE_EVENT
    subscription = device.subscribe_event(attribute, kind, arrived.put)
    arrived.get(timeout=TIMEOUT)
    return subscription


def main() -> None:
    device = tango.DeviceProxy(sys.argv[1])
    calls = int(sys.argv[2])
    report("ping", timed(calls, device.ping))
    report("command", timed(calls, lambda: device.command_inout("Echo", "configure")))
    report("read", timed(calls, lambda: device.read_attribute("level")))
    report("write", timed(calls, lambda: device.write_attribute("level", 2.5)))
    report("event", event_latencies(device, calls // 5))
    ids = []
    attributes = iter(range(SUBSCRIPTIONS))
    report(
        "subscribe",
        timed(SUBSCRIPTIONS, lambda: ids.append(subscribe(device, f"value_{next(attributes)}"))),
    )
    for subscription in ids:
        device.unsubscribe_event(subscription)
    names = [f"value_{number}" for number in range(TOGETHER)]
    with ThreadPoolExecutor(TOGETHER) as threads:
        together = timed(1, lambda: list(threads.map(lambda name: subscribe(device, name), names)))
    report("subscribe to 100 together", together)
    os._exit(0)  # PyTango takes seconds to end its event threads


if __name__ == "__main__":
    main()
