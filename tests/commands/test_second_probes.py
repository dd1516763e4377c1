"""Second probes: faults that look alike at first, told apart by asking again.

Each runs without its second probes, too: then the verdict is the look-alike
that the first connection alone can prove.
"""

import signal
import threading

import pytest

import peers
import places
import servers
from verdicts import assert_verdict, stages_of

NAME = "cache.demo.test"


@pytest.fixture
def tls_only(redis, authority):
    """A Redis whose only port speaks TLS."""
    made = authority.issue("only", f"DNS:{NAME}")
    cache = redis(
        tls_cert_file=made.cert,
        tls_key_file=made.key,
        tls_ca_cert_file=authority.cert,
        tls_auth_clients="no",
    )
    port = places.port(cache.host)
    cache.client()("CONFIG", "SET", "tls-port", port)
    return f"{cache.host}:{port}"


def look_alike(check, *words, not_that):
    run = check("--no-diagnose", *words)
    assert run.status == 2, str(run)
    assert run.object["verdict"]["id"] != not_that, str(run)


def test_plain_where_redis_speaks_tls(check, tls_only):
    assert_verdict(check(tls_only), "TLS_REQUIRED")
    look_alike(check, tls_only, not_that="TLS_REQUIRED")


def test_plain_where_stunnel_speaks_tls(check, redis, stunnel, authority):
    cache = redis()
    made = authority.issue("stunnel2", f"DNS:{NAME}")
    front = stunnel(certificate=made, to=(cache.host, cache.port))
    assert_verdict(check(front.target), "TLS_REQUIRED")


def test_plain_where_haproxy_speaks_tls(check, redis, haproxy, authority):
    cache = redis()
    made = authority.issue("front2", f"DNS:{NAME}")
    bundle = made.cert.parent / "front2.pem"
    bundle.write_text(made.cert.read_text() + made.key.read_text())
    front = haproxy(to=(cache.host, cache.port), bind=f"ssl crt {bundle}")
    assert_verdict(check(front.target), "TLS_REQUIRED")


def test_tls_where_only_plain_is_spoken(check, redis):
    run = check("--tls", "--insecure", "--timeout", "2s", redis().target)
    assert_verdict(run, "TLS_NOT_OFFERED")


def test_a_peer_that_closes_whatever_is_said(check, peer):
    run = check(peer(peers.resets).target)
    assert_verdict(run, "TCP_RST_AFTER_ACCEPT")


def test_a_peer_that_takes_all_and_says_nothing(check, peer):
    run = check("--timeout", "700ms", peer(peers.reads_only).target)
    assert_verdict(run, "APP_SILENT")


def test_a_redis_that_hangs(check, redis):
    cache = redis()
    cache.freeze()
    run = check("--timeout", "700ms", cache.target)
    assert_verdict(run, "APP_SILENT")


def test_a_proxy_header_that_redis_does_not_speak(check, redis, haproxy):
    cache = redis()
    front = haproxy(to=(cache.host, cache.port), server="send-proxy-v2")
    words = "--timeout", "2s", "--deadline", "30s", front.target
    assert_verdict(check(*words), "APP_PROXY_V2")
    look_alike(check, *words, not_that="APP_PROXY_V2")


@pytest.mark.slow
def test_a_redirect_to_where_nothing_answers(check, redis):
    """The other node says that it is at a port where nothing listens."""

    def node(**more):
        host = places.address()
        return redis(
            host=host, cluster_enabled="yes", cluster_announce_ip=host, **more
        )

    first, second = node(), node(cluster_announce_port=1)
    second.client()("CLUSTER", "ADDSLOTS", *range(16384))
    client = first.client()
    client("CLUSTER", "MEET", second.host, second.port)

    def redirects():
        try:
            client("SET", "key", "value")
        except servers.ReplyError as error:
            return str(error).endswith(f"{second.host}:1")

    servers.wait_for(redirects, "the announced port is known")
    run = check(first.target)
    assert_verdict(run, "REDIS_MOVED_UNREACHABLE", cause="moved")
    look_alike(check, first.target, not_that="REDIS_MOVED_UNREACHABLE")


def test_an_iam_token_that_has_expired(check, redis):
    """It is told from a wrong password by what the token itself says."""
    cache = redis(user="probe on >secret ~* +@all")
    token = (
        "cache1/?Action=connect&User=probe&X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIDEXAMPLE%2F20200101%2Fus-east-1%2Felasticache"
        "%2Faws4_request&X-Amz-Date=20200101T000000Z&X-Amz-Expires=900"
        "&X-Amz-SignedHeaders=host&X-Amz-Signature=00"
    )
    run = check(
        *("--user", "probe", cache.target),
        env={"LINKPROBE_PASSWORD": token},
    )
    assert_verdict(run, "AUTH_IAM_EXPIRED", cause="denied")
    assert "Signature" not in run.out


def test_second_probes_keep_to_the_deadline(check, peer):
    """Without it they would take one more budget: 24 seconds in all."""
    run = check(
        *("--timeout", "12s", "--deadline", "12500ms"),
        peer(peers.reads_only).target,
    )
    assert run.status == 2, str(run)
    assert run.within(22), str(run)


def test_a_healthy_check_has_no_second_probe(check, peer):
    made = peer(peers.redis_like())
    for _ in range(5):
        before = made.accepted
        result = assert_verdict(check(made.target), "OK")
        # a late PONG is asked for again, and this machine may be busy
        if stages_of(result["addresses"][0])["ping"]["ms"] < 100:
            break
    assert made.accepted == before + 1


def unread(port):
    """The most bytes that a connection to this port has not read yet."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return max(
        (
            int(row[4].split(":")[1], 16)
            for row in rows
            if int(row[1].split(":")[1], 16) == port
        ),
        default=0,
    )


def test_an_engine_that_wakes_up_meanwhile_has_no_header(check, redis):
    """Stopped, it answers nothing; awake, it complains of the long line."""
    cache = redis()
    cache.freeze()

    def wake():
        servers.wait_for(lambda: unread(cache.port) > 60000, "a long line")
        cache.process.send_signal(signal.SIGCONT)

    waker = threading.Thread(target=wake)
    waker.start()
    run = check("--timeout", "4s", "--deadline", "16s", cache.target)
    waker.join()
    result = assert_verdict(run, "APP_SILENT")
    assert any("once more" in line for line in result["verdict"]["evidence"])
