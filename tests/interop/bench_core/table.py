"""Makes the table of docs/benchmarks.md: the harness, the model of the Python tracer, and what the
original was measured to cost earlier, on a machine of the same kind."""

import json
import re
import sys
from pathlib import Path

# measured once, with the original packages: not in this run, so only for orientation
ORIGINAL = {
    "append 0": "594 k/s",
    "append 1": "8.8 k/s",
    "append 10": "0.9 k/s",
    "wake 0": "235 us",
    "wake 10000": "5.7 ms",
    "failure 10000": "31 ms, 10013 lines",
}


def rate(per_second):
    return f"{per_second / 1e6:.2f} M/s" if per_second >= 1e6 else f"{per_second / 1e3:.1f} k/s"


def micros(us):
    return f"{us:.1f} us" if us < 1000 else f"{us / 1000:.1f} ms"


class Ours:
    """The figures that criterion left, and those that the benchmarks printed."""

    def __init__(self, criterion, printed):
        self.criterion, self.printed = Path(criterion), Path(printed).read_text()

    def nanoseconds(self, name):
        estimates = json.loads((self.criterion / name / "new" / "estimates.json").read_text())
        return estimates["median"]["point_estimate"]

    def rate(self, name, events=10_000):
        return rate(events / self.nanoseconds(name) * 1e9)

    def wake(self, flavour, stored):
        found = re.search(
            rf"^waking/{flavour}/{stored}: median ([\d.]+) us, p99 ([\d.]+) us", self.printed, re.M
        )
        median, high = found.groups()
        return f"{median} us, p99 {high} us"

    def ratio(self):
        found = re.search(r"^subscriptions/ratio: ([\d.]+)", self.printed, re.M)
        return float(found.group(1))


def main(criterion, printed, model):
    ours, model = Ours(criterion, printed), json.loads(Path(model).read_text())
    print("| measure | the harness | model of the Python tracer, same run "
          "| the original, measured earlier | goal |")
    print("|---|---|---|---|---|")

    def row(what, our, key=None, shown="", goal=""):
        print(f"| {what} | {our} | {shown} | {ORIGINAL.get(key, '')} | {goal} |")

    for pending in (0, 1, 10, 100):
        key = f"append {pending}"
        row(
            f"events delivered and recorded, {pending} waits pending",
            ours.rate(f"append/delivered/{pending}"),
            key,
            rate(model[key]) if key in model else "",
            "1 M/s" if pending == 10 else "",
        )
    row("the same until all 10 waits have seen every event", ours.rate("append/seen/10"),
        shown="as above: it looks while it stores")
    row("events appended to the journal alone", ours.rate("append/raw"))
    row("events delivered while a file is written", ours.rate("append/written"))
    for stored in (0, 10_000, 100_000):
        key = f"wake {stored}"
        for flavour in ("current_thread", "multi_thread"):
            row(
                f"a wait woken, {stored} events stored, {flavour.replace('_', '-')} runtime",
                ours.wake(flavour, stored),
                key,
                micros(model[key]),
                "50 us" if stored == 100_000 else "",
            )
    for stored in (10_000, 100_000):
        key = f"failure {stored}"
        row(
            f"a failure told, {stored} events after its mark",
            micros(ours.nanoseconds(f"failure/events/{stored}") / 1000),
            key,
            f"{model[key]:.0f} ms, {model[f'lines {stored}']} lines",
            "10 ms, 200 lines" if stored == 100_000 else "",
        )
    one = ours.nanoseconds("subscriptions/1") / 1000
    row("an action, 1 attribute watched", micros(one))
    row("an action, 200 watched, in turn with 1", f"{ours.ratio():.2f} times as long",
        goal="at most 1.10")
    row("an action, 200 watched that push 10 times a second each",
        micros(ours.nanoseconds("subscriptions/200_busy") / 1000))
    planned = {
        "a plan on the subarray's graph, EMPTY to SCANNING": ("subarray/plan_empty_to_scanning", "5 us"),
        "a plan on the subarray's graph, FAULT to ABORTING": ("subarray/plan_fault_to_aborting", "5 us"),
        "the subarray's machine built anew": ("subarray/build_the_machine", ""),
        "a plan on 100,000 states, 1,000,000 transitions": ("huge/plan_on_1000000_transitions", "1 s"),
        "the same, declaring them": ("huge/declare_1000000_transitions", ""),
    }
    for what, (name, goal) in planned.items():
        row(what, micros(ours.nanoseconds(name) / 1000), goal=goal)


if __name__ == "__main__":
    main(*sys.argv[1:])
