"""The world of a lab: the path, its servers, and the one fault it has.

A fault is a row of steps (steps.py).  A step changes something of the world
and leaves word of how to undo it; the words are followed backwards.
"""

import contextlib
import itertools
import pathlib
import threading

import certificates
import daemons
import flows
import names
import servers
import spaces
import topology


class World:
    """A healthy path, until apply()."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.fault = "none"
        self.resolv_conf = self.folder / "resolv.conf"
        self.hosts = self.folder / "hosts"
        self._count = itertools.count(1)
        self._undo = contextlib.ExitStack()
        # openssl works while the network is built
        keys = threading.Thread(target=self._make_keys)
        keys.start()
        self.spaces = spaces.Spaces(topology.SPACES)
        topology.build(self.spaces)
        keys.join()
        self._start()

    def _make_keys(self):
        self.authority = certificates.Authority(self.folder / "keys")
        self.certificate = self.authority.issue(
            "redis", f"DNS:{names.CERTIFIED}"
        )

    def tls(self, certificate=None):
        """Redis' options for TLS."""
        certificate = certificate or self.certificate
        return {
            "tls_port": topology.TLS_PORT,
            "tls_cert_file": certificate.cert,
            "tls_key_file": certificate.key,
            "tls_ca_cert_file": self.authority.cert,
            "tls_auth_clients": "no",
        }

    def _start(self):
        self.point(
            {
                (zone, port): (topology.PRIMARY, port)
                for zone in topology.ENI
                for port in (topology.PORT, topology.TLS_PORT)
            }
        )
        self.resolver = None
        self.start_resolver(names.options())
        self.primary = self._node(topology.PRIMARY)
        self.replica = self._node(
            topology.REPLICA, replicaof=f"{topology.PRIMARY} {topology.PORT}"
        )
        with self.spaces.inside("redis"):
            self.primary.ready()
            self.replica.ready()
        self.wait_replication(self.replica)

    def _node(self, host, **options):
        return self.start_redis(
            host=host,
            port=topology.PORT,
            repl_diskless_sync_delay=0,
            repl_diskless_load="swapdb",
            **self.tls(),
            **options,
        )

    def wait_replication(self, node):
        """Until `node`, a replica, has its primary's data."""
        servers.wait_for(
            lambda: b"master_link_status:up"
            in self.call(node, "INFO", "replication"),
            "the replica's link is up",
        )

    # What steps use

    def later(self, function, *arguments):
        """Undo by this, before what was said earlier."""
        self._undo.callback(function, *arguments)

    def new_folder(self):
        made = self.folder / f"server{next(self._count)}"
        made.mkdir()
        return made

    def start_redis(self, files=None, **options):
        """A Redis; `files` {name: bytes} lie in its folder."""
        folder = self.new_folder()
        for name, data in (files or {}).items():
            (folder / name).write_bytes(data)
        options = {"protected_mode": "no", **options}
        with self.spaces.inside("redis"):
            return servers.Redis(folder, **options)

    def client_of(self, node):
        with self.spaces.inside("redis"):
            return node.client()

    def call(self, node, *words):
        """The reply of `node` to a command."""
        client = self.client_of(node)
        try:
            return client(*words)
        finally:
            client.close()

    def start_resolver(self, options, start=daemons.Dnsmasq):
        """Another resolver at the resolver's address."""
        if self.resolver:
            self.resolver.stop()
        with self.spaces.inside("vpc"):
            self.resolver = start(
                self.new_folder(), topology.RESOLVER, options
            ).ready()

    def point(self, targets):
        self.targets = targets
        topology.point(self.spaces, targets)

    def restart_primary(self):
        self.primary = self._node(topology.PRIMARY)
        with self.spaces.inside("redis"):
            self.primary.ready()
        self.wait_replication(self.replica)

    # Faults

    def apply(self, row):
        """From now on exactly this fault (faults/row.py)."""
        self.clear()
        try:
            for step in row.steps:
                step(self)
        except BaseException:
            self.clear()
            raise
        self.fault = row.name

    def clear(self):
        self.fault = "none"
        self._cut_flows()
        self._undo.close()

    def forget_flows(self):
        """No connection is open any more."""
        flows.forget(self.spaces, ("vpc", "nlb"))

    def _cut_flows(self):
        """What the cache still sends to clients that have left must not
        teach the next fault anything; a kernel without this does no harm."""
        nodes = list(topology.NODE.values())
        with contextlib.suppress(spaces.Failed):
            self.spaces.run(
                *("redis", "ss", "-tnK"),
                *("dst", nodes[0], "or", "dst", nodes[1]),
            )

    def facts(self):
        """What a user in the client's place must know, by name."""
        return {
            "endpoint": names.ENDPOINT,
            "zone_a": names.ZONE["a"],
            "zone_b": names.ZONE["b"],
            "private_name": names.PRIVATE,
            "cache_name": names.CACHE,
            "eni_a": topology.ENI["a"],
            "eni_b": topology.ENI["b"],
            "resolver": topology.RESOLVER,
            "resolver_2": topology.RESOLVER_2,
            "cacert": str(self.authority.cert),
            "keys": str(self.authority.folder),
        }
