"""sync follows the cache's name: register, wait until healthy, deregister."""

import contextlib
import time

import expectations
import servers
from accounts import PROVIDER
from breakages import Path
from provisioning import DONE, changing, result, spec_of, told

PORT = 6379


def targets(world):
    (registered,) = expectations.of(world, PROVIDER)["target_groups"].values()
    return registered


def target(world, index):
    return f"{world.nodes.addresses[index]}:{PORT}"


def endpoint_address(world):
    rows = world.emulator.tell("plan")["rows"]
    return rows[0]["address"]


def try_set(world):
    """Does SET work through the endpoint?  The error, or None."""
    try:
        client = servers.Client(endpoint_address(world), PORT, 30)
        with contextlib.closing(client):
            client("SET", "aws-test", "x", "PX", 1000)
    except (servers.ReplyError, OSError) as error:
        return str(error) or repr(error)
    return None


def test_a_failover_is_followed_in_two_writes(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.fail_over()
    assert "READONLY" in try_set(world)
    run, calls = provision.counted("sync", spec)
    result(run)
    assert targets(world) == [target(world, 1)]
    assert [row["action"] for row in changing(calls)] == [
        "RegisterTargets",
        "DeregisterTargets",
    ]
    assert try_set(world) is None


def test_what_is_right_is_left(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run, calls = provision.counted("sync", spec)
    result(run)
    assert changing(calls) == []


def test_the_old_leaves_only_when_the_new_is_healthy(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.emulator.settings(delay_s={"target": 1.5})
    world.fail_over()
    world.emulator.tell("clear")
    result(provision("sync", spec))
    rows = world.emulator.calls()
    at = {row["action"]: row["at_s"] for row in rows}
    waited = at["DeregisterTargets"] - at["RegisterTargets"]
    assert waited >= 1.4, rows


def test_a_new_one_that_never_is_healthy_does_not_empty_the_group(
    world, provision
):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.place({"test1-001": f"127.{world.number}.1.98"})
    run = provision("sync", spec, "--timeout", "4s")
    assert run.status != DONE, told(run)
    assert target(world, 0) in targets(world)


def test_no_address_changes_nothing(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    name = world.caches["test1"]["NodeGroups"][0]["PrimaryEndpoint"]
    for row in ({"a": []}, {"rcode": 2}, {"rcode": 3}):
        world.emulator.tell("names", rows={name["Address"]: row})
        run, calls = provision.counted("sync", spec, "--timeout", "5s")
        assert run.status != DONE, told(run)
        assert changing(calls) == [], row
    assert targets(world) == [target(world, 0)]


def switched_after_s(world, index):
    """How long it takes until what watches has followed a failover."""
    if index == 0:
        world.nodes.heal()
    world.fail_over(to=f"test1-00{index + 1}", servers_too=index == 1)
    began = time.monotonic()
    servers.wait_for(
        lambda: target(world, index) in targets(world), "registered", 20
    )
    took = time.monotonic() - began
    servers.wait_for(
        lambda: targets(world) == [target(world, index)], "the old left", 20
    )
    servers.wait_for(lambda: try_set(world) is None, "SET works", 10)
    return took


def test_watch_switches_within_the_ttl_and_a_second(world, provision):
    ttl_s = 1
    world.emulator.settings(dns_ttl=ttl_s)
    spec = spec_of(world)
    result(provision("apply", spec))
    world.emulator.tell("clear")
    started = provision.start("sync", spec, "--watch", "--timeout", "60s")
    servers.wait_for(
        lambda: world.emulator.calls("DescribeTargetHealth"), "it watches", 30
    )
    took = []
    # a machine that stands still is late: there and back, until one was not
    for index in (1, 0, 1, 0):
        took.append(switched_after_s(world, index))
        if took[-1] <= ttl_s + 1:
            break
    started.kill(2)
    run = started.finish()
    assert run.status in (0, 4), told(run)
    assert took[-1] <= ttl_s + 1, took
    assert world.nodes.addresses[1] in run.out + run.err


def test_watch_ends_after_as_many_looks(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run = provision(
        *("sync", spec, "--watch", "--count", "2", "--interval", "200ms")
    )
    assert run.status == DONE, told(run)
    assert run.within(20)


def test_two_that_watch_do_no_harm(world, provision):
    world.emulator.settings(dns_ttl=1)
    spec = spec_of(world)
    result(provision("apply", spec))
    world.emulator.tell("clear")
    both = [
        provision.start("sync", spec, "--watch", "--interval", "300ms")
        for _ in range(2)
    ]
    servers.wait_for(
        lambda: len(world.emulator.calls("DescribeTargetHealth")) >= 4,
        "both watch",
        30,
    )
    emptied = []
    for index in (1, 0, 1):
        world.nodes.heal() if index == 0 else None
        world.fail_over(
            to=f"test1-00{index + 1}", servers_too=index == 1
        )

        def switched(wanted=target(world, index)):
            there = targets(world)
            if not there:
                emptied.append(True)
            return there == [wanted]

        servers.wait_for(switched, f"node {index} is the target", 30)
    for one in both:
        one.kill(2)
        one.finish()
    assert not emptied


def test_all_addresses_of_a_reader_are_targets(world, provision):
    spec = spec_of(
        world,
        provider__cache={"replication_group": "test1", "endpoint": "reader"},
    )
    result(provision("apply", spec))
    assert targets(world) == [target(world, 1)]
    name = world.caches["test1"]["NodeGroups"][0]["ReaderEndpoint"]
    world.emulator.tell(
        "names", rows={name["Address"]: {"a": world.nodes.addresses}}
    )
    result(provision("sync", spec))
    assert targets(world) == [target(world, 0), target(world, 1)]


def test_a_port_of_somebody_else_in_the_group_is_left_out(world, provision):
    """The same address at another port is another target, and stale."""
    spec = spec_of(world)
    result(provision("apply", spec))
    Path(world).register(world.nodes.addresses[0], port=6400)
    result(provision("sync", spec))
    assert targets(world) == [target(world, 0)]
