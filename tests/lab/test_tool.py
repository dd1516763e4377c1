"""The lab as a tool: it comes up, can be gone into, and leaves nothing."""

import os
import pathlib
import secrets
import signal
import subprocess
import sys
import time

import pytest

import door
import launch
import servers

LAB = pathlib.Path(__file__).with_name("lab")


def own(word):
    """An id that no other lab has; a pid may be there twice, in a chroot."""
    return f"{word}-{os.getpid()}-{secrets.token_hex(4)}"


def run(*words, **options):
    """The `lab` command; every run of it must be short."""
    return subprocess.run(
        [LAB, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )


def processes(lab):
    """Those of the keeper of `lab`, and of all that it started."""
    address = os.fsencode(door.address(lab))
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if address in words:
            found.append(int(folder.name))
    return found


def with_network(pid):
    """Every process in a network namespace that the process `pid` holds."""
    held = pathlib.Path(f"/proc/{pid}/fd").iterdir()
    spaces = {_link(path) for path in held}
    return [
        int(folder.name)
        for folder in pathlib.Path("/proc").glob("[0-9]*")
        if (_link(folder / "ns/net") or "?") in spaces
    ]


def _link(path):
    """Where it leads; None where it went away meanwhile."""
    try:
        return os.readlink(path)
    except OSError:
        return None


def gone(pids):
    return not any(pathlib.Path(f"/proc/{pid}").exists() for pid in pids)


@pytest.fixture
def lab(possible):
    """The id of a lab that is up."""
    name = own("tool")
    made = run("up", "--id", name, "--with", os.getpid())
    if made.returncode == 77:
        pytest.skip(made.stderr.strip())
    assert made.returncode == 0, made.stderr
    yield name
    run("down", "--id", name)


def seconds_of(name):
    """How long this lab takes to come up."""
    began = time.monotonic()
    made = run("up", "--id", name, "--with", os.getpid())
    seconds = time.monotonic() - began
    assert made.returncode == 0, made.stderr
    assert run("down", "--id", name).returncode == 0
    return seconds


def test_it_comes_up_in_seconds(possible):
    """What the machine has to do beside it is not in each of three."""
    name = own("quick")
    assert any(seconds_of(name) < 10 for _ in range(3))


def test_a_command_runs_inside_the_client(lab):
    done = run("run", "--id", lab, "--", "ip", "-br", "address")
    assert "198.18.1.10" in done.stdout
    assert "198.18.1.69" not in done.stdout
    done = run("run", "--id", lab, "--in", "vpc", "ip", "-br", "address")
    assert "198.18.1.69" in done.stdout


def test_a_command_has_the_labs_names(lab):
    words = ("sh", "-c", "echo $ENDPOINT $CACERT; cat $CACERT; exit 5")
    done = run("run", "--id", lab, *words)
    assert "vpce-" in done.stdout and "BEGIN CERTIFICATE" in done.stdout
    assert done.returncode == 5


def test_nothing_leads_outside(lab):
    """No leg but loopback and the two zones, and no way to the world."""
    done = run("run", "--id", lab, "--", "ip", "-o", "link")
    assert len(done.stdout.splitlines()) == 3, done.stdout
    for space in ("vpc", "nlb", "redis"):
        done = run(
            *("run", "--id", lab, "--in", space),
            *("ip", "route", "get", "192.0.2.1"),
        )
        assert done.returncode != 0, done.stdout


def test_a_fault_comes_and_goes(lab):
    assert run("fault", "--id", lab, "sg_blackhole").returncode == 0
    assert f"{lab} sg_blackhole\n" in run("list").stdout
    rules = run("run", "--id", lab, "--in", "vpc", "nft", "list", "ruleset")
    assert "198.18.1.69, 198.18.2.69" in rules.stdout
    assert run("fault", "--id", lab, "none").returncode == 0
    assert f"{lab} none\n" in run("list").stdout


def test_a_fault_that_is_not_there_is_told(lab):
    done = run("fault", "--id", lab, "sg_blackhol")
    assert done.returncode == 1
    assert "sg_blackhol" in done.stderr and "lab faults" in done.stderr


def test_an_id_is_taken_once(lab):
    done = run("up", "--id", lab)
    assert done.returncode == 1
    assert "up already" in done.stderr


def test_labs_do_not_meet(lab):
    """Two at once, one broken: the other one is whole."""
    other = f"{lab}-other"
    # this one outlives who made it: without --with it stays until `down`
    assert run("up", "--id", other).returncode == 0
    try:
        assert run("fault", "--id", other, "route_unreachable").returncode == 0
        routes = [
            run("run", "--id", name, "--", "ip", "route").stdout
            for name in (lab, other)
        ]
    finally:
        down = run("down", "--id", other)
    assert down.returncode == 0
    assert "unreachable" not in routes[0]
    assert "unreachable" in routes[1]


def test_down_leaves_nothing(lab):
    mounts = pathlib.Path("/proc/mounts").read_text()
    pids = processes(lab) + with_network(door.pid_of(lab))
    assert len(pids) > 4, pids
    assert run("down", "--id", lab).returncode == 0
    servers.wait_for(lambda: gone(pids), "init has buried them")
    assert lab not in door.known()
    assert pathlib.Path("/proc/mounts").read_text() == mounts
    assert not list(pathlib.Path("/run").glob(f"netns/*{lab}*"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_lab_leaves_nothing(lab, number):
    keeper = door.pid_of(lab)
    pids = processes(lab) + with_network(keeper)
    os.kill(keeper, number)
    servers.wait_for(lambda: gone(pids), "all of its processes have ended")
    assert lab not in door.known()


def test_a_lab_whose_parent_is_killed_leaves_nothing(lab):
    """The first of its processes is unshare, and the keeper its child."""
    pids = processes(lab) + with_network(door.pid_of(lab))
    first = launch.parent_of(door.pid_of(lab))
    assert first in processes(lab)
    os.kill(first, signal.SIGKILL)
    servers.wait_for(lambda: gone(pids), "all of its processes have ended")


def test_a_lab_ends_with_who_wanted_it(possible):
    """--with: the process is killed, and so its lab is gone."""
    name = own("bound")
    owner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)
    made = run("up", "--id", name, "--with", owner.pid)
    assert made.returncode == 0, made.stderr
    pids = processes(name) + with_network(door.pid_of(name))
    owner.kill()
    owner.communicate()
    servers.wait_for(lambda: gone(pids), "all of its processes have ended")


def test_no_lab_is_told(possible):
    done = run("run", "--id", "nobody", "true")
    assert done.returncode == 1
    assert "lab up" in done.stderr


def test_what_cannot_be_is_skipped():
    """Without the programs: exit status 77, and which packages have them."""
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]; import servers;"
        "servers.SBIN = '/nonexistent'; sys.argv = ['lab', 'up'];"
        "import command; sys.exit(command.main())"
    )
    here = pathlib.Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", code, here, here.parent / "commands"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 77, done.stderr
    assert "nftables" in done.stderr


def test_help_names_every_command():
    text = run("--help").stdout
    for word in ("up", "list", "faults", "fault", "run", "shell", "down"):
        assert f"\n    {word} " in text


def test_every_fault_has_a_name_of_its_own():
    lines = run("faults").stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert len(names) == len(set(names)) > 100
