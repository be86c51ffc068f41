"""Tries the page of a load in headless Chromium, by WebDriver, from a file and without network.

    load_page.py TRIAL SCREENSHOTS FOLDER

TRIAL is the example `load_page`, which makes the pages in FOLDER: of a made-up load, a
real one, a large one, and one in which nothing was measured. Plots must have content and
follow what is chosen, tables must hold what the report does and be sorted, everything
must be there for the keyboard, for narrow windows and on paper. Nothing may be asked of a
network, nothing said in the console, and no text of a load may become a part of the page.
"""

import base64
import os
import re
import sys

from page import Browser, wait
from report_page import is_quiet, make, must, opened, window

PATHS = """
    return Object.fromEntries([...document.querySelectorAll('.plot')].map(plot => [plot.id,
        [...plot.querySelectorAll('path.line, path.area')].map(path => {
            const box = path.getBBox();
            return {d: path.getAttribute('d'), width: box.width, height: box.height};
        })]));"""
HARMLESS = "return !document.querySelector('img, main b b, main i b, h1 b, .facts img') && document.body.id !== 'hurt'"


def cells(browser, card):
    return browser.run("return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)].map(row => [...row.cells].map(cell => cell.textContent))", card)


def drawn(browser, words):
    """Every plot has content: paths with numbers only, which span it."""
    plots = browser.run(PATHS)
    bad = [plot for plot, paths in plots.items() if any(re.search("NaN|Infinity|undefined", path["d"]) for path in paths)]
    must(not bad, f"{words}: no plot has a place that is no number: {bad}")
    empty = [plot for plot, paths in plots.items() if not any(path["width"] > 200 for path in paths)]
    must(not empty, f"{words}: all {len(plots)} plots have content: {empty}")
    return plots


def try_made(browser, path, picture):
    opened(browser, path)
    browser.scheme("light")
    plots = drawn(browser, "a made-up load")
    must({"plot-latency", "plot-rate", "plot-users", "plot-states", "plot-processor", "plot-memory"} <= set(plots), "all kinds of plots are there")
    must(len(plots["plot-states"]) == 6 and len(plots["plot-rate"]) == 4, "each state and each result has its area")
    must(browser.run(HARMLESS), "no text became a part of the page")
    text = browser.run("return document.body.innerText")
    must("NaN" not in text and "undefined" not in text and "Infinity" not in text, "nothing is NaN")
    must("onerror=" in " ".join(sum(cells(browser, "errors"), [])), "words of devices are there as text")
    must(browser.run("return document.querySelectorAll('.fault-name').length") == 4, "faults have their names")
    must(browser.run("return [...document.querySelectorAll('#plots svg')].every(svg => svg.querySelectorAll('.fault').length === 4)"), "and shade every plot")
    must(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"), "it is as wide as the window")
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        for place, selector in (("top", "body"), ("plots", "#plot-rate"), ("percentiles", "#percentiles"), ("tables", "#tables"), ("errors", "#cycles")):
            browser.run("document.querySelector(arguments[0]).scrollIntoView(); scrollBy(0, -60)", selector)
            browser.screenshot(picture(f"{place}-{scheme}"))
    try_tables(browser)
    try_choices(browser, plots)
    try_keys(browser, picture)
    window(browser, 480, 900)
    wait(lambda: browser.run("return document.documentElement.scrollWidth <= window.innerWidth"), "a narrow window needs no scrolling sideways")
    browser.run("scrollTo(0, 0)")
    browser.screenshot(picture("narrow"))
    window(browser, 1440, 900)
    pdf = base64.b64decode(browser.call("print", background=True))
    must(len(pdf) > 20_000, "it can be printed")
    with open(picture("paper").replace(".png", ".pdf"), "wb") as file:
        file.write(pdf)


def try_tables(browser):
    rows = cells(browser, "actions")
    must(len(rows) == 4 and rows[-1][0] == "all", "each action has a row, and all together")
    must(all(cell not in ("", "–") for row in rows for cell in row), "with a value in each column")
    browser.run("[...document.querySelectorAll('#actions thead button')].find(button => button.textContent === 'p99').click()")
    must(browser.run("return document.querySelector('#actions th[aria-sort]').textContent") == "p99", "a click on a head sorts")
    sorted_rows = cells(browser, "actions")
    must(sorted_rows[-1][0] == "all" and sorted(map(str, rows)) == sorted(map(str, sorted_rows)), "and loses nothing")
    must(cells(browser, "thresholds")[0][:3] == ["error-rate < 1%", "✖ broken", "4.1 %"], "a broken threshold comes first, with what was measured")
    baseline = cells(browser, "baseline")
    must([row[0] for row in baseline] == ["Configure until READY p95", "Scan p50"] and baseline[0][1:3] == ["31 ms", "48 ms"], "the baseline tells what has changed")
    must("2.34 s" in str(cells(browser, "faults")), "the time to recover is told")


def try_choices(browser, before):
    choose = "const select = document.getElementById(arguments[0]); select.value = arguments[1]; select.dispatchEvent(new Event('change'))"
    axis = "return [...document.querySelectorAll('#plot-users .side')].map(text => text.textContent)"
    must("100" in browser.run(axis), "all parts are shown together")
    browser.run(choose, "action", "2")
    after = browser.run(PATHS)
    must(after["plot-latency"] != before["plot-latency"] and after["plot-users"] == before["plot-users"], "an action can be chosen")
    must(browser.run("const select = document.getElementById('curve-of'); return select.selectedOptions[0].textContent === document.getElementById('action').selectedOptions[0].textContent"), "for percentiles, too")
    browser.run(choose, "action", "0")
    browser.run(choose, "part", "1")
    must("100" not in browser.run(axis), "so can a part")
    browser.run(choose, "part", "0")
    browser.run("document.getElementById('log').click()")
    must(browser.run(PATHS)["plot-latency"] != before["plot-latency"], "the axis of latencies can be changed")
    browser.run("document.getElementById('log').click()")
    must(browser.run(PATHS) == before, "and back")


def try_keys(browser, picture):
    said = "return document.querySelector('#overtime .unseen').textContent"
    ticks = "return [...document.querySelectorAll('#plot-latency .grid .time')].length && document.querySelector('#overtime .title span').textContent"
    browser.run("document.getElementById('plots').focus(); document.getElementById('plots').scrollIntoView()")
    browser.type("\ue014\ue014")
    must(re.search(r"at \d+\.\d s.*Latency: max .* ms.*Users: there", browser.run(said)), "arrows tell the values of a moment")
    browser.type("+")
    wait(lambda: re.fullmatch(r"[\d.]+ s to [\d.]+ s", browser.run(ticks)), "the key + zooms")
    browser.type("0")
    wait(lambda: browser.run(ticks) == "", "0 shows all")
    box = browser.run("const box = document.querySelector('#plot-latency svg').getBoundingClientRect(); return [box.left, box.top, box.width].map(Math.round)")
    moves = [{"type": "pointerMove", "x": box[0] + box[2] // 3, "y": box[1] + 50}]
    browser.call("actions", actions=[{"type": "pointer", "id": "mouse", "actions": moves}])
    values = browser.run("return [...document.querySelectorAll('#plot-latency .value')].map(value => value.textContent)")
    must(len(values) == 4 and all(re.fullmatch(r"[\d.]+ (µs|ms|s)", value) for value in values), f"pointing tells values: {values}")
    browser.screenshot(picture("pointed"))
    moves += [{"type": "pointerDown", "button": 0}, {"type": "pointerMove", "x": box[0] + box[2] // 2, "y": box[1] + 50, "duration": 60}, {"type": "pointerUp", "button": 0}]
    browser.call("actions", actions=[{"type": "pointer", "id": "mouse", "actions": moves}])
    wait(lambda: browser.run(ticks), "dragging zooms")
    browser.screenshot(picture("zoomed"))
    browser.run("document.querySelector('[aria-label=\"show all\"]').click()")


def try_run(browser, path, picture):
    opened(browser, path)
    browser.scheme("light")
    drawn(browser, "a real load")
    rows = {row[0]: row for row in cells(browser, "actions")}
    must({"Configure", "Scan", "all"} == set(rows) and int(re.sub(r"\D", "", rows["Scan"][1])) > 100, "its actions were counted")
    must("it is dark" in str(cells(browser, "faults")) and "outside all faults" in str(cells(browser, "faults")), "its fault is told, and what was outside it")
    must("no answer in the dark" in str(cells(browser, "errors")), "and its errors")
    browser.screenshot(picture("run"))


def try_large(browser, path, picture):
    opened(browser, path)
    browser.scheme("light")
    size = os.path.getsize(path)
    ready = int(browser.run("return document.documentElement.dataset.ready"))
    print(f"ok: {size / 1e3:.0f} kB for 10 minutes of 20 actions, drawn after {ready} ms", flush=True)
    must(size < 1_000_000, "that is a small page")
    must(ready < 3000, "which can be used within 3 s")
    drawn(browser, "a large load")
    browser.screenshot(picture("large"))


def try_empty(browser, path, picture):
    opened(browser, path)
    text = browser.run("return document.body.innerText")
    must("nothing ran" in text and "nothing was measured" in text and "nothing of this was measured" in text, "a load without anything says so")
    must("NaN" not in text and "undefined" not in text, "in words")
    browser.screenshot(picture("empty"))


def main(trial, screenshots, folder):
    os.makedirs(screenshots, exist_ok=True)
    picture = lambda name: os.path.join(screenshots, f"load-{name}.png")
    tries = {"made": try_made, "run": try_run, "large": try_large, "empty": try_empty}
    browser = Browser()
    try:
        for name, attempt in tries.items():
            path = os.path.join(folder, f"load-{name}.html")
            make(trial, name, path)
            attempt(browser, path, picture)
            is_quiet(browser)
    finally:
        browser.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
