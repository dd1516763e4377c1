"""What exists, by account: `exactly one of each` is one comparison."""

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from emulator import balancers, endpoints, queries


def _groups(ec2):
    return [
        group
        for groups in ec2.groups.values()
        for group in groups.values()
        if group.name != "default"
    ]


def _rule(rule):
    cidr = (rule.ip_range or {}).get("CidrIp")
    return f"{rule.ip_protocol}:{rule.from_port}-{rule.to_port}:{cidr}"


def _ec2(ec2):
    services = ec2.configurations.values()
    live = [
        one
        for one in list(ec2.vpc_end_points.values())
        if endpoints.state_of(one) not in ("deleted", "deleting")
    ]
    return {
        "services": [one.id for one in services],
        "principals": {one.id: sorted(one.principals) for one in services},
        "endpoints": {one.id: one.state for one in live},
        "security_groups": {one.id: one.name for one in _groups(ec2)},
        "ingress": {
            one.name: sorted(_rule(rule) for rule in one.ingress_rules)
            for one in _groups(ec2)
        },
        "tags": {
            one.id: queries.tags_of(one)
            for one in [*services, *live, *_groups(ec2)]
        },
    }


def _elb(elb):
    tags = elb.tagging_service.get_tag_dict_for_resource
    listeners = {
        f"{balancer.name}:{listener.port}": balancers.forwards_to(listener)
        for balancer in elb.load_balancers.values()
        for listener in balancer.listeners.values()
    }
    arns = [*elb.load_balancers, *elb.target_groups]
    for balancer in elb.load_balancers.values():
        arns += balancer.listeners
    return {
        "load_balancers": {
            one.name: one.arn for one in elb.load_balancers.values()
        },
        "listeners": listeners,
        "target_groups": {
            one.name: sorted(f"{host}:{port}" for host, port in one.lp_targets)
            for one in elb.target_groups.values()
        },
        "elb_tags": {arn: tags(arn) for arn in arns},
    }


def take():
    """{account: {region: {kind: ...}}}, of accounts that have anything."""
    found = {}
    for account in list(ec2_backends.keys()):
        for region, ec2 in list(ec2_backends[account].items()):
            row = {**_ec2(ec2), **_elb(elbv2_backends[account][region])}
            if any(row.values()):
                found.setdefault(account, {})[region] = row
    return found
