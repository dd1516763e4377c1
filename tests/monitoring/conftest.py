"""The fixtures of tests/commands, and the daemons of monitoring systems."""

import importlib.util
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
from tap import pytest_runtest_logreport  # noqa: E402,F401


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: only of the long tier")
