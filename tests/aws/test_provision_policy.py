"""The printed policies are enough, and none of their actions is too much."""

import json

import pytest

import expectations
import servers
from accounts import APP, PROVIDER
from test_provision_drift import (
    Path,
    a_stale_target,
    acceptance_off,
    cross_zone_off,
    endpoint_lost_a_subnet,
    health_check_slower,
    principal_removed,
    proxy_protocol_on,
    rule_removed,
)
from provisioning import DONE, spec_of, told

ACCOUNTS = {"provider": PROVIDER, "consumer": APP}

# Asked for a side and a purpose.
PURPOSES = ("apply", "sync", "destroy")


def policy_of(provision, spec, side, purpose):
    """One policy document."""
    run = provision(
        *("policy", spec, "--side", side, "--for", purpose), form="json"
    )
    assert run.status == DONE, told(run)
    return json.loads(run.out)


def documents(printed):
    """The policies in what was printed, whatever is around them."""
    if "Statement" in printed:
        return [printed]
    found = []
    for value in printed.values() if isinstance(printed, dict) else printed:
        if isinstance(value, (dict, list)):
            found += documents(value)
    return found


def actions_of(policies):
    found = []
    for policy in policies:
        for statement in policy["Statement"]:
            given = statement["Action"]
            found += given if isinstance(given, list) else [given]
    return sorted(set(found))


def without(policies, action):
    """The same policies, less one action."""
    text = json.loads(json.dumps(policies))
    for policy in text:
        for statement in policy["Statement"]:
            given = statement["Action"]
            given = given if isinstance(given, list) else [given]
            statement["Action"] = [one for one in given if one != action]
    return text


def allow(world, side, policies):
    key = ACCOUNTS[side].key
    world.emulator.tell("policy", key=key, documents=policies)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_printed_policies_are_enough(world, provision, purpose):
    spec = spec_of(world)
    before_it(world, provision, spec, purpose)
    for side in ACCOUNTS:
        printed = policy_of(provision, spec, side, purpose)
        allow(world, side, documents(printed))
    run = provision(purpose, spec)
    assert run.status == DONE, told(run)


def before_it(world, provision, spec, purpose):
    """What a run for that purpose finds."""
    if purpose == "apply":
        return
    assert provision("apply", spec).status == DONE
    if purpose == "sync":
        world.fail_over()


def test_no_action_is_a_wildcard(world, provision):
    spec = spec_of(world)
    for side in ACCOUNTS:
        printed = policy_of(provision, spec, side, "all")
        policies = documents(printed)
        assert policies
        for action in actions_of(policies):
            assert "*" not in action


def minimal_points():
    """(purpose, side, index): an action each, found out when it runs."""
    for purpose, most in (("apply", 40), ("sync", 14), ("destroy", 24)):
        for side in ACCOUNTS:
            yield from ((purpose, side, index) for index in range(most))


QUICK = [
    *(("apply", "provider", index) for index in (4, 8)),
    *(("apply", "consumer", index) for index in (5,)),
    ("destroy", "provider", 3),
    ("sync", "provider", 2),
]


def pytest_generate_tests(metafunc):
    if "point" in metafunc.fixturenames:
        full = metafunc.config.getoption("--full")
        points = list(minimal_points()) if full else QUICK
        names = ["-".join(map(str, point)) for point in points]
        metafunc.parametrize("point", points, ids=names)


# What only a rare moment needs: lists that lag, a race with another run, a
# failover that the endpoint service's tag does not know of.
RARE = (
    *("elasticache:DescribeCacheClusters", "ec2:DescribeSecurityGroups"),
    *("elasticache:DescribeReplicationGroups", "ec2:DeleteVpcEndpoints"),
    *("elasticloadbalancing:DescribeTags",),
    *("elasticloadbalancing:DeregisterTargets",),
    *("elasticloadbalancing:ModifyListener",),
    *("ec2:RejectVpcEndpointConnections",),
    # of consumers whose credentials are not here
    *("ec2:DescribeVpcEndpointConnections",),
)


def drifted(world, provision, spec):
    path = Path(world)
    for tamper in (
        *(proxy_protocol_on, health_check_slower, cross_zone_off),
        *(rule_removed, acceptance_off, endpoint_lost_a_subnet),
        *(a_stale_target, principal_removed),
    ):
        tamper(path)


def half_gone(world, provision, spec):
    """As a destroy leaves it that ends after the endpoint service."""
    assert provision("apply", spec).status == DONE
    path = Path(world)
    path.app("delete_vpc_endpoints", VpcEndpointIds=[path.endpoint])
    servers.wait_for(
        lambda: not path.owner(
            "delete_vpc_endpoint_service_configurations",
            ServiceIds=[path.service],
        )["Unsuccessful"],
        "the service is gone",
    )


def back_again(world, provision, spec):
    """A second failover, and no service that remembers."""
    half_gone(world, provision, spec)
    world.nodes.heal()
    world.fail_over(to="test1-001", servers_too=False)


def nothing(world, provision, spec):
    """As the run before left it."""


# What a run finds, one after the other, until the action is missed.
SITUATIONS = {
    "apply": (nothing, nothing, drifted),
    "sync": (nothing, back_again),
    "destroy": (nothing, half_gone),
}


def test_taking_away_an_action_is_noticed(world, provision, point):
    purpose, side, index = point
    spec = spec_of(world)
    policies = documents(policy_of(provision, spec, side, purpose))
    actions = actions_of(policies)
    if index >= len(actions):
        pytest.skip("the policy has fewer actions")
    before_it(world, provision, spec, purpose)
    taken = actions[index]
    for situation in SITUATIONS[purpose]:
        world.emulator.tell("policy", key=ACCOUNTS[side].key, documents=None)
        situation(world, provision, spec)
        allow(world, side, without(policies, taken))
        run = provision(purpose, spec)
        if run.status != DONE:
            break
    if run.status == DONE and taken in RARE:
        pytest.skip(f"{taken} is for a rare moment")
    assert run.status != DONE, f"{taken} is not needed: {told(run)}"
    text = run.out + run.err
    assert taken in text or taken.split(":")[1] in text, told(run)


def test_a_missing_action_is_named_before_anything_is_made(
    world, provision
):
    spec = spec_of(world)
    policies = documents(policy_of(provision, spec, "consumer", "apply"))
    allow(world, "consumer", without(policies, "ec2:CreateVpcEndpoint"))
    run = provision("plan", spec, "--check-permissions")
    assert "CreateVpcEndpoint" in run.out + run.err
    expectations.nothing(world)
