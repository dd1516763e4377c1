"""What every test of the whole program has at hand.

Fixtures that start something give a function: a test starts as many as it
needs, and all of them end with it.
"""

import pytest

import benches
import certificates
import namespaces
import peers
import program
import servers
import starting
from tap import pytest_runtest_logreport  # noqa: F401


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: left out when run many times")


@pytest.fixture
def starter(tmp_path):
    made = starting.Starter(tmp_path)
    yield made
    made.close()


def need(*names):
    """Skip unless all of these programs are there."""
    for name in names:
        if not servers.find(name):
            pytest.skip(f"{name} is missing")


@pytest.fixture
def home(tmp_path):
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def linkprobe(home):
    """Run the program: linkprobe("check", target, ...) gives a Run."""

    def run(*words, **options):
        return program.run(*words, home=home, **options)

    return run


@pytest.fixture
def check(linkprobe):
    """`linkprobe check --format json` with budgets fit for a test."""

    def run(*words, **options):
        return linkprobe(
            *("check", "--format", "json"),
            *("--timeout", "3s", "--deadline", "8s"),
            *words,
            **options,
        )

    return run


@pytest.fixture
def bench(linkprobe):
    """`linkprobe bench --format json`, as short as it is of use."""

    def run(*words, short=benches.SHORT, **options):
        words = ("--format", "json", *short, *words)
        return linkprobe("bench", *words, **options)

    return run


@pytest.fixture
def redis(starter):
    """A redis-server: redis(requirepass="x"), ready when given."""
    if not servers.redis_program():
        pytest.skip("redis-server is missing")

    def start(wait=True, **options):
        made = servers.Redis(starter.new_folder(), **options)
        starter.keep(made, made.stop)
        return made.ready() if wait else made

    return start


@pytest.fixture
def dnsmasq(starter):
    need("dnsmasq")

    def start(*options, **more):
        made = servers.Dnsmasq(starter.new_folder(), *options, **more)
        return starter.keep(made, made.stop)

    return start


@pytest.fixture
def knot(starter):
    need("knotd")

    def start(zones):
        made = servers.Knot(starter.new_folder(), zones)
        return starter.keep(made, made.stop)

    return start


@pytest.fixture
def stunnel(starter):
    need("stunnel4")

    def start(**options):
        made = servers.Stunnel(starter.new_folder(), **options)
        return starter.keep(made, made.stop)

    return start


@pytest.fixture
def haproxy(starter):
    need("haproxy")

    def start(**options):
        made = servers.Haproxy(starter.new_folder(), **options)
        return starter.keep(made, made.stop)

    return start


@pytest.fixture
def http(starter):
    made = servers.Http(starter.new_folder())
    return starter.keep(made, made.stop)


@pytest.fixture
def peer(starter):
    """A scripted peer: peer(peers.says(b"..."))."""

    def start(serve, **options):
        made = peers.Peer(serve, **options)
        return starter.keep(made, made.close)

    return start


@pytest.fixture
def silence(starter):
    """An address that answers no SYN."""

    def start(**options):
        made = peers.Silence(**options)
        return starter.keep(made, made.close)

    return start


@pytest.fixture
def datagrams(starter):
    """A scripted name server over UDP."""

    def start(answer=None):
        made = peers.Datagrams(answer)
        return starter.keep(made, made.close)

    return start


@pytest.fixture
def namespace(starter):
    need("unshare", "nsenter", "ip")
    if not namespaces.allowed():
        pytest.skip("no right to make a network namespace")
    made = namespaces.Namespace()
    return starter.keep(made, made.close)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    need("openssl")
    return certificates.Authority(tmp_path_factory.mktemp("authority"))
