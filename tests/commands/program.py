"""Running linkprobe, and what every run of it must keep to.

The program is the one that LINKPROBE names, which may have words before it
("valgrind -q .../linkprobe"); else the build of ./test.
"""

import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parents[2]

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3

# Whatever a test runs on, no run of the program may take longer.
LIMIT_S = 60

# What the environment of a user may hold and a test must not.
_FOREIGN = re.compile(
    r"LINKPROBE|REDISCLI_AUTH|CREDENTIALS_DIRECTORY|XDG_|NO_COLOR|LC_|LANG"
)


def command():
    """The words that start the program."""
    named = os.environ.get("LINKPROBE")
    if named:
        return shlex.split(named)
    for build in ("dev", "release"):
        program = TOP / "build" / build / "bin" / "linkprobe"
        if program.exists():
            return [str(program)]
    raise FileNotFoundError("no program: run ./test, or set LINKPROBE")


def program_path():
    return pathlib.Path(command()[-1])


def environment(home, **more):
    """A bare environment whose home is empty."""
    env = {k: v for k, v in os.environ.items() if not _FOREIGN.match(k)}
    env.update(HOME=str(home), XDG_CONFIG_HOME=str(home), LC_ALL="C.UTF-8")
    env["ASAN_OPTIONS"] = "exitcode=99:detect_leaks=1"
    env["UBSAN_OPTIONS"] = "print_stacktrace=1"
    env.update(more)
    return env


class Run:
    """A run that has ended: status, out, err, seconds, peak memory."""

    def __init__(self, words, status, out, err, seconds, peak_kib):
        self.words = words
        self.status = status
        self.out = out
        self.err = err
        self.seconds = seconds
        self.peak_kib = peak_kib

    def objects(self):
        """The JSON objects on standard output, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def object(self):
        objects = self.objects()
        assert len(objects) == 1, f"one object expected: {self}"
        return objects[0]

    def within(self, seconds):
        """In time?  Under another program (valgrind) it may take longer."""
        return self.seconds < seconds * (10 if len(command()) > 1 else 1)

    def __str__(self):
        return (
            f"$ {shlex.join(map(str, self.words))}\n"
            f"exit status {self.status} after {self.seconds:.2f} s\n"
            f"--- stdout\n{self.out}--- stderr\n{self.err}---"
        )


def _hear_signals():
    """A shell lets what runs in the background ignore the interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Started:
    """A run that goes on: finish() waits for it, kill() ends it."""

    def __init__(self, words, cwd, env, stdin=b""):
        self.words = words
        self._files = [tempfile.TemporaryFile() for _ in range(3)]
        self._files[0].write(stdin)
        self._files[0].seek(0)
        self._began = time.monotonic()
        self.process = subprocess.Popen(
            words,
            cwd=cwd,
            env=env,
            stdin=self._files[0],
            stdout=self._files[1],
            stderr=self._files[2],
            preexec_fn=_hear_signals,
        )
        self.pid = self.process.pid
        self._timer = threading.Timer(LIMIT_S, self.process.kill)
        self._timer.start()

    def finish(self):
        # wait4() and not Popen.wait(): it tells the peak memory, too
        _, wait_status, usage = os.wait4(self.pid, 0)
        self._timer.cancel()
        self.process.returncode = os.waitstatus_to_exitcode(wait_status)
        seconds = time.monotonic() - self._began
        out, err = (self._read(f) for f in self._files[1:])
        return Run(
            self.words,
            self.process.returncode,
            out,
            err,
            seconds,
            usage.ru_maxrss,
        )

    def runs(self):
        """It is left for finish() to wait for."""
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, how) is None

    def kill(self, signal_number):
        os.kill(self.pid, signal_number)

    @staticmethod
    def _read(file):
        file.seek(0)
        text = file.read().decode("utf-8", "surrogateescape")
        file.close()
        return text


def start(*words, home, stdin="", env=None, prefix=(), name=None):
    """Start the program with `words`; `name` is another argv[0]."""
    line = [*prefix, *command(), *map(str, words)]
    if name:
        line = [*prefix, str(name), *map(str, words)]
    if isinstance(stdin, str):
        stdin = stdin.encode()
    return Started(line, home, environment(home, **(env or {})), stdin)


def run(*words, **options):
    """Run it to its end.  No sanitizer may speak, no signal may end it."""
    result = start(*words, **options).finish()
    assert result.status in (OK, WARNING, CRITICAL, UNKNOWN), str(result)
    assert "Sanitizer" not in result.err, str(result)
    assert "runtime error:" not in result.err, str(result)
    return result
