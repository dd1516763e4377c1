"""The chain of credentials from both sides: ours, and botocore's.

Each test has a home of its own; nothing of the environment that runs the tests
is seen, but where programs are found.
"""

import json
import os
import pathlib
import subprocess

import emulated
import program

HERE = pathlib.Path(__file__).resolve().parent

_LIMIT_S = 90


def tool():
    """tests/show_credentials of the build whose program is tested; or None."""
    builds = [program.TOP / "build" / "dev"]
    try:
        builds.insert(0, program.program_path().parents[1])
    except FileNotFoundError:
        pass
    for build in builds:
        found = build / "tests" / "show_credentials"
        if found.exists():
            return str(found)
    return None


def environment(home, **more):
    """What both sides see."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
    env["AWS_EC2_METADATA_DISABLED"] = "true"
    env["AWS_REGION"] = env["AWS_DEFAULT_REGION"] = "us-west-2"
    for name, value in more.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = str(value)
    return env


class Oracle:
    """botocore, in a process of its own."""

    def __init__(self):
        self._process = subprocess.Popen(
            [emulated.python(), "-B", str(HERE / "oracle_credentials.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what, env, **more):
        asked = {"what": what, "env": env, **more}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class Answer:
    """What our side printed for one request."""

    def __init__(self, line):
        words = line.split(" ")
        self.line = line
        self.error = line.split(" ", 2)[2] if words[0] == "error" else None
        self.kind = words[1] if self.error is not None else None
        self.source, self.key, self.token = None, None, None
        if self.error is None:
            self.source, self.key = words[0], words[1]
            self.token = words[2] == "token"


class Chain:
    """A home, its files, and both sides' view of it."""

    def __init__(self, folder):
        self.home = folder / "home"
        (self.home / ".aws").mkdir(parents=True)
        self.variables = {}
        self.secrets = []
        self.prefix = []
        self.err = ""

    def write(self, config="", credentials=""):
        (self.home / ".aws" / "config").write_text(config)
        (self.home / ".aws" / "credentials").write_text(credentials)

    def file(self, name, text, mode=0o600):
        path = self.home / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def env(self):
        return environment(self.home, **self.variables)

    def run(self, *words):
        """show_credentials; none of the secrets may be seen."""
        env = self.env()
        env["ASAN_OPTIONS"] = "exitcode=99:detect_leaks=1"
        done = subprocess.run(
            [*self.prefix, tool(), *map(str, words)],
            env=env,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
        )
        assert done.returncode in (0, 1, 3), done.stdout + done.stderr
        for secret in self.secrets:
            assert secret not in done.stdout + done.stderr, done
        self.err = done.stderr
        return done.stdout.splitlines()

    def ours(self, *words):
        lines = self.run(*words)
        assert len(lines) == 1, lines
        return Answer(lines[0])

    def all_ours(self, *words):
        return [Answer(line) for line in self.run(*words)]


# Sources that make keys for each who asks.
_MAKERS = ("assume-role", "iam-role", "container-role")


def assert_same(ours, theirs):
    """Both found the same, or both found none."""
    if "error" in theirs:
        assert ours.error is not None, (ours.line, theirs)
        return
    assert ours.error is None, (ours.line, theirs)
    assert (ours.source, ours.token) == (theirs["source"], theirs["token"])
    if not theirs["source"].startswith(_MAKERS):
        assert ours.key == theirs["key"]
