"""The six formats, for a healthy, a broken and a half-broken target."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest

import peers
import places
import program
from verdicts import STAGES, assert_verdict, calm, stages_of

LABELS = "total dns tcp tls auth ping set get addresses_ok".split()

NUMBER = r"(?:U|[0-9]+(?:\.[0-9]+)?)"


@pytest.fixture
def refused():
    host = places.address()
    return f"{host}:{places.port(host)}"


@pytest.fixture
def nagios(linkprobe):
    def run(*words, **options):
        words = "check", "--format", "nagios", *words
        done = calm(linkprobe, *words, **options)
        assert done.err == "", str(done)
        assert len(done.out.encode()) <= 4096, str(done)
        return done

    return run


def perfdata(run):
    """The perfdata of the first line: {label: [value, warn, crit, ...]}."""
    first = run.out.splitlines()[0]
    text, separator, data = first.partition("|")
    assert separator, str(run)
    return {
        label: values.split(";")
        for label, values in (item.split("=") for item in data.split())
    }


def test_nagios_when_all_is_well(nagios, redis):
    cache = redis()
    run = nagios(cache.target)
    assert run.status == 0
    first, *rest = run.out.splitlines()
    assert first.startswith("REDIS OK - "), str(run)
    assert any(cache.host in line for line in rest), str(run)
    data = perfdata(run)
    assert list(data) == LABELS, str(run)
    assert data["addresses_ok"] == ["1", "", "", "0", "1"]
    for label in ("total", "tcp", "ping", "set", "get"):
        value, warn, crit, least = data[label]
        assert re.fullmatch(r"[0-9.]+s", value), str(run)
        assert (warn, crit, least) == ("", "", "0")
    for label in ("dns", "tls", "auth"):
        assert data[label][0] == "U", str(run)


def test_nagios_when_it_is_refused(nagios, refused):
    run = nagios(refused)
    assert run.status == 2
    first = run.out.splitlines()[0]
    assert first.startswith("REDIS CRITICAL - "), str(run)
    assert "TCP_REFUSED" in run.out, str(run)
    data = perfdata(run)
    assert list(data) == LABELS, str(run)
    assert data["addresses_ok"] == ["0", "", "", "0", "1"]
    assert data["ping"][0] == "U"


def test_nagios_shows_thresholds(nagios, redis):
    run = nagios("-w", "tcp=50ms,total=0.2", "-c", "5", redis().target)
    data = perfdata(run)
    assert data["tcp"][1] == "0.05", str(run)
    assert data["total"][1:3] == ["0.2", "5"], str(run)


def test_nagios_warns(nagios, redis):
    run = nagios(redis().target, env={"LINKPROBE_PASSWORD": "x"})
    assert run.status == 1
    assert run.out.startswith("REDIS WARNING - "), str(run)


def test_nagios_without_a_locale(nagios, redis):
    """Numbers have a point whatever the locale says."""
    run = nagios(redis().target, env={"LC_ALL": "de_DE.UTF-8"})
    assert "," not in run.out.splitlines()[0].partition("|")[2], str(run)


def test_nagios_knows_one_target(nagios, redis):
    run = nagios(redis().target, redis().target)
    assert run.status == 3, str(run)
    assert run.out.startswith("REDIS UNKNOWN - ")


def test_what_a_server_says_cannot_forge_perfdata(nagios, peer):
    fake = peers.redis_like(PING=b"-FROB | total=0s\x07 \xff 'x'=1\r\n")
    run = nagios(peer(fake).target)
    first = run.out.splitlines()[0]
    assert first.count("|") == 1, str(run)
    assert list(perfdata(run)) == LABELS, str(run)
    assert "\x07" not in run.out


@pytest.fixture
def plugin(linkprobe, home):
    """The same program by its other name."""
    link = home / "check_linkprobe"
    link.symlink_to(program.program_path())

    def run(*words, **options):
        if len(program.command()) > 1:
            pytest.skip("the program runs under another one")
        return calm(linkprobe, *words, name=link, **options)

    return run


def test_the_plugin(plugin, redis):
    cache = redis()
    run = plugin("-H", cache.host, "-p", cache.port)
    assert run.status == 0, str(run)
    assert run.out.startswith("REDIS OK - "), str(run)


@pytest.mark.parametrize("word", ["--help", "--version", "-V", "-h"])
def test_help_of_the_plugin_is_unknown(plugin, word):
    run = plugin(word)
    assert run.status == 3, str(run)
    assert run.err == "", str(run)
    assert "linkprobe" in run.out


def test_wrong_use_of_the_plugin(plugin):
    run = plugin("--nonsense")
    assert run.status == 3, str(run)
    assert run.err == ""
    assert run.out.startswith("REDIS UNKNOWN - "), str(run)


def test_a_watchdog_of_the_plugin(plugin, silence):
    dead = silence()
    words = "-H", dead.host, "-p", dead.port, "--timeout", "30s"
    run = plugin(*words, "--deadline", "30s", "-t", "2:CRITICAL")
    assert run.status == 2, str(run)
    assert run.within(15)


def test_json_keeps_to_its_schema(check, redis, dnsmasq, silence, refused):
    jsonschema = pytest.importorskip("jsonschema")
    paths = sorted((program.TOP / "docs").rglob("*check*.json"))
    assert paths, "docs/ has no schema of check"
    schema = json.loads(paths[0].read_text())
    cache = redis()
    name = "cache.demo.test"
    names = dnsmasq(records=[(name, cache.host), (name, places.address())])
    for words in (
        [cache.target],
        [refused],
        ["--timeout", "500ms", silence().target],
        ["--dns", names.server, f"{name}:{cache.port}"],
        ["--dns", names.server, "gone.demo.test"],
        ["--tls", "--insecure", "--timeout", "500ms", cache.target],
        ["--nonsense"],
    ):
        for result in check(*words).objects():
            jsonschema.validate(result, schema)


def test_json_has_every_field_of_the_contract(check, redis):
    result = assert_verdict(check(redis().target), "OK")
    assert result["schema"] == "linkprobe.check/1"
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", result["time"]
    )
    assert set(result) >= {
        *("schema", "time", "target", "status", "total_ms", "addresses_ok"),
        *("addresses_total", "verdict", "dns", "addresses"),
    }
    assert set(result["target"]) >= {"name", "host", "port", "tls", "labels"}
    (address,) = result["addresses"]
    assert set(address) >= {
        *("address", "port", "status", "verdict", "total_ms", "stages"),
        *("tcp_info", "server"),
    }
    assert "tls" not in address
    order = [stage["stage"] for stage in address["stages"]]
    assert order == [name for name in STAGES if name in order]
    for stage in address["stages"]:
        assert set(stage) >= {"stage", "status", "cause", "ms", "detail"}


def test_json_times_add_up(check, redis):
    result = assert_verdict(check(redis().target), "OK")
    (address,) = result["addresses"]
    assert 0 < address["total_ms"] <= result["total_ms"]
    for stage in stages_of(address).values():
        if stage["status"] == "ok":
            assert 0 < stage["ms"] <= address["total_ms"], stage


def test_text_says_what_is_wrong_and_what_to_do(linkprobe, refused):
    run = linkprobe("check", refused)
    assert run.status == 2
    assert "TCP_REFUSED" in run.out, str(run)
    assert "linkprobe explain TCP_REFUSED" in run.out, str(run)
    assert "\x1b" not in run.out


def test_text_is_quiet_on_demand(linkprobe, redis, refused):
    assert calm(linkprobe, "check", "-q", redis().target).out == ""
    assert linkprobe("check", "-q", refused).out != ""


def test_color_is_a_choice(linkprobe, redis):
    target = redis().target
    assert "\x1b[" in linkprobe("check", "--color", "always", target).out
    assert "\x1b[" not in linkprobe("check", "--color", "never", target).out
    assert "\x1b[" not in linkprobe("check", target).out


def test_junit_is_a_suite_a_target(linkprobe, redis, refused):
    cache = redis()
    words = "check", "--format", "junit", cache.target, refused
    run = calm(linkprobe, *words)
    assert run.status == 2
    root = ElementTree.fromstring(run.out)
    suites = list(root.iter("testsuite"))
    assert {suite.get("name") for suite in suites} >= {cache.target, refused}
    for suite in suites:
        cases = list(suite.iter("testcase"))
        failures = list(suite.iter("failure"))
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == len(failures)
        assert bool(failures) == (suite.get("name") == refused)


def test_tap_has_a_plan_and_a_line_each(linkprobe, redis, refused):
    run = linkprobe("check", "--format", "tap", redis().target, refused)
    assert run.status == 2
    lines = run.out.splitlines()
    assert lines[0] == "TAP version 14"
    plans = [line for line in lines if re.fullmatch(r"1\.\.\d+", line)]
    assert len(plans) == 1, str(run)
    tests = [line for line in lines if re.match(r"(not )?ok\b", line)]
    assert plans[0] == f"1..{len(tests)}", str(run)
    assert any(line.startswith("not ok") for line in tests)


def test_prometheus_is_the_text_format(linkprobe, redis, refused):
    cache = redis()
    run = linkprobe("check", "--format", "prometheus", cache.target, refused)
    assert run.status == 2
    sample = re.compile(
        r"[a-zA-Z_:][a-zA-Z0-9_:]*"
        r'(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})?'
        r" [-+]?(NaN|Inf|[0-9.eE+-]+)"
    )
    for line in run.out.splitlines():
        assert line.startswith("# ") or sample.fullmatch(line), line
    assert re.search(r"^probe_success(\{.*\})? 1$", run.out, re.M), str(run)
    assert re.search(r"^probe_success(\{.*\})? 0$", run.out, re.M), str(run)
    assert "linkprobe_verdict_info{" in run.out


def test_labels_are_in_every_format(linkprobe, redis, home):
    path = home / "targets.json"
    labels = {"team": 'pay"ments\n<&>', "__secret": "never"}
    groups = [{"targets": [redis().target], "labels": labels}]
    path.write_text(json.dumps(groups))
    for form in ("text", "json", "junit", "tap", "prometheus"):
        words = "check", "-v", "--format", form, "--targets", path
        run = calm(linkprobe, *words)
        assert run.status == 0, str(run)
        assert "team" in run.out, str(run)
        assert "never" not in run.out, str(run)
        if form == "junit":
            ElementTree.fromstring(run.out)


def test_prometheus_takes_a_series_once(linkprobe, refused, home):
    run = linkprobe("check", "--format", "prometheus", refused, refused)
    assert run.status == 3, str(run)
    assert "twice" in run.out, str(run)
    path = home / "targets.json"
    groups = [{"targets": [refused], "labels": {"n": n}} for n in ("a", "b")]
    path.write_text(json.dumps(groups))
    run = linkprobe("check", "--format", "prometheus", "--targets", path)
    assert run.status == 2, str(run)
    lines = [line.rpartition(" ")[0] for line in run.out.splitlines()]
    samples = [line for line in lines if not line.startswith("#")]
    assert len(samples) == len(set(samples)), str(run)


@pytest.fixture
def crowd(redis):
    """Many addresses, of which the last alone is alive; their options."""
    cache = redis()
    dead = [places.address() for _ in range(15)]
    return [
        *(f"--address={address}" for address in [cache.host, *dead]),
        f"cache.test:{cache.port}",
    ]


def test_of_many_addresses_the_dead_come_first(nagios, crowd):
    lines = nagios(*crowd).out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["CRITICAL"] * 15 + ["OK"]


def test_of_many_addresses_one_screen_is_told(linkprobe, crowd):
    run = linkprobe("check", *crowd)
    assert "-v shows all" in run.out, str(run)
    assert len(run.out.splitlines()) < 60, str(run)
    assert "-v shows all" not in linkprobe("check", "-v", *crowd).out


def test_tap_tells_the_whole_verdict_once(linkprobe, crowd):
    out = calm(linkprobe, "check", "--format", "tap", *crowd).out
    assert out.count("  fix:") == 1
    assert out.count("not ok") == 15


def test_text_tells_what_payload_and_idle_found(linkprobe, redis):
    out = linkprobe(
        *("check", "--payload", "1k,64k", "--idle", "100ms", redis().target)
    ).out
    assert "payload: up to 65536 bytes" in out
    assert "idle: alive after 100 ms" in out


def test_each_v_shows_more(linkprobe, redis):
    cache = redis(requirepass="s3cret")
    seen = [
        linkprobe("check", "-" + "v" * n, cache.target).out for n in (1, 2, 3)
    ]
    assert "ping: from" not in seen[0]
    assert "ping: from" in seen[1]
    assert 'reply: "NOAUTH' not in seen[1]
    assert 'reply: "NOAUTH' in seen[2]
    for out in seen:  # nobody told who it is
        assert "server:" not in out
