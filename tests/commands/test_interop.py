"""Logs go both ways between us and the libraries of HdrHistogram.

What they have written lies in tests/bench/interop/logs, so it is read on every
machine; where node or Java is, they write anew, and read what we write:
`linkprobe merge --hlog`.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

import program
from benches import SHORT

INTEROP = program.TOP / "tests" / "bench" / "interop"
LOGS = INTEROP / "logs"
MODULES = program.TOP / "build" / "interop"
JAR = pathlib.Path("/usr/share/java/hdrhistogram.jar")
PERCENTILES = ("p50", "p75", "p90", "p95", "p99", "p99_9", "p99_99", "max")


def answer(words):
    run = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout


def install():
    """The package in build/, once; by a name of our own until it is whole."""
    if (MODULES / "node_modules").is_dir():
        return
    if not shutil.which("npm"):
        pytest.skip("npm is missing, and hdr-histogram-js not installed")
    MODULES.parent.mkdir(exist_ok=True)
    made = MODULES.with_name(f"interop-{os.getpid()}")
    made.mkdir()
    shutil.copy(INTEROP / "package.json", made)
    run = subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund"],
        cwd=made,
        capture_output=True,
        timeout=120,
    )
    try:
        if run.returncode == 0:
            made.rename(MODULES)
    except OSError:
        pass  # another worker was first
    shutil.rmtree(made, ignore_errors=True)
    if not (MODULES / "node_modules").is_dir():
        pytest.skip("npm could not install hdr-histogram-js")


def node(verb, log):
    if not shutil.which("node"):
        pytest.skip("node is missing")
    install()
    script = str(INTEROP / "interop.js")
    modules = str(MODULES / "node_modules")
    return json.loads(answer(["node", script, modules, verb, str(log)]))


def jar():
    if not shutil.which("java"):
        pytest.skip("java is missing")
    if not JAR.exists():
        pytest.skip("libhdrhistogram-java is missing")
    return str(JAR)


def java(verb, log):
    classes = jar()
    modules = answer(["java", "--list-modules"])
    if "jdk.compiler" not in modules:
        pytest.skip("java has no compiler here: only its processor is run")
    source = str(INTEROP / "Interop.java")
    return json.loads(answer(["java", "-cp", classes, source, verb, str(log)]))


def assert_same(run, theirs):
    """What merge says of each series, and what a library says."""
    ours = {s["tag"] or "": s for s in run.object["series"]}
    assert set(ours) == set(theirs)
    for tag, figures in theirs.items():
        latency = ours[tag]["latency_us"]
        assert latency["count"] == figures["count"]
        found = [round(latency[p] * 1000) for p in PERCENTILES]
        assert found == figures["percentiles"][1:], tag
        assert round(latency["min"] * 1000) == figures["min"]
        for name in ("mean", "stddev"):
            assert abs(latency[name] * 1000 - figures[name]) < 1, (tag, name)


@pytest.fixture
def merge(linkprobe):
    def run(*words):
        made = linkprobe("merge", "--format", "json", *words)
        assert made.status == 0 and made.err == "", str(made)
        return made

    return run


WRITERS = {"hdr-histogram-js": node, "hdrhistogram-java": java}


@pytest.mark.parametrize("name", WRITERS)
def test_a_log_of_a_library_is_read(merge, name):
    run = merge(LOGS / f"{name}.hlog")
    theirs = json.loads((LOGS / f"{name}.json").read_text())
    assert theirs[""]["count"] > 10000 and theirs["send"]["count"] > 1 << 32
    assert_same(run, theirs)


@pytest.mark.parametrize("name", WRITERS)
def test_what_a_library_writes_is_read(merge, tmp_path, name):
    log = tmp_path / "a.hlog"
    theirs = WRITERS[name]("write", log)
    assert_same(merge(log), theirs)


@pytest.mark.parametrize("name", WRITERS)
def test_what_we_write_is_read_by_a_library(merge, tmp_path, name):
    log = tmp_path / "a.hlog"
    run = merge(*LOGS.glob("*.hlog"), "--hlog", log)
    assert sum(s["latency_us"]["count"] for s in run.object["series"]) > 1 << 40
    assert_same(run, WRITERS[name]("read", log))
    assert_same(merge(log), WRITERS[name]("read", log))


@pytest.mark.parametrize("name", WRITERS)
def test_the_log_of_a_run_is_read_by_a_library(
    merge, linkprobe, redis, tmp_path, name
):
    log = tmp_path / "a.hlog"
    run = linkprobe("bench", *SHORT, "-d", "1s", "--hlog", log, redis().target)
    assert run.status in (0, 1), str(run)
    assert_same(merge(log), WRITERS[name]("read", log))


def test_the_percentile_file_is_that_of_the_processor(merge, tmp_path):
    classes, log, ours = jar(), tmp_path / "a.hlog", tmp_path / "a.hgrm"
    merge(*LOGS.glob("*.hlog"), "--hlog", log, "--hgrm", ours)
    answer(
        [
            *("java", "-cp", classes, "org.HdrHistogram.HistogramLogProcessor"),
            *("-i", str(log), "-o", str(tmp_path / "theirs")),
        ]
    )
    theirs = (tmp_path / "theirs.hgrm").read_text().splitlines()
    # it begins with what part of the log was asked for
    theirs = [line for line in theirs if not line.startswith("#[Overall")]
    theirs = [line for line in theirs if not line.startswith("#[StartTime")]
    assert len(theirs) > 40
    assert ours.read_text().splitlines() == theirs
