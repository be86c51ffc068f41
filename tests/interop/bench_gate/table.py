"""The tables of bench_gate: medians over the rounds, and how they compare with HAProxy's."""

import json
import statistics
import sys

NAMES = {
    "direct": "no proxy",
    "gate": "the gate",
    "gate_threads": "the gate, runtime with threads",
    "haproxy": "HAProxy",
    "haproxy_splice": "HAProxy, one thread, `splice-auto`",
    "socat": "socat",
}


def main():
    figures = {}
    for line in sys.stdin:
        entry = json.loads(line)
        for key, value in entry["figures"].items():
            figures.setdefault((entry["name"], entry["measure"], key), []).append(value)

    def median(name, measure, key):
        return statistics.median(figures[name, measure, key])

    direct_trip = median("direct", "trips", "median_us")
    proxies = [name for name in NAMES if (name, "stream", "octets_a_second") in figures]

    def added(name):
        return median(name, "trips", "median_us") - direct_trip

    print("| | MB a second | of HAProxy's | round trip, median (99 %) | added | of HAProxy's |")
    print("|---|---|---|---|---|---|")
    for name in proxies:
        rates = [
            ours / theirs
            for ours, theirs in zip(
                figures[name, "stream", "octets_a_second"],
                figures["haproxy", "stream", "octets_a_second"],
            )
        ]
        rate = median(name, "stream", "octets_a_second") / 1e6
        trip = median(name, "trips", "median_us")
        tail = median(name, "trips", "p99_us")
        more = "" if name == "direct" else f"{added(name):.1f} us"
        share = "" if name == "direct" else f"{added(name) / added('haproxy'):.2f}"
        print(
            f"| {NAMES[name]} | {rate:,.0f} | {statistics.median(rates):.2f}"
            f" | {trip:.1f} us ({tail:.0f}) | {more} | {share} |"
        )
    print()
    print("| | idle connections | processor | memory | at once | failed | took |")
    print("|---|---|---|---|---|---|---|")
    for name in ("gate", "haproxy"):
        print(
            f"| {NAMES[name]} | 1,000 | {median(name, 'idle', 'idle_percent'):.2f} %"
            f" | {median(name, 'idle', 'resident_kib') / 1024:.0f} MiB"
            f" | {median(name, 'many', 'connected'):,} | {median(name, 'many', 'failed')}"
            f" | {median(name, 'many', 'seconds'):.2f} s |"
        )


if __name__ == "__main__":
    main()
