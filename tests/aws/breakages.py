"""Thirteen ways in which a path breaks, each named by `verify`.

A breakage is a function that breaks a path that was applied; beside it are
the verdict, and a word of the command that mends it.
"""

import dataclasses
import typing

import scenario
import servers
from accounts import APP, PROVIDER
from test_provision_drift import (
    Path,
    cross_zone_off,
    listener_gone,
    one_target_removed,
    principal_removed,
    rule_removed,
)

PORT = scenario.PORT


def no_principal(world, path):
    """The consumer may not see the service: no endpoint, no permission."""
    path.app("delete_vpc_endpoints", VpcEndpointIds=[path.endpoint])
    principal_removed(path)
    _wait_gone(path)


def _wait_gone(path):
    def gone():
        found = path.app("describe_vpc_endpoints")["VpcEndpoints"]
        return all(one["State"] == "deleted" for one in found)

    servers.wait_for(gone, "the endpoint is gone")


def pending(world, path):
    """An endpoint like ours, which nobody accepted."""
    tags = path.app(
        "describe_vpc_endpoints", VpcEndpointIds=[path.endpoint]
    )["VpcEndpoints"][0]["Tags"]
    path.app("delete_vpc_endpoints", VpcEndpointIds=[path.endpoint])
    _wait_gone(path)
    path.app(
        "create_vpc_endpoint",
        VpcEndpointType="Interface",
        VpcId=world.consumer.vpc,
        ServiceName=f"com.amazonaws.vpce.us-west-2.{path.service}",
        SubnetIds=[world.consumer.subnets[zone] for zone in "ad"],
        SecurityGroupIds=[path.firewall],
        PrivateDnsEnabled=False,
        TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": tags}],
    )


def rejected(world, path):
    path.owner(
        "reject_vpc_endpoint_connections",
        ServiceId=path.service,
        VpcEndpointIds=[path.endpoint],
    )


def wrong_zone(world, path):
    """One of the endpoint's zones has no target, and cross-zone is off."""
    cross_zone_off(path)


def no_rule(world, path):
    rule_removed(path)


def no_listener(world, path):
    listener_gone(path)


def no_target(world, path):
    one_target_removed(path)


def stale_target(world, path):
    """The name has moved; the target is an address of nobody."""
    path.register(f"127.{world.number}.1.99")
    path.deregister(world.nodes.addresses[0])


def readonly(world, path):
    """After a failover the target is the replica: PING and GET are well."""
    world.fail_over()


def dead_node(world, path):
    world.nodes.stop(0)


@dataclasses.dataclass
class Breakage:
    """What breaks, what it is called, what mends it."""

    breaks: typing.Callable
    verdicts: tuple
    mends: tuple
    # a client meets no answer, and not a wrong one
    silent: bool = True


NETWORK = [
    Breakage(
        no_principal,
        ("AWS_PRINCIPAL_NOT_ALLOWED",),
        ("modify-vpc-endpoint-service-permissions", "apply"),
    ),
    Breakage(
        pending,
        ("AWS_ENDPOINT_NOT_AVAILABLE",),
        ("accept-vpc-endpoint-connections", "accept", "apply"),
    ),
    Breakage(
        rejected,
        ("AWS_ENDPOINT_NOT_AVAILABLE",),
        ("accept-vpc-endpoint-connections", "accept", "apply"),
    ),
    Breakage(
        wrong_zone,
        ("AWS_ZONE_MISMATCH",),
        ("modify-load-balancer-attributes", "apply"),
    ),
    Breakage(
        no_rule,
        ("AWS_NO_RULE",),
        ("authorize-security-group-ingress", "apply"),
    ),
    Breakage(no_listener, ("AWS_NO_LISTENER",), ("create-listener", "apply")),
    Breakage(
        no_target, ("AWS_NO_TARGET",), ("register-targets", "sync", "apply")
    ),
    Breakage(
        stale_target,
        ("TCP_TARGET_STALE",),
        ("register-targets", "sync", "apply"),
        silent=False,
    ),
    Breakage(
        readonly,
        ("REDIS_READONLY", "TCP_TARGET_STALE"),
        ("sync", "register-targets", "apply"),
        silent=False,
    ),
    Breakage(
        dead_node,
        ("AWS_TARGET_UNHEALTHY",),
        ("describe-target-health", "elasticache", "redis", "sync"),
        silent=False,
    ),
]


def broken(world, breakage):
    path = Path(world)
    breakage.breaks(world, path)
    return path


__all__ = ["APP", "NETWORK", "PROVIDER", "Path", "broken"]
