"""linkprobe watch: what changes is told, what stays is not."""

import json
import signal
import socket
import time

import jsonschema
import peers
import program
import pytest
import servers
import watching
from verdicts import OF_A_BUSY_MACHINE, calm

SCHEMA = program.TOP / "docs" / "schema" / "watch.schema.json"


@pytest.fixture
def watch(home, starter):
    def start(*words, **options):
        made = watching.Watching(home, *words, **options)
        return starter.keep(made, made.close)

    return start


def names_of(answer):
    """Answers A questions with answer() as (address, TTL), AAAA with none."""

    def reply(data):
        question = peers.question_of(data)
        records = b""
        count = 0
        if question[-4:-2] == b"\0\1":
            # a copy: another thread may set them anew meanwhile
            for address, ttl in list(answer()):
                records += b"\xc0\x0c\0\1\0\1" + ttl.to_bytes(4, "big")
                records += b"\0\4" + socket.inet_aton(address)
                count += 1
        head = data[:2] + b"\x81\x80\0\1\0" + bytes([count]) + bytes(4)
        return head + question + records

    return reply


def test_a_healthy_target_starts_and_stops_and_says_no_more(watch, redis):
    cache = redis()
    for _ in range(10):
        seen = watch("--count", 4, cache.target)
        status = seen.finish()
        if not is_disturbed(seen):
            break
    assert status == program.OK
    assert [event["event"] for event in seen.events] == ["start", "stop"]
    assert seen.events[1]["checks"] == 4
    assert seen.events[1]["failed"] == 0
    assert seen.events[0]["addresses"][0]["role"] == "master"


def is_disturbed(seen):
    """Was a check of it warned of because this machine is busy?"""
    return any(
        event["to"] in OF_A_BUSY_MACHINE or watching.of_a_busy_machine(event)
        for event in seen.events
    )


def test_every_event_fits_the_schema(watch, redis):
    cache = redis()
    seen = watch(cache.target)
    seen.wait("start")
    cache.client()("REPLICAOF", "127.0.0.1", "1")
    seen.wait("verdict", to="REDIS_READONLY")
    seen.stop()
    schema = json.loads(SCHEMA.read_text())
    for event in seen.events:
        jsonschema.validate(event, schema)


def test_a_failover_is_told_by_role_and_verdict(watch, redis):
    cache = redis()
    seen = watch(cache.target)
    seen.wait("start")
    client = cache.client()
    client("REPLICAOF", "127.0.0.1", "1")
    role = seen.wait("role")
    assert (role["from"], role["to"]) == ("master", "replica")
    assert role["address"] == cache.host
    bad = seen.wait("verdict", to="REDIS_READONLY")
    assert bad["status"] == "critical"
    assert bad["verdict"]["fix"].startswith("aws elasticache")
    client("REPLICAOF", "NO", "ONE")
    seen.well()
    assert seen.stop() == program.OK


def test_a_restart_is_told_by_the_run_id(watch, redis, starter):
    cache = redis()
    first = cache.client()("INFO", "server").decode()
    seen = watch(cache.target)
    seen.wait("start")
    cache.stop()
    seen.wait("verdict", to="TCP_REFUSED")
    other = servers.Redis(starter.new_folder(), cache.host, cache.port)
    starter.keep(other, other.stop)
    run_id = seen.wait("run_id")
    assert f"run_id:{run_id['from']}" in first
    assert run_id["to"] != run_id["from"]
    seen.wait("verdict", to="OK")
    seen.stop()


def test_addresses_that_come_and_go_are_told(watch, redis, datagrams):
    one = redis()
    two = redis(port=one.port)
    now = [(one.host, 60)]
    names = datagrams(names_of(lambda: now))
    seen = watch("--dns", names.server, f"cache.test:{one.port}")
    seen.wait("start")
    now[:] = [(two.host, 60), (one.host, 60)]
    came = seen.wait("addresses")
    assert (came["added"], came["removed"]) == ([two.host], [])
    now[:] = [(one.host, 60), (two.host, 60)]
    now[:] = [(two.host, 60)]
    went = seen.wait("addresses", removed=[one.host])
    assert went["added"] == []
    seen.well()
    assert seen.stop() == program.OK
    assert seen.kinds().count("addresses") == 2


def test_another_ttl_is_told_and_one_counted_down_is_not(
    watch, redis, datagrams
):
    cache = redis()
    now = [(cache.host, 60)]
    names = datagrams(names_of(lambda: now))
    seen = watch("--dns", names.server, f"cache.test:{cache.port}")
    seen.wait("start")
    for ttl in (59, 58):
        now[:] = [(cache.host, ttl)]
        asked = names.received
        servers.wait_for(lambda: names.received > asked + 4, "more look-ups")
    now[:] = [(cache.host, 300)]
    ttl = seen.wait("ttl")
    assert (ttl["from"], ttl["to"]) == ("60", "300")
    seen.stop()


def test_a_stage_that_became_slow_is_told(watch, peer):
    late = [0]
    pings = []

    def ping(_words, _store):
        pings.append(1)
        time.sleep(late[0])
        return b"+PONG\r\n"

    seen = watch(peer(peers.redis_like(PING=ping)).target, interval="20ms")

    def told():
        return seen.find(
            "latency", stage="ping", that=lambda step: step["to_ms"] > 400
        )

    # a step of a busy machine's own, just before ours, would take its place
    for _ in range(4):
        late[0] = 0
        history = len(pings) + 40
        servers.wait_for(lambda: len(pings) > history, "a history")
        late[0] = 0.5  # far beyond what a busy machine does
        slow = len(pings) + 20
        servers.wait_for(lambda: told() or len(pings) > slow, "slow ones", 60)
        if told():
            break
    assert 400 > told()["from_ms"]
    seen.stop()


def test_a_certificate_near_its_end_is_told(watch, redis, authority, stunnel):
    cache = redis()
    leaf = authority.issue("watched", "IP:127.0.0.1", days=5)
    door = stunnel(certificate=leaf, to=(cache.host, cache.port))
    seen = watch(
        *("--tls", "--cacert", authority.cert, "--tls-verify", "chain"),
        door.target,
    )
    told = seen.wait("certificate")
    assert told["days_left"] in (4, 5)
    seen.stop()


def test_fall_and_rise_hold_a_verdict_back(watch, redis):
    cache = redis()
    seen = watch("--fall", 5, "--rise", 3, cache.target)
    seen.wait("start")
    cache.client()("REPLICAOF", "127.0.0.1", "1")
    assert seen.wait("verdict", to="REDIS_READONLY")["times"] == 5
    count = len(seen.events)
    cache.client()("REPLICAOF", "NO", "ONE")
    assert seen.wait("verdict", after=count, to="OK")["times"] == 3
    seen.stop()


def test_it_ends_with_the_status_that_is_believed(watch, redis):
    cache = redis()
    cache.stop()
    seen = watch("--count", 2, cache.target)
    assert seen.finish() == program.CRITICAL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_last_event(watch, redis, number):
    seen = watch(redis().target)
    seen.well()
    assert seen.stop(number) == program.OK
    assert seen.kinds()[-1] == "stop"


def test_several_targets_are_watched_side_by_side(watch, redis, silence):
    cache = redis()
    dead = silence()
    seen = watch("--timeout", "1s", cache.target, dead.target)
    seen.wait("start", status="critical")
    seen.well(cache.target)
    assert seen.stop() == program.CRITICAL


def hooked(folder, script):
    path = folder / "hook"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_command_gets_the_event_on_stdin_and_in_its_environment(
    watch, redis, tmp_path
):
    told = tmp_path / "told"
    # a file an event: what a check found that was cut short comes before
    command = hooked(
        tmp_path,
        f"told={told}-$LINKPROBE_TO; cat > $told.json; "
        "env | grep LINKPROBE_ > $told.env; mv $told.env $told",
    )
    told = tmp_path / "told-TCP_REFUSED"
    cache = redis()
    seen = watch("--on-change", command, cache.target)
    seen.well()
    cache.stop()
    seen.wait("verdict", to="TCP_REFUSED")
    servers.wait_for(told.exists, "the command ran")
    seen.stop()
    event = json.loads((tmp_path / "told-TCP_REFUSED.json").read_text())
    assert event == seen.wait("verdict", to="TCP_REFUSED")
    lines = told.read_text().splitlines()
    assert "LINKPROBE_EVENT=verdict" in lines
    assert f"LINKPROBE_FROM={event['from']}" in lines
    assert "LINKPROBE_TO=TCP_REFUSED" in lines
    assert "LINKPROBE_STATUS=critical" in lines
    assert f"LINKPROBE_TARGET={cache.target}" in lines


def test_no_password_reaches_the_command(watch, redis, tmp_path):
    told = tmp_path / "told"
    command = hooked(
        tmp_path, f"(cat; env) > {told}.new; mv {told}.new {told}"
    )
    cache = redis(requirepass="horse-battery")
    seen = watch(
        *("--on-change", command, cache.target),
        env={"LINKPROBE_PASSWORD": "horse-battery"},
    )
    seen.well()
    cache.stop()
    servers.wait_for(told.exists, "the command ran")
    seen.stop()
    assert "horse-battery" not in told.read_text()
    assert all("horse" not in json.dumps(e) for e in seen.events)


def test_a_command_that_fails_or_hangs_ends_no_watch(watch, redis, tmp_path):
    command = hooked(tmp_path, f"touch {tmp_path}/begun; exec sleep 600")
    cache = redis()
    seen = watch("--on-change", command, cache.target)
    seen.wait("start")
    cache.client()("REPLICAOF", "127.0.0.1", "1")
    seen.wait("verdict", to="REDIS_READONLY")
    servers.wait_for((tmp_path / "begun").exists, "the command runs")
    cache.client()("REPLICAOF", "NO", "ONE")
    seen.well()
    seen.send(signal.SIGINT)
    seen.says("--on-change still runs")
    assert seen.stop(signal.SIGINT) == program.OK


def test_a_command_that_cannot_be_run_is_said(watch, redis):
    cache = redis()
    seen = watch("--on-change", "/nonexistent/hook", cache.target)
    seen.wait("start")
    cache.stop()
    seen.says("--on-change ended with status 127")
    seen.stop()


@pytest.mark.parametrize(
    "words, message",
    [
        (["--fall", "0"], '--fall: "0" is too small'),
        (["--count", "none"], '--count: "none" is not a number'),
        (["--interval", "5"], '--interval: "5" has no unit'),
        (["--format", "junit"], '--format: "junit" is'),
        (["--wait", "5s"], "--wait"),
    ],
)
def test_mistakes_are_told_in_one_line(linkprobe, words, message):
    run = linkprobe("watch", *words, "127.0.0.1:1")
    assert run.status == program.UNKNOWN
    assert message in run.err
    assert len(run.err.splitlines()) == 1


def test_a_mistake_is_json_where_json_was_asked_for(linkprobe):
    run = linkprobe("watch", "--format", "json")
    assert run.status == program.UNKNOWN
    assert run.object["status"] == "unknown"
    assert "no target" in run.object["error"]
    jsonschema.validate(run.object, json.loads(SCHEMA.read_text()))


def test_lines_are_plain_where_there_is_no_terminal(linkprobe, redis):
    cache = redis()
    words = ("watch", "--count", 3, "--interval", "10ms", cache.target)
    run = calm(linkprobe, *words)
    assert run.status == program.OK
    assert "\x1b" not in run.out
    start, stop = run.out.splitlines()
    assert start.endswith(f"start OK; 1 of 1 address: {cache.target} master")
    assert stop.endswith("stop 3 checks, 0 failed")


def test_a_failure_has_its_cause_and_its_fix_below(linkprobe, redis):
    cache = redis()
    cache.stop()
    run = linkprobe("watch", "--count", 1, cache.target)
    lines = run.out.splitlines()
    assert "TCP_REFUSED" in lines[0]
    assert lines[1].startswith("  cause: ")
    assert lines[2].startswith("  fix:   ")


@pytest.fixture
def terminal(home, starter):
    def start(*words, **options):
        words = ("--interval", "50ms", "--timeout", "5s", *words)
        made = watching.Terminal(home, *words, **options)
        return starter.keep(made, made.close)

    return start


def test_a_terminal_has_a_live_view(terminal, redis):
    cache = redis()
    seen = terminal(cache.target)
    lines = seen.wait("OK       " + cache.target)
    assert lines[0].startswith("linkprobe watch  1 target, every 50.0 ms")
    seen.wait("master")
    cache.client()("REPLICAOF", "127.0.0.1", "1")
    seen.wait("CRITICAL")
    seen.wait("cause")
    seen.wait("fix    aws")
    seen.wait("Changes, the newest first")
    status, left = seen.end()
    assert status == program.CRITICAL
    assert "REDIS_READONLY" in left
    assert "checks," in left


def test_the_live_view_fits_any_size(terminal, redis, silence):
    cache = redis()
    cache.stop()
    seen = terminal(
        *(cache.target, "127.0.0.1:1", "--interval", "500ms"), columns=200
    )
    seen.wait("CRITICAL")
    for size in ((10, 40), (3, 20), (40, 132), (24, 80)):
        # else it may be that the size before is drawn again
        servers.wait_for(seen.quiet, "all of it was read")
        seen.resize(*size)
        mark = len(seen.raw)
        servers.wait_for(
            lambda: seen.quiet() and "\x1b[2J" in seen.raw[mark:],
            "drawn anew",
        )
        seen.wait("linkprobe watch")
        lines = seen.lines()
        assert len(lines) <= size[0]
        assert max(map(len, lines)) <= size[1]
    assert seen.end()[0] == program.CRITICAL


def test_only_what_changed_is_sent(terminal, redis):
    cache = redis()
    seen = terminal(cache.target, "--interval", "1h")
    seen.wait("master")
    servers.wait_for(seen.quiet, "the first frame was read")
    mark = len(seen.raw)
    began = time.monotonic()
    while time.monotonic() < began + 2.5:
        seen.read()
    seconds = time.monotonic() - began
    # the clock and "for N s": two lines a second at the most
    assert len(seen.raw) - mark < (seconds + 0.5) * 2 * 120
    seen.end()


def test_a_terminal_without_utf8_or_colours_gets_neither(terminal, redis):
    cache = redis()
    seen = terminal(cache.target, LC_ALL="C", NO_COLOR="1")
    seen.wait("master")
    _, left = seen.end()
    assert seen.raw.isascii()
    assert "\x1b[1;31m" not in seen.raw and "\x1b[32m" not in seen.raw
    assert left


def test_a_dumb_terminal_gets_lines(terminal, redis):
    cache = redis()
    seen = terminal("--count", 2, cache.target, TERM="dumb")
    while seen.read(5):
        pass
    assert "\x1b[?1049h" not in seen.raw
    assert "stop 2 checks" in seen.raw
