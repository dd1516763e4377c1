"""Where the packets of the emulated path go, by what the API holds.

plan() is the truth that two worlds are made of: the one on loopback
(world.py) and the one in network namespaces (../lab_world.py).
"""

import hashlib
import ipaddress

from moto.elbv2.models import elbv2_backends

from emulator import (
    balancers,
    endpoints,
    network,
    services,
    state,
    targets,
)

# Where there is no listener, this port is still one that somebody tries.
PORT = 6379


def _client_of(endpoint):
    """From where the clients of an endpoint's VPC come."""
    told = state.SETTINGS["clients"].get(endpoint.vpc_id)
    if told:
        return told
    subnet = endpoint.ec2_backend.get_subnet(endpoint.subnet_ids[0])
    return str(ipaddress.ip_network(subnet.cidr_block)[10])


def _balancer_of(elb, config, endpoint, subnet, zone):
    """An endpoint's address keeps to one load balancer of its zone."""
    able = [
        balancer
        for arn in config.network_load_balancer_arns
        if (balancer := elb.load_balancers.get(arn))
        and zone in [one.availability_zone for one in balancer.subnets]
    ]
    if not able:
        return None
    digest = hashlib.sha1((endpoint.id + subnet).encode()).digest()
    return able[digest[0] % len(able)]


def _targets_of(elb, balancer, listener, zone):
    """(targets that this zone's node may use, is PROXY protocol on?)"""
    found, proxy = [], False
    for arn in balancers.forwards_to(listener):
        group = elb.target_groups.get(arn)
        if group is None:
            continue
        on = group.attributes.get("proxy_protocol_v2.enabled")
        proxy = proxy or str(on).lower() == "true"
        for address, port in list(group.lp_targets):
            its_zone = targets.zone_of(group, address)
            if balancers.cross_zone(balancer) or its_zone in (None, zone):
                found.append((address, port))
    return sorted(found), proxy


def _rows_of(endpoint, owner, config):
    elb = elbv2_backends[owner.account_id][owner.region_name]
    theirs = {
        one.zone_id: one.name for one in owner.describe_availability_zones()
    }
    for subnet, address in endpoints.addresses(endpoint).items():
        place = endpoint.ec2_backend.get_subnet(subnet)
        zone = theirs[place.availability_zone_id]
        balancer = _balancer_of(elb, config, endpoint, subnet, zone)
        listeners = list(balancer.listeners.values()) if balancer else []
        by_port = {int(one.port): one for one in listeners}
        for port in sorted({PORT, *by_port}):
            row = {
                "endpoint": endpoint.id,
                "address": address,
                "port": port,
                "zone_id": place.availability_zone_id,
                "client": _client_of(endpoint),
                "admitted": network.admitted(
                    endpoint.ec2_backend, endpoint.security_group_ids, port
                ),
                "listener": port in by_port,
                "targets": [],
                "blocked": [],
                "proxy": False,
            }
            if port in by_port:
                row["targets"], row["proxy"] = _targets_of(
                    elb, balancer, by_port[port], zone
                )
                row["blocked"] = [
                    target
                    for target in row["targets"]
                    if not targets.lets_in(owner, [balancer], target)
                ]
            yield row


def plan():
    """A row for each address and port of each endpoint that is available."""
    rows = []
    with state.LOCK:
        for backend, endpoint in endpoints.every():
            if endpoints.state_of(endpoint) != "available":
                continue
            for owner, config in services.every(backend.region_name):
                if config.service_name == endpoint.service_name:
                    rows += _rows_of(endpoint, owner, config)
    return rows


def registered():
    """Every target of every group: whom health checks ask."""
    found = set()
    for account in list(elbv2_backends.keys()):
        for backend in list(elbv2_backends[account].values()):
            for group in list(backend.target_groups.values()):
                found.update(group.lp_targets)
    return sorted(found)


def lets_in(row):
    client = ipaddress.ip_address(row["client"])
    return any(
        client in ipaddress.ip_network(cidr, strict=False)
        for cidr in row["admitted"]
    )
