"""destroy takes away what is ours, in reverse, and nothing else."""

import pytest

import expectations
from accounts import APP, PROVIDER, SHOP
from byhand import ByHand
from provisioning import (
    DONE,
    REFUSED,
    changing,
    result,
    spec_of,
    told,
)
from scenario import Network
from test_provision_shapes import consumers_of


def position(calls, action):
    return [row["action"] for row in calls].index(action)


def test_it_goes_in_reverse(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run, calls = provision.counted("destroy", spec)
    result(run)
    order = [
        "DeleteVpcEndpoints",
        "DeleteVpcEndpointServiceConfigurations",
        "DeleteLoadBalancer",
        "DeleteTargetGroup",
    ]
    places = [position(calls, action) for action in order]
    assert places == sorted(places)


def test_what_others_made_stays(world, provision):
    path = ByHand(world).whole()
    before = world.census()
    spec = spec_of(world)
    result(provision("apply", spec))
    result(provision("destroy", spec))
    after = world.census()
    after[APP.number]["security_groups"] = {
        name: title
        for name, title in after[APP.number]["security_groups"].items()
    }
    assert after == before
    assert path.look()["State"] == "available"


def test_a_name_of_ours_without_our_tag_is_refused(world, provision):
    ByHand(world, name="orders-cache").balancer()
    before = world.census()
    run, calls = provision.counted("apply", spec_of(world))
    assert run.status == REFUSED, told(run)
    assert changing(calls) == []
    assert world.census() == before
    provision("destroy", spec_of(world))
    assert world.census() == before


def of_another_spec(world, kind):
    """As if a file of the same name, but of another account, had made it."""
    tag = {"Key": "linkprobe:spec", "Value": "0123456789abcdef"}
    there = expectations.of(world, PROVIDER)
    if kind == "service":
        world.asker("ec2", PROVIDER)(
            "create_tags", Resources=there["services"], Tags=[tag]
        )
        return
    (arn,) = there["load_balancers"].values()
    world.asker("elbv2", PROVIDER)("add_tags", ResourceArns=[arn], Tags=[tag])


@pytest.mark.parametrize(
    "command, kind",
    [("apply", "service"), ("destroy", "service"), ("destroy", "balancer")],
)
def test_what_is_of_another_spec_is_refused(world, provision, command, kind):
    spec = spec_of(world)
    result(provision("apply", spec))
    of_another_spec(world, kind)
    before = world.census()
    run, calls = provision.counted(command, spec)
    assert run.status == REFUSED, told(run)
    assert changing(calls) == []
    assert world.census() == before


def connected_by_another(world, provision):
    """A path, with an endpoint of a foreign consumer that is connected."""
    spec = consumers_of(
        world,
        {"name": "shop", "account": SHOP.number, "principals": [SHOP.arn]},
    )
    result(provision("apply", spec))
    path = ByHand(world)
    (path.service_id,) = expectations.of(world, PROVIDER)["services"]
    path.service_name = f"com.amazonaws.vpce.us-west-2.{path.service_id}"
    network = Network(world, SHOP, 128, zones="abcd")
    path.endpoint(network, zones="cd", groups=[], account=SHOP).accept()
    return path, spec


def test_the_endpoints_of_others_stop_it(world, provision):
    path, spec = connected_by_another(world, provision)
    run, calls = provision.counted("destroy", spec)
    assert run.status == REFUSED, told(run)
    assert path.endpoint_id in run.out + run.err
    assert changing(calls) == []


def test_the_endpoints_of_others_may_be_rejected(world, provision):
    path, spec = connected_by_another(world, provision)
    run = provision("destroy", spec, "--reject-others")
    assert run.status == DONE, told(run)
    assert expectations.of(world, PROVIDER).get("services", []) == []
    # it is theirs: rejected, not deleted
    assert expectations.of(world, SHOP)["endpoints"] == {
        path.endpoint_id: "rejected"
    }


def test_a_protected_path_stays(world, provision):
    spec = spec_of(world, protect=True)
    result(provision("apply", spec))
    run, calls = provision.counted("destroy", spec, "--reject-others")
    assert run.status == REFUSED, told(run)
    assert changing(calls) == []


def test_nothing_to_destroy_is_done(world, provision):
    run, calls = provision.counted("destroy", spec_of(world))
    result(run)
    assert changing(calls) == []


def test_without_a_terminal_it_must_be_told_yes(world, provision):
    spec = provision.write(spec_of(world))
    for command in ("apply", "destroy"):
        words = provision.words(command, str(spec))
        words.remove("--yes")
        provision.words = lambda *_, given=words, **__: given
        run, calls = provision.counted(command, None)
        assert run.status == REFUSED, told(run)
        assert changing(calls) == []
        del provision.words
