"""The machine of harness-explore/examples/explore_speed.rs, explored by Hypothesis; prints the same JSON."""

import json
import time

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import (RuleBasedStateMachine, precondition, rule,
                                 run_state_machine_as_test)

PROGRAMS = 400
ROUNDS = 5
MOST_PROGRAMS = 2_000
SEEDS = 15


class Subarray(RuleBasedStateMachine):
    """A subarray that leaks once it was aborted in the second scan of a configuration made twice."""

    defective = False
    steps = 0

    def __init__(self):
        super().__init__()
        self.state = "EMPTY"
        self.configured = 0
        self.scans = 0
        self.leaks = False
        self.taken = 0

    def become(self, state):
        self.taken += 1
        Subarray.steps += 1
        self.state = state

    @precondition(lambda self: self.state in ("EMPTY", "IDLE"))
    @rule()
    def assign(self):
        self.become("IDLE")

    @precondition(lambda self: self.state in ("IDLE", "READY"))
    @rule()
    def configure(self):
        self.configured += 1
        self.become("READY")

    @precondition(lambda self: self.state == "READY")
    @rule()
    def scan(self):
        self.scans += 1
        self.become("SCANNING")

    @precondition(lambda self: self.state == "SCANNING")
    @rule()
    def end_scan(self):
        self.become("READY")

    @precondition(lambda self: self.state == "READY")
    @rule()
    def end(self):
        self.configured = self.scans = 0
        self.become("IDLE")

    @precondition(lambda self: self.state == "IDLE")
    @rule()
    def release(self):
        self.configured = self.scans = 0
        self.become("EMPTY")

    @precondition(lambda self: self.state in ("IDLE", "READY", "SCANNING"))
    @rule()
    def abort(self):
        self.leaks = self.state == "SCANNING" and self.configured >= 2 and self.scans >= 2
        self.become("ABORTED")

    @precondition(lambda self: self.state == "ABORTED")
    @rule()
    def restart(self):
        if self.defective and self.leaks:
            # the step that fails counts, and the last program that fails is the shrunk one
            Subarray.last = self.taken + 1
            raise AssertionError("it leaks")
        self.configured = self.scans = 0
        self.become("EMPTY")


def explore(number, programs, phases):
    """Explores with a seed; how long it took, and how long the shrunk program is, if one was found."""
    options = settings(max_examples=programs, stateful_step_count=50, database=None, deadline=None,
                       phases=phases, verbosity=Verbosity.quiet, print_blob=False,
                       suppress_health_check=list(HealthCheck))
    Subarray.last = None
    started = time.perf_counter()
    try:
        run_state_machine_as_test(seed(number)(type("Seeded", (Subarray,), {})), settings=options)
    except AssertionError:
        pass
    return time.perf_counter() - started, Subarray.last


def main():
    speeds = []
    for number in range(ROUNDS):
        Subarray.steps = 0
        seconds, _ = explore(number, PROGRAMS, [Phase.generate])
        speeds.append(Subarray.steps / seconds)
    Subarray.defective = True
    found = []
    for number in range(SEEDS):
        seconds, steps = explore(number, MOST_PROGRAMS, [Phase.generate, Phase.shrink])
        found.append({"seconds": seconds, "steps": steps})
    print(json.dumps({"steps_per_second": speeds, "found": found}))


main()
