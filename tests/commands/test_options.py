"""The command line: help, versions, and how wrong words are answered."""

import pytest

from verdicts import assert_verdict, calm


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--help"], ["help"], ["-h"]]
)
def test_help_is_for_standard_output(linkprobe, words):
    run = linkprobe(*words)
    assert run.status == 0, str(run)
    assert run.err == "", str(run)
    assert "check" in run.out
    assert all(len(line) <= 100 for line in run.out.splitlines()), run.out


def test_help_of_check_names_the_options(linkprobe):
    run = linkprobe("check", "--help", "all")
    assert run.status == 0, str(run)
    for option in (
        *("--address", "--source", "--dns", "--require", "--degraded"),
        *("--expect-address", "--tls", "--tls-name", "--cacert", "--cert"),
        *("--tls-verify", "--insecure", "--user", "--no-write", "--payload"),
        *("--key-prefix", "--expect-role", "--idle", "--timeout", "--wait"),
        *("--deadline", "--warning", "--critical", "--diagnose", "--format"),
        *("--interval", "--consecutive", "--concurrency", "--targets"),
        *("--askpass", "--password-file", "--password-command", "--color"),
        *("--config", "--no-config", "--module", "--config-check"),
    ):
        assert option in run.out, option


def test_the_version_comes_first(linkprobe):
    run = linkprobe("--version")
    assert run.status == 0, str(run)
    first, *libraries = run.out.splitlines()
    assert first.startswith("linkprobe ")
    assert first.split()[1].count(".") == 2
    text = " ".join(libraries).lower()
    for library in ("libuv", "c-ares", "hiredis"):
        assert library in text, str(run)


@pytest.mark.parametrize(
    "words, names",
    [
        (["--nonsense"], "--nonsense"),
        (["--timeot", "1s"], "--timeout"),
        (["--timeout"], "--timeout"),
        (["--timeout", "5"], "--timeout"),
        (["--timeout", "1s2"], "--timeout"),
        (["--timeout", "-1s"], "--timeout"),
        (["--timeout", "99999999999999999999s"], "--timeout"),
        (["--format", "xml"], "xml"),
        (["--require", "none"], "--require"),
        (["--require", "0"], "--require"),
        (["--degraded", "ok"], "--degraded"),
        (["--tls-verify", "maybe"], "maybe"),
        (["--expect-role", "leader"], "leader"),
        (["--address", "example.test"], "--address"),
        (["--source", "300.0.0.1"], "--source"),
        (["--dns", "not an address"], "--dns"),
        (["--expect-address", "10.0.0.0/33"], "--expect-address"),
        (["--payload", "12x"], "--payload"),
        (["--warning", "5:1"], "--warning"),
        (["-c", "nostage=1"], "nostage"),
        (["-D", "soon"], "soon"),
        (["--concurrency", "0"], "--concurrency"),
        (["--password", "x"], "--password"),
        (["-p", "0"], "port"),
        (["--cacert", "/nonexistent/ca.pem", "--tls"], "/nonexistent/ca.pem"),
    ],
)
def test_wrong_options_are_answered_in_one_line(linkprobe, words, names):
    run = linkprobe("check", *words, "127.0.0.1:1")
    assert run.status == 3, str(run)
    assert run.out == "", str(run)
    assert len(run.err.splitlines()) == 1, str(run)
    assert names in run.err, str(run)


def test_wrong_use_in_json_is_an_object(linkprobe):
    run = linkprobe("check", "--format", "json", "--nonsense", "h")
    assert run.status == 3, str(run)
    result = run.object
    assert result["status"] == "unknown"
    assert "--nonsense" in result["error"]


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["--timeout", "5", "h"],
        [],
        ["--password-file", "/nonexistent/secret", "127.0.0.1:1"],
        ["--config", "/nonexistent/c.yml", "127.0.0.1:1"],
    ],
)
def test_wrong_use_of_nagios_is_for_standard_output(linkprobe, words):
    run = linkprobe("check", "--format", "nagios", *words)
    assert run.status == 3, str(run)
    assert run.err == "", str(run)
    assert run.out.startswith("REDIS UNKNOWN - "), str(run)
    assert "|" not in run.out.splitlines()[0]


@pytest.mark.parametrize("time", ["5500000us", "5500ms", "5.5s", "1m", "1h"])
def test_times_have_units(check, redis, time):
    assert_verdict(check("--timeout", time, redis().target), "OK")


def test_options_may_follow_targets(check, redis):
    cache = redis()
    run = check(cache.target, "--no-write", "--", cache.target)
    assert len(run.objects()) == 2, str(run)


def test_the_letters_of_the_guidelines(check, redis):
    cache = redis()
    run = check("-H", cache.host, "-p", cache.port, "-w", "5", "-c", "6")
    assert_verdict(run, "OK")


def test_an_unknown_command_is_a_target_or_an_error(linkprobe):
    run = linkprobe("chekc")
    assert run.status in (2, 3), str(run)


def test_explain_tells_what_an_id_means(linkprobe):
    run = linkprobe("explain", "TCP_TIMEOUT_ONE_AZ")
    assert run.status == 0, str(run)
    assert "TCP_TIMEOUT_ONE_AZ" in run.out
    assert "cross" in run.out.lower()
    run = linkprobe("explain", "NO_SUCH_ID")
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1


def test_explain_knows_every_id_of_the_tests(linkprobe):
    import verdicts

    out = linkprobe("explain").out
    for verdict in verdicts.TABLE:
        assert verdict in out, verdict
        assert linkprobe("explain", verdict).status == 0


@pytest.mark.parametrize(
    "words, names",
    [
        (["--tls", "--tls-name", ".cache.test"], "--tls-name"),
        (["--tls", "--tls-name", "cache..test"], "--tls-name"),
        (["--tls", "--tls-name", "a" * 300], "--tls-name"),
        (["-6"], "127.0.0.1:1 is IPv4"),
        (["--source", "::1"], "127.0.0.1:1 is IPv4"),
    ],
)
def test_what_can_never_be_is_refused(linkprobe, words, names):
    run = linkprobe("check", *words, "127.0.0.1:1")
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1, str(run)
    assert names in run.err, str(run)


@pytest.mark.parametrize("words", [["-D", "30"], ["--tls-name", "a.test"]])
def test_options_of_tls_are_not_ignored_in_silence(linkprobe, redis, words):
    target = redis().target
    run = calm(linkprobe, "check", *words, target)
    assert run.status == 0, str(run)
    assert "plain text" in run.err, str(run)
    run = linkprobe("check", "--format", "nagios", *words, target)
    assert run.err == "", str(run)
    assert "plain text" in run.out, str(run)


def test_help_knows_what_it_has_no_help_for(linkprobe):
    run = linkprobe("help", "nonsense")
    assert run.status == 3, str(run)
    assert "nonsense" in run.err
    assert "explain" in linkprobe("help", "explain").out
