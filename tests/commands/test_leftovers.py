"""What is left behind: nothing, on the server and on the machine."""

import os
import pathlib
import subprocess

import pytest

import program
import servers
from verdicts import assert_verdict


def connections(client):
    return len(client("CLIENT", "LIST").splitlines())


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--no-write"],
        ["--payload", "1k,64k"],
        ["--idle", "100ms"],
        ["--expect-role", "replica"],
        ["--tls", "--insecure", "--timeout", "500ms"],
    ],
)
def test_nothing_stays_on_the_server(check, redis, options):
    cache = redis()
    client = cache.client()
    check(*options, cache.target)
    assert client("DBSIZE") == 0
    servers.wait_for(
        lambda: connections(client) == 1, "all connections are closed"
    )


def test_no_file_is_left(check, redis, home):
    cache = redis()
    temporary = home / "tmp"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    check(cache.target, env=env)
    words = "--tls", "--insecure", "--timeout", "500ms", cache.target
    check(*words, env=env)
    assert [path.name for path in home.iterdir()] == ["tmp"]
    assert list(temporary.iterdir()) == []


def test_no_process_is_left(check, redis, home):
    """A password command that dallies ends with the check."""
    pid_file = home / "pid"
    run = check(
        *("--password-command", f"echo $$ > {pid_file}; echo secret"),
        redis(requirepass="secret").target,
    )
    assert_verdict(run, "OK")
    pid = int(pid_file.read_text())
    servers.wait_for(
        lambda: not pathlib.Path(f"/proc/{pid}").exists(), "it has ended"
    )


@pytest.mark.parametrize("signal_number", [2, 15])
def test_a_signal_ends_it_soon(silence, home, signal_number):
    dead = silence()
    run = program.start(
        *("check", "--timeout", "30s", "--deadline", "40s", dead.target),
        home=home,
    )
    proc = pathlib.Path(f"/proc/{run.pid}/fd")

    def dials():
        return any(
            "socket:" in os.readlink(proc / entry)
            for entry in os.listdir(proc)
        )

    servers.wait_for(dials, "it dials")
    run.kill(signal_number)
    ended = run.finish()
    assert ended.within(10), str(ended)
    assert ended.status != 0, str(ended)
    assert "Sanitizer" not in ended.err, str(ended)


def test_a_reader_that_went_away_is_no_crash(redis, home):
    """linkprobe ... | head -0"""
    cache = redis()
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*program.command(), "check", "-v", cache.target],
        stdout=write,
        stderr=subprocess.PIPE,
        env=program.environment(home),
        cwd=home,
    )
    os.close(write)
    assert b"Sanitizer" not in done.stderr
    assert done.returncode in (0, 1, 2, 3, -13), done
    assert cache.client()("DBSIZE") == 0


def test_a_full_disk_is_not_called_fine(redis, home):
    """What could not be printed must not end in 0."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*program.command(), "check", "--format", "json", redis().target],
            stdout=full,
            stderr=subprocess.PIPE,
            env=program.environment(home),
            cwd=home,
        )
    assert done.returncode != 0


@pytest.mark.parametrize("closed", [[0], [1], [0, 1], [0, 1, 2]])
def test_closed_standard_files_are_no_sockets(redis, home, closed):
    """Where 1 is closed nothing can be told, so it must not end in 0."""
    cache = redis()

    def close():
        for fd in closed:
            os.close(fd)

    for _ in range(5):
        done = subprocess.run(
            [*program.command(), "check", cache.target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=program.environment(home),
            cwd=home,
            preexec_fn=close,
        )
        if done.returncode != program.WARNING:
            break  # else the machine was busy
    assert done.returncode == (3 if 1 in closed else 0)
    assert cache.client()("DBSIZE") == 0


@pytest.mark.parametrize(
    "words",
    [
        *(["--help"], ["--version"], ["explain"]),
        *([c, "--config-check"] for c in ("check", "bench", "watch")),
    ],
)
def test_help_that_cannot_be_printed_is_told(home, words):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*program.command(), *words],
            stdout=full,
            stderr=subprocess.PIPE,
            env=program.environment(home),
            cwd=home,
        )
    assert done.returncode == 3


def test_what_was_not_checked_is_told(silence, home):
    """Of many targets some are never begun when a signal ends the run."""
    dead = silence()
    run = program.start(
        *("check", "--timeout", "30s", "--deadline", "40s"),
        *("--concurrency", "2", *[dead.target] * 5),
        home=home,
    )
    proc = pathlib.Path(f"/proc/{run.pid}/fd")
    servers.wait_for(
        lambda: sum("socket:" in link(entry) for entry in proc.iterdir()) >= 2,
        "both dial",
    )
    run.kill(2)
    ended = run.finish()
    assert ended.status == 3, str(ended)
    assert "interrupted: 3 of 5 targets were not checked" in ended.err
    assert "of 5 targets" in ended.out, str(ended)
    # those that were
    assert ended.out.count("interrupted after") >= 2, str(ended)
    assert "in time" not in ended.out, str(ended)


def test_a_plugin_that_is_ended_says_so(silence, home):
    run = program.start(
        *("check", "--format", "nagios", "--timeout", "30s"),
        *("--deadline", "40s", silence().target),
        home=home,
    )
    proc = pathlib.Path(f"/proc/{run.pid}/fd")
    servers.wait_for(
        lambda: any("socket:" in link(entry) for entry in proc.iterdir()),
        "it dials",
    )
    run.kill(15)
    ended = run.finish()
    assert ended.status == 3, str(ended)
    assert ended.out == "REDIS UNKNOWN - ended by a signal\n", str(ended)


def link(entry):
    try:
        return os.readlink(entry)
    except FileNotFoundError:
        return ""
