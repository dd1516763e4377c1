"""IAM: what a key's policies allow, by action, condition and resource.

AWS asks for more than the action that is called: tags set in a create, the
service-linked role of an account's first load balancer, a private name.
"""

import fnmatch
import re

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from emulator import queries, signatures, state

# Accounts that have Elastic Load Balancing's service-linked role.
linked = set()

_ALWAYS = ("sts:GetCallerIdentity",)


def _true(parameters, name):
    return parameters.get(name, "").lower() == "true"


def needed(service, action, parameters, account):
    """Every action that this call needs."""
    wanted = [f"{service}:{action}"]
    names = " ".join(parameters)
    if service == "ec2" and "TagSpecification." in names:
        wanted.append("ec2:CreateTags")
    if service == "elasticloadbalancing" and action.startswith("Create"):
        if "Tags.member." in names:
            wanted.append("elasticloadbalancing:AddTags")
    if action == "CreateLoadBalancer" and account not in linked:
        wanted.append("iam:CreateServiceLinkedRole")
    if _true(parameters, "PrivateDnsEnabled"):
        wanted.append("route53:AssociateVPCWithHostedZone")
    return [one for one in wanted if one not in _ALWAYS]


def _request_tags(parameters):
    tags = {}
    for name, key in parameters.items():
        if re.search(r"Tags?(\.member)?\.\d+\.Key$", name):
            tags[key] = parameters.get(name[: -len("Key")] + "Value", "")
    return tags


def _tags_of_id(name, account, region):
    ec2 = ec2_backends[account][region]
    for owner in (ec2.configurations, ec2.vpc_end_points):
        if name in owner:
            return queries.tags_of(owner[name])
    group = ec2.get_security_group_from_id(name)
    if group is not None:
        return queries.tags_of(group)
    elb = elbv2_backends[account][region]
    if ":elasticloadbalancing:" in name:
        return elb.tagging_service.get_tag_dict_for_resource(name)
    return {}


_ID = re.compile(r"(vpce-|sg-|arn:aws[a-z-]*:elasticloadbalancing:)")


def _resource_tags(parameters, account, region):
    tags = {}
    for value in parameters.values():
        if _ID.match(value):
            tags.update(_tags_of_id(value, account, region))
    return tags


def _context(service, action, parameters, account, region):
    """The condition keys of a request, in lower case."""
    found = {
        f"{service}:createaction": [action],
        "aws:requestedregion": [region],
        "aws:principalaccount": [account],
        "iam:awsservicename": ["elasticloadbalancing.amazonaws.com"],
        "elasticloadbalancing:scheme": [parameters.get("Scheme", "")],
    }
    if "ServiceName" in parameters:
        found["ec2:vpceservicename"] = [parameters["ServiceName"]]
    requested = _request_tags(parameters)
    found["aws:tagkeys"] = list(requested)
    for key, value in requested.items():
        found[f"aws:requesttag/{key.lower()}"] = [value]
    for key, value in _resource_tags(parameters, account, region).items():
        for prefix in ("aws", service):
            found[f"{prefix}:resourcetag/{key.lower()}"] = [value]
    return found


def _as_list(value):
    return value if isinstance(value, list) else [value]


def _condition_holds(operator, key, wanted, context):
    quantifier, _, operator = operator.rpartition(":")
    optional = operator.endswith("IfExists")
    operator = operator.removesuffix("IfExists")
    have = context.get(key.lower())
    if not have:
        return optional or quantifier == "ForAllValues"
    wanted = [str(one) for one in _as_list(wanted)]
    compare = {
        "StringEquals": lambda a, b: a == b,
        "StringLike": fnmatch.fnmatchcase,
        "ArnLike": fnmatch.fnmatchcase,
        "StringEqualsIgnoreCase": lambda a, b: a.lower() == b.lower(),
        "Bool": lambda a, b: a.lower() == b.lower(),
    }[operator]
    hits = [any(compare(one, other) for other in wanted) for one in have]
    return all(hits) if quantifier == "ForAllValues" else any(hits)


def _conditions_hold(statement, context):
    return all(
        _condition_holds(operator, key, wanted, context)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _names_action(statement, action):
    patterns = _as_list(statement.get("Action", []))
    return any(
        fnmatch.fnmatchcase(action.lower(), pattern.lower())
        for pattern in patterns
    )


def _allows(policies, action, context):
    allowed = False
    for policy in policies:
        for statement in _as_list(policy["Statement"]):
            if not _names_action(statement, action):
                continue
            if not _conditions_hold(statement, context):
                continue
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def enforce(key, service, action, parameters, account, region):
    """Refused unless the key's policies allow all that is needed."""
    policies = state.SETTINGS["policies"].get(key)
    if policies is None:
        return
    context = _context(service, action, parameters, account, region)
    for one in needed(service, action, parameters, account):
        if not _allows(policies, one, context):
            code = "AccessDenied"
            if service == "ec2":
                code = "UnauthorizedOperation"
            text = f"You are not authorized to perform: {one}"
            raise signatures.Refused(403, code, text)
