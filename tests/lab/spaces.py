"""Network namespaces without names.

They are held open by descriptors of the process that made them and by
nothing else, so they end with it, however it ends.
"""

import contextlib
import ctypes
import os
import pathlib
import subprocess

import servers

NEW_NET = 0x40000000

# flags of mount(2)
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000

_libc = ctypes.CDLL(None, use_errno=True)


class Unavailable(Exception):
    """What this machine, or this user's rights, do not give."""


class Failed(Exception):
    """A command in a namespace that did not do what it was asked to."""


def _system(name, *arguments):
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def mount(source, target, kind=None, flags=0, data=None):
    words = [
        word if word is None else os.fsencode(word)
        for word in (source, target, kind)
    ]
    data = None if data is None else os.fsencode(data)
    _system("mount", *words, ctypes.c_ulong(flags), data)


def enter(descriptor):
    """This thread goes over into the namespace behind `descriptor`."""
    _system("setns", descriptor, 0)


class Spaces:
    """The network namespaces `names`; this process is in the first."""

    def __init__(self, names):
        self._descriptors = {}
        for name in names:
            _system("unshare", NEW_NET)
            self._descriptors[name] = os.open(
                "/proc/self/ns/net", os.O_RDONLY
            )
        self._home = self._here = self._descriptors[names[0]]
        enter(self._home)

    def descriptor(self, name):
        return self._descriptors[name]

    @contextlib.contextmanager
    def inside(self, name):
        """Sockets made and processes started here are in `name`."""
        before = self._here
        self._here = self._descriptors[name]
        enter(self._here)
        try:
            yield
        finally:
            self._here = before
            enter(before)

    def run(self, name, *words, stdin=""):
        """Run `words` in namespace `name`; gives what they print."""
        with self.inside(name):
            done = subprocess.run(
                [servers.find(words[0]), *words[1:]],
                input=stdin,
                text=True,
                capture_output=True,
                pass_fds=self._descriptors.values(),
            )
        if done.returncode != 0:
            line = " ".join(words)
            raise Failed(f"{name}: {line}: {done.stderr.strip()}\n{stdin}")
        return done.stdout

    def ip(self, name, *lines):
        """Lines for `ip`; {NAME} in them stands for that namespace."""
        paths = {
            name: f"/proc/self/fd/{descriptor}"
            for name, descriptor in self._descriptors.items()
        }
        text = "".join(line.format(**paths) + "\n" for line in lines)
        return self.run(name, "ip", "-batch", "-", stdin=text)

    def nft(self, name, text):
        return self.run(name, "nft", "-f", "-", stdin=text)

    def sysctl(self, name, key, value=None):
        """Set `key` of the namespace; gives what it was before."""
        path = pathlib.Path("/proc/sys/net", key)
        with self.inside(name):
            before = path.read_text().strip()
            if value is not None:
                path.write_text(str(value))
        return before
