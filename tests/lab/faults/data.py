"""Connected, and then: silence, resets, holes for large packets, idling."""

import peers
from faults.row import row
from steps import cache, proxy, scripts
from steps.delay import delay
from steps.path import at_end, ip, rule, shaped, sysctl
from topology import NOBODY, PORT, PRIMARY, SPACES, TLS_PORT

RST_AFTER_ACCEPT = "TCP_RST_AFTER_ACCEPT ping target 2"
MTU_BLACKHOLE = "NET_MTU_BLACKHOLE set endpoint 2"
SILENT = "APP_SILENT ping target 2"

PAYLOAD = "--payload 1400,8300,16k"

REQUEST, RESPONSE = "ct direction original", "ct direction reply"

# The client's data on an established connection.
DATA = f"{REQUEST} ct state established tcp flags & psh == psh"


def narrow(mtu):
    """A link on the way that carries no more than that.

    At the end every kernel forgets what it learned of the path.
    """
    return [at_end(space, "route flush cache") for space in SPACES] + [
        ip(space, f"link set {link} mtu {mtu}", f"link set {link} mtu 9001")
        for space, link in (
            ("vpc", "nlb-a"),
            ("vpc", "nlb-b"),
            ("nlb", "vpc-a"),
            ("nlb", "vpc-b"),
        )
    ]


def forgets(verdict):
    """The load balancer forgets flows that are silent for two seconds."""
    return [
        sysctl("nlb", "netfilter/nf_conntrack_tcp_timeout_established", 2),
        sysctl("nlb", "netfilter/nf_conntrack_tcp_loose", 0),
        rule(
            "nlb",
            "input",
            f"tcp dport $ports tcp flags & (syn | rst) == 0 {verdict}",
        ),
    ]


RESETS = (
    row(
        "server_rst_accept",
        "the target accepts, then resets",
        cache.peer(scripts.resets_at_once),
        gives=RST_AFTER_ACCEPT,
    ),
    row(
        "server_close_accept",
        "the target accepts, then closes",
        cache.peer(scripts.closes_at_once),
        gives=RST_AFTER_ACCEPT,
    ),
    row(
        "server_rst_after_req",
        "the target reads a request, then resets",
        cache.peer(peers.resets),
        gives=RST_AFTER_ACCEPT,
    ),
    row(
        "rst_after_accept_nft",
        "a firewall resets the first data",
        rule("vpc", "forward", f"{DATA} reject with tcp reset"),
        gives=RST_AFTER_ACCEPT,
    ),
    row(
        "l7_proxy_dead_target",
        "a proxy accepts, and has no target to give it to",
        proxy.listener(to=(NOBODY, PORT)),
        gives=RST_AFTER_ACCEPT,
    ),
)

SILENCE = (
    row(
        "payload_swallowed",
        "a middlebox lets connections through and swallows data",
        rule("vpc", "forward", f"{DATA} drop"),
        gives="NET_DATA_SWALLOWED ping endpoint 2",
        says=("unacked",),
    ),
    row(
        "server_silent",
        "the target reads, and says nothing",
        cache.peer(peers.reads_only),
        gives=SILENT,
        says=("PING acknowledged",),
    ),
    row(
        "redis_frozen",
        "the cache's process is stopped; its kernel still accepts",
        cache.frozen,
        gives=SILENT,
        says=("64 KiB without a line end: no answer",),
    ),
    row(
        "ppv2_plain_redis",
        "the target group sends PROXY protocol v2 to a plain Redis",
        proxy.listener(server="send-proxy-v2"),
        gives="APP_PROXY_V2 ping load_balancer 2",
        says=("64 KiB without a line end: answered",),
    ),
    row(
        "ppv2_tls_redis",
        "the target group sends PROXY protocol v2 to a TLS Redis",
        proxy.listener(server="send-proxy-v2", to=(PRIMARY, TLS_PORT)),
        gives="TLS_EOF_NO_ALERT tls redis 2",
        maybe="APP_PROXY_V2",
        check="--tls --cacert {cacert} --tls-name {cache_name}",
    ),
)

MTU = (
    row(
        "mtu_len_rule",
        "requests of more than 1400 bytes are swallowed",
        rule("vpc", "forward", f"{REQUEST} meta length > 1400 drop"),
        gives=MTU_BLACKHOLE,
        says=(
            "on the way there",
            "PING of 1200 bytes comes back, of 1380 not",
        ),
        check=PAYLOAD,
    ),
    row(
        "mtu_pmtud_blackhole",
        "a narrow link, and its ICMP is filtered",
        rule("vpc", "output", "meta l4proto icmp drop"),
        rule("nlb", "output", "meta l4proto icmp drop"),
        *narrow(1400),
        gives=MTU_BLACKHOLE,
        says=(
            "on the way there",
            "PING of 1200 bytes comes back, of 1380 not",
        ),
        check=PAYLOAD,
    ),
    row(
        "mtu_pmtud_ok",
        "a narrow link that says so: the path's MTU is found",
        *narrow(1400),
        gives="OK - - 0",
        check=PAYLOAD,
    ),
    row(
        "mtu_blackhole_response",
        "answers of more than 1400 bytes are swallowed",
        rule("vpc", "forward", f"{RESPONSE} meta length > 1400 drop"),
        gives=MTU_BLACKHOLE,
        says=("on the way back", "PING of 1200 bytes comes back, of 1380 not"),
        check=PAYLOAD,
    ),
    row(
        "mtu_blackhole_tls",
        "the server's certificate is larger than what gets through",
        rule("vpc", "forward", f"{RESPONSE} meta length > 700 drop"),
        gives="TLS_HANDSHAKE_STALL tls redis 2",
        target="{endpoint}:6380",
        check="--tls --cacert {cacert} --tls-name {cache_name}",
    ),
    row(
        "mtu_probing_recovers",
        "a narrow link without ICMP, and a client that probes for it",
        rule("vpc", "output", "meta l4proto icmp drop"),
        *narrow(1400),
        sysctl("client", "ipv4/tcp_mtu_probing", 1),
        gives="NET_MTU_BLACKHOLE set endpoint 1",
        check="--payload 4k",
        timeout="12s",
        deadline="20s",
    ),
)

IDLE = (
    row(
        "idle_cut_rst",
        "the load balancer forgets silent flows, and resets what follows",
        *forgets("reject with tcp reset"),
        gives="TCP_IDLE_RESET ping load_balancer 2",
        says=("a twin with keepalive held",),
        check="--idle 3s",
    ),
    row(
        "idle_cut_silent",
        "a firewall forgets silent flows, and drops what follows",
        *forgets("drop"),
        gives="TCP_IDLE_BLACKHOLE ping load_balancer 2",
        says=("a twin with keepalive held", "unacked"),
        check="--idle 3s",
    ),
    row(
        "idle_not_long_enough",
        "flows that are silent for less than that",
        *forgets("reject with tcp reset"),
        gives="OK - - 0",
        check="--idle 1s",
    ),
    row(
        "idle_server_keepalive",
        "flows are forgotten, but the server's keepalive refreshes them",
        *forgets("reject with tcp reset"),
        cache.redis(tcp_keepalive=1),
        gives="OK - - 0",
        check="--idle 3s",
    ),
    row(
        "idle_server_closes",
        "the server's own timeout ends a silent connection",
        cache.redis(timeout=1),
        gives="UNKNOWN_ERROR ping - 2",
        check="--idle 4s",
    ),
)

SLOW = (
    row(
        "az_b_delayed_tun",
        "zone b is 7 ms farther away",
        delay("b", 7, 1),
        gives="PERF_CROSS_AZ - load_balancer 1",
        says=("{eni_b}:6379: the round trip is", "to {eni_a} only"),
    ),
    row(
        "az_b_farther_as_zones_are",
        "zone b is as far away as another zone is, which is no fault",
        delay("b", 0.3, 0),
        gives="OK - - 0",
    ),
    row(
        "az_b_delayed_tls",
        "zone b is 7 ms farther away, behind a listener that ends TLS",
        proxy.listener(bind="ssl crt {pem}"),
        delay("b", 7, 1),
        gives="PERF_CROSS_AZ - load_balancer 1",
        check="--tls --cacert {cacert} --tls-name {cache_name}",
    ),
    row(
        "zones_delayed_alike",
        "both zones are 7 ms away, which is no fault",
        delay("a", 7, 1),
        delay("b", 7, 1),
        gives="OK - - 0",
    ),
    row(
        "first_data_lost",
        "the first data of each connection is lost",
        rule(
            "vpc",
            "forward",
            f"{DATA} ip saddr . tcp sport != @seen"
            " add @seen { ip saddr . tcp sport } drop",
        ),
        gives="PERF_LOSS - client 1",
    ),
    row(
        "random_loss_30pct",
        "three packets of ten are lost",
        rule("vpc", "forward", "numgen random mod 100 < 30 drop"),
    ),
    row(
        "bandwidth_police",
        "no more than 200 kbytes/second",
        rule("vpc", "forward", "limit rate over 200 kbytes/second drop"),
    ),
    row(
        "tbf_rate",
        "the links to the load balancer carry 2 Mbit/s",
        shaped("vpc", "nlb-a", "rate 2mbit burst 20kb latency 400ms"),
        shaped("vpc", "nlb-b", "rate 2mbit burst 20kb latency 400ms"),
    ),
    row(
        "packets_police",
        "no more than 500 packets a second",
        rule("vpc", "forward", "limit rate over 500/second drop"),
    ),
)

ROWS = RESETS + SILENCE + MTU + IDLE + SLOW
