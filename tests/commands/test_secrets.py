"""Passwords: where they may come from, and that they never show."""

import os
import pathlib

import pytest

import program
import servers
from verdicts import assert_verdict, calm

SECRET = "tr0ub4dor-and-3"


@pytest.fixture
def guarded(redis):
    return redis(requirepass=SECRET)


def test_a_file(check, guarded, home):
    for text in (SECRET, SECRET + "\n", SECRET + "\r\n"):
        (home / "secret").write_text(text)
        run = check("--password-file", home / "secret", guarded.target)
        assert_verdict(run, "OK")


def test_standard_input(check, guarded):
    run = check("--password-file", "-", guarded.target, stdin=SECRET + "\n")
    assert_verdict(run, "OK")


def test_a_command(check, guarded, home):
    (home / "secret").write_text(SECRET)
    words = "--password-command", f"cat {home}/secret"
    assert_verdict(check(*words, guarded.target), "OK")


def test_a_command_runs_once_a_run_and_target(check, redis, home):
    first = redis(requirepass=SECRET)
    count = home / "count"
    words = (
        "--password-command",
        f"echo x >> {count}; echo {SECRET}",
    )
    run = check(*words, "--address", first.host, f"n.test:{first.port}")
    assert_verdict(run, "OK")
    assert len(count.read_text().split()) == 1


@pytest.mark.parametrize("command", ["exit 7", "true", "/nonexistent/program"])
def test_a_command_that_fails(linkprobe, guarded, command):
    words = "--password-command", command, guarded.target
    run = linkprobe("check", *words)
    assert run.status == 3, str(run)
    assert run.out == "", str(run)
    assert "password-command" in run.err, str(run)
    run = linkprobe("check", "--format", "nagios", *words)
    assert run.status == 3, str(run)
    assert run.err == "", str(run)
    assert "password-command" in run.out, str(run)


@pytest.mark.parametrize("name", ["LINKPROBE_PASSWORD", "REDISCLI_AUTH"])
def test_the_environment(check, guarded, name):
    assert_verdict(check(guarded.target, env={name: SECRET}), "OK")


def test_the_credentials_directory(check, guarded, home):
    (home / "redis-password").write_text(SECRET + "\n")
    run = check(guarded.target, env={"CREDENTIALS_DIRECTORY": str(home)})
    assert_verdict(run, "OK")


def test_the_first_found_wins(check, guarded, home):
    (home / "wrong").write_text("wrong")
    (home / "right").write_text(SECRET)
    run = check(
        *("--password-file", home / "right", guarded.target),
        env={"LINKPROBE_PASSWORD": "wrong"},
    )
    assert_verdict(run, "OK")
    run = check(
        *("--password-file", home / "wrong"),
        f"redis://:{SECRET}@{guarded.target}",
    )
    assert_verdict(run, "OK")
    run = check(
        guarded.target,
        env={"LINKPROBE_PASSWORD": SECRET, "REDISCLI_AUTH": "wrong"},
    )
    assert_verdict(run, "OK")


def test_a_password_in_argv_is_warned_about(linkprobe, guarded):
    run = calm(linkprobe, "check", f"redis://:{SECRET}@{guarded.target}")
    assert run.status == 0, str(run)
    assert "password" in run.err, str(run)
    assert SECRET not in run.out + run.err


@pytest.mark.parametrize(
    "form", ["text", "json", "nagios", "junit", "tap", "prometheus"]
)
@pytest.mark.parametrize("right", [True, False])
def test_it_is_in_no_output(linkprobe, guarded, form, right):
    secret = SECRET if right else SECRET + "x"
    run = calm(
        *(linkprobe, "check", "-vvv", "--format", form),
        f"redis://:{secret}@{guarded.target}",
    )
    assert run.status == (0 if right else 2), str(run)
    assert SECRET not in run.out + run.err, str(run)


def test_it_is_in_no_error(linkprobe):
    for words in (
        [f"redis://:{SECRET}@host:port"],
        [f"redis://:{SECRET}%zz@host"],
        [f"redis://:{SECRET}@host", "--nonsense"],
        ["--nonsense", f"redis://:{SECRET}@host"],
        [f"http://u:{SECRET}@host"],
        ["--format", "nagios", f"redis://:{SECRET}@host:port"],
        ["--format", "json", f"redis://:{SECRET}@host:port"],
        [f"redis://user:{SECRET}"],
        ["--dns", f"redis://u:{SECRET}@host", "x"],
        ["--timeout", f"redis://u:{SECRET}@host"],
        ["--targets", f"redis://u:{SECRET}@host"],
        ["--config", f"redis://u:{SECRET}@host", "x"],
        [f"--format=redis://u:{SECRET}@host", "x"],
    ):
        run = linkprobe("check", *words)
        assert run.status == 3, str(run)
        assert SECRET not in run.out + run.err, str(run)


def test_a_server_that_repeats_it(check, redis):
    """Redis' reply to a command that it does not know has the arguments."""
    cache = redis(rename_command='AUTH ""')
    run = check(cache.target, env={"LINKPROBE_PASSWORD": SECRET})
    assert run.status == 2, str(run)
    assert SECRET not in run.out + run.err, str(run)


def test_an_echo_of_it_is_not_printed(check, peer):
    """A peer that sends back what it was given must not make it public."""

    def echo(connection):
        while data := connection.recv(65536):
            connection.sendall(b"-ERR you sent " + data.replace(b"\r\n", b" "))
            connection.sendall(b"\r\n")

    run = check(peer(echo).target, env={"LINKPROBE_PASSWORD": SECRET})
    assert run.status == 2, str(run)
    assert SECRET not in run.out + run.err, str(run)


def test_it_leaves_argv_at_once(guarded, home):
    """While the check waits, nobody finds it with ps."""
    guarded.freeze()
    run = program.start(
        *("check", "--timeout", "20s", "--deadline", "20s"),
        f"redis://user:{SECRET}@{guarded.target}",
        home=home,
    )
    proc = pathlib.Path(f"/proc/{run.pid}")
    try:
        servers.wait_for(lambda: has_socket(proc), "it has connected")
        words = (proc / "cmdline").read_bytes()
        assert SECRET.encode() not in words
        assert guarded.host.encode() in words
    finally:
        run.kill(9)
        run.finish()


def has_socket(proc):
    for entry in os.listdir(proc / "fd"):
        try:
            if os.readlink(proc / "fd" / entry).startswith("socket:"):
                return True
        except FileNotFoundError:
            continue
    return False


def test_it_is_not_given_to_other_programs(check, guarded, home):
    """A password command does not inherit what it is not told."""
    dump = home / "dump"
    run = check(
        *("--password-command", f"cat /proc/self/cmdline > {dump}; echo x"),
        f"redis://:{SECRET}@{guarded.target}",
    )
    assert run.status in (0, 2, 3), str(run)
    if dump.exists():
        assert SECRET not in dump.read_text()


def test_an_empty_file_is_an_error(linkprobe, guarded, home):
    (home / "secret").write_text("\n")
    run = linkprobe(
        "check", "--password-file", home / "secret", guarded.target
    )
    assert run.status == 3, str(run)
    assert "secret" in run.err, str(run)


def test_without_a_terminal_nobody_is_asked(linkprobe, guarded):
    run = linkprobe("check", "--askpass", guarded.target)
    assert run.status == 3, str(run)
    assert len(run.err.splitlines()) == 1, str(run)


@pytest.mark.parametrize("word", ["explain", "help"])
def test_a_target_in_the_wrong_place_is_no_leak(linkprobe, word):
    run = linkprobe(word, f"redis://u:{SECRET}@host")
    assert run.status == 3, str(run)
    assert SECRET not in run.out + run.err, str(run)


def test_a_command_ends_with_the_watchdog(linkprobe, guarded):
    run = linkprobe(
        *("check", "--format", "nagios", "-t", "1"),
        *("--password-command", "sleep 50", guarded.target),
    )
    assert run.status == 3, str(run)
    assert run.seconds < 15, str(run)
    assert "within 1s" in run.out, str(run)
