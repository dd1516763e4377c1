"""Steps and actions that bring a Redis into a certain state.

An action is called with the world and the server (cache.redis).
"""

import threading

import servers
import topology
from steps.cache import PORT, redis
from steps.path import point

# A server that loads looks at its connections once a KiB read.
_KEYS = 1000
_VALUE = b"\x44\0" + b"x" * 1024


def command(*words):
    """A command on a connection that stays; its reply nobody waits for."""

    def action(world, node):
        client = world.client_of(node)
        world.later(client.close)
        client.send(*words)

    return action


def holds_writes(seconds):
    """The first writes are held back for so long, as in a failover; then
    again when those who wrote have left."""

    def hold(client, ended):
        while not ended.is_set():
            client("CLIENT", "PAUSE", 60000, "WRITE")
            while b"cmd=set" not in client("CLIENT", "LIST"):
                if ended.wait(0.02):
                    return
            ended.wait(seconds)
            client("CLIENT", "UNPAUSE")
            while client("CLIENT", "LIST").count(b"\n") > 1:
                if ended.wait(0.02):
                    return

    def action(world, node):
        client, ended = world.client_of(node), threading.Event()
        thread = threading.Thread(target=hold, args=(client, ended))
        thread.start()
        world.later(client.close)
        world.later(thread.join)
        world.later(ended.set)

    return action


def _dump():
    """A dump.rdb of some keys (version 9; a checksum of 0 is none)."""
    keys = b"".join(b"\0\6%06d" % n + _VALUE for n in range(_KEYS))
    return b"REDIS0009\xfe\0" + keys + b"\xff" + bytes(8)


# It reads on for 40 s, and answers each 40 ms.
loading = redis(
    files={"dump.rdb": _dump()},
    key_load_delay=40000,
    loading_process_events_interval_bytes=1024,
)


def cannot_save(world, node):
    """A folder stands where the dump should go, once that was looked for."""
    servers.wait_for(lambda: world.call(node, "PING"), "it answers")
    (node.folder / "dump.rdb").mkdir()
    world.call(node, "BGSAVE")
    servers.wait_for(
        lambda: b"rdb_last_bgsave_status:err"
        in world.call(node, "INFO", "persistence"),
        "saving has failed",
    )


def one_client(world, node):
    """There is one client, and it stays."""

    def held():
        client = world.client_of(node)
        try:
            client("PING")
        except (servers.ReplyError, OSError):
            client.close()
            return False
        world.later(client.close)
        return True

    servers.wait_for(held, "a connection to hold")


def busy(world, node):
    """A script runs, and has done so for longer than it may."""
    command("EVAL", "while true do end", 0)(world, node)

    def is_busy():
        try:
            world.call(node, "PING")
        except servers.ReplyError as error:
            return str(error).startswith("BUSY")

    servers.wait_for(is_busy, "the script runs")


def sentinel(world):
    """A sentinel that watches the primary, in the cache's place."""
    folder = world.new_folder()
    program, name = servers.redis_program()
    link = folder / name.replace("server", "sentinel")
    link.symlink_to(program)
    path = folder / "sentinel.conf"
    path.write_text(
        f"port {PORT}\nbind {topology.PRIMARY}\nprotected-mode no\n"
        f"dir {folder}\n"
        f"sentinel monitor lab {topology.PRIMARY} {topology.PORT} 1\n"
    )
    with world.spaces.inside("redis"):
        made = servers.Server(folder, [link, path])
        world.later(made.stop)
        made.wait_until(
            lambda: servers.answers(topology.PRIMARY, PORT), "it listens"
        )
    point(topology.PRIMARY, PORT)(world)


def cluster(address):
    """A cluster's node without slots; another, at `address`, has them all.

    The node only reads of the other in its file, and waits for it for long.
    """
    own, other = "a" * 40, "b" * 40
    nodes = (
        f"{own} :0@0 myself,master - 0 0 0 connected\n"
        f"{other} {address}:{topology.PORT}@16379 master - 0 0 1 connected"
        " 0-16383\n"
        "vars currentEpoch 1 lastVoteEpoch 0\n"
    )

    def is_up(world, node):
        servers.wait_for(
            lambda: b"cluster_state:ok" in world.call(node, "CLUSTER", "INFO"),
            "the cluster is up",
        )

    return redis(
        is_up,
        files={"nodes.conf": nodes.encode()},
        cluster_enabled="yes",
        cluster_node_timeout=600000,
    )
