"""What people complain about in other tools (complaints.py), answered."""

import ast
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import time
import xml.etree.ElementTree as ElementTree

import pytest

import complaints
import peers
import places
import program
import servers
import watching
from test_nagios import perfdata
from verdicts import calm

TESTS = program.TOP / "tests"
NAME = "cache.demo.test"


def functions_of(path):
    """{name: text} of the functions of a file of tests."""
    text = path.read_text(encoding="utf-8")
    return {
        node.name: ast.get_source_segment(text, node)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


@pytest.mark.parametrize(
    "row", complaints.COMPLAINTS, ids=lambda row: row[0][0]
)
def test_each_has_tests_that_there_are(row):
    threads, wish, commands, tests = row
    assert threads and wish and tests
    assert set(commands) <= {"check", "watch", "serve"}
    for thread in threads:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", thread), thread
    texts = []
    for test in tests:
        path, name = test.split("::")
        functions = functions_of(TESTS / path)
        assert name in functions, test
        texts.append(functions[name])
    # the first of them says whom it answers
    number = threads[0].split("#")[1]
    assert f"#{number}" in texts[0], (threads[0], tests[0])


def test_no_thread_is_there_twice():
    threads = [t for row in complaints.COMPLAINTS for t in row[0]]
    assert len(threads) == len(set(threads))
    assert len(complaints.COMPLAINTS) == 24


@pytest.fixture(name="plugin")
def _plugin(home):
    """check_linkprobe: what a monitoring system starts."""
    link = home / "check_linkprobe"
    link.symlink_to(program.program_path().resolve())

    def run(*words, **options):
        return program.run(*words, home=home, name=link, **options)

    return run


def status_of(run):
    return run.object["verdict"]["id"], run.status


def assert_passes(check, *words, **options):
    run = calm(check, *words, **options)
    assert status_of(run) == ("OK", program.OK), str(run)


def test_a_dead_zone_is_the_same_answer_each_time(check, redis, dnsmasq):
    """blackbox_exporter#1512: no flapping with the order of the records."""
    cache, dead = redis(), places.address()
    target = f"{NAME}:{cache.port}"
    for records in (cache.host, dead), (dead, cache.host):
        names = dnsmasq(records=[(NAME, host) for host in records])
        run = check("--dns", names.server, target)
        assert status_of(run) == ("TCP_REFUSED_ONE_AZ", program.CRITICAL)
        words = ("--require", "any", "--dns", names.server, target)
        assert check(*words).status == program.OK


@pytest.mark.parametrize(
    "form", ["text", "json", "nagios", "junit", "tap", "prometheus"]
)
def test_every_format_names_the_step_that_failed(linkprobe, redis, form):
    """blackbox_exporter#1528: the step, its reason, wherever one looks."""
    cache = redis(requirepass="secret")
    run = linkprobe("check", "--format", form, cache.target)
    assert run.status == program.CRITICAL
    assert "AUTH_REQUIRED" in run.out and "ping" in run.out, str(run)
    if form == "junit":
        cases = ElementTree.fromstring(run.out).iter("testcase")
        failed = [c for c in cases if c.find("failure") is not None]
        (name,) = [c.get("name") for c in failed]
        assert name.endswith(" ping"), str(run)


def test_a_watch_sees_each_of_several_addresses(
    home, starter, redis, dnsmasq
):
    """DataDog/integrations-core#10868: multiple_ips, of their own accord."""
    one = redis()
    other = servers.Redis(starter.new_folder(), port=one.port)
    starter.keep(other, other.stop)
    other.ready()
    names = dnsmasq(records=[(NAME, one.host), (NAME, other.host)])
    words = ("--dns", names.server, f"{NAME}:{one.port}")
    seen = watching.Watching(home, *words)
    starter.keep(seen, seen.close)
    start = seen.wait("start")
    assert {a["address"] for a in start["addresses"]} == {
        one.host,
        other.host,
    }
    other.stop()
    event = seen.wait("verdict", to="TCP_REFUSED_ONE_AZ")
    assert event["status"] == "critical"


def test_a_first_address_that_refuses_does_not_hide_another(
    check, redis, dnsmasq
):
    """redis#6358, libvalkey#300: each address has a connection of its own."""
    cache, dead = redis(), places.address()
    names = dnsmasq(records=[(NAME, dead), (NAME, cache.host)])
    run = check("--dns", names.server, f"{NAME}:{cache.port}")
    status = {a["address"]: a["status"] for a in run.object["addresses"]}
    assert status == {cache.host: "ok", dead: "critical"}


def test_a_slow_look_up_holds_up_nobody_else(serve, redis, datagrams):
    """hiredis#966: a resolver that is silent must not stop the loop."""
    cache = redis()
    deaf = datagrams()
    slow = f"{NAME}:{cache.port}"
    exporter = serve(
        *("--interval", "500ms", "--dns", deaf.server),
        *("--timeout", "50s", "--deadline", "60s", slow, cache.target),
    )

    def checked():
        page = exporter.metrics()
        rows = page.all("linkprobe_checks_total", target=cache.target)
        return sum(rows.values()) >= 4

    exporter.wait_until(checked, "four checks of the other")
    page = exporter.metrics()
    assert not page.all("linkprobe_checks_total", target=slow), "none ended"
    assert exporter.probe(cache.target).value("probe_success") == 1


@pytest.mark.parametrize(
    "error, found",
    [
        (b"-LOADING Redis is loading the dataset in memory", "REDIS_LOADING"),
        (b"-NOAUTH Authentication required.", "AUTH_REQUIRED"),
        (b"-MASTERDOWN Link with MASTER is down", "REDIS_MASTERDOWN"),
        (b"-BUSY Redis is busy running a script", "REDIS_BUSY"),
        (b"-MISCONF Redis is configured to save", "REDIS_MISCONF"),
        (b"-ERR max number of clients reached", "REDIS_MAXCLIENTS"),
        (b"-DENIED Redis is running in protected mode", "REDIS_PROTECTED"),
        (b"-SOMETHING that nobody has heard of", None),
    ],
)
def test_an_error_reply_is_never_healthy(check, peer, error, found):
    """redis#5458, backend.ai#527, dify#24806, immich#30326: never 0."""
    server = peer(peers.redis_like(PING=error + b"\r\n"))
    run = check(server.target)
    assert run.status == program.CRITICAL, str(run)
    assert run.object["verdict"]["id"] == found or found is None


@pytest.mark.slow
def test_a_host_that_is_silent_costs_seconds(linkprobe, silence):
    """redis#3763: a limit without being asked for, and a smaller one."""
    dead = silence()

    def costs(seconds, *words):
        """At most that, but for what else a busy machine has to do."""
        for _ in range(3):
            run = linkprobe("check", *words, dead.target)
            assert run.status == program.CRITICAL, str(run)
            if run.within(seconds):
                return
        raise AssertionError(str(run))

    costs(9)
    costs(3, "--deadline", "1s")


def tls_peer(authority, seen, *subjects):
    """A server with TLS that notes the name it was asked for."""
    made = authority.issue(f"tls{len(seen)}", *subjects)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.cert, made.key)
    context.sni_callback = lambda _, name, __: seen.append(name)

    def serve_one(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            peers.redis_like()(secure)

    return serve_one


def test_the_name_of_the_target_is_sent_as_sni(check, peer, authority):
    """redis#15602: the name that was dialled, or the one that is given."""
    seen = []
    server = peer(tls_peer(authority, seen, f"DNS:{NAME}", "DNS:other.test"))
    words = ("--tls", "--address", server.host, "--cacert", authority.cert)
    target = f"{NAME}:{server.port}"
    assert_passes(check, *words, target)
    assert set(seen) == {NAME}
    seen.clear()
    assert_passes(check, *words, "--tls-name", "other.test", target)
    assert set(seen) == {"other.test"}


def test_a_name_that_is_not_in_the_certificate_is_no_success(
    check, peer, authority
):
    """hiredis#864: who has any certificate of a CA is not the cache."""
    server = peer(tls_peer(authority, [], "DNS:attacker.example"))
    run = check(
        *("--tls", "--address", server.host, "--cacert", authority.cert),
        f"{NAME}:{server.port}",
    )
    assert status_of(run) == ("TLS_NAME_MISMATCH", program.CRITICAL)
    assert "attacker.example" in run.out


@pytest.fixture(name="secure")
def _secure(redis, authority):
    """A Redis with TLS on a second port: (it, port)."""
    made = authority.issue("secure", f"DNS:{NAME}")
    server = redis(
        tls_port=0,
        tls_auth_clients="no",
        tls_cert_file=made.cert,
        tls_key_file=made.key,
        tls_ca_cert_file=authority.cert,
    )
    port = places.port(server.host)
    server.client()("CONFIG", "SET", "tls-port", port)
    return server, port


def test_tls_or_not_is_told(check, secure):
    """helm-charts#3024, redis-py#1001: in either direction."""
    server, port = secure
    run = check(f"{server.host}:{port}")
    assert status_of(run) == ("TLS_REQUIRED", program.CRITICAL)
    run = check("--tls", server.target)
    assert status_of(run) == ("TLS_NOT_OFFERED", program.CRITICAL)


def test_no_check_leaves_an_error_in_the_servers_log(
    check, secure, authority
):
    """uptime-kuma#4022: at the level of the log that servers have."""
    server, port = secure
    words = ("--tls", "--address", server.host, "--cacert", authority.cert)

    def lines():
        told = server.log().rsplit("Ready to accept connections", 1)[1]
        return told.partition("\n")[2].strip()

    for _ in range(3):
        assert_passes(check, *words, f"{NAME}:{port}")
        assert_passes(check, server.target)
    assert b"errorstat_" not in server.client()("INFO", "errorstats")
    assert not lines()
    # what the complaint is of: a bare connection to the port of TLS
    with socket.create_connection((server.host, port)) as bare:
        bare.sendall(b"PING\r\n")
    servers.wait_for(lambda: "Error accepting" in lines(), "a complaint")


@pytest.mark.parametrize(
    "state, status",
    [
        ("WARNING", 1),
        (None, 3),
        pytest.param("OK", 0, marks=pytest.mark.slow),
        pytest.param("CRITICAL", 2, marks=pytest.mark.slow),
        pytest.param("UNKNOWN", 3, marks=pytest.mark.slow),
    ],
)
def test_the_state_of_a_timeout_is_a_choice(
    plugin, peer, home, state, status
):
    """monitoring-plugins#2265, #1890, nagios-plugins#685.

    The program's own limit has the state that is asked for, UNKNOWN unless
    told; a stage of the target that runs out of its time is CRITICAL.
    """
    silent = peer(peers.says(b"", then_close=False))
    words = ("-H", silent.host, "-p", silent.port)
    run = plugin(*words, "--timeout", "500ms", "-t", f"9:{state or 'OK'}")
    assert run.status == program.CRITICAL, str(run)
    # a machine that gives it no time: it is stopped until the limit is over
    before = silent.accepted
    held = program.start(
        *words,
        *("-t", f"4:{state}" if state else "4"),
        home=home,
        name=home / "check_linkprobe",
    )
    servers.wait_for(lambda: silent.accepted > before, "it has connected")
    held.kill(signal.SIGSTOP)
    time.sleep(4.1)
    held.kill(signal.SIGCONT)
    run = held.finish()
    assert run.status == status, str(run)
    assert "WATCHDOG" in run.out, str(run)


@pytest.fixture(name="commas")
def _commas(tmp_path):
    """The environment of a locale whose decimal point is a comma."""
    localedef = servers.find("localedef")
    if not localedef or not pathlib.Path("/usr/share/i18n/locales").is_dir():
        pytest.skip("localedef or its sources (locales) are missing")
    subprocess.run(
        [localedef, "-i", "de_DE", "-f", "UTF-8", tmp_path / "de_DE.UTF-8"],
        check=False,
        capture_output=True,
    )
    env = {"LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8"}
    run = subprocess.run(
        ["locale", "decimal_point"],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ",\n", "no locale with a comma could be made"
    return env


def test_perfdata_has_a_point_in_every_locale(plugin, redis, commas):
    """icinga2#1857: with a real locale, not only with its name."""
    cache = redis()
    words = ("-H", cache.host, "-p", cache.port, "-w", "9.5")
    run = calm(plugin, *words, env=commas)
    assert run.status == program.OK, str(run)
    found = perfdata(run.out.splitlines()[0].partition(" | ")[2])
    assert 0 < float(found["tcp"][0]) < 5
    assert found["total"][2] == "9.5"


def test_an_idle_connection_that_a_proxy_ends_is_told(
    check, redis, haproxy
):
    """node-redis#1598: behind a load balancer that forgets the silent."""
    cache = redis()
    front = haproxy(to=(cache.host, cache.port))
    path = front.folder / "haproxy.cfg"
    assert "timeout client 20s" in path.read_text()
    assert_passes(check, "--idle", "1s", front.target)
    front.stop()
    text = path.read_text().replace("timeout client 20s", "timeout client 2s")
    path.write_text(text)
    again = servers.Server(
        front.folder, [servers.find("haproxy"), "-db", "-f", path]
    )
    try:
        again.wait_until(
            lambda: servers.answers(front.host, front.port), "haproxy"
        )
        run = check("--idle", "6s", front.target)
    finally:
        again.stop()
    assert run.status == program.CRITICAL, str(run)
    verdict = run.object["verdict"]
    assert verdict["stage"] == "ping", str(run)
    told = re.search(r"after ([\d.]+) (m?s) of silence", verdict["summary"])
    assert told, str(run)
    seconds = float(told[1]) / (1000 if told[2] == "ms" else 1)
    # either of the two may have read or closed late, on a busy machine
    assert 1 < seconds < 6, str(run)


def test_through_a_proxy_nothing_is_left_half_open(check, redis, haproxy):
    """charts#217, haproxy#2252: a login through it, and no error behind."""
    cache = redis(requirepass="secret")
    front = haproxy(to=(cache.host, cache.port))
    client = cache.client()
    for _ in range(5):
        assert_passes(
            check, front.target, env={"LINKPROBE_PASSWORD": "secret"}
        )

    def alone():
        return b"connected_clients:1\r" in client("INFO", "clients")

    servers.wait_for(alone, "all connections are gone")
    # the one who waited for readiness was refused without a password
    errors = client("INFO", "errorstats")
    assert b"WRONGPASS" not in errors, errors
    assert errors.count(b"errorstat_") <= 1, errors


def test_a_replica_that_is_stale_is_not_ok(check, redis):
    """redis#3932: PING says PONG, and the data are of yesterday."""
    cache = redis(replica_serve_stale_data="no")
    cache.client()("REPLICAOF", "127.0.0.1", "1")
    run = check("--expect-role", "replica", cache.target)
    assert status_of(run) == ("REDIS_MASTERDOWN", program.CRITICAL), str(run)
