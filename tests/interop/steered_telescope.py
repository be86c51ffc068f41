"""A PyTango client steers a simulated SKA Low as test suites steer the SKA's helper devices.

    TANGO_HOST=host:port steered_telescope.py

Takes the telescope through a full observation by way of its central node, with events of
the obsState of every subarray, longRunningCommandResult and lrcFinished; then makes parts
slow (SetDelayInfo), has them play obsStates (AddTransition), makes them fail and get stuck
(SetDefective), and asks what they were told (commandCallInfo).
"""

from __future__ import annotations

import json
import sys
import time

import tango

from whole_telescope import ASSIGN, CENTRAL, CONFIGURE, NODE, PARTS, Watch

RELEASE = json.dumps({"subarray_id": 1, "release_all": True})
STUCK, LONG_RUNNING_EXCEPTION = 4, 3


class Telescope:
    """The central node, subarray 1 and its parts, all watched."""

    def __init__(self):
        self.assigned = 0
        self.central = tango.DeviceProxy(CENTRAL)
        self.node = tango.DeviceProxy(NODE)
        self.parts = [tango.DeviceProxy(name) for name in PARTS]
        self.labels = list(self.node.get_attribute_config("obsState").enum_labels)
        self.states = {
            device: Watch(device, "obsState") for device in [self.node, *self.parts]
        }
        both = [self.central, self.node]
        self.results = {device: Watch(device, "longRunningCommandResult") for device in both}
        self.finished = {device: Watch(device, "lrcFinished") for device in both}

    def complete(self, device, command: str, *argument) -> None:
        """The command ends well, by both protocols of long running commands."""
        [[code], [identifier]] = device.command_inout(command, *argument)
        check(code in (1, 2), f"{command} answered {code} {identifier}")
        wanted = (identifier, '[0, "Command Completed"]')
        self.results[device].until(lambda value: tuple(value) == wanted)

        def is_finished(value) -> bool:
            ends = [json.loads(entry) for entry in value or ()]
            mine = [end for end in ends if end["uid"] == identifier]
            return bool(mine) and mine[0]["status"] == "COMPLETED" and mine[0]["result"][0] == 0

        self.finished[device].until(is_finished)

    def until(self, device, word: str) -> None:
        self.states[device].until(lambda value: self.labels[int(value)] == word)

    def all_become(self, word: str) -> None:
        for device in self.states:
            self.until(device, word)

    def forget_events(self) -> None:
        """Nothing that was said before satisfies what comes."""
        for watch in self.states.values():
            while not watch.events.empty():
                watch.events.get_nowait()

    def recover(self) -> None:
        self.forget_events()
        self.complete(self.node, "Abort")
        self.all_become("ABORTED")
        self.complete(self.node, "Restart")
        self.all_become("EMPTY")

    def assign(self) -> None:
        self.forget_events()
        # an execution block is taken once
        self.assigned += 1
        block = {"execution_block": {"eb_id": f"eb-test-20261126-{self.assigned:05}"}}
        self.complete(self.central, "AssignResources", json.dumps(ASSIGN | {"sdp": block}))
        self.all_become("IDLE")


def check(truth: bool, words: str) -> None:
    if not truth:
        sys.exit(words)


def observe(telescope: Telescope) -> None:
    node, central = telescope.node, telescope.central
    telescope.assign()
    check(bool(node.assignedResources), "IDLE without assignedResources")
    telescope.complete(node, "Configure", json.dumps(CONFIGURE))
    telescope.all_become("READY")
    telescope.complete(node, "Scan", json.dumps({"scan_id": 1}))
    telescope.all_become("SCANNING")
    # nobody sends EndScan
    telescope.all_become("READY")
    telescope.complete(node, "End")
    telescope.all_become("IDLE")
    telescope.complete(central, "ReleaseResources", RELEASE)
    telescope.all_become("EMPTY")
    check(not node.assignedResources, "EMPTY with assignedResources")


def steer(telescope: Telescope) -> None:
    node, (csp, sdp, mccs) = telescope.node, telescope.parts
    telescope.assign()

    # slow, and asked what it was told
    csp.ClearCommandCallInfo()
    check(not csp.commandCallInfo, "commandCallInfo is not cleared")
    csp.SetDelayInfo(json.dumps({"Configure": 0.7}))
    check(json.loads(csp.commandDelayInfo)["Configure"] == 0.7, csp.commandDelayInfo)
    telescope.forget_events()
    started = time.monotonic()
    telescope.complete(node, "Configure", json.dumps(CONFIGURE))
    telescope.all_become("READY")
    taken = time.monotonic() - started
    check(taken >= 0.7, f"Configure took {taken:.2f} s with a delay of 0.7 s")
    csp.ResetDelayInfo()
    [[command, argument]] = csp.commandCallInfo
    check(command == "Configure" and isinstance(json.loads(argument), dict), command)
    telescope.forget_events()
    telescope.complete(node, "End")
    telescope.all_become("IDLE")

    # plays obsStates
    sdp.AddTransition(json.dumps([["CONFIGURING", 0.2], ["IDLE", 0.2], ["READY", 0.0]]))
    telescope.forget_events()
    node.Configure(json.dumps(CONFIGURE))
    for word in ["CONFIGURING", "IDLE", "READY"]:
        telescope.until(sdp, word)
    sdp.ResetTransitions()
    telescope.recover()

    # fails
    telescope.assign()
    defect = {
        "enabled": True,
        "fault_type": LONG_RUNNING_EXCEPTION,
        "error_message": "no beam",
        "result": 3,
        "target_obsstates": [],
    }
    mccs.SetDefective(json.dumps(defect))
    node.Configure(json.dumps(CONFIGURE))
    telescope.results[node].until(lambda value: f"{PARTS[2]}: no beam" in value[1])
    mccs.SetDefective(json.dumps({"enabled": False}))
    telescope.recover()

    # gets stuck, as it is told to
    telescope.assign()
    stuck = telescope.labels.index("CONFIGURING")
    defect = {
        "enabled": True,
        "fault_type": STUCK,
        "error_message": "stuck",
        "result": 3,
        "intermediate_state": stuck,
    }
    sdp.SetDefective(json.dumps(defect))
    node.Configure(json.dumps(CONFIGURE))
    telescope.until(csp, "READY")
    telescope.until(mccs, "READY")
    check(sdp.obsState == stuck and node.obsState == stuck, "not stuck in CONFIGURING")
    sdp.SetDefective(json.dumps({"enabled": False}))
    telescope.recover()

    # is put somewhere
    sdp.SetDirectObsState(telescope.labels.index("FAULT"))
    telescope.until(sdp, "FAULT")
    telescope.until(node, "FAULT")


def main() -> None:
    telescope = Telescope()
    state = Watch(telescope.central, "telescopeState")
    telescope.complete(telescope.central, "TelescopeOn")
    state.until("ON")
    observe(telescope)
    steer(telescope)
    print("SKA Low observed, and its parts were slow, out of step, failed and stuck as told")


if __name__ == "__main__":
    main()
