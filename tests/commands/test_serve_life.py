"""`linkprobe serve`: reload, systemd, its unit."""

import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import threading
import time

import pytest

import peers
import places
import program
import servers
from exporters import serve, targets_file  # noqa: F401

UNIT = program.TOP / "packaging" / "linkprobe-serve.service"
RELOADED = "linkprobe_config_last_reload_successful"
RELOADED_AT = "linkprobe_config_last_reload_success_timestamp_seconds"


def targets_of(exporter):
    page = exporter.metrics()
    return {row["target"] for row in page.labels("probe_success")}


@pytest.mark.parametrize("way", ["signal", "post"])
def test_targets_come_and_go_with_a_reload(serve, redis, tmp_path, way):
    one, three = redis(), redis()
    # however busy this machine is, the verdict of this one is the same
    two = redis(requirepass="secret")
    path = targets_file(tmp_path / "t.json", ([one.target, two.target], {}))
    exporter = serve("--targets", path, "--interval", "10s").ready()
    assert targets_of(exporter) == {one.target, two.target}
    before = exporter.metrics()
    targets_file(path, ([two.target, three.target], {}))
    if way == "signal":
        os.kill(exporter.process.pid, signal.SIGHUP)
    else:
        assert exporter.reload().status == 200
    exporter.wait_until(
        lambda: targets_of(exporter) == {two.target, three.target},
        "the new targets",
    )
    page = exporter.metrics()
    assert page.value(RELOADED) == 1
    assert page.value(RELOADED_AT) > before.value(RELOADED_AT)
    # what is known of a target that stays goes on
    count = page.value("linkprobe_checks_total", target=two.target)
    assert count >= before.value("linkprobe_checks_total", target=two.target)
    changed = "linkprobe_changed_timestamp_seconds"
    assert page.value(changed, target=two.target) == before.value(
        changed, target=two.target
    )
    assert one.target not in exporter.get("/metrics").body.decode()


def test_other_labels_are_another_target(serve, redis, tmp_path):
    cache = redis()
    path = targets_file(tmp_path / "t.json", ([cache.target], {"a": "1"}))
    exporter = serve("--targets", path, "--interval", "10s").ready()
    targets_file(path, ([cache.target], {"a": "2"}))
    exporter.reload()
    exporter.wait_until(
        lambda: exporter.metrics().labels("probe_success")
        == [{"target": cache.target, "a": "2"}],
        "the new label",
    )


@pytest.mark.parametrize(
    "text, error",
    [
        ("modules: {a: {tiemout: 1s}}", "did you mean timeout"),
        ("modules: {a: {password-file: x}}", "no targets"),
        ("modules: [", ""),
    ],
)
def test_a_bad_configuration_leaves_all_as_it_was(serve, redis, text, error):
    cache = redis()
    exporter = serve(
        *(cache.target, "--interval", "200ms"),
        config="modules: {a: {timeout: 1s}}\n",
    ).ready()
    config = exporter.folder / "linkprobe.yml"
    config.write_text(text + "\n")
    answer = exporter.reload()
    assert answer.status == 500
    assert str(config) in answer.body.decode() and error in answer.body.decode()
    page = exporter.metrics()
    assert page.value(RELOADED) == 0
    assert page.value("probe_success") == 1
    exporter.passes(cache.target, module="a")
    assert "not reloaded, all is as it was" in exporter.log()
    config.write_text("modules: {b: {}}\n")
    assert exporter.reload().status == 200
    assert exporter.metrics().value(RELOADED) == 1
    assert exporter.get("/probe", target="x", module="a").status == 400


def test_a_targets_file_that_is_gone_leaves_the_targets(
    serve, redis, tmp_path
):
    cache = redis()
    path = targets_file(tmp_path / "t.json", ([cache.target], {}))
    exporter = serve("--targets", path).ready()
    path.unlink()
    assert exporter.reload().status == 500
    assert targets_of(exporter) == {cache.target}


def test_a_reload_amid_checks_and_pages_disturbs_nothing(
    serve, redis, silence, tmp_path
):
    cache, quiet = redis(), silence()
    path = targets_file(
        tmp_path / "t.json", ([cache.target, quiet.target], {})
    )
    exporter = serve("--targets", path, "--interval", "50ms")
    exporter.wait_until(
        lambda: exporter.metrics().value("linkprobe_checks_in_flight") > 0,
        "a check is under way",
    )
    asked = exporter.connection()
    asked.request("GET", f"/probe?target={cache.target}")
    for _ in range(20):
        assert exporter.reload().status == 200
    assert b"\nprobe_success 1\n" in asked.getresponse().read()
    asked.close()
    exporter.wait_until(lambda: cache.target in targets_of(exporter), "a check")
    assert exporter.metrics().value("probe_success", target=cache.target) == 1


def held(event):
    """As Redis, but PING is answered once `event` is set."""

    def pong(words, store):
        event.wait(20)
        return b"+PONG\r\n"

    return peers.redis_like(PING=pong)


def test_a_check_in_flight_outlives_a_reload(serve, peer, tmp_path):
    """And it belongs to its target, wherever that stands then."""
    answered, other = threading.Event(), threading.Event()
    slow, gone = peer(held(answered)), peer(held(other))
    path = targets_file(tmp_path / "t.json", ([gone.target, slow.target], {}))
    # a second probe, of a PING that was slow, would be another connection
    exporter = serve(
        *("--targets", path, "--interval", "1h", "--timeout", "30s"),
        *("--deadline", "60s", "--no-diagnose"),
    )
    exporter.wait_until(
        lambda: slow.accepted == 1 and gone.accepted == 1, "both are asked"
    )
    targets_file(path, ([slow.target], {}))
    assert exporter.reload().status == 200
    assert targets_of(exporter) == set()
    answered.set()
    other.set()
    exporter.wait_until(
        lambda: exporter.metrics().value("linkprobe_checks_in_flight") == 0,
        "both have ended",
    )
    page = exporter.metrics()
    assert targets_of(exporter) == {slow.target}
    assert page.value("probe_success", target=slow.target) == 1
    assert page.value("linkprobe_checks_total", target=slow.target) == 1
    assert (slow.accepted, gone.accepted) == (1, 1)


def test_reloads_that_never_end_keep_no_target_waiting(serve, redis, tmp_path):
    """Each target keeps its place in the interval."""
    first, last = redis(), redis()
    targets = [first.target, last.target]
    path = targets_file(tmp_path / "t.json", (targets, {}))
    exporter = serve("--targets", path, "--interval", "500ms").ready()

    def checks(target):
        return exporter.metrics().value(
            "linkprobe_checks_total", target=target
        )

    def three_more(target, before):
        assert exporter.reload().status == 200
        return checks(target) >= before + 3

    for target in targets:
        before = checks(target)
        exporter.wait_until(
            lambda: three_more(target, before), "three more checks"
        )


class Systemd:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(name.replace("@", "\0", 1))
        self.socket.settimeout(0.01)
        self.heard = []

    def listen(self):
        try:
            while True:
                text = self.socket.recv(65536).decode()
                self.heard += text.split("\n")
        except TimeoutError:
            pass
        return self.heard

    def count(self, text):
        return self.listen().count(text)


@pytest.fixture
def systemd(starter, tmp_path):
    def start(abstract=False):
        name = str(tmp_path / "notify")
        if abstract:
            name = f"@linkprobe-test-{secrets.token_hex(8)}"
        made = Systemd(name)
        made.name = name
        return starter.keep(made, made.socket.close)

    return start


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told_how_it_is(serve, redis, systemd, abstract):
    manager = systemd(abstract)
    exporter = serve(redis().target, env={"NOTIFY_SOCKET": manager.name})
    exporter.wait_until(lambda: manager.count("READY=1") == 1, "READY=1")
    exporter.wait_until(
        lambda: any(t.startswith("STATUS=") for t in manager.listen()),
        "STATUS=",
    )
    assert "RELOADING=1" not in manager.heard
    before = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
    os.kill(exporter.process.pid, signal.SIGHUP)
    exporter.wait_until(lambda: manager.count("READY=1") == 2, "reloaded")
    at = manager.heard.index("RELOADING=1")
    name, _, value = manager.heard[at + 1].partition("=")
    assert name == "MONOTONIC_USEC" and int(value) >= before - 1
    assert exporter.stop() == 0
    assert manager.count("STOPPING=1") == 1
    assert not [t for t in manager.heard if t.startswith("WATCHDOG")]


def test_a_bad_reload_is_over_for_systemd_too(serve, systemd):
    """Else it would wait for READY=1 and kill us."""
    manager = systemd()
    exporter = serve(
        config="modules: {}\n", env={"NOTIFY_SOCKET": manager.name}
    )
    exporter.wait_until(lambda: manager.count("READY=1") == 1, "READY=1")
    (exporter.folder / "linkprobe.yml").write_text("nonsense: 1\n")
    os.kill(exporter.process.pid, signal.SIGHUP)
    exporter.wait_until(lambda: manager.count("READY=1") == 2, "READY=1")


def test_the_watchdog_is_fed_while_targets_are_checked(
    serve, redis, systemd
):
    manager = systemd()
    exporter = serve(
        *(redis().target, "--interval", "100ms"),
        env={"NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "200000"},
    )
    exporter.wait_until(lambda: manager.count("WATCHDOG=1") >= 5, "fed")
    exporter.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, exporter.process.pid, os.WSTOPPED | os.WNOWAIT)
    manager.listen()
    fed = manager.count("WATCHDOG=1")
    time.sleep(0.5)  # longer than systemd would wait
    assert manager.count("WATCHDOG=1") == fed
    exporter.process.send_signal(signal.SIGCONT)
    exporter.wait_until(lambda: manager.count("WATCHDOG=1") > fed, "fed again")


def test_a_watchdog_of_another_process_is_not_ours(serve, systemd):
    manager = systemd()
    exporter = serve(
        env={
            "NOTIFY_SOCKET": manager.name,
            "WATCHDOG_USEC": "100000",
            "WATCHDOG_PID": "1",
        }
    )
    exporter.wait_until(lambda: manager.count("READY=1") == 1, "READY=1")
    time.sleep(0.3)
    assert manager.count("WATCHDOG=1") == 0


def test_sockets_of_systemd_are_served(serve, starter, home):
    listener = socket.create_server((places.address(), 0))
    host, port = listener.getsockname()
    # systemd names the process that it execs: a shell that becomes us
    script = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'
    folder = starter.new_folder()
    log = open(folder / "log", "wb")
    process = subprocess.Popen(
        ["bash", "-c", f"exec 3<&{listener.fileno()}; " + script, "sh"]
        + [*program.command(), "serve", "--no-config"]
        + ["--web.systemd-socket"],
        env=program.environment(home),
        pass_fds=[listener.fileno()],
        stdout=log,
        stderr=log,
    )
    starter.keep(process, lambda: (process.kill(), process.wait()))
    listener.close()

    def healthy():
        with socket.create_connection((host, port), 1) as client:
            client.sendall(b"GET /-/healthy HTTP/1.0\r\n\r\n")
            return b"200 OK" in client.recv(4096)

    servers.wait_for(healthy, "it answers")
    process.terminate()
    assert process.wait(20) == 0, (folder / "log").read_text()


def test_the_journal_gets_priorities(serve, tmp_path):
    """JOURNAL_STREAM names the file that stderr is: <N> before each line."""
    path = tmp_path / "journal"
    with open(path, "wb") as journal:
        stat = os.fstat(journal.fileno())
        made = f"{stat.st_dev}:{stat.st_ino}"
        exporter = serve(
            wait=False, env={"JOURNAL_STREAM": made}, preexec_fn=_to(journal)
        )
        exporter.wait_until(
            lambda: "listening" in path.read_text(), "it is listening"
        )
    assert path.read_text().startswith("<6>level=info msg=listening")


def _to(file):
    return lambda: os.dup2(file.fileno(), 2)


def unit_settings():
    """The directives of the unit, as (section, name): [values]."""
    settings, section = {}, None
    for line in UNIT.read_text().splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match[1]
        elif match := re.fullmatch(r"(\w+)=(.*)", line):
            settings.setdefault((section, match[1]), []).append(match[2])
    return settings


def test_the_unit_says_what_the_program_does():
    settings = unit_settings()
    assert settings["Service", "Type"] == ["notify"]
    assert settings["Service", "WatchdogSec"]
    assert settings["Service", "ExecReload"]
    assert "linkprobe serve" in settings["Service", "ExecStart"][0]
    assert settings["Service", "DynamicUser"] == ["yes"]


def test_the_unit_is_hardened(tmp_path):
    """systemd-analyze security: an exposure of at most 2.0."""
    analyze = servers.find("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is missing")
    run = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"exposure level for .*: ([0-9.]+)", run.stdout)
    if not found:
        pytest.skip("systemd-analyze cannot look at a file: " + run.stderr)
    assert float(found[1]) <= 2.0, run.stdout


def test_the_unit_can_be_loaded(tmp_path):
    analyze = servers.find("systemd-analyze")
    if not analyze:
        pytest.skip("systemd-analyze is missing")
    text = re.sub(r"(?m)^(Exec\w+=)\S+", r"\1/bin/true", UNIT.read_text())
    path = pathlib.Path(tmp_path) / UNIT.name
    path.write_text(text)
    run = subprocess.run(
        [analyze, "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [
        line for line in run.stderr.splitlines() if UNIT.name in line
    ]
    assert not complaints, run.stderr
