"""ElastiCache: names as AWS gives them, nodes, and a failover.

A node has an address once a test says so (`place`); names lead to it.
"""

from moto.core.responses import ActionResult
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.models import (
    CacheCluster,
    ElastiCacheBackend,
    elasticache_backends,
)
from moto.elasticache.responses import ElastiCacheResponse

from emulator import state
from emulator.state import replaces

_DIRECTIONS = {
    "east": "e",
    "west": "w",
    "north": "n",
    "south": "s",
    "central": "c",
    "northeast": "ne",
    "southeast": "se",
}

# node (cache cluster id) or serverless name -> addresses
places = {}


def _short(region):
    """us-west-2 is usw2 in names."""
    first, *middle, last = region.split("-")
    middle = _DIRECTIONS.get(middle[-1], middle[-1][0])
    return f"{first}{middle}{last}"


def _suffix(region):
    return f"{_short(region)}.cache.amazonaws.com"


def _nodes(self):
    if "lp_host" not in self.__dict__:
        suffix = _suffix(self.arn.split(":")[3])
        tag = state.hexadecimal(6)
        self.lp_host = f"{self.cache_cluster_id}.{tag}.0001.{suffix}"
    return [
        {
            "CacheNodeId": "0001",
            "CacheNodeStatus": "available",
            "ParameterGroupStatus": "in-sync",
            "CustomerAvailabilityZone": self.preferred_availability_zone,
            "Endpoint": {"Address": self.lp_host, "Port": self.port},
        }
    ]


def _groups(self):
    return [
        {"SecurityGroupId": name, "Status": "active"}
        for name in self.security_group_ids
    ]


CacheCluster.cache_nodes = property(_nodes)
CacheCluster.security_groups = property(_groups)


class _Bare:
    """A cluster as it is shown without its nodes."""

    def __init__(self, cluster):
        self.__dict__.update(cluster.__dict__)
        self.security_groups = cluster.security_groups


@replaces(ElastiCacheResponse, "describe_cache_clusters")
def _describe(old, self):
    result = old(self)
    if str(self._get_param("ShowCacheNodeInfo")).lower() != "true":
        shown = [_Bare(one) for one in result.result["CacheClusters"]]
        result._result["CacheClusters"] = shown
    return result


def _name_group(group, tag, suffix, tls):
    """One node group, with a primary's and a reader's name."""
    name, port = group.replication_group_id, group.port
    primary = f"master.{name}.{tag}" if tls else f"{name}.{tag}.ng.0001"
    reader = f"replica.{name}.{tag}" if tls else f"{name}-ro.{tag}.ng.0001"
    nodes = group.node_groups[0]
    nodes["primary_endpoint"] = {
        "address": f"{primary}.{suffix}",
        "port": port,
    }
    nodes["reader_endpoint"] = {"address": f"{reader}.{suffix}", "port": port}
    return nodes


def _name_members(group, nodes, tag, suffix, zones, count):
    nodes["node_group_members"], group.member_clusters = [], []
    for number in range(count):
        member = f"{group.replication_group_id}-{number + 1:03d}"
        nodes["node_group_members"].append(
            {
                "cache_cluster_id": member,
                "cache_node_id": "0001",
                "current_role": "replica" if number else "primary",
                "preferred_availability_zone": zones[number % len(zones)],
                "read_endpoint": {
                    "address": f"{member}.{tag}.0001.{suffix}",
                    "port": group.port,
                },
            }
        )
        group.member_clusters.append(member)


# What create_cache_cluster wants to be given, and nobody here cares for.
_UNUSED = (
    *("az_mode", "preferred_availability_zones", "outpost_mode"),
    *("cache_parameter_group_name", "cache_security_group_names", "tags"),
    *("snapshot_arns", "snapshot_name", "preferred_maintenance_window"),
    *("notification_topic_arn", "auto_minor_version_upgrade", "ip_discovery"),
    *("snapshot_retention_limit", "snapshot_window", "auth_token"),
    *("preferred_outpost_arn", "preferred_outpost_arns", "network_type"),
    *("cache_node_ids_to_remove", "cache_node_ids_to_reboot"),
)


def _make_members(backend, group, zones, options):
    for number, member in enumerate(group.member_clusters):
        cluster = backend.create_cache_cluster(
            cache_cluster_id=member,
            replication_group_id=group.replication_group_id,
            preferred_availability_zone=zones[number % len(zones)],
            num_cache_nodes=1,
            cache_node_type=group.cache_node_type,
            engine=group.engine,
            engine_version=options.get("engine_version"),
            cache_subnet_group_name=options.get("cache_subnet_group_name"),
            security_group_ids=options.get("security_group_ids"),
            port=group.port,
            log_delivery_configurations=[],
            transit_encryption_enabled=bool(
                options.get("transit_encryption_enabled")
            ),
            **dict.fromkeys(_UNUSED),
        )
        cluster.num_cache_nodes = 1
        cluster.replication_group_id = group.replication_group_id


@replaces(ElastiCacheBackend, "create_replication_group")
def _create(old, self, **options):
    group = old(self, **options)
    region, tag = self.region_name, state.hexadecimal(6)
    suffix = _suffix(region)
    zones = options.get("preferred_cache_cluster_azs") or [
        region + letter for letter in "abc"
    ]
    if group.cluster_mode == "enabled":
        name = f"clustercfg.{group.replication_group_id}.{tag}.{suffix}"
        group.configuration_endpoint = {"address": name, "port": group.port}
    else:
        tls = bool(options.get("transit_encryption_enabled"))
        nodes = _name_group(group, tag, suffix, tls)
        count = options.get("num_cache_clusters") or 1
        _name_members(group, nodes, tag, suffix, zones, count)
    _make_members(self, group, zones, options)
    for member in group.node_groups[0].get("node_group_members", []):
        cluster = self.cache_clusters.get(member["cache_cluster_id"])
        if cluster and group.cluster_mode != "enabled":
            cluster.lp_host = member["read_endpoint"]["address"]
    return group


@replaces(ElastiCacheBackend, "create_cache_subnet_group")
def _create_subnet_group(old, self, **options):
    group = old(self, **options)
    for subnet in group.subnets:
        zone = subnet.get("subnet_availability_zone")
        if isinstance(zone, str):
            subnet["subnet_availability_zone"] = {"Name": zone}
    return group


def _serverless(backend):
    return backend.__dict__.setdefault("lp_serverless", {})


@replaces(ElastiCacheResponse, "create_serverless_cache")
def _create_serverless(_old, self):
    read, region = self._get_param, self.region
    name = read("ServerlessCacheName")
    tag = state.hexadecimal(6)
    host = f"{name}-{tag}.serverless.{_suffix(region)}"
    made = {
        "ServerlessCacheName": name,
        "Status": "available",
        "Engine": read("Engine"),
        "SubnetIds": read("SubnetIds", []),
        "SecurityGroupIds": read("SecurityGroupIds", []),
        "Endpoint": {"Address": host, "Port": 6379},
        "ReaderEndpoint": {"Address": host, "Port": 6380},
        "ARN": f"arn:aws:elasticache:{region}:{self.current_account}:"
        f"serverlesscache:{name}",
    }
    _serverless(self.elasticache_backend)[name] = made
    return ActionResult({"ServerlessCache": made})


@replaces(ElastiCacheResponse, "describe_serverless_caches")
def _describe_serverless(_old, self):
    name = self._get_param("ServerlessCacheName")
    found = [
        one
        for one in _serverless(self.elasticache_backend).values()
        if not name or one["ServerlessCacheName"] == name
    ]
    if name and not found:
        raise ElastiCacheException(
            "ServerlessCacheNotFoundFault",
            f"ServerlessCache {name} not found.",
        )
    return ActionResult({"ServerlessCaches": found})


def _every():
    for account in list(elasticache_backends.keys()):
        yield from list(elasticache_backends[account].values())


def _members(group):
    return [
        member
        for nodes in group.node_groups
        for member in nodes.get("node_group_members", [])
    ]


def fail_over(name, to):
    """`to` is the primary of the replication group from now on."""
    for backend in _every():
        group = backend.replication_groups.get(name)
        for member in _members(group) if group else []:
            is_it = member["cache_cluster_id"] == to
            member["current_role"] = "primary" if is_it else "replica"


def into_cluster_mode(name):
    """The replication group is one of cluster mode from now on."""
    for backend in _every():
        group = backend.replication_groups.get(name)
        if not group:
            continue
        whole = group.node_groups[0].pop("primary_endpoint")
        group.node_groups[0].pop("reader_endpoint")
        whole["address"] = f"clustercfg.{whole['address']}"
        group.configuration_endpoint = whole
        group.cluster_mode, group.cluster_enabled = "enabled", True


def _of_group(group, name):
    """The members that a name of the group leads to; None: not its name."""
    members = _members(group)
    whole = group.__dict__.get("configuration_endpoint") or {}
    if name == whole.get("address"):
        return group.member_clusters
    for nodes in group.node_groups:
        for key, role in (
            ("primary_endpoint", "primary"),
            ("reader_endpoint", "replica"),
        ):
            if name == (nodes.get(key) or {}).get("address"):
                return [
                    member["cache_cluster_id"]
                    for member in members
                    if member["current_role"] == role
                ]
    return None


def _led_to(backend, name):
    for group in backend.replication_groups.values():
        found = _of_group(group, name)
        if found is not None:
            return found
    for cluster in backend.cache_clusters.values():
        if cluster.__dict__.get("lp_host") == name:
            return [cluster.cache_cluster_id]
    for one in _serverless(backend).values():
        if one["Endpoint"]["Address"] == name:
            return [one["ServerlessCacheName"]]
    return None


def addresses_of(name):
    """The addresses behind a name; None: there is no such name."""
    for backend in _every():
        led = _led_to(backend, name)
        if led is not None:
            return [
                address for node in led for address in places.get(node, [])
            ]
    return None


def groups_of(address):
    """The security groups of the node at an address; None: no node's."""
    for node, where in places.items():
        if address not in where:
            continue
        for backend in _every():
            if node in backend.cache_clusters:
                return backend.cache_clusters[node].security_group_ids
            if node in _serverless(backend):
                return _serverless(backend)[node]["SecurityGroupIds"]
    return None
