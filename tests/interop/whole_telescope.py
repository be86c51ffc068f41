"""A PyTango client takes a simulated SKA Low through a full observation.

    TANGO_HOST=host:port whole_telescope.py

Switches the telescope on, assigns by way of the central node, configures, scans until
the scan ends by itself, and releases; waits on events, and checks the obsStates of
every subarray, the results of the long running commands, and how a part that fails is
told.
"""

from __future__ import annotations

import json
import queue
import sys
import time

import tango

CENTRAL = "low-tmc/central-node/0"
NODE = "low-tmc/subarray/01"
PARTS = ["low-csp/subarray/01", "low-sdp/subarray/01", "low-mccs/subarray/01"]
PATIENCE = 30

ASSIGN = {
    "subarray_id": 1,
    "mccs": {
        "subarray_beams": [
            {
                "subarray_beam_id": 1,
                "apertures": [{"station_id": 1, "aperture_id": "AP001.01"}],
            }
        ]
    },
    "csp": {"pst": {"pst_beam_ids": [1]}},
    "sdp": {"execution_block": {"eb_id": "eb-test-20261126-00001"}},
}
CONFIGURE = {
    "mccs": {},
    "csp": {},
    "sdp": {"scan_type": "target:a"},
    "tmc": {"scan_duration": 0.3},
}


class Watch:
    """The change events of one attribute, in the order of arrival."""

    def __init__(self, device: tango.DeviceProxy, attribute: str):
        self.name = f"{device.dev_name()}/{attribute}"
        self.events: queue.Queue = queue.Queue()
        device.subscribe_event(attribute, tango.EventType.CHANGE_EVENT, self.events.put)

    def until(self, wanted) -> None:
        deadline = time.monotonic() + PATIENCE
        seen = []
        while True:
            try:
                event = self.events.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                sys.exit(f"{self.name} did not become {wanted}, but {seen}")
            if event.err:
                sys.exit(f"{self.name}: {event.errors[0].desc}")
            value = event.attr_value.value
            seen.append(str(value))
            if wanted(value) if callable(wanted) else str(value).endswith(wanted):
                return


def main() -> None:
    central, node = tango.DeviceProxy(CENTRAL), tango.DeviceProxy(NODE)
    parts = [tango.DeviceProxy(name) for name in PARTS]
    telescope = Watch(central, "telescopeState")
    states = {device: Watch(device, "obsState") for device in [node, *parts]}
    results = {device: Watch(device, "longRunningCommandResult") for device in [central, node]}
    labels = node.get_attribute_config("obsState").enum_labels

    def is_state(word):
        return lambda value: labels[int(value)] == word

    def complete(device, command, *argument):
        [[code], [identifier]] = device.command_inout(command, *argument)
        if code not in (1, 2):
            sys.exit(f"{command} answered {code} {identifier}")
        wanted = (identifier, '[0, "Command Completed"]')
        results[device].until(lambda value: tuple(value) == wanted)

    def all_become(word):
        for watch in states.values():
            watch.until(is_state(word))

    complete(central, "TelescopeOn")
    telescope.until("ON")
    complete(central, "AssignResources", json.dumps(ASSIGN))
    all_become("IDLE")
    complete(node, "Configure", json.dumps(CONFIGURE))
    all_become("READY")
    complete(node, "Scan", json.dumps({"scan_id": 1}))
    all_become("SCANNING")
    all_become("READY")
    complete(node, "End")
    all_become("IDLE")

    # a part that fails
    parts[0].SetDefective(
        json.dumps(
            {
                "enabled": True,
                "fault_type": 3,
                "error_message": "no beam",
                "result": 3,
                "command": "Configure",
                "times": 1,
            }
        )
    )
    node.Configure(json.dumps(CONFIGURE))
    results[node].until(
        lambda value: value[1].startswith('[3, "Exception occurred on the following devices: ')
        and "low-csp/subarray/01: no beam" in value[1]
    )
    complete(node, "Abort")
    all_become("ABORTED")
    complete(node, "Restart")
    all_become("EMPTY")

    # what is not valid is rejected in the reply
    [[code], [reason]] = node.AssignResources("{}")
    if code != 5 or "Missing key" not in reason:
        sys.exit(f"AssignResources without keys answered {code} {reason}")
    complete(central, "TelescopeOff")
    telescope.until("OFF")
    print("a full observation, a failure and a recovery of SKA Low, seen by PyTango")


if __name__ == "__main__":
    main()
