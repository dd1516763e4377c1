"""The fixtures of tests/commands, and the daemons of monitoring systems."""

import importlib.util
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
COMMANDS = HERE.parent / "commands"
sys.path[:0] = [str(HERE), str(COMMANDS)]


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_commands = _load("commands_conftest", COMMANDS / "conftest.py")
_guides = _load("commands_guides", COMMANDS / "test_guides.py")

# Two modules of that name cannot be imported, so the fixtures are named.
starter = _commands.starter
home = _commands.home
linkprobe = _commands.linkprobe
redis = _commands.redis
dnsmasq = _commands.dnsmasq
silence = _commands.silence
datagrams = _commands.datagrams
haproxy = _commands.haproxy
stunnel = _commands.stunnel
authority = _commands.authority
peer = _commands.peer
check = _commands.check
shell = _guides.shell

# pylint: disable=wrong-import-position
from exporters import serve  # noqa: E402,F401
from daemons import icinga, nagios, prometheus  # noqa: E402,F401


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: only of the long tier")


def pytest_runtest_logreport(report):
    """Each result as a line of TAP, for the runner that counts them."""
    path = os.environ.get("LINKPROBE_TAP")
    # a worker of xdist tells the one that started it, which tells us
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not path or (report.when != "call" and report.passed):
        return
    name = report.nodeid.removeprefix("tests/monitoring/")
    with open(path, "a", encoding="utf-8") as tap:
        if report.skipped:
            reason = report.longrepr[-1].removeprefix("Skipped: ")
            tap.write(f"ok - {name} # SKIP {reason}\n")
        elif report.failed:
            text = str(report.longrepr).replace("\n", "\n# ")
            tap.write(f"not ok - {name}\n# {text}\n")
        else:
            tap.write(f"ok - {name}\n")
