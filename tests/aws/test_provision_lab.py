"""End to end, in network namespaces: what the API holds is what packets meet.

apply on an empty pair of accounts ends in a PONG through DNAT and real
routes, and each drift in a failure that `verify` names.
"""

import pytest

import breakages
import emulated
import lab_world
import provisioning
import servers
from byhand import ByHand
from provisioning import DONE, result, spec_of, told


@pytest.fixture(scope="session")
def lab_of_worker(tmp_path_factory):
    reason = lab_world.why_not()
    if reason:
        pytest.skip(reason)
    if not emulated.python():
        pytest.skip("no python3 has moto 5.2 (tests/aws/requirements.txt)")
    try:
        made = lab_world.LabWorld(tmp_path_factory.mktemp("lab"))
    except lab_world.launch.Impossible as error:
        pytest.skip(str(error))
    yield made
    made.close()


@pytest.fixture
def lab(lab_of_worker):
    lab_of_worker.emulator.faults()
    yield lab_of_worker
    assert lab_of_worker.driver.error is None
    assert lab_of_worker.emulator.failures() == []


@pytest.fixture
def world(lab):
    return lab.scenario()


@pytest.fixture
def provision(lab, world, home):
    if not provisioning.available():
        pytest.skip("there is no linkprobe-provision to test")
    return provisioning.Provision(world, home, lab.prefix)


def met(lab, zone="a"):
    """What a client's SYN meets at the endpoint's address of a zone."""
    prober = lab_world.Prober(lab.reach, "client")
    try:
        address = lab_world.topology.ENI[zone]
        return prober.ask(connect=[address, 6379])
    finally:
        prober.close()


def becomes(lab, wanted, zone="a"):
    servers.wait_for(lambda: met(lab, zone) == wanted, wanted, 20)


def test_what_the_api_holds_is_what_packets_meet(lab, world):
    path = ByHand(world).balancer().cross_zone(True)
    path.targets(world.nodes.addresses[0]).listener()
    path.service(breakages.APP.arn)
    path.endpoint(
        groups=[lab_group(world, "198.18.0.0/21")]
    )
    lab.driver.look()
    assert met(lab) == "silent"
    path.accept()
    path.wait()
    becomes(lab, "open")
    becomes(lab, "open", zone="b")
    path.cross_zone(False)
    becomes(lab, "silent", zone="b")
    becomes(lab, "open")
    path.elb("delete_listener", ListenerArn=path.listener_arn)
    becomes(lab, "silent")
    path.listener()
    becomes(lab, "open")
    path.reject()
    becomes(lab, "silent")


def lab_group(world, *cidrs):
    ask = world.asker("ec2", breakages.APP)
    made = ask(
        "create_security_group",
        GroupName="clients",
        Description="clients",
        VpcId=world.consumer.vpc,
    )["GroupId"]
    ask(
        "authorize_security_group_ingress",
        GroupId=made,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 6379,
                "ToPort": 6379,
                "IpRanges": [{"CidrIp": cidr} for cidr in cidrs],
            }
        ],
    )
    return made


def test_a_port_is_open_to_whom_a_rule_admits(lab, world):
    path = ByHand(world).balancer().cross_zone(True)
    path.targets(world.nodes.addresses[0]).listener()
    path.service(breakages.APP.arn)
    # of clients in zone b only; a connection to zone a comes from zone a
    path.endpoint(groups=[lab_group(world, "198.18.2.0/24")]).accept()
    path.wait()
    becomes(lab, "open", zone="b")
    assert met(lab, "a") == "silent"


def test_refused_is_refused(lab, world):
    path = ByHand(world).balancer().cross_zone(True)
    # of the cache's host, where nobody listens
    path.targets().listener().service(breakages.APP.arn)
    path.elb(
        "register_targets",
        TargetGroupArn=path.group_arn,
        Targets=[{"Id": world.nodes.addresses[0], "Port": 6390}],
    )
    path.endpoint(groups=[lab_group(world, "198.18.0.0/21")]).accept()
    path.wait()
    becomes(lab, "refused")
    assert set(path.health().values()) <= {"initial", "unhealthy"}


def test_apply_on_empty_accounts_ends_in_a_pong(lab, world, provision):
    spec = spec_of(world)
    found = result(provision("apply", spec))
    assert found["verdict"]["id"] == "OK"
    lab.driver.look()
    run = provision("verify", spec)
    addresses = [
        one for check in result(run)["checks"] for one in check["addresses"]
    ]
    assert {one["address"] for one in addresses} == set(
        lab_world.topology.ENI.values()
    )
    for one in addresses:
        stages = {stage["stage"]: stage["status"] for stage in one["stages"]}
        for name in ("tcp", "ping", "set", "get"):
            assert stages[name] == "ok", told(run)
        # of the fabric, not of loopback
        assert one["tcp_info"]["snd_mss"] == 8353


def lab_stale(world, path):
    path.register(lab_world.topology.NOBODY)
    path.deregister(world.nodes.addresses[0])


LAB = [
    one
    for one in breakages.NETWORK
    if one.breaks.__name__
    not in ("no_principal", "pending", "stale_target", "dead_node")
]
LAB.append(breakages.Breakage(lab_stale, ("TCP_TARGET_STALE",), ("sync",)))


_QUICK = ("wrong_zone", "no_rule", "no_listener")


def in_the_lab():
    for one in LAB:
        name = one.breaks.__name__
        marks = [] if name in _QUICK else [pytest.mark.full]
        yield pytest.param(one, id=name, marks=marks)


@pytest.mark.parametrize("breakage", in_the_lab())
def test_a_drift_is_a_failure_that_is_named(
    lab, world, provision, breakage
):
    spec = spec_of(world)
    result(provision("apply", spec))
    breakages.broken(world, breakage)
    lab.driver.look()
    limit = "1s" if breakage.silent else "10s"
    run = provision("verify", spec, "--", "--timeout", limit)
    assert run.status in (1, 2), told(run)
    assert run.object["verdict"]["id"] in breakage.verdicts, told(run)
    if breakage.breaks.__name__ != "rejected":
        assert provision("apply", spec).status == DONE
        lab.driver.look()
        assert result(provision("verify", spec))["verdict"]["id"] == "OK"


def test_after_a_failover_only_set_fails_until_sync(lab, world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.fail_over()
    lab.driver.look()
    run = provision("verify", spec)
    (check,) = run.object["checks"]
    for one in check["addresses"]:
        stages = {stage["stage"]: stage["status"] for stage in one["stages"]}
        assert (stages["ping"], stages["set"]) == ("ok", "critical"), told(run)
    result(provision("sync", spec))
    lab.driver.look()
    assert result(provision("verify", spec))["verdict"]["id"] == "OK"
