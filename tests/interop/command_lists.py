"""The lists in which newer devices tell of their long running commands: no Tango in here.

Each is a list of JSON texts, one object for each command, with the keys that
ska-tango-base 1.3.2 really sends: it documents `submitted_time`, and leaves it out.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from typing import Any

# By which attributes the device tells of its commands: "classic" (longRunningCommandResult
# and its siblings), "lists" (lrcFinished and its siblings), "both", or "both-classic": it
# has both, and nothing ever comes of the lists.
PROTOCOL = os.environ.get("SUBARRAY_LRC", "classic")
HAS_CLASSIC = PROTOCOL != "lists"
HAS_LISTS = PROTOCOL != "classic"
USES_LISTS = PROTOCOL in ("lists", "both")
if PROTOCOL not in ("classic", "lists", "both", "both-classic"):
    raise SystemExit(f"SUBARRAY_LRC is {PROTOCOL!r}: classic, lists, both or both-classic")

LISTS = ["lrcQueue", "lrcExecuting", "lrcFinished"]
KEEP_FINISHED = 100


class CommandLists:
    """What is in the three lists."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Any]] = {}
        self._finished: deque[str] = deque(maxlen=KEEP_FINISHED)

    def is_at(self, uid: str, name: str, status: str, progress: str = "") -> None:
        """A command waits, or is being executed."""
        known = self._open.setdefault(uid, {"uid": uid, "name": name})
        known["status"] = status
        if status == "IN_PROGRESS":
            known.setdefault("started_time", time.time())
        if progress:
            known["progress"] = int(progress)

    def ended(self, uid: str, name: str, status: str, code: int, text: str) -> None:
        """A command has ended, in whatever way."""
        known = self._open.pop(uid, {"uid": uid, "name": name})
        known.update(finished_time=time.time(), status=status, result=[code, text])
        known.pop("progress", None)
        self._finished.append(json.dumps(known))

    def read(self, attribute: str) -> list[str]:
        """The value of one of the attributes."""
        if attribute == "lrcFinished":
            return list(self._finished)
        status = "QUEUED" if attribute == "lrcQueue" else "IN_PROGRESS"
        found = [known for known in self._open.values() if known["status"] == status]
        return [
            json.dumps({key: what for key, what in known.items() if key != "status"})
            for known in found
        ]
