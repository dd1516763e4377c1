"""A check never harms the data: compared key by key, kills included."""

import random
import signal
import time

import pytest

import program

KEYS = 500
CHECKS = 1000
AT_ONCE = 4
GONE = -2  # what PTTL says of a key that is not there


def populate(client):
    for number in range(KEYS):
        client("SET", f"user:{number}", f"value {number}")
        # names that a careless prober could take for its own
        client("SET", f"linkprobe:{number}", "not a check's")
        client("RPUSH", f"list:{number}", number, number + 1)
        client("HSET", f"hash:{number}", "field", number)
    client("SET", "linkprobe:{check}", "neither")
    client("SET", "linkprobe:{check}:", "nor this")
    client("EXPIRE", "user:1", 100000)


def picture(client):
    """Every key that is not a check's, with its type, value and expiry."""
    prefix = b"linkprobe:{check}:"
    found = {}
    for key in client("KEYS", "*"):
        if key.startswith(prefix) and key != prefix:
            # left by a kill: the server removes it within a minute, or by now
            left_ms = client("PTTL", key)
            assert left_ms == GONE or 0 <= left_ms <= 60000, key
            continue
        kind = client("TYPE", key)
        found[key] = kind, client("DUMP", key), client("TTL", key) > 0
    return found


@pytest.mark.slow
def test_a_thousand_checks_change_nothing(redis, home):
    cache = redis()
    client = cache.client()
    populate(client)
    before = picture(client)
    assert len(before) == 4 * KEYS + 2
    words = "check", "--format", "json", cache.target
    usual = min(program.run(*words, home=home).seconds for _ in range(5))
    chance = random.Random(20261123)
    killed = 0
    for number in range(CHECKS // AT_ONCE):
        runs = [program.start(*words, home=home) for _ in range(AT_ONCE)]
        if number % 2:
            # anywhere between its first instruction and its last
            time.sleep(chance.random() * usual)
            chance.choice(runs).kill(signal.SIGKILL)
        for run in runs:
            ended = run.finish()
            # a busy machine may make it slow, which only warns
            assert ended.status in (0, 1, -signal.SIGKILL), str(ended)
            killed += ended.status < 0
    assert killed >= 10, "the kills came too late to meet a running check"
    assert picture(client) == before


def monitored(client, other, action):
    """The commands that the server got while `action` ran."""
    client("MONITOR")
    action()
    other("ECHO", "that is all")
    lines = []
    while b"that is all" not in (line := client._stream.readline()):
        # +1690000000.000000 [0 127.0.0.1:5] "SET" "key" ...
        lines.append(line.decode().split("] ", 1)[1].strip())
    return [line for line in lines if line != '"PING"']


def test_what_a_check_asks_of_a_server(redis, check):
    cache = redis()
    commands = monitored(
        cache.client(), cache.client(), lambda: check(cache.target)
    )
    names = {line.split()[0].strip('"').upper() for line in commands}
    assert names <= {"CLIENT", "ROLE", "INFO", "SET", "GET", "DEL"}, commands
    (stored,) = (c for c in commands if c.startswith('"SET"'))
    words = [word.strip('"') for word in stored.split()]
    assert words[1].startswith("linkprobe:{check}:"), stored
    assert len(words[1]) >= len("linkprobe:{check}:") + 8, stored
    assert words[3:] == ["NX", "PX", "60000"], stored
    (deleted,) = (c for c in commands if c.startswith('"DEL"'))
    assert deleted == f'"DEL" "{words[1]}"'


def test_without_writing_only_a_key_that_is_not_there_is_read(redis, check):
    cache = redis()
    commands = monitored(
        cache.client(),
        cache.client(),
        lambda: check("--no-write", cache.target),
    )
    names = {line.split()[0].strip('"').upper() for line in commands}
    assert names <= {"CLIENT", "ROLE", "INFO", "GET"}, commands


def test_no_key_is_used_twice(redis, check):
    cache = redis()

    def twenty():
        for _ in range(20):
            check(cache.target)

    commands = monitored(cache.client(), cache.client(), twenty)
    keys = [c.split()[1] for c in commands if c.startswith('"SET"')]
    assert len(keys) == len(set(keys)) == 20
