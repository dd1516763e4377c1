"""Running `linkprobe provision` over a path's file, and what it must keep to.

The program is the one that LINKPROBE names, or that of ./test, with
linkprobe-provision beside it.
"""

import copy
import json
import pathlib

import yaml

import program
from accounts import APP, PROVIDER, REGION, SECRETS

DONE, ATTENTION, CHANGES, REFUSED, FAILED = range(5)

# Whose changes a second run must not repeat.
CHANGING = (
    *("Create", "Modify", "Delete", "Register", "Deregister", "Authorize"),
    *("Revoke", "Accept", "Reject", "Start", "Add", "Remove", "Set"),
)


def available():
    try:
        folder = pathlib.Path(program.command()[-1]).resolve().parent
    except FileNotFoundError:
        return False
    places = (".", "../libexec/linkprobe")
    return any((folder / p / "linkprobe-provision").exists() for p in places)


def changing(rows):
    """The calls that changed, or would have changed, something."""
    return [row for row in rows if row["action"].startswith(CHANGING)]


def environment(emulator):
    """What a user's shell holds: where the emulator is, and no proxy."""
    return {
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CA_BUNDLE": "",
        "NO_PROXY": "*",
    }


def without_account(home, **more):
    """A bare environment: nothing of AWS's but what is given."""
    env = program.environment(home, **more)
    for name in list(env):
        if name.startswith("AWS_") and not more.get(name):
            del env[name]
    return env


def spec_of(world, **changes):
    """The file of a path between the two accounts of a world."""
    made = {
        "name": "orders-cache",
        "provider": {
            "profile": PROVIDER.profile,
            "account": PROVIDER.number,
            "region": REGION,
            "cache": {"replication_group": "test1", "endpoint": "primary"},
            "service": {"allowed_principals": [APP.arn]},
        },
        "consumer": {
            "profile": APP.profile,
            "region": REGION,
            "vpc": world.consumer.vpc,
        },
    }
    made = copy.deepcopy(made)
    for path, value in changes.items():
        put(made, path.split("__"), value)
    return made


def put(spec, path, value):
    """spec[a][b] = value of a__b; None takes the key away."""
    for key in path[:-1]:
        spec = spec.setdefault(key, {})
    if value is None:
        spec.pop(path[-1], None)
    else:
        spec[path[-1]] = value


class Provision:
    """The program in the environment of a user with both accounts."""

    def __init__(self, world, home, prefix=()):
        self.world, self.home, self._prefix = world, home, prefix
        self._count = 0

    def write(self, spec):
        """The file with this spec; what is a path already stays one."""
        if not isinstance(spec, dict):
            return spec
        self._count += 1
        path = self.home / f"path{self._count}.yml"
        path.write_text(yaml.safe_dump(spec, sort_keys=False))
        return path

    def words(self, command, spec, *more, form="json"):
        words = ["provision", command]
        if spec is not None:
            words += ["-f", str(self.write(spec))]
        if form and command not in ("token", "import", "export"):
            words += ["--format", form]
        if command not in ("token", "policy", "export", "import"):
            words += ["--dns", self.world.emulator.dns]
            words += ["--timeout", "30s"]
        if command in ("apply", "sync", "accept", "reject", "destroy"):
            words.append("--yes")
        return [*words, *more]

    def start(self, command, spec, *more, env=None, stdin=b"", **options):
        words = self.words(command, spec, *more, **options)
        settings = {**environment(self.world.emulator), **(env or {})}
        return program.Started(
            [*self._prefix, *program.command(), *map(str, words)],
            self.home,
            without_account(self.home, **settings),
            stdin,
        )

    def __call__(self, command, spec=None, *more, **options):
        """Run it to its end; nothing secret may be in what it prints."""
        run = self.start(command, spec, *more, **options).finish()
        assert DONE <= run.status <= FAILED, str(run)
        assert "Sanitizer" not in run.err, str(run)
        assert "runtime error:" not in run.err, str(run)
        for secret in SECRETS:
            assert secret not in run.out + run.err, str(run)
        return run

    def counted(self, command, spec, *more, **options):
        """(Run, the calls that it made)"""
        self.world.emulator.tell("clear")
        run = self(command, spec, *more, **options)
        return run, self.world.emulator.calls()


# As much of an object as is worth reading in a failure.
_TOLD = 700


def _line(step):
    words = (
        step["step"],
        step["consumer"] or "-",
        step["action"],
        step["status"],
        str(step["id"]),
        step["reason"] or "",
    )
    return "  " + " ".join(words)


def told(run):
    """What a test that fails has to say of a run: short, if it is JSON."""
    try:
        objects = run.objects()
    except ValueError:
        return str(run)
    lines = [f"$ {' '.join(map(str, run.words))}"]
    lines.append(f"exit status {run.status} after {run.seconds:.2f} s")
    for found in objects[:3]:
        verdict = found.get("verdict") or {}
        facts = {
            "status": found.get("status"),
            "error": found.get("error"),
            "verdict": verdict.get("id"),
            "fix": verdict.get("fix"),
            "path": found.get("path"),
        }
        lines.append(json.dumps(facts)[:_TOLD])
        lines += [
            _line(step)
            for step in found.get("steps", [])
            if step["status"] != "done"
        ]
    return "\n".join([*lines, run.err])


def result(run, status=DONE):
    """The object of a run that ended as it should."""
    assert run.status == status, told(run)
    found = run.object
    assert found["schema"] == "linkprobe.provision/1", told(run)
    return found


def steps(found):
    """{(step, consumer): its line}"""
    return {
        (line["step"], line["consumer"]): line for line in found["steps"]
    }


