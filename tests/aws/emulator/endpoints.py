"""Interface endpoints: their states, addresses and names.

    pendingAcceptance -> pending -> available -> deleting -> gone
            \\______________________/
                   rejected

What passes by itself is found to have passed when somebody looks.
"""

import ipaddress
import json

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response

from emulator import callers, queries, services, state
from emulator.state import replaces

LIVE = ("available", "pendingAcceptance", "pending")
_GONE = "InvalidVpcEndpointId.NotFound"


def find(region, name):
    for account in list(ec2_backends.keys()):
        endpoint = ec2_backends[account][region].vpc_end_points.get(name)
        if endpoint is not None:
            return endpoint
    return None


def every():
    """(backend, endpoint) of all accounts and regions."""
    for account in list(ec2_backends.keys()):
        for backend in list(ec2_backends[account].values()):
            for endpoint in list(backend.vpc_end_points.values()):
                yield backend, endpoint


def enter(endpoint, name):
    endpoint.state = name
    endpoint.lp_since = state.now()
    state.changed()


def state_of(endpoint):
    """Its state at this moment."""
    with state.LOCK:
        age = state.now() - endpoint.__dict__.get("lp_since", 0)
        if endpoint.state == "pending" and age >= state.delay_s("endpoint"):
            endpoint.dns_entries = _names(endpoint)
            enter(endpoint, "available")
        elif endpoint.state == "deleting" and age >= state.delay_s("delete"):
            _end(endpoint)
        return endpoint.state


def _end(endpoint):
    for interface in endpoint.network_interface_ids:
        endpoint.ec2_backend.enis.pop(interface, None)
    enter(endpoint, "deleted")


def addresses(endpoint):
    """{subnet id: address}; none once it is deleted."""
    enis = endpoint.ec2_backend.enis
    return {
        subnet: enis[interface].private_ip_address
        for subnet, interface in zip(
            endpoint.subnet_ids, endpoint.network_interface_ids
        )
        if interface in enis
    }


def _names(endpoint):
    backend, tail = endpoint.ec2_backend, endpoint.lp_tail
    region = backend.region_name
    service = endpoint.service_name.rsplit(".", 1)[1]
    suffix = f"{service}.{region}.vpce.amazonaws.com"
    names = [f"{endpoint.id}-{tail}.{suffix}"]
    for subnet in endpoint.subnet_ids:
        zone = backend.get_subnet(subnet).availability_zone
        names.append(f"{endpoint.id}-{tail}-{zone}.{suffix}")
    entries = [
        {"dns_name": name, "hosted_zone_id": "Z1T3A2EXCYU9Z"}
        for name in names
    ]
    if endpoint.private_dns_enabled:
        entries.append(
            {
                "dns_name": endpoint.lp_private_name,
                "hosted_zone_id": f"Z{endpoint.lp_tail.upper()}",
            }
        )
    return entries


def _check_subnets(backend, owner, config, vpc, subnet_ids):
    """Each in the VPC, in a zone of the service, one a zone."""
    zone_ids = {
        zone.zone_id
        for zone in owner.describe_availability_zones()
        if zone.name in config.availability_zones
    }
    used = set()
    for name in subnet_ids:
        subnet = backend.get_subnet(name)
        if subnet.vpc_id != vpc:
            raise EC2ClientError(
                "InvalidParameter", f"The subnet {name} is not in vpc {vpc}"
            )
        if subnet.availability_zone_id not in zone_ids:
            raise EC2ClientError(
                "InvalidParameter",
                f"The VPC endpoint service {config.service_name} does not "
                f"support the availability zone of the subnet: {name}.",
            )
        if subnet.availability_zone in used:
            raise EC2ClientError(
                "DuplicateSubnetsInSameZone",
                "Found another VPC endpoint subnet in the availability zone "
                f"of {name}.",
            )
        used.add(subnet.availability_zone)


def _give_address(backend, interface, subnet):
    """An address of the subnet, as AWS picks one."""
    host = state.SETTINGS["eni_host"]
    if host is not None:
        first = ipaddress.ip_network(subnet.cidr_block)[0]
        interface.private_ip_address = str(first + host)
    else:
        interface.private_ip_address = subnet.get_available_subnet_ip(
            interface
        )


def _check_private_name(config, wanted):
    verified = services._private_dns(config).get("State") == "verified"
    if wanted and not verified:
        raise EC2ClientError(
            "InvalidParameter",
            "Private DNS can't be enabled because the service "
            f"{config.service_name} does not provide a private DNS name.",
        )


def _default_groups(backend, vpc, groups):
    if groups:
        return groups
    return [backend.get_security_group_from_name("default", vpc).id]


def _set_up(backend, endpoint, config, request):
    read = request._get_param
    state.born(endpoint)
    endpoint.dns_entries, endpoint.lp_tail = [], state.hexadecimal(8)
    endpoint.lp_private_name = config.private_dns_name
    endpoint.private_dns_enabled = (
        str(read("PrivateDnsEnabled")).lower() == "true"
    )
    endpoint.security_group_ids = _default_groups(
        backend, endpoint.vpc_id, endpoint.security_group_ids
    )
    for interface, subnet in zip(
        endpoint.network_interface_ids, endpoint.subnet_ids
    ):
        eni = backend.enis[interface]
        _give_address(backend, eni, backend.get_subnet(subnet))
        eni.description = f"VPC Endpoint Interface {endpoint.id}"
    waits = services.acceptance(config)
    enter(endpoint, "pendingAcceptance" if waits else "pending")


def _make(old, self):
    backend, read = self.ec2_backend, self._get_param
    arn = callers.arn_of(self.access_key)
    owner, config = services.find(
        read("ServiceName"), self.region, self.current_account, arn
    )
    if config is None:
        raise InvalidServiceName(read("ServiceName"))
    subnets = read("SubnetIds", [])
    _check_subnets(backend, owner, config, read("VpcId"), subnets)
    _check_private_name(
        config, str(read("PrivateDnsEnabled")).lower() == "true"
    )
    for group in read("SecurityGroupIds", []):
        if backend.get_security_group_from_id(group) is None:
            raise EC2ClientError(
                "InvalidGroup.NotFound",
                f"The security group '{group}' does not exist",
            )
    endpoint = old(self).result["VpcEndpoint"]
    _set_up(backend, endpoint, config, self)
    return endpoint


@replaces(EC2Response, "create_vpc_endpoint")
def _create(old, self):
    read = self._get_param
    if (read("VpcEndpointType") or "Gateway").lower() != "interface":
        return old(self)
    token = read("ClientToken")
    fingerprint = json.dumps(
        [
            read(name, None)
            for name in (
                *("VpcId", "ServiceName", "SubnetIds"),
                *("SecurityGroupIds", "PrivateDnsEnabled"),
            )
        ]
    )
    with state.LOCK:
        memory = self.ec2_backend.__dict__.setdefault("lp_tokens", {})
        endpoint = services.repeated(memory, token, fingerprint)
        if endpoint is None:
            endpoint = _make(old, self)
            if token:
                memory[token] = (fingerprint, endpoint)
    return ActionResult({"VpcEndpoint": endpoint, "ClientToken": token})


def _listed(backend, ids):
    """Those that a look shows: by id at once, in lists after the lag."""
    shown = []
    for endpoint in list(backend.vpc_end_points.values()):
        gone = state_of(endpoint) == "deleted"
        age = state.now() - endpoint.lp_since if gone else 0
        if gone and age >= max(state.lag_s(), state.delay_s("delete")):
            backend.vpc_end_points.pop(endpoint.id, None)
        elif endpoint.id in ids and not gone:
            shown.append(endpoint)
        elif not ids and state.visible(endpoint):
            shown.append(endpoint)
    return shown


def _attributes(endpoint):
    return {
        "vpc-endpoint-id": endpoint.id,
        "vpc-id": endpoint.vpc_id,
        "service-name": endpoint.service_name,
        "vpc-endpoint-state": endpoint.state,
        "vpc-endpoint-type": endpoint.vpc_endpoint_type,
    }


@replaces(EC2Response, "describe_vpc_endpoints")
def _describe(_old, self):
    ids = self._get_param("VpcEndpointIds", [])
    found = _listed(self.ec2_backend, ids)
    known = {endpoint.id for endpoint in found}
    for name in ids:
        if name not in known:
            raise EC2ClientError(
                _GONE, f"The Vpc Endpoint Id '{name}' does not exist"
            )
    found = queries.filtered(self, found, _attributes)
    items, token = queries.page(self, found)
    return ActionResult({"VpcEndpoints": items, "NextToken": token})


def _add_subnets(backend, endpoint, subnet_ids):
    for name in subnet_ids:
        eni = backend.create_network_interface(name, None)
        _give_address(backend, eni, backend.get_subnet(name))
        endpoint.subnet_ids.append(name)
        endpoint.network_interface_ids.append(eni.id)


def _remove_subnets(backend, endpoint, subnet_ids):
    for name in subnet_ids:
        place = endpoint.subnet_ids.index(name)
        del endpoint.subnet_ids[place]
        backend.enis.pop(endpoint.network_interface_ids.pop(place), None)


@replaces(EC2Response, "modify_vpc_endpoint")
def _modify(_old, self):
    backend, read = self.ec2_backend, self._get_param
    endpoint = backend.vpc_end_points.get(read("VpcEndpointId"))
    if endpoint is None or state_of(endpoint) == "deleted":
        raise EC2ClientError(
            _GONE,
            f"The Vpc Endpoint Id '{read('VpcEndpointId')}' does not exist",
        )
    owner, config = services.find(
        endpoint.service_name,
        self.region,
        self.current_account,
        callers.arn_of(self.access_key),
    )
    removed = read("RemoveSubnetIds", [])
    added = read("AddSubnetIds", [])
    kept = [name for name in endpoint.subnet_ids if name not in removed]
    if added:
        _check_subnets(backend, owner, config, endpoint.vpc_id, kept + added)
    private = read("PrivateDnsEnabled")
    if private is not None:
        wanted = str(private).lower() == "true"
        _check_private_name(config, wanted)
        endpoint.private_dns_enabled = wanted
        endpoint.lp_private_name = config.private_dns_name
    _remove_subnets(backend, endpoint, removed)
    _add_subnets(backend, endpoint, added)
    groups = set(read("RemoveSecurityGroupIds", []))
    endpoint.security_group_ids = [
        name for name in endpoint.security_group_ids if name not in groups
    ] + read("AddSecurityGroupIds", [])
    if endpoint.state == "available":
        endpoint.dns_entries = _names(endpoint)
    state.changed()
    return ActionResult({"Return": True})


@replaces(EC2Response, "delete_vpc_endpoints")
def _delete(_old, self):
    failed = []
    for name in self._get_param("VpcEndpointIds", []):
        endpoint = self.ec2_backend.vpc_end_points.get(name)
        if endpoint is None or state_of(endpoint) == "deleted":
            code = "InvalidVpcEndpoint.NotFound"
            text = f"The Vpc Endpoint Id '{name}' does not exist"
            failed.append(queries.unsuccessful(name, code, text))
        elif endpoint.state != "deleting":
            enter(endpoint, "deleting")
    return ActionResult({"Unsuccessful": failed})
