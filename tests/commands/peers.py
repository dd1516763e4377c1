"""Peers that only a script can play: silent, talkative, wrong.

Where a real server shows the fault, a real server is used (servers.py).
"""

import contextlib
import socket
import threading

import places


class Peer:
    """A TCP listener whose every connection is given to `serve`."""

    def __init__(self, serve, host=None):
        self.host = host or places.address()
        self._serve = serve
        self._listener = socket.create_server((self.host, 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._connections = []
        self._threads = []
        self.accepted = 0
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def target(self):
        return f"{self.host}:{self.port}"

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            self._connections.append(connection)
            thread = threading.Thread(
                target=self._run, args=(connection,), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _run(self, connection):
        # the program may leave at any moment: that is no fault of the peer
        with contextlib.suppress(OSError, ValueError), connection:
            self._serve(connection)

    def close(self):
        # shutdown() wakes accept(), close() alone does not
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in [self._accepting, *self._threads]:
            thread.join(5)


def commands(connection):
    """The commands that arrive, each a list of bytes."""
    with connection.makefile("rb") as stream:
        while line := stream.readline():
            words = []
            for _ in range(int(line[1:])):
                size = int(stream.readline()[1:])
                words.append(stream.read(size))
                stream.readline()
            yield words


def redis_like(**replies):
    """A server that answers as Redis would, but for `replies` (by command).

    A reply is bytes, or a function of the command's words and the store.
    """

    def answer(words, store):
        name = words[0].decode().upper()
        reply = replies.get(name)
        if callable(reply):
            return reply(words, store)
        return reply or _healthy(name, words, store)

    def serve(connection):
        store = {}
        for words in commands(connection):
            connection.sendall(answer(words, store))

    return serve


def _bulk(value):
    return b"$-1\r\n" if value is None else b"$%d\r\n%s\r\n" % (
        len(value),
        value,
    )


def _healthy(name, words, store):
    if name == "SET":
        store[words[1]] = words[2]
        return b"+OK\r\n"
    if name == "GET":
        return _bulk(store.get(words[1]))
    if name == "DEL":
        return b":%d\r\n" % (store.pop(words[1], None) is not None)
    if name == "ROLE":
        return b"*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"
    if name == "INFO":
        return _bulk(b"# Server\r\nredis_version:7.0.15\r\n")
    return b"+PONG\r\n" if name == "PING" else b"+OK\r\n"


def says(data, then_close=True):
    """Sends `data` unasked; then closes, or stays until the peer leaves."""

    def serve(connection):
        connection.sendall(data)
        if not then_close:
            while connection.recv(65536):
                pass

    return serve


def answers(data):
    """Reads once, sends `data`, then reads until the peer leaves."""

    def serve(connection):
        connection.recv(65536)
        connection.sendall(data)
        while connection.recv(65536):
            pass

    return serve


def floods(first, more):
    """Sends `first` and then `more` again and again, for ever."""

    def serve(connection):
        connection.recv(65536)
        connection.sendall(first)
        while True:
            connection.sendall(more)

    return serve


def reads_only(connection):
    """Takes all and says nothing."""
    while connection.recv(65536):
        pass


def closes(connection):
    """Closes as soon as it has read something."""
    connection.recv(65536)


def resets(connection):
    """Reads something, then resets."""
    connection.recv(65536)
    connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
    )


class Silence:
    """An address that answers no SYN, as behind a group that drops.

    A listener that never accepts and whose queue is full drops what comes.
    """

    def __init__(self, host=None, port=0):
        self.host = host or places.address()
        self._listener = socket.socket()
        self._listener.bind((self.host, port))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self._queued = []
        while self._fits():
            assert len(self._queued) < 64, "this kernel never says no"

    @property
    def target(self):
        return f"{self.host}:{self.port}"

    def _fits(self):
        """Only who was not let in twice, in a row, is not let in."""
        for _ in range(2):
            client = socket.socket()
            client.settimeout(0.2)
            self._queued.append(client)
            try:
                client.connect((self.host, self.port))
            except TimeoutError:
                continue
            return True
        return False

    def close(self):
        for client in self._queued:
            client.close()
        self._listener.close()


class Datagrams:
    """A UDP port whose datagrams are given to `answer`; None: no answer."""

    def __init__(self, answer=None):
        self.host = places.address()
        self._answer = answer
        self.port = places.port(self.host)
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind((self.host, self.port))
        self._socket.settimeout(0.05)
        self.received = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def server(self):
        return f"{self.host}:{self.port}"

    def _run(self):
        while not self._closing.is_set():
            try:
                data, sender = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            self.received += 1
            reply = self._answer and self._answer(data)
            if reply:
                self._socket.sendto(reply, sender)

    def close(self):
        self._closing.set()
        self._thread.join(5)
        self._socket.close()


def dns_reply(flags):
    """Answers every question with these two bytes of flags and no record."""

    def answer(data):
        return data[:2] + flags + data[4:6] + bytes(6) + question_of(data)

    return answer


def dns_address(address):
    """Answers every question with this IPv4 address."""
    record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + socket.inet_aton(address)

    def answer(data):
        return (
            data[:2]
            + b"\x81\x80\0\1\0\1\0\0\0\0"
            + question_of(data)
            + record
        )

    return answer


def question_of(data):
    end = 12
    while data[end]:
        end += data[end] + 1
    return data[12 : end + 5]
