"""python3 -m emulator --control SOCKET [--with PID]

Prints {"url", "dns"} once it serves; ends when its standard input does.
"""

import argparse
import json
import logging
import os
import sys
import threading

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="unused",
    AWS_SECRET_ACCESS_KEY="unused",
    AWS_EC2_METADATA_DISABLED="true",
    # thousands an account, which no path has a use for
    MOTO_EC2_LOAD_DEFAULT_AMIS="false",
)

# pylint: disable=wrong-import-position
import moto  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402

# fmt: off
from emulator import (  # noqa: E402, F401
    balancers, caches, callers, census, connections, endpoints, names,
    network, services, targets,
)
# fmt: on
from emulator.control import Control  # noqa: E402
from emulator.gate import Gate  # noqa: E402
from emulator.reader import Reader  # noqa: E402
from emulator.world import World  # noqa: E402


def end_with_input():
    """Whoever started us holds the other end; it closes when he ends."""

    def watch():
        while os.read(0, 4096):
            pass
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def main():
    parser = argparse.ArgumentParser(prog="emulator", description=__doc__)
    parser.add_argument("--control", required=True, metavar="SOCKET")
    arguments = parser.parse_args()
    if not moto.__version__.startswith("5.2."):
        sys.exit(f"moto 5.2 is what this extends, not {moto.__version__}")
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    gate = Gate(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, gate, threaded=True)
    world = World()
    world.start()
    facts = {
        "url": f"http://127.0.0.1:{server.server_port}",
        "dns": f"127.0.0.1:{names.serve()}",
    }
    Control(gate, world, Reader(facts["url"]), facts).serve(
        arguments.control
    )
    end_with_input()
    print(json.dumps(facts), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
