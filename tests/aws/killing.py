"""Ending a program between two of its calls, and what comes after.

The emulator holds the nth call, before it has any effect or after it had
all of it; the program is killed while it waits for the reply.
"""

import signal

import expectations
import provisioning
import servers

BEFORE, AFTER = "before", "after"


def kill_at(provision, command, spec, nth, when):
    """Was it killed there?  False: it came to its end before."""
    emulator = provision.world.emulator
    emulator.tell("clear")
    emulator.faults({"do": "hold", "when": when, "nth": nth})
    started = provision.start(command, spec)

    def held_or_ended():
        held = emulator.tell("wait_held", timeout_s=0.05)
        return held or _ended(started)

    servers.wait_for(held_or_ended, f"call {nth} of {command}", 60)
    held = emulator.tell("wait_held", timeout_s=0)
    if held:
        started.kill(signal.SIGKILL)
    # the process goes before the call does
    run = started.finish()
    emulator.faults()
    emulator.tell("quiet")
    if not held:
        assert run.status in (0, 1), provisioning.told(run)
    return bool(held)


def _ended(started):
    """Has it become a zombie?"""
    with open(f"/proc/{started.pid}/stat", encoding="utf-8") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "Z"


def converges(provision, command, spec, check, tries=1):
    """The next run ends well, with exactly what must be there."""
    for _ in range(tries):
        run = provision(command, spec)
    assert run.status == provisioning.DONE, provisioning.told(run)
    check(provision.world)
    return run


def prepare(provision, command, spec):
    """What must be there before `command` has something to do."""
    world = provision.world
    if command in ("sync", "destroy"):
        run = provision("apply", spec)
        assert run.status == provisioning.DONE, provisioning.told(run)
    if command == "sync":
        world.fail_over()


def check_after(command):
    if command == "destroy":
        return expectations.nothing
    if command == "sync":
        return lambda world: expectations.provider_side(
            world, targets=[f"{world.nodes.addresses[1]}:6379"]
        )
    return expectations.whole
