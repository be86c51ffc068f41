"""Makes the table of docs/benchmarks.md from the figures of all rounds (JSON Lines)."""

import json
import statistics
import sys


def main() -> None:
    rounds: dict[str, list[dict]] = {}
    for line in sys.stdin:
        figures = json.loads(line)
        rounds.setdefault(figures["client"], []).append(figures)
    names = sorted(rounds, key=lambda name: not name.startswith("bare"))
    if len(names) != 2:
        sys.exit(f"bench_table.py: figures of two clients are wanted, got {names}")

    def middle(name: str, figure: str) -> float:
        return statistics.median(one[figure] for one in rounds[name])

    print("| client | ms a cycle, each round | median | ms an action | CPU ms a cycle "
          "| RSS after 100 cycles | after all | growth |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        each = ", ".join(f"{one['cycle_ms']:.2f}" for one in rounds[name])
        cycle = middle(name, "cycle_ms")
        first = middle(name, "resident_kib_100") / 1024
        last = middle(name, "resident_kib_end") / 1024
        print(f"| {name} | {each} | **{cycle:.2f}** | {cycle / 6:.2f} "
              f"| {middle(name, 'cpu_ms'):.2f} | {first:.1f} MiB | {last:.1f} MiB "
              f"| {last - first:+.2f} MiB |")
    bare, ours = (middle(name, "cycle_ms") for name in names)
    pairs = zip(*(rounds[name] for name in names))
    ratios = [our["cycle_ms"] / its["cycle_ms"] for its, our in pairs]
    print()
    print(f"Ratio of the medians: **{ours / bare:.2f}**; of each round's pair: "
          + ", ".join(f"{ratio:.2f}" for ratio in ratios) + ".")


if __name__ == "__main__":
    main()
