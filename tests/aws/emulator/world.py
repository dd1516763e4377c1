"""The path on loopback: endpoints that listen, and lead to their targets.

Each address and port of an endpoint is in one of three ways:

    open     a listener; what comes is carried to a target that answers
    refused  nobody: every target refuses, and no relay hides that
    silent   a listener whose queue is full, so that no SYN is answered: no
             rule admits the client, nothing listens, there is no target

It is looked at again whenever the API changed something, and often besides,
since targets come and go by themselves.
"""

import contextlib
import itertools
import socket
import struct
import threading

from emulator import plane, state, targets

_LOOK_S = 0.15

_PROXY_V2 = b"\r\n\r\n\0\r\nQUIT\n"


def _proxy_header(client, address, port):
    """PROXY protocol 2, of a TCP connection over IPv4."""
    text = _PROXY_V2 + b"\x21\x11" + struct.pack(">H", 12)
    text += socket.inet_aton(client) + socket.inet_aton(address)
    return text + struct.pack(">HH", 40000, port)


def _copy(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
        with contextlib.suppress(OSError):
            end.shutdown(how)


def _carry(client, server):
    there = threading.Thread(target=_copy, args=(client, server), daemon=True)
    there.start()
    _copy(server, client)
    there.join()
    client.close()
    server.close()


class _Open:
    """A listener that carries connections to the targets in turn."""

    def __init__(self, row, able):
        self._row, self._able = row, able
        self._turn = itertools.count()
        self._listener = socket.create_server(
            (row["address"], row["port"]), backlog=128
        )
        threading.Thread(target=self._accept, daemon=True).start()

    def lead(self, row, able):
        self._row, self._able = row, able

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._serve, args=(client,), daemon=True
            ).start()

    def _serve(self, client):
        able = self._able
        start = next(self._turn)
        for number in range(len(able)):
            target = able[(start + number) % len(able)]
            with contextlib.suppress(OSError):
                server = socket.create_connection(target, 1)
                server.settimeout(None)
                if self._row["proxy"]:
                    server.sendall(_proxy_header(self._row["client"], *target))
                _carry(client, server)
                return
        # what could not be carried is reset
        linger = struct.pack("ii", 1, 0)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        client.close()

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class _Silent:
    """A listener that never accepts, and whose queue is full."""

    def __init__(self, row):
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind((row["address"], row["port"]))
        self._listener.listen(0)
        self._queued = [socket.socket() for _ in range(4)]
        for client in self._queued:
            client.setblocking(False)
            client.connect_ex((row["address"], row["port"]))

    def close(self):
        for client in self._queued:
            client.close()
        self._listener.close()


class World:
    """All addresses of all endpoints."""

    def __init__(self):
        self._ways = {}  # (address, port) -> (way, listener or None)
        self._reached = {}  # target -> "open", "refused", "silent"
        self._wake = threading.Event()
        state.listeners.append(self.look)

    def start(self):
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self):
        while True:
            self._wake.wait(_LOOK_S)
            if not state.SETTINGS["plane"]:
                continue
            # nothing that is half made may end the watch
            with contextlib.suppress(Exception):
                for target in self._registered():
                    self._reached[target] = targets.connects(*target)
                self.look()

    def _registered(self):
        with state.LOCK:
            return plane.registered()

    def _reach(self, target):
        if target not in self._reached:
            self._reached[target] = targets.connects(*target)
        return self._reached[target]

    def _way(self, row):
        """(way, the targets that can be had)"""
        if not row["listener"] or not plane.lets_in(row):
            return "silent", []
        met = {
            target: "silent"
            if target in row["blocked"]
            else self._reach(target)
            for target in row["targets"]
        }
        able = [target for target, how in met.items() if how == "open"]
        if able:
            return "open", able
        if met and all(how == "refused" for how in met.values()):
            return "refused", []
        return "silent", []

    def look(self):
        """Make the listeners what they should be."""
        with state.LOCK:
            rows = plane.plan() if state.SETTINGS["plane"] else []
            wanted = {
                (row["address"], row["port"]): row
                for row in rows
                if row["address"].startswith("127.")
            }
            for key in [one for one in self._ways if one not in wanted]:
                self._close(key)
            for key, row in wanted.items():
                self._make(key, row)

    def _close(self, key):
        _, listener = self._ways.pop(key, (None, None))
        if listener:
            listener.close()

    def _make(self, key, row):
        way, able = self._way(row)
        before, listener = self._ways.get(key, (None, None))
        if way == before == "open":
            listener.lead(row, able)
        if way == before:
            return
        self._close(key)
        made = None
        if way == "open":
            made = _Open(row, able)
        elif way == "silent":
            made = _Silent(row)
        self._ways[key] = (way, made)

    def ways(self):
        """{"address:port": way}"""
        with state.LOCK:
            return {
                f"{address}:{port}": way
                for (address, port), (way, _) in self._ways.items()
            }

    def reset(self):
        with state.LOCK:
            for key in list(self._ways):
                self._close(key)
            self._reached.clear()
