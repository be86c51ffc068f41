"""Prints the table of docs/benchmarks.md from what both explorers printed."""

import json
import sys
from statistics import median


def row(name, path):
    with open(path, encoding="utf-8") as file:
        measured = json.load(file)
    speeds, found = measured["steps_per_second"], measured["found"]
    lengths = [one["steps"] for one in found if one["steps"] is not None]
    exact = sum(length == 8 for length in lengths)
    seconds = [one["seconds"] for one in found]
    shown = ", ".join(str(length) for length in sorted(lengths))
    print(f"| {name} | {min(speeds):,.0f} to {max(speeds):,.0f} | **{median(speeds):,.0f}** | "
          f"{len(lengths)} of {len(found)} | {exact} of {len(found)} | {shown} | "
          f"{median(seconds):.3f} | {max(seconds):.3f} |")
    return median(speeds)


def main():
    print("| explorer | steps a second, 5 rounds | median | defect found | shrunk to 8 steps | lengths |"
          " seconds to find and shrink, median | longest |")
    print("|---|---|---|---|---|---|---|---|")
    theirs = row(f"Hypothesis {sys.argv[3]}", sys.argv[1])
    ours = row("harness-explore", sys.argv[2])
    print(f"\nRatio of the medians of steps a second: **{ours / theirs:.0f}**")


main()
