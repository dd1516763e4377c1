"""A path made step by step, with no program of ours: as an operator would.

What the emulator is proved with, and the parts made by others that a path
may refer to.
"""

import servers
from accounts import APP, PROVIDER

PORT = 6379


class ByHand:
    """The resources, by the name that their step has."""

    def __init__(self, world, name="by-hand"):
        self.world, self.name = world, name
        self.elb = world.asker("elbv2", PROVIDER)
        self.owner = world.asker("ec2", PROVIDER)
        self.app = world.asker("ec2", APP)

    def balancer(self, zones="ab"):
        subnets = [self.world.provider.subnets[zone] for zone in zones]
        made = self.elb(
            "create_load_balancer",
            Name=self.name,
            Type="network",
            Scheme="internal",
            Subnets=subnets,
        )
        self.balancer_arn = made["LoadBalancers"][0]["LoadBalancerArn"]
        servers.wait_for(self._active, "the load balancer is active")
        return self

    def _active(self):
        found = self.elb(
            "describe_load_balancers", LoadBalancerArns=[self.balancer_arn]
        )
        return found["LoadBalancers"][0]["State"]["Code"] == "active"

    def cross_zone(self, on):
        self.elb(
            "modify_load_balancer_attributes",
            LoadBalancerArn=self.balancer_arn,
            Attributes=[
                {
                    "Key": "load_balancing.cross_zone.enabled",
                    "Value": "true" if on else "false",
                }
            ],
        )
        return self

    def targets(self, *addresses):
        made = self.elb(
            "create_target_group",
            Name=self.name,
            Protocol="TCP",
            Port=PORT,
            VpcId=self.world.provider.vpc,
            TargetType="ip",
            HealthCheckProtocol="TCP",
            HealthyThresholdCount=3,
            UnhealthyThresholdCount=3,
            HealthCheckIntervalSeconds=30,
        )
        self.group_arn = made["TargetGroups"][0]["TargetGroupArn"]
        if addresses:
            self.register(*addresses)
        return self

    def _listed(self, addresses):
        return [{"Id": one, "Port": PORT} for one in addresses]

    def register(self, *addresses):
        self.elb(
            "register_targets",
            TargetGroupArn=self.group_arn,
            Targets=self._listed(addresses),
        )

    def deregister(self, *addresses):
        self.elb(
            "deregister_targets",
            TargetGroupArn=self.group_arn,
            Targets=self._listed(addresses),
        )

    def health(self):
        found = self.elb(
            "describe_target_health", TargetGroupArn=self.group_arn
        )
        return {
            one["Target"]["Id"]: one["TargetHealth"]["State"]
            for one in found["TargetHealthDescriptions"]
        }

    def listener(self, port=PORT):
        made = self.elb(
            "create_listener",
            LoadBalancerArn=self.balancer_arn,
            Protocol="TCP",
            Port=port,
            DefaultActions=[
                {"Type": "forward", "TargetGroupArn": self.group_arn}
            ],
        )
        self.listener_arn = made["Listeners"][0]["ListenerArn"]
        return self

    def service(self, *principals, acceptance=True, **more):
        made = self.owner(
            "create_vpc_endpoint_service_configuration",
            NetworkLoadBalancerArns=[self.balancer_arn],
            AcceptanceRequired=acceptance,
            **more,
        )["ServiceConfiguration"]
        self.service_id = made["ServiceId"]
        self.service_name = made["ServiceName"]
        if principals:
            self.permit(*principals)
        return self

    def permit(self, *principals):
        self.owner(
            "modify_vpc_endpoint_service_permissions",
            ServiceId=self.service_id,
            AddAllowedPrincipals=list(principals),
        )

    def endpoint(self, network=None, zones="ad", groups=None, account=APP):
        network = network or self.world.consumer
        ask = self.world.asker("ec2", account)
        if groups is None:
            groups = [network.group(self.name, network.cidr)]
        self.groups = groups
        made = ask(
            "create_vpc_endpoint",
            VpcEndpointType="Interface",
            VpcId=network.vpc,
            ServiceName=self.service_name,
            SubnetIds=[network.subnets[zone] for zone in zones],
            SecurityGroupIds=groups,
            PrivateDnsEnabled=False,
        )["VpcEndpoint"]
        self.endpoint_id = made["VpcEndpointId"]
        return self

    def accept(self):
        return self.owner(
            "accept_vpc_endpoint_connections",
            ServiceId=self.service_id,
            VpcEndpointIds=[self.endpoint_id],
        )["Unsuccessful"]

    def reject(self):
        return self.owner(
            "reject_vpc_endpoint_connections",
            ServiceId=self.service_id,
            VpcEndpointIds=[self.endpoint_id],
        )["Unsuccessful"]

    def look(self):
        return self.app(
            "describe_vpc_endpoints", VpcEndpointIds=[self.endpoint_id]
        )["VpcEndpoints"][0]

    def wait(self, state="available"):
        servers.wait_for(
            lambda: self.look()["State"] == state, f"endpoint {state}"
        )
        return self.look()

    def addresses(self):
        """{zone: address} of the endpoint, where it is in one."""
        rows = self.world.emulator.tell("plan")["rows"]
        return {row["zone_id"]: row["address"] for row in rows}

    def whole(self):
        """All of it, until a client gets an answer."""
        self.balancer().cross_zone(True).targets(*self._primary())
        self.listener().service(APP.arn).endpoint().accept()
        self.wait()
        return self

    def _primary(self):
        return self.world.nodes.addresses[:1]
