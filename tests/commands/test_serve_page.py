"""The status page of `linkprobe serve`, as text and in headless Chromium.

With LINKPROBE_SCREENSHOTS=FOLDER pictures are kept there, to look at.
"""

import html.parser
import json
import os
import pathlib
import re
import subprocess

import pytest

import places
import servers
from exporters import serve, targets_file  # noqa: F401

FLAGS = """--headless --no-sandbox --disable-gpu --no-first-run
    --disable-background-networking --disable-component-update
    --disable-sync --disable-dev-shm-usage --hide-scrollbars
    --enable-logging=stderr""".split()
DARK = "--blink-settings=preferredColorScheme=0"

# What the page says of itself, put into its own title: no script of the page,
# but one that the test puts into a copy of it.
LOOK = """<script>addEventListener("load", () => {
  const all = s => [...document.querySelectorAll(s)];
  document.title = JSON.stringify({
    wide: document.documentElement.scrollWidth - innerWidth,
    paper: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.body).color,
    targets: all("section").map(e => e.className),
    names: all("h2").map(e => e.firstChild.textContent.trim()),
    bars: all("rect.b").map(e => e.getBoundingClientRect().width),
    small: all("p, h2, h3, i, b").filter(e =>
      parseFloat(getComputedStyle(e).fontSize) < 12).length,
    elements: all("img, script:not(:first-of-type), iframe, object").length,
    requests: performance.getEntriesByType("resource").map(e => e.name),
  });
});</script>"""
# A window has a least width, a frame has none.
FRAME = """<!DOCTYPE html><meta name="color-scheme" content="light dark">
<title>-</title><iframe src="{}" width="{}" height="2000" style="border:0"
 onload="setTimeout(() => document.title =
   this.contentDocument.title, 50)"></iframe>"""


class Page(html.parser.HTMLParser):
    """Its elements with their attributes, and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text, self.open = [], "", []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "input"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"{tag} is not open"

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.text += data


def page_of(exporter, path="/", has=""):
    """The page; one that has this text, if need be a moment later."""
    answer = exporter.wait_until(
        lambda: answer_with(exporter, path, has), f"{has} on {path}"
    )
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    return Page(answer.body.decode())


def answer_with(exporter, path, text):
    answer = exporter.get(path)
    words = re.sub(b"<[^>]*>", b"", answer.body).decode()
    return answer if text in words else None


# A busy machine may be slow once, and what is wrong comes first.
AS_IT_SHOULD_BE = "2 critical, 1 OK of 3 targets"
HOSTILE = "<img src=x onerror=alert(1)>\"'&\u202e"


@pytest.fixture
def exporter(serve, redis, tmp_path):
    """A healthy one, a dead one, one without its password, a hostile label."""
    good, locked = redis(), redis(requirepass="secret")
    host = places.address()
    dead = f"{host}:{places.port(host)}"
    path = targets_file(
        tmp_path / "t.json",
        ([good.target], {"team": HOSTILE, "__hidden": "hidden"}),
        ([locked.target], {"zone": "usw2-az1"}),
        ([dead], {"zone": "usw2-az2"}),
    )
    made = serve("--targets", path, "--interval", "1s").ready()
    made.good, made.locked, made.dead = good.target, locked.target, dead
    return made


def test_every_target_is_there_what_is_wrong_first(exporter):
    page = page_of(exporter, has=AS_IT_SHOULD_BE)
    for name in (exporter.good, exporter.locked, exporter.dead):
        assert name in page.text
    assert page.text.index(exporter.dead) < page.text.index(exporter.good)
    assert "TCP_REFUSED" in page.text and "AUTH_REQUIRED" in page.text
    assert "refuses connections" in page.text
    # what mends it
    assert "Try (" in page.text
    # stages, with those that were not reached
    assert len([e for e in page.elements if e[0] == "rect"]) > 20
    assert "not reached" in page.text
    # the last change
    assert re.search(r"like this since 20\d\d-\d\d-\d\dT", page.text)


def test_nothing_is_fetched_from_elsewhere(exporter):
    page = page_of(exporter)
    for tag, attributes in page.elements:
        assert tag not in ("script", "img", "iframe", "object", "embed")
        for name in ("src", "href", "action", "data"):
            value = attributes.get(name, "")
            assert value.startswith(("/", "data:,")) or not value, value
            assert not value.startswith("//")
    body = exporter.get("/").body.decode()
    assert "url(" not in body and "@import" not in body


def test_labels_are_text_and_hidden_ones_are_not_there(exporter):
    page = page_of(exporter)
    assert "team=" + HOSTILE.replace("\u202e", "\ufffd") in page.text
    assert "__hidden" not in page.text


def test_a_search_finds_names_and_labels(exporter):
    page = page_of(exporter, "/?q=USW2-AZ2")
    assert exporter.dead in page.text and exporter.good not in page.text
    page = page_of(exporter, "/?q=%3Cb%3E%22nothing")
    assert "No target is called so" in page.text
    values = [a.get("value") for t, a in page.elements if t == "input"]
    assert values == ['<b>"nothing']


def test_a_large_fleet_comes_in_pages(serve, redis, tmp_path):
    # a verdict that is the same on a busy machine: so is the order
    cache = redis(requirepass="secret")
    path = targets_file(
        tmp_path / "t.json",
        *(([cache.target], {"n": f"{i:03}"}) for i in range(250)),
    )
    exporter = serve("--targets", path, "--interval", "5s").ready()
    seen = set()
    for number in (1, 2, 3):
        text = page_of(exporter, f"/?page={number}").text
        found = set(re.findall(r"n=(\d{3})", text))
        assert not seen & found
        seen |= found
        assert f"page {number} of 3" in text
    assert len(seen) == 250
    for number in ("0", "-1", "x", "4", "99999999999999999999"):
        page_of(exporter, f"/?page={number}")


def test_no_targets_are_no_error(serve):
    assert "No targets" in page_of(serve()).text


def browse(page, width, dark, folder, picture=None):
    """What the page says of itself in a window that is so wide."""
    browser = servers.find("chromium", "chromium-browser", "google-chrome")
    if not browser:
        pytest.skip("chromium is missing")
    copy = folder / "page.html"
    text = page.replace("<head>", "<head>" + LOOK, 1)
    copy.write_text(re.sub(r"<meta http-equiv=refresh[^>]*>", "", text))
    frame = folder / "frame.html"
    frame.write_text(FRAME.format(copy.name, width))
    words = [browser, *FLAGS, f"--user-data-dir={folder}/profile"]
    words += [DARK] if dark else []
    run = subprocess.run(
        words
        + ["--allow-file-access-from-files", "--window-size=1400,2100"]
        + ["--virtual-time-budget=3000", "--dump-dom", frame.as_uri()],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    if picture:
        subprocess.run(
            words
            + [f"--window-size={max(width, 500)},2000"]
            + [f"--screenshot={picture}"]
            + [(frame if width < 500 else copy).as_uri()],
            capture_output=True,
            timeout=90,
            check=False,
        )
    found = re.search(r"<title>(\{.*?\})</title>", run.stdout, re.S)
    assert found, run.stdout[-500:] + run.stderr[-500:]
    return json.loads(html.unescape(found[1]))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 400, 1200])
def test_it_is_read_on_a_phone_and_at_night(exporter, tmp_path, width, dark):
    pictures = os.environ.get("LINKPROBE_SCREENSHOTS")
    name = f"serve-{width}-{'dark' if dark else 'light'}.png"
    page = exporter.wait_until(
        lambda: answer_with(exporter, "/", AS_IT_SHOULD_BE), AS_IT_SHOULD_BE
    ).body.decode()
    seen = browse(
        page,
        width,
        dark,
        tmp_path,
        pathlib.Path(pictures) / name if pictures else None,
    )
    assert seen["wide"] <= 0, f"{seen['wide']} pixels too wide"
    assert seen["targets"] == ["t critical", "t critical", "t ok"]
    assert seen["names"][-1] == exporter.good
    assert len(seen["bars"]) >= 6 and min(seen["bars"]) > 0
    assert seen["small"] == 0, "a text is too small to be read"
    assert seen["elements"] == 0 and seen["requests"] == []

    def bright(color):
        return sum(map(int, re.findall(r"\d+", color)[:3])) > 384

    assert bright(seen["paper"]) != dark
    assert bright(seen["ink"]) == dark
