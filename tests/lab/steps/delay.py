"""A step that makes packets late: the kernel's own netem is often absent."""

import pathlib
import subprocess

import servers
import spaces
import topology

_SOURCE = pathlib.Path(__file__).parents[1] / "delay.c"


def delay(zone, mean_ms, jitter_ms):
    """Each packet to and from a zone's node takes so much longer."""

    name = f"delay-{zone}"
    net, via = {
        "a": ("198.18.31", "198.18.21.2"),
        "b": ("198.18.32", "198.18.22.2"),
    }[zone]

    def step(world):
        process = _start_delay(world, name, mean_ms, jitter_ms)
        world.later(process.wait)
        world.later(process.kill)
        for space, number in (("vpc", 1), ("nlb", 2)):
            world.spaces.ip(
                space,
                f"addr add {net}.{number}/24 dev {name}",
                f"link set {name} mtu {topology.MTU} up",
            )
        route = f"route replace {topology.NODE[zone]}"
        world.spaces.ip("vpc", f"{route} dev {name}")
        world.later(world.spaces.ip, "vpc", f"{route} via {via}")

    return step


def _start_delay(world, name, mean_ms, jitter_ms):
    program = world.folder / "delay"
    compiler = servers.find("cc", "gcc", "clang")
    if not pathlib.Path("/dev/net/tun").exists():
        raise spaces.Unavailable("there is no /dev/net/tun")
    if not program.exists():
        if not compiler:
            raise spaces.Unavailable("no C compiler, for delay.c")
        words = [compiler, "-D_GNU_SOURCE", "-O2", "-o", program, _SOURCE]
        subprocess.run(words, check=True)
    ends = [world.spaces.descriptor(space) for space in ("vpc", "nlb")]
    process = subprocess.Popen(
        [program, name, str(mean_ms), str(jitter_ms), *map(str, ends)],
        pass_fds=ends,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if process.stdout.readline() != b"ready\n":
        raise spaces.Unavailable(process.stderr.read().decode().strip())
    return process
