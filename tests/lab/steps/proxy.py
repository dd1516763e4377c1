"""Steps of a load balancer that ends connections itself."""

import daemons
import topology
from steps.path import no_target


def listener(bind="", server="", to=(topology.PRIMARY, topology.PORT)):
    """The nodes' port is haproxy's; `bind` and `server` are its words."""

    def step(world):
        folder = world.new_folder()
        pem = folder / "node.pem"
        keys = world.certificate
        pem.write_text(keys.cert.read_text() + keys.key.read_text())
        port = topology.PORT
        words = bind.format(pem=pem)
        nodes = topology.NODE.values()
        lines = [f"bind {node}:{port} {words}" for node in nodes]
        lines.append(f"server cache {to[0]}:{to[1]} {server}")
        no_target()(world)
        world.later(topology.listen, world.spaces, ())
        topology.listen(world.spaces, (port,))
        with world.spaces.inside("nlb"):
            proxy = daemons.Haproxy(folder, [lines])
            world.later(proxy.stop)
            proxy.ready(topology.NODE["a"], port)

    return step
