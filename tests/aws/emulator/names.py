"""The name server: endpoints' names, caches' names, and what tests add."""

import contextlib
import socket
import struct
import threading

from emulator import caches, endpoints, state

_A, _IN = 1, 1
_NXDOMAIN, _SERVFAIL = 3, 2

# name -> {"a": [addresses], "ttl", "rcode"}
added = {}


def _of_endpoints(name):
    for _, endpoint in endpoints.every():
        if endpoints.state_of(endpoint) != "available":
            continue
        given = endpoints.addresses(endpoint)
        for number, entry in enumerate(endpoint.dns_entries or []):
            if entry["dns_name"].lower() != name:
                continue
            zonal = 0 < number <= len(endpoint.subnet_ids)
            if zonal:
                return [given[endpoint.subnet_ids[number - 1]]]
            return list(given.values())
    return None


def look_up(name):
    """(addresses or None, TTL, rcode)"""
    name = name.lower().rstrip(".")
    if name in added:
        row = added[name]
        ttl = row.get("ttl", state.SETTINGS["dns_ttl"])
        return row.get("a", []), ttl, row.get("rcode", 0)
    found = caches.addresses_of(name)
    if found is None:
        found, ttl = _of_endpoints(name), 60
    else:
        ttl = state.SETTINGS["dns_ttl"]
    return found, ttl, _NXDOMAIN if found is None else 0


def _question(data):
    """(name, type, the bytes of the question)"""
    labels, at = [], 12
    while data[at]:
        size = data[at]
        labels.append(data[at + 1 : at + 1 + size].decode())
        at += 1 + size
    (kind,) = struct.unpack_from(">H", data, at + 1)
    return ".".join(labels), kind, data[12 : at + 5]


def answer(data):
    name, kind, question = _question(data)
    with state.LOCK:
        addresses, ttl, rcode = look_up(name)
    records = b""
    wanted = addresses or [] if kind == _A else []
    for address in wanted:
        head = struct.pack(">HHIH", _A, _IN, ttl, 4)
        records += b"\xc0\x0c" + head + socket.inet_aton(address)
    flags = 0x8580 | rcode
    counts = struct.pack(">HHHHH", flags, 1, len(wanted), 0, 0)
    return data[:2] + counts + question + records


def serve(host="127.0.0.1"):
    """Over UDP; gives the port."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((host, 0))

    def loop():
        while True:
            data, sender = server.recvfrom(4096)
            # nothing that comes may end the name server
            with contextlib.suppress(Exception):
                server.sendto(answer(data), sender)

    threading.Thread(target=loop, daemon=True).start()
    return server.getsockname()[1]
