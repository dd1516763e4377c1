"""The emulator's path, in the network namespaces of tests/lab.

On loopback a relay stands for the load balancer, and could turn refused into
accepted.  Here no relay is: what the emulator holds becomes nftables rules
of the lab, again and again, by a thread:

    an endpoint's address takes packets only while the endpoint is available
    a port is open only to the ranges that a rule of its groups admits
    a node leads to a target that is registered, where there is a listener
    a target is healthy when the node reaches it
"""

import contextlib
import ipaddress
import json
import os
import pathlib
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "lab"))

# pylint: disable=wrong-import-position
import door  # noqa: E402
import launch  # noqa: E402
import topology  # noqa: E402

import emulated  # noqa: E402
from accounts import ALL, APP, PROVIDER, REGION  # noqa: E402
from scenario import Scenario  # noqa: E402

_LOOK_S = 0.05

# 198.18.1.69 and 198.18.2.69, 198.18.11.11 and 198.18.12.12
_ENI_HOST = 69
_CONSUMER, _PROVIDER = "198.18.0.0/21", "198.18.8.0/21"

_EMPTY = """
table inet aws
delete table inet aws
table inet aws {
    chain early { type filter hook prerouting priority -340; }
}
"""


class Reach:
    """Commands in the lab's namespaces, from outside of them."""

    def __init__(self, lab):
        self._lab = lab
        self._open = {}

    def words(self, space):
        """(words that go before a command, the descriptors it needs)"""
        if space not in self._open:
            _, self._open[space] = door.ask(
                self._lab, do="enter", space=space
            )
        user, _, _, network = self._open[space]
        words = ["nsenter", f"--net=/proc/self/fd/{network}"]
        if os.geteuid() != 0:
            words += [f"--user=/proc/self/fd/{user}"]
            words += ["--preserve-credentials"]
        return words, [user, network]

    def nft(self, space, text):
        """As of tests/lab's spaces, for its topology to use."""
        words, descriptors = self.words(space)
        done = subprocess.run(
            [*words, launch.servers.find("nft"), "-f", "-"],
            input=text,
            text=True,
            capture_output=True,
            pass_fds=descriptors,
        )
        assert done.returncode == 0, done.stderr + text

    def close(self):
        for descriptors in self._open.values():
            for descriptor in descriptors:
                os.close(descriptor)


class Prober:
    """lab_prober.py in a namespace."""

    def __init__(self, reach, space):
        words, descriptors = reach.words(space)
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [*words, sys.executable, "-B", str(HERE / "lab_prober.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            pass_fds=descriptors,
        )

    def ask(self, **request):
        with self._lock:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _admitting(rows):
    """Rules of the fabric: from whom, to which address and port."""
    lines = []
    for row in rows:
        if row["admitted"] and row["listener"]:
            ranges = ipaddress.collapse_addresses(
                ipaddress.ip_network(one, strict=False)
                for one in row["admitted"]
            )
            sources = ", ".join(map(str, ranges))
            lines.append(
                f"ip daddr {row['address']} tcp dport {row['port']} "
                f"ip saddr {{ {sources} }} accept"
            )
    enis = ", ".join(topology.ENI.values())
    lines.append(f"ip daddr {{ {enis} }} meta l4proto tcp drop")
    add = "".join(f"add rule inet aws early {line}\n" for line in lines)
    return _EMPTY + add


def _leading(rows, healthy):
    """{(zone, port): target}; one that is healthy, else any: fail open."""
    found = {}
    zones = {address: zone for zone, address in topology.ENI.items()}
    for row in rows:
        wanted = [
            tuple(one) for one in row["targets"] if one not in row["blocked"]
        ]
        able = [one for one in wanted if one in healthy] or wanted
        if able:
            found[zones[row["address"]], row["port"]] = able[0]
    return found


class Driver:
    """Makes the lab what the emulator says, until it is stopped."""

    def __init__(self, emulator, reach):
        self._emulator, self._reach = emulator.another(), reach
        self._prober = Prober(reach, "nlb")
        self._made = {}
        self._end, self._lock = threading.Event(), threading.Lock()
        self.error = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            while not self._end.wait(_LOOK_S):
                self.look()
        except Exception as error:  # told to the test that waits
            self.error = error

    def _told(self, targets):
        met = {
            f"{address}:{port}": self._prober.ask(connect=[address, port])
            for address, port in targets
        }
        self._once("told", met, lambda: self._emulator.settings(told=met))
        return {
            tuple(one)
            for one in map(tuple, targets)
            if met[f"{one[0]}:{one[1]}"] == "open"
        }

    def _once(self, what, value, make):
        if self._made.get(what) != value:
            make()
            self._made[what] = value

    def look(self):
        """Once, to its end."""
        with self._lock:
            self._look()

    def _look(self):
        plan = self._emulator.tell("plan")
        healthy = self._told(plan["targets"])
        rules = _admitting(plan["rows"])
        self._once("rules", rules, lambda: self._reach.nft("vpc", rules))
        leads = _leading(plan["rows"], healthy)
        self._once("leads", leads, lambda: topology.point(self._reach, leads))

    def close(self):
        self._end.set()
        self._thread.join(20)
        self._prober.close()
        self._emulator.close()


class _Network:
    """A VPC with the lab's addresses."""

    def __init__(self, world, account, cidr, subnets):
        self.world, self.account, self.cidr = world, account, cidr
        ask = world.asker("ec2", account)
        self.vpc = ask("create_vpc", CidrBlock=cidr)["Vpc"]["VpcId"]
        self.subnets = {
            zone: ask(
                "create_subnet",
                VpcId=self.vpc,
                CidrBlock=block,
                AvailabilityZone=REGION + zone,
            )["Subnet"]["SubnetId"]
            for zone, block in subnets.items()
        }


class _Nodes:
    """The lab's caches."""

    def __init__(self, prober):
        self._prober = prober
        self.addresses = [topology.PRIMARY, topology.REPLICA]

    def call(self, index, *words):
        where = [self.addresses[index], topology.PORT]
        return self._prober.ask(call=[*where, *words])

    def _lead(self, index):
        """Until the other one has its data: before, it refuses all."""
        other = 1 - index
        self.call(index, "REPLICAOF", "NO", "ONE")
        self.call(
            other, "REPLICAOF", self.addresses[index], topology.PORT
        )
        launch.servers.wait_for(
            lambda: "master_link_status:up"
            in str(self.call(other, "INFO", "replication")),
            "the replica has its data",
        )

    def fail_over(self):
        self._lead(1)

    def heal(self):
        self._lead(0)


class LabScenario(Scenario):
    """As Scenario, with the addresses of the lab."""

    def __init__(self, emulator, nodes):
        # pylint: disable=super-init-not-called
        self.emulator, self.nodes, self.number = emulator, nodes, None
        emulator.tell("reset")
        emulator.settings(
            keys={account.key: account.entry() for account in ALL},
            az_shift={APP.number: 1},
            health="told",
            eni_host=_ENI_HOST,
        )
        provider = {"a": "198.18.11.0/24", "b": "198.18.12.0/24"}
        self.provider = _Network(self, PROVIDER, _PROVIDER, provider)
        # a and b of the provider are d and a here
        consumer = {"d": "198.18.1.0/24", "a": "198.18.2.0/24"}
        self.consumer = _Network(self, APP, _CONSUMER, consumer)
        self.cache_group = None
        self.caches = {}
        self.make_subnet_group()
        self.make_cache("test1", SecurityGroupIds=[])


class LabWorld:
    """A lab, an emulator in its client's place, and what drives it."""

    def __init__(self, folder):
        self.lab = f"aws-{os.getpid()}"
        self._ends = contextlib.ExitStack()
        self._process = launch.up(self.lab, with_pid=os.getpid())
        self._ends.callback(self._down)
        self.prefix = launch.prefix(self.lab)
        self.reach = Reach(self.lab)
        self._ends.callback(self.reach.close)
        self.emulator = emulated.Emulator(folder, self.prefix)
        self._ends.callback(self.emulator.close)
        self.prober = Prober(self.reach, "redis")
        self._ends.callback(self.prober.close)
        self.driver = Driver(self.emulator, self.reach)
        self._ends.callback(self.driver.close)

    def _down(self):
        launch.down(self.lab)
        self._process.wait()

    def scenario(self):
        nodes = _Nodes(self.prober)
        nodes.heal()
        return LabScenario(self.emulator, nodes)

    def fault(self, name):
        door.ask(self.lab, do="fault", name=name)

    def close(self):
        self._ends.close()


def why_not():
    """Why there can be no such world here, or None."""
    return launch.why_not()
