"""Makes the tables of docs/benchmarks.md from the figures of all rounds (JSON Lines)."""

import json
import statistics
import sys


def main() -> None:
    rounds: dict[str, list[dict]] = {}
    for line in sys.stdin:
        figures = json.loads(line)
        figures["each"] = figures["processor"] / figures["commands"] * 1e6
        figures["rate"] = figures.get("rate", figures["commands"] / figures["wall"])
        rounds.setdefault(figures["client"], []).append(figures)
    peers = [client for client in rounds if client.startswith("PyTango")]

    print("| client | commands/s | processor time a command, us | latency p50, p99, us | memory, MiB |"
          + "".join(f" ratio to {peer} |" for peer in peers if len(peers) > 0))
    print("|---" * (5 + len(peers)) + "|")
    for client, figures in rounds.items():
        memory = [one["memory"] for one in figures if "memory" in one]
        row = [
            client,
            f"{middle(figures, 'rate'):,.0f}",
            f"{middle(figures, 'each'):.1f}",
            f"{middle(figures, 'p50'):.0f}, {middle(figures, 'p99'):.0f}",
            f"{max(memory) / 2 ** 20:.0f}" if memory else "",
        ]
        for peer in peers:
            ratio = middle(figures, "each") / middle(rounds[peer], "each")
            row.append("" if client == peer else f"**{ratio:.2f}**")
        print("| " + " | ".join(row) + " |")


def middle(figures: list[dict], name: str) -> float:
    return statistics.median(one[name] for one in figures)


if __name__ == "__main__":
    main()
