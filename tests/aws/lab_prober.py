"""Inside a namespace of the lab: connects, and speaks with a cache.

A line of JSON there, one back: {"connect": [address, port]} gives "open",
"refused" or "silent"; {"call": [address, port, word, ...]} gives the reply.
"""

import json
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "commands"))

# pylint: disable=wrong-import-position
import servers  # noqa: E402


def connect(address, port):
    try:
        with socket.create_connection((address, port), 0.3):
            return "open"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "silent"


def call(address, port, *words):
    client = servers.Client(address, port, 5)
    try:
        return client(*words)
    finally:
        client.close()


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "connect" in request:
                answer = connect(*request["connect"])
            else:
                answer = call(*request["call"])
        except (OSError, servers.ReplyError) as error:
            answer = f"error: {error}"
        print(json.dumps(answer, default=repr), flush=True)


if __name__ == "__main__":
    main()
