"""A world for a path: accounts, networks, caches with real servers behind.

Each worker has a network of its own inside of 127/8, so every address that
AWS would give out can be listened at:

    127.N.0.0/18     the provider's VPC, subnets .1. .2. .3. in zones a b c
    127.N.64.0/18    the consumer's
    127.N.128.0/18   a second one of the consumer, or of a third account
"""

import contextlib
import socket

import servers
from accounts import ALL, APP, PROVIDER, REGION, SHOP

ZONES = ("a", "b", "c")
PORT = 6379

# A network is taken while somebody is bound to this port of its last address.
_CLAIM_PORT = 20001
_FIRST, _LAST = 192, 254


def claim_network():
    """(number, the socket that holds it)"""
    for number in range(_FIRST, _LAST + 1):
        claim = socket.socket()
        try:
            claim.bind((f"127.{number}.255.254", _CLAIM_PORT))
        except OSError:
            claim.close()
            continue
        return number, claim
    raise OSError("every network of 127/8 for the tests is taken")


class Nodes:
    """The real servers: a primary in zone a, its replica in zone b."""

    def __init__(self, starter, number):
        self._starter = starter
        self.addresses = [f"127.{number}.1.11", f"127.{number}.2.12"]
        self.servers = [
            self.start(self.addresses[0]),
            self.start(self.addresses[1], of=self.addresses[0]),
        ]
        self._follows(self.servers[1])
        self._changed = False

    def _follows(self, replica):
        """Wait until it does: one that still loads refuses all."""

        def is_up():
            with contextlib.closing(replica.client()) as client:
                said = client("INFO", "replication")
            return b"master_link_status:up" in said

        replica.wait_until(is_up, "the replica has its data")

    def start(self, address, of=None, **options):
        if of:
            options["replicaof"] = f"{of} {PORT}"
        made = servers.Redis(
            self._starter.new_folder(),
            host=address,
            port=PORT,
            protected_mode="no",
            repl_diskless_sync_delay=0,
            **options,
        )
        return self._starter.keep(made, made.stop).ready()

    def fail_over(self):
        """The replica becomes the primary, and the primary a replica."""
        self._changed = True
        old, new = self.servers
        new.client()("REPLICAOF", "NO", "ONE")
        old.client()("REPLICAOF", self.addresses[1], PORT)
        self._follows(old)

    def stop(self, index):
        self._changed = True
        self.servers[index].stop()

    def heal(self):
        """As it was at first."""
        if not self._changed:
            return
        self._changed = False
        for index, address in enumerate(self.addresses):
            if self.servers[index].process.poll() is not None:
                self.servers[index] = self.start(address)
        self.servers[0].client()("REPLICAOF", "NO", "ONE")
        self.servers[1].client()("REPLICAOF", self.addresses[0], PORT)
        self._follows(self.servers[1])


class Network:
    """A VPC with a subnet in each of its zones."""

    def __init__(self, world, account, octet, zones=ZONES):
        self.world, self.account = world, account
        base = f"127.{world.number}"
        ask = world.asker("ec2", account)
        self.cidr = f"{base}.{octet}.0/18"
        self.vpc = ask("create_vpc", CidrBlock=self.cidr)["Vpc"]["VpcId"]
        self.subnets, self.cidrs = {}, {}
        for number, zone in enumerate(zones, 1):
            cidr = f"{base}.{octet + number}.0/24"
            made = ask(
                "create_subnet",
                VpcId=self.vpc,
                CidrBlock=cidr,
                AvailabilityZone=REGION + zone,
            )
            self.subnets[zone] = made["Subnet"]["SubnetId"]
            self.cidrs[zone] = cidr

    def group(self, name, *cidrs, port=PORT):
        """A security group that admits these ranges."""
        ask = self.world.asker("ec2", self.account)
        made = ask(
            "create_security_group",
            GroupName=name,
            Description=name,
            VpcId=self.vpc,
        )["GroupId"]
        if cidrs:
            ask(
                "authorize_security_group_ingress",
                GroupId=made,
                IpPermissions=[
                    {
                        "IpProtocol": "tcp",
                        "FromPort": port,
                        "ToPort": port,
                        "IpRanges": [{"CidrIp": cidr} for cidr in cidrs],
                    }
                ],
            )
        return made


class Scenario:
    """What a path is made in, at first without the path."""

    def __init__(self, emulator, number, nodes):
        self.emulator, self.number, self.nodes = emulator, number, nodes
        emulator.tell("reset")
        emulator.settings(
            keys={account.key: account.entry() for account in ALL},
            az_shift={APP.number: 1, SHOP.number: 2},
            plane=True,
        )
        self.provider = Network(self, PROVIDER, 0)
        # a and b of the provider are d and a here
        self.consumer = Network(self, APP, 64, zones="abcd")
        self.cache_group = self.provider.group("cache", self.provider.cidr)
        self.caches = {}
        self.make_subnet_group()
        self.make_cache("test1")

    def asker(self, service, account):
        """boto3's client of an account: ask("describe_vpcs", ...)."""

        def ask(call, **arguments):
            return self.emulator.tell(
                "ask",
                service=service,
                account=account.number,
                region=REGION,
                call=call,
                arguments=arguments,
            )

        return ask

    def make_subnet_group(self, name="cache-subnets", zones="ab"):
        self.asker("elasticache", PROVIDER)(
            "create_cache_subnet_group",
            CacheSubnetGroupName=name,
            CacheSubnetGroupDescription=name,
            SubnetIds=[self.provider.subnets[zone] for zone in zones],
        )

    def make_cache(self, name, nodes=2, **options):
        """A replication group whose nodes are the real servers."""
        options.setdefault("SecurityGroupIds", [self.cache_group])
        made = self.asker("elasticache", PROVIDER)(
            "create_replication_group",
            ReplicationGroupId=name,
            ReplicationGroupDescription=name,
            Engine="redis",
            NumCacheClusters=nodes,
            CacheSubnetGroupName="cache-subnets",
            PreferredCacheClusterAZs=[
                REGION + zone for zone in "ab" * nodes
            ][:nodes],
            **options,
        )
        self.caches[name] = made["ReplicationGroup"]
        members = [f"{name}-{index + 1:03d}" for index in range(nodes)]
        self.place(dict(zip(members, self.nodes.addresses)))

    def place(self, nodes):
        self.emulator.tell(
            "place", nodes={node: [where] for node, where in nodes.items()}
        )

    def fail_over(self, name="test1", to="test1-002", servers_too=True):
        if servers_too:
            self.nodes.fail_over()
        self.emulator.tell("fail_over", group=name, to=to)

    def census(self):
        """{account number: what is there, in our region}"""
        found = self.emulator.tell("census")
        return {
            account: regions[REGION]
            for account, regions in found.items()
            if REGION in regions
        }
