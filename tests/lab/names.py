"""The names of the lab, and what the resolver says of them."""

import topology

_SERVICE = "vpce-svc-0f1e2d3c4b5a69788.us-west-2.vpce.amazonaws.com"
_ID = "vpce-0a1b2c3d4e5f60718-lab00000"

ENDPOINT = f"{_ID}.{_SERVICE}"
ZONE = {zone: f"{_ID}-us-west-2{zone}.{_SERVICE}" for zone in "ab"}

# A name of the consumer's own, easier to type.
PRIVATE = "cache.lab.test"

# The cache's own name, made to resolve to the endpoint as one does in a
# private zone, and what its certificate is for.
CACHE = "master.lab.x1y2z3.usw2.cache.amazonaws.com"
CERTIFIED = "*.lab.x1y2z3.usw2.cache.amazonaws.com"

# Zones that the resolver answers for by itself; it asks nobody else.
LOCAL = ("amazonaws.com", "lab.test")

BOTH = tuple(topology.ENI.values())

# {name: addresses}, and {alias: name}
RECORDS = {
    ENDPOINT: BOTH,
    ZONE["a"]: (topology.ENI["a"],),
    ZONE["b"]: (topology.ENI["b"],),
    CACHE: BOTH,
}
ALIASES = {PRIVATE: ENDPOINT}


def options(records=None, aliases=None, local=LOCAL):
    """dnsmasq's words for these records."""
    words = [f"--local=/{zone}/" for zone in local]
    for name, addresses in {**RECORDS, **(records or {})}.items():
        words += [f"--host-record={name},{where}" for where in addresses]
    for alias, name in (ALIASES if aliases is None else aliases).items():
        words.append(f"--cname={alias},{name}")
    return words


def zone_file(*lines):
    """A zone for knot, whose lines are as in RFC 1035, 5."""
    head = (
        "$TTL 60",
        "@ SOA ns.lab.test. hostmaster.lab.test. 1 3600 600 86400 60",
        "@ NS ns.lab.test.",
    )
    return "\n".join((*head, *lines)) + "\n"
