"""An AWS that throttles, loses replies, says nonsense, or is slow."""

import pytest

import expectations
from accounts import APP, PROVIDER
from provisioning import DONE, FAILED, changing, result, spec_of, told

THROTTLED = [{"do": "error", "rate": 0.3}]
LOST = [{"do": "drop", "rate": 0.1, "when": "after"}]
MIXED = [
    {"do": "error", "rate": 0.08, "status": 500, "code": "InternalError"},
    {"do": "garbage", "rate": 0.05, "when": "after"},
    {"do": "truncated", "rate": 0.05, "when": "after"},
    {"do": "cut", "rate": 0.03, "when": "after"},
    {"do": "drop", "rate": 0.05},
]

MIXES = {"throttled": THROTTLED, "lost": LOST, "mixed": MIXED}


def apply_under(world, provision, rules, seed):
    spec = spec_of(world)
    world.emulator.faults(*rules, seed=seed)
    run = provision("apply", spec, "--timeout", "90s")
    world.emulator.faults()
    assert run.status == DONE, told(run)
    expectations.whole(world)


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.full)]
)
@pytest.mark.parametrize("name", MIXES)
def test_it_converges_whatever_the_seed(world, provision, name, seed):
    apply_under(world, provision, MIXES[name], seed)


@pytest.mark.parametrize("do", ["truncated", "cut"])
def test_an_error_that_does_not_arrive_whole_is_none(world, provision, do):
    """That there is no such load balancer comes with status 400."""
    rule = {"do": do, "when": "after", "times": 1}
    world.emulator.faults({**rule, "action": "DescribeTargetGroups"})
    result(provision("apply", spec_of(world)))
    expectations.whole(world)


def test_destroy_converges_too(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.emulator.faults(*THROTTLED, *LOST, seed=3)
    run = provision("destroy", spec)
    world.emulator.faults()
    assert run.status == DONE, told(run)
    expectations.nothing(world)


def test_a_rate_of_calls_is_kept_to(world, provision):
    world.emulator.settings(rate={"per_s": 20, "burst": 6})
    result(provision("apply", spec_of(world)))
    expectations.whole(world)


def test_slow_answers_are_waited_for(world, provision):
    world.emulator.faults({"do": "slow", "s": 0.3, "when": "after"})
    result(provision("apply", spec_of(world)))
    expectations.whole(world)


def test_an_aws_that_never_answers_ends_the_run(world, provision):
    world.emulator.faults({"do": "error", "status": 503})
    run = provision("apply", spec_of(world), "--timeout", "3s")
    assert run.status == FAILED, told(run)
    assert run.within(15), told(run)


def test_no_aws_at_all_ends_the_run(world, provision):
    run = provision(
        *("apply", spec_of(world), "--endpoint-url", "http://127.0.0.1:1"),
        *("--timeout", "3s"),
    )
    assert run.status == FAILED, told(run)


def test_what_may_not_be_is_not_tried_again(world, provision):
    world.emulator.faults(
        {
            "do": "error",
            "action": "CreateLoadBalancer",
            "status": 403,
            "code": "AccessDenied",
            "message": "not authorized to perform CreateLoadBalancer",
        }
    )
    run, calls = provision.counted("apply", spec_of(world))
    assert run.status == FAILED, told(run)
    assert "CreateLoadBalancer" in run.out + run.err
    tried = [row for row in calls if row["action"] == "CreateLoadBalancer"]
    assert len(tried) == 1


def test_a_clock_that_is_wrong_is_named_and_corrected(world, provision):
    world.emulator.settings(clock_s=1200)
    run = provision("apply", spec_of(world))
    assert run.status == DONE, told(run)
    assert "clock" in (run.out + run.err).lower(), told(run)
    expectations.whole(world)


def process_profile(world, provision, account):
    """The account's keys come from a command, new ones each time."""
    script = provision.home / "keys"
    script.write_text(
        "#!/bin/sh\n"
        f"n=$(cat {provision.home}/count 2>/dev/null || echo 0)\n"
        f"n=$((n + 1)); echo $n >{provision.home}/count\n"
        'printf \'{"Version": 1, "AccessKeyId": "AKIAPROCESS00000000%d",'
        ' "SecretAccessKey": "s%d", "Expiration":'
        ' "2099-01-01T00:00:00Z"}\' $n $n\n'
    )
    script.chmod(0o755)
    folder = provision.home / ".aws"
    config = (folder / "config").read_text()
    (folder / "config").write_text(
        config + f"[profile fetched]\ncredential_process = {script}\n"
    )
    world.emulator.settings(
        keys={
            f"AKIAPROCESS00000000{number}": {
                **account.entry(),
                "secret": f"s{number}",
            }
            for number in range(1, 9)
        }
    )


def test_credentials_that_expire_midway_are_fetched_again(world, provision):
    process_profile(world, provision, PROVIDER)
    keys = {
        "AKIAPROCESS000000001": {
            **PROVIDER.entry(),
            "secret": "s1",
            "calls_left": 7,
        }
    }
    world.emulator.settings(keys=keys)
    spec = spec_of(world, provider__profile="fetched")
    run, calls = provision.counted("apply", spec)
    result(run)
    expectations.whole(world)
    used = {row["key"] for row in calls if row["account"] == PROVIDER.number}
    assert used == {"AKIAPROCESS000000001", "AKIAPROCESS000000002"}


def test_credentials_that_stay_expired_end_the_run(world, provision):
    entry = {**PROVIDER.entry(), "calls_left": 5}
    world.emulator.settings(keys={PROVIDER.key: entry})
    run = provision("apply", spec_of(world))
    assert run.status == FAILED, told(run)
    assert "expired" in (run.out + run.err).lower(), told(run)


def test_a_clock_that_is_wrong_stops_nothing_twice(world, provision):
    """Once it is known how wrong it is, no call is refused for it."""
    world.emulator.settings(clock_s=-900)
    run, calls = provision.counted("apply", spec_of(world))
    result(run)
    refused = [row for row in calls if row["status"] >= 400]
    assert len(refused) <= 6, [row["action"] for row in refused]
    assert changing(calls)


def test_what_was_asked_was_never_wrong(world, provision):
    """Each signature verified, each parameter one of the service's."""
    spec = spec_of(world)
    for command in ("plan", "apply", "status", "sync", "destroy"):
        provision(command, spec)
    assert world.emulator.failures() == []
    assert {row["account"] for row in world.emulator.calls()} == {
        *(PROVIDER.number, APP.number)
    }
