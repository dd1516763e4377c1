"""Steps of the cache: a Redis of another kind, or something that is none."""

import shutil
import signal

import peers
import servers
import topology
from steps.path import point

# Where a server that stands for one fault listens.
PORT = 7001


def redis(*after, tls=None, **options):
    """A Redis of its own behind the listeners, with these options.

    `tls` is a function of the world that gives its certificate; `after` are
    called with the world and the server once it listens.
    """

    def step(world):
        ports = {"port": PORT}
        if tls:
            ports = {**world.tls(tls(world)), "port": 0, "tls_port": PORT}
        node = world.start_redis(host=topology.PRIMARY, **{**ports, **options})
        node.port = PORT
        world.later(shutil.rmtree, node.folder, True)
        world.later(node.stop)
        with world.spaces.inside("redis"):
            node.wait_until(
                lambda: servers.answers(topology.PRIMARY, PORT), "it listens"
            )
        for action in after:
            action(world, node)
        point(topology.PRIMARY, PORT)(world)

    return step


def peer(serve):
    """A scripted peer in the cache's place (peers.py, scripts.py)."""

    def step(world):
        with world.spaces.inside("redis"):
            made = peers.Peer(serve, host=topology.PRIMARY)
        world.later(made.close)
        point(topology.PRIMARY, made.port)(world)

    return step


def frozen(world):
    """The primary's process is stopped, and its kernel still answers."""
    world.primary.freeze()
    world.later(world.primary.process.send_signal, signal.SIGCONT)


def stopped(world):
    """Nothing listens at the primary's address any more."""
    world.later(world.restart_primary)
    world.primary.stop()


def _swap(world, new, old):
    """`new` is the primary now, and `old` follows it."""
    world.call(new, "REPLICAOF", "NO", "ONE")
    world.call(old, "REPLICAOF", new.host, new.port)
    world.wait_replication(old)


def failover(world):
    """The replica has become the primary, and the other way about."""
    world.later(_swap, world, world.primary, world.replica)
    _swap(world, world.replica, world.primary)
