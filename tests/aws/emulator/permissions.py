"""What a call needs of IAM: actions, each on resources, with their context.

AWS asks for every resource of a call by itself, and for more than the action
that is called: tags set in a create, the service-linked role of an account's
first load balancer, the hosted zone of a private name.

Source: "Actions, resources, and condition keys" of EC2 and of Elastic Load
Balancing V2, Service Authorization Reference.
"""

import dataclasses
import re

from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends

from emulator import queries

# Accounts that have Elastic Load Balancing's service-linked role.
linked = set()

_LINKED_ROLE = (
    "arn:aws:iam::{}:role/aws-service-role/elasticloadbalancing.amazonaws.com"
    "/AWSServiceRoleForElasticLoadBalancing"
)

# action -> (what it makes, the parameters that name what it is done to)
_EC2 = {
    "CreateVpcEndpointServiceConfiguration": ("vpc-endpoint-service", ()),
    "ModifyVpcEndpointServiceConfiguration": (None, ("ServiceId",)),
    "StartVpcEndpointServicePrivateDnsVerification": (None, ("ServiceId",)),
    "ModifyVpcEndpointServicePermissions": (None, ("ServiceId",)),
    "AcceptVpcEndpointConnections": (None, ("ServiceId",)),
    "RejectVpcEndpointConnections": (None, ("ServiceId",)),
    "DeleteVpcEndpointServiceConfigurations": (None, ("ServiceId",)),
    "CreateSecurityGroup": ("security-group", ("VpcId",)),
    # a rule is a resource of its own only where it gets tags
    "AuthorizeSecurityGroupIngress": (None, ("GroupId",)),
    "RevokeSecurityGroupIngress": (None, ("GroupId",)),
    "DeleteSecurityGroup": (None, ("GroupId",)),
    "CreateVpcEndpoint": (
        "vpc-endpoint",
        ("VpcId", "SubnetId", "SecurityGroupId"),
    ),
    "ModifyVpcEndpoint": (
        None,
        ("VpcEndpointId", "AddSubnetId", "AddSecurityGroupId"),
    ),
    "DeleteVpcEndpoints": (None, ("VpcEndpointId",)),
}

_KINDS = {
    "vpce-svc-": "vpc-endpoint-service",
    "vpce-": "vpc-endpoint",
    "sg-": "security-group",
    "vpc-": "vpc",
    "subnet-": "subnet",
}

_ELB = {
    "CreateLoadBalancer": ("loadbalancer/net/{Name}/*", ()),
    "CreateTargetGroup": ("targetgroup/{Name}/*", ()),
    "CreateListener": ("listener", ("LoadBalancerArn",)),
    "ModifyLoadBalancerAttributes": (None, ("LoadBalancerArn",)),
    "DeleteLoadBalancer": (None, ("LoadBalancerArn",)),
    "ModifyListener": (None, ("ListenerArn",)),
    "DeleteListener": (None, ("ListenerArn",)),
    "ModifyTargetGroup": (None, ("TargetGroupArn",)),
    "ModifyTargetGroupAttributes": (None, ("TargetGroupArn",)),
    "RegisterTargets": (None, ("TargetGroupArn",)),
    "DeregisterTargets": (None, ("TargetGroupArn",)),
    "DeleteTargetGroup": (None, ("TargetGroupArn",)),
}


@dataclasses.dataclass
class Need:
    """An action on a resource; condition keys in lower case."""

    action: str
    resource: str
    context: dict


class Call:
    """A call, taken apart."""

    def __init__(self, service, action, given, account, region):
        self.service, self.action, self.given = service, action, given
        self.account, self.region = account, region

    def _arn(self, rest):
        return f"arn:aws:{self.service}:{self.region}:{self.account}:{rest}"

    def values(self, name):
        """Of NAME, NAME.1, NAME.2, ..."""
        pattern = re.compile(re.escape(name) + r"(\.\d+)?$")
        return [v for key, v in self.given.items() if pattern.match(key)]

    def request_tags(self):
        tags = {}
        for name, key in self.given.items():
            if re.search(r"(Tag|Tags\.member)\.\d+\.Key$", name):
                value = self.given.get(name[: -len("Key")] + "Value", "")
                tags[key] = value
        return tags

    def _shared(self):
        return {"aws:requestedregion": [self.region]}

    def _made(self, action, resource):
        """The resource that is made: its tags are those of the request."""
        tags = self.request_tags()
        context = {**self._shared(), "aws:tagkeys": list(tags)}
        for key, value in tags.items():
            context[f"aws:requesttag/{key.lower()}"] = [value]
        return Need(action, resource, context)

    def _used(self, name):
        """A resource that is there: its tags are its own."""
        context = self._shared()
        for key, value in tags_of(name, self.account, self.region).items():
            for prefix in ("aws", self.service):
                context[f"{prefix}:resourcetag/{key.lower()}"] = [value]
        return Need(f"{self.service}:{self.action}", self._name(name), context)

    def _name(self, name):
        if name.startswith("arn:"):
            return name
        for prefix, kind in _KINDS.items():
            if name.startswith(prefix):
                return self._arn(f"{kind}/{name}")
        return self._arn(name)

    def _tagging(self, resource):
        """Tags that are set while a thing is made need a right, too."""
        if not self.request_tags():
            return []
        action = "CreateTags" if self.service == "ec2" else "AddTags"
        need = self._made(f"{self.service}:{action}", resource)
        need.context[f"{self.service}:createaction"] = [self.action]
        return [need]

    def needs(self):
        if self.service == "ec2" and self.action in _EC2:
            yield from self._of_ec2(*_EC2[self.action])
        elif self.service == "elasticloadbalancing" and self.action in _ELB:
            yield from self._of_elb(*_ELB[self.action])
        else:
            action = f"{self.service}:{self.action}"
            yield Need(action, "*", self._shared())

    def _of_ec2(self, makes, names):
        for name in names:
            for value in self.values(name):
                yield self._used(value)
        if makes:
            resource = self._arn(f"{makes}/*")
            yield self._made(f"ec2:{self.action}", resource)
            yield from self._tagging(resource)
        if self.action == "AuthorizeSecurityGroupIngress":
            yield from self._tagging(self._arn("security-group-rule/*"))
        if self.given.get("PrivateDnsEnabled", "").lower() == "true":
            action = "route53:AssociateVPCWithHostedZone"
            yield Need(action, "*", self._shared())

    def _of_elb(self, makes, names):
        for name in names:
            for value in self.values(name):
                yield self._used(value)
        action = f"elasticloadbalancing:{self.action}"
        if makes == "listener":
            arn = self.given["LoadBalancerArn"]
            listener = arn.replace(":loadbalancer/", ":listener/") + "/*"
            yield from self._tagging(listener)
        elif makes:
            resource = self._arn(makes.format(**self.given))
            yield self._made(action, resource)
            yield from self._tagging(resource)
        first = self.account not in linked
        if self.action == "CreateLoadBalancer" and first:
            service = ["elasticloadbalancing.amazonaws.com"]
            yield Need(
                "iam:CreateServiceLinkedRole",
                _LINKED_ROLE.format(self.account),
                {**self._shared(), "iam:awsservicename": service},
            )


def tags_of(name, account, region):
    """The tags of a resource by its id or ARN."""
    if name.startswith("arn:"):
        elb = elbv2_backends[account][region]
        return elb.tagging_service.get_tag_dict_for_resource(name)
    ec2 = ec2_backends[account][region]
    for owner in (ec2.configurations, ec2.vpc_end_points):
        if name in owner:
            return queries.tags_of(owner[name])
    group = ec2.get_security_group_from_id(name)
    return queries.tags_of(group) if group is not None else {}
