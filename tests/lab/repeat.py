"""The table again and again, on a machine that has other work to do.

With LINKPROBE_LAB_REPEAT=N each row is checked N times while a busy loop runs
on each processor; with LINKPROBE_LAB_LOAD=0 without them.  What was said in
place of what a row foretells is told at the end, one line each.
"""

import collections
import ctypes
import os
import signal
import subprocess
import sys

import pytest

ROUNDS = int(os.environ.get("LINKPROBE_LAB_REPEAT") or 0)
LOAD = os.environ.get("LINKPROBE_LAB_LOAD") != "0"

_PR_SET_PDEATHSIG = 1
_BUSY = "while True: pass"

_burners = []
_checks = 0
_wrong = collections.Counter()
_broken = collections.Counter()


def _is_worker():
    return "PYTEST_XDIST_WORKER" in os.environ


def _dies_with_us():
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def pytest_configure():
    if not ROUNDS or not LOAD or _is_worker():
        return
    for _ in os.sched_getaffinity(0):
        _burners.append(
            subprocess.Popen(
                [sys.executable, "-c", _BUSY], preexec_fn=_dies_with_us
            )
        )


def pytest_unconfigure():
    while _burners:
        burner = _burners.pop()
        burner.kill()
        burner.wait()


def pytest_generate_tests(metafunc):
    if ROUNDS and "verdicts" in metafunc.fixturenames:
        metafunc.parametrize("verdicts", range(ROUNDS), indirect=True)


def _round(item):
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("verdicts") if callspec else None


def pytest_collection_modifyitems(items):
    """A round after the other, and nothing that has none."""
    if ROUNDS:
        kept = [item for item in items if _round(item) is not None]
        items[:] = sorted(kept, key=_round)


@pytest.fixture
def verdicts(record_property):
    """Call it with what was foretold and what was said."""

    def say(wanted, said):
        record_property("wanted", wanted)
        record_property("said", said)

    return say


def pytest_runtest_logreport(report):
    global _checks  # pylint: disable=global-statement
    if not ROUNDS or _is_worker():
        return
    words = dict(report.user_properties)
    test, _, name = report.nodeid.rpartition("::")[2].partition("[")
    name = name.rstrip("]").partition("-")[2]
    if test == "test_a_fault_ends_without_a_trace":
        name = f"after {name}"
    if report.when == "call" and "said" in words:
        _checks += 1
        if words["said"] != words["wanted"]:
            _wrong[f"{name}: {words['said']!r}, not {words['wanted']!r}"] += 1
            return
    if report.failed:
        _broken[name] += 1


def pytest_terminal_summary(terminalreporter):
    if not ROUNDS or _is_worker():
        return
    terminalreporter.write_line(
        f"{_checks} verdicts in {ROUNDS} rounds,"
        f" {sum(_wrong.values())} wrong,"
        f" {sum(_broken.values())} tests broken otherwise"
    )
    for kind, found in (("wrong", _wrong), ("broken", _broken)):
        for text, times in found.most_common():
            terminalreporter.write_line(f"{kind} {times} x {text}")
