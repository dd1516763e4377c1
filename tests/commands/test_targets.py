"""Targets: how they are written, files of them, labels."""

import json

import pytest

from verdicts import OF_A_BUSY_MACHINE, assert_verdict, calm


def test_a_target_is_what_the_first_word_may_be(linkprobe, redis):
    cache = redis()
    run = linkprobe(cache.target, "--format", "json")
    assert_verdict(run, "OK")


@pytest.mark.parametrize(
    "form", ["{t}", "redis://{t}", "valkey://{t}", "redis://{t}/0"]
)
def test_how_a_target_may_be_written(check, redis, form):
    cache = redis()
    result = assert_verdict(check(form.format(t=cache.target)), "OK")
    target = result["target"]
    assert target["name"] == cache.target
    assert target["host"] == cache.host
    assert target["port"] == cache.port
    assert target["tls"] is False
    assert target["labels"] == {}


def test_the_port_is_6379_unless_given(check):
    run = check("--no-diagnose", "--timeout", "500ms", "127.200.1.9")
    assert run.object["target"]["port"] == 6379, str(run)


@pytest.mark.parametrize(
    "form, password",
    [
        ("redis://:s%40crt@{t}", "s@crt"),
        ("redis://s%2Fcrt@{t}", "s/crt"),
        ("redis://default:p%3Ass@{t}/0", "p:ss"),
    ],
)
def test_a_password_in_the_url_is_decoded(check, redis, form, password):
    cache = redis(requirepass=password)
    run = check(form.format(t=cache.target))
    result = assert_verdict(run, "OK")
    assert result["target"]["name"] == cache.target


@pytest.mark.parametrize(
    "target",
    [
        "",
        ":6379",
        "host:",
        "host:0",
        "host:65536",
        "host:6379x",
        "[::1",
        "[::1]x",
        "http://host",
        "redis://",
        "redis://host:port",
        "redis://host/x",
        "redis://a%zz@host",
        "ho st",
    ],
)
def test_targets_that_cannot_be_read(linkprobe, target):
    run = linkprobe("check", target)
    assert run.status == 3, str(run)
    assert run.out == "", str(run)
    assert len(run.err.splitlines()) == 1, str(run)


def test_no_target_at_all(linkprobe):
    run = linkprobe("check")
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1, str(run)


def by_name(run):
    return {o["target"]["name"]: o for o in run.objects()}


def test_many_targets_are_one_object_each(check, redis):
    first, second = redis(), redis(requirepass="x")
    run = calm(check, first.target, second.target)
    found = by_name(run)
    assert run.status == 2, str(run)
    assert found[first.target]["verdict"]["id"] == "OK"
    assert found[second.target]["verdict"]["id"] == "AUTH_REQUIRED"


def test_the_worst_target_counts(check, redis):
    good = redis()
    run = check("-w", "tcp=0", good.target)
    assert run.status == 1
    bad = redis(requirepass="x")
    assert check(good.target, bad.target).status == 2
    run = calm(check, "--format", "text", good.target, good.target)
    assert run.status == 0


def file_sd(*groups):
    return [
        {"targets": list(targets), "labels": labels}
        for targets, labels in groups
    ]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_file_of_targets(check, home, redis, form):
    import yaml

    first, second = redis(), redis()
    groups = file_sd(
        ([first.target], {"team": "payments", "__hidden": "x"}),
        ([second.target], {"team": "search", "zone": "b"}),
    )
    dump = json.dumps if form == "json" else yaml.safe_dump
    path = home / f"targets.{form}"
    path.write_text(dump(groups))
    run = calm(check, "--targets", path)
    found = by_name(run)
    assert run.status == 0, str(run)
    assert found[first.target]["target"]["labels"] == {"team": "payments"}
    assert found[second.target]["target"]["labels"] == {
        "team": "search",
        "zone": "b",
    }


def test_labels_set_the_options_of_a_target(check, home, redis, authority):
    cache = redis(user="probe on >hidden ~* +@all")
    (home / "secret").write_text("hidden\n")
    labels = {
        "__user__": "probe",
        "__password_file__": str(home / "secret"),
        "team": "a",
    }
    path = home / "targets.json"
    path.write_text(json.dumps(file_sd(([cache.target], labels))))
    run = check("--targets", path)
    result = assert_verdict(run, "OK")
    assert result["target"]["labels"] == {"team": "a"}
    assert "hidden" not in run.out + run.err


def test_a_module_by_label(check, home, redis):
    cache = redis()
    (home / "c.yml").write_text(
        "modules:\n  reading:\n    no-write: true\n"
    )
    path = home / "targets.json"
    groups = file_sd(([cache.target], {"__module__": "reading"}))
    path.write_text(json.dumps(groups))
    run = check("--config", home / "c.yml", "--targets", path)
    (address,) = assert_verdict(run, "OK")["addresses"]
    stages = {s["stage"]: s["status"] for s in address["stages"]}
    assert stages["set"] == "skipped", str(run)


def test_targets_from_standard_input(check, redis):
    first, second = redis(), redis()
    text = f"{first.target}\n\n{second.target}\n"
    run = calm(check, "--targets", "-", stdin=text)
    assert set(by_name(run)) == {first.target, second.target}
    assert run.status == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[{]",
        "42",
        '[{"targets": "x"}]',
        '[{"targets": [1, {}]}]',
        "- targets: [a\n",
        "&a [*a]",
    ],
)
def test_files_of_targets_that_cannot_be_read(linkprobe, home, text):
    path = home / "targets.yml"
    path.write_text(text)
    run = linkprobe("check", "--targets", path)
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1, str(run)
    assert "targets.yml" in run.err, str(run)


def test_a_file_of_targets_that_is_not_there(linkprobe, home):
    run = linkprobe("check", "--targets", home / "gone.json")
    assert run.status == 3, str(run)
    assert "gone.json" in run.err


@pytest.mark.parametrize("text", ["[]", "- targets: []\n", "[]\n---\n"])
def test_a_file_that_names_no_target(linkprobe, home, text):
    path = home / "none.yml"
    path.write_text(text)
    run = linkprobe("check", "--targets", path)
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1, str(run)
    assert "none.yml" in run.err, str(run)
    run = linkprobe("check", "--targets", "-", stdin="\n# none\n")
    assert run.status == 3, str(run)
    assert "standard input" in run.err, str(run)


@pytest.mark.slow
def test_hundreds_of_targets_at_once(check, redis, home):
    cache = redis()
    targets = [f"{cache.host}:{cache.port}"] * 300
    path = home / "targets.json"
    path.write_text(json.dumps(file_sd((targets, {}))))
    run = check("--concurrency", "64", "--targets", path)
    ids = [found["verdict"]["id"] for found in run.objects()]
    assert len(ids) == 300
    assert set(ids) <= {"OK", *OF_A_BUSY_MACHINE}, str(run)
    assert run.status == (1 if set(ids) != {"OK"} else 0), str(run.err)
    assert cache.client()("DBSIZE") == 0
