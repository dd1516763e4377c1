#!/usr/bin/python3
"""The page of `bench --html` in headless Chromium.

    check_page.py BENCH_PAGES

BENCH_PAGES writes the pages.  Each is opened from a file, with no network at
all where the system lets us take it away: there must be no error, no request,
and every chart must be drawn in the colours of its sides.  With
LINKPROBE_SCREENSHOTS=FOLDER pictures are kept there, to look at.

Exit status: 0 fine, 1 not, 77 no browser, or a build without the page.
"""

import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = """--headless --no-sandbox --disable-gpu --no-first-run
    --disable-background-networking --disable-component-update
    --disable-sync --disable-dev-shm-usage --hide-scrollbars
    --enable-logging=stderr""".split()
DARK = "--blink-settings=preferredColorScheme=0"
SKIPPED = 77
TRIES = 4
CHARTS = ("percentiles", "latency", "throughput")
# page, width, dark: each kind of page, and each width and palette
VIEWS = [("closed", 1280, False), ("pair", 1280, False), ("pair", 400, False),
         ("stall", 1280, True), ("zones", 400, True), ("three", 1280, False),
         ("nothing", 1280, False)]
SIDES = {"closed": 1, "stall": 1, "zones": 1, "pair": 2, "three": 3,
         "nothing": 1}


class Wrong(Exception):
    """A page that is not as it must be."""


def must(truth, text):
    if not truth:
        raise Wrong(text)


def no_network():
    """What to put before a command so that it has no network."""
    for prefix in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        try:
            if subprocess.run(prefix + ["true"], capture_output=True,
                              check=False).returncode == 0:
                return prefix
        except OSError:
            return []
    return []


def browse(browser, page, width, dark, *what):
    """Run the browser once; its stdout and what its console said."""
    # helpers of the browser may outlive it, and write there
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        run = subprocess.run(
            no_network() + [browser, *FLAGS, f"--user-data-dir={profile}",
                            f"--window-size={width},2600",
                            *([DARK] if dark else []),
                            "--virtual-time-budget=5000", *what,
                            page.as_uri()],
            capture_output=True, text=True, timeout=90, check=False)
    # the browser's own pages talk, too
    console = [line for line in run.stderr.splitlines()
               if "CONSOLE" in line and "source: chrome://" not in line]
    return run.stdout, console


# A window has a least width, a frame has none.
FRAME = """<!DOCTYPE html><meta name="color-scheme" content="light dark">
<pre id="probe"></pre><script>
addEventListener("message", event => {{
  document.getElementById("probe").textContent = event.data;
}});
</script><iframe src="{}" width="{}" height="2600" style="border:0"></iframe>
"""


def look(browser, page, width, dark):
    """What probe.js saw of a copy of the page."""
    text = page.read_text(encoding="utf-8")
    probe = (HERE / "probe.js").read_text(encoding="utf-8")
    copy = page.with_suffix(".probed.html")
    copy.write_text(text.replace("<head>", f"<head><script>{probe}</script>",
                                 1), encoding="utf-8")
    frame = page.with_suffix(".frame.html")
    frame.write_text(FRAME.format(copy.name, width), encoding="utf-8")
    # a browser that was slow to start may have had no time for the page
    for _ in range(TRIES):
        dom, console = browse(browser, frame, 1400, dark, "--dump-dom")
        found = re.search(r'<pre id="probe">(.+?)</pre>', dom, re.S)
        if found:
            break
    must(found, "the page did not get to its end: " + " ".join(console))
    must(not console, f"the console says {console}")
    return json.loads(html.unescape(found[1]))


def check_canvases(name, canvases):
    """Each chart has lines of each side; a heat map is painted."""
    charts = {c["id"]: c for c in canvases if c["id"]}
    maps = [c for c in canvases if not c["id"]]
    sides = SIDES[name]
    if name == "nothing":
        must(all(c["hidden"] for c in canvases), "an empty chart is shown")
        return
    must(set(charts) == set(CHARTS), f"charts {set(charts)}")
    for chart in charts.values():
        must(not chart["hidden"], f"{chart['id']} is hidden")
        for side in range(sides):
            must(chart["found"][side] > 100,
                 f"{chart['id']} has no line of side {side}: {chart}")
    must(len(maps) == sides, f"{len(maps)} heat maps")
    for chart in maps:
        must(chart["painted"] > 0.03 * chart["width"] * chart["height"],
             f"a heat map is empty: {chart}")


def check_seen(name, width, dark, seen):
    must(not seen["wrong"], f"{seen['wrong']}")
    must(not seen["requests"], f"it asks for {seen['requests']}")
    must(seen["images"] == 0, "a foreign text became an element")
    must(seen["scripts"] == 4, f"{seen['scripts']} scripts")
    must(seen["width"] == width, f"{seen['width']} pixels wide")
    must(seen["wide"] <= 0, f"{seen['wide']} pixels too wide")
    must(seen["rows"] >= SIDES[name], "an address is missing")
    must(seen["title"].startswith("linkprobe bench "), seen["title"])
    must(seen["notes"] or name == "nothing", "there are no notes")
    bright = int(re.search(r"\d+", seen["paper"])[0]) > 128
    must(bright != dark, f"the paper is {seen['paper']}")
    if name == "zones":
        must("<script>alert(1)</script>\\u{1b}" in seen["heading"],
             f"the name is not told as it is: {seen['heading']}")
    check_canvases(name, seen["canvases"])


def check_source(page):
    """Nothing that a browser would fetch; the licence is there."""
    text = page.read_text(encoding="utf-8")
    fetched = re.findall(r'(?:src|href)="(?!data:)([^"]*)"|@import|'
                         r"url\((?!#)", text.partition("<script")[0])
    must(not fetched, f"it names {fetched}")
    must("Permission is hereby granted" in text, "no licence of the library")
    must("alert(2)>" not in text.replace("alert(2)&gt;", ""),
         "an error's text stands in the page as it came")
    must(not re.search(r"\{\{\w+\}\}", text.partition("<script")[0]),
         "a name of the frame is left")


def check(browser, folder, view):
    name, width, dark = view
    page = folder / f"{name}.html"
    check_source(page)
    check_seen(name, width, dark, look(browser, page, width, dark))
    pictures = os.environ.get("LINKPROBE_SCREENSHOTS")
    if pictures:
        picture = pathlib.Path(pictures).resolve() / (
            f"{name}-{width}{'-dark' if dark else ''}.png")
        browse(browser, page, width, dark, f"--screenshot={picture}")


def main():
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        print("skipped: no Chromium")
        return SKIPPED
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.argv[1], folder], check=False)
        if made.returncode:
            print("skipped" if made.returncode == SKIPPED else "no pages")
            return made.returncode
        for view in VIEWS:
            try:
                check(browser, pathlib.Path(folder), view)
                print("ok", *view)
            except (Wrong, subprocess.TimeoutExpired) as wrong:
                print("not ok", *view, wrong)
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
