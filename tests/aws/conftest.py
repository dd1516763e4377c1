"""One emulator and one pair of real caches a worker; a new world a test."""

import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "commands")]

# pylint: disable=wrong-import-position
import accounts  # noqa: E402
import emulated  # noqa: E402
import provisioning  # noqa: E402
import scenario  # noqa: E402
import servers  # noqa: E402
import starting  # noqa: E402
from tap import pytest_runtest_logreport  # noqa: E402,F401


def pytest_addoption(parser):
    parser.addoption(
        "--full",
        action="store_true",
        help="every point of the matrices, not a few",
    )
    parser.addoption(
        "--soak",
        type=int,
        default=1,
        metavar="RUNS",
        help="how many seeds of each kind of fault (soaking.py)",
    )


def pytest_configure(config):
    config.addinivalue_line("markers", "full: only with --full")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--full"):
        more = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=more)
        items[:] = [item for item in items if item not in more]


@pytest.fixture(scope="session")
def starter(tmp_path_factory):
    made = starting.Starter(tmp_path_factory.mktemp("servers"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def running_emulator(tmp_path_factory):
    if not emulated.python():
        pytest.skip("no python3 has moto 5.2 (tests/aws/requirements.txt)")
    made = emulated.Emulator(tmp_path_factory.mktemp("emulator"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def network_of_worker():
    number, claim = scenario.claim_network()
    yield number
    claim.close()


@pytest.fixture(scope="session")
def nodes_of_worker(starter, network_of_worker):
    if not servers.redis_program():
        pytest.skip("redis-server is missing")
    return scenario.Nodes(starter, network_of_worker)


@pytest.fixture
def emulator(running_emulator):
    """An emulator that knows nothing yet."""
    running_emulator.tell("reset")
    running_emulator.settings(
        keys={one.key: one.entry() for one in accounts.ALL}
    )
    return running_emulator


@pytest.fixture
def world(running_emulator, network_of_worker, nodes_of_worker):
    """Two accounts and a cache.  All that was sent must have been right."""
    nodes_of_worker.heal()
    made = scenario.Scenario(
        running_emulator, network_of_worker, nodes_of_worker
    )
    yield made
    running_emulator.faults()
    failures = running_emulator.failures()
    assert not failures, "\n".join(failures)


@pytest.fixture
def home(tmp_path):
    made = tmp_path / "home"
    made.mkdir()
    accounts.write_files(made)
    return made


@pytest.fixture
def provision(world, home):
    """`linkprobe provision`: provision("apply", spec) gives a Run."""
    if not provisioning.available():
        pytest.skip("there is no linkprobe-provision to test")
    return provisioning.Provision(world, home)


@pytest.fixture(scope="session")
def full(request):
    return request.config.getoption("--full")
