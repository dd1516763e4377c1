"""A watch that runs, its events as they come, and a small terminal."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time

import program
from verdicts import OF_A_BUSY_MACHINE


def of_a_busy_machine(event):
    """Told of a target that is well, where this machine is not in time."""
    return event["event"] == "latency" or (
        event["event"] == "verdict"
        and not {event["from"], event["to"]}.isdisjoint(OF_A_BUSY_MACHINE)
    )


class Watching:
    """`linkprobe watch --format json`: wait for events, then stop it."""

    def __init__(self, home, *words, interval="50ms", env=None):
        line = [
            *program.command(),
            *("watch", "--format", "json", "--interval", interval),
            *("--timeout", "5s", "--deadline", "15s"),
            *map(str, words),
        ]
        self.events = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            line,
            cwd=home,
            env=program.environment(home, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.err = ""
        self._readers = [
            threading.Thread(target=read, daemon=True)
            for read in (self._read_events, self._read_errors)
        ]
        for reader in self._readers:
            reader.start()

    def _read_events(self):
        with self._process.stdout as lines:
            for line in lines:
                with self._news:
                    self.events.append(json.loads(line))
                    self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def _read_errors(self):
        with self._process.stderr as lines:
            for line in lines:
                with self._news:
                    self.err += line
                    self._news.notify_all()

    def _until(self, condition, what, seconds):
        with self._news:
            self._news.wait_for(
                lambda: condition() or not self._readers[0].is_alive(),
                seconds,
            )
            value = condition()
        told = [(e["event"], e["from"], e["to"]) for e in self.events]
        assert value, f"no {what} in {told}"
        return value

    def find(self, kind, after=0, that=None, **fields):
        """The first event of this kind, later than `after` of them."""
        for event in self.events[after:]:
            if (
                event["event"] == kind
                and all(event.get(k) == v for k, v in fields.items())
                and (that is None or that(event))
            ):
                return event
        return None

    def wait(self, kind, after=0, seconds=30, **fields):
        """The same, once it is there."""
        return self._until(
            lambda: self.find(kind, after, **fields),
            f"{kind} {fields}",
            seconds,
        )

    def believed(self):
        """The verdict of each target that has one by now."""
        return {
            event["target"]["name"]: event["to"]
            for event in self.events
            if event["event"] in ("start", "verdict")
            and not event.get("address")
        }

    def well(self, *names, seconds=30):
        """Until these targets are believed to be OK, or all that are known."""

        def are_well():
            now = self.believed()
            return now and all(
                now.get(name) == "OK" for name in names or now
            )

        self._until(are_well, f"OK of {names or 'all'}", seconds)

    def told(self):
        """The events, but for those of a busy machine."""
        return [e for e in self.events if not of_a_busy_machine(e)]

    def kinds(self):
        return [event["event"] for event in self.told()]

    def says(self, text, seconds=30):
        """Wait until standard error has `text`."""
        with self._news:
            told = self._news.wait_for(lambda: text in self.err, seconds)
        assert told, self.err

    def send(self, number):
        self._process.send_signal(number)

    def finish(self):
        """Wait for its end; the exit status.  No sanitizer may have spoken."""
        status = self._process.wait(30)
        for reader in self._readers:
            reader.join(30)
        assert "Sanitizer" not in self.err, self.err
        assert "runtime error:" not in self.err, self.err
        return status

    def stop(self, number=signal.SIGTERM):
        self.send(number)
        return self.finish()

    def close(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class Terminal:
    """As much of a terminal as a live view needs: cells of a screen."""

    _SEQUENCE = re.compile(r"\x1b\[(\??[0-9;]*)([A-Za-z])")

    def __init__(self, home, *words, lines=24, columns=80, **env):
        self.raw = ""
        self.size = (lines, columns)
        line = [*program.command(), "watch", *map(str, words)]
        env = program.environment(home, **{"TERM": "xterm", **env})
        env.pop("COLUMNS", None)
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.chdir(home)
            os.execvpe(line[0], line, env)
        self.resize(lines, columns)

    def resize(self, lines, columns):
        """The kernel tells the program, once, as for a real terminal."""
        self.size = (lines, columns)
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)

    def quiet(self):
        """Was nothing written for a moment, so that whole frames stand here?"""
        before = len(self.raw)
        return self.read() and len(self.raw) == before

    def read(self, seconds=0.05):
        """More of what is written; False at its end."""
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.raw += data.decode("utf-8", "replace")
        return bool(data)

    def wait(self, text, seconds=30):
        """Until `text` stands on the screen: its lines."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            lines = self.lines()
            if any(text in line for line in lines):
                return lines
        raise AssertionError(f"no {text!r} on {self.lines()}")

    def lines(self):
        """What stands on the alternate screen now, unpainted."""
        screen = {}
        row = 0
        at = 0
        text = self.raw.rsplit("\x1b[?1049h", 1)[-1]
        for found in self._SEQUENCE.finditer(text):
            if found.start() > at:
                screen[row] = screen.get(row, "") + text[at : found.start()]
            at = found.end()
            what, letter = found.groups()
            if letter == "J":
                screen = {}
            elif letter == "H":
                row = int(what.split(";")[0])
                screen[row] = ""
        last = max(screen, default=0)
        return [screen.get(n, "") for n in range(1, last + 1)]

    def end(self, number=signal.SIGINT):
        """End it; the exit status and what it left on the first screen."""
        os.kill(self.pid, number)
        while self.read(5):
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self._fd)
        self.pid = 0
        left = self.raw.rsplit("\x1b[?1049l", 1)[-1]
        return os.waitstatus_to_exitcode(status), left.replace("\r\n", "\n")

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self._fd)
