"""What scripted peers do (peers.py) that no real server can be made to."""

import socket
import time

import peers

_NO_LINGER = b"\1\0\0\0\0\0\0\0"


def closes_at_once(_connection):
    """Accepts, and that was it."""


def resets_at_once(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


def truncated(connection):
    """Promises a hundred bytes, sends three."""
    connection.recv(65536)
    connection.sendall(b"$100\r\nabc")


def slow_ping(seconds):
    def answer(_words, _store):
        time.sleep(seconds)
        return b"+PONG\r\n"

    return peers.redis_like(PING=answer)


_REPLICA = (
    b"*5\r\n$5\r\nslave\r\n$12\r\n198.18.12.12\r\n:6379\r\n"
    b"$9\r\nconnected\r\n:1\r\n"
)


def _close(_words, _store):
    raise ConnectionAbortedError


# ElastiCache's close-on-replica-write
closing_replica = peers.redis_like(ROLE=_REPLICA, SET=_close)
