"""Makes the table of docs/benchmarks.md from the figures of all rounds (JSON Lines)."""

import json
import statistics
import sys

PEER = "PyTango"


def main() -> None:
    rounds: dict[str, dict[str, list[dict]]] = {}
    clients: list[str] = []
    for line in sys.stdin:
        figures = json.loads(line)
        rounds.setdefault(figures["measure"], {}).setdefault(figures["client"], []).append(figures)
        if figures["client"] not in clients:
            clients.append(figures["client"])
    peer = next(client for client in clients if client.startswith(PEER))
    others = [client for client in clients if client != peer]

    print("| measure, us | " + " | ".join([f"{peer}: median, p99"]
          + [f"{other}: median, p99 | ratios" for other in others]) + " |")
    print("|---" * (2 + 2 * len(others)) + "|")
    for measure, figures in rounds.items():
        row = [measure, pair(figures[peer])]
        for other in others:
            row += [pair(figures[other]), ratios(figures[other], figures[peer])]
        print("| " + " | ".join(row) + " |")


def middle(figures: list[dict], name: str) -> float:
    return statistics.median(one[name] for one in figures)


def pair(figures: list[dict]) -> str:
    return f"{middle(figures, 'median_us'):.0f}, {middle(figures, 'p99_us'):.0f}"


def ratios(ours: list[dict], theirs: list[dict]) -> str:
    return ", ".join(
        f"**{middle(ours, name) / middle(theirs, name):.2f}**" for name in ("median_us", "p99_us")
    )


if __name__ == "__main__":
    main()
