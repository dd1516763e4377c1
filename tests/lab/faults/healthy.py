"""The path without a fault, seen in every way: nothing may be said of it."""

from faults.row import row
from steps import cache, keys, proxy
from steps.path import ip, point
from topology import REPLICA

OK = "OK - - 0"

TLS = "--tls --cacert {cacert}"

ROWS = (
    row("healthy", "both zones by the endpoint's name", gives=OK),
    row("healthy_zone_a", "zone a by its name", gives=OK, target="{zone_a}"),
    row("healthy_zone_b", "zone b by its name", gives=OK, target="{zone_b}"),
    row(
        "healthy_private_name",
        "a name of the consumer's own",
        gives=OK,
        target="{private_name}",
    ),
    row("healthy_literal", "an address", gives=OK, target="{eni_a}"),
    row("healthy_no_write", "no writing", gives=OK, check="--no-write"),
    row(
        "healthy_payload",
        "values that are larger than a packet",
        gives=OK,
        check="--payload 1400,8300,16k,64k",
    ),
    row("healthy_idle", "a silent second", gives=OK, check="--idle 1s"),
    row(
        "healthy_tls",
        "TLS to the cache's own name, which leads to the endpoint",
        gives=OK,
        target="{cache_name}:6380",
        check=TLS,
    ),
    row(
        "healthy_tls_name",
        "TLS to the endpoint, verified by the cache's own name",
        gives=OK,
        target="{endpoint}:6380",
        check=TLS + " --tls-name {cache_name}",
    ),
    row(
        "healthy_tls_chain",
        "TLS to the endpoint, whose name is not asked for",
        gives=OK,
        target="{endpoint}:6380",
        check=TLS + " --tls-verify chain",
    ),
    row(
        "healthy_tls_listener",
        "the load balancer ends TLS, the cache is plain",
        proxy.listener(bind="ssl crt {pem}"),
        gives=OK,
        check=TLS + " --tls-name {cache_name}",
    ),
    row(
        "healthy_tls_client",
        "the cache asks for a client's certificate, and gets it",
        cache.redis(tls=keys.own, tls_auth_clients="yes"),
        gives=OK,
        check=TLS + " --tls-name {cache_name}"
        " --cert {keys}/redis.crt --key {keys}/redis.key",
    ),
    row(
        "healthy_password",
        "the right password",
        cache.redis(requirepass="sesame"),
        gives=OK,
        password="sesame",
    ),
    row(
        "healthy_replica",
        "a replica behind both zones, and nothing is written",
        point(REPLICA),
        gives=OK,
        check="--no-write",
    ),
    row(
        "healthy_replica_expected",
        "a replica behind both zones, as was expected",
        point(REPLICA),
        gives=OK,
        check="--expect-role replica",
    ),
    row(
        "healthy_multihomed",
        "answers come back by another leg, and nobody minds",
        ip(
            "client",
            "rule del from 198.18.2.10 priority 102",
            "rule add from 198.18.2.10 lookup 102 priority 102",
        ),
        ip(
            "client",
            "route add 198.18.2.69 via 198.18.1.1 src 198.18.2.10",
            "route del 198.18.2.69",
        ),
        gives=OK,
    ),
)
