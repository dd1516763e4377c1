"""One lab a worker; every test finds it whole and leaves it whole."""

import os
import pathlib
import secrets
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "commands")]

# pylint: disable=wrong-import-position
import door  # noqa: E402
import launch  # noqa: E402
from tap import pytest_runtest_logreport  # noqa: E402,F401

# It repeats the table where that is asked for.
pytest_plugins = ("repeat",)


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
    # a pid alone may be there twice: of two namespaces of processes
    name = f"test-{os.getpid()}-{secrets.token_hex(4)}"
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
