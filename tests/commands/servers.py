"""Real servers on loopback, each with a folder of its own.

A server is started, waited for (a condition, never a time), and stopped by
its process id.  Where a distribution's package would start a service, the
program inside it is started by us instead.
"""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import places

SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def find(*names):
    """The first of these programs that there is, or None."""
    for name in names:
        path = shutil.which(name, path=SBIN)
        if path:
            return path
    return None


def wait_for(condition, what, seconds=15):
    """Until `condition()` is true; OSError counts as false."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            value = condition()
        except OSError:
            value = None
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"waited {seconds} s in vain: {what}")


def answers(host, port):
    with socket.create_connection((host, port), timeout=1):
        return True


class Server:
    """A process that serves; subclasses say how it is started."""

    def __init__(self, folder, words, prefix=()):
        self.folder = pathlib.Path(folder)
        self._log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            [*prefix, *map(str, words)],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def wait_until(self, condition, what):
        def alive():
            if self.process.poll() is not None:
                raise AssertionError(f"it ended: {self.log()}")
            return condition()

        try:
            return wait_for(alive, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None

    def log(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait(10)
        self._log.close()


def redis_program():
    """Redis' or Valkey's server and the name to start it by, or None.

    The packages with the tools hold the same program as those with the
    service: it looks at the name it was started by.  ENGINE chooses one.
    """
    engine = os.environ.get("ENGINE")
    for name in [engine] if engine else ["redis-server", "valkey-server"]:
        path = find(name, name.replace("server", "check-rdb"))
        if path:
            return path, name
    return None


class ReplyError(Exception):
    """An error reply, without its minus sign."""


class Client:
    """As much of a Redis client as the tests need."""

    def __init__(self, host, port, timeout=10):
        self._socket = socket.create_connection((host, port), timeout)
        self._stream = self._socket.makefile("rb")

    def send(self, *words):
        """A command whose reply nobody waits for."""
        words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
        request = b"*%d\r\n" % len(words)
        for word in words:
            request += b"$%d\r\n%s\r\n" % (len(word), word)
        self._socket.sendall(request)

    def __call__(self, *words):
        self.send(*words)
        reply = self._read()
        if isinstance(reply, ReplyError):
            raise reply
        return reply

    def _read(self):
        line = self._stream.readline().rstrip(b"\r\n")
        if not line:
            raise ConnectionError("closed")
        kind, rest = line[:1], line[1:]
        if kind == b"-":
            return ReplyError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return self._bulk(int(rest))
        if kind == b"*":
            return [self._read() for _ in range(int(rest))]
        return rest.decode()

    def _bulk(self, size):
        if size < 0:
            return None
        return self._stream.read(size + 2)[:-2]

    def close(self):
        self._stream.close()
        self._socket.close()


class Redis(Server):
    """A redis-server.  Options are those of its configuration file."""

    def __init__(self, folder, host=None, port=None, prefix=(), **options):
        self.host = host or places.address()
        self.port = places.port(self.host) if port is None else port
        self.password = options.get("requirepass")
        settings = {
            "bind": self.host,
            "port": self.port,
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "dir": str(folder),
        }
        settings.update((k.replace("_", "-"), v) for k, v in options.items())
        path = pathlib.Path(folder) / "redis.conf"
        path.write_text(
            "".join(f"{key} {value}\n" for key, value in settings.items())
        )
        program, name = redis_program()
        link = pathlib.Path(folder) / name
        if not link.exists():
            link.symlink_to(program)
        super().__init__(folder, [link, path], prefix)

    @property
    def target(self):
        return f"{self.host}:{self.port}"

    def client(self):
        client = Client(self.host.split()[0], self.port)
        if self.password:
            client("AUTH", self.password)
        return client

    def ready(self):
        self.wait_until(self._replies, "redis-server replies")
        return self

    def says_ready(self):
        """For one in a namespace, which cannot be reached from here."""
        self.wait_until(
            lambda: "eady to accept connections" in self.log(), "ready"
        )
        return self

    def _replies(self):
        """Any reply but LOADING: an error is an answer."""
        client = Client(self.host.split()[0], self.port)
        try:
            client("PING")
        except ReplyError as error:
            return not str(error).startswith("LOADING")
        finally:
            client.close()
        return True


class Dnsmasq(Server):
    """A name server for the zone demo.test, with dnsmasq's options."""

    def __init__(self, folder, *options, records=()):
        self.host = places.address()
        self.port = places.port(self.host)
        words = [
            find("dnsmasq"),
            "--no-daemon",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            f"--listen-address={self.host}",
            f"--port={self.port}",
            "--local=/demo.test/",
            "--local-ttl=60",
            *(f"--host-record={name},{where}" for name, where in records),
            *options,
        ]
        super().__init__(folder, words)
        self.wait_until(lambda: answers(self.host, self.port), "dnsmasq")

    @property
    def server(self):
        return f"{self.host}:{self.port}"


class Knot(Server):
    """An authoritative name server; `zones` is {name: text or None}.

    None stands for a zone whose file is missing: SERVFAIL.
    """

    def __init__(self, folder, zones):
        folder = pathlib.Path(folder)
        self.host = places.address()
        self.port = places.port(self.host)
        lines = [
            "server:",
            f"  rundir: {folder}",
            f"  listen: {self.host}@{self.port}",
            "database:",
            f"  storage: {folder}",
            "log:",
            "  - target: stderr",
            "    any: info",
            "zone:",
        ]
        for name, text in zones.items():
            lines += [f"  - domain: {name}", f"    file: {folder}/{name}.zone"]
            if text is not None:
                (folder / f"{name}.zone").write_text(text)
        (folder / "knot.conf").write_text("\n".join(lines) + "\n")
        words = [find("knotd"), "-c", folder / "knot.conf"]
        super().__init__(folder, words)
        self.wait_until(lambda: answers(self.host, self.port), "knotd")

    @property
    def server(self):
        return f"{self.host}:{self.port}"


class Stunnel(Server):
    """TLS in front of `to` (host, port)."""

    def __init__(self, folder, certificate, to):
        self.host = places.address()
        self.port = places.port(self.host)
        path = pathlib.Path(folder) / "stunnel.conf"
        path.write_text(
            "foreground = yes\npid =\n"
            "[redis]\n"
            f"accept = {self.host}:{self.port}\n"
            f"connect = {to[0]}:{to[1]}\n"
            f"cert = {certificate.cert}\nkey = {certificate.key}\n"
        )
        super().__init__(folder, [find("stunnel4", "stunnel"), path])
        self.wait_until(lambda: answers(self.host, self.port), "stunnel")

    @property
    def target(self):
        return f"{self.host}:{self.port}"


class Haproxy(Server):
    """A TCP proxy; `bind` and `server` are haproxy's words."""

    def __init__(self, folder, to, bind="", server=""):
        self.host = places.address()
        self.port = places.port(self.host)
        path = pathlib.Path(folder) / "haproxy.cfg"
        path.write_text(
            "global\n  nbthread 1\n"
            "defaults\n  mode tcp\n  retries 0\n  timeout connect 500ms\n"
            "  timeout client 20s\n  timeout server 20s\n"
            f"listen redis\n  bind {self.host}:{self.port} {bind}\n"
            f"  server cache {to[0]}:{to[1]} {server}\n"
        )
        super().__init__(folder, [find("haproxy"), "-db", "-f", path])
        self.wait_until(lambda: answers(self.host, self.port), "haproxy")

    @property
    def target(self):
        return f"{self.host}:{self.port}"


class Http(Server):
    """Python's own web server: something that is no cache."""

    def __init__(self, folder):
        self.host = places.address()
        self.port = places.port(self.host)
        words = ["/usr/bin/python3", "-m", "http.server"]
        super().__init__(
            folder, [*words, "--bind", self.host, str(self.port)]
        )
        self.wait_until(lambda: answers(self.host, self.port), "http.server")

    @property
    def target(self):
        return f"{self.host}:{self.port}"
