"""One lab a worker; every test finds it whole and leaves it whole."""

import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "commands")]

# pylint: disable=wrong-import-position
import door  # noqa: E402
import launch  # noqa: E402

# It repeats the table where that is asked for.
pytest_plugins = ("repeat",)


def pytest_runtest_logreport(report):
    """Each result as a line of TAP, for the runner that counts them."""
    path = os.environ.get("LINKPROBE_TAP")
    # a worker of xdist tells the one that started it, which tells us
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not path or (report.when != "call" and report.passed):
        return
    name = report.nodeid.removeprefix("tests/lab/")
    with open(path, "a", encoding="utf-8") as tap:
        if hasattr(report, "wasxfail") and report.skipped:
            tap.write(f"ok - {name} # SKIP {report.wasxfail}\n")
        elif report.skipped:
            reason = report.longrepr[-1].removeprefix("Skipped: ")
            tap.write(f"ok - {name} # SKIP {reason}\n")
        elif report.failed:
            text = str(report.longrepr).replace("\n", "\n# ")
            tap.write(f"not ok - {name}\n# {text}\n")
        else:
            tap.write(f"ok - {name}\n")


class Lab:
    """A lab that is up: its faults, and words that run inside its client."""

    def __init__(self, name):
        self.name = name
        self.prefix = launch.prefix(name)
        self.facts = self.ask(do="status")["facts"]

    def ask(self, **request):
        answer, descriptors = door.ask(self.name, **request)
        for descriptor in descriptors:
            os.close(descriptor)
        if "skip" in answer:
            pytest.skip(answer["skip"])
        assert "error" not in answer, answer["error"]
        return answer

    def fault(self, name):
        self.ask(do="fault", name=name)


@pytest.fixture(scope="session")
def possible():
    reason = launch.why_not()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def path_of_worker(possible):
    name = f"test-{os.getpid()}"
    try:
        process = launch.up(name, with_pid=os.getpid())
    except launch.Impossible as error:
        pytest.skip(str(error))
    yield Lab(name)
    launch.down(name)
    process.wait()


@pytest.fixture
def lab(path_of_worker):
    yield path_of_worker
    path_of_worker.ask(do="fault", name="none", forget=True)


@pytest.fixture
def home(tmp_path):
    made = tmp_path / "home"
    made.mkdir()
    return made
