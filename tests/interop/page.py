"""Tries the status page of `harness sim` in headless Chromium, by WebDriver.

    page.py HARNESS SCREENSHOTS

It lists the devices, follows commands and settings without being loaded again, shows
what it is told as text only, can be used from the keyboard, says when the connection is
lost, finds it again, and asks for a token where one is needed. Screenshots,
light and dark, go to the folder SCREENSHOTS.
"""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE = 30
HOSTILE = "<img src=x onerror=\"document.body.id='hurt'\"><b>no beam</b> &amp;"


def ask(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        text = answer.read()
        return json.loads(text) if text else None


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


class Simulator:
    def __init__(self, harness, port=0, token=None):
        # in a file: a pipe that nobody reads fills up
        self.log = tempfile.TemporaryFile("w+")
        command = [harness, "sim", "--preset", "low", "--dwell", "1.5", "--http", str(port)]
        if token:
            command += ["--http-token", token]
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        self.url = self.said("HTTP=")
        self.tango_host = self.said("TANGO_HOST=")

    def said(self, key):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            self.log.seek(0)
            found = re.search(f"^{key}(.*)\n", self.log.read(), re.MULTILINE)
            if found:
                return found[1]
            time.sleep(0.05)
        self.log.seek(0)
        sys.exit(f"harness sim did not say {key}: {self.log.read()}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


class Browser:
    def __init__(self):
        port = free_port()
        self.process = subprocess.Popen(
            ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}"
        wait(lambda: self.is_ready(), "chromedriver is ready")
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--window-size=1440,900", "--hide-scrollbars"]
        options = {"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}}
        session = ask("POST", f"{self.url}/session", {"capabilities": {"alwaysMatch": options}})
        self.url += f"/session/{session['value']['sessionId']}"

    def is_ready(self):
        try:
            return ask("GET", f"{self.url}/status")["value"]["ready"]
        except OSError:
            return False

    def call(self, path, **body):
        return ask("POST", f"{self.url}/{path}", body)["value"]

    def run(self, script, *arguments):
        return self.call("execute/sync", script=script, args=list(arguments))

    def type(self, text):
        keys = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("actions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])

    def screenshot(self, path):
        image = ask("GET", f"{self.url}/screenshot")["value"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(image))

    def scheme(self, scheme):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params={"features": features})

    def complaints(self):
        """What the page has done wrong; neither a connection that was lost nor a token
        that is asked for is any of it."""
        entries = self.call("se/log", type="browser")
        return [entry["message"] for entry in entries
                if entry["level"] == "SEVERE" and "net::ERR" not in entry["message"]
                and "401" not in entry["message"]]

    def end(self):
        try:
            ask("DELETE", self.url)
        finally:
            self.process.terminate()
            self.process.wait(PATIENCE)


def wait(condition, words):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"not within {PATIENCE} s: {words}")
        time.sleep(0.05)
    print("ok:", words, flush=True)


def row(browser, device):
    """The texts of the cells of a device."""
    script = """
        const line = document.querySelector(`[data-device="${arguments[0]}"]`);
        return line && [...line.cells].map(cell => cell.textContent);"""
    return browser.run(script, device) or []


def main(harness, screenshots):
    os.makedirs(screenshots, exist_ok=True)
    picture = lambda name: os.path.join(screenshots, f"page-{name}.png")
    simulator, browser = Simulator(harness), Browser()
    try:
        try_page(harness, simulator, browser, picture)
        simulator = lost_and_found(harness, simulator, browser, picture)
        try_token(harness, browser)
        complaints = browser.complaints()
        if complaints:
            sys.exit(f"the console of the browser says: {complaints}")
    finally:
        browser.end()
        simulator.stop()


def try_page(harness, simulator, browser, picture):
    url = simulator.url
    devices = {device["name"] for device in ask("GET", f"{url}devices")["devices"]}
    browser.call("url", url=url)
    listed = "return [...document.querySelectorAll('[data-device]')].map(row => row.dataset.device)"
    wait(lambda: set(browser.run(listed)) == devices, f"the page lists all {len(devices)} devices")
    browser.run("window.loadedOnce = true")

    # by Tango: the page shows each transient state, and how far the command is
    subarray = "low-tmc/subarray/01"
    full = f"tango://{simulator.tango_host}/{subarray}"
    reach = subprocess.Popen([harness, "reach", "READY", "--device", full],
                             stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    wait(lambda: "RESOURCING" in row(browser, subarray), "a command over Tango shows at once")
    bar = "return !!document.querySelector('progress')"
    wait(lambda: browser.run(bar), "the progress of a command shows")
    wait(lambda: "CONFIGURING" in row(browser, subarray), "the next one, too")
    browser.screenshot(picture("busy"))

    models = f"{url}state-manager/transitions/"
    ask("PUT", f"{models}csp::subarray?command=Scan",
        {"progression": "time", "seconds": {"uniform": [2, 5]}})
    ask("PUT", f"{models}sdp::subarray/low-sdp/subarray/02?command=AssignResources",
        {"outcome": {"fail": HOSTILE}, "next": 1})
    ask("PUT", f"{models}mccs::subarray", {"progression": "held", "gate": "beam"})
    settings = "return document.getElementById('settings').textContent"
    wait(lambda: HOSTILE in browser.run(settings), "what is set shows, as text")
    harmless = "return !document.querySelector('img') && document.body.id !== 'hurt'"
    if not browser.run(harmless):
        sys.exit("a message from outside became a part of the page")
    ask("DELETE", f"{models}mccs::subarray")
    if reach.wait(PATIENCE) != 0:
        sys.exit("harness reach READY failed")
    wait(lambda: "READY" in row(browser, subarray), "the subarray is READY")
    wait(lambda: "COMPLETED" in row(browser, subarray)[6], "the result of its command shows")

    ask("POST", f"{url}devices/low-csp/subarray/02/obs-state", {"value": "FAULT"})
    ask("POST", f"{url}devices/low-csp/control/0/health-state", {"value": "DEGRADED"})
    wait(lambda: "FAULT" in row(browser, "low-csp/subarray/02"), "a state that was set shows")
    wait(lambda: "DEGRADED" in row(browser, "low-csp/control/0"), "a health state, too")
    if not browser.run("return window.loadedOnce === true"):
        sys.exit("the page was loaded again")

    browser.scheme("light")
    browser.screenshot(picture("light"))
    browser.scheme("dark")
    browser.screenshot(picture("dark"))
    browser.run("window.scrollTo(0, document.body.scrollHeight)")
    browser.screenshot(picture("dark-end"))
    browser.run("window.scrollTo(0, 0)")

    # from the keyboard alone
    browser.type("\ue004")
    browser.type("low-csp/subarray/02")
    shown = "return [...document.querySelectorAll('[data-device]')].filter(row => row.offsetParent)" \
            ".map(row => row.dataset.device)"
    wait(lambda: browser.run(shown) == ["low-csp/subarray/02"], "the keyboard reaches the filter")
    browser.type("\ue003" * 19)
    wait(lambda: len(browser.run(shown)) == len(devices), "and leaves it")


def lost_and_found(harness, simulator, browser, picture):
    port = int(simulator.url.rstrip("/").rsplit(":", 1)[1])
    if simulator.stop() != 130:
        sys.exit("harness sim did not end by Ctrl-C with the code 130")
    lost = "return document.getElementById('lost').checkVisibility()"
    wait(lambda: browser.run(lost), "the page says that the connection is lost")
    browser.screenshot(picture("lost"))
    again = Simulator(harness, port)
    wait(lambda: not browser.run(lost), "the page finds the simulator again")
    wait(lambda: "EMPTY" in row(browser, "low-tmc/subarray/01"), "and shows how it is now")
    return again


def try_token(harness, browser):
    guarded = Simulator(harness, token="beam-42")
    try:
        browser.call("url", url=guarded.url)
        asked = "return document.activeElement === document.getElementById('token')"
        wait(lambda: browser.run(asked), "the page asks for the token")
        browser.type("beam-42\ue007")
        live = "return document.getElementById('link').textContent === 'live'"
        wait(lambda: browser.run(live), "and is live when it has it")
    finally:
        guarded.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
