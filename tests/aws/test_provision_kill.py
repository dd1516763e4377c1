"""Killed between any two calls, the next run ends with exactly one of each.

A few points in the quick tier; with --full every call of apply, sync and
destroy, before and after it, with lists that lag, and killed twice.
"""

import pytest

import killing
from killing import AFTER, BEFORE
from provisioning import spec_of, told

# More than any run makes: a point beyond the end is no kill, and passes.
MOST = {"apply": 28, "sync": 10, "destroy": 14}

LAGS_S = (0, 1.5, 5)


def quick_points():
    yield from (("apply", nth, AFTER, 0) for nth in (15, 19, 22))
    yield from (("apply", nth, BEFORE, 0) for nth in (13, 20))
    yield ("apply", 17, AFTER, 1.5)
    yield ("sync", 6, AFTER, 0)
    yield ("destroy", 8, AFTER, 0)
    # its load balancer is gone, and a list still shows who had it
    yield ("destroy", 11, BEFORE, 1.5)


def all_points():
    for command, most in MOST.items():
        for lag_s in LAGS_S:
            for nth in range(1, most + 1):
                for when in (BEFORE, AFTER):
                    yield command, nth, when, lag_s


def pytest_generate_tests(metafunc):
    if "point" in metafunc.fixturenames:
        full = metafunc.config.getoption("--full")
        points = list(all_points() if full else quick_points())
        names = ["-".join(map(str, point)) for point in points]
        metafunc.parametrize("point", points, ids=names)
    if "second" in metafunc.fixturenames:
        full = metafunc.config.getoption("--full")
        seconds = range(1, 29) if full else (12,)
        metafunc.parametrize("second", seconds)


def test_killed_at_any_call_it_converges(world, provision, point):
    command, nth, when, lag_s = point
    spec = spec_of(world)
    killing.prepare(provision, command, spec)
    world.emulator.settings(lag_s=lag_s)
    killing.kill_at(provision, command, spec, nth, when)
    check = killing.check_after(command)
    killing.converges(provision, command, spec, check)


def test_killed_twice_it_converges(world, provision, second):
    spec = spec_of(world)
    killing.kill_at(provision, "apply", spec, 14, AFTER)
    killing.kill_at(provision, "apply", spec, second, AFTER)
    check = killing.check_after("apply")
    killing.converges(provision, "apply", spec, check)


def test_an_interrupted_run_says_so_and_goes_on(world, provision):
    spec = spec_of(world)
    world.emulator.settings(delay_s={"balancer": 600})
    started = provision.start("apply", spec, "--timeout", "55s")
    killing.servers.wait_for(
        lambda: world.emulator.calls("CreateLoadBalancer"), "it is at work", 60
    )
    started.kill(killing.signal.SIGINT)
    run = started.finish()
    assert run.status == 4, told(run)
    world.emulator.settings(delay_s={"balancer": 0.3})
    killing.converges(
        provision, "apply", spec, killing.check_after("apply")
    )


def test_another_machine_may_go_on(world, provision, tmp_path):
    """There is no state file: all is found by tags and names."""
    spec = spec_of(world)
    killing.kill_at(provision, "apply", spec, 18, AFTER)
    left = [path.name for path in provision.home.iterdir()]
    assert sorted(left) == sorted({".aws", *(n for n in left if "path" in n)})
    killing.converges(
        provision, "apply", spec, killing.check_after("apply")
    )
