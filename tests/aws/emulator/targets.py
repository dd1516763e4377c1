"""Target groups: who is registered, who drains, who is healthy.

A target is initial, then healthy or unhealthy by a real connection; unused
where nothing leads to it; draining for a while after it was deregistered.
"""

import ipaddress
import socket

from moto.core.responses import ActionResult
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup
from moto.elbv2.responses import ELBV2Response

from emulator import balancers, caches, network, queries, state
from emulator.state import replaces

_PRIVATE = [
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"),
        *("127.0.0.0/8", "198.18.0.0/15"),
    )
]

_NOT_IN_USE = (
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load "
    "balancer",
)
_WRONG_ZONE = (
    "unused",
    "Target.NotInUse",
    "Target is in an Availability Zone that is not enabled for the load "
    "balancer",
)
_INITIAL = (
    "initial",
    "Elb.RegistrationInProgress",
    "Target registration is in progress",
)
_DRAINING = (
    "draining",
    "Target.DeregistrationInProgress",
    "Target deregistration is in progress",
)
_UNHEALTHY = (
    "unhealthy",
    "Target.FailedHealthChecks",
    "Health checks failed",
)
_UNKNOWN = (
    "unused",
    "Target.NotRegistered",
    "Target is not registered to the target group",
)


@replaces(FakeTargetGroup, "__init__")
def _made(old, self, *arguments, **options):
    old(self, *arguments, **options)
    self.attributes["proxy_protocol_v2.enabled"] = "false"
    if self.target_type == "ip" and self.protocol == "TCP":
        self.attributes["preserve_client_ip.enabled"] = "false"
    # (address, port) -> when it came; and those that leave, when they did
    self.lp_targets, self.lp_draining = {}, {}


def _key(target, group):
    return target["Id"], int(target.get("Port") or group.port)


def _check_address(group, target):
    vpc = group.ec2_backend.get_vpc(group.vpc_id)
    address = ipaddress.ip_address(target["Id"])
    if any(
        address in ipaddress.ip_network(block["cidr_block"])
        for block in vpc.get_cidr_block_association_set()
    ):
        return
    if target.get("AvailabilityZone") == "all":
        return
    if any(address in network for network in _PRIVATE):
        raise ELBClientError(
            "ValidationError",
            "You must specify an Availability Zone for IP address "
            f"'{address}' because it is outside the VPC",
        )
    raise ELBClientError(
        "ValidationError",
        f"The IP address '{address}' is not within a subnet of the VPC nor "
        "in a private range",
    )


@replaces(FakeTargetGroup, "register")
def _register(_old, self, targets):
    for target in targets:
        if self.target_type == "ip":
            _check_address(self, target)
    for target in targets:
        key = _key(target, self)
        self.lp_draining.pop(key, None)
        self.lp_targets.setdefault(key, state.now())
    state.changed()


@replaces(FakeTargetGroup, "deregister")
def _deregister(_old, self, targets):
    for target in targets:
        key = _key(target, self)
        # who was never there is no error
        if self.lp_targets.pop(key, None) is not None:
            self.lp_draining[key] = state.now()
    state.changed()


@replaces(ELBv2Backend, "create_target_group")
def _create(old, self, name, **options):
    for group in self.target_groups.values():
        if group.name != name:
            continue
        have = (group.protocol, int(group.port), group.vpc_id)
        if (*have, group.target_type) == (
            options["protocol"],
            int(options["port"]),
            options["vpc_id"],
            options["target_type"],
        ):
            return group
        raise ELBClientError(
            "DuplicateTargetGroupName",
            "A target group with the same name exists, but with different "
            "settings",
        )
    return old(self, name, **options)


@replaces(ELBv2Backend, "delete_target_group")
def _delete(old, self, target_group_arn):
    # one that is gone is no error
    if target_group_arn in self.target_groups:
        return old(self, target_group_arn)
    return None


@replaces(ELBv2Backend, "modify_target_group")
def _modify(old, self, *arguments, **options):
    group = old(self, *arguments, **options)
    state.changed()
    return group


@replaces(ELBv2Backend, "modify_target_group_attributes")
def _modify_attributes(old, self, target_group_arn, attributes):
    result = old(self, target_group_arn, attributes)
    state.changed()
    return result


@replaces(ELBV2Response, "describe_target_groups")
def _describe(_old, self):
    read = self._get_param
    groups = self.elbv2_backend.describe_target_groups(
        read("LoadBalancerArn"), read("TargetGroupArns", []), read("Names", [])
    )
    items, token = queries.page(
        self, list(groups), size="PageSize", token="Marker", most=400
    )
    return ActionResult({"TargetGroups": items, "NextMarker": token})


def connects(address, port):
    """What a SYN meets: "open", "refused" or "silent"."""
    if state.SETTINGS["health"] == "told":
        return state.SETTINGS["told"].get(f"{address}:{port}", "silent")
    try:
        with socket.create_connection((address, port), 0.25):
            return "open"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "silent"


def zone_of(group, address):
    """The name of the zone of an address of the VPC, or None."""
    for subnets in group.ec2_backend.subnets.values():
        for subnet in subnets.values():
            if subnet.vpc_id == group.vpc_id and ipaddress.ip_address(
                address
            ) in ipaddress.ip_network(subnet.cidr_block):
                return subnet.availability_zone
    return None


def _balancers_of(backend, group):
    return [
        balancer
        for balancer in backend.load_balancers.values()
        if any(
            group.arn in balancers.forwards_to(listener)
            for listener in balancer.listeners.values()
        )
    ]


def _in_zones(leading, zone):
    """May any of the load balancers use a target of that zone?"""
    return zone is None or any(
        balancers.cross_zone(balancer)
        or zone in [subnet.availability_zone for subnet in balancer.subnets]
        for balancer in leading
    )


def lets_in(ec2, leading, key):
    """Do the groups of the cache's node admit a load balancer's nodes?

    Over PrivateLink a connection comes from the node, not from the client.
    """
    groups = caches.groups_of(key[0])
    if not groups:
        return True
    ranges = [
        ipaddress.ip_network(cidr, strict=False)
        for cidr in network.admitted(ec2, groups, key[1])
    ]
    return any(
        ipaddress.ip_network(subnet.cidr_block).subnet_of(one)
        for balancer in leading
        for subnet in balancer.subnets
        for one in ranges
    )


def _state_of(backend, group, key):
    if key in group.lp_draining:
        return _DRAINING
    if key not in group.lp_targets:
        return _UNKNOWN
    leading = _balancers_of(backend, group)
    if not leading:
        return _NOT_IN_USE
    if not _in_zones(leading, zone_of(group, key[0])):
        return _WRONG_ZONE
    if state.now() - group.lp_targets[key] < state.delay_s("target"):
        return _INITIAL
    if not lets_in(group.ec2_backend, leading, key):
        return _UNHEALTHY
    if state.SETTINGS["health"] == "ok" or connects(*key) == "open":
        return "healthy", None, None
    return _UNHEALTHY


def _drained(group):
    """Those that have left since are forgotten."""
    delay = state.delay_s("drain")
    for key, since in list(group.lp_draining.items()):
        if state.now() - since >= delay:
            del group.lp_draining[key]


@replaces(ELBv2Backend, "describe_target_health")
def _health(_old, self, target_group_arn, targets):
    group = self.target_groups.get(target_group_arn)
    if group is None:
        raise ELBClientError(
            "TargetGroupNotFound", "One or more target groups not found"
        )
    _drained(group)
    wanted = [_key(target, group) for target in targets]
    keys = wanted or [*group.lp_targets, *group.lp_draining]
    return [
        FakeHealthStatus(
            key[0], key[1], str(key[1]), *_state_of(self, group, key)
        )
        for key in keys
    ]
