"""Runs `harness load` and tells what it used of the machine.

    python3 harness.py LABEL HARNESS FILE.toml

Prints one line of JSON like client.py; the processor time is that of the whole process, from its
beginning to its end, and `memory` is the most it held, in octets.
"""

import json
import os
import subprocess
import sys
import tempfile


def percentile(buckets, share):
    """The time that this share of pairs of time and count did not exceed."""
    wanted = share * sum(count for _, count in buckets)
    seen = 0
    for micros, count in sorted(buckets):
        seen += count
        if seen >= wanted:
            return micros
    return None


def main():
    label, harness, file = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "report.json")
        process = subprocess.Popen([harness, "load", file, "--report", report],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"harness load ended with {os.waitstatus_to_exitcode(status)}:\n{said}")
        with open(report, encoding="utf-8") as written:
            report = json.load(written)
    well = [it for it in report["measurements"] if it["class"] == "ok"]
    buckets = [tuple(bucket) for it in well for bucket in it["service"]["buckets"]]
    commands = sum(count for _, count in buckets)
    everything = sum(count for it in report["measurements"]
                     for _, count in it["service"]["buckets"])
    if commands != everything:
        sys.exit(f"{everything - commands} of {everything} commands did not go well:\n{said}")
    print(json.dumps({
        "client": label,
        "commands": commands,
        "rate": commands / report["lasted"],
        "processor": used.ru_utime + used.ru_stime,
        "wall": report["lasted"],
        "p50": percentile(buckets, 0.5),
        "p99": percentile(buckets, 0.99),
        "memory": used.ru_maxrss * 1024,
        "users": report["counts"]["users"],
    }))


if __name__ == "__main__":
    main()
