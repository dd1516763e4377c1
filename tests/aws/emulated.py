"""The emulator as tests see it: a process, and words for it.

It needs a Python that has moto 5.2, which is rarely the one of pytest:
LINKPROBE_MOTO names it, else python3 of PATH and build/moto are tried.
"""

import functools
import json
import os
import pathlib
import select
import shutil
import socket
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]

_HAS_MOTO = "import moto, sys; sys.exit(moto.__version__[:4] != '5.2.')"

# Importing moto and botocore's models, on a machine that is busy.
_START_S = 120
_ANSWER_S = 90


class Error(Exception):
    """What the emulator could not do; `code` is AWS's, if it has one."""

    def __init__(self, text, code=None):
        super().__init__(text)
        self.code = code


def _has_moto(python):
    done = subprocess.run([python, "-c", _HAS_MOTO], capture_output=True)
    return done.returncode == 0


@functools.cache
def python():
    """The interpreter that has moto, or None."""
    candidates = [
        os.environ.get("LINKPROBE_MOTO"),
        shutil.which("python3"),
        str(TOP / "build" / "moto" / "bin" / "python3"),
        "/usr/bin/python3",
    ]
    for candidate in candidates:
        if candidate and os.path.exists(candidate) and _has_moto(candidate):
            return candidate
    return None


class Control:
    """A connection to an emulator's control socket."""

    def __init__(self, path):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_ANSWER_S)
        connection.connect(path)
        self._stream = connection.makefile("rwb")
        connection.close()

    def tell(self, verb, **arguments):
        """A verb of emulator/control.py; gives its value."""
        line = json.dumps({"do": verb, **arguments}).encode()
        self._stream.write(line + b"\n")
        self._stream.flush()
        answer = json.loads(self._stream.readline())
        if "error" in answer:
            raise Error(answer["error"], answer["code"])
        return answer["value"]

    def settings(self, **changes):
        self.tell("settings", **changes)

    def close(self):
        self._stream.close()


class Emulator(Control):
    """A running emulator; it ends with close(), or with this process."""

    def __init__(self, folder, prefix=()):
        self._path = str(folder / "control")
        self._log = open(folder / "emulator.log", "ab")
        self.process = subprocess.Popen(
            [*prefix, python(), "-B", "-m", "emulator"]
            + ["--control", self._path],
            env={**os.environ, "PYTHONPATH": str(HERE)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        ready, _, _ = select.select([self.process.stdout], [], [], _START_S)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            text = (folder / "emulator.log").read_text(errors="replace")
            raise Error(f"the emulator did not start:\n{text}")
        facts = json.loads(line)
        self.url, self.dns = facts["url"], facts["dns"]
        super().__init__(self._path)

    def another(self):
        """A connection of its own, for another thread."""
        return Control(self._path)

    def faults(self, *rules, seed=1):
        self.tell("faults", rules=rules, seed=seed)

    def calls(self, action=None, account=None):
        """The calls so far, of that action and account."""
        return [
            row
            for row in self.tell("calls")["rows"]
            if action in (None, row["action"])
            and account in (None, row["account"])
        ]

    def actions(self):
        return [row["action"] for row in self.calls()]

    def failures(self):
        """Signatures and parameters that were wrong."""
        return self.tell("calls")["failures"]

    def close(self):
        super().close()
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        self._log.close()
