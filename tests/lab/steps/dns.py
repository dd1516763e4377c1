"""Steps of the resolver, and of what the client knows by itself."""

import daemons
import names
import topology


def resolver(records=None, aliases=None, local=names.LOCAL, more=()):
    """The resolver says something else (names.py)."""

    def step(world):
        world.later(world.start_resolver, names.options())
        world.start_resolver(
            [*names.options(records, aliases, local), *more]
        )

    return step


def knot(**zones):
    """A name server with these zones is in the resolver's place."""
    zones = {zone.replace("_", ".") + ".": zones[zone] for zone in zones}

    def step(world):
        world.later(world.start_resolver, names.options())
        world.start_resolver(zones, daemons.Knot)

    return step


def no_resolver(world):
    """Nothing listens at the resolver's address."""
    world.resolver.stop()
    world.later(world.start_resolver, names.options())


def second_resolver(records):
    """One more resolver, which sees things differently."""

    def step(world):
        with world.spaces.inside("vpc"):
            made = daemons.Dnsmasq(
                world.new_folder(),
                topology.RESOLVER_2,
                names.options(records),
            )
            world.later(made.stop)
            made.ready()

    return step


def resolv_conf(*lines):
    """The client's resolv.conf has these lines, too."""

    def step(world):
        before = world.resolv_conf.read_text()
        world.later(world.resolv_conf.write_text, before)
        world.resolv_conf.write_text(before + "\n".join(lines) + "\n")

    return step


def hosts(*lines):
    """The client's /etc/hosts has these lines, too."""

    def step(world):
        before = world.hosts.read_text()
        world.later(world.hosts.write_text, before)
        world.hosts.write_text(before + "\n".join(lines) + "\n")

    return step
