"""The stage dns: what name servers say, and what they do not."""

import pytest

import peers
import servers
from verdicts import assert_verdict, cause_of

NAME = "cache.demo.test"

ZONE = """\
$TTL 60
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
alias CNAME gone
text TXT "no address here"
"""


def test_two_addresses_of_a_name_are_both_checked(check, redis, dnsmasq):
    cache = redis()
    other = redis(port=cache.port)
    names = dnsmasq(records=[(NAME, cache.host), (NAME, other.host)])
    run = check("--dns", names.server, f"{NAME}:{cache.port}")
    result = assert_verdict(run, "OK")
    assert (result["addresses_ok"], result["addresses_total"]) == (2, 2)
    found = {address["address"] for address in result["addresses"]}
    assert found == {cache.host, other.host}
    dns = result["dns"]
    assert dns["status"] == "ok"
    assert dns["cause"] is None
    assert dns["rcode"] == "NOERROR"
    assert dns["server"] == names.server
    assert dns["ttl_s"] == 60
    assert {a["address"] for a in dns["addresses"]} == found


def test_a_chain_of_aliases_is_told(check, redis, knot):
    cache = redis()
    zone = ZONE + f"a CNAME b\nb CNAME c\nc A {cache.host}\n"
    names = knot({"demo.test": zone})
    run = check("--dns", names.server, f"a.demo.test:{cache.port}")
    result = assert_verdict(run, "OK")
    assert [(c["name"], c["target"]) for c in result["dns"]["cnames"]] == [
        ("a.demo.test", "b.demo.test"),
        ("b.demo.test", "c.demo.test"),
    ]


def test_a_name_that_does_not_exist(check, dnsmasq):
    run = check("--dns", dnsmasq().server, "gone.demo.test")
    result = assert_verdict(run, "DNS_NXDOMAIN", cause="nxdomain")
    assert result["dns"]["rcode"] == "NXDOMAIN"
    assert result["addresses"] == []
    assert result["addresses_total"] == 0


def test_an_alias_of_nothing(check, knot):
    names = knot({"demo.test": ZONE})
    run = check("--dns", names.server, "alias.demo.test")
    result = assert_verdict(run, "DNS_DANGLING_CNAME", cause="nxdomain")
    assert result["dns"]["cnames"][0]["target"] == "gone.demo.test"


def test_a_name_without_an_address(check, knot):
    names = knot({"demo.test": ZONE})
    run = check("--dns", names.server, "text.demo.test")
    result = assert_verdict(run, "DNS_NODATA", cause="nodata")
    assert result["dns"]["rcode"] == "NOERROR"


def test_a_name_without_an_address_of_the_family(check, dnsmasq):
    names = dnsmasq(records=[(NAME, "127.0.0.1")])
    run = check("-6", "--dns", names.server, NAME)
    assert_verdict(run, "DNS_NODATA", cause="nodata")


def test_a_name_server_that_fails(check, knot):
    names = knot({"demo.test": None})
    run = check("--dns", names.server, NAME)
    result = assert_verdict(run, "DNS_SERVFAIL", cause="servfail")
    assert result["dns"]["rcode"] == "SERVFAIL"


def test_a_name_server_that_refuses(check, knot):
    names = knot({"demo.test": ZONE})
    run = check("--dns", names.server, "cache.other.test")
    result = assert_verdict(run, "DNS_REFUSED", cause="refused")
    assert result["dns"]["rcode"] == "REFUSED"


def test_a_name_server_that_is_silent(check, datagrams):
    names = datagrams()
    words = "--timeout", "1s", "--deadline", "30s", "--dns", names.server
    run = check(*words, NAME)
    assert_verdict(run, "DNS_TIMEOUT", cause="timeout")
    servers.wait_for(lambda: names.received >= 1, "it was asked")
    assert run.within(20)


def test_no_name_server_at_that_address(check, datagrams):
    names = datagrams()
    names.close()
    words = "--timeout", "30s", "--deadline", "40s", "--dns", names.server
    run = check(*words, NAME)
    assert_verdict(run, "DNS_UNREACHABLE", cause="unreachable")
    assert run.within(15)


def test_an_answer_that_was_cut_and_no_tcp(check, datagrams):
    names = datagrams(peers.dns_reply(b"\x87\x80"))
    run = check("--dns", names.server, NAME)
    assert_verdict(run, "DNS_TC_TCP_BLOCKED")


@pytest.mark.parametrize("name", ["a" * 64 + ".test", "a..test"])
def test_a_name_that_dns_cannot_carry(check, datagrams, name):
    names = datagrams()
    run = check("--dns", names.server, name)
    assert_verdict(run, "DNS_BAD_NAME", cause="badname")
    assert names.received == 0


def test_the_second_name_server_is_asked(check, redis, dnsmasq, knot):
    cache = redis()
    broken = knot({"demo.test": None})
    good = dnsmasq(records=[(NAME, cache.host)])
    both = f"{broken.server},{good.server}"
    run = check("--dns", both, f"{NAME}:{cache.port}")
    result = assert_verdict(run, "OK")
    assert result["dns"]["server"] == good.server


def test_an_address_outside_of_what_is_expected(check, redis, dnsmasq):
    cache = redis()
    names = dnsmasq(records=[(NAME, cache.host)])
    run = check(
        *("--dns", names.server, "--expect-address", "198.18.0.0/15"),
        f"{NAME}:{cache.port}",
    )
    assert_verdict(run, "DNS_SPLIT_HORIZON")
    run = check(
        *("--dns", names.server, "--expect-address", f"{cache.host}/32"),
        f"{NAME}:{cache.port}",
    )
    assert_verdict(run, "OK")


def test_an_address_asks_no_name_server(check, redis):
    cache = redis()
    run = check("--dns", "127.0.0.1:1", cache.target)
    assert assert_verdict(run, "OK")["dns"] is None


def test_a_given_address_asks_no_name_server(check, redis):
    cache = redis()
    run = check(
        *("--dns", "127.0.0.1:1", "--address", cache.host),
        f"{NAME}:{cache.port}",
    )
    result = assert_verdict(run, "OK")
    assert result["dns"] is None
    assert result["target"]["host"] == NAME


def test_the_hosts_file_comes_first(check, redis):
    cache = redis(host="127.0.0.1")
    run = check("-4", "--dns", "127.0.0.1:1", f"localhost:{cache.port}")
    result = assert_verdict(run, "OK")
    assert result["dns"]["addresses"][0]["ttl_s"] is None
    assert cause_of(result, "dns") is None
