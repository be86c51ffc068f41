"""A model of the event tracer of the Python harness, and what its parts cost.

The original is in no package index that this project's tests reach, so this is our own code, written
from a description of how the original behaves: events stand in a list under a lock; each store
copies the list and hands the copy to every pending query, in the storing thread; each query goes
through all of it anew, however much of it it has seen; a failure prints every event. What the
original does besides (Tango, logging, describing queries) costs extra and is not modelled: the
model is faster than the original, never slower on purpose.
"""

import json
import statistics
import sys
import threading
import time
from datetime import datetime

EVENTS = 1_000
# a query may miss its event, as in the original: others leave the list of observers while it is gone
# through
PATIENCE = 2


class Event:
    def __init__(self, device, attribute, value):
        self.device_name = device
        self.attribute_name = attribute
        self.attribute_value = value
        self.reception_time = datetime.now()

    def __str__(self):
        return (
            f"ReceivedEvent(device_name='{self.device_name}', "
            f"attribute_name='{self.attribute_name}', "
            f"attribute_value={self.attribute_value}, "
            f"reception_time={self.reception_time})"
        )


class Storage:
    def __init__(self):
        self.lock = threading.Lock()
        self.events = []
        self.observers = []

    def store(self, event):
        with self.lock:
            self.events.append(event)
            copy = list(self.events)
        for observer in self.observers:
            observer.on_events_change(copy)

    def subscribe(self, observer):
        with self.lock:
            self.observers.append(observer)
            copy = list(self.events)
        observer.on_events_change(copy)

    def unsubscribe(self, observer):
        with self.lock:
            self.observers.remove(observer)


class Query:
    """Waits for one change of an attribute of a device to a value."""

    def __init__(self, device, attribute, value):
        self.wanted = (device, attribute, value)
        self.matching = []
        self.lock = threading.Lock()
        self.done = threading.Event()

    def on_events_change(self, events):
        with self.lock:
            for event in events:
                if self.matches(event) and not any(event is known for known in self.matching):
                    self.matching.append(event)
            if self.matching:
                self.done.set()

    def matches(self, event):
        device, attribute, value = self.wanted
        return (
            event.device_name == device
            and event.attribute_name.lower() == attribute.lower()
            and event.attribute_value == value
        )

    def evaluate(self, storage, timeout):
        storage.subscribe(self)
        found = self.done.wait(timeout)
        storage.unsubscribe(self)
        return found


DEVICE, ATTRIBUTE = "test/counter/1", "count"


def appended(pending):
    """Events stored a second with so many queries pending, none of which is met before the last."""
    storage = Storage()
    waits = []
    for _ in range(pending):
        query = Query(DEVICE, ATTRIBUTE, EVENTS - 1)
        wait = threading.Thread(target=query.evaluate, args=(storage, PATIENCE))
        wait.start()
        waits.append(wait)
    while len(storage.observers) < pending:
        time.sleep(0.001)
    started = time.perf_counter()
    for value in range(EVENTS):
        storage.store(Event(DEVICE, ATTRIBUTE, value))
    taken = time.perf_counter() - started
    for wait in waits:
        wait.join()
    return EVENTS / taken


def woken(stored, times):
    """Microseconds from a store to its waiter's going on, with so many events stored."""
    storage = Storage()
    storage.events.extend(Event(DEVICE, ATTRIBUTE, -1) for _ in range(stored))
    taken = []
    for value in range(times):
        query = Query(DEVICE, ATTRIBUTE, value)
        at = []

        def wait(query=query, at=at):
            query.evaluate(storage, PATIENCE)
            at.append(time.perf_counter())

        waiter = threading.Thread(target=wait)
        waiter.start()
        while not storage.observers:
            time.sleep(0.001)
        # until it waits
        time.sleep(0.005)
        started = time.perf_counter()
        storage.store(Event(DEVICE, ATTRIBUTE, value))
        waiter.join()
        taken.append(1e6 * (at[0] - started))
    return statistics.median(taken)


def failure(stored):
    """Milliseconds to make the message of a failure, and its lines, with so many events stored."""
    events = [Event(DEVICE, ATTRIBUTE, value) for value in range(stored)]
    started = time.perf_counter()
    message = "Expected to find 1 event(s) matching the predicate within 30 seconds, but 0 found.\n"
    message += "Events captured by TANGO_TRACER:\n" + "\n".join(str(event) for event in events)
    return 1e3 * (time.perf_counter() - started), message.count("\n") + 1


def main():
    figures = {f"append {pending}": appended(pending) for pending in (0, 1, 10)}
    for stored, times in ((0, 50), (10_000, 50), (100_000, 20)):
        figures[f"wake {stored}"] = woken(stored, times)
    for stored in (10_000, 100_000):
        figures[f"failure {stored}"], figures[f"lines {stored}"] = failure(stored)
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
