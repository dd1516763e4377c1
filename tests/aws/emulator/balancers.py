"""Network Load Balancers and their listeners, as AWS makes and ends them."""

import re

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

from emulator import services, state
from emulator.state import replaces

_NAME = r"(?!internal-)(?!-)(?!.*-$)[A-Za-z0-9-]{1,32}"
_CROSS_ZONE = "load_balancing.cross_zone.enabled"


@replaces(FakeLoadBalancer, "__init__")
def _made(old, self, *arguments, **options):
    old(self, *arguments, **options)
    self.lp_since = state.now()
    if self.type != "network":
        return
    self.arn = self.arn.replace(":loadbalancer/app/", ":loadbalancer/net/")
    region, number = self.arn.split(":")[3], self.arn.rsplit("/", 1)[1]
    self.dns_name = f"{self.name}-{number}.elb.{region}.amazonaws.com"
    self.canonical_hosted_zone_id = "Z18D5FSROUN65G"


@replaces(FakeLoadBalancer, "activate")
def _activate(_old, self):
    age = state.now() - self.lp_since
    if self.state == "provisioning" and age >= state.delay_s("balancer"):
        self.state = "active"


def cross_zone(balancer):
    return str(balancer.attrs.get(_CROSS_ZONE)).lower() == "true"


def _same(balancer, scheme, kind, subnets):
    return (
        balancer.scheme == scheme
        and balancer.type == (kind or "application")
        and sorted(subnet.id for subnet in balancer.subnets) == subnets
    )


def _known_by_its_own_arn(backend, balancer, tags):
    """moto files it by its ARN before the type is known."""
    (old,) = (
        arn for arn, one in backend.load_balancers.items() if one is balancer
    )
    if old != balancer.arn:
        backend.load_balancers[balancer.arn] = backend.load_balancers.pop(old)
        backend.tagging_service.delete_all_tags_for_resource(old)
        backend.tagging_service.tag_resource(balancer.arn, tags or [])


@replaces(ELBv2Backend, "create_load_balancer")
def _create(
    old,
    self,
    name,
    security_groups,
    subnet_ids,
    subnet_mappings=None,
    scheme="internet-facing",
    loadbalancer_type=None,
    ip_address_type="ipv4",
    tags=None,
):
    if not re.fullmatch(_NAME, name):
        raise ELBClientError(
            "ValidationError", f"The load balancer name '{name}' is not valid"
        )
    mapped = [one["SubnetId"] for one in subnet_mappings or []]
    wanted = sorted([*subnet_ids, *mapped])
    scheme = scheme or "internet-facing"
    for balancer in self.load_balancers.values():
        if balancer.name != name:
            continue
        if _same(balancer, scheme, loadbalancer_type, wanted):
            return balancer
        raise ELBClientError(
            "DuplicateLoadBalancerName",
            "A load balancer with the same name exists, but with different "
            "settings",
        )
    made = old(
        self,
        name,
        security_groups,
        subnet_ids,
        subnet_mappings,
        scheme,
        loadbalancer_type,
        ip_address_type,
        tags,
    )
    _known_by_its_own_arn(self, made, tags)
    return made


@replaces(ELBv2Backend, "modify_load_balancer_attributes")
def _modify_attributes(old, self, arn, attrs):
    result = old(self, arn, attrs)
    state.changed()
    return result


@replaces(ELBv2Backend, "delete_load_balancer")
def _delete(_old, self, arn):
    for _, config in services.every(self.region_name):
        if arn in config.network_load_balancer_arns:
            raise ELBClientError(
                "ResourceInUse",
                f"Load balancer '{arn}' cannot be deleted because it is "
                "currently associated with another service",
            )
    if self.load_balancers.pop(arn, None):
        # its listeners go along, and its target groups are free
        for group in self.target_groups.values():
            group.load_balancer_arns = [
                one for one in group.load_balancer_arns if one != arn
            ]
    state.changed()


def forwards_to(listener):
    """The target groups that a listener leads to."""
    arns = []
    for action in listener.default_actions:
        data = action.data
        arns += [data.get("TargetGroupArn")]
        forward = data.get("ForwardConfig") or {}
        arns += [
            one["TargetGroupArn"] for one in forward.get("TargetGroups") or []
        ]
    return [arn for arn in dict.fromkeys(arns) if arn]


@replaces(ELBv2Backend, "create_listener")
def _create_listener(
    old,
    self,
    load_balancer_arn,
    protocol,
    port,
    ssl_policy,
    certificate,
    actions,
    alpn_policy=None,
    tags=None,
):
    balancer = self.load_balancers.get(load_balancer_arn)
    secure = protocol in ("TLS", "HTTPS")
    wanted = [action.get("TargetGroupArn") for action in actions]
    for listener in balancer.listeners.values() if balancer else []:
        if int(listener.port) != int(port):
            continue
        if (listener.protocol, forwards_to(listener)) == (protocol, wanted):
            return listener
        raise ELBClientError(
            "DuplicateListener",
            "A listener already exists on this port for this load balancer",
        )
    made = old(
        self,
        load_balancer_arn,
        protocol,
        port,
        ssl_policy if secure else None,
        certificate,
        actions,
        alpn_policy,
        tags,
    )
    if not secure:
        made.ssl_policy = None
    state.changed()
    return made


@replaces(ELBv2Backend, "modify_listener")
def _modify_listener(old, self, *arguments, **options):
    made = old(self, *arguments, **options)
    state.changed()
    return made


@replaces(ELBv2Backend, "delete_listener")
def _delete_listener(old, self, listener_arn):
    gone = old(self, listener_arn)
    state.changed()
    return gone


_MISSING = {
    "targetgroup": "TargetGroupNotFound",
    "listener": "ListenerNotFound",
}


@replaces(ELBv2Backend, "describe_tags")
def _tags(_old, self, resource_arns):
    known = {*self.load_balancers, *self.target_groups}
    for balancer in self.load_balancers.values():
        known.update(balancer.listeners)
    for arn in resource_arns:
        if arn not in known:
            kind = arn.split(":")[5].split("/")[0]
            raise ELBClientError(
                _MISSING.get(kind, "LoadBalancerNotFound"),
                f"'{arn}' not found",
            )
    tags = self.tagging_service.get_tag_dict_for_resource
    return {arn: tags(arn) for arn in resource_arns}
