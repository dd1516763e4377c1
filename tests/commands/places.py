"""Addresses and ports of loopback that no other test uses at this moment.

Every server gets an address of its own in 127/8, so that tests that run at
the same time cannot meet; a port is free when it could be bound there.
"""

import itertools
import os
import socket

# 127.64.x.y .. 127.191.x.y, by process
_NET = 64 + os.getpid() % 128
_COUNT = itertools.count(1)

# Below what the kernel gives to outgoing connections; each is tried once
# before the first comes again.
_FIRST, _END = 20000, 32000
_PORTS = itertools.cycle(range(_FIRST, _END))
for _ in range(os.getpid() * 31 % (_END - _FIRST)):
    next(_PORTS)


def address():
    """An address of loopback that nobody else was given."""
    number = next(_COUNT)
    return f"127.{_NET}.{number // 250}.{number % 250 + 1}"


def port(host):
    """A port that is free on `host`, for TCP and for UDP."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in itertools.islice(_PORTS, _END - _FIRST):
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(family, kind) as probe:
                    probe.bind((host, candidate))
        except OSError:
            continue
        return candidate
    raise OSError(f"no port is free on {host}")
