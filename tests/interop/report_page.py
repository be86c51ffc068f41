"""Tries the page of a run in headless Chromium, by WebDriver, from a file and without network.

    report_page.py TRIAL SCREENSHOTS FOLDER

TRIAL is the example `report_page`, which makes the pages in FOLDER. Of a made-up run it
tries that what failed is seen, the filter, tabs, lanes, zoom and links; of a run against
the simulated telescope that the lanes tell what happened; of a large one how soon it can
be used. Nothing may be asked of a network, nothing said in the console, and no text of
a run may become a part of the page.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys

from page import Browser, wait

MADE = "Configure while <b>the beams</b> are &"
TICKS = "return [...document.querySelectorAll('#scenario-2 .axis text')].map(text => text.textContent)"
ITEMS = """
    const lane = document.querySelector(`#scenario-${arguments[0]} .lane[data-device="${arguments[1]}"]`);
    const row = lane && lane.querySelector(`[data-row="${arguments[2]}"]`);
    return row && [...row.querySelectorAll('.item')].map(item => item.dataset.value);"""


def complaints(browser):
    entries = browser.call("se/log", type="browser")
    return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]


def is_quiet(browser):
    asked = browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    must(not asked, f"nothing is asked of a network: {asked}")
    said = complaints(browser)
    must(not said, f"the console says nothing: {json.dumps(said)[:600]}")


def must(condition, words):
    if not condition:
        sys.exit(f"not so: {words}")
    print("ok:", words, flush=True)


def opened(browser, path, anchor=""):
    browser.call("url", url="about:blank")
    browser.call("url", url=pathlib.Path(path).resolve().as_uri() + anchor)
    wait(lambda: browser.run("return document.readyState === 'complete' && !!document.documentElement.dataset.ready"),
         f"{os.path.basename(path)} draws itself")


def make(trial, *arguments):
    subprocess.run([trial, *arguments], check=True, stdin=subprocess.DEVNULL, timeout=120)


def window(browser, width, height):
    browser.call("window/rect", width=width, height=height)


def point(browser, selector, nth, *, at=0.5, then=()):
    """Moves the pointer onto an element; `then` are further actions, such as dragging."""
    script = """
        const box = [...document.querySelectorAll(arguments[0])].at(arguments[1]);
        box.scrollIntoView({block: 'center'});
        const {left, top, width, height} = box.getBoundingClientRect();
        return [Math.round(left + width * arguments[2]), Math.round(top + height / 2)];"""
    x, y = browser.run(script, selector, nth, at)
    moves = [{"type": "pointerMove", "x": x, "y": y}]
    for step in then:
        moves.append({"type": "pointerMove", "x": x + step, "y": y, "duration": 60} if isinstance(step, int) else {"type": step, "button": 0})
    browser.call("actions", actions=[{"type": "pointer", "id": "mouse", "actions": moves}])


def try_made(browser, path, picture):
    opened(browser, path)
    browser.scheme("light")
    shown = "return [...document.querySelectorAll('.scenario')].filter(one => one.offsetParent).map(one => one.id)"
    must(len(browser.run(shown)) == 6, "all scenarios are listed")
    wait(lambda: browser.run(ITEMS, 2, "low-tmc/subarray/01", "obsState"), "what failed is open, with its timeline")
    account = browser.run("return document.querySelector('#scenario-2 .step.failed .account').textContent")
    must("nearest: CONFIGURING, since 9.2 s" in account and "onerror" in account, "the failed step has its account, as text")
    must(browser.run("return !document.querySelector('img') && document.body.id !== 'hurt'"), "no text became a part of the page")
    must(browser.run("return document.querySelector('#scenario-2 .name').textContent").startswith(MADE), "a name is shown as it is")
    lane = browser.run(ITEMS, 2, "low-csp/subarray/01", "obsState")
    must(lane == ["EMPTY", "RESOURCING", "IDLE", "CONFIGURING", "FAULT"], f"a lane shows the states in order: {lane}")
    constant = browser.run("return document.querySelector('#scenario-2 .lane[data-device=\"low-sdp/subarray/01\"]').textContent")
    must("adminMode ONLINE" in constant, "a state that stays as it is is told in words")
    beside = browser.run("""return [...document.querySelectorAll('#scenario-2 .lane')].every(lane => {
        const [names, bars] = ['.names', 'svg'].map(part => lane.querySelector(part).getBoundingClientRect());
        return Math.abs(names.right - bars.left) < 2 && Math.abs(names.top - bars.top) < 2;
    })""")
    must(beside, "names stand beside their bars")
    lanes = browser.run("return [...document.querySelectorAll('#scenario-2 .lane[data-device]')].map(lane => lane.dataset.device)")
    must(lanes == ["low-tmc/subarray/01", "low-csp/subarray/01", "low-sdp/subarray/01"],
         f"those come first that the failure names, and quiet ones are hidden: {lanes}")
    must(browser.run("return !!document.querySelector('#scenario-2 .lost') && !!document.querySelector('#scenario-2 .gap')"),
         "losses and gaps are hatched")
    browser.screenshot(picture("made-light"))
    try_zoom(browser, picture)
    try_filter(browser, shown)
    try_links(browser, path)
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        browser.run("document.querySelector('#scenario-2 .timeline').scrollIntoView({block: 'center'})")
        browser.screenshot(picture(f"made-timeline-{scheme}"))
    window(browser, 480, 900)
    browser.run("document.querySelector('#scenario-2').scrollIntoView()")
    browser.screenshot(picture("made-narrow"))
    browser.run("document.querySelector('#scenario-2 .timeline').scrollIntoView()")
    browser.screenshot(picture("made-narrow-timeline"))
    must(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"), "a narrow window needs no scrolling sideways")
    window(browser, 1440, 900)
    try_paper(browser)


def try_paper(browser):
    pdf = browser.call("print", background=True)
    must(len(base64.b64decode(pdf)) > 20_000, "it can be printed")


def ticks(browser, condition, words):
    """Waits until the axis is as it should be, and gives its texts."""
    wait(lambda: condition(browser.run(TICKS)), words)
    return browser.run(TICKS)


def seconds(tick):
    return float(tick.split()[0])


def try_zoom(browser, picture):
    before = ticks(browser, lambda now: now[0] == "0 s" and now[-1] == "16 s", "the axis is as long as the scenario")
    browser.run("document.querySelector('#scenario-2 [aria-label=\"zoom in\"]').click()")
    zoomed = ticks(browser, lambda now: now != before, "a button zooms")
    browser.run("document.querySelector('#scenario-2 .plot').focus()")
    browser.type("0")
    ticks(browser, lambda now: now == before, "the key 0 shows all again")
    browser.type("+")
    ticks(browser, lambda now: now == zoomed, "the key + zooms, too")
    browser.type("\ue014")
    ticks(browser, lambda now: seconds(now[0]) > seconds(zoomed[0]), "the arrows move")
    browser.type("0")
    wheel = """
        const plot = document.querySelector('#scenario-2 .plot');
        const box = plot.getBoundingClientRect();
        plot.dispatchEvent(new WheelEvent('wheel', {deltaY: -300, clientX: box.right - 50, clientY: box.top + 50, bubbles: true, cancelable: true}));"""
    ticks(browser, lambda now: now == before, "0 again")
    browser.run(wheel)
    ticks(browser, lambda now: seconds(now[0]) >= 7, "the wheel zooms to where it points")
    browser.type("0")
    ticks(browser, lambda now: now == before, "0 again")
    point(browser, "#scenario-2 .lane[data-device] svg", 0, at=0.25, then=("pointerDown", 100, 200, "pointerUp"))
    ticks(browser, lambda now: 4 <= seconds(now[0]) and seconds(now[-1]) < 8, "dragging zooms to what was chosen")
    browser.run("document.querySelectorAll('#scenario-2 .step button')[1].click()")
    ticks(browser, lambda now: 3.9 < seconds(now[0]) < seconds(now[-1]) < 4.2, "a step zooms to its period")
    browser.screenshot(picture("made-step"))
    browser.run("document.querySelector('#scenario-2 [aria-label=\"show all\"]').click()")
    point(browser, "#scenario-2 .lane[data-device='low-csp/subarray/01'] [data-row=obsState] .item", -1)
    tip = browser.run("const tip = document.getElementById('tip'); return tip.checkVisibility() && tip.textContent")
    must("obsState FAULT" in tip and "5.300 s" in tip and "UTC" in tip, f"pointing tells exact values: {tip!r}")
    browser.screenshot(picture("made-tip"))
    browser.run("document.querySelector('#scenario-2 .choose input:not(:checked)').click()")
    must(browser.run(ITEMS, 2, "low-mccs/subarray/01", "obsState") == ["EMPTY"], "a quiet device can be shown")
    browser.run("document.querySelector('#scenario-2 .list-of-events').open = true")
    wait(lambda: "no beams left" in browser.run("return document.querySelector('#scenario-2 .list-of-events').textContent"),
         "all of it is in a list, too")
    browser.run("document.querySelector('#scenario-2 .list-of-events').open = false")


def try_filter(browser, shown):
    browser.run("document.getElementById('filter').focus()")
    browser.type("comes and goes")
    wait(lambda: browser.run(shown) == ["scenario-3"], "the filter finds a text")
    browser.type("\ue003" * 14)
    wait(lambda: len(browser.run(shown)) == 6, "and shows all again")
    browser.run("document.querySelector('[data-verdict=undefined]').click()")
    must(browser.run(shown) == ["scenario-5"], "the filter finds a verdict")
    browser.run("document.querySelector('[data-verdict=undefined]').click()")
    browser.run("const tag = document.getElementById('tag'); tag.value = '@beams'; tag.dispatchEvent(new Event('change'))")
    must(browser.run(shown) == ["scenario-2"], "the filter finds a tag")
    browser.run("const tag = document.getElementById('tag'); tag.value = ''; tag.dispatchEvent(new Event('change'))")


def try_links(browser, path):
    opened(browser, path, "#scenario-3-1")
    chosen = "return document.querySelector('#scenario-3 [aria-selected=true]')?.textContent"
    wait(lambda: "attempt 1: failed" in (browser.run(chosen) or ""), "a link opens a scenario and an attempt")
    must(browser.run("return Math.abs(document.getElementById('scenario-3').getBoundingClientRect().top) < 300"), "and goes there")
    cut = browser.run("return document.querySelector('#scenario-3 .timeline .banner')?.textContent") or ""
    must("1234" in cut and "complete from 1.500 s" in cut, "a timeline that is cut says so")
    browser.run("document.querySelectorAll('#scenario-3 [role=tab]')[1].click()")
    must("attempt 2: passed" in browser.run(chosen), "a tab shows the other attempt")
    opened(browser, path)


def try_run(browser, path, picture):
    opened(browser, path)
    browser.scheme("light")
    wait(lambda: browser.run(ITEMS, 2, "low-tmc/subarray/01", "obsState"), "a real run has a timeline")
    states = browser.run(ITEMS, 2, "low-tmc/subarray/01", "obsState")
    must(states[0] == "EMPTY" or states[0] == "SCANNING" or "IDLE" in states, f"its states are there: {states}")
    must("CONFIGURING" in states, "the one in which it got stuck, too")
    commands = browser.run(ITEMS, 2, "low-tmc/subarray/01", "commands")
    must("Configure" in commands, f"so are its commands: {commands}")
    ended = browser.run(ITEMS, 2, "low-tmc/subarray/01", "long running")
    must(any(text.startswith("Configure: FAILED") for text in ended), f"and how they ended: {ended}")
    browser.run("document.querySelector('#scenario-2').scrollIntoView()")
    browser.screenshot(picture("run"))
    browser.run("document.querySelector('#scenario-2 .timeline').scrollIntoView()")
    browser.screenshot(picture("run-timeline"))


def try_large(browser, path, picture):
    opened(browser, path)
    ready = int(browser.run("return document.documentElement.dataset.ready"))
    print(f"ok: {os.path.getsize(path) / 1e6:.1f} MB for 1000 scenarios of 5 devices with 50 events each, usable after {ready} ms", flush=True)
    must(ready < 5000, "a large page can be used within 5 s")
    must(browser.run("return document.querySelectorAll('.scenario').length") == 1000, "all scenarios are there")
    browser.run("location.hash = '#scenario-8'")
    wait(lambda: browser.run(ITEMS, 8, "low-csp/subarray/00", "obsState"), "what failed has its timeline")
    filtered = """
        const begin = performance.now(), filter = document.getElementById('filter');
        filter.value = 'scenario 99'; filter.dispatchEvent(new Event('input'));
        document.body.getBoundingClientRect();
        return performance.now() - begin;"""
    print(f"ok: filtered in {browser.run(filtered):.0f} ms", flush=True)
    browser.run("scrollTo(0, 0)")
    browser.screenshot(picture("large"))


def try_dense(browser, path):
    opened(browser, path)
    wait(lambda: browser.run("return !!document.querySelector('.timeline .item') || (document.querySelector('.scenario').open = true, false)"),
         "20,000 events of one scenario are drawn")
    zoomed = """
        const begin = performance.now();
        document.querySelector('.timeline [aria-label="zoom in"]').click();
        const done = arguments[0];
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begin)));"""
    took = browser.call("execute/async", script=zoomed, args=[])
    print(f"ok: zoomed in {took:.0f} ms", flush=True)
    must(took < 2000, "zooming among 20,000 events takes less than 2 s")


def main(trial, screenshots, folder):
    os.makedirs(screenshots, exist_ok=True)
    picture = lambda name: os.path.join(screenshots, f"report-{name}.png")
    path = lambda name: os.path.join(folder, f"{name}.html")
    feature = os.path.join(os.path.dirname(os.path.abspath(__file__)), "report_page", "trial.feature")
    make(trial, "made", path("made"))
    make(trial, "run", feature, path("run"))
    make(trial, "large", "1000", "5", "50", path("large"))
    make(trial, "large", "1", "20", "1000", path("dense"))
    browser = Browser()
    try:
        try_made(browser, path("made"), picture)
        try_run(browser, path("run"), picture)
        try_large(browser, path("large"), picture)
        try_dense(browser, path("dense"))
        is_quiet(browser)
    finally:
        browser.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
