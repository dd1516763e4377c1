"""`linkprobe serve`: what is asked for, what is answered."""

import contextlib
import gzip
import re
import subprocess
import threading
import time

import pytest

import exposition
import peers
import places
import program
import servers
from exporters import OPEN, serve, targets_file  # noqa: F401

NAME = "cache.demo.test"


def test_probe_is_blackbox_exporters_way(serve, redis):
    cache = redis()
    exporter = serve()
    page = exporter.passes(cache.target)
    assert page.value("probe_success") == 1
    assert 0 < page.value("probe_duration_seconds") < 5
    assert page.value("probe_dns_lookup_time_seconds") == 0
    assert page.value("probe_ip_protocol") == 4
    assert page.value("probe_ip_addr_hash") > 0
    assert page.value("linkprobe_addresses") == 1
    verdict = page.labels("linkprobe_verdict_info")
    assert verdict == [{"id": "OK", "stage": "", "cause": "", "hop": ""}]
    stages = page.labels("linkprobe_address_stage_seconds")
    assert {s["stage"] for s in stages} >= {"tcp", "ping", "set", "get"}
    role = page.labels("linkprobe_server_role")
    assert role == [{"address": cache.host, "role": "master"}]
    # the exporter's own series stand on /metrics alone
    assert not page.all("linkprobe_build_info")


def test_a_target_that_is_down_is_an_answer_with_its_reason(serve):
    """blackbox_exporter#1077, #459: a metric for the reason of a failure."""
    host = places.address()
    exporter = serve()
    answer = exporter.get("/probe", target=f"{host}:{places.port(host)}")
    assert answer.status == 200
    page = exposition.read_text(answer.body)
    assert page.value("probe_success") == 0
    assert page.labels("linkprobe_verdict_info") == [
        {
            "id": "TCP_REFUSED",
            "stage": "tcp",
            "cause": "refused",
            "hop": "target",
        }
    ]


def test_the_step_that_failed_is_told(serve, redis):
    """blackbox_exporter#1528: which step of query_response failed."""
    verdict = serve().verdict(redis(requirepass="secret").target)
    assert (verdict["id"], verdict["stage"]) == ("AUTH_REQUIRED", "ping")


def test_every_address_of_a_name_is_probed(serve, redis, dnsmasq):
    """blackbox_exporter#1378, #1512: each IP of a name, not one of them."""
    cache = redis()
    dead = places.address()
    names = dnsmasq(records=[(NAME, cache.host), (NAME, dead)])
    exporter = serve("--dns", names.server)
    page = exporter.probe(f"{NAME}:{cache.port}")
    success = {
        labels["address"]: page.value("linkprobe_address_success", **labels)
        for labels in page.labels("linkprobe_address_success")
    }
    assert success == {cache.host: 1, dead: 0}
    assert page.value("probe_success") == 0
    assert page.value("linkprobe_addresses") == 2
    verdict = page.labels("linkprobe_verdict_info")[0]
    assert verdict["id"] == "TCP_REFUSED_ONE_AZ"
    assert page.value("linkprobe_dns_ttl_seconds") == 60


def test_a_syn_that_was_lost_is_told(serve, silence):
    """blackbox_exporter#1037: now and then one second, and nothing says why."""
    exporter = serve()
    for _ in range(5):
        page = probe_late(exporter, silence())
        took = page.value("linkprobe_address_stage_seconds", stage="tcp")
        if 0.9 < took < 3:  # else this machine stood still
            break
    assert page.labels("linkprobe_verdict_info")[0] == {
        "id": "TCP_SLOW_CONNECT",
        "stage": "tcp",
        "cause": "",
        "hop": page.labels("linkprobe_verdict_info")[0]["hop"],
    }
    assert page.value("probe_success") == 1
    assert 0.9 < took < 3


def probe_late(exporter, late):
    """A probe of a queue that is full until the probe is under way."""

    def take_all():
        """Until a probe is under way nobody is let in; then all are."""
        exporter.wait_until(
            lambda: exporter.metrics().value("linkprobe_checks_in_flight"),
            "a probe waits",
        )
        while True:
            try:
                connection, _ = late._listener.accept()
            except OSError:
                return
            threading.Thread(
                target=_serve, args=(connection,), daemon=True
            ).start()

    threading.Thread(target=take_all, daemon=True).start()
    return exporter.probe(late.target)


def _serve(connection):
    with contextlib.suppress(OSError, ValueError), connection:
        peers.redis_like()(connection)


def test_a_module_chooses_its_name_servers(serve, redis, dnsmasq):
    """blackbox_exporter#1443: choose the DNS server."""
    cache = redis()
    good = dnsmasq(records=[(NAME, cache.host)])
    bad = dnsmasq()
    exporter = serve(
        config=f"modules:\n  good: {{dns: '{good.server}'}}\n"
        f"  bad: {{dns: '{bad.server}'}}\n"
    )
    target = f"{NAME}:{cache.port}"
    exporter.passes(target, module="good")
    assert exporter.verdict(target, module="bad")["stage"] == "dns"


@pytest.mark.parametrize(
    "query, text",
    [
        ("", "target"),
        ("?target=", "target"),
        ("?module=none", "module: "),
        ("?target=a&target=b", "twice"),
        ("?target=redis://", "target: "),
        ("?target=a:99999", "target: port"),
        ("?target=a%00b", ""),
        ("?target=a&module=none", "none"),
        ("?target=http://a", ""),
    ],
)
def test_bad_parameters_are_told(serve, query, text):
    exporter = serve(config="modules: {}\n")
    answer = exporter.get("/probe" + query)
    assert answer.status == 400, answer.body
    assert text in answer.body.decode()
    assert answer.body.count(b"\n") == 1


@pytest.mark.parametrize("value", ["0", "-1", "x", "1e9", "10s"])
def test_a_scrape_timeout_that_is_none_is_told(serve, value):
    headers = {"X-Prometheus-Scrape-Timeout-Seconds": value}
    answer = serve().get("/probe", target="127.0.0.1", headers=headers)
    assert answer.status == 400


def test_a_probe_ends_before_the_scraper_loses_patience(serve, silence):
    exporter = serve()
    quiet = silence()
    for _ in range(5):
        began = time.monotonic()
        page = exporter.probe(
            quiet.target,
            headers={"X-Prometheus-Scrape-Timeout-Seconds": "2.5"},
        )
        took = time.monotonic() - began
        checked = page.value("probe_duration_seconds")
        if took < 2.5 and checked <= 2.1:
            break  # else this machine may have stood still
    assert 1 < took < 2.5
    assert page.value("probe_success") == 0
    assert checked <= 2.1
    assert page.labels("linkprobe_verdict_info")[0]["cause"] == "timeout"


def test_debug_tells_how_it_went(serve, redis):
    cache = redis(requirepass="secret")
    answer = serve().get("/probe", target=cache.target, debug="true")
    text = answer.body.decode()
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Logs for the probe:" in text
    assert "AUTH_REQUIRED" in text
    assert "Metrics that would have been returned:" in text
    assert "probe_success 0" in text


def test_metrics_tell_of_each_target_in_the_background(serve, redis, tmp_path):
    one, two = redis(), redis(requirepass="secret")
    path = targets_file(
        tmp_path / "targets.json",
        ([one.target], {"team": 'pay"\\\n<b>', "stage": "prod", "__x": "no"}),
        ([two.target], {"zone": "b"}),
    )
    exporter = serve("--targets", path, "--interval", "200ms").ready()
    page = exporter.metrics()
    labels = {
        "target": one.target,
        "team": 'pay"\\\n<b>',
        "exported_stage": "prod",
    }
    assert page.labels("probe_success", target=one.target) == [labels]
    assert page.value("probe_success", target=one.target) == 1
    assert page.value("probe_success", target=two.target, zone="b") == 0
    for name in ("linkprobe_checks_total", "linkprobe_checks_failed_total"):
        assert page.labels(name, target=one.target) == [labels]
    exporter.wait_until(
        lambda: exporter.metrics().value(
            "linkprobe_checks_total", target=two.target
        )
        >= 4,
        "four checks",
    )
    page = exporter.metrics()
    failed = page.value("linkprobe_checks_failed_total", target=two.target)
    assert failed >= 3
    assert page.value("linkprobe_checks_failed_total", target=one.target) == 0
    assert page.value("linkprobe_build_info") == 1
    exporter.in_time()
    assert page.value("linkprobe_targets") == 2
    assert page.value("process_resident_memory_bytes") > 1 << 20
    assert page.value("process_cpu_seconds_total") > 0
    assert page.value("process_open_fds") > 3


def test_probes_are_counted_apart_from_targets(serve, redis):
    cache = redis()
    exporter = serve(cache.target, "--interval", "1h").ready()
    exporter.probe(cache.target)
    exporter.probe("127.0.0.1:1")
    counts = exporter.metrics().all("linkprobe_checks_total")
    assert counts == {
        ("linkprobe_checks_total", frozenset()): 2,
        ("linkprobe_checks_total", frozenset({("target", cache.target)})): 1,
    }
    failed = exporter.metrics().all("linkprobe_checks_failed_total")
    assert failed["linkprobe_checks_failed_total", frozenset()] == 1


def test_buckets_give_a_histogram_a_stage(serve, redis):
    exporter = serve(
        *(redis().target, "--buckets", "1us,1s", "--interval", "200ms")
    ).ready()
    name = "linkprobe_stage_duration_seconds"
    exporter.wait_until(
        lambda: exporter.metrics().value(
            name + "_bucket", stage="tcp", le="1.0"
        )
        >= 1,
        "one within a second",
    )
    page = exporter.metrics()
    family = page.families[name]
    assert family.kind == "histogram"
    assert page.value(name + "_sum", stage="get") > 0
    without = serve(redis().target).ready().metrics()
    assert name not in without.families


def test_a_page_is_squeezed_when_asked_for(serve, redis):
    exporter = serve(redis().target, "--interval", "1h").ready()
    plain = exporter.get("/metrics")
    assert "Content-Encoding" not in plain.headers
    squeezed = exporter.get("/metrics", headers={"Accept-Encoding": "gzip"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in squeezed.headers["Vary"]
    assert (
        exposition.read_text(squeezed.body).families.keys()
        == exposition.read_text(plain.body).families.keys()
    )
    refused = exporter.get(
        "/metrics", headers={"Accept-Encoding": "gzip;q=0"}
    )
    assert "Content-Encoding" not in refused.headers


@pytest.mark.parametrize("path", ["/metrics", "/probe"])
def test_openmetrics_is_for_whom_asks(serve, redis, path):
    cache = redis()
    words = ("--buckets", "1ms,1s", "--interval", "1s")
    exporter = serve(cache.target, *words).ready()
    path += "?target=" + cache.target
    plain, answer = both_forms(exporter, path)
    assert plain.headers["Content-Type"] == (
        "text/plain; version=0.0.4; charset=utf-8"
    )
    assert answer.headers["Content-Type"] == (
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    )
    page = exposition.read_open(answer.body)
    assert page.families["linkprobe_verdict"].kind == "info"
    # the same series under the same names, whichever form is asked for
    text = exposition.read_text(plain.body)
    assert page.samples.keys() == text.samples.keys()


def both_forms(exporter, path):
    """As text and as OpenMetrics: a page of checks that were plainly OK."""

    def both():
        pages = [
            exporter.get(path, headers=headers)
            for headers in ({}, {"Accept": OPEN})
        ]
        return pages if all(b'id="OK"' in p.body for p in pages) else None

    return exporter.wait_until(both, "both are plainly OK")


@pytest.mark.parametrize("path", ["/metrics", "/probe"])
def test_the_reference_reader_takes_both_forms(serve, redis, path):
    """That of Prometheus' Python client, where it is installed."""
    reference = pytest.importorskip("prometheus_client.openmetrics.parser")
    plain = pytest.importorskip("prometheus_client.parser")
    cache = redis()
    words = ("--buckets", "1ms,1s", "--interval", "1s")
    exporter = serve(cache.target, *words).ready()
    path += "?target=" + cache.target
    text, body = (page.body.decode() for page in both_forms(exporter, path))
    families = list(reference.text_string_to_metric_families(body))
    ours = exposition.read_open(body.encode())
    assert {f.name for f in families} == set(ours.families)
    families = list(plain.text_string_to_metric_families(text))
    assert sum(len(f.samples) for f in families) == len(ours.samples)


def test_the_peers_own_reader_takes_the_page(serve, redis):
    """promtool check metrics, where Prometheus is installed."""
    promtool = servers.find("promtool")
    if not promtool:
        pytest.skip("promtool is missing")
    exporter = serve(redis().target, "--buckets", "1ms,1s").ready()
    run = subprocess.run(
        [promtool, "check", "metrics"],
        input=exporter.get("/metrics").body,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_curl_is_a_client_as_good(serve, redis):
    curl = servers.find("curl")
    if not curl:
        pytest.skip("curl is missing")
    exporter = serve(redis().target).ready()
    run = subprocess.run(
        [curl, "-sS", "--fail", "--compressed"]
        + [f"http://{exporter.host}:{exporter.port}/metrics"] * 3,
        capture_output=True,
        check=True,
    )
    assert run.stdout.count(b"\nlinkprobe_build_info{") == 3


def test_an_address_that_left_dns_loses_its_series(
    serve, redis, dnsmasq, tmp_path
):
    """blackbox_exporter#875: the resolved address changed, tell me."""
    one, gone = redis(), places.address()
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{one.host} {NAME}\n{gone} {NAME}\n")
    names = dnsmasq("--addn-hosts", str(hosts))
    target = f"{NAME}:{one.port}"
    exporter = serve(
        *("--dns", names.server, "--interval", "200ms", target)
    ).ready()

    def addresses():
        page = exporter.metrics()
        rows = page.labels("linkprobe_address_success", target=target)
        return {row["address"] for row in rows}

    assert addresses() == {one.host, gone}
    page = exporter.metrics()
    before = page.value("probe_ip_addr_hash")
    changed = page.value("linkprobe_changed_timestamp_seconds")
    hosts.write_text(f"{one.host} {NAME}\n")
    names.process.send_signal(1)
    exporter.wait_until(lambda: addresses() == {one.host}, "one is left")
    page = exporter.metrics()
    assert page.value("probe_ip_addr_hash") != before
    assert page.value("linkprobe_changed_timestamp_seconds") > changed
    assert gone not in exporter.get("/metrics").body.decode()


def test_pages_and_methods_are_what_they_are(serve):
    exporter = serve()
    assert exporter.get("/-/healthy").status == 200
    assert exporter.get("/-/ready").status == 200
    assert exporter.get("/nothing").status == 404
    assert exporter.get("/metrics/").status == 404
    assert exporter.get("/" + "x" * 5000).status == 404
    assert exporter.get("/metrics", method="POST").status == 405
    answer = exporter.get("/-/reload")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST, PUT")
    head = exporter.get("/metrics", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_a_page_of_another_site_may_not_send_us_anywhere(serve, redis):
    exporter = serve()
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = exporter.get("/probe", target=redis().target, headers=foreign)
    assert answer.status == 403
    answer = exporter.get("/-/reload", method="POST", headers=foreign)
    assert answer.status == 403


def test_it_is_ready_when_each_target_was_looked_at(serve, peer):
    looked_at = threading.Event()
    cache = peer(lambda _connection: looked_at.wait(50))
    exporter = serve(cache.target, "--timeout", "60s", "--deadline", "90s")
    assert exporter.get("/-/ready").status == 503
    looked_at.set()
    exporter.ready()
    assert exporter.metrics().value("probe_success") == 0


def test_a_port_that_is_taken_is_told_in_a_line(linkprobe, serve):
    exporter = serve()
    run = linkprobe(
        *("serve", "--no-config"),
        *("--listen", f"{exporter.host}:{exporter.port}"),
    )
    assert run.status == program.UNKNOWN
    assert run.err.count("\n") == 1
    assert f"{exporter.host}:{exporter.port}: the port is taken" in run.err


@pytest.mark.parametrize(
    "words, text",
    [
        (("--listen", "nonsense"), "no address to listen on"),
        (("--buckets", "5ms,1ms"), "not above"),
        (("--targets", "-"), "cannot be read again"),
        (("--targets", "/nowhere/t.json"), "/nowhere/t.json"),
        (("--askpass",), "no terminal"),
        (("--web.config.file", "/nowhere/w.yml"), "/nowhere/w.yml"),
        (("--interval", "0"), "too small"),
        (("--lissten", ":1"), "did you mean --listen"),
        (("a:1", "a:1"), "given twice"),
    ],
)
def test_what_cannot_be_is_one_line_and_status_3(linkprobe, words, text):
    run = linkprobe("serve", "--no-config", *words)
    assert run.status == program.UNKNOWN, str(run)
    assert run.err.count("\n") == 1 and text in run.err, str(run)
    assert run.out == ""


def test_help_and_version_are_there(linkprobe):
    run = linkprobe("serve", "--help")
    assert run.status == 0 and "--listen" in run.out
    assert run.out.count("\n") <= 23
    assert "--web.config.file" in linkprobe("serve", "--help", "all").out
    assert linkprobe("serve", "--version").out.startswith("linkprobe ")


def test_several_addresses_are_served(serve):
    extra = places.address()
    port = places.port(extra)
    exporter = serve("--web.listen-address", f"{extra}:{port}")
    with servers.socket.create_connection((extra, port), 10) as client:
        client.sendall(b"GET /-/healthy HTTP/1.0\r\n\r\n")
        assert b"200 OK" in client.recv(4096)
    assert exporter.get("/-/healthy").status == 200


@pytest.mark.parametrize("number", [2, 15])
def test_a_signal_ends_it_cleanly(serve, redis, silence, number):
    """Also with checks and probes in flight, which take a minute."""
    exporter = serve(
        *(redis().target, silence().target, "--interval", "100ms"),
        *("--timeout", "60s", "--deadline", "90s"),
    )
    exporter.wait_until(
        lambda: exporter.metrics().value("linkprobe_checks_in_flight") > 0,
        "a check is under way",
    )
    hanging = exporter.raw(
        f"GET /probe?target={silence().target} HTTP/1.1\r\n"
        "Host: x\r\n\r\n".encode()
    )
    assert exporter.stop(number) == 0  # within 20 s
    hanging.close()


def test_what_changes_is_logged_once(serve, redis, tmp_path):
    cache = redis()
    exporter = serve(cache.target, "--interval", "100ms").ready()
    client = cache.client()
    client("CONFIG", "SET", "requirepass", "secret")
    exporter.wait_until(
        lambda: exporter.metrics().value("probe_success") == 0, "it is down"
    )
    exporter.wait_until(
        lambda: exporter.metrics().value("linkprobe_checks_failed_total",
                                         target=cache.target) > 5,
        "five more checks",
    )
    lines = re.findall(r"msg=verdict .*id=AUTH_REQUIRED .*", exporter.log())
    assert len(lines) == 1 and "before=" in lines[0], lines


def test_a_squeezed_page_is_one_gzip_stream(serve, redis):
    """As `gzip -t` would have it: no byte behind the end."""
    exporter = serve(*(redis().target for _ in range(2))).ready()
    connection = exporter.connection()
    connection.request("GET", "/metrics", headers={"Accept-Encoding": "gzip"})
    body = connection.getresponse().read()
    unzip = gzip.zlib.decompressobj(31)
    text = unzip.decompress(body)
    assert unzip.eof and unzip.unused_data == b""
    assert b"probe_success" in text
    connection.close()


def test_a_peer_that_is_no_cache_is_named(serve, peer):
    """Uptime Kuma#4022: a bare TCP check would call this healthy."""
    other = peer(peers.says(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
    assert serve().verdict(other.target)["id"] == "WRONG_SERVICE"
