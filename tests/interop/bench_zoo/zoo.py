"""Runs the commands that must find the bugs of the zoo, and prints what came of them."""

import json
import os
import statistics
import subprocess
import sys
import tempfile

HARNESS, SEEDS, ONLY = sys.argv[1], int(sys.argv[2]), sys.argv[3:]

# Programs of fifty steps, and heats, that must be enough.
PROGRAMS = 100
HEATS = 5

EXPLORED = [
    "stuck-transient",
    "wrong-state-after-abort",
    "leak",
    "reply-without-result",
    "late-event",
]
RACED = {
    "double-accept": ["Configure", "--from", "IDLE"],
    "lost-update": ["AssignResources", "--from", "EMPTY"],
}


def run(arguments, folder):
    """The report of a run, and its code."""
    path = os.path.join(folder, "report.json")
    command = [HARNESS, *arguments, "--report", path]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"zoo: {' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def explored(bug, seed, folder):
    """Whether exploring finds the bug, after how many programs and seconds."""
    report = run(
        ["explore", "--bug", bug, "--seed", str(seed), "--programs", str(PROGRAMS)]
        + ["--no-database", "--shrink-time", "0", "--patience", "2", "--dwell", "0.01"],
        folder,
    )
    return bool(report["findings"]), report["programs"], report["seconds"]


def raced(bug, folder):
    """Whether a race finds the bug, in how many of its heats."""
    report = run(
        ["race", *RACED[bug], "--bug", bug, "--heats", str(HEATS)]
        + ["--dwell", "0.06", "--lag", "0.03"],
        folder,
    )
    hits = sum(line["hits"] for race in report for line in race["offsets"])
    return hits > 0, hits, sum(race["seconds"] for race in report)


def row(bug, tool, limit, runs):
    found = sum(found for found, _, _ in runs)
    needed = statistics.median(needed for _, needed, _ in runs)
    most = max(needed for _, needed, _ in runs)
    seconds = statistics.median(seconds for _, _, seconds in runs)
    print(f"| `{bug}` | {tool} | {limit} | {found} of {len(runs)} | {needed:.0f} ({most}) | {seconds:.1f} s |")
    sys.stdout.flush()


def chosen(bugs):
    return [bug for bug in bugs if not ONLY or bug in ONLY]


def main():
    print("| bug | tool | limit | found | programs, or heats that show it: median (most) | median time |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for bug in chosen(EXPLORED):
            runs = []
            for seed in range(SEEDS):
                print(f"zoo: {bug}, seed {seed}", file=sys.stderr)
                runs.append(explored(bug, seed, folder))
            row(bug, "explore", f"{PROGRAMS} programs", runs)
        for bug in chosen(RACED):
            runs = []
            for seed in range(SEEDS):
                print(f"zoo: {bug}, run {seed}", file=sys.stderr)
                runs.append(raced(bug, folder))
            row(bug, "race", f"{HEATS} heats", runs)
        report = run(
            ["explore", "--seed", "1", "--programs", "100", "--no-database", "--dwell", "0"],
            folder,
        )
        rate = report["steps"] / report["seconds"]
        print(f"\nover Tango: {report['steps']} steps in {report['seconds']:.1f} s, {rate:.0f} a second")


main()
