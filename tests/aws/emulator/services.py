"""Endpoint services: the provider's side, and what consumers may see."""

import hashlib
import json
import re

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models import ec2_backends
from moto.ec2.models.vpc_service_configuration import VPCServiceConfiguration
from moto.ec2.responses import EC2Response
from moto.elbv2.models import elbv2_backends

from emulator import callers, queries, state
from emulator.state import replaces

_PRINCIPAL = r"arn:aws[a-z-]*:iam::\d{12}:(root|user/[^/]+|role/[^/]+)"
_GONE = "InvalidVpcEndpointService.NotFound"


def every(region):
    """(backend, service) of all accounts."""
    for account in list(ec2_backends.keys()):
        backend = ec2_backends[account][region]
        for config in list(backend.configurations.values()):
            yield backend, config


def acceptance(config):
    return str(config.acceptance_required).lower() == "true"


def admits(config, account, arn):
    """Which of its principals allow this caller; None: none does."""
    for principal in config.principals:
        if principal in ("*", f"arn:aws:iam::{account}:root", arn):
            return principal
    return None


def find(name, region, account, arn):
    """(backend, service) if this caller may see it, else (None, None)."""
    for backend, config in every(region):
        seen = backend.account_id == account or admits(config, account, arn)
        if config.service_name == name and seen:
            return backend, config
    return None, None


def endpoints_of(config, region):
    for account in list(ec2_backends.keys()):
        backend = ec2_backends[account][region]
        for endpoint in list(backend.vpc_end_points.values()):
            if endpoint.service_name == config.service_name:
                yield endpoint


def _private_dns(config):
    if not config.private_dns_name:
        return {}
    return {
        "State": config.__dict__.get("lp_dns_state", "pendingVerification"),
        "Type": "TXT",
        "Value": f"vpce:{config.id[9:29]}",
        "Name": f"_{config.id[9:25]}",
    }


VPCServiceConfiguration.private_dns_name_configuration = property(_private_dns)


@replaces(VPCServiceConfiguration, "__init__")
def _made(old, self, *arguments, **options):
    old(self, *arguments, **options)
    self.id = f"vpce-svc-{state.hexadecimal(17)}"
    region = self.ec2_backend.region_name
    self.service_name = f"com.amazonaws.vpce.{region}.{self.id}"
    self.endpoint_dns_name = f"{self.id}.{region}.vpce.amazonaws.com"
    self.availability_zones = sorted(set(self.availability_zones))


def _usable(backend, arns, service=None):
    """Refuse balancers that are not active, or another service's."""
    for other in backend.configurations.values():
        shared = set(arns) & set(other.network_load_balancer_arns)
        if shared and other is not service:
            raise EC2ClientError(
                "InvalidParameter",
                f"Load balancer {shared.pop()} is already associated with "
                f"endpoint service {other.id}",
            )
    balancers = elbv2_backends[backend.account_id][backend.region_name]
    for arn in arns:
        balancer = balancers.load_balancers.get(arn)
        if balancer is None:
            raise EC2ClientError(
                "InvalidLoadBalancerArn.NotFound",
                f"The load balancer '{arn}' does not exist",
            )
        balancer.activate()
        if balancer.state != "active":
            raise EC2ClientError(
                "InvalidParameter",
                f"Load balancer {arn} must be in the active state",
            )


def repeated(memory, token, fingerprint):
    """What this client token made before; None: nothing."""
    if not token or token not in memory:
        return None
    before, made = memory[token]
    if before != fingerprint:
        raise EC2ClientError(
            "IdempotentParameterMismatch",
            "The client token was used before with other parameters.",
        )
    return made


@replaces(EC2Response, "create_vpc_endpoint_service_configuration")
def _create(old, self):
    backend, read = self.ec2_backend, self._get_param
    token = read("ClientToken")
    arns = read("NetworkLoadBalancerArns", [])
    acceptance_required = str(read("AcceptanceRequired", True))
    fingerprint = json.dumps(
        [arns, acceptance_required, read("PrivateDnsName")]
    )
    with state.LOCK:
        memory = backend.__dict__.setdefault("lp_service_tokens", {})
        config = repeated(memory, token, fingerprint)
        if config is None:
            _usable(backend, arns)
            config = old(self).result["ServiceConfiguration"]
            state.born(config)
            if token:
                memory[token] = (fingerprint, config)
    return ActionResult(
        {"ServiceConfiguration": config, "ClientToken": token}
    )


def _attributes(config):
    return {
        "service-name": config.service_name,
        "service-id": config.id,
        "service-state": config.service_state,
    }


@replaces(EC2Response, "describe_vpc_endpoint_service_configurations")
def _describe(_old, self):
    ids = self._get_param("ServiceIds", [])
    backend = self.ec2_backend
    configs = backend.describe_vpc_endpoint_service_configurations(ids)
    if not ids:
        configs = [config for config in configs if state.visible(config)]
        configs += state.ghosts["service"].of(backend)
    configs = queries.filtered(self, configs, _attributes)
    items, token = queries.page(self, configs)
    return ActionResult({"ServiceConfigurations": items, "NextToken": token})


def _balancers_changed(config, backend):
    """A service is in the zones of its load balancers."""
    balancers = elbv2_backends[backend.account_id][backend.region_name]
    config.availability_zones = sorted(
        {
            subnet.availability_zone
            for arn in config.network_load_balancer_arns
            for subnet in balancers.load_balancers[arn].subnets
        }
    )


@replaces(EC2Response, "modify_vpc_endpoint_service_configuration")
def _modify(old, self):
    backend, read = self.ec2_backend, self._get_param
    ids = [read("ServiceId")]
    config = backend.describe_vpc_endpoint_service_configurations(ids)[0]
    added = read("AddNetworkLoadBalancerArns", [])
    _usable(backend, added, config)
    have = config.network_load_balancer_arns
    missing = set(read("RemoveNetworkLoadBalancerArns", [])) - set(have)
    if missing or set(added) & set(have):
        raise EC2ClientError(
            "InvalidParameter", f"Load balancers: {sorted(missing) or added}"
        )
    result = old(self)
    if str(read("RemovePrivateDnsName")).lower() == "true":
        config.private_dns_name = None
    if read("PrivateDnsName"):
        config.lp_dns_state = "pendingVerification"
    _balancers_changed(config, backend)
    state.changed()
    return result


@replaces(EC2Response, "start_vpc_endpoint_service_private_dns_verification")
def _verify_name(_old, self):
    ids = [self._get_param("ServiceId")]
    backend = self.ec2_backend
    config = backend.describe_vpc_endpoint_service_configurations(ids)[0]
    if not config.private_dns_name:
        raise EC2ClientError(
            "InvalidParameter", f"{config.id} has no private DNS name"
        )
    found = state.SETTINGS["txt_record"]
    config.lp_dns_state = "verified" if found else "failed"
    return ActionResult({"ReturnValue": True})


@replaces(EC2Response, "delete_vpc_endpoint_service_configurations")
def _delete(_old, self):
    from emulator.endpoints import LIVE, state_of

    failed = []
    backend = self.ec2_backend
    for name in self._get_param("ServiceIds", []):
        config = backend.configurations.get(name)
        if config is None:
            text = f"The VpcEndpointService Id '{name}' does not exist"
            failed.append(queries.unsuccessful(name, _GONE, text))
        elif any(
            state_of(endpoint) in LIVE
            for endpoint in endpoints_of(config, self.region)
        ):
            code = "ExistingVpcEndpointConnections"
            text = "Service has existing active VPC Endpoint connections!"
            failed.append(queries.unsuccessful(name, code, text))
        else:
            backend.configurations.pop(name)
            state.ghosts["service"].add(backend, config)
    state.changed()
    return ActionResult({"Unsuccessful": failed})


def _kind(principal):
    if principal == "*":
        return "All"
    if principal.endswith(":root"):
        return "Account"
    return "Role" if ":role/" in principal else "User"


def _permission(config, principal):
    digest = hashlib.sha1((config.id + principal).encode()).hexdigest()
    return {
        "PrincipalType": _kind(principal),
        "Principal": principal,
        "ServiceId": config.id,
        "ServicePermissionId": f"vpce-svc-perm-{digest[:17]}",
    }


@replaces(EC2Response, "modify_vpc_endpoint_service_permissions")
def _permit(_old, self):
    read = self._get_param
    ids = [read("ServiceId")]
    backend = self.ec2_backend
    config = backend.describe_vpc_endpoint_service_configurations(ids)[0]
    wanted = read("AddAllowedPrincipals", [])
    for principal in wanted:
        if principal != "*" and not re.fullmatch(_PRINCIPAL, principal):
            raise EC2ClientError(
                "InvalidPrincipal", f"Invalid Principal: '{principal}'"
            )
    added = [one for one in wanted if one not in config.principals]
    removed = read("RemoveAllowedPrincipals", [])
    config.principals = [
        one for one in config.principals + added if one not in removed
    ]
    since = config.__dict__.setdefault("lp_permitted", {})
    since.update((one, state.now()) for one in added)
    permissions = [_permission(config, one) for one in added]
    return ActionResult(
        {"ReturnValue": True, "AddedPrincipals": permissions}
    )


@replaces(EC2Response, "describe_vpc_endpoint_service_permissions")
def _permissions(_old, self):
    ids = [self._get_param("ServiceId")]
    backend = self.ec2_backend
    config = backend.describe_vpc_endpoint_service_configurations(ids)[0]
    rows = [_permission(config, one) for one in config.principals]
    rows = queries.filtered(
        self,
        rows,
        lambda row: {
            "principal": row["Principal"],
            "principal-type": row["PrincipalType"],
        },
    )
    items, token = queries.page(self, rows)
    return ActionResult({"AllowedPrincipals": items, "NextToken": token})


def _permitted_since(config, account, arn):
    """A consumer sees a service a while after it was let in."""
    principal = admits(config, account, arn)
    since = config.__dict__.get("lp_permitted", {}).get(principal, 0)
    return state.now() - since >= state.lag_s()


def _seen_by(self, account, arn):
    for backend, config in every(self.region):
        if backend.account_id == account:
            yield backend, config
        elif admits(config, account, arn) and _permitted_since(
            config, account, arn
        ):
            yield backend, config


def _detail(self, backend, config):
    """What a consumer is told; zones by the consumer's own names."""
    theirs = {
        zone.name: zone.zone_id
        for zone in backend.describe_availability_zones()
    }
    ours = {
        zone.zone_id: zone.name
        for zone in self.ec2_backend.describe_availability_zones()
    }
    zone_ids = [theirs[name] for name in config.availability_zones]
    verified = _private_dns(config).get("State")
    return {
        "ServiceName": config.service_name,
        "ServiceId": config.id,
        "ServiceType": config.service_type,
        "ServiceRegion": self.region,
        "AvailabilityZoneIds": zone_ids,
        "AvailabilityZones": [ours[name] for name in zone_ids],
        "Owner": backend.account_id,
        "BaseEndpointDnsNames": config.base_endpoint_dns_names,
        "PrivateDnsName": config.private_dns_name,
        "PrivateDnsNameVerificationState": verified,
        "VpcEndpointPolicySupported": False,
        "AcceptanceRequired": acceptance(config),
        "ManagesVpcEndpoints": False,
        "SupportedIpAddressTypes": ["ipv4"],
    }


@replaces(EC2Response, "describe_vpc_endpoint_services")
def _describe_services(_old, self):
    names = self._get_param("ServiceNames", [])
    account, arn = self.current_account, callers.arn_of(self.access_key)
    seen = list(_seen_by(self, account, arn))
    known = {config.service_name for _, config in seen}
    for name in names:
        if name not in known:
            raise InvalidServiceName(name)
    details = [
        _detail(self, backend, config)
        for backend, config in seen
        if not names or config.service_name in names
    ]
    details = queries.filtered(
        self,
        details,
        lambda one: {
            "service-name": one["ServiceName"],
            "owner": one["Owner"],
            "service-type": "Interface",
        },
    )
    items, token = queries.page(self, details)
    return ActionResult(
        {
            "ServiceNames": [one["ServiceName"] for one in items],
            "ServiceDetails": items,
            "NextToken": token,
        }
    )
