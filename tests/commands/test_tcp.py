"""The stage tcp: silence, refusal, no way there; on one address or all."""

import pytest

import peers
import places
from verdicts import assert_verdict, calm, stages_of

NAME = "cache.demo.test"


def addresses(*hosts):
    return [word for host in hosts for word in ("--address", host)]


def test_every_address_is_silent(check, silence):
    dead = silence()
    run = check("--timeout", "1200ms", "--deadline", "30s", dead.target)
    result = assert_verdict(run, "TCP_TIMEOUT_ALL", cause="timeout")
    address = result["addresses"][0]
    assert address["verdict"]["id"] == "TCP_TIMEOUT_ALL"
    assert address["tcp_info"]["retransmits"] >= 1
    assert stages_of(address)["ping"]["status"] == "skipped"
    assert run.seconds > 1.1 and run.within(20)


def test_one_of_two_addresses_is_silent(check, redis, silence):
    cache = redis()
    dead = silence(port=cache.port)
    run = calm(
        *(check, "--timeout", "3s", *addresses(cache.host, dead.host)),
        f"{NAME}:{cache.port}",
    )
    result = assert_verdict(run, "TCP_TIMEOUT_ONE_AZ", cause="timeout")
    assert (result["addresses_ok"], result["addresses_total"]) == (1, 2)
    verdicts = {
        a["address"]: a["verdict"]["id"] for a in result["addresses"]
    }
    assert verdicts == {cache.host: "OK", dead.host: "TCP_TIMEOUT_ONE_AZ"}
    evidence = " ".join(result["verdict"]["evidence"])
    assert dead.host in evidence and cache.host in evidence


def test_every_address_refuses(check):
    hosts = places.address(), places.address()
    port = places.port(hosts[0])
    words = "--timeout", "30s", "--deadline", "40s", *addresses(*hosts)
    run = check(*words, f"{NAME}:{port}")
    result = assert_verdict(run, "TCP_REFUSED", cause="refused")
    assert len(result["addresses"]) == 2
    assert run.within(15)


def test_one_of_two_addresses_refuses(check, redis):
    cache = redis()
    run = check(
        *addresses(cache.host, places.address()), f"{NAME}:{cache.port}"
    )
    result = assert_verdict(run, "TCP_REFUSED_ONE_AZ", cause="refused")
    assert result["addresses_ok"] == 1


@pytest.mark.parametrize(
    "options, status",
    [
        (["--degraded", "warning"], 1),
        (["--degraded", "critical"], 2),
        (["--require", "any"], 0),
        (["--require", "1"], 0),
        (["--require", "2"], 2),
        (["--require", "all"], 2),
    ],
)
def test_what_one_dead_address_is_worth(check, redis, options, status):
    cache = redis()
    run = calm(
        *(check, *addresses(cache.host, places.address())),
        *options,
        f"{NAME}:{cache.port}",
    )
    assert_verdict(run, "TCP_REFUSED_ONE_AZ", status=status)


def test_more_addresses_are_required_than_dns_has(check, redis, dnsmasq):
    """A zone that was withdrawn from DNS must not make a check pass."""
    cache = redis()
    names = dnsmasq(records=[(NAME, cache.host)])
    run = check(
        *("--require", "2", "--dns", names.server),
        f"{NAME}:{cache.port}",
    )
    assert run.status == 2, str(run)
    assert run.object["addresses_ok"] == 1
    assert run.object["status"] == "critical"


def test_a_silent_and_a_refusing_address(check, silence):
    """With several kinds and none passing the first of the table counts."""
    dead = silence()
    run = check(
        *("--timeout", "1s", *addresses(dead.host, places.address())),
        f"{NAME}:{dead.port}",
    )
    result = run.object
    kinds = {a["verdict"]["id"] for a in result["addresses"]}
    assert run.status == 2, str(run)
    assert "TCP_REFUSED" in kinds, str(run)
    assert result["verdict"]["id"] == "TCP_TIMEOUT_ALL", str(run)


def test_no_route_to_the_address(check, namespace):
    """A namespace that has loopback and nothing else."""
    words = "--timeout", "30s", "--deadline", "40s", "198.18.1.69"
    run = check(*words, prefix=namespace.prefix)
    assert_verdict(run, "TCP_NO_ROUTE_LOCAL", cause="unreachable")
    assert run.within(15)


def test_a_route_that_prohibits(check, namespace):
    namespace.run("ip", "route", "add", "prohibit", "198.18.1.0/24")
    run = check("198.18.1.69", prefix=namespace.prefix)
    assert_verdict(run, "TCP_NO_ROUTE_LOCAL")


def test_a_firewall_that_drops(check, namespace):
    """As a security group does, and not by a listener's full queue."""
    namespace.run("ip", "address", "add", "198.18.1.69/32", "dev", "lo")
    namespace.nft(
        "table inet t {\n chain c {\n"
        "  type filter hook input priority 0\n"
        "  ip daddr 198.18.1.69 tcp dport 6379 drop\n }\n}\n"
    )
    run = check(
        "--timeout", "1200ms", "198.18.1.69", prefix=namespace.prefix
    )
    assert_verdict(run, "TCP_TIMEOUT_ALL", cause="timeout")


def test_a_source_address_is_used(check, peer):
    seen = []
    inner = peers.redis_like()

    def serve(connection):
        seen.append(connection.getpeername()[0])
        inner(connection)

    source = places.address()
    assert_verdict(check("--source", source, peer(serve).target), "OK")
    assert seen == [source]


def test_a_source_address_that_is_not_ours(check, redis):
    run = check("--source", "198.18.9.9", redis().target)
    assert_verdict(run, "TCP_NO_ROUTE_LOCAL", cause="nosource")


def test_both_families(check, redis):
    cache = redis(host="::1")
    run = check(f"[::1]:{cache.port}")
    result = assert_verdict(run, "OK")
    assert result["addresses"][0]["address"] == "::1"


def test_what_the_kernel_knows_of_the_connection(check, redis):
    result = assert_verdict(check(redis().target), "OK")
    info = result["addresses"][0]["tcp_info"]
    assert info["snd_mss"] > 500
    assert info["retransmits"] == 0
    assert info["unacked"] == 0
