"""Steps of the network: rules, routes, kernels, and who leads where."""

import socket

import spaces
import topology

# struct linger: close() resets, and no TIME_WAIT is left
_RESET = b"\1\0\0\0\0\0\0\0"


def rule(space, chain, text):
    """A rule in a chain of the faults' table (topology.py)."""

    def step(world):
        world.later(topology.fault_rules_end, world.spaces, space)
        topology.fault_rule(world.spaces, space, chain, text)

    return step


def ip(space, do, undo):
    """A line for `ip`, and the one that takes it back."""

    def step(world):
        world.spaces.ip(space, do)
        world.later(world.spaces.ip, space, undo)

    return step


def at_end(space, *lines):
    """Lines for `ip` when the fault ends."""
    return lambda world: world.later(world.spaces.ip, space, *lines)


def sysctl(space, key, value):
    def step(world):
        before = world.spaces.sysctl(space, key, value)
        world.later(world.spaces.sysctl, space, key, before)

    return step


def shaped(space, link, rate):
    """A link that lets no more through; `rate` is tc's word for tbf."""

    def step(world):
        words = ("root", "tbf", *rate.split())
        try:
            world.spaces.run(space, "tc", "qdisc", "add", "dev", link, *words)
        except spaces.Failed as error:
            raise spaces.Unavailable(str(error)) from error
        world.later(
            world.spaces.run, space, "tc", "qdisc", "del", "dev", link, "root"
        )

    return step


def point(address, port=None, zones="ab"):
    """The listeners of these zones lead there."""

    def step(world):
        world.later(world.point, world.targets)
        targets = {
            (zone, listener): (
                (address, port or listener) if zone in zones else target
            )
            for (zone, listener), target in world.targets.items()
        }
        world.point(targets)

    return step


def no_target(zones="ab"):
    """The nodes of these zones have nowhere to lead to."""

    def step(world):
        world.later(world.point, world.targets)
        world.point(
            {
                (zone, port): target
                for (zone, port), target in world.targets.items()
                if zone not in zones
            }
        )

    return step


def held(count):
    """The client holds so many connections to each endpoint address."""

    def step(world):
        for address in topology.ENI.values():
            for _ in range(count):
                with world.spaces.inside("client"):
                    made = socket.create_connection(
                        (address, topology.PORT), timeout=5
                    )
                # its port is free again when the fault ends
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                world.later(made.close)

    return step
