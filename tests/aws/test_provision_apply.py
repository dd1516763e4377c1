"""apply builds the path, and finds that it is built."""

import pytest

import expectations
from accounts import APP, PROVIDER
from provisioning import (
    ATTENTION,
    CHANGES,
    DONE,
    changing,
    result,
    spec_of,
    told,
    steps,
)

ORDER = [
    *("cache", "resolve", "cache_security_group", "load_balancer"),
    *("target_group", "targets", "listener", "endpoint_service"),
    *("permissions", "endpoint_security_group", "endpoint", "acceptance"),
    *("available", "private_dns", "verify"),
]


def test_an_empty_pair_of_accounts_ends_in_a_pong(world, provision):
    run, calls = provision.counted("apply", spec_of(world))
    found = result(run)
    expectations.whole(world)
    assert found["verdict"]["id"] == "OK", told(run)
    assert len(calls) <= expectations.CREATE_CALLS, [
        row["action"] for row in calls
    ]
    assert found["api_calls"] == len(calls)
    (connection,) = found["path"]["connections"]
    assert connection["state"] == "available" and connection["ours"]
    assert connection["dns_names"]
    (listener,) = found["path"]["listeners"]
    (target,) = listener["targets"]
    assert target["address"] == world.nodes.addresses[0]
    assert target["health"] == "healthy"


def test_the_steps_are_told_in_order(world, provision):
    found = result(provision("apply", spec_of(world)))
    names = [line["step"] for line in found["steps"]]
    assert set(names) <= set(ORDER)
    firsts = list(dict.fromkeys(names))
    assert firsts == [name for name in ORDER if name in firsts]
    assert set(ORDER) - set(names) <= {"private_dns"}
    assert {line["status"] for line in found["steps"]} <= {"done", "skipped"}


def test_a_second_apply_changes_nothing(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    before = world.census()
    run, calls = provision.counted("apply", spec)
    assert result(run)["verdict"]["id"] == "OK"
    assert changing(calls) == []
    assert len(calls) <= expectations.IDLE_CALLS, [
        row["action"] for row in calls
    ]
    assert world.census() == before


def test_destroy_leaves_nothing(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run, calls = provision.counted("destroy", spec)
    result(run)
    expectations.nothing(world)
    assert len(calls) <= expectations.DESTROY_CALLS, [
        row["action"] for row in calls
    ]


def test_independent_calls_run_at_the_same_time(world, provision):
    world.emulator.tell("clear")
    world.emulator.faults({"do": "delay", "s": 0.5, "times": 10})
    result(provision("apply", spec_of(world)))
    assert world.emulator.tell("calls")["most_at_once"] >= 3


def test_plan_changes_nothing_and_names_the_calls(world, provision):
    before = world.census()
    run, calls = provision.counted("plan", spec_of(world))
    found = result(run, CHANGES)
    assert changing(calls) == []
    assert world.census() == before
    planned = [
        line for line in found["steps"] if line["status"] == "planned"
    ]
    assert {line["step"] for line in planned} >= {
        *("load_balancer", "target_group", "listener", "endpoint_service"),
        *("permissions", "endpoint_security_group", "endpoint"),
    }
    text = provision("plan", spec_of(world), form="text").out
    for call in ("CreateLoadBalancer", "CreateVpcEndpoint"):
        assert call in text


def test_plan_of_a_path_that_stands_has_nothing_to_do(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    result(provision("plan", spec), DONE)
    run, calls = provision.counted("plan", spec, "--destroy")
    result(run, CHANGES)
    assert changing(calls) == []


def test_a_dry_run_is_a_plan(world, provision):
    run, calls = provision.counted("apply", spec_of(world), "--dry-run")
    result(run, CHANGES)
    assert changing(calls) == []


def test_permissions_are_asked_of_ec2(world, provision):
    spec = spec_of(world)
    run, calls = provision.counted("plan", spec, "--check-permissions")
    result(run, CHANGES)
    asked = [
        row for row in changing(calls)
    ]
    assert asked
    assert all(row["parameters"]["DryRun"] == "true" for row in asked)
    expectations.nothing(world)


def test_status_of_a_path_that_stands_is_done(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run, calls = provision.counted("status", spec)
    found = result(run)
    assert changing(calls) == [] and found["path"]["drift"] == []


def test_status_of_nothing_wants_attention(world, provision):
    run, calls = provision.counted("status", spec_of(world))
    result(run, ATTENTION)
    assert changing(calls) == []


def test_all_that_is_made_carries_our_tags(world, provision):
    spec = spec_of(
        world, provider__tags={"team": "payments"}, consumer__tags={"x": "y"}
    )
    result(provision("apply", spec))
    ours = expectations.tagged(expectations.of(world, PROVIDER))
    assert len(ours) >= 4
    theirs = expectations.tagged(expectations.of(world, APP))
    assert len(theirs) == 2
    hashes = set()
    for tags in [*ours.values(), *theirs.values()]:
        assert tags["linkprobe:path"] == "orders-cache"
        hashes.add(tags["linkprobe:spec"])
    assert len(hashes) == 1
    assert all(tags["team"] == "payments" for tags in ours.values())
    assert all(tags["x"] == "y" for tags in theirs.values())


def test_the_resources_are_those_of_the_tutorial(world, provision):
    result(provision("apply", spec_of(world)))
    elb = world.asker("elbv2", PROVIDER)
    (balancer,) = elb("describe_load_balancers")["LoadBalancers"]
    assert balancer["Type"] == "network"
    assert balancer["Scheme"] == "internal"
    assert len(balancer["AvailabilityZones"]) == 2
    (group,) = elb("describe_target_groups")["TargetGroups"]
    assert (group["Protocol"], group["Port"]) == ("TCP", 6379)
    assert (group["TargetType"], group["HealthCheckProtocol"]) == ("ip", "TCP")
    assert int(group["HealthyThresholdCount"]) == 3
    assert int(group["UnhealthyThresholdCount"]) == 3
    assert group["HealthCheckIntervalSeconds"] == 30
    owner = world.asker("ec2", PROVIDER)
    (service,) = owner("describe_vpc_endpoint_service_configurations")[
        "ServiceConfigurations"
    ]
    assert service["AcceptanceRequired"] is True
    (endpoint,) = world.asker("ec2", APP)("describe_vpc_endpoints")[
        "VpcEndpoints"
    ]
    assert endpoint["VpcEndpointType"] == "Interface"
    subnets = {world.consumer.subnets[zone] for zone in "ad"}
    assert set(endpoint["SubnetIds"]) == subnets


def test_progress_is_told_by_step(world, provision):
    run = provision("apply", spec_of(world), form="text")
    assert run.status == DONE, told(run)
    for name in ("load_balancer", "endpoint_service", "available"):
        assert name.replace("_", " ") in run.out.replace("_", " ")


def test_a_run_says_how_many_calls_it_took(world, provision):
    run = provision("apply", spec_of(world), form="text")
    assert "calls" in run.out, told(run)


def test_steps_have_their_ids(world, provision):
    found = steps(result(provision("apply", spec_of(world))))
    there = expectations.of(world, PROVIDER)
    (arn,) = there["load_balancers"].values()
    assert found["load_balancer", None]["id"] == arn
    assert found["endpoint_service", None]["id"] in there["services"]


@pytest.mark.parametrize("only, made", [("provider", 0), ("consumers", 1)])
def test_one_side_may_be_applied(world, provision, only, made):
    spec = spec_of(world)
    if only == "consumers":
        run = provision("apply", spec, "--only", "provider")
        assert run.status in (DONE, ATTENTION), told(run)
    run = provision("apply", spec, "--only", only)
    assert run.status in (DONE, ATTENTION), told(run)
    assert len(expectations.of(world, PROVIDER)["services"]) == 1
    assert len(expectations.of(world, APP).get("endpoints", {})) == made
