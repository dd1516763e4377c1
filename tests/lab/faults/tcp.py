"""Connecting: silence, refusal, no way there, and the odd one that is slow."""

from faults.row import row
from steps import cache
from steps.path import held, ip, no_target, point, rule, sysctl
from topology import ENI, NOBODY, REPLICA

TIMEOUT_ALL = "TCP_TIMEOUT_ALL tcp endpoint 2"
TIMEOUT_ONE_AZ = "TCP_TIMEOUT_ONE_AZ tcp load_balancer 2"
REFUSED = "TCP_REFUSED tcp target 2"
REFUSED_ONE_AZ = "TCP_REFUSED_ONE_AZ tcp load_balancer 2"
NO_ROUTE = "TCP_NO_ROUTE_LOCAL tcp client 2"

TO_ENI = "ip daddr $enis tcp dport $ports"


def no_route(kind):
    """Routes of this kind to both endpoint addresses."""
    return [
        ip("client", f"route add {kind} {eni}", f"route del {kind} {eni}")
        for eni in ENI.values()
    ]


def no_eni(zone):
    """The endpoint's address of this zone is nobody's."""
    address = f"{ENI[zone]}/32 dev client-{zone}"
    return [
        ip("vpc", f"addr del {address}", f"addr add {address}"),
        ip("client", "neigh flush all", "neigh flush all"),
    ]


def icmp(kind):
    """A router on the way says so."""
    return rule("vpc", "early", f"{TO_ENI} reject with icmp type {kind}")


SILENCE = (
    row(
        "sg_blackhole",
        "the endpoint's security group admits nobody",
        rule("vpc", "early", f"{TO_ENI} drop"),
        gives=TIMEOUT_ALL,
        maybe="AWS_NO_RULE",
        tries=(
            "--vpc-endpoint-ids vpce-0a1b2c3d4e5f60718",
            "--region us-west-2",
            "--port 6379 --cidr 198.18.",
            ".0/24",
        ),
    ),
    row(
        "nacl_return_drop",
        "a network ACL drops what comes back",
        rule("vpc", "forward", "tcp sport $ports drop"),
        gives=TIMEOUT_ALL,
    ),
    row(
        "nlb_sg_enforced",
        "the load balancer's security group is enforced on PrivateLink",
        rule("nlb", "early", "tcp dport $ports drop"),
        gives=TIMEOUT_ALL,
        maybe="NET_NLB_SG_ENFORCED",
    ),
    row(
        "no_listener",
        "the load balancer has no listener at this port",
        gives=TIMEOUT_ALL,
        maybe="AWS_NO_LISTENER",
        target="{endpoint}:6390",
    ),
    row(
        "target_ip_gone_no_icmp",
        "the registered address belongs to nobody any more",
        rule("nlb", "output", "meta l4proto icmp drop"),
        point(NOBODY),
        gives=TIMEOUT_ALL,
        maybe="TCP_TARGET_STALE",
    ),
    row(
        "nlb_port_allocation",
        "the load balancer has no source port left for a new connection",
        rule(
            "nlb",
            "source",
            "ct original ip daddr $node_a meta l4proto tcp"
            " snat ip to 198.18.11.17:50000-50003",
        ),
        rule(
            "nlb",
            "source",
            "ct original ip daddr $node_b meta l4proto tcp"
            " snat ip to 198.18.12.17:50000-50003",
        ),
        held(4),
        gives=TIMEOUT_ALL,
    ),
    row(
        "xz_off_az_b_drop",
        "zone b has no target and cross-zone is off: silence",
        no_target("b"),
        gives=TIMEOUT_ONE_AZ,
        says=("{eni_b}:6379: no SYN-ACK", "{eni_a}:6379 passes"),
    ),
    row(
        "xz_off_az_b_enough",
        "the same, where one zone is enough",
        no_target("b"),
        gives="TCP_TIMEOUT_ONE_AZ tcp load_balancer 0",
        check="--require any",
    ),
    row(
        "xz_off_az_b_degraded",
        "the same, where that is worth a warning",
        no_target("b"),
        gives="TCP_TIMEOUT_ONE_AZ tcp load_balancer 1",
        check="--degraded warning",
    ),
    row(
        "one_of_two_targets_dead",
        "every other connection is led to a target that is gone",
        rule(
            "nlb",
            "translate",
            "ip daddr $node_a tcp dport 6379"
            " dnat ip to numgen inc mod 2 map { 0 : $nobody, 1 : $primary }",
        ),
        rule(
            "nlb",
            "translate",
            "ip daddr $node_b tcp dport 6379"
            " dnat ip to numgen inc mod 2 map { 0 : $nobody, 1 : $primary }",
        ),
        rule("nlb", "output", "meta l4proto icmp drop"),
        gives="TCP_TIMEOUT_SOME_PORTS tcp load_balancer 2",
    ),
    row(
        "asym_stateful_drop",
        "two interfaces, one route, and a firewall that saw half of it",
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
        rule(
            "vpc",
            "forward",
            "iifname client-a ct direction original ct mark set 1",
        ),
        rule("vpc", "forward", "oifname client-b ct mark 1 drop"),
        gives="NET_ASYMMETRIC tcp client 2",
        says=("from 198.18.1.10 it connects", "leave by another's link"),
    ),
)

ONE_LEG = (
    row(
        "sg_admits_another_leg",
        "the endpoint's group admits the client's other address alone",
        rule("vpc", "early", f"{TO_ENI} ip saddr 198.18.1.10 drop"),
        gives=TIMEOUT_ONE_AZ,
        maybe="AWS_NO_RULE NET_ASYMMETRIC",
    ),
    row(
        "asym_no_leg_answers",
        "one route for two interfaces, and no answer to either",
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
        rule("vpc", "early", "ip daddr $eni_b tcp dport $ports drop"),
        gives=TIMEOUT_ONE_AZ,
    ),
)

REFUSAL = (
    row(
        "rst_on_syn_prerouting",
        "a SYN is answered by RST before the load balancer",
        rule("vpc", "early", f"{TO_ENI} reject with tcp reset"),
        gives=REFUSED,
    ),
    row(
        "rst_on_syn_forward",
        "a SYN is answered by RST behind the load balancer",
        rule("nlb", "forward", "tcp dport $ports reject with tcp reset"),
        gives=REFUSED,
    ),
    row(
        "no_target_local_rst",
        "no target, and the load balancer resets",
        rule("nlb", "input", "tcp dport $ports reject with tcp reset"),
        no_target(),
        gives=REFUSED,
    ),
    row(
        "redis_stopped",
        "the target is up, and nothing listens there",
        cache.stopped,
        gives=REFUSED,
    ),
    row(
        "xz_off_az_b_rst",
        "zone b has no target and cross-zone is off: resets",
        rule("nlb", "input", "tcp dport $ports reject with tcp reset"),
        no_target("b"),
        gives=REFUSED_ONE_AZ,
    ),
    row(
        "zones_differ",
        "zone a is silent, zone b refuses",
        rule("vpc", "early", "ip daddr $eni_a drop"),
        rule("nlb", "input", "tcp dport $ports reject with tcp reset"),
        no_target("b"),
        gives=TIMEOUT_ALL,
    ),
    row(
        "icmp_port_unreachable",
        "a router says that the port is unreachable",
        icmp("port-unreachable"),
        gives=REFUSED,
    ),
)

NO_WAY = (
    row(
        "eni_deleted_same_subnet",
        "the endpoint's addresses are gone from the client's own subnets",
        *no_eni("a"),
        *no_eni("b"),
        gives=NO_ROUTE,
        says=("no ARP answer",),
        timeout="4500ms",
    ),
    row(
        "eni_deleted_one_zone",
        "the same in zone a only",
        *no_eni("a"),
        gives=NO_ROUTE,
        timeout="4500ms",
    ),
    row(
        "route_unreachable",
        "the client's own route says unreachable",
        *no_route("unreachable"),
        gives=NO_ROUTE,
    ),
    row(
        "route_prohibit",
        "the client's own route says prohibited",
        *no_route("prohibit"),
        gives=NO_ROUTE,
    ),
    row(
        "route_blackhole",
        "the client's own route leads into nothing",
        *no_route("blackhole"),
        gives=NO_ROUTE,
    ),
    row(
        "icmp_admin_prohibited",
        "a router says that it is prohibited",
        icmp("admin-prohibited"),
        gives=NO_ROUTE,
    ),
    row(
        "icmp_host_unreachable",
        "a router says that the host is unreachable",
        icmp("host-unreachable"),
        gives=NO_ROUTE,
    ),
    row(
        "icmp_net_unreachable",
        "a router says that the network is unreachable",
        icmp("net-unreachable"),
        gives=NO_ROUTE,
    ),
    row(
        "client_ports_exhausted",
        "the client has no source port left",
        sysctl("client", "ipv4/ip_local_port_range", "19000 19003"),
        held(4),
        gives="TCP_CLIENT_PORTS_EXHAUSTED tcp client 2",
    ),
)

CONNECTED = (
    row(
        "first_syn_lost",
        "the first SYN of each connection is lost",
        rule(
            "vpc",
            "early",
            "tcp flags & (syn | ack) == syn ip saddr . tcp sport != @seen"
            " add @seen { ip saddr . tcp sport } drop",
        ),
        gives="TCP_SLOW_CONNECT tcp client 1",
        says=("1 SYN lost",),
        timeout="3s",
    ),
    row(
        "failover_stale_target",
        "after a failover the target group still has the old primary",
        cache.failover,
        gives="REDIS_READONLY set target 2",
        says=("read-only replica of 198.18.12.12:6379",),
    ),
    row(
        "az_b_points_at_replica",
        "zone b leads to a replica",
        point(REPLICA, zones="b"),
        gives="REDIS_READONLY set target 2",
    ),
)

ROWS = SILENCE + ONE_LEG + REFUSAL + NO_WAY + CONNECTED
