"""What tests/aws/soak runs: many seeds, and the figures to publish."""

import os

import expectations
from provisioning import changing, result, spec_of
from test_provision_faults import MIXES, apply_under

# The first of a hundred; those of the quick tier are below.
_FIRST_SEED = 100


def pytest_generate_tests(metafunc):
    if "seed" in metafunc.fixturenames:
        runs = metafunc.config.getoption("--soak")
        points = [
            (name, _FIRST_SEED + number)
            for name in MIXES
            for number in range(runs)
        ]
        names = [f"{name}-{seed}" for name, seed in points]
        metafunc.parametrize("name, seed", points, ids=names)


def test_it_converges(world, provision, name, seed):
    apply_under(world, provision, MIXES[name], seed)


def line(what, run, calls, least):
    return (
        f"{what:10} {len(calls):3} calls ({len(changing(calls))} writes, "
        f"{least} are the least), {run.seconds:.2f} s\n"
    )


def test_figures(world, provision):
    """Waits of half a second, as the figures are published."""
    spec = spec_of(world)
    text = ""
    for command, least, most in (
        ("apply", expectations.LEAST_WRITES, expectations.CREATE_CALLS),
        ("apply", 0, expectations.IDLE_CALLS),
        ("destroy", 5, expectations.DESTROY_CALLS),
    ):
        run, calls = provision.counted(command, spec)
        result(run)
        text += line(command, run, calls, least)
        assert len(calls) <= most, text
    path = os.environ.get("LINKPROBE_FIGURES")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)
