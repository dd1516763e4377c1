"""What the emulator says is what AWS says, as far as it is known."""

import contextlib
import datetime
import socket

import pytest

import emulated
import rawcalls
import servers
from accounts import APP, PROVIDER, REGION, SHOP
from byhand import ByHand


@pytest.fixture
def call(emulator):
    def run(account, service, action, **more):
        return rawcalls.call(emulator.url, account, service, action, **more)

    return run


def test_a_right_signature_passes(call):
    for account in (PROVIDER, APP, SHOP):
        answer = call(account, "sts", "GetCallerIdentity")
        assert answer.status == 200
        assert answer.text("Account") == account.number
        assert answer.text("Arn") == account.arn


def test_percent_encoded_blanks_pass(call, emulator):
    vpc = emulator.tell(
        "ask",
        service="ec2",
        account=APP.number,
        region=REGION,
        call="create_vpc",
        arguments={"CidrBlock": "10.9.0.0/16"},
    )["Vpc"]["VpcId"]
    answer = call(
        APP,
        "ec2",
        "CreateSecurityGroup",
        parameters={
            "GroupName": "a",
            "GroupDescription": "a b+c~é",
            "VpcId": vpc,
        },
    )
    assert answer.status == 200, answer.body


def change(name, value):
    def spoil(headers):
        headers[name] = value

    return spoil


@pytest.mark.parametrize(
    "spoil, code",
    [
        (change("x-amz-date", "20200101T000000Z"), "RequestExpired"),
        (change("content-type", "text/plain"), "AuthFailure"),
        (change("x-amz-security-token", "other"), "AuthFailure"),
        (change("x-amz-more", "unsigned"), "SignatureDoesNotMatch"),
        (change("Authorization", "Basic eA=="), "IncompleteSignature"),
    ],
)
def test_a_wrong_signature_is_refused(call, spoil, code):
    answer = call(APP, "ec2", "DescribeVpcs", spoil=spoil)
    assert (answer.code, answer.status >= 400) == (code, True)


def test_a_clock_that_is_wrong_is_told(call):
    ago = datetime.timedelta(minutes=20)
    now = datetime.datetime.now(datetime.timezone.utc) - ago
    assert call(APP, "ec2", "DescribeVpcs", now=now).code == "RequestExpired"


WRONG = [
    ("ec2", "DescribeVpcs", {"VpcIds.1": "vpc-1"}),
    ("ec2", "DescribeVpcs", {"VpcId.0": "vpc-1"}),
    ("ec2", "DescribeVpcs", {"VpcId.2": "vpc-1"}),
    ("ec2", "DescribeVpcs", {"Filter.1.Nam": "vpc-id"}),
    ("ec2", "DescribeVpcs", {"MaxResults": "many"}),
    ("ec2", "DescribeVpcs", {"DryRun": "True"}),
    ("ec2", "CreateVpcEndpoint", {"VpcEndpointType": "Intreface"}),
    ("ec2", "DescribeEverything", {}),
    ("elasticloadbalancing", "CreateLoadBalancer", {"Subnets.1": "subnet-1"}),
    ("elasticloadbalancing", "DescribeTargetHealth", {}),
    ("elasticache", "DescribeReplicationGroups", {"ReplicationGroup": "x"}),
]


@pytest.mark.parametrize("service, action, parameters", WRONG)
def test_a_parameter_that_is_none_is_refused(
    call, emulator, service, action, parameters
):
    answer = call(APP, service, action, parameters=parameters)
    assert answer.status == 400
    assert answer.code == "InvalidParameterValue"
    assert len(emulator.failures()) == 1


RIGHT = [
    (
        "ec2",
        "DescribeVpcs",
        {"Filter.1.Name": "vpc-id", "Filter.1.Value.1": "a"},
    ),
    (
        "elasticloadbalancing",
        "DescribeLoadBalancers",
        {"Names.member.1": "a", "Names.member.2": "b"},
    ),
    (
        "elasticloadbalancing",
        "RegisterTargets",
        {
            "TargetGroupArn": "a",
            "Targets.member.1.Id": "127.0.0.1",
            "Targets.member.1.Port": "6379",
        },
    ),
    (
        "elasticache",
        "DescribeReplicationGroups",
        {"ReplicationGroupId": "a", "MaxRecords": "20"},
    ),
    (
        "elasticache",
        "CreateCacheSubnetGroup",
        {
            "CacheSubnetGroupName": "a",
            "CacheSubnetGroupDescription": "a",
            "SubnetIds.SubnetIdentifier.1": "subnet-1",
        },
    ),
]


@pytest.mark.parametrize("service, action, parameters", RIGHT)
def test_parameters_as_they_should_be_pass(
    call, emulator, service, action, parameters
):
    call(APP, service, action, parameters=parameters)
    assert emulator.failures() == []


def test_every_call_is_logged_and_readers_are_not(call, emulator):
    call(APP, "ec2", "DescribeVpcs")
    call(PROVIDER, "elasticache", "DescribeReplicationGroups")
    emulator.tell(
        "ask",
        service="ec2",
        account=APP.number,
        region=REGION,
        call="describe_vpcs",
        arguments={},
    )
    assert [(row["action"], row["account"]) for row in emulator.calls()] == [
        ("DescribeVpcs", APP.number),
        ("DescribeReplicationGroups", PROVIDER.number),
    ]


def test_keys_expire_when_they_have_served(call, emulator):
    entry = {**APP.entry(), "calls_left": 2}
    emulator.settings(keys={APP.key: entry})
    answers = [call(APP, "ec2", "DescribeVpcs") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 400]
    assert answers[2].code == "RequestExpired"


def test_a_policy_lets_in_what_it_names(call, emulator):
    allowed = {
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["ec2:DescribeVpcs", "ec2:CreateSecurityGroup"],
                "Resource": "*",
            }
        ]
    }
    emulator.tell("policy", key=APP.key, documents=[allowed])
    assert call(APP, "ec2", "DescribeVpcs").status == 200
    refused = call(APP, "ec2", "DescribeSubnets")
    assert refused.code == "UnauthorizedOperation"
    tagged = {
        "GroupName": "a",
        "GroupDescription": "a",
        "TagSpecification.1.ResourceType": "security-group",
        "TagSpecification.1.Tag.1.Key": "k",
        "TagSpecification.1.Tag.1.Value": "v",
    }
    refused = call(APP, "ec2", "CreateSecurityGroup", parameters=tagged)
    assert "ec2:CreateTags" in refused.text("Message")


FAULTS = [
    ({"do": "error"}, 503, "RequestLimitExceeded"),
    ({"do": "error", "status": 500, "code": "InternalError"}, 500, None),
    ({"do": "garbage"}, 200, None),
    ({"do": "truncated", "when": "after"}, 200, None),
]


@pytest.mark.parametrize("rule, status, code", FAULTS)
def test_a_fault_strikes_the_call_that_is_meant(
    call, emulator, rule, status, code
):
    emulator.faults({"nth": 2, "times": 1, **rule})
    answers = [call(APP, "ec2", "DescribeVpcs") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, status, 200]
    if code:
        assert answers[1].code == code
    assert [row.get("fault") for row in emulator.calls()] == [
        None,
        rule["do"],
        None,
    ]


@pytest.mark.parametrize("do", ["drop", "cut"])
def test_a_lost_reply_had_its_effect(call, emulator, do):
    emulator.faults({"do": do, "when": "after", "times": 1})
    parameters = {"CidrBlock": "10.0.0.0/16"}
    with pytest.raises((OSError, rawcalls.http.client.HTTPException)):
        call(APP, "ec2", "CreateVpc", parameters=parameters)
    found = call(APP, "ec2", "DescribeVpcs").root
    blocks = [one.text for one in found.iter("cidrBlock")]
    assert "10.0.0.0/16" in blocks


def test_a_rate_is_held(call, emulator):
    emulator.settings(rate={"per_s": 0.001, "burst": 2})
    answers = [call(APP, "ec2", "DescribeVpcs").status for _ in range(3)]
    assert answers == [200, 200, 503]


def test_a_dry_run_changes_nothing(call):
    given = {"CidrBlock": "10.3.0.0/16", "DryRun": "true"}
    answer = call(APP, "ec2", "CreateVpc", parameters=given)
    assert (answer.status, answer.code) == (412, "DryRunOperation")
    assert b"10.3.0.0" not in call(APP, "ec2", "DescribeVpcs").body


def test_zone_ids_differ_by_account(world):
    def zones(account):
        found = world.asker("ec2", account)("describe_availability_zones")
        return [one["ZoneId"] for one in found["AvailabilityZones"]]

    ours, theirs = zones(PROVIDER), zones(APP)
    assert ours != theirs and set(ours) == set(theirs)


def ping(address, port=6379, reply_s=30):
    """PONG, or how it failed.  What connects may take its time to answer."""
    try:
        socket.create_connection((address, port), 0.6).close()
        client = servers.Client(address, port, reply_s)
        with contextlib.closing(client):
            return client("PING")
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"


def first_address(path):
    return next(iter(path.addresses().values()))


def test_a_path_by_hand_ends_in_a_pong(world):
    path = ByHand(world).whole()
    for address in path.addresses().values():
        assert ping(address) == "PONG"


def test_an_endpoint_waits_to_be_accepted(world):
    path = ByHand(world).balancer().targets(world.nodes.addresses[0])
    path.listener().service(APP.arn).endpoint()
    assert path.look()["State"] == "pendingAcceptance"
    assert path.look()["DnsEntries"] == []
    assert path.accept() == []
    assert path.accept()[0]["Error"]["Code"] == "InvalidState"
    assert path.wait()["DnsEntries"]
    path.reject()
    assert path.look()["State"] == "rejected"


def test_a_service_is_seen_by_whom_it_permits(world):
    path = ByHand(world).balancer().service()
    with pytest.raises(emulated.Error) as refused:
        path.endpoint()
    assert refused.value.code == "InvalidServiceName"
    path.permit(SHOP.root)
    with pytest.raises(emulated.Error):
        path.endpoint(groups=[])
    path.permit(APP.arn)
    path.endpoint(groups=[])


def test_zones_must_be_those_of_the_service(world):
    # zone names are one off: the d of the consumer is the a of the provider
    path = ByHand(world).balancer(zones="a").service(APP.arn)
    with pytest.raises(emulated.Error) as refused:
        path.endpoint(zones="a")
    assert "availability zone" in str(refused.value)
    path.endpoint(zones="d", groups=[])


def test_no_rule_is_silence(world):
    path = ByHand(world).whole()
    address = first_address(path)
    path.app(
        "revoke_security_group_ingress",
        GroupId=path.groups[0],
        IpPermissions=rule_of(world.consumer.cidr),
    )
    assert ping(address) == "silent"


def rule_of(cidr):
    return [
        {
            "IpProtocol": "tcp",
            "FromPort": 6379,
            "ToPort": 6379,
            "IpRanges": [{"CidrIp": cidr}],
        }
    ]


def test_the_cache_must_admit_the_load_balancer(world):
    path = ByHand(world).whole()
    address = first_address(path)
    path.owner(
        "revoke_security_group_ingress",
        GroupId=world.cache_group,
        IpPermissions=rule_of(world.provider.cidr),
    )
    assert ping(address) == "silent"
    assert set(path.health().values()) == {"unhealthy"}
    path.owner(
        "authorize_security_group_ingress",
        GroupId=world.cache_group,
        IpPermissions=rule_of(world.provider.cidrs["a"]),
    )
    assert ping(address) == "PONG"


def test_no_listener_is_silence(world):
    path = ByHand(world).whole()
    address = first_address(path)
    path.elb("delete_listener", ListenerArn=path.listener_arn)
    assert ping(address) == "silent"


def test_a_dead_node_refuses_and_no_relay_hides_it(world):
    path = ByHand(world).whole()
    address = first_address(path)
    world.nodes.stop(0)
    servers.wait_for(lambda: ping(address) == "refused", "refused")
    assert path.health() == {world.nodes.addresses[0]: "unhealthy"}


def test_without_cross_zone_a_zone_has_no_target(world):
    path = ByHand(world).whole().cross_zone(False)
    met = {
        zone: ping(address) for zone, address in path.addresses().items()
    }
    assert sorted(met.values()) == ["PONG", "silent"]


def test_proxy_protocol_reaches_the_cache(world):
    path = ByHand(world).whole()
    path.elb(
        "modify_target_group_attributes",
        TargetGroupArn=path.group_arn,
        Attributes=[{"Key": "proxy_protocol_v2.enabled", "Value": "true"}],
    )
    assert ping(first_address(path), reply_s=0.6) != "PONG"


def resolve(emulator, name):
    """A records by hand; None for a name that is not there."""
    labels = b"".join(
        bytes([len(one)]) + one.encode() for one in name.split(".")
    )
    query = b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"
    host, port = emulator.dns.split(":")
    with socket.socket(type=socket.SOCK_DGRAM) as asker:
        asker.settimeout(5)
        asker.sendto(query, (host, int(port)))
        data = asker.recv(4096)
    if data[3] & 15:
        return None
    count = int.from_bytes(data[6:8], "big")
    records = [data[len(query) + 16 * n :][:16] for n in range(count)]
    return [socket.inet_ntoa(record[12:]) for record in records]


def test_names_lead_to_addresses(world):
    path = ByHand(world).whole()
    regional, *zonal = [
        one["DnsName"] for one in path.look()["DnsEntries"]
    ]
    addresses = sorted(path.addresses().values())
    assert sorted(resolve(world.emulator, regional)) == addresses
    each = [resolve(world.emulator, name) for name in zonal]
    assert sorted(sum(each, [])) == addresses
    assert resolve(world.emulator, "vpce-nobody." + regional) is None


def test_a_failover_moves_the_name(world):
    name = world.caches["test1"]["NodeGroups"][0]["PrimaryEndpoint"]
    reader = world.caches["test1"]["NodeGroups"][0]["ReaderEndpoint"]
    first, second = world.nodes.addresses
    assert resolve(world.emulator, name["Address"]) == [first]
    world.fail_over()
    assert resolve(world.emulator, name["Address"]) == [second]
    assert resolve(world.emulator, reader["Address"]) == [first]


def test_lists_lag_and_ids_do_not(world):
    world.emulator.settings(lag_s=30)
    path = ByHand(world).balancer()
    given = {"NetworkLoadBalancerArn.1": path.balancer_arn}
    made = rawcalls.call(
        world.emulator.url,
        PROVIDER,
        "ec2",
        "CreateVpcEndpointServiceConfiguration",
        given,
    )
    name = made.text("serviceId")

    def seen(**parameters):
        found = rawcalls.call(
            world.emulator.url,
            PROVIDER,
            "ec2",
            "DescribeVpcEndpointServiceConfigurations",
            parameters,
        )
        return [one.text for one in found.root.iter("serviceId")]

    assert seen() == []
    assert seen(**{"ServiceId.1": name}) == [name]
    world.emulator.settings(lag_s=0)
    assert seen() == [name]


def test_client_tokens_make_one_thing(world):
    path = ByHand(world).balancer()
    given = {
        "NetworkLoadBalancerArn.1": path.balancer_arn,
        "ClientToken": "once",
    }

    def make(**more):
        return rawcalls.call(
            world.emulator.url,
            PROVIDER,
            "ec2",
            "CreateVpcEndpointServiceConfiguration",
            {**given, **more},
        )

    assert make().text("serviceId") == make().text("serviceId")
    assert (
        make(AcceptanceRequired="false").code == "IdempotentParameterMismatch"
    )


def test_a_service_with_connections_stays(world):
    path = ByHand(world).whole()
    failed = path.owner(
        "delete_vpc_endpoint_service_configurations",
        ServiceIds=[path.service_id],
    )["Unsuccessful"]
    assert failed[0]["Error"]["Code"] == "ExistingVpcEndpointConnections"
    with pytest.raises(emulated.Error) as refused:
        path.elb("delete_load_balancer", LoadBalancerArn=path.balancer_arn)
    assert refused.value.code == "ResourceInUse"


def test_targets_drain(world):
    path = ByHand(world).whole()
    world.emulator.settings(delay_s={"drain": 600})
    path.deregister(world.nodes.addresses[0])
    assert path.health() == {world.nodes.addresses[0]: "draining"}
    world.emulator.settings(delay_s={"drain": 0.5})
    servers.wait_for(lambda: path.health() == {}, "the target has drained")
