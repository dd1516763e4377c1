"""`linkprobe serve`: whatever clients do, targets are checked in time."""

import contextlib
import resource
import socket
import time

import pytest

from exporters import serve, targets_file  # noqa: F401


@pytest.fixture
def exporter(serve, redis):
    return serve(redis().target, "--interval", "100ms").ready()


def raise_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def checks_go_on(exporter):
    """Ten more checks, none of them late, and pages in good time."""
    page = exporter.metrics()
    name = "linkprobe_checks_total"
    labels = {"target": page.labels("probe_success")[0]["target"]}
    before = page.value(name, **labels)
    exporter.wait_until(
        lambda: exporter.metrics().value(name, **labels) >= before + 10,
        "ten checks",
    )
    exporter.in_time()
    page = exporter.metrics()
    assert page.value("probe_success", **labels) == 1
    assert page.value("linkprobe_checks_failed_total", **labels) == 0
    return page


def test_thousands_of_idle_connections(exporter):
    """Two thousand, or what the limit of descriptors allows."""
    count = min(2000, raise_files() // 2 - 200)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(exporter.raw())
        page = checks_go_on(exporter)
        assert page.value("linkprobe_http_connections") <= 600
        assert time.monotonic() - began < 60
        assert (
            page.value("linkprobe_http_connections_evicted_total")
            >= count - 600
        )
        # what they cost is bounded, too
        assert page.value("process_resident_memory_bytes") < 600 << 20


def test_requests_a_byte_at_a_time(exporter):
    """They are cut after ten seconds, however busy they look."""
    request = b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 4000
    began = time.monotonic()
    slow = [exporter.raw() for _ in range(50)]
    alive = set(slow)
    sent = 0
    while alive and time.monotonic() - began < 20:
        for client in list(alive):
            try:
                client.sendall(request[sent : sent + 1])
                client.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    if client.recv(1) == b"":
                        alive.discard(client)
                client.setblocking(True)
            except OSError:
                alive.discard(client)
        sent += 1
        time.sleep(0.05)
    assert not alive
    assert 8 < time.monotonic() - began < 16
    checks_go_on(exporter)


def test_answers_that_nobody_takes(serve, redis, tmp_path):
    """A page is made while it is taken: what is not taken costs nothing."""
    cache = redis()
    path = targets_file(
        tmp_path / "t.json",
        *(([cache.target], {"n": str(i), "pad": "x" * 5000})
          for i in range(100)),
    )
    exporter = serve("--targets", path, "--interval", "2s").ready()
    page = exporter.metrics()
    before = page.value("process_resident_memory_bytes")
    clients = []
    for _ in range(50):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((exporter.host, exporter.port))
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        clients.append(client)
    page = exporter.metrics()
    assert page.value("linkprobe_http_connections") >= 50
    grown = page.value("process_resident_memory_bytes") - before
    # fifty whole pages would be half a gigabyte
    assert len(exporter.get("/metrics").body) > 8 << 20
    assert grown < 60 << 20, grown
    exporter.in_time(2)
    for client in clients:
        client.close()


# what strangers may send: {name: bytes}
NO_REQUESTS = {
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "resp": b"*1\r\n$4\r\nPING\r\n",
    "version": b"GET / HTTP/9.9\r\n\r\n",
    "no-path": b"GET\r\n\r\n",
    "empty-lines": b"\r\n" * 5000,
    "zeros": bytes(70000),
    "long-path": b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "many-headers": (
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20000 + b"\r\n"
    ),
    "long-header": (
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100000 + b"\r\n\r\n"
    ),
    "large-body": (
        b"POST /-/reload HTTP/1.1\r\nHost: x\r\n"
        b"Content-Length: 99999999\r\n\r\n" + b"z" * 200000
    ),
    "bad-chunk": (
        b"GET /metrics HTTP/1.1\r\nHost: x\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"
    ),
    "upwards": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "escaped": b"GET /%2e%2e/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "long-query": (
        b"GET /probe?target=" + b"%41" * 4000 + b" HTTP/1.1\r\nHost: x"
        b"\r\n\r\n"
    ),
}


@pytest.mark.parametrize("name", NO_REQUESTS)
def test_what_is_no_request_harms_nobody(exporter, name):
    with contextlib.suppress(OSError):
        with exporter.raw(timeout=2) as client:
            client.sendall(NO_REQUESTS[name])
            client.shutdown(socket.SHUT_WR)
            while answer := client.recv(65536):
                assert b"root:" not in answer
    checks_go_on(exporter)


def test_a_body_that_is_too_large_is_told(exporter):
    head = b"POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    with exporter.raw(head % 3000000) as client:
        heard = b""
        while more := client.recv(65536):
            heard += more
    assert heard.startswith(b"HTTP/1.1 413 ")
    assert b"too large" in heard
    with exporter.raw(head % 1000 + bytes(1000)) as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_many_requests_on_one_connection(exporter):
    request = b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n"
    with exporter.raw(request * 100) as client:
        heard = b""
        while heard.count(b"Healthy") < 100:
            data = client.recv(65536)
            assert data, heard
            heard += data
    checks_go_on(exporter)


def test_a_client_that_leaves_does_not_stop_a_probe(serve, silence, redis):
    exporter = serve("--timeout", "5s", "--no-diagnose")
    for _ in range(5):
        exporter.raw(
            f"GET /probe?target={silence().target} HTTP/1.1\r\nHost: x"
            "\r\n\r\n".encode()
        ).close()
    exporter.wait_until(
        lambda: exporter.metrics().value("linkprobe_checks_total") == 5,
        "the probes end",
    )
    assert exporter.probe(redis().target).value("probe_success") == 1


def two_rounds(exporter):
    """How many checks were skipped while each target was checked twice."""
    skipped = "linkprobe_checks_skipped_total"
    before = exporter.metrics()

    def checks(page):
        return page.value("linkprobe_checks_total", n="999")

    enough = checks(before) + 2
    exporter.wait_until(
        lambda: checks(exporter.metrics()) >= enough, "two rounds", 30
    )
    return exporter.metrics().value(skipped) - before.value(skipped)


def test_a_thousand_targets_on_schedule(serve, redis, tmp_path):
    cache = redis()
    path = targets_file(
        tmp_path / "t.json",
        *(([cache.target], {"n": str(i)}) for i in range(1000)),
    )
    exporter = serve("--targets", path, "--interval", "3s").ready()
    for _ in range(4):
        skipped = two_rounds(exporter)
        if skipped == 0:  # else this machine may have stood still
            break
    assert skipped == 0
    exporter.in_time()
    page = exporter.metrics()
    assert len(page.all("probe_success")) == 1000
    assert set(page.all("probe_success").values()) == {1}
