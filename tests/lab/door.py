"""How the `lab` command speaks with a lab that is up.

A lab listens on an abstract socket: a name that no file has and that is gone
with its process.  A request is a line of JSON, and so is the answer, which
may bring descriptors of namespaces.
"""

import array
import contextlib
import json
import os
import socket
import struct

_PREFIX = "linkprobe-lab"
_CREDENTIALS = struct.Struct("3i")
_DESCRIPTORS_MAX = 8


class NoLab(Exception):
    """There is no lab of that id."""


def address(lab):
    return f"{_PREFIX}/{os.getuid()}/{lab}"


def known():
    """The ids of this user's labs."""
    start = f"@{_PREFIX}/{os.getuid()}/"
    with open("/proc/net/unix", encoding="utf-8") as table:
        words = [line.split()[-1] for line in table]
    return sorted(
        {word.removeprefix(start) for word in words if word.startswith(start)}
    )


def listen(where):
    """The listening end at address(); OSError where the id is taken."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.bind("\0" + where)
    made.listen(16)
    return made


def credentials(connection):
    """(pid, uid) of the process at the other end."""
    pid, uid, _ = _CREDENTIALS.unpack(
        connection.getsockopt(
            socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size
        )
    )
    return pid, uid


def _connect(lab):
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.connect("\0" + address(lab))
    except OSError as error:
        made.close()
        text = f"there is no lab {lab!r}; make it with: lab up"
        raise NoLab(text) from error
    return made


def pid_of(lab):
    """The process that keeps `lab`."""
    with _connect(lab) as connection:
        return credentials(connection)[0]


def ask(lab, **request):
    """(answer, descriptors) to a request; descriptors are the caller's."""
    with _connect(lab) as connection:
        connection.sendall(json.dumps(request).encode() + b"\n")
        text = bytearray()
        descriptors = array.array("i")
        room = socket.CMSG_SPACE(_DESCRIPTORS_MAX * descriptors.itemsize)
        while True:
            data, extra, _, _ = connection.recvmsg(65536, room)
            for level, kind, value in extra:
                if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                    descriptors.frombytes(value)
            if not data:
                break
            text += data
    if not text:
        raise NoLab(f"the lab {lab!r} has gone")
    return json.loads(text), list(descriptors)


def requests(listener):
    """Each request of this user, with a function that answers it."""
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError, ValueError):
            if credentials(connection)[1] != os.getuid():
                continue
            connection.settimeout(60)
            with connection.makefile("rb") as stream:
                request = json.loads(stream.readline())
            connection.settimeout(None)
            yield request, _answer_on(connection)


def _answer_on(connection):
    def answer(reply, descriptors=()):
        data = json.dumps(reply).encode()
        # whoever asked may have left
        with contextlib.suppress(OSError):
            if descriptors:
                socket.send_fds(connection, [data], descriptors)
            else:
                connection.sendall(data)

    return answer
