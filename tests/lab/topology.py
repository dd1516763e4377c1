"""The path: who is where, and how they are linked.

    client   198.18.1.10 (zone a)   198.18.2.10 (zone b)
      |            |
    vpc      routers .1.1 and .2.1, resolver 198.18.0.2
             endpoint addresses 198.18.1.69 and 198.18.2.69: each to the
             load balancer's node of its zone, from an address of its own,
             with MSS 8365
      |            |
    nlb      node a 198.18.11.17, node b 198.18.12.17: to the targets, from
             the node's address; or haproxy, where a listener is no TCP one
      |            |
    redis    primary 198.18.11.11, replica 198.18.12.12; 6379 and, with
             TLS, 6380

What stands for a TCP listener is DNAT, not a proxy: the handshake is end to
end, as it is through a real load balancer.  198.18.0.0/15 is for tests of
networks (RFC 2544), and no namespace has a leg outside.
"""

SPACES = ("client", "vpc", "nlb", "redis")

MTU = 9001
MSS = 8365

PORT, TLS_PORT = 6379, 6380

CLIENT = {"a": "198.18.1.10", "b": "198.18.2.10"}
ENI = {"a": "198.18.1.69", "b": "198.18.2.69"}
NODE = {"a": "198.18.11.17", "b": "198.18.12.17"}
PRIMARY, REPLICA = "198.18.11.11", "198.18.12.12"
RESOLVER, RESOLVER_2 = "198.18.0.2", "198.18.0.3"

# Addresses of the path at which there is nobody.
NOBODY = "198.18.11.99"
ELSEWHERE = "203.0.113.10"

# What rules may name.
DEFINES = f"""
define eni_a = {ENI["a"]}
define eni_b = {ENI["b"]}
define enis = {{ {ENI["a"]}, {ENI["b"]} }}
define node_a = {NODE["a"]}
define node_b = {NODE["b"]}
define primary = {PRIMARY}
define replica = {REPLICA}
define nobody = {NOBODY}
define resolver = {RESOLVER}
define ports = {{ {PORT}, {TLS_PORT} }}
"""

# Faults have a table of their own.  `early` comes before any translation
# and before connections are tracked; `late` is the last before the wire.
_FAULT_TABLE = """
table inet fault {
    set seen {
        type ipv4_addr . inet_service
        flags dynamic
        timeout 30s
    }
    chain early { type filter hook prerouting priority -350; }
    chain translate { type nat hook prerouting priority dstnat - 10; }
    chain input { type filter hook input priority filter; }
    chain forward { type filter hook forward priority filter; }
    chain output { type filter hook output priority filter; }
    chain source { type nat hook postrouting priority srcnat - 10; }
    chain late { type filter hook postrouting priority 300; }
}
"""

_RULES = {
    "client": "",
    # From the outside only the endpoint's addresses lead anywhere.
    "vpc": f"""
table ip path {{
    chain prerouting {{
        type nat hook prerouting priority dstnat
        ip daddr $eni_a meta l4proto tcp dnat to $node_a
        ip daddr $eni_b meta l4proto tcp dnat to $node_b
    }}
    chain forward {{
        type filter hook forward priority filter + 10; policy drop
        tcp flags & syn == syn tcp option maxseg size set {MSS}
        ct status dnat accept
    }}
    chain postrouting {{
        type nat hook postrouting priority srcnat
        ct status dnat masquerade
    }}
}}
""",
    # What matches no listener is dropped, not refused.
    "nlb": """
table ip path {
    map targets {
        type ipv4_addr . inet_service : ipv4_addr . inet_service
    }
    set listeners {
        type inet_service
    }
    chain prerouting {
        type nat hook prerouting priority dstnat
        dnat ip to ip daddr . tcp dport map @targets
    }
    chain input {
        type filter hook input priority filter + 10; policy drop
        iifname lo accept
        ct state established,related accept
        tcp dport @listeners accept
    }
    chain postrouting {
        type nat hook postrouting priority srcnat
        ct original ip daddr $node_a ct status dnat snat to $node_a
        ct original ip daddr $node_b ct status dnat snat to $node_b
    }
}
""",
    "redis": "",
}

_CLIENT_LINES = [
    "link set lo up",
    f"link add zone-a mtu {MTU} type veth peer name client-a netns {{vpc}}",
    f"link add zone-b mtu {MTU} type veth peer name client-b netns {{vpc}}",
    f"addr add {CLIENT['a']}/24 dev zone-a",
    f"addr add {CLIENT['b']}/24 dev zone-b",
    "link set zone-a up",
    "link set zone-b up",
    "route add default via 198.18.1.1",
    "route add 198.18.1.0/24 dev zone-a table 101",
    "route add 198.18.2.0/24 dev zone-b table 102",
    "route add default via 198.18.1.1 table 101",
    "route add default via 198.18.2.1 table 102",
    f"rule add from {CLIENT['a']} lookup 101 priority 101",
    f"rule add from {CLIENT['b']} lookup 102 priority 102",
]

_NLB_LINES = [
    "link set lo up",
    f"link add vpc-a mtu {MTU} type veth peer name nlb-a netns {{vpc}}",
    f"link add vpc-b mtu {MTU} type veth peer name nlb-b netns {{vpc}}",
    f"link add zone-a mtu {MTU} type veth peer name zone-a netns {{redis}}",
    f"link add zone-b mtu {MTU} type veth peer name zone-b netns {{redis}}",
    "addr add 198.18.21.2/24 dev vpc-a",
    "addr add 198.18.22.2/24 dev vpc-b",
    f"addr add {NODE['a']}/24 dev zone-a",
    f"addr add {NODE['b']}/24 dev zone-b",
    *(f"link set {leg} up" for leg in ("vpc-a", "vpc-b", "zone-a", "zone-b")),
]

# The fabric says nothing of what it does not carry: no ICMP.
_VPC_LINES = [
    "link set lo up",
    f"addr add {RESOLVER}/32 dev lo",
    f"addr add {RESOLVER_2}/32 dev lo",
    "addr add 198.18.1.1/24 dev client-a",
    "addr add 198.18.2.1/24 dev client-b",
    f"addr add {ENI['a']}/32 dev client-a",
    f"addr add {ENI['b']}/32 dev client-b",
    "addr add 198.18.21.1/24 dev nlb-a",
    "addr add 198.18.22.1/24 dev nlb-b",
    *(f"link set {x}-{y} up" for x in ("client", "nlb") for y in "ab"),
    f"link set client-a mtu {MTU}",
    f"link set client-b mtu {MTU}",
    f"link set nlb-a mtu {MTU}",
    f"link set nlb-b mtu {MTU}",
    f"route add {NODE['a']} via 198.18.21.2",
    f"route add {NODE['b']} via 198.18.22.2",
    "route add blackhole default",
]

_REDIS_LINES = [
    "link set lo up",
    f"link set zone-a mtu {MTU}",
    f"link set zone-b mtu {MTU}",
    f"addr add {PRIMARY}/24 dev zone-a",
    f"addr add {REPLICA}/24 dev zone-b",
    "link set zone-a up",
    "link set zone-b up",
]

# Who makes a link comes before who is at its other end.
_LINES = {
    "client": _CLIENT_LINES,
    "nlb": _NLB_LINES,
    "vpc": _VPC_LINES,
    "redis": _REDIS_LINES,
}

# Connections that have ended must not stand in the way of the next fault.
_TRACKED = {
    "netfilter/nf_conntrack_tcp_timeout_established": 60,
    "netfilter/nf_conntrack_tcp_timeout_max_retrans": 30,
    "netfilter/nf_conntrack_tcp_timeout_unacknowledged": 30,
    "netfilter/nf_conntrack_tcp_timeout_time_wait": 1,
    "netfilter/nf_conntrack_tcp_timeout_close": 1,
    "netfilter/nf_conntrack_tcp_timeout_close_wait": 2,
    "netfilter/nf_conntrack_tcp_timeout_fin_wait": 2,
    "netfilter/nf_conntrack_tcp_timeout_last_ack": 2,
}


def build(spaces):
    """Links, addresses, routes and rules, all healthy."""
    for name in SPACES:
        spaces.sysctl(name, "ipv4/conf/all/rp_filter", 0)
        spaces.sysctl(name, "ipv4/conf/default/rp_filter", 0)
    for name, lines in _LINES.items():
        spaces.ip(name, *lines)
    for name in ("vpc", "nlb"):
        spaces.sysctl(name, "ipv4/ip_forward", 1)
    for name in SPACES:
        spaces.nft(name, DEFINES + _RULES[name] + _FAULT_TABLE)
    for name in ("vpc", "nlb"):
        for key, value in _TRACKED.items():
            spaces.sysctl(name, key, value)


def fault_rule(spaces, space, chain, text):
    """Add a rule to a chain of the faults."""
    spaces.nft(space, f"{DEFINES}add rule inet fault {chain} {text}\n")


def fault_rules_end(spaces, space):
    spaces.nft(space, "flush table inet fault\nflush set inet fault seen\n")


def point(spaces, targets):
    """Where each node's listeners lead: {(zone, port): (address, port)}."""
    elements = ", ".join(
        f"{NODE[zone]} . {port} : {address} . {target}"
        for (zone, port), (address, target) in targets.items()
    )
    text = "flush map ip path targets\n"
    if elements:
        text += f"add element ip path targets {{ {elements} }}\n"
    spaces.nft("nlb", text)


def listen(spaces, ports):
    """The ports at which the nodes answer by themselves (haproxy)."""
    text = "flush set ip path listeners\n"
    if ports:
        elements = ", ".join(map(str, ports))
        text += f"add element ip path listeners {{ {elements} }}\n"
    spaces.nft("nlb", text)
