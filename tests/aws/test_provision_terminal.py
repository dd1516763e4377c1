"""At a terminal: questions before changes, progress, and what Ctrl-C leaves."""

import os
import pty
import select
import signal
import subprocess
import time

import pytest

import expectations
import program
from provisioning import (
    DONE,
    FAILED,
    REFUSED,
    changing,
    environment,
    result,
    spec_of,
    without_account,
)

LIMIT_S = 60


class Terminal:
    """The program with a terminal for its three standard files."""

    def __init__(self, provision, *words):
        settings = environment(provision.world.emulator)
        self._ours, theirs = pty.openpty()
        self.text = ""
        self._process = subprocess.Popen(
            [*program.command(), *map(str, words)],
            cwd=provision.home,
            env=without_account(provision.home, TERM="dumb", **settings),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def _more(self, seconds):
        """Read what is there; False: the other side is closed."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            read = os.read(self._ours, 65536)
        except OSError:
            return False
        self.text += read.decode("utf-8", "replace")
        return bool(read)

    def expect(self, text):
        end = time.monotonic() + LIMIT_S
        while text not in self.text:
            assert time.monotonic() < end, f"no {text!r} in {self.text}"
            assert self._more(0.2), f"no {text!r} in {self.text}"

    def type(self, text):
        os.write(self._ours, text.encode())

    def interrupt(self):
        self._process.send_signal(signal.SIGINT)

    def finish(self):
        end = time.monotonic() + LIMIT_S
        while self._more(0.2) and time.monotonic() < end:
            pass
        status = self._process.wait(LIMIT_S)
        os.close(self._ours)
        assert "Sanitizer" not in self.text, self.text
        assert "runtime error:" not in self.text, self.text
        return status


@pytest.fixture(name="at_terminal")
def _at_terminal(provision):
    def start(command, spec, *more):
        words = provision.words(command, spec, *more, form=None)
        return Terminal(provision, *(w for w in words if w != "--yes"))

    return start


def test_apply_asks_and_goes_ahead_with_yes(world, at_terminal):
    terminal = at_terminal("apply", spec_of(world))
    terminal.expect("Apply these changes?")
    assert "+ load_balancer" in terminal.text, terminal.text
    assert "CreateLoadBalancer" in terminal.text, terminal.text
    expectations.nothing(world)
    terminal.type("yes\n")
    assert terminal.finish() == DONE, terminal.text
    expectations.whole(world)
    assert "Done:" in terminal.text, terminal.text


@pytest.mark.parametrize("answer", ["no\n", "y\n", "\n", "YES\n", "\x04"])
def test_no_other_answer_is_a_yes(world, at_terminal, answer):
    terminal = at_terminal("apply", spec_of(world))
    terminal.expect("Apply these changes?")
    terminal.type(answer)
    assert terminal.finish() == REFUSED, terminal.text
    assert "nothing was changed" in terminal.text
    expectations.nothing(world)


def test_what_is_right_is_not_asked_about(world, provision, at_terminal):
    spec = spec_of(world)
    result(provision("apply", spec))
    terminal = at_terminal("apply", spec)
    assert terminal.finish() == DONE, terminal.text
    assert "Apply these changes?" not in terminal.text
    assert "No changes." in terminal.text, terminal.text


def test_destroy_wants_the_name(world, provision, at_terminal):
    spec = spec_of(world)
    result(provision("apply", spec))
    terminal = at_terminal("destroy", spec)
    terminal.expect("Type its name, orders-cache")
    terminal.type("yes\n")
    assert terminal.finish() == REFUSED, terminal.text
    expectations.whole(world)
    terminal = at_terminal("destroy", spec)
    terminal.expect("Type its name, orders-cache")
    assert "- load_balancer" in terminal.text, terminal.text
    terminal.type("orders-cache\n")
    assert terminal.finish() == DONE, terminal.text
    expectations.nothing(world)


def test_a_dry_run_asks_nothing(world, at_terminal):
    terminal = at_terminal("apply", spec_of(world), "--dry-run")
    assert terminal.finish() == 2, terminal.text
    assert "Plan: " in terminal.text and "?" not in terminal.text
    expectations.nothing(world)


def test_progress_is_told_by_step(world, provision):
    spec = spec_of(world)
    words = provision.words("apply", spec, form=None)
    terminal = Terminal(provision, *words)
    assert terminal.finish() == DONE, terminal.text
    told = terminal.text.split("orders-cache  ok")[0]
    for step in ("load_balancer", "endpoint_service", "endpoint (consumer)"):
        assert f"+ {step}" in told, terminal.text
    assert "1 call" in told, terminal.text


def test_an_interrupted_run_goes_on(world, provision):
    world.emulator.settings(delay_s={"balancer": 600})
    spec = spec_of(world)
    started = provision.start("apply", spec, "--timeout", "55s", form="text")
    end = time.monotonic() + LIMIT_S
    while not world.emulator.calls("CreateLoadBalancer"):
        assert time.monotonic() < end
        time.sleep(0.05)
    started.kill(signal.SIGINT)
    run = started.finish()
    assert run.status == FAILED, str(run)
    assert "run it again" in run.out, str(run)
    world.emulator.settings(delay_s={"balancer": 0.3})
    assert changing(world.emulator.calls())
    result(provision("apply", spec))
    expectations.whole(world)
