"""What somebody changed is found by status, and mended by apply."""

import pytest

import expectations
from accounts import APP, PROVIDER
from provisioning import ATTENTION, changing, result, spec_of, told

PORT = 6379


class Path:
    """The parts of a path that was applied, to be tampered with."""

    def __init__(self, world):
        self.world = world
        self.elb = world.asker("elbv2", PROVIDER)
        self.owner = world.asker("ec2", PROVIDER)
        self.app = world.asker("ec2", APP)
        there = expectations.of(world, PROVIDER)
        (self.balancer,) = there["load_balancers"].values()
        (self.service,) = there["services"]
        (group,) = self.elb("describe_target_groups")["TargetGroups"]
        self.group = group["TargetGroupArn"]
        (listener,) = self.elb(
            "describe_listeners", LoadBalancerArn=self.balancer
        )["Listeners"]
        self.listener = listener["ListenerArn"]
        theirs = expectations.of(world, APP)
        (self.endpoint,) = theirs["endpoints"]
        self.firewall = next(
            name
            for name, title in theirs["security_groups"].items()
            if title in expectations.made_groups(theirs)
        )

    def rules(self):
        (group,) = self.app(
            "describe_security_groups", GroupIds=[self.firewall]
        )["SecurityGroups"]
        return group["IpPermissions"]

    def attribute(self, key, value):
        self.elb(
            "modify_target_group_attributes",
            TargetGroupArn=self.group,
            Attributes=[{"Key": key, "Value": value}],
        )

    def cross_zone(self, value):
        self.elb(
            "modify_load_balancer_attributes",
            LoadBalancerArn=self.balancer,
            Attributes=[
                {"Key": "load_balancing.cross_zone.enabled", "Value": value}
            ],
        )

    def register(self, address, port=PORT):
        self.elb(
            "register_targets",
            TargetGroupArn=self.group,
            Targets=[{"Id": address, "Port": port}],
        )

    def deregister(self, address):
        self.elb(
            "deregister_targets",
            TargetGroupArn=self.group,
            Targets=[{"Id": address, "Port": PORT}],
        )


def rule_removed(path):
    path.app(
        "revoke_security_group_ingress",
        GroupId=path.firewall,
        IpPermissions=[
            {
                key: value
                for key, value in rule.items()
                if key in ("IpProtocol", "FromPort", "ToPort", "IpRanges")
            }
            for rule in path.rules()
        ],
    )


def one_target_removed(path):
    path.deregister(path.world.nodes.addresses[0])


def a_stale_target(path):
    path.register(path.world.nodes.addresses[1])
    path.deregister(path.world.nodes.addresses[0])


def proxy_protocol_on(path):
    path.attribute("proxy_protocol_v2.enabled", "true")


def cross_zone_off(path):
    path.cross_zone("false")


def listener_gone(path):
    path.elb("delete_listener", ListenerArn=path.listener)


def listener_at_another_port(path):
    path.elb(
        "modify_listener",
        ListenerArn=path.listener,
        Port=6400,
        Protocol="TCP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": path.group}],
    )


def listener_to_another_group(path):
    made = path.elb(
        "create_target_group",
        Name="elsewhere",
        Protocol="TCP",
        Port=PORT,
        VpcId=path.world.provider.vpc,
        TargetType="ip",
    )
    path.elb(
        "modify_listener",
        ListenerArn=path.listener,
        DefaultActions=[
            {
                "Type": "forward",
                "TargetGroupArn": made["TargetGroups"][0]["TargetGroupArn"],
            }
        ],
    )


def acceptance_off(path):
    path.owner(
        "modify_vpc_endpoint_service_configuration",
        ServiceId=path.service,
        AcceptanceRequired=False,
    )


def principal_removed(path):
    path.owner(
        "modify_vpc_endpoint_service_permissions",
        ServiceId=path.service,
        RemoveAllowedPrincipals=[APP.arn],
    )


def health_check_slower(path):
    path.elb(
        "modify_target_group",
        TargetGroupArn=path.group,
        HealthyThresholdCount=5,
        UnhealthyThresholdCount=5,
        HealthCheckIntervalSeconds=10,
    )


def endpoint_lost_a_subnet(path):
    path.app(
        "modify_vpc_endpoint",
        VpcEndpointId=path.endpoint,
        RemoveSubnetIds=[path.world.consumer.subnets["a"]],
    )


def endpoint_of_another_group(path):
    path.app(
        "modify_vpc_endpoint",
        VpcEndpointId=path.endpoint,
        RemoveSecurityGroupIds=[path.firewall],
        AddSecurityGroupIds=[path.world.consumer.group("theirs")],
    )


def endpoint_rejected(path):
    path.owner(
        "reject_vpc_endpoint_connections",
        ServiceId=path.service,
        VpcEndpointIds=[path.endpoint],
    )


DRIFTS = {
    rule_removed: "endpoint_security_group",
    one_target_removed: "targets",
    a_stale_target: "targets",
    proxy_protocol_on: "target_group",
    cross_zone_off: "load_balancer",
    listener_gone: "listener",
    listener_at_another_port: "listener",
    listener_to_another_group: "listener",
    acceptance_off: "endpoint_service",
    principal_removed: "permissions",
    health_check_slower: "target_group",
    endpoint_lost_a_subnet: "endpoint",
    endpoint_of_another_group: "endpoint",
}


# Those that the quick tier leaves out.
_MORE = (
    *(one_target_removed, listener_at_another_port, acceptance_off),
    *(health_check_slower, endpoint_of_another_group, principal_removed),
)


def drifts():
    for tamper, step in DRIFTS.items():
        marks = [pytest.mark.full] if tamper in _MORE else []
        yield pytest.param(tamper, step, id=tamper.__name__, marks=marks)


@pytest.mark.parametrize("tamper, step", drifts())
def test_drift_is_found_and_mended(world, provision, tamper, step):
    spec = spec_of(world)
    result(provision("apply", spec))
    tamper(Path(world))
    run, calls = provision.counted("status", spec)
    found = result(run, ATTENTION)
    assert changing(calls) == []
    drifted = {one["step"] for one in found["path"]["drift"]}
    lines = {
        line["step"] for line in found["steps"] if line["status"] != "done"
    }
    assert step in drifted | lines, told(run)
    mended = result(provision("apply", spec))
    assert mended["verdict"]["id"] == "OK"
    there = expectations.of(world, PROVIDER)
    there["target_groups"].pop("elsewhere", None)
    assert list(there["target_groups"].values()) == [
        [f"{world.nodes.addresses[0]}:{PORT}"]
    ]
    expectations.consumer_side(world)
    run, calls = provision.counted("apply", spec)
    assert result(run)["path"]["drift"] == []
    assert changing(calls) == [], [row["action"] for row in calls]


def test_drift_says_what_is_wanted_and_what_there_is(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    a_stale_target(Path(world))
    found = result(provision("status", spec), ATTENTION)
    (drift,) = [
        one for one in found["path"]["drift"] if one["step"] == "targets"
    ]
    first, second = world.nodes.addresses
    assert first in str(drift["want"]) and second in str(drift["have"])


def test_a_rejected_endpoint_is_told(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    endpoint_rejected(Path(world))
    found = result(provision("status", spec), ATTENTION)
    (connection,) = found["path"]["connections"]
    assert connection["state"] == "rejected"
