"""A slow zone, loss and a slow engine: linkprobe bench tells them apart.

Two addresses of one name each time, of which one has the fault.
"""

import contextlib
import os
import subprocess
import time

import pytest

import namespaces
import peers
import program
from benches import SHORT
from conftest import need

WORDS = "bench", "--no-config", *SHORT, "-c", "4", "--mix", "ping"


def one_paragraph(run):
    """The report without its line breaks."""
    assert run.status in (0, 1), str(run)
    return " ".join(run.out.split())


def slowly(delay_s):
    """An engine that takes so long for each reply."""

    def pong(_words, _store):
        time.sleep(delay_s)
        return b"+PONG\r\n"

    return peers.redis_like(PING=pong)


def test_a_slow_engine(linkprobe, redis, peer):
    slow = peer(slowly(0.003))
    quick = redis(port=slow.port)
    addresses = "--address", f"{quick.host},{slow.host}"
    run = linkprobe(*WORDS, "-d", "2s", *addresses, f"a.test:{slow.port}")
    text = one_paragraph(run)
    assert f"{slow.host}:{slow.port} answers " in text, text
    assert "what answers there is slow, not the zone" in text, text
    assert "Packets are lost" not in text


LOSS = """
table ip loss {
    chain in {
        type filter hook input priority 0;
        ip daddr 127.0.0.2 tcp dport %d numgen random mod 50 0 drop
    }
}
"""


def test_lost_packets(namespace, redis, home):
    """Two of a hundred that the client sends to one of them."""
    need("nft")
    server = redis(
        wait=False, host="127.0.0.1 127.0.0.2", port=6379, **{
            "protected-mode": "no",
            "prefix": namespace.prefix,
        }
    ).says_ready()
    try:
        namespace.nft(LOSS % server.port)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"nft cannot lose packets here: {error.stderr}")
    run = program.run(
        *(*WORDS, "-d", "4s", "--address", "127.0.0.1,127.0.0.2"),
        *("--timeout", "3s", "cache.test:6379"),
        home=home,
        prefix=namespace.prefix,
    )
    text = one_paragraph(run)
    assert "Packets are lost on the way to 127.0.0.2:6379" in text, text
    assert "on the way to 127.0.0.1" not in text


def file_of(namespace):
    """What setns() takes: the namespace of a process in there."""
    pid = namespace.prefix[namespace.prefix.index("--target") + 1]
    return f"/proc/{pid}/ns/net"


@contextlib.contextmanager
def slow_link(folder, near, far, ms):
    """A device "far" in both namespaces: what goes in here comes out there."""
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        pytest.skip("/dev/net/tun cannot be used")
    tool = folder / "delay"
    source = program.TOP / "tests/lab/delay.c"
    subprocess.run(
        ["cc", "-D_GNU_SOURCE", "-O2", "-o", tool, source], check=True
    )
    with open(file_of(near), "rb") as here, open(file_of(far), "rb") as there:
        fds = here.fileno(), there.fileno()
        words = [tool, "far", str(ms), "0", *map(str, fds)]
        with subprocess.Popen(
            words, pass_fds=fds, stdout=subprocess.PIPE
        ) as process:
            try:
                assert process.stdout.readline() == b"ready\n"
                yield
            finally:
                process.kill()


def test_a_slow_zone(starter, namespace, redis, home, tmp_path):
    need("cc")
    if os.geteuid() != 0:
        pytest.skip("only root can join two namespaces")
    far = namespaces.Namespace()
    starter.keep(far, far.close)
    with slow_link(tmp_path, namespace, far, 2):
        for place, own, other in (
            (namespace, "10.9.0.1", "10.9.0.2"),
            (far, "10.9.0.2", "10.9.0.1"),
        ):
            place.run("ip", "addr", "add", own, "peer", other, "dev", "far")
            place.run("ip", "link", "set", "far", "up")
        for place, host in ((namespace, "127.0.0.1"), (far, "10.9.0.2")):
            redis(
                wait=False, host=host, port=6379, **{
                    "protected-mode": "no",
                    "prefix": place.prefix,
                }
            ).says_ready()
        run = program.run(
            *(*WORDS, "-d", "2s", "--address", "127.0.0.1,10.9.0.2"),
            "cache.test:6379",
            home=home,
            prefix=namespace.prefix,
        )
    text = one_paragraph(run)
    assert "10.9.0.2:6379 answers " in text, text
    assert "the zone, or the path there, is slow, not the engine" in text, text
