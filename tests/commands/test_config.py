"""The configuration file, modules, and which source wins."""

import pytest

from verdicts import assert_verdict, calm


@pytest.fixture
def config(home):
    def write(text, name="c.yml"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def writes(run):
    """Did the check write, and was it well?"""
    (address,) = assert_verdict(run, "OK")["addresses"]
    stages = {s["stage"]: s["status"] for s in address["stages"]}
    return stages["set"] == "ok"


def test_defaults_hold(check, redis, config):
    path = config("defaults:\n  no-write: true\n")
    assert not writes(calm(check, "--config", path, redis().target))


def test_a_module_is_chosen_by_name(check, redis, config):
    path = config("modules:\n  reading:\n    no-write: true\n")
    cache = redis()
    assert writes(calm(check, "--config", path, cache.target))
    words = "--config", path, "--module", "reading"
    assert not writes(calm(check, *words, cache.target))


def test_the_command_line_wins(check, redis, config):
    path = config(
        "defaults:\n  key-prefix: 'a:'\n  timeout: 1ms\n"
        "modules:\n  m:\n    no-write: true\n"
    )
    cache = redis()
    words = "--config", path, "--module", "m", "--write"
    assert writes(calm(check, *words, cache.target))


def test_the_environment_wins_over_the_file(check, redis, config):
    path = config("defaults:\n  no-write: false\n")
    run = calm(
        *(check, "--config", path, redis().target),
        env={"LINKPROBE_NO_WRITE": "true"},
    )
    assert not writes(run)


def test_the_file_in_the_home_is_found(check, redis, config):
    config("defaults:\n  no-write: true\n", "linkprobe/linkprobe.yml")
    cache = redis()
    assert not writes(calm(check, cache.target))
    assert writes(calm(check, "--no-config", cache.target))


@pytest.mark.parametrize(
    "text, line, word",
    [
        ("defaults:\n  tiemout: 1s\n", 2, "tiemout"),
        ("defaults:\n\n  timeout: soon\n", 3, "timeout"),
        ("nonsense: 1\n", 1, "nonsense"),
        ("modules:\n  m:\n    a: b\n", 3, "a"),
        ("defaults: []\n", 1, "defaults"),
        ("defaults:\n\ttimeout: 1s\n", 2, ""),
        ("defaults:\n  password: x\n", 2, "password"),
    ],
)
def test_wrong_keys_are_named_with_their_line(
    linkprobe, config, text, line, word
):
    path = config(text)
    run = linkprobe("check", "--config", path, "127.0.0.1:1")
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1, str(run)
    assert f"c.yml:{line}" in run.err, str(run)
    assert word in run.err, str(run)


def test_a_file_that_is_not_there(linkprobe, home):
    run = linkprobe("check", "--config", home / "gone.yml", "127.0.0.1:1")
    assert run.status == 3, str(run)
    assert "gone.yml" in run.err


def test_a_module_that_is_not_there(linkprobe, config):
    path = config("modules:\n  reading: {}\n")
    run = linkprobe("check", "--config", path, "--module", "writing", "h")
    assert run.status == 3, str(run)
    assert "writing" in run.err


def test_a_file_is_checked_without_a_target(linkprobe, config):
    good = config("defaults:\n  timeout: 1s\n", "good.yml")
    bad = config("defaults:\n  timeout: soon\n", "bad.yml")
    assert linkprobe("check", "--config", good, "--config-check").status == 0
    run = linkprobe("check", "--config", bad, "--config-check")
    assert run.status == 3, str(run)
    assert "bad.yml:2" in run.out + run.err
