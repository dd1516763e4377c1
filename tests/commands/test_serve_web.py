"""`linkprobe serve`: TLS and users, by exporter-toolkit's file."""

import base64
import ctypes
import secrets
import ssl
import time

import pytest

import program
from exporters import serve, targets_file  # noqa: F401

_LETTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def bcrypt(password, cost=5):
    """As htpasswd -B would make it; by the very library that checks it."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    salt = "".join(secrets.choice(_LETTERS) for _ in range(21)) + "O"
    hashed = library.crypt(password.encode(), f"$2b${cost:02}${salt}".encode())
    if not hashed or not hashed.startswith(b"$2b$"):
        pytest.skip("this crypt() knows no bcrypt")
    return hashed.decode().replace("$2b$", "$2y$", 1)


def basic(user, password):
    word = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": "Basic " + word}


@pytest.fixture
def users(tmp_path):
    path = tmp_path / "web.yml"
    path.write_text(
        f"basic_auth_users:\n  alice: {bcrypt('secret')}\n"
        f"  bob: {bcrypt('other', 10)}\n"
    )
    return path


def test_only_users_come_in(serve, users):
    exporter = serve("--web.config.file", users)
    for path in ("/", "/metrics", "/-/healthy", "/probe?target=a", "/none"):
        answer = exporter.get(path)
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    good = basic("alice", "secret")
    assert exporter.get("/metrics", headers=good).status == 200
    assert exporter.get("/metrics", headers=basic("bob", "other")).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        basic("alice", "wrong"),
        basic("alice", "other"),
        basic("alice", ""),
        basic("carol", "secret"),
        {"Authorization": "Basic nonsense!"},
        {"Authorization": "Basic"},
        {"Authorization": "Bearer secret"},
        {"Authorization": "Basic " + "A" * 3000},
    ],
)
def test_nobody_else_does(serve, users, headers):
    exporter = serve("--web.config.file", users)
    for _ in range(2):  # the second from what is remembered
        assert exporter.get("/metrics", headers=headers).status == 401


def test_a_probe_waits_for_its_user(serve, users, redis):
    cache = redis()
    exporter = serve("--web.config.file", users)
    answer = exporter.get(
        "/probe", target=cache.target, headers=basic("bob", "other")
    )
    assert answer.status == 200 and b"\nprobe_success 1\n" in answer.body


def test_a_password_is_looked_at_once(serve, tmp_path):
    """bcrypt is slow on purpose: the result is remembered."""
    path = tmp_path / "web.yml"
    path.write_text(f"basic_auth_users: {{a: '{bcrypt('b', 12)}'}}\n")
    exporter = serve("--web.config.file", path)
    good = basic("a", "b")
    began = time.monotonic()
    assert exporter.get("/-/healthy", headers=good).status == 200
    first = time.monotonic() - began
    times = []
    for _ in range(11):
        began = time.monotonic()
        assert exporter.get("/-/healthy", headers=good).status == 200
        times.append(time.monotonic() - began)
    # the median: a machine that stands still delays one of them
    assert sorted(times)[5] < first / 4


def test_wrong_passwords_hold_up_neither_checks_nor_users(
    serve, redis, tmp_path
):
    path = tmp_path / "web.yml"
    path.write_text(f"basic_auth_users: {{a: '{bcrypt('b', 12)}'}}\n")
    exporter = serve(
        *("--web.config.file", path, redis().target, "--interval", "100ms")
    )
    good = basic("a", "b")
    exporter.get("/-/healthy", headers=good)
    for round in range(4):
        guesses = [guess_at(exporter, f"{round}.{i}") for i in range(40)]
        began = time.monotonic()
        answer = exporter.get("/metrics", headers=good)
        took = time.monotonic() - began
        assert answer.status == 200
        statuses = {guess.recv(12).decode()[9:] for guess in guesses}
        for guess in guesses:
            guess.close()
        if took < 2:  # else this machine may have stood still
            break
    assert took < 2
    assert statuses <= {"401", "503"} and "503" in statuses


def guess_at(exporter, password):
    word = basic("a", password)["Authorization"]
    return exporter.raw(
        f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: {word}\r\n\r\n"
        .encode()
    )


def test_who_leaves_while_looked_at_is_forgotten(serve, users):
    exporter = serve("--web.config.file", users)
    word = basic("bob", "wrong")["Authorization"]
    for _ in range(6):
        exporter.raw(
            f"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: {word}\r\n\r\n"
            .encode()
        ).close()
    exporter.wait_until(
        lambda: exporter.get(
            "/-/healthy", headers=basic("alice", "secret")
        ).status == 200,
        "it answers",
    )


def test_a_reload_takes_other_users(serve, users):
    exporter = serve("--web.config.file", users)
    old = basic("alice", "secret")
    assert exporter.get("/metrics", headers=old).status == 200
    users.write_text(f"basic_auth_users: {{dave: '{bcrypt('new')}'}}\n")
    answer = exporter.get("/-/reload", method="POST", headers=old)
    assert answer.status == 200
    assert exporter.get("/metrics", headers=old).status == 401
    new = basic("dave", "new")
    assert exporter.get("/metrics", headers=new).status == 200
    users.write_text("basic_auth_userz: {}\n")
    answer = exporter.get("/-/reload", method="POST", headers=new)
    assert answer.status == 500 and b"unknown key" in answer.body
    # a mistake never opens the door
    assert exporter.get("/metrics").status == 401
    assert exporter.get("/metrics", headers=new).status == 200


def tls_file(tmp_path, shown, **more):
    path = tmp_path / "web.yml"
    lines = ["tls_server_config:", f"  cert_file: {shown.cert}"]
    lines += [f"  key_file: {shown.key}"]
    lines += [f"  {key}: {value}" for key, value in more.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


def client_context(authority, certificate=None):
    context = ssl.create_default_context(cafile=authority.cert)
    # our authority writes no key identifiers, which newer Pythons ask for
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.check_hostname = False
    if certificate:
        context.load_cert_chain(certificate.cert, certificate.key)
    return context


def test_tls_is_spoken(serve, redis, authority, tmp_path):
    shown = authority.issue("web", "DNS:localhost")
    cache = redis()
    exporter = serve(
        *("--web.config.file", tls_file(tmp_path, shown), cache.target)
    )
    exporter.context = client_context(authority)
    exporter.ready()
    assert exporter.metrics().value("probe_success") == 1
    page = exporter.probe(cache.target)
    assert page.value("probe_success") == 1


def test_old_versions_are_not(serve, authority, tmp_path):
    shown = authority.issue("web13", "DNS:localhost")
    path = tls_file(tmp_path, shown, min_version="TLS13")
    exporter = serve("--web.config.file", path)
    exporter.context = client_context(authority)
    assert exporter.get("/-/healthy").status == 200
    exporter.context = client_context(authority)
    exporter.context.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, ConnectionError)):
        exporter.get("/-/healthy")


def test_only_clients_with_a_certificate_come_in(
    serve, authority, tmp_path, tmp_path_factory
):
    import certificates

    shown = authority.issue("webca", "DNS:localhost")
    mine = authority.issue("webclient", "DNS:client")
    other = certificates.Authority(tmp_path_factory.mktemp("other"))
    foreign = other.issue("foreign", "DNS:client")
    path = tls_file(tmp_path, shown, client_ca_file=authority.cert)
    exporter = serve("--web.config.file", path)
    exporter.context = client_context(authority, mine)
    assert exporter.get("/-/healthy").status == 200
    for certificate in (None, foreign):
        exporter.context = client_context(authority, certificate)
        try:
            answer = exporter.get("/-/healthy")
        except (ssl.SSLError, OSError):
            continue
        assert answer.status == 403


def test_a_reload_takes_another_certificate(serve, authority, tmp_path):
    first = authority.issue("first", "DNS:first.example")
    second = authority.issue("second", "DNS:second.example")
    path = tls_file(tmp_path, first)
    exporter = serve("--web.config.file", path)
    exporter.context = client_context(authority)

    def subject():
        connection = exporter.connection()
        connection.connect()
        names = connection.sock.getpeercert()["subjectAltName"]
        connection.close()
        return names[0][1]

    assert subject() == "first.example"
    tls_file(tmp_path, second)
    assert exporter.reload().status == 200
    assert subject() == "second.example"
    tls_file(tmp_path, second, min_version="TLS9")
    assert exporter.reload().status == 500
    assert subject() == "second.example"


def test_files_that_others_renew_are_read_anew(serve, users):
    """As exporter-toolkit does: nobody tells it of a new certificate."""
    exporter = serve("--web.config.file", users)
    new = basic("dave", "new")
    assert exporter.get("/metrics", headers=new).status == 401
    users.write_text(f"basic_auth_users: {{dave: '{bcrypt('new')}'}}\n")
    exporter.wait_until(
        lambda: exporter.get("/metrics", headers=new).status == 200,
        "the new user",
    )
    # one that is about to be written is empty for a moment
    for times, text in ((1, ""), (2, "nonsense: 1\n")):
        users.write_text(text)
        exporter.wait_until(
            lambda: exporter.log().count("TLS and users are as they were")
            >= times,
            "told",
        )
        assert exporter.get("/metrics", headers=new).status == 200
        assert exporter.get("/metrics").status == 401


def test_a_certificate_that_is_none_is_told(linkprobe, tmp_path, authority):
    shown = authority.issue("bad", "DNS:localhost")
    path = tls_file(tmp_path, shown)
    shown.cert.write_text("no certificate")
    run = linkprobe(
        *("serve", "--no-config", "--listen", "127.0.0.1:0"),
        *("--web.config.file", path),
    )
    assert run.status == program.UNKNOWN
    assert "cannot be used" in run.err and run.err.count("\n") == 1
