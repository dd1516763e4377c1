"""linkprobe watch: a password that changes while it looks on."""

import program
import pytest
import servers
import watching

FIRST, SECOND, THIRD = "correct-horse", "battery-staple", "paper-clip"


@pytest.fixture
def watch(home, starter):
    def start(*words, **options):
        made = watching.Watching(home, *words, **options)
        return starter.keep(made, made.close)

    return start


class Command:
    """--password-command: prints what a file holds, and counts its runs."""

    def __init__(self, folder, password):
        self._password = folder / "password"
        self._runs = folder / "runs"
        self.hold = folder / "hold"  # while it is there, no run ends
        self.text = (
            f"echo x >> {self._runs}; "
            f"while [ -e {self.hold} ]; do sleep 0.01; done; "
            f"cat {self._password}"
        )
        self.gives(password)

    def gives(self, password):
        self._password.write_text(password)

    def fails(self):
        self._password.unlink()

    def runs(self):
        return len(self._runs.read_text().splitlines())


@pytest.fixture
def command(tmp_path):
    return Command(tmp_path, FIRST)


def change(cache, password):
    cache.client()("CONFIG", "SET", "requirepass", password)
    cache.password = password


def is_of(event, cache):
    return event["target"]["name"] == cache.target


def at(seen, cache, kind):
    servers.wait_for(
        lambda: any(
            e["event"] == kind and is_of(e, cache) for e in seen.events
        ),
        f"{kind} of {cache.target}",
    )


def checked(cache):
    """Wait for a whole check that begins after this call."""

    def sets():
        text = cache.client()("INFO", "commandstats").decode()
        line = [w for w in text.splitlines() if w.startswith("cmdstat_set:")]
        return int(line[0].split("calls=")[1].split(",")[0]) if line else 0

    before = sets()
    servers.wait_for(lambda: sets() > before + 1, "a check")


def test_a_command_that_takes_its_time_holds_up_no_other(
    watch, redis, command
):
    guarded, other = redis(requirepass=FIRST), redis(requirepass=FIRST)
    seen = watch(
        *("--password-command", command.text, guarded.target, other.target)
    )
    seen.well(guarded.target, other.target)
    assert command.runs() == 2  # one a target
    command.hold.touch()
    change(guarded, SECOND)
    command.gives(SECOND)
    servers.wait_for(lambda: command.runs() == 3, "it is asked for again")
    other.client()("REPLICAOF", "127.0.0.1", "1")
    at(seen, other, "role")
    assert seen.err == ""  # else it was ended, and then went on
    command.hold.unlink()
    checked(guarded)
    assert seen.stop() == program.CRITICAL  # the replica
    assert [e["event"] for e in seen.told() if is_of(e, guarded)] == [
        "start",
        "stop",
    ]


def test_each_new_password_is_asked_for(watch, redis, command):
    cache = redis(requirepass=FIRST)
    seen = watch("--password-command", command.text, cache.target)
    seen.well()
    for runs, password in ((2, SECOND), (3, THIRD)):
        command.gives(password)
        change(cache, password)
        checked(cache)
        assert command.runs() >= runs
    seen.well()
    assert seen.stop() == program.OK


def test_a_command_that_fails_leaves_the_password_before(
    watch, redis, command
):
    cache = redis(requirepass=FIRST)
    seen = watch("--password-command", command.text, cache.target)
    seen.well()
    command.fails()
    change(cache, SECOND)
    seen.wait("verdict", to="AUTH_REJECTED")
    seen.says("--password-command ended with exit status 1")
    change(cache, FIRST)
    seen.well()
    assert seen.stop() == program.OK


def test_a_rejection_is_asked_about_once(watch, redis, starter, command):
    cache = redis(requirepass=SECOND)
    seen = watch("--password-command", command.text, cache.target)
    seen.wait("start", to="AUTH_REJECTED")
    assert command.runs() == 2
    # an outage is no sign that the password was taken meanwhile
    cache.stop()
    seen.wait("verdict", to="TCP_REFUSED")
    count = len(seen.events)
    again = servers.Redis(
        starter.new_folder(), cache.host, cache.port, requirepass=SECOND
    )
    starter.keep(again, again.stop)
    seen.wait("verdict", after=count, to="AUTH_REJECTED")
    assert command.runs() == 2
    assert seen.stop() == program.CRITICAL


def test_the_end_does_not_wait_for_a_command(watch, redis, command):
    cache = redis(requirepass=FIRST)
    seen = watch("--password-command", command.text, cache.target)
    seen.well()
    command.hold.touch()
    change(cache, SECOND)
    servers.wait_for(lambda: command.runs() == 2, "it is asked for again")
    assert seen.stop() == program.OK
    assert command.hold.exists()
    assert "did not end" not in seen.err
