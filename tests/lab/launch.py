"""Making a lab, and going into one."""

import contextlib
import os
import pathlib
import select
import subprocess
import sys

import door
import servers
import spaces

_KEEPER = pathlib.Path(__file__).with_name("keeper.py")

# What a lab cannot be without: {program: Debian's package}
_NEEDED = {
    "unshare": "util-linux",
    "ip": "iproute2",
    "nft": "nftables",
    "dnsmasq": "dnsmasq-base",
    "openssl": "openssl",
}

# Who is not root becomes root of a user namespace, which owns the others.
_USER = ["--user", "--map-root-user"]

# No lab takes longer to end.
_END_S = 15


class Impossible(Exception):
    """This machine, or this user, can have no lab; the text says why."""


def _missing():
    missing = [p for n, p in _NEEDED.items() if not servers.find(n)]
    if not servers.redis_program():
        missing.append("redis-tools")
    return missing


def _namespaces():
    """The words that make what a lab lives in."""
    words = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    words += ["--propagation", "unchanged"]
    return words + (_USER if os.geteuid() != 0 else [])


def why_not():
    """Why there can be no lab here, or None."""
    missing = _missing()
    if missing:
        return "missing packages: " + " ".join(missing)
    trial = "ip link set lo up && nft list ruleset"
    done = subprocess.run(
        [*_namespaces(), "--net", "sh", "-c", trial],
        env={**os.environ, "PATH": servers.SBIN},
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        return "no right to make namespaces: " + done.stderr.strip()
    return None


def up(lab, with_pid=None):
    """Make `lab`.  It stays until down(), or ends with that process.

    Gives the child process that stands for the lab while it is up.
    """
    reason = why_not()
    if reason:
        raise Impossible(reason)
    ours, report = os.pipe()
    passed = [report]
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, ours)
        if with_pid:
            passed.append(os.pidfd_open(with_pid))
            stack.callback(os.close, passed[-1])
        process = _start(lab, passed)
        os.close(report)
        word = _read_word(ours)
    kind, _, text = word.partition(" ")
    if kind == "skip":
        raise Impossible(text)
    if kind != "up":
        raise RuntimeError(text or "the lab died while it was made")
    return process


def _start(lab, passed):
    arguments = [door.address(lab), *map(str, passed)]
    # a session of its own: Ctrl-C in a terminal is not meant for the lab
    return subprocess.Popen(
        [*_namespaces(), sys.executable, "-B", str(_KEEPER), *arguments],
        pass_fds=passed,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _read_word(descriptor):
    """Up to a NUL, or the end: unshare keeps the other end open, too."""
    text = b""
    while not text.endswith(b"\0") and (part := os.read(descriptor, 65536)):
        text += part
    return text.rstrip(b"\0").decode()


def down(lab):
    """End `lab`; when this is back, nothing of it is left."""
    keeper = door.pid_of(lab)
    # unshare, which waits for the keeper, is the last to end
    pidfd = os.pidfd_open(parent_of(keeper))
    door.ask(lab, do="down")
    select.select([pidfd], [], [], _END_S)
    os.close(pidfd)


def parent_of(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    (line,) = (s for s in status.splitlines() if s.startswith("PPid:"))
    return int(line.split()[1])


def go_into(lab, space):
    """This process goes into `space` of `lab`; gives what status() gives."""
    answer, entered = door.ask(lab, do="enter", space=space)
    user, mounts, root, network = entered
    folder = os.getcwd()
    if os.geteuid() != 0:
        spaces.enter(user)
    spaces.enter(network)
    spaces.enter(mounts)
    os.fchdir(root)
    os.chroot(".")
    with contextlib.suppress(OSError):
        os.chdir(folder)
    return answer


def prefix(lab):
    """Words that run what follows them inside the client."""
    words = ["nsenter", "--target", str(door.pid_of(lab))]
    words += ["--mount", "--net", "--root"]
    if os.geteuid() != 0:
        words += ["--user", "--preserve-credentials"]
    return words
