"""Reads the metrics of a load with prometheus-client's parser: load_metrics.py URL

The load is that of load_metrics/main.rs. It is read twice while it goes on.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

PREFIX = "harness_load_"
# as in load_metrics/main.rs
ODD = 'say "now\\then"\nand {again="1"} 5'
KINDS = {
    "commands": "counter",
    "command_duration_seconds": "histogram",
    "command_service_seconds": "histogram",
    "cycles": "counter",
    "cycle_duration_seconds": "histogram",
    "dropped": "counter",
    "users": "gauge",
    "busy_users": "gauge",
    "device_states": "gauge",
    "transitions": "counter",
    "gaps": "counter",
    "violations": "counter",
    "chaos_active": "gauge",
    "faults": "counter",
    "label_overflow": "counter",
    "build_info": "gauge",
}


def check(holds: bool, words: str) -> None:
    if not holds:
        sys.exit(f"load_metrics: {words}")


def scraped(url: str) -> tuple[str, float]:
    started = time.monotonic()
    with urlopen(url, timeout=5) as answer:
        text = answer.read().decode()
        kind = answer.headers["Content-Type"]
    check(kind == "text/plain; version=0.0.4; charset=utf-8", f"the content is {kind}")
    return text, time.monotonic() - started


def check_lines(text: str) -> None:
    """What the parser forgives: families that come in pieces, or without their head."""
    check(text.endswith("\n"), "the last line does not end")
    heads: Counter[str] = Counter()
    family = ""
    for line in text.splitlines():
        if line.startswith("# "):
            _, what, family, _ = line.split(" ", 3)
            heads[f"{what} {family}"] += 1
        else:
            check(line.startswith(family), f"among {family}: {line}")
    twice = [head for head, count in heads.items() if count > 1]
    check(not twice, f"more than once: {twice}")
    helped = {head[5:] for head in heads if head.startswith("HELP ")}
    typed = {head[5:] for head in heads if head.startswith("TYPE ")}
    check(helped == typed, f"HELP or TYPE is missing: {helped ^ typed}")


def families(text: str) -> dict:
    """By name; the parser takes `_total` from the names of counters."""
    found = {}
    for family in text_string_to_metric_families(text):
        check(family.name.startswith(PREFIX), f"what is {family.name}?")
        check(family.name not in found, f"{family.name} comes twice")
        found[family.name.removeprefix(PREFIX)] = family
    kinds = {name: family.type for name, family in found.items()}
    check(kinds == KINDS, f"families: {kinds}")
    return found


def labels(sample, *without: str) -> tuple:
    return tuple(sorted((k, v) for k, v in sample.labels.items() if k not in without))


def check_histogram(family) -> None:
    buckets: dict = {}
    counts, sums = {}, {}
    for sample in family.samples:
        key = labels(sample, "le")
        if sample.name.endswith("_bucket"):
            buckets.setdefault(key, []).append((float(sample.labels["le"]), sample.value))
        elif sample.name.endswith("_count"):
            counts[key] = sample.value
        else:
            sums[key] = sample.value
    check(buckets.keys() == counts.keys() == sums.keys(), f"{family.name} is not whole")
    check(len(buckets) <= 200, f"{family.name} has {len(buckets)} sets of labels")
    for key, row in buckets.items():
        check(row == sorted(row), f"the bounds of {family.name} {key}: {row}")
        values = [value for _, value in row]
        check(values == sorted(values), f"{family.name} {key} is not cumulative: {row}")
        check(row[-1] == (float("inf"), counts[key]), f"+Inf of {family.name} {key}: {row}")
        check((sums[key] > 0) == (counts[key] > 0), f"the sum of {family.name} {key}")


def counters(found: dict) -> dict:
    """All that may not go back."""
    return {
        (sample.name, labels(sample)): sample.value
        for family in found.values()
        if family.type in ("counter", "histogram")
        for sample in family.samples
    }


def values(found: dict, family: str, label: str) -> set:
    return {sample.labels[label] for sample in found[family].samples}


def main() -> None:
    url = sys.argv[1]
    before: dict = {}
    for _ in range(2):
        # so long that every name has come, and that a fault has begun and ended
        time.sleep(2.5)
        text, took = scraped(url)
        check_lines(text)
        found = families(text)
        for name in ("command_duration_seconds", "command_service_seconds", "cycle_duration_seconds"):
            check_histogram(found[name])
        now = counters(found)
        back = [key for key, value in before.items() if now.get(key, -1) < value]
        check(not back, f"went back, or away: {back}")
        check(sum(now.values()) > sum(before.values()), "nothing was counted")
        before = now

    for family, label in (
        ("commands", "action"),
        ("commands", "from"),
        ("command_duration_seconds", "action"),
        ("device_states", "state"),
        ("chaos_active", "fault"),
        ("faults", "fault"),
    ):
        check(ODD in values(found, family, label), f"no {ODD!r} as {label} of {family}")
    sets = [labels(sample) for sample in found["commands"].samples]
    check(len(sets) == 200, f"commands_total has {len(sets)} sets of labels")
    check("other" in values(found, "commands", "action"), "what is the rest counted under?")
    overflow = {s.labels["family"]: s.value for s in found["label_overflow"].samples}
    check(overflow["commands_total"] > 0, f"overflow: {overflow}")
    check(overflow["faults_total"] == 0, f"overflow: {overflow}")
    phases = values(found, "commands", "phase")
    check({"warm-up", "hold"} <= phases, f"parts of the load: {phases}")
    print(
        f"load_metrics: {len(found)} families, {len(text.splitlines())} lines "
        f"in {took * 1000:.1f} ms; nothing went back"
    )


main()
