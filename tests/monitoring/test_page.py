"""docs/guides/monitoring.md: its links lead somewhere, its words are real."""

import re

import pytest

import daemons
import program

PAGE = program.TOP / "docs/guides/monitoring.md"


@pytest.fixture(name="page")
def _page():
    return PAGE.read_text(encoding="utf-8")


def test_it_names_every_file(page):
    linked = {
        (PAGE.parent / path).resolve()
        for path in re.findall(r"\]\(([^)#]+)\)", page)
    }
    assert all(path.exists() for path in linked), linked
    left_out = {"linkprobe.rules.yml", "linkprobe-verdicts.rules.yml"}
    left_out |= {"linkprobe.test.yml"}  # named in commands
    for path in daemons.FILES.glob("*/*"):
        if path.name in left_out:
            assert path.name in page, path.name
        else:
            assert path.resolve() in linked, path.name


def test_its_options_are_real(page, linkprobe):
    known = {
        command: linkprobe(command, "--help", "all").out
        for command in ("check", "serve")
    }
    text = page.replace("\\\n", " ")
    used = re.findall(r"linkprobe (check|serve)\b([^\n`|]*)", text)
    assert len(used) >= 6
    for command, words in used:
        for option in re.findall(r" (--[a-z.-]+)", words):
            assert option in known[command], (command, option)


def test_it_names_every_alert(page):
    rules = daemons.load("prometheus/linkprobe.rules.yml")
    for group in rules["groups"]:
        for rule in group["rules"]:
            assert rule.get("alert", "") in page, rule["alert"]


def test_its_labels_are_those_of_the_plugin(page):
    from test_nagios import LABELS

    words = page.replace("\n", " ")
    assert "`" + " ".join(LABELS[:-1]) + "`" in words
    assert f"`{LABELS[-1]}`" in words


def test_the_textfile_is_whole_or_not_there(page, shell, redis, tmp_path):
    """The lines for the textfile collector, run as they are printed."""
    block = re.search(
        r"from a timer\.\n\n((?: {4}.*\n)+)", page
    )[1].replace("/var/lib/node_exporter", str(tmp_path))
    cache = redis()
    script = re.sub(r"^ {4}", "", block, flags=re.M)
    script = script.replace("--targets targets.yml", cache.target)
    run = shell(script)
    assert run.returncode == 0, run.stderr
    made = tmp_path / "linkprobe.prom"
    assert "probe_success" in made.read_text()
    found = daemons.promtool("check", "metrics", input=made.read_text())
    assert found.returncode == 0, found.stdout + found.stderr
