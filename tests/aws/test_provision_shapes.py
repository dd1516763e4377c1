"""Accounts, consumers, listeners and load balancers in every number."""

import pytest

import expectations
from accounts import APP, PROVIDER, REGION, SHOP
from byhand import ByHand
from provisioning import (
    ATTENTION,
    DONE,
    REFUSED,
    changing,
    put,
    result,
    spec_of,
    told,
)
from scenario import Network


def test_one_account_with_two_networks(world, provision):
    other = Network(world, PROVIDER, 128)
    spec = spec_of(
        world,
        provider__service__allowed_principals=[PROVIDER.root],
        consumer__profile=PROVIDER.profile,
        consumer__vpc=other.vpc,
    )
    found = result(provision("apply", spec))
    assert found["verdict"]["id"] == "OK"
    there = expectations.of(world, PROVIDER)
    assert list(there["endpoints"].values()) == ["available"]
    result(provision("destroy", spec))
    expectations.nothing(world)


def consumers_of(world, *more):
    """A file with several consumers."""
    spec = spec_of(world, consumer=None)
    spec["consumers"] = [
        {
            "name": "app",
            "profile": APP.profile,
            "region": REGION,
            "vpc": world.consumer.vpc,
        },
        *more,
    ]
    return spec


def shop_of(world):
    network = Network(world, SHOP, 128, zones="abcd")
    return {
        "name": "shop",
        "profile": SHOP.profile,
        "region": REGION,
        "vpc": network.vpc,
    }


def test_several_consumers(world, provision):
    spec = consumers_of(world, shop_of(world))
    put(
        spec,
        ["provider", "service", "allowed_principals"],
        [APP.arn, SHOP.arn],
    )
    found = result(provision("apply", spec))
    for account in (APP, SHOP):
        expectations.consumer_side(world, account)
    assert {one["consumer"] for one in found["path"]["connections"]} == {
        *("app", "shop")
    }
    run, calls = provision.counted("apply", spec)
    result(run)
    assert changing(calls) == []
    result(provision("destroy", spec))
    expectations.nothing(world)


FOREIGN = {
    "name": "shop",
    "account": SHOP.number,
    "principals": [SHOP.arn],
}


def test_a_foreign_consumer_gets_its_permission_only(world, provision):
    spec = consumers_of(world, {**FOREIGN, "accept": "manual"})
    result(provision("apply", spec))
    expectations.provider_side(world, principals=[APP.arn, SHOP.arn])
    assert expectations.of(world, SHOP).get("endpoints", {}) == {}


def theirs(world, spec, provision):
    """An endpoint that the foreign consumer made, and its path by hand."""
    result(provision("apply", spec))
    path = ByHand(world)
    path.service_id = expectations.of(world, PROVIDER)["services"][0]
    path.service_name = f"com.amazonaws.vpce.{REGION}.{path.service_id}"
    network = Network(world, SHOP, 128, zones="abcd")
    return path.endpoint(network, zones="cd", groups=[], account=SHOP)


def test_connections_are_listed_and_decided(world, provision):
    spec = consumers_of(world, {**FOREIGN, "accept": "manual"})
    path = theirs(world, spec, provision)
    found = provision("connections", spec).object
    states = {
        one["endpoint_id"]: (one["state"], one["ours"], one["account"])
        for one in found["path"]["connections"]
    }
    assert states[path.endpoint_id] == (
        *("pendingAcceptance", False),
        SHOP.number,
    )
    run = provision("accept", spec, path.endpoint_id)
    assert run.status in (DONE, ATTENTION), told(run)
    shop = world.asker("ec2", SHOP)

    def state():
        found = shop(
            "describe_vpc_endpoints", VpcEndpointIds=[path.endpoint_id]
        )
        return found["VpcEndpoints"][0]["State"]

    assert state() in ("pending", "available")
    run = provision("reject", spec, path.endpoint_id)
    assert run.status in (DONE, ATTENTION), told(run)
    assert state() == "rejected"


def test_listed_consumers_are_accepted_and_others_are_not(world, provision):
    spec = consumers_of(world, {**FOREIGN, "accept": "listed"})
    path = theirs(world, spec, provision)
    # of an account that nobody named
    stranger = ByHand(world)
    stranger.service_id = path.service_id
    stranger.service_name = path.service_name
    stranger.permit("arn:aws:iam::444444444444:root")
    run = provision("accept", spec, "--listed")
    assert run.status in (DONE, ATTENTION), told(run)
    rows = world.asker("ec2", PROVIDER)("describe_vpc_endpoint_connections")
    states = {
        one["VpcEndpointId"]: one["VpcEndpointState"]
        for one in rows["VpcEndpointConnections"]
    }
    assert states[path.endpoint_id] in ("pending", "available")


def test_the_provider_side_alone(world, provision):
    spec = spec_of(world, consumer=None)
    run = provision("apply", spec)
    result(run)
    expectations.provider_side(world)
    result(provision("destroy", spec))
    expectations.nothing(world)


def test_the_consumer_side_alone(world, provision):
    path = ByHand(world).balancer().cross_zone(True)
    path.targets(world.nodes.addresses[0]).listener().service(APP.arn)
    spec = spec_of(
        world, provider=None, consumer__service_name=path.service_name
    )
    # nobody accepts: it waits for the other side
    result(provision("apply", spec), ATTENTION)
    expectations.consumer_side(world, state="pendingAcceptance")
    (path.endpoint_id,) = expectations.of(world, APP)["endpoints"]
    path.accept()
    path.wait()
    found = result(provision("apply", spec))
    assert found["verdict"]["id"] == "OK"
    result(provision("destroy", spec))
    assert not expectations.of(world, APP).get("endpoints")
    # what others made stays
    assert expectations.of(world, PROVIDER)["services"] == [path.service_id]


def test_several_listeners(world, provision):
    spec = spec_of(world, provider__cache=None)
    cache = {"replication_group": "test1"}
    spec["provider"]["listeners"] = [
        {"port": 6379, "cache": {**cache, "endpoint": "primary"}},
        {"port": 6380, "cache": {**cache, "endpoint": "reader"}},
    ]
    found = result(provision("apply", spec))
    targets = {
        listener["port"]: [one["address"] for one in listener["targets"]]
        for listener in found["path"]["listeners"]
    }
    first, second = world.nodes.addresses
    assert targets == {6379: [first], 6380: [second]}
    there = expectations.of(world, PROVIDER)
    assert len(there["listeners"]) == len(there["target_groups"]) == 2
    run, calls = provision.counted("apply", spec)
    assert changing(calls) == [], told(run)
    result(provision("destroy", spec))
    expectations.nothing(world)


def test_several_load_balancers_behind_one_service(world, provision):
    spec = spec_of(world)
    spec["provider"]["load_balancer"] = [
        {"suffix": "one", "cross_zone": True},
        {"suffix": "two", "cross_zone": True},
    ]
    run = provision("apply", spec)
    if run.status == REFUSED:
        # the other way to write it
        spec["provider"].pop("load_balancer")
        spec["provider"]["load_balancers"] = [
            {"suffix": "one"},
            {"suffix": "two"},
        ]
        run = provision("apply", spec)
    result(run)
    there = expectations.of(world, PROVIDER)
    assert len(there["load_balancers"]) == 2 and len(there["services"]) == 1
    assert len(there["listeners"]) == 2
    for registered in there["target_groups"].values():
        assert registered == [f"{world.nodes.addresses[0]}:6379"]
    run, calls = provision.counted("apply", spec)
    assert changing(calls) == [], told(run)
    result(provision("destroy", spec))
    expectations.nothing(world)


def referred(world):
    """A path whose every part was made by hand, and the file of it."""
    path = ByHand(world).whole()
    spec = spec_of(world)
    spec["provider"]["load_balancer"] = {"arn": path.balancer_arn}
    spec["provider"]["target_group"] = {"arn": path.group_arn}
    spec["provider"]["service"]["id"] = path.service_id
    spec["consumer"]["endpoint"] = {"id": path.endpoint_id}
    return path, spec


def test_references_are_used_and_never_touched(world, provision):
    path, spec = referred(world)
    before = world.census()
    run, calls = provision.counted("apply", spec)
    assert result(run)["verdict"]["id"] == "OK", told(run)
    assert changing(calls) == []
    assert world.census() == before
    assert {
        line["action"]
        for line in run.object["steps"]
        if line["step"] in ("load_balancer", "target_group")
    } == {"reference"}
    result(provision("destroy", spec))
    assert world.census() == before


def test_import_prints_a_file_that_verify_takes(world, provision):
    path = ByHand(world).whole()
    run = provision(
        *("import", None, "--service", path.service_id),
        *("--endpoint", path.endpoint_id),
        *("--region", REGION),
        env={"AWS_PROFILE": PROVIDER.profile},
    )
    assert run.status == DONE, told(run)
    assert path.service_id in run.out and path.endpoint_id in run.out
    file = provision.home / "imported.yml"
    file.write_text(run.out)
    run, calls = provision.counted("verify", str(file))
    assert changing(calls) == []
    found = result(run)
    # the consumer's credentials are not in it: nobody can be tried
    assert found["checks"] == []
    assert "no client was tried" in found["notes"][0]
    text = provision("verify", str(file), form="text").out
    assert "No client was tried." in text


def test_verify_tries_an_endpoint_that_is_a_reference(world, provision):
    path, spec = referred(world)
    found = result(provision("verify", spec))
    (connection,) = found["path"]["connections"]
    assert not connection["ours"]
    (check,) = found["checks"]
    assert check["status"] == "ok"


CACHES = [
    {"cluster": "test1-001"},
    {"serverless": "less"},
    "host",
]


@pytest.mark.parametrize("cache", CACHES, ids=["cluster", "less", "host"])
def test_every_kind_of_cache_is_found(world, provision, cache):
    if cache == "host":
        name = "redis.corp.test"
        world.emulator.tell(
            "names", rows={name: {"a": world.nodes.addresses[:1]}}
        )
        cache = {
            "host": name,
            "vpc": world.provider.vpc,
            "subnets": [world.provider.subnets[zone] for zone in "ab"],
        }
    elif "serverless" in cache:
        world.asker("elasticache", PROVIDER)(
            "create_serverless_cache",
            ServerlessCacheName="less",
            Engine="valkey",
            SubnetIds=[world.provider.subnets[zone] for zone in "ab"],
            SecurityGroupIds=[world.cache_group],
        )
        world.place({"less": world.nodes.addresses[0]})
    spec = spec_of(world, provider__cache=cache)
    run = provision("apply", spec)
    assert run.status == DONE, told(run)
    expectations.whole(world)


def test_acceptance_may_be_off(world, provision):
    spec = spec_of(world, provider__service__acceptance_required=False)
    run, calls = provision.counted("apply", spec)
    result(run)
    assert "AcceptVpcEndpointConnections" not in [
        row["action"] for row in calls
    ]


def test_a_private_name_is_verified_and_used(world, provision):
    spec = spec_of(
        world, provider__service__private_dns_name="cache.orders.test"
    )
    result(provision("apply", spec))
    (endpoint,) = world.asker("ec2", APP)("describe_vpc_endpoints")[
        "VpcEndpoints"
    ]
    assert endpoint["PrivateDnsEnabled"] is True
    names = [one["DnsName"] for one in endpoint["DnsEntries"]]
    assert "cache.orders.test" in names


def test_security_groups_may_be_given(world, provision):
    group = world.consumer.group("theirs")
    spec = spec_of(world, consumer__security_groups=[group])
    result(provision("apply", spec))
    there = expectations.of(world, APP)
    assert expectations.made_groups(there) == set()
    assert there["ingress"]["theirs"]
    result(provision("destroy", spec))
    there = expectations.of(world, APP)
    assert there["endpoints"] == {}
    assert list(there["security_groups"]) == [group]


def test_the_rule_of_the_cache_is_checked_or_added(world, provision):
    world.asker("ec2", PROVIDER)(
        "revoke_security_group_ingress",
        GroupId=world.cache_group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 6379,
                "ToPort": 6379,
                "IpRanges": [{"CidrIp": world.provider.cidr}],
            }
        ],
    )
    spec = spec_of(world)
    # nothing lets the load balancer in, so no target is ever healthy
    run = provision("apply", spec, "--timeout", "3s")
    line = next(
        line
        for line in run.object["steps"]
        if line["step"] == "cache_security_group"
    )
    assert line["reason"], told(run)
    assert expectations.of(world, PROVIDER)["ingress"]["cache"] == []
    put(spec, ["provider", "cache_security_group"], "add")
    result(provision("apply", spec))
    added = expectations.of(world, PROVIDER)["ingress"]["cache"]
    assert added
    result(provision("destroy", spec))
    assert expectations.of(world, PROVIDER)["ingress"]["cache"] == []


def test_a_folder_of_paths_is_one_run(world, provision):
    folder = provision.home / "paths"
    folder.mkdir()
    for name in ("one", "two"):
        spec = spec_of(world, name=name)
        file = provision.write(spec)
        file.rename(folder / f"{name}.yml")
    run = provision("apply", str(folder))
    assert run.status == DONE, told(run)
    assert sorted(one["name"] for one in run.objects()) == ["one", "two"]
    assert len(expectations.of(world, PROVIDER)["services"]) == 2
    run = provision("destroy", str(folder))
    assert run.status == DONE, told(run)
    expectations.nothing(world)
