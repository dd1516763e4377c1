"""`linkprobe serve`, started by a test and asked by real HTTP clients."""

import gzip
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import urllib.parse

import pytest

import exposition
import places
import program
import servers

OPEN = (
    "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
)


# What a machine that stands still for a while does not use up; words of the
# test come behind it and go before it.
PATIENT = ("--timeout", "10s", "--deadline", "20s")


class Exporter:
    """A running exporter; words are those after `serve`."""

    def __init__(self, folder, home, *words, env=None, config=None, **more):
        self.folder = pathlib.Path(folder)
        self.host = places.address()
        self.port = places.port(self.host)
        self.context = None
        if config is not None:
            path = self.folder / "linkprobe.yml"
            path.write_text(config)
            words = ("--config", path, *words)
        self._log = open(self.folder / "serve.log", "ab")
        self.words = [
            *program.command(),
            *("serve", "--listen", f"{self.host}:{self.port}"),
            *PATIENT,
            *map(str, words),
        ]
        self.process = subprocess.Popen(
            self.words,
            cwd=self.folder,
            env=program.environment(home, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            **more,
        )

    def log(self):
        return (self.folder / "serve.log").read_text(errors="replace")

    def wait_until(self, condition, what, seconds=20):
        def alive():
            assert self.process.poll() is None, f"it ended: {self.log()}"
            return condition()

        try:
            return servers.wait_for(alive, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()}") from None

    def listening(self):
        self.wait_until(
            lambda: "msg=listening" in self.log(), "it is listening"
        )
        return self

    def ready(self):
        """Until each target has been checked once."""
        self.listening()
        self.wait_until(
            lambda: self.get("/-/ready").status == 200, "it is ready"
        )
        return self

    def connection(self, timeout=20):
        if self.context:
            return http.client.HTTPSConnection(
                self.host, self.port, timeout=timeout, context=self.context
            )
        return http.client.HTTPConnection(
            self.host, self.port, timeout=timeout
        )

    def get(self, path, method="GET", headers=None, body=None, **query):
        """An answer with `status`, `headers` and `body`."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        connection = self.connection()
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            answer.body = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                answer.body = gzip.decompress(answer.body)
            return answer
        finally:
            connection.close()

    def metrics(self):
        answer = self.get("/metrics")
        assert answer.status == 200, answer.body
        return exposition.read_text(answer.body)

    def probe(self, target, headers=None, **query):
        answer = self.get("/probe", headers=headers, target=target, **query)
        assert answer.status == 200, answer.body
        return exposition.read_text(answer.body)

    def verdict(self, target, **query):
        """What /probe finds: the labels of the verdict."""
        page = self.probe(target, **query)
        return page.labels("linkprobe_verdict_info")[0]

    def passes(self, target, **query):
        """Until it is plainly OK: a busy machine may be slow once.  The page.
        """

        def passing():
            page = self.probe(target, **query)
            found = page.labels("linkprobe_verdict_info")
            return page if found[0]["id"] == "OK" else None

        return self.wait_until(passing, "it is OK")

    def in_time(self, seconds=1):
        """Until no check of the last interval or two began later than that:
        a machine that stood still is late once, a schedule for ever."""

        def lag():
            return self.metrics().value("linkprobe_schedule_lag_seconds")

        self.wait_until(lambda: lag() < seconds, "checks begin in time")

    def reload(self):
        return self.get("/-/reload", method="POST")

    def raw(self, data=b"", timeout=20):
        """A bare connection that has sent `data`."""
        made = socket.create_connection((self.host, self.port), timeout)
        made.sendall(data)
        return made

    def stop(self, number=signal.SIGTERM):
        """Its exit status; no sanitizer may have spoken."""
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        try:
            status = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"it does not end: {self.log()}") from None
        assert "Sanitizer" not in self.log(), self.log()
        assert "runtime error:" not in self.log(), self.log()
        return status

    def close(self):
        status = self.stop()  # also of one that has ended by itself
        assert status == 0, f"status {status}: {self.log()}"
        self._log.close()


def targets_file(path, *groups):
    """Write a file_sd file; a group is (targets, labels)."""
    path.write_text(
        json.dumps([{"targets": t, "labels": l} for t, l in groups])
    )
    return path


@pytest.fixture
def serve(starter, home):
    """An exporter: serve("--targets", file, config="..."), listening."""

    def start(*words, config=None, wait=True, **options):
        if config is None:
            words = ("--no-config", *words)
        made = Exporter(
            starter.new_folder(), home, *words, config=config, **options
        )
        starter.keep(made, made.close)
        return made.listening() if wait else made

    return start
