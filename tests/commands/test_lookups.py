"""Second look-ups: faults of names, told apart by asking for more names.

Each name server is a real one, each address that works a real cache.
"""

import subprocess
import time

import pytest

import peers
import places
from verdicts import assert_verdict, calm

TAIL = ".vpce-svc-0e12.us-west-2.vpce.amazonaws.com"
REGION = "vpce-0db3-abcd" + TAIL
NAME = "cache.demo.test"
ATTEMPT_MS = 250  # the least after which a name server is asked once more


def zone(letter):
    return f"vpce-0db3-abcd-us-west-2{letter}{TAIL}"


def candidates(result):
    return [c["id"] for c in result["verdict"]["candidates"]]


def told(result, *words):
    """Is there a line of evidence with all of these words?"""
    lines = result["verdict"]["evidence"]
    return any(all(word in line for word in words) for line in lines)


@pytest.fixture
def endpoint(dnsmasq):
    """A name server for an endpoint: its names and their addresses."""

    def start(*records):
        return dnsmasq("--local=/vpce.amazonaws.com/", records=records)

    return start


@pytest.fixture
def with_hosts(tmp_path):
    """The words that run a program with another /etc/hosts."""
    hosts = tmp_path / "hosts"
    words = [
        *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"),
        'mount --bind "$0" /etc/hosts && exec "$@"',
        str(hosts),
    ]
    hosts.write_text("")
    if subprocess.run([*words, "true"], capture_output=True).returncode:
        pytest.skip("no right to make a mount namespace")

    def write(*lines):
        hosts.write_text("".join(f"{line}\n" for line in lines))
        return words

    return write


# --- zones


def test_a_zone_that_dns_leaves_out(check, redis, endpoint):
    cache = redis()
    other = redis(port=cache.port)
    names = endpoint(
        (REGION, cache.host), (zone("a"), cache.host), (zone("b"), other.host)
    )
    words = "--dns", names.server, "--require", "2", f"{REGION}:{cache.port}"
    result = assert_verdict(check(*words), "DNS_AZ_WITHDRAWN", status=2)
    assert candidates(result) == []
    assert "us-west-2b" in result["verdict"]["summary"]
    assert told(result, "us-west-2a", cache.host, "in the answer")
    assert told(result, "us-west-2b", other.host, "not in", "connects")

    run = check("--no-diagnose", *words)
    result = assert_verdict(run, "DNS_AZ_WITHDRAWN", status=2)
    assert candidates(result) == ["DNS_ZONAL_MISSING"]

    run = check("--degraded", "warning", *words)
    assert_verdict(run, "DNS_AZ_WITHDRAWN", status=1)


def test_a_single_address_of_an_endpoint_is_doubted(check, redis, endpoint):
    """Nobody said how many there should be, and an address a zone is usual."""
    cache = redis()
    other = redis(port=cache.port)
    target = f"{REGION}:{cache.port}"
    one = (REGION, cache.host), (zone("a"), cache.host)
    both = endpoint(*one, (zone("b"), other.host))
    result = assert_verdict(
        check("--dns", both.server, target), "DNS_AZ_WITHDRAWN", status=1
    )
    assert "us-west-2b" in result["verdict"]["summary"]
    assert told(result, "us-west-2b", other.host, "not in", "connects")
    assert result["dns"]["status"] == "warning"
    for words in (["--no-diagnose"], ["--require", "1"], ["--require", "any"]):
        assert_verdict(check(*words, "--dns", both.server, target), "OK")
    # an endpoint in one zone
    names = endpoint(*one)
    assert_verdict(check("--dns", names.server, target), "OK")


def test_a_zone_that_is_left_out_and_dead(check, redis, endpoint):
    cache = redis()
    dead = places.address()
    names = endpoint(
        (REGION, cache.host), (zone("a"), cache.host), (zone("f"), dead)
    )
    run = check(
        *("--dns", names.server, "--require", "2"), f"{REGION}:{cache.port}"
    )
    result = assert_verdict(run, "DNS_AZ_WITHDRAWN", status=2)
    assert told(result, "us-west-2f", dead, "refused")


def test_a_zone_whose_name_is_gone(check, redis, endpoint):
    cache = redis()
    names = endpoint((REGION, cache.host), (zone("a"), cache.host))
    words = "--dns", names.server, "--require", "2", f"{REGION}:{cache.port}"
    result = assert_verdict(check(*words), "DNS_ZONAL_MISSING")
    assert candidates(result) == []
    assert told(result, "us-west-2a", cache.host)


def test_the_name_of_one_zone_is_gone(check, redis, endpoint):
    cache = redis()
    names = endpoint((REGION, cache.host), (zone("a"), cache.host))
    words = "--dns", names.server, f"{zone('b')}:{cache.port}"
    result = assert_verdict(check(*words), "DNS_ZONAL_MISSING")
    assert "us-west-2b" in result["verdict"]["summary"]
    assert told(result, REGION, cache.host, "connects")
    assert_verdict(check("--no-diagnose", *words), "DNS_NXDOMAIN")


def test_an_endpoint_without_any_name(check, endpoint):
    names = endpoint()
    run = check("--dns", names.server, zone("b"))
    assert_verdict(run, "DNS_NXDOMAIN")
    run = check("--dns", names.server, REGION)
    assert_verdict(run, "DNS_NXDOMAIN")


def test_a_wildcard_is_no_zone(check, redis, endpoint, dnsmasq):
    cache = redis()
    names = dnsmasq(
        f"--address=/vpce.amazonaws.com/{places.address()}",
        records=[(REGION, cache.host)],
    )
    run = check(
        *("--dns", names.server, "--require", "2"), f"{REGION}:{cache.port}"
    )
    result = assert_verdict(run, "DNS_AZ_WITHDRAWN", status=2)
    assert candidates(result) == ["DNS_ZONAL_MISSING"]


def test_zones_of_an_endpoint_that_does_not_answer(check, redis, endpoint):
    """The connect stands for the whole; the zones are evidence."""
    cache = redis()
    dead = places.address()
    names = endpoint(
        (REGION, dead), (zone("a"), dead), (zone("b"), cache.host)
    )
    run = check("--dns", names.server, f"{REGION}:{cache.port}")
    result = assert_verdict(run, "TCP_REFUSED", cause="refused")
    assert told(result, "us-west-2b", cache.host, "not in", "connects")


# --- several name servers


def test_name_servers_that_disagree(check, redis, dnsmasq):
    cache = redis()
    dead = places.address()
    wrong = dnsmasq(records=[(NAME, dead)])
    right = dnsmasq(records=[(NAME, cache.host)])
    words = "--dns", f"{wrong.server},{right.server}", f"{NAME}:{cache.port}"
    result = assert_verdict(check(*words), "DNS_SPLIT_HORIZON", stage="dns")
    assert candidates(result) == []
    assert told(result, wrong.server, dead)
    assert told(result, right.server, cache.host, "connects")
    assert_verdict(check("--no-diagnose", *words), "TCP_REFUSED")


def test_name_servers_that_disagree_and_nobody_answers(check, dnsmasq):
    hosts = places.address(), places.address()
    port = places.port(hosts[0])
    asked = [dnsmasq(records=[(NAME, host)]).server for host in hosts]
    run = check("--dns", ",".join(asked), f"{NAME}:{port}")
    result = assert_verdict(run, "DNS_SPLIT_HORIZON", stage="dns")
    assert candidates(result) == ["TCP_REFUSED"]


def test_name_servers_that_agree(check, dnsmasq):
    dead = places.address()
    port = places.port(dead)
    asked = [dnsmasq(records=[(NAME, dead)]).server for _ in range(2)]
    run = check("--dns", ",".join(asked), f"{NAME}:{port}")
    result = assert_verdict(run, "TCP_REFUSED", cause="refused")
    assert all(told(result, server, dead) for server in asked)


def test_name_servers_whose_answers_overlap(check, dnsmasq):
    hosts = places.address(), places.address()
    port = places.port(hosts[0])
    one = dnsmasq(records=[(NAME, hosts[0])])
    two = dnsmasq(records=[(NAME, host) for host in hosts])
    run = check("--dns", f"{one.server},{two.server}", f"{NAME}:{port}")
    assert_verdict(run, "TCP_REFUSED", cause="refused")


def test_a_name_that_only_the_second_server_knows(check, redis, dnsmasq):
    cache = redis()
    asked = dnsmasq(), dnsmasq(records=[(NAME, cache.host)])
    words = (
        *("--dns", ",".join(names.server for names in asked)),
        f"{NAME}:{cache.port}",
    )
    result = assert_verdict(check(*words), "DNS_SPLIT_HORIZON")
    assert told(result, asked[0].server, "does not exist")
    assert told(result, asked[1].server, cache.host, "connects")
    assert_verdict(check("--no-diagnose", *words), "DNS_NXDOMAIN")


def test_a_name_that_no_server_knows(check, dnsmasq, datagrams):
    asked = dnsmasq(), datagrams()
    run = check(
        *("--timeout", "1s", "--dns", ",".join(n.server for n in asked)), NAME
    )
    assert_verdict(run, "DNS_NXDOMAIN", cause="nxdomain")
    assert run.within(6)  # the deadline is later


# --- an endpoint beside a private name


def test_a_private_name_that_is_off(linkprobe, redis, endpoint):
    cache = redis()
    names = endpoint((REGION, cache.host))
    targets = f"{NAME}:{cache.port}", f"{REGION}:{cache.port}"
    words = "check", "--format", "json", "--dns", names.server
    run = calm(linkprobe, *words, *targets)
    found = {r["target"]["host"]: r["verdict"] for r in run.objects()}
    assert run.status == 2, str(run)
    assert found[REGION]["id"] == "OK"
    assert found[NAME]["id"] == "DNS_PRIVATE_NAME_OFF"
    assert found[NAME]["hop"] == "endpoint"
    assert [c["id"] for c in found[NAME]["candidates"]] == ["DNS_NXDOMAIN"]

    run = linkprobe(*words, targets[0], f"{REGION}:1")
    ids = {r["target"]["host"]: r["verdict"]["id"] for r in run.objects()}
    assert ids[NAME] == "DNS_NXDOMAIN"


def test_a_name_beside_an_endpoint_that_is_dead(linkprobe, endpoint):
    dead = places.address()
    port = places.port(dead)
    names = endpoint((REGION, dead))
    run = linkprobe(
        *("check", "--format", "json", "--dns", names.server),
        *(f"{NAME}:{port}", f"{REGION}:{port}"),
    )
    ids = {r["target"]["host"]: r["verdict"]["id"] for r in run.objects()}
    assert ids == {NAME: "DNS_NXDOMAIN", REGION: "TCP_REFUSED"}


# --- the hosts file and the search list


def test_a_line_of_the_hosts_file_that_is_stale(
    check, redis, dnsmasq, with_hosts
):
    cache = redis()
    dead = places.address()
    names = dnsmasq(records=[(NAME, cache.host)])
    prefix = with_hosts(f"{dead} {NAME}")
    words = "--dns", names.server, f"{NAME}:{cache.port}"
    run = check(*words, prefix=prefix)
    result = assert_verdict(run, "DNS_STALE", status=2)
    assert candidates(result) == []
    assert told(result, "DNS", cache.host, "connects")
    run = check("--no-diagnose", *words, prefix=prefix)
    assert_verdict(run, "TCP_REFUSED")


def test_a_line_of_the_hosts_file_that_dns_confirms(
    check, dnsmasq, with_hosts
):
    dead = places.address()
    names = dnsmasq(records=[(NAME, dead)])
    run = check(
        *("--dns", names.server, f"{NAME}:{places.port(dead)}"),
        prefix=with_hosts(f"{dead} {NAME}"),
    )
    assert_verdict(run, "TCP_REFUSED", cause="refused")


def test_a_name_that_only_the_hosts_file_has(check, dnsmasq, with_hosts):
    dead = places.address()
    run = check(
        *("--dns", dnsmasq().server, f"{NAME}:{places.port(dead)}"),
        prefix=with_hosts(f"{dead} {NAME}"),
    )
    assert_verdict(run, "TCP_REFUSED", cause="refused")


def test_a_search_list_that_misleads(check, redis, dnsmasq):
    cache = redis()
    dead = places.address()
    names = dnsmasq(
        f"--address=/demo.test/{dead}", records=[("cache", cache.host)]
    )
    words = "--dns", names.server, f"cache:{cache.port}"
    env = {"LOCALDOMAIN": "demo.test"}
    result = assert_verdict(check(*words, env=env), "DNS_SEARCH_DOMAIN")
    assert candidates(result) == []
    assert told(result, "without the search list", cache.host, "connects")
    run = check("--no-diagnose", *words, env=env)
    assert_verdict(run, "TCP_REFUSED")


def test_a_short_name_that_only_the_search_list_has(check, dnsmasq):
    dead = places.address()
    names = dnsmasq(records=[(NAME, dead)])
    run = check(
        *("--dns", names.server, f"cache:{places.port(dead)}"),
        env={"LOCALDOMAIN": "demo.test"},
    )
    assert_verdict(run, "TCP_REFUSED", cause="refused")


# --- silence


def test_a_name_server_that_was_silent_for_a_while(check, datagrams):
    began = []

    def answer(data):
        began.append(time.monotonic())
        if began[-1] < began[0] + 1.1:
            return None
        return peers.dns_reply(b"\x81\x83")(data)

    names = datagrams(answer)
    for _ in range(5):
        began.clear()
        run = check("--timeout", "1s", "--dns", names.server, NAME)
        result = assert_verdict(run, "DNS_TIMEOUT", cause="timeout")
        # a busy machine may have been late for all that was asked again
        if not told(result, "0 answered"):
            break
    assert candidates(result) == ["DNS_THROTTLED"]


def test_a_name_server_that_stays_silent(check, datagrams):
    names = datagrams()
    run = check("--timeout", "2s", "--dns", names.server, NAME)
    result = assert_verdict(run, "DNS_TIMEOUT", cause="timeout")
    assert candidates(result) == []
    assert told(result, "asked again 2 times", "0 answered")
    assert run.within(7)  # the deadline is later


# --- what they must not do


def test_a_healthy_check_asks_for_one_name(check, redis, datagrams):
    cache = redis()
    names = datagrams(peers.dns_address(cache.host))

    def asked(*words):
        """How often, by a check whose answer came in time."""
        both = f"{names.server},{names.server}"
        for _ in range(5):
            before = names.received
            run = check("-4", "--dns", both, *words)
            if assert_verdict(run, "OK")["dns"]["ms"] < ATTEMPT_MS:
                break
        return names.received - before

    assert asked(f"{NAME}:{cache.port}") == 1
    # an endpoint's, where one address is what is wanted
    assert asked("--require", "1", f"{REGION}:{cache.port}") == 1


def test_second_look_ups_keep_to_the_deadline(check, datagrams):
    """The first server answers, the second one never does."""
    dead = places.address()
    asked = datagrams(peers.dns_address(dead)), datagrams()
    run = check(
        *("-4", "--timeout", "30s", "--deadline", "2500ms"),
        *("--dns", ",".join(names.server for names in asked)),
        f"{NAME}:{places.port(dead)}",
    )
    result = assert_verdict(run, "TCP_REFUSED", cause="refused")
    assert told(result, asked[1].server, "no answer")
    assert run.within(15)
