"""A subarray device of PyTango, for trying the harness against a foreign server.

    python3 subarray.py test -nodb -dlist low/sub/1,low/sub/2 \
        -ORBendPoint giop:tcp:127.0.0.1:10001

It tells of its long running commands in the order in which ska-tango-base 1.3.2
pushes its events, by the classic protocol, by the lists of the newer one, or by both:
as the environment variable SUBARRAY_LRC says, see command_lists.py. How long a command takes is the device
property `Dwell` or the environment variable SUBARRAY_DWELL, in seconds
(default 0.05); with 0 nothing sleeps and a command's events follow each other at
once. Works with PyTango 9.5 and 10.

The one lock is the device's Tango monitor. Commands are given under it by the
server, the worker takes it for each of its steps, so changes of state and their
events are in the same order, and no second lock can meet it the wrong way round.
"""

from __future__ import annotations

import itertools
import json
import os
import queue
import threading
import time
from typing import Iterator

import tango
from tango import AttrWriteType, DevState
from tango.server import Device, attribute, command, device_property, run

from command_lists import HAS_CLASSIC, HAS_LISTS, LISTS, USES_LISTS, CommandLists
from observation import (
    CommandNotAllowed,
    Defect,
    FaultType,
    ObsState,
    ResultCode,
    check_permitted,
    final_state,
)

QUEUE_SIZE = 32
# Finished commands stay visible for a while, as with the base classes.
KEEP_SECONDS = 10.0
KEEP_FINISHED = 4
ENTRIES = QUEUE_SIZE + KEEP_FINISHED + 2

HEALTH_STATES = ["OK", "DEGRADED", "FAILED", "UNKNOWN"]
ADMIN_MODES = ["ONLINE", "OFFLINE", "ENGINEERING", "NOT_FITTED", "RESERVED"]
# The attributes whose events the code pushes.
PUSHED = [
    "State",
    "obsState",
    "commandedObsState",
    "healthState",
    "adminMode",
]
CLASSIC = [
    "longRunningCommandsInQueue",
    "longRunningCommandIDsInQueue",
    "longRunningCommandStatus",
    "longRunningCommandInProgress",
    "longRunningCommandProgress",
    "longRunningCommandResult",
]
PUSHED += CLASSIC if HAS_CLASSIC else []
PUSHED += LISTS if HAS_LISTS else []

Reply = tuple[list[int], list[str]]


class Task:
    """One accepted command, from its id to its last status."""

    _numbers = itertools.count(1)

    def __init__(self, name: str, before: ObsState, defect: Defect | None):
        self.name = name
        self.before = before
        self.defect = defect
        self.id = f"{time.time()}_{next(self._numbers)}_{name}"
        self.status = "STAGING"
        self.progress = ""
        self.finished_at: float | None = None
        self.cancelled = threading.Event()


class Worker(threading.Thread):
    """Carries out the tasks of one device, one after the other."""

    def __init__(self, device: Subarray):
        super().__init__(daemon=True)
        self._device = device
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._stopped = False

    def put(self, task: Task) -> None:
        self._tasks.put(task)

    def stop(self) -> None:
        """Let the thread end; never joined, as it may want the caller's monitor."""
        self._stopped = True
        self._tasks.put(None)

    def run(self) -> None:
        with tango.EnsureOmniThread():
            while not self._stopped and (task := self._tasks.get()) is not None:
                self._carry_out(task)

    def _carry_out(self, task: Task) -> None:
        steps = self._device.steps(task)
        delay: float | None = 0.0
        while delay is not None:
            with tango.AutoTangoMonitor(self._device):
                if self._stopped:
                    return
                delay = 0.0
                while delay == 0.0:
                    if task.cancelled.is_set():
                        self._device.finish_aborted(task)
                        return
                    delay = next(steps, None)
            if delay:
                task.cancelled.wait(delay)


class Subarray(Device):
    """A subarray with the obsState machine and the long running commands."""

    Dwell = device_property(
        dtype=float, default_value=float(os.environ.get("SUBARRAY_DWELL", "0.05"))
    )

    def init_device(self) -> None:
        super().init_device()
        self._obs_state = ObsState.EMPTY
        self._commanded_obs_state = ObsState.EMPTY
        self._has_resources = False
        self._admin_mode = ADMIN_MODES.index("ONLINE")
        self._level = 0.0
        self._note = ""
        self._defect = Defect()
        self._tasks: list[Task] = []
        self._stuck: list[Task] = []
        self._last_result = ("", "")
        self._lists = CommandLists()
        for name in PUSHED:
            self.set_change_event(name, True, False)
        self.set_state(DevState.ON)
        self.set_status("a subarray to test against")
        self._worker = Worker(self)
        self._worker.start()

    def delete_device(self) -> None:
        self._worker.stop()
        super().delete_device()

    # ---- attributes ----

    obsState = attribute(dtype=ObsState, doc="where the subarray is in its observation")
    commandedObsState = attribute(dtype=ObsState, doc="the stable obsState last commanded")
    healthState = attribute(dtype="DevEnum", enum_labels=HEALTH_STATES)
    adminMode = attribute(
        dtype="DevEnum", enum_labels=ADMIN_MODES, access=AttrWriteType.READ_WRITE
    )
    level = attribute(dtype=float, access=AttrWriteType.READ_WRITE)
    note = attribute(dtype=str, access=AttrWriteType.READ_WRITE)
    if HAS_CLASSIC:
        longRunningCommandsInQueue = attribute(dtype=("str",), max_dim_x=ENTRIES)
        longRunningCommandIDsInQueue = attribute(dtype=("str",), max_dim_x=ENTRIES)
        longRunningCommandStatus = attribute(dtype=("str",), max_dim_x=2 * ENTRIES)
        longRunningCommandInProgress = attribute(dtype=("str",), max_dim_x=ENTRIES)
        longRunningCommandProgress = attribute(dtype=("str",), max_dim_x=2 * ENTRIES)
        longRunningCommandResult = attribute(dtype=("str",), max_dim_x=2)
    if HAS_LISTS:
        lrcQueue = attribute(dtype=("str",), max_dim_x=ENTRIES)
        lrcExecuting = attribute(dtype=("str",), max_dim_x=ENTRIES)
        lrcFinished = attribute(dtype=("str",), max_dim_x=100)

    def read_obsState(self) -> ObsState:
        return self._obs_state

    def read_commandedObsState(self) -> ObsState:
        return self._commanded_obs_state

    def read_healthState(self) -> int:
        return HEALTH_STATES.index("OK")

    def read_adminMode(self) -> int:
        return self._admin_mode

    def write_adminMode(self, mode: int) -> None:
        self._admin_mode = mode
        self._push("adminMode")

    def read_level(self) -> float:
        return self._level

    def write_level(self, level: float) -> None:
        self._level = level

    def read_note(self) -> str:
        return self._note

    def write_note(self, note: str) -> None:
        self._note = note

    def read_longRunningCommandsInQueue(self) -> list[str]:
        return [task.name for task in self._tasks]

    def read_longRunningCommandIDsInQueue(self) -> list[str]:
        return [task.id for task in self._tasks]

    def read_longRunningCommandStatus(self) -> list[str]:
        return [word for task in self._tasks for word in (task.id, task.status)]

    def read_longRunningCommandInProgress(self) -> list[str]:
        return [task.name for task in self._tasks if task.status == "IN_PROGRESS"]

    def read_longRunningCommandProgress(self) -> list[str]:
        running = [task for task in self._tasks if task.progress]
        return [word for task in running for word in (task.id, task.progress)]

    def read_longRunningCommandResult(self) -> tuple[str, str]:
        return self._last_result

    def read_lrcQueue(self) -> list[str]:
        return self._lists.read("lrcQueue")

    def read_lrcExecuting(self) -> list[str]:
        return self._lists.read("lrcExecuting")

    def read_lrcFinished(self) -> list[str]:
        return self._lists.read("lrcFinished")

    # ---- commands ----

    @command(dtype_in=str, dtype_out="DevVarLongStringArray")
    def AssignResources(self, argument: str) -> Reply:
        return self._accept("AssignResources", argument)

    @command(dtype_in=str, dtype_out="DevVarLongStringArray")
    def ReleaseResources(self, argument: str) -> Reply:
        return self._accept("ReleaseResources", argument)

    @command(dtype_out="DevVarLongStringArray")
    def ReleaseAllResources(self) -> Reply:
        return self._accept("ReleaseAllResources")

    @command(dtype_in=str, dtype_out="DevVarLongStringArray")
    def Configure(self, argument: str) -> Reply:
        return self._accept("Configure", argument)

    @command(dtype_in=str, dtype_out="DevVarLongStringArray")
    def Scan(self, argument: str) -> Reply:
        return self._accept("Scan", argument)

    @command(dtype_out="DevVarLongStringArray")
    def EndScan(self) -> Reply:
        return self._accept("EndScan")

    @command(dtype_out="DevVarLongStringArray")
    def End(self) -> Reply:
        return self._accept("End")

    @command(dtype_out="DevVarLongStringArray")
    def Abort(self) -> Reply:
        return self._accept("Abort")

    @command(dtype_out="DevVarLongStringArray")
    def ObsReset(self) -> Reply:
        return self._accept("ObsReset")

    @command(dtype_out="DevVarLongStringArray")
    def Restart(self) -> Reply:
        return self._accept("Restart")

    @command(dtype_out="DevVarLongStringArray")
    def On(self) -> Reply:
        return self._accept_power("On", DevState.ON)

    @command(dtype_out="DevVarLongStringArray")
    def Off(self) -> Reply:
        return self._accept_power("Off", DevState.OFF)

    @command(dtype_in=str)
    def SetDefective(self, argument: str) -> None:
        self._defect = Defect.from_json(argument)

    @command(dtype_in=int)
    def SetDirectObsState(self, argument: int) -> None:
        state = ObsState(argument)
        if state.name in ("EMPTY", "IDLE", "CONFIGURING", "READY", "SCANNING"):
            self._has_resources = state != ObsState.EMPTY
        self._enter(state)

    # ---- commands of an instrument, for trying ways to a device ----

    @command(dtype_in=float, dtype_out=float)
    def Twice(self, number: float) -> float:
        return 2 * number

    @command(dtype_in=float, dtype_out=float)
    def Dawdle(self, seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    @command
    def Fail(self) -> None:
        tango.Except.throw_exception("Instrument_Failed", "as told", "Fail")

    # ---- accepting a command: in the server's thread, under the monitor ----

    def _accept_power(self, name: str, target: DevState) -> Reply:
        if self.get_state() == target:
            return [ResultCode.REJECTED], [f"Device is already in {target} state."]
        return self._accept(name)

    def _accept(self, name: str, argument: str | None = None) -> Reply:
        rule = check_permitted(name, self._obs_state)
        self.info_stream("%s is taken", name)
        if argument is not None and not isinstance(json.loads(argument), dict):
            raise ValueError(f"{name}: the argument must be a JSON object")
        defect = self._defect.take(name)
        fault = defect.fault if defect else FaultType.NONE
        if fault == FaultType.NOT_ALLOWED_BEFORE_QUEUING:
            raise CommandNotAllowed(defect.error_message)
        if fault == FaultType.FAILED_RESULT and not defect.target_obsstates:
            return [defect.result], [defect.error_message]
        if sum(task.status == "QUEUED" for task in self._tasks) >= QUEUE_SIZE:
            text = f"Input queue supports a maximum of {QUEUE_SIZE} commands"
            return [ResultCode.REJECTED], [text]

        task = Task(name, self._obs_state, defect)
        if rule.during is not None and fault not in (
            FaultType.FAILED_RESULT,
            FaultType.NOT_ALLOWED_AFTER_QUEUING,
            FaultType.EXCEPTION_AFTER_QUEUING,
        ):
            self._enter(rule.during)
        self._forget_finished()
        self._tasks.append(task)
        self._push("longRunningCommandsInQueue")
        self._push("longRunningCommandIDsInQueue")
        self._push("longRunningCommandStatus")
        if name == "Abort":
            # never queued: in progress at once, and what runs or waits is cancelled
            self._begin(task, rule.commanded)
            for other in self._tasks:
                if other is not task and other.finished_at is None:
                    other.cancelled.set()
            reply = ResultCode.STARTED
        else:
            self._set_status(task, "QUEUED")
            reply = ResultCode.QUEUED
        self._worker.put(task)
        if fault == FaultType.FAILED_RESULT:
            reply = defect.result
        return [reply], [task.id]

    # ---- carrying it out: in the worker's thread, under the monitor ----

    def steps(self, task: Task) -> Iterator[float]:
        """Carry out `task` up to each yield, which says how long to wait there."""
        rule = check_permitted(task.name, task.before)
        defect = task.defect
        fault = defect.fault if defect else FaultType.NONE
        self._finish_stuck(task)
        if fault == FaultType.NOT_ALLOWED_AFTER_QUEUING:
            yield self.Dwell
            code = ResultCode.NOT_ALLOWED
            self._finish(task, code, "Command is not allowed", "REJECTED")
            self._push_lists()
            return
        if fault == FaultType.EXCEPTION_AFTER_QUEUING:
            yield self.Dwell
            text = f"Exception from 'is_cmd_allowed' method: {defect.error_message}"
            self._finish(task, ResultCode.REJECTED, text, "REJECTED")
            self._push_lists()
            return

        if task.name != "Abort":
            self._begin(task, rule.commanded)
        for progress in ("33", "66"):
            yield self.Dwell / 3
            task.progress = progress
            self._push("longRunningCommandProgress")
            self._lists.is_at(task.id, task.name, task.status, progress)
            self._push_lists()
        yield self.Dwell / 3
        if defect is None:
            self._finish_well(task, rule.result_first)
        else:
            self._finish_badly(task, defect)
        self._push_lists()

    def finish_aborted(self, task: Task) -> None:
        text = "Command has been aborted"
        self._finish(task, ResultCode.ABORTED, text, "ABORTED")
        self._push_lists()

    def _finish_well(self, task: Task, result_first: bool) -> None:
        state = final_state(task.name, self._has_resources)
        text = f"{task.name} completed OK"
        if result_first:
            self._finish(task, ResultCode.OK, text, "COMPLETED")
        if state is not None:
            if task.name in ("AssignResources", "ReleaseAllResources", "Restart"):
                self._has_resources = task.name == "AssignResources"
            self._enter(state)
        elif task.name in ("On", "Off"):
            self.set_state(DevState.ON if task.name == "On" else DevState.OFF)
            self.push_change_event("State")
        if not result_first:
            self._finish(task, ResultCode.OK, text, "COMPLETED")

    def _finish_badly(self, task: Task, defect: Defect) -> None:
        on_device = f"Exception occurred on device: {self.get_name()}"
        if defect.fault == FaultType.FAILED_RESULT:
            for state in defect.target_obsstates:
                self._enter(state)
            self._finish(task, ResultCode.FAILED, on_device, "FAILED")
            return
        if defect.intermediate_state is not None:
            self._enter(defect.intermediate_state)
        if defect.fault == FaultType.LONG_RUNNING_EXCEPTION:
            self._finish(task, defect.result, defect.error_message, "FAILED")
        elif defect.fault == FaultType.STUCK_IN_OBSTATE:
            self._finish(task, ResultCode.FAILED, on_device, "FAILED")
        else:
            # no result, ever, unless it is aborted or restarted
            self._stuck.append(task)

    def _finish_stuck(self, task: Task) -> None:
        if task.name in ("Abort", "Restart", "ObsReset"):
            for stuck in self._stuck:
                self.finish_aborted(stuck)
            self._stuck.clear()

    # ---- changes and their events ----

    def _begin(self, task: Task, commanded: ObsState | None) -> None:
        self._set_status(task, "IN_PROGRESS")
        self._push("longRunningCommandInProgress")
        if task.name == "ObsReset":
            commanded = final_state(task.name, self._has_resources)
        if commanded is not None:
            self._commanded_obs_state = commanded
            self._push("commandedObsState")

    def _finish(self, task: Task, code: ResultCode, text: str, status: str) -> None:
        self._last_result = (task.id, json.dumps([int(code), text]))
        self._push("longRunningCommandResult")
        self._lists.ended(task.id, task.name, status, int(code), text)
        was_running = task.status == "IN_PROGRESS"
        task.finished_at = time.monotonic()
        task.progress = ""
        self._set_status(task, status)
        if was_running:
            self._push("longRunningCommandInProgress")

    def _set_status(self, task: Task, status: str) -> None:
        task.status = status
        self._push("longRunningCommandStatus")
        if task.finished_at is None:
            self._lists.is_at(task.id, task.name, status)
            self._push_lists()

    def _forget_finished(self) -> None:
        finished = [task for task in self._tasks if task.finished_at is not None]
        oldest = time.monotonic() - KEEP_SECONDS
        gone = {task.id for task in finished if task.finished_at < oldest}
        gone |= {task.id for task in finished[:-KEEP_FINISHED]}
        self._tasks = [task for task in self._tasks if task.id not in gone]

    def _enter(self, state: ObsState) -> None:
        if state != self._obs_state:
            self._obs_state = state
            self._push("obsState")

    def _push_lists(self) -> None:
        # all three at each change, and at the end after all else
        if USES_LISTS:
            for name in LISTS:
                self._push(name)

    def _push(self, name: str) -> None:
        if name in CLASSIC and not HAS_CLASSIC:
            return
        self.push_change_event(name, getattr(self, f"read_{name}")())


if __name__ == "__main__":
    run((Subarray,))
