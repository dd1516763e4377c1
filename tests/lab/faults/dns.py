"""Names: none, the wrong ones, and resolvers that do not answer."""

import names
from faults.row import row
from steps import dns
from steps.path import no_target, rule
from topology import ELSEWHERE, ENI, RESOLVER_2

NXDOMAIN = "DNS_NXDOMAIN dns endpoint 2"
TC_BLOCKED = "DNS_TC_TCP_BLOCKED dns resolver 2"

# The name is there, and these are its addresses.
GONE = {names.ENDPOINT: ()}
ONLY_A = {names.ENDPOINT: (ENI["a"],)}

# So many links that the answer does not fit into 512 bytes.
CHAIN = {
    names.PRIVATE: "a" * 60 + "." + "b" * 60 + ".1.lab.test",
    **{
        f"{'a' * 60}.{'b' * 60}.{n}.lab.test": (
            f"{'a' * 60}.{'b' * 60}.{n + 1}.lab.test"
            if n < 4
            else names.ENDPOINT
        )
        for n in range(1, 5)
    },
}
SMALL = ("--edns-packet-max=512",)

ANSWERS = (
    row(
        "dns_nxdomain",
        "the endpoint was made anew: its old name is gone",
        dns.resolver(GONE, aliases={}),
        gives=NXDOMAIN,
    ),
    row(
        "dns_private_name_off",
        "the private name is not enabled, the endpoint's own name works",
        dns.resolver(aliases={}),
        gives="DNS_PRIVATE_NAME_OFF dns endpoint 2",
        maybe="DNS_NXDOMAIN",
        target="{private_name} {endpoint}",
    ),
    row(
        "dns_private_name_alone",
        "the same, and nobody says of which endpoint it is the name",
        dns.resolver(aliases={}),
        gives=NXDOMAIN,
        target="{private_name}",
    ),
    row(
        "dns_nodata",
        "the name has no address, only a text",
        dns.resolver(
            GONE, aliases={}, more=[f"--txt-record={names.ENDPOINT},text"]
        ),
        gives="DNS_NODATA dns endpoint 2",
    ),
    row(
        "dns_servfail",
        "the resolver cannot get the zone",
        dns.knot(vpce_amazonaws_com=None),
        gives="DNS_SERVFAIL dns resolver 2",
    ),
    row(
        "dns_refused",
        "the resolver is not for this client",
        dns.knot(lab_test=names.zone_file()),
        gives="DNS_REFUSED dns resolver 2",
    ),
    row(
        "dns_dangling_cname",
        "our own record still names an endpoint that is gone",
        dns.knot(
            lab_test=names.zone_file("cache CNAME gone"),
        ),
        gives="DNS_DANGLING_CNAME dns endpoint 2",
        says=("is a CNAME of",),
        target="{private_name}",
    ),
    row(
        "dns_split_horizon",
        "the name resolves to a public address",
        dns.resolver({names.ENDPOINT: (ELSEWHERE,)}),
        gives="DNS_SPLIT_HORIZON dns resolver 2",
    ),
    row(
        "dns_resolvers_disagree",
        "the second resolver knows another address",
        dns.resolver({names.ENDPOINT: (ELSEWHERE,)}),
        dns.second_resolver({}),
        dns.resolv_conf(f"nameserver {RESOLVER_2}"),
        gives="DNS_SPLIT_HORIZON dns resolver 2",
    ),
    row(
        "dns_zonal_withdrawn",
        "zone b is not in the answer any more",
        dns.resolver(ONLY_A),
        gives="DNS_AZ_WITHDRAWN dns resolver 1",
        says=(
            "zone us-west-2b: {eni_b}, not in the answer for all zones,"
            " connects",
        ),
    ),
    row(
        "dns_single_zone",
        "the endpoint is in one zone, and no other has a name",
        dns.resolver({**ONLY_A, names.ZONE["b"]: ()}),
        gives="OK - - 0",
    ),
    row(
        "dns_zonal_withdrawn_alias",
        "zone b is not in the answer to the consumer's own name any more",
        dns.resolver(ONLY_A),
        gives="DNS_AZ_WITHDRAWN dns resolver 1",
        target="{private_name}",
    ),
    row(
        "dns_zonal_withdrawn_dead",
        "zone b is not in the answer, for it has no target",
        dns.resolver(ONLY_A),
        no_target("b"),
        gives="DNS_AZ_WITHDRAWN dns resolver 1",
        says=("not in the answer for all zones, no answer",),
    ),
    row(
        "dns_zonal_withdrawn_enough",
        "zone b is not in the answer, and one address is enough",
        dns.resolver(ONLY_A),
        gives="OK - - 0",
        check="--require 1",
    ),
    row(
        "dns_bad_name",
        "a name that no name server can have",
        gives="DNS_BAD_NAME dns resolver 2",
        target="cache..test",
    ),
    row(
        "dns_zonal_withdrawn_required",
        "the same, where two addresses are required",
        dns.resolver(ONLY_A),
        gives="DNS_AZ_WITHDRAWN dns resolver 2",
        check="--require 2",
    ),
    row(
        "dns_zonal_missing",
        "the name of zone b is gone with its subnet",
        dns.resolver({**ONLY_A, names.ZONE["b"]: ()}),
        gives="DNS_ZONAL_MISSING dns resolver 2",
        target="{zone_b}",
    ),
    row(
        "dns_search_domain",
        "a search list, and a wildcard that answers for everything",
        dns.resolver(
            {"cache": names.BOTH}, more=["--address=/corp.test/198.18.9.9"]
        ),
        dns.resolv_conf("search corp.test"),
        gives="DNS_SEARCH_DOMAIN dns resolver 2",
        target="cache",
    ),
    row(
        "dns_ipv6_first",
        "there is an AAAA, and no route for it",
        dns.resolver({names.ENDPOINT: (*names.BOTH, "fd00:ec2::69")}),
        gives="DNS_IPV6_FIRST tcp resolver 2",
    ),
    row(
        "dns_ipv6_first_global",
        "the same, with a global address, as endpoints have",
        dns.resolver({names.ENDPOINT: (*names.BOTH, "2600:1f14::69")}),
        gives="DNS_IPV6_FIRST tcp resolver 2",
    ),
    row(
        "dns_nodata_aaaa",
        "no AAAA, which is no fault",
        gives="OK - - 0",
    ),
    row(
        "dns_stale_hosts",
        "an old address in /etc/hosts",
        dns.hosts(f"198.18.1.68 {names.ENDPOINT}"),
        gives="DNS_STALE dns resolver 2",
        timeout="4500ms",
    ),
)

NO_ANSWERS = (
    row(
        "dns_timeout",
        "the resolver's packets are dropped",
        rule("vpc", "input", "meta l4proto { tcp, udp } th dport 53 drop"),
        gives="DNS_TIMEOUT dns resolver 2",
    ),
    row(
        "dns_port_unreachable",
        "nothing listens at the resolver's address",
        dns.no_resolver,
        gives="DNS_UNREACHABLE dns resolver 2",
    ),
    row(
        "dns_throttled",
        "the resolver drops what is over its limit, and a moment later none",
        rule("vpc", "input", "udp dport 53 quota until 700 bytes drop"),
        gives="DNS_TIMEOUT dns resolver 2",
        maybe="DNS_THROTTLED",
    ),
    row(
        "dns_truncated",
        "an answer that does not fit; TCP brings it",
        dns.resolver(aliases=CHAIN, more=SMALL),
        gives="OK - - 0",
        target="{private_name}",
    ),
    row(
        "dns_tc_tcp_blocked",
        "an answer that does not fit, and TCP is dropped",
        dns.resolver(aliases=CHAIN, more=SMALL),
        rule("vpc", "input", "tcp dport 53 drop"),
        gives=TC_BLOCKED,
        target="{private_name}",
    ),
    row(
        "dns_tc_tcp_reset",
        "an answer that does not fit, and TCP is refused",
        dns.resolver(aliases=CHAIN, more=SMALL),
        rule("vpc", "input", "tcp dport 53 reject with tcp reset"),
        gives=TC_BLOCKED,
        target="{private_name}",
    ),
)

ROWS = ANSWERS + NO_ANSWERS
