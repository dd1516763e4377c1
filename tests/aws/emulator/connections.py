"""The provider's side of endpoints: who asks to come in, and the decision."""

import hashlib

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response

from emulator import endpoints, queries, services
from emulator.state import replaces

_FILTERS = {
    "service-id": "ServiceId",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-owner": "VpcEndpointOwner",
    "vpc-endpoint-state": "VpcEndpointState",
    "ip-address-type": "IpAddressType",
}


def _row(config, endpoint, region):
    digest = hashlib.sha1(endpoint.id.encode()).hexdigest()
    return {
        "ServiceId": config.id,
        "VpcEndpointId": endpoint.id,
        "VpcEndpointOwner": endpoint.owner_id,
        "VpcEndpointState": endpoint.state,
        "CreationTimestamp": endpoint.creation_timestamp,
        "DnsEntries": [
            {"DnsName": one["dns_name"], "HostedZoneId": one["hosted_zone_id"]}
            for one in endpoint.dns_entries or []
        ],
        "NetworkLoadBalancerArns": config.network_load_balancer_arns,
        "IpAddressType": "ipv4",
        "VpcEndpointConnectionId": f"vpce-conn-{digest[:17]}",
        "VpcEndpointRegion": region,
    }


def _rows(self):
    for config in list(self.ec2_backend.configurations.values()):
        for endpoint in services.endpoints_of(config, self.region):
            if endpoints.state_of(endpoint) != "deleted":
                yield _row(config, endpoint, self.region)


@replaces(EC2Response, "describe_vpc_endpoint_connections")
def _describe(_old, self):
    rows = queries.filtered(
        self,
        list(_rows(self)),
        lambda row: {name: row[key] for name, key in _FILTERS.items()},
    )
    items, token = queries.page(self, rows)
    return ActionResult({"VpcEndpointConnections": items, "NextToken": token})


def _decide(self, decision, legal):
    ids = [self._get_param("ServiceId")]
    backend = self.ec2_backend
    config = backend.describe_vpc_endpoint_service_configurations(ids)[0]
    failed = []
    for name in self._get_param("VpcEndpointIds", []):
        endpoint = endpoints.find(self.region, name)
        if endpoint is None or endpoint.service_name != config.service_name:
            code = "InvalidVpcEndpointId.NotFound"
            text = f"The Vpc Endpoint Id '{name}' does not exist"
            failed.append(queries.unsuccessful(name, code, text))
        elif endpoints.state_of(endpoint) not in legal:
            text = f"The Vpc Endpoint Id '{name}' is {endpoint.state}"
            failed.append(queries.unsuccessful(name, "InvalidState", text))
        else:
            endpoints.enter(endpoint, decision)
    return ActionResult({"Unsuccessful": failed})


@replaces(EC2Response, "accept_vpc_endpoint_connections")
def _accept(_old, self):
    return _decide(self, "pending", ("pendingAcceptance", "rejected"))


@replaces(EC2Response, "reject_vpc_endpoint_connections")
def _reject(_old, self):
    return _decide(
        self, "rejected", ("pendingAcceptance", "pending", "available")
    )
