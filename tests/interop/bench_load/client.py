"""Users of PyTango devices, as threads or as tasks of asyncio: each sends a command to its device, waits
for the reply, and sends the next.

    python3 client.py threads|asyncio USERS SECONDS DEVICE...

Prints one line of JSON: how many commands, how much processor time of this process, latencies in us.
"""

import asyncio
import json
import sys
import threading
import time

import tango
import tango.asyncio

TEXT = "x" * 32


def threads(users, seconds, devices):
    """One thread a user, one proxy a device: what a script without asyncio does."""
    proxies = [tango.DeviceProxy(device) for device in devices]
    times = [[] for _ in range(users)]
    barrier = threading.Barrier(users + 1)

    def user(number):
        proxy, mine = proxies[number % len(proxies)], times[number]
        proxy.command_inout("Echo", TEXT)
        barrier.wait()
        end = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < end:
            proxy.command_inout("Echo", TEXT)
            mine.append(time.perf_counter() - begun)

    started = [threading.Thread(target=user, args=(number,)) for number in range(users)]
    for thread in started:
        thread.start()
    barrier.wait()
    used = time.process_time()
    for thread in started:
        thread.join()
    return times, time.process_time() - used


async def tasks(users, seconds, devices):
    """One task a user, one proxy a device, in PyTango's green mode for asyncio."""
    proxies = [await tango.asyncio.DeviceProxy(device) for device in devices]
    times = [[] for _ in range(users)]

    async def user(number):
        proxy, mine = proxies[number % len(proxies)], times[number]
        end = time.perf_counter() + seconds
        while (begun := time.perf_counter()) < end:
            await proxy.command_inout("Echo", TEXT)
            mine.append(time.perf_counter() - begun)

    for proxy in proxies:
        await proxy.command_inout("Echo", TEXT)
    used = time.process_time()
    await asyncio.gather(*(user(number) for number in range(users)))
    return times, time.process_time() - used


def main():
    mode, users, seconds, *devices = sys.argv[1:]
    begun = time.perf_counter()
    if mode == "threads":
        times, used = threads(int(users), float(seconds), devices)
    else:
        times, used = asyncio.run(tasks(int(users), float(seconds), devices))
    latencies = sorted(latency for mine in times for latency in mine)
    count = len(latencies)
    print(json.dumps({
        "client": f"PyTango {mode}",
        "commands": count,
        "processor": used,
        "wall": time.perf_counter() - begun,
        "p50": latencies[count // 2] * 1e6,
        "p99": latencies[count * 99 // 100] * 1e6,
    }))


if __name__ == "__main__":
    main()
