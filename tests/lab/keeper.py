"""The process that is a lab: it makes the world, and all ends with it.

It is the first of a namespace of processes, so that every server dies when it
does, by whatever signal; its network namespaces have no other holder; its
files are in a file system of memory that only its own mounts show.

    keeper.py ADDRESS REPORT-FD [PIDFD]

It listens at ADDRESS (door.py); REPORT-FD is told "up", or why not.  With
PIDFD the lab ends when the process behind it does.
"""

import os
import pathlib
import select
import signal
import sys
import threading
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "commands")]

# pylint: disable=wrong-import-position
import door  # noqa: E402
import faults  # noqa: E402
import spaces  # noqa: E402
import topology  # noqa: E402
import world  # noqa: E402

# An empty folder that every system has: the lab's files are put over it.
_PLACES = ("/media", "/mnt", "/srv", "/opt")

# The root is not that of the mounts where all of this is in a chroot.
ENTERED = ("/proc/self/ns/user", "/proc/self/ns/mnt", "/")


def mounts_stay_here():
    """What is mounted from now on must not be seen by others."""
    try:
        spaces.mount(None, "/", flags=spaces.RECURSIVE | spaces.PRIVATE)
    except OSError:
        # in a chroot / is no mount: then nothing above may be shared
        table = pathlib.Path("/proc/self/mountinfo").read_text()
        if " shared:" in table:
            raise


def make_folder():
    for place in _PLACES:
        path = pathlib.Path(place)
        if path.is_dir() and not any(path.iterdir()):
            spaces.mount("lab", place, "tmpfs", data="size=64m,mode=700")
            return path
    raise spaces.Unavailable("no empty folder among " + " ".join(_PLACES))


def cover(path, text, real):
    """In this lab, the file `real` says `text`; `path` is behind it."""
    path.write_text(text)
    if os.path.exists(real):
        spaces.mount(path, real, flags=spaces.BIND)


def build():
    mounts_stay_here()
    made = world.World(make_folder())
    cover(
        made.resolv_conf,
        f"nameserver {topology.RESOLVER}\n",
        "/etc/resolv.conf",
    )
    cover(made.hosts, "127.0.0.1 localhost\n", "/etc/hosts")
    return made


def fault(made, request):
    made.apply(faults.find(request["name"]))
    if request.get("forget"):
        made.forget_flows()
    return {"fault": made.fault}


def status(made, _request):
    return {"fault": made.fault, "facts": made.facts()}


REQUESTS = {"fault": fault, "status": status}


def handle(made, request):
    """The answer to `request`; "error", or "skip" for what cannot be."""
    try:
        return REQUESTS[request["do"]](made, request)
    except spaces.Unavailable as error:
        return {"skip": str(error)}
    except faults.NoFault as error:
        return {"error": str(error)}
    except Exception:  # a lab outlives a fault that cannot be made
        return {"error": traceback.format_exc()}


def descriptors(made, space):
    """What to enter, in this order: user, mounts, root, network."""
    opened = [os.open(path, os.O_RDONLY) for path in ENTERED]
    return [*opened, made.spaces.descriptor(space)], opened


def serve(listener, made):
    for request, answer in door.requests(listener):
        if request["do"] == "down":
            answer({})
            return
        if request["do"] == "enter":
            sent, opened = descriptors(made, request["space"])
            answer(status(made, request), sent)
            for descriptor in opened:
                os.close(descriptor)
            continue
        answer(handle(made, request))


def end_with(pidfd):
    """End, at once and whatever goes on, when that process has ended."""

    def watch():
        select.select([pidfd], [], [])
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def begin(address):
    """(listener, world), or the word that says why there is none."""
    try:
        return (door.listen(address), build()), "up"
    except spaces.Unavailable as error:
        return None, f"skip {error}"
    except (spaces.Failed, PermissionError) as error:
        return None, f"skip {error}"
    except OSError as error:
        return None, f"error {error}"
    except Exception:
        return None, f"error {traceback.format_exc()}"


def main():
    address, report, *pidfd = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if pidfd:
        end_with(int(pidfd[0]))
    begun, word = begin(address)
    with open(int(report), "w", encoding="utf-8") as stream:
        stream.write(word + "\0")
    if begun:
        serve(*begun)
    os._exit(0)


if __name__ == "__main__":
    main()
