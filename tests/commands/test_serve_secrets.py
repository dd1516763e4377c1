"""`linkprobe serve`: where passwords come from, and whom they may go to."""

import os
import pathlib
import time

import pytest

import peers
import places
import program
import servers
from exporters import serve, targets_file  # noqa: F401

SECRET = "correct-horse"


@pytest.fixture
def listener(starter):
    """A peer that keeps every byte it is sent, and says PONG to all."""

    def start(host=None):
        heard = bytearray()

        def listen(connection):
            while data := connection.recv(65536):
                heard.extend(data)
                connection.sendall(b"+OK\r\n" * data.count(b"*"))

        made = peers.Peer(listen, **({"host": host} if host else {}))
        made.heard = heard
        return starter.keep(made, made.close)

    return start


def module(password, targets, **more):
    lines = ["modules:", "  orders:", f"    password-file: {password}"]
    lines += [f"    {key}: {value}" for key, value in more.items()]
    if targets is not None:
        lines.append(f"    targets: {targets}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def password(tmp_path):
    path = tmp_path / "password"
    path.write_text(SECRET + "\n")
    return path


def test_credentials_go_to_the_modules_targets(serve, redis, password):
    """redis_exporter#278: different passwords for many instances."""
    cache = redis(requirepass=SECRET)
    exporter = serve(config=module(password, f"[{cache.host}/32]"))
    exporter.passes(cache.target, module="orders")
    assert exporter.verdict(cache.target)["id"] == "AUTH_REQUIRED"


@pytest.mark.parametrize("targets", ["['*.example']", "[10.0.0.0/8]"])
def test_credentials_go_nowhere_else(serve, listener, password, targets):
    """Whoever may ask for /probe must not be given a password."""
    stranger = listener()
    exporter = serve(config=module(password, targets, user="probe"))
    answer = exporter.get(
        "/probe", target=stranger.target, module="orders", debug="true"
    )
    assert b"PING" in stranger.heard
    assert b"AUTH" not in stranger.heard
    assert SECRET.encode() not in stranger.heard
    assert b"credentials were not used" in answer.body


def test_a_name_does_not_stand_for_its_address(serve, listener, password):
    """Else who answers for the name would choose where the password goes."""
    stranger = listener("127.0.0.1")
    exporter = serve(config=module(password, "[127.0.0.0/8]"))
    port = stranger.target.rsplit(":", 1)[1]
    exporter.probe(f"localhost:{port}", module="orders")
    assert b"PING" in stranger.heard and b"AUTH" not in stranger.heard
    exporter.probe(f"127.0.0.1:{port}", module="orders")
    assert SECRET.encode() in stranger.heard


def test_the_services_own_password_is_for_its_own_targets(
    serve, redis, listener
):
    cache = redis(requirepass=SECRET)
    stranger = listener()
    exporter = serve(cache.target, env={"LINKPROBE_PASSWORD": SECRET}).ready()
    assert exporter.metrics().value("probe_success") == 1
    exporter.probe(stranger.target)
    assert b"PING" in stranger.heard
    assert SECRET.encode() not in stranger.heard


def test_a_module_with_credentials_needs_targets(linkprobe, password, home):
    for key, value in (
        ("password-file", password),
        ("password-command", "pass cache"),
        ("key", "client.key"),
    ):
        config = home / "config.yml"
        config.write_text(
            "defaults:\n  timeout: 1s\nmodules:\n  plain: {}\n"
            f"  orders:\n    cert: client.crt\n    {key}: {value}\n".replace(
                "    cert: client.crt\n" if key != "key" else "\0", ""
            )
        )
        run = linkprobe("serve", "--config", config)
        assert run.status == program.UNKNOWN, str(run)
        assert run.err.startswith(f"linkprobe: {config}:6: module orders")
        assert "no targets" in run.err and run.err.count("\n") == 1


def test_a_pattern_that_is_none_is_told_with_its_place(linkprobe, home):
    config = home / "config.yml"
    config.write_text("modules:\n  a:\n    targets: ['10.0.0.0/99']\n")
    run = linkprobe("serve", "--config", config)
    assert run.status == program.UNKNOWN
    assert f"{config}:2: targets: " in run.err


def test_a_target_of_the_file_must_be_among_them_too(
    linkprobe, password, home, tmp_path
):
    config = home / "config.yml"
    config.write_text(module(password, "['*.example']"))
    path = targets_file(
        tmp_path / "t.json", (["10.0.0.1"], {"__module__": "orders"})
    )
    run = linkprobe("serve", "--config", config, "--targets", path)
    assert run.status == program.UNKNOWN
    assert "10.0.0.1:6379 has the module orders" in run.err


def test_each_group_has_its_own_password(serve, redis, tmp_path):
    """redis_exporter#278 again, for targets in the background."""
    one, two = redis(requirepass="first"), redis(requirepass="second")
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)
    path = targets_file(
        tmp_path / "t.json",
        ([one.target], {"__password_file__": str(tmp_path / "first")}),
        ([two.target], {"__password_file__": str(tmp_path / "second")}),
    )
    page = serve("--targets", path).ready().metrics()
    assert set(page.all("probe_success").values()) == {1}


def test_a_slow_command_holds_nobody_up(serve, redis, tmp_path):
    cache, other = redis(requirepass=SECRET), redis()
    marks, hold = tmp_path / "marks", tmp_path / "hold"
    hold.touch()
    exporter = serve(
        *(other.target, "--interval", "100ms"),
        config=f"modules:\n  slow:\n    password-command: 'echo x >> {marks}; "
        f"{while_there(hold)} echo {SECRET}'\n    targets: [{cache.host}]\n",
    ).ready()
    asked = exporter.connection()
    asked.request("GET", f"/probe?target={cache.target}&module=slow")
    servers.wait_for(marks.exists, "the command runs")

    def checks():
        page = exporter.metrics()
        return page.value("linkprobe_checks_total", target=other.target)

    before = checks()
    exporter.wait_until(lambda: checks() >= before + 10, "ten more checks")
    exporter.in_time()
    hold.unlink()
    assert b"\nprobe_success 1\n" in asked.getresponse().read()
    asked.close()
    # it is remembered
    hold.touch()
    assert exporter.probe(cache.target, module="slow").value("probe_success")
    assert marks.read_text() == "x\n"
    hold.unlink()


def while_there(path):
    """Words of a shell that go on when the file is gone."""
    return f"while [ -e {path} ]; do sleep 0.01; done;"


def test_a_password_that_is_late_is_an_answer_in_time(serve, redis, tmp_path):
    cache = redis(requirepass=SECRET)
    hold = tmp_path / "hold"
    hold.touch()
    # a command each time: it is given up after ten seconds
    modules = [f"slow{i}" for i in range(4)]
    exporter = serve(
        config="modules:\n"
        + "".join(
            f"  {module}:\n    password-command: '"
            f"{while_there(hold)} : {module}; echo {SECRET}'\n"
            f"    targets: [{cache.host}]\n"
            for module in modules
        )
    )
    for module in modules:
        began = time.monotonic()
        page = exporter.probe(
            cache.target,
            module=module,
            headers={"X-Prometheus-Scrape-Timeout-Seconds": "1.5"},
        )
        took = time.monotonic() - began
        if took < 1.5:  # else this machine may have stood still
            break
    assert 0.9 < took < 1.5
    assert page.value("probe_success") == 0
    verdict = page.labels("linkprobe_verdict_info")[0]
    assert verdict["id"] == "UNKNOWN_ERROR"
    assert "the password was not there in time" in exporter.log()
    # it is there for the next one
    hold.unlink()
    exporter.wait_until(
        lambda: exporter.probe(cache.target, module=module).value(
            "probe_success"
        )
        == 1,
        "the password",
    )


def test_a_password_that_was_changed_is_read_again(serve, redis, tmp_path):
    path = tmp_path / "password"
    path.write_text("first")
    cache = redis(requirepass="first")
    exporter = serve(
        *(cache.target, "--password-file", path, "--interval", "200ms")
    ).ready()
    assert exporter.metrics().value("probe_success") == 1
    path.write_text("second")
    cache.client()("CONFIG", "SET", "requirepass", "second")
    exporter.wait_until(
        lambda: exporter.metrics().value("linkprobe_checks_total",
                                         target=cache.target) > 4,
        "more checks",
    )
    page = exporter.metrics()
    assert page.value("probe_success") == 1
    failed = page.value(
        "linkprobe_checks_failed_total", target=cache.target
    )
    assert failed == 0


def test_a_password_that_is_not_there_is_a_verdict(serve, redis, tmp_path):
    cache = redis()
    path = targets_file(
        tmp_path / "t.json",
        ([cache.target], {"__password_file__": "/nowhere/password"}),
    )
    exporter = serve("--targets", path).ready()
    page = exporter.metrics()
    assert page.value("probe_success") == 0
    verdict = page.labels("linkprobe_verdict_info")[0]
    assert verdict["id"] == "UNKNOWN_ERROR"
    assert "/nowhere/password" in exporter.get("/").body.decode()


def test_credentials_of_systemd_are_used(serve, redis, tmp_path):
    cache = redis(requirepass=SECRET)
    (tmp_path / "redis-password").write_text(SECRET)
    exporter = serve(
        cache.target, env={"CREDENTIALS_DIRECTORY": str(tmp_path)}
    ).ready()
    assert exporter.metrics().value("probe_success") == 1


def test_no_page_and_no_log_shows_a_password(serve, redis):
    """redis_exporter#328, #1060: seen in the process list and in status."""
    cache = redis(requirepass=SECRET)
    exporter = serve(
        f"redis://:{SECRET}@{cache.target}",
        "-v",
        config="defaults:\n"
        f"  password-command: 'echo {SECRET}'\n"
        f"modules:\n  a:\n    password-command: 'echo {SECRET}'\n"
        "    targets: ['*']\n",
    ).ready()
    assert exporter.metrics().value("probe_success") == 1
    assert exporter.reload().status == 200
    texts = [
        exporter.get(path).body.decode()
        for path in (
            "/metrics",
            "/",
            "/config",
            f"/probe?debug=true&target=redis://:{SECRET}@{cache.target}",
            f"/probe?debug=true&target=redis://:{SECRET}@[",
        )
    ]
    texts.append(exporter.log())
    folder = pathlib.Path("/proc") / str(exporter.process.pid)
    texts.append((folder / "cmdline").read_text())
    if os.access(folder / "environ", os.R_OK):
        texts.append((folder / "environ").read_text())
    for text in texts:
        assert SECRET not in text
    assert "password-command: <secret>" in exporter.get("/config").body.decode()
    exporter.wait_until(
        lambda: exporter.metrics().value("probe_success") == 1,
        "the password outlives a reload",
    )


def test_a_client_certificate_goes_to_its_targets_alone(
    serve, starter, authority, stunnel, redis
):
    """A module with cert and key, asked for another host."""
    cache = redis()
    shown = authority.issue("server", "IP:127.0.0.1", "DNS:localhost")
    front = stunnel(certificate=shown, to=(cache.host, cache.port))
    mine = authority.issue("client", "DNS:client")
    exporter = serve(
        config="modules:\n  tls:\n    tls: true\n    tls-verify: chain\n"
        f"    cacert: {authority.cert}\n    cert: {mine.cert}\n"
        f"    key: {mine.key}\n    targets: [10.0.0.0/8]\n"
    )
    answer = exporter.get(
        "/probe", target=front.target, module="tls", debug="true"
    )
    assert b"credentials were not used" in answer.body
    assert b"\nprobe_success 1\n" in answer.body


def test_a_name_for_tls_other_than_the_address(
    serve, authority, stunnel, redis
):
    """redis_exporter#1125: an SNI other than the address."""
    cache = redis()
    shown = authority.issue("named", "DNS:cache.example")
    front = stunnel(certificate=shown, to=(cache.host, cache.port))
    exporter = serve(
        config=f"modules:\n  tls:\n    tls: true\n    cacert: "
        f"{authority.cert}\n    tls-name: cache.example\n"
        f"  strict:\n    tls: true\n    cacert: {authority.cert}\n"
    )
    page = exporter.probe(front.target, module="tls")
    assert page.value("probe_success") == 1
    assert page.value("probe_ssl_earliest_cert_expiry") > time.time()
    verdict = exporter.verdict(front.target, module="strict")
    assert verdict["id"] == "TLS_NAME_MISMATCH"
