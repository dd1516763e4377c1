"""The stage tls: certificates, names, and TLS where there is none."""

import pytest

import certificates
import peers
import places
from verdicts import assert_verdict, stages_of

NAME = "cache.demo.test"


@pytest.fixture
def tls_redis(redis, authority):
    """A Redis that speaks TLS only, with a certificate for `subjects`."""

    def start(*subjects, days=None, until=None, issuer=None, **options):
        ca = issuer or authority
        name = f"leaf{abs(hash((subjects, days, until))) % 10**9}"
        made = ca.issue(name, *subjects, days=days, until=until)
        return _TlsRedis(redis, ca, made, options)

    return start


class _TlsRedis:
    def __init__(self, redis, ca, made, options):
        # the plain port stays for waiting and looking; TLS has its own
        settings = {"tls_auth_clients": "no", **options}
        self.server = redis(
            tls_port=0,
            tls_cert_file=made.cert,
            tls_key_file=made.key,
            tls_ca_cert_file=ca.cert,
            **settings,
        )
        self.host = self.server.host
        self.port = places.port(self.host)
        self.server.client()("CONFIG", "SET", "tls-port", self.port)
        self.target = f"{self.host}:{self.port}"


def named(cache, *words):
    return (
        *("--tls", "--address", cache.host, *words),
        f"{NAME}:{cache.port}",
    )


def test_a_certificate_that_is_right(check, authority, tls_redis):
    cache = tls_redis(f"DNS:{NAME}")
    run = check(*named(cache, "--cacert", authority.cert))
    result = assert_verdict(run, "OK")
    assert result["target"]["tls"] is True
    tls = result["addresses"][0]["tls"]
    assert tls["version"] == "TLSv1.3"
    assert tls["verify"] == "ok"
    assert NAME in tls["sans"]
    assert stages_of(result["addresses"][0])["tls"]["ms"] > 0


def test_an_address_may_be_in_the_certificate(check, authority, tls_redis):
    cache = tls_redis("IP:127.0.0.1", f"DNS:{NAME}")
    run = check(
        *("--tls", "--cacert", authority.cert, "--tls-name", NAME),
        cache.target,
    )
    assert_verdict(run, "OK")


def test_a_certificate_of_another_name(check, authority, tls_redis):
    cache = tls_redis("DNS:*.other.test")
    run = check(*named(cache, "--cacert", authority.cert))
    result = assert_verdict(run, "TLS_NAME_MISMATCH", cause="tls_verify")
    evidence = " ".join(result["verdict"]["evidence"])
    assert "*.other.test" in evidence, str(run)
    trust = ("--cacert", authority.cert)
    run = check(*named(cache, *trust, "--tls-name", "x.other.test"))
    assert_verdict(run, "OK")


@pytest.mark.parametrize("mode", ["chain", "none"])
def test_the_name_need_not_be_verified(check, authority, tls_redis, mode):
    cache = tls_redis("DNS:other.test")
    run = check(
        *named(cache, "--cacert", authority.cert, "--tls-verify", mode)
    )
    assert_verdict(run, "OK")


def test_a_certificate_that_has_expired(check, authority, tls_redis):
    cache = tls_redis(f"DNS:{NAME}", until="20210101000000Z")
    run = check(*named(cache, "--cacert", authority.cert))
    assert_verdict(run, "TLS_EXPIRED", cause="tls_verify")


def test_an_authority_that_is_not_known(check, tls_redis, tmp_path):
    cache = tls_redis(f"DNS:{NAME}")
    other = certificates.Authority(tmp_path / "other", "other")
    run = check(*named(cache, "--cacert", other.cert))
    assert_verdict(run, "TLS_UNKNOWN_CA", cause="tls_verify")
    run = check(*named(cache, "--insecure"))
    assert_verdict(run, "OK")


@pytest.mark.parametrize(
    "days, verdict, status",
    [(40, "OK", 0), (10, "TLS_EXPIRES_SOON", 1), (3, "TLS_EXPIRES_SOON", 2)],
)
def test_a_certificate_that_ends_soon(
    check, authority, tls_redis, days, verdict, status
):
    cache = tls_redis(f"DNS:{NAME}", days=days)
    run = check(*named(cache, "--cacert", authority.cert, "-D", "30,7"))
    assert_verdict(run, verdict, status=status)


def test_stunnel_speaks_tls_for_a_plain_cache(
    check, redis, stunnel, authority
):
    cache = redis()
    made = authority.issue("stunnel", f"DNS:{NAME}")
    front = stunnel(certificate=made, to=(cache.host, cache.port))
    assert_verdict(check("--tls", "--insecure", front.target), "OK")


def test_tls_to_a_web_server(check, http):
    run = check("--tls", "--insecure", "--timeout", "2s", http.target)
    assert run.status == 2, str(run)
    assert run.object["verdict"]["stage"] == "tls", str(run)


def test_tls_to_a_peer_that_closes(check, peer):
    run = check("--tls", "--insecure", peer(peers.closes).target)
    found = run.object["verdict"]
    assert found["id"] == "TLS_EOF_NO_ALERT", str(run)
    assert found["stage"] == "tls"


def test_a_client_certificate_is_wanted(check, authority, tls_redis):
    cache = tls_redis(f"DNS:{NAME}", tls_auth_clients="yes")
    for _ in range(5):
        run = check(*named(cache, "--cacert", authority.cert))
        found = run.object["verdict"]
        assert found["id"].startswith("TLS_ALERT_"), str(run)
        (address,) = run.object["addresses"]
        stages = stages_of(address)
        # TLS 1.3 tells it after the handshake: the time is that of both
        taken = stages["tcp"]["ms"] + stages["tls"]["ms"]
        if taken > address["total_ms"] / 2:
            break  # else the machine stood still behind it
    assert taken > address["total_ms"] / 2, str(run)
    client = authority.issue("client", "DNS:client.test")
    run = check(
        *named(cache, "--cacert", authority.cert),
        *("--cert", client.cert, "--key", client.key),
    )
    assert_verdict(run, "OK")


def test_a_tls_listener_without_a_target(check, haproxy, authority):
    made = authority.issue("front", f"DNS:{NAME}")
    bundle = made.cert.parent / "front.pem"
    bundle.write_text(made.cert.read_text() + made.key.read_text())
    nowhere = places.address()
    front = haproxy(
        to=(nowhere, places.port(nowhere)), bind=f"ssl crt {bundle}"
    )
    run = check("--tls", "--insecure", front.target)
    found = run.object["verdict"]
    assert found["id"] == "TLS_LISTENER_DEAD_TARGET", str(run)
    assert found["hop"] == "target"


def test_the_scheme_asks_for_tls(check, authority, tls_redis):
    cache = tls_redis(f"DNS:{NAME}")
    run = check(
        *("--cacert", authority.cert, "--address", cache.host),
        f"rediss://{NAME}:{cache.port}",
    )
    assert_verdict(run, "OK")
