"""Network namespaces: routes and firewalls that loopback cannot show.

Made with unshare, as root or with an unprivileged user namespace; where
neither is allowed the tests that need one are skipped.
"""

import os
import subprocess

import servers

_UNSHARE = {
    True: ["unshare", "--net"],
    False: ["unshare", "--user", "--map-root-user", "--net"],
}


def allowed():
    words = [*_UNSHARE[os.geteuid() == 0], "true"]
    try:
        return subprocess.run(words, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


class Namespace:
    """A namespace that lives until close(); `prefix` runs words in it."""

    def __init__(self):
        root = os.geteuid() == 0
        # unshare becomes the command: its process is in the namespace
        self._keeper = subprocess.Popen(
            [*_UNSHARE[root], "cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        # an echo proves that the namespace is there
        self._keeper.stdin.write(b"!")
        self._keeper.stdin.flush()
        self._keeper.stdout.read(1)
        self.prefix = ["nsenter", "--target", str(self._keeper.pid), "--net"]
        if not root:
            self.prefix += ["--user", "--preserve-credentials"]
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *words, **options):
        return subprocess.run(
            [*self.prefix, servers.find(words[0]), *words[1:]],
            check=True,
            capture_output=True,
            **options,
        )

    def nft(self, rules):
        self.run("nft", "-f", "-", input=rules.encode())

    def close(self):
        self._keeper.stdin.close()
        self._keeper.wait(10)
        self._keeper.stdout.close()
