"""How a run of linkprobe bench goes: what is asked, lost, owed and counted."""

import collections
import re
import signal

import pytest

import peers
import program
import servers
from benches import SECRET, SHORT, result_of, side_of


class Heard:
    """An engine that remembers which keys were asked for, in order."""

    def __init__(self, peer, size=64):
        self.keys = []
        value = b"$%d\r\n%s\r\n" % (size, b"v" * size)

        def get(words, _store):
            self.keys.append(int(words[1].rsplit(b":", 1)[1]))
            return value

        self.target = peer(peers.redis_like(GET=get)).target


def keys_of(bench, peer, *words):
    heard = Heard(peer)
    run = bench(
        *("-n", "600", "-c", "1", "-k", "40", "--mix", "get"),
        *("--warmup", "0", *words, heard.target),
        short=(),
    )
    assert side_of(run)["requests"] == 600
    assert set(heard.keys) <= set(range(40))
    return heard.keys


def test_keys_in_sequence(bench, peer):
    keys = keys_of(bench, peer, "--distribution", "sequential")
    assert keys == [i % 40 for i in range(600)]


def test_few_keys_are_asked_for_most(bench, peer):
    """By Zipf's law over 40: the first one 23 % of the time."""
    keys = keys_of(bench, peer, "--distribution", "zipf", "--seed", "1")
    counts = collections.Counter(keys)
    assert 0.15 < counts.most_common(1)[0][1] / 600 < 0.32, counts
    assert len(counts) > 25


def test_all_keys_are_alike(bench, peer):
    counts = collections.Counter(keys_of(bench, peer, "--seed", "1"))
    assert len(counts) == 40 and max(counts.values()) < 40, counts


def test_a_seed_draws_the_same_again(bench, peer):
    first = keys_of(bench, peer, "--seed", "7")
    assert keys_of(bench, peer, "--seed", "7") == first
    assert keys_of(bench, peer, "--seed", "8") != first
    assert keys_of(bench, peer) != first


def test_what_warms_up_is_not_counted(bench, redis):
    cache = redis()
    client = cache.client()
    client("CONFIG", "RESETSTAT")
    run = bench(
        *("--warmup", "2s", "-d", "500ms", "-c", "2", "-k", "50"),
        *("--mix", "get", cache.target),
        short=(),
    )
    side = side_of(run)
    assert side["duration_s"] < 2
    assert sum(i["requests"] for i in side["intervals"]) == side["requests"]
    stats = client("INFO", "commandstats").decode()
    calls = int(stats.split("cmdstat_get:calls=")[1].split(",")[0])
    assert calls > 1.2 * side["requests"]


def start(cache, *words):
    return program.start(
        *("bench", "--no-config", *SHORT, "--warmup", "0", *words),
        cache.target,
        home=cache.folder,
    )


def gets(client):
    stats = client("INFO", "commandstats").decode()
    return int((stats + "cmdstat_get:calls=0,").split(
        "cmdstat_get:calls="
    )[1].split(",")[0])


def lose_connections(client, connections):
    """In the middle of a run, which goes on, on each of them."""

    def at_work():
        lines = client("CLIENT", "LIST").decode().splitlines()
        clients = [dict(w.partition("=")[::2] for w in line.split())
                   for line in lines]
        return {c["id"] for c in clients if c["cmd"] in ("get", "set")}

    servers.wait_for(lambda: gets(client) > 1000, "there is load")
    old = at_work()
    client("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    servers.wait_for(lambda: len(at_work() - old) == connections, "it goes on")


@pytest.mark.parametrize("connections", [1, 4])
def test_lost_connections_come_back(redis, connections):
    """Closed in the middle: what was in flight is told, and it goes on."""
    cache = redis()
    words = "--format", "json", "-d", "50s", "-P", "4", "-c", connections
    started = start(cache, *words)
    client = cache.client()
    lose_connections(client, connections)
    started.kill(signal.SIGINT)
    side = side_of(started.finish(), 1)
    assert side["reconnects"] == connections
    assert set(side["errors_by_cause"]) <= {"eof", "reset"}, side
    assert 0 < side["errors"] == side["lost_in_flight"] <= 4 * connections
    assert client("DBSIZE") == 0


def test_lost_connections_are_told_in_words(redis):
    cache = redis()
    started = start(cache, "-d", "50s")
    lose_connections(cache.client(), 4)
    started.kill(signal.SIGINT)
    text = " ".join(started.finish().out.split())
    assert "4 connections were lost and made again; 4 requests were" in text


def test_a_server_that_is_gone_for_good_is_told_in_words(redis):
    cache = redis()
    started = start(cache, "-d", "4s")
    client = cache.client()
    servers.wait_for(lambda: gets(client) > 100, "there is load")
    cache.stop()
    run = started.finish()
    assert run.status == 1, str(run)
    text = " ".join(run.out.split())
    lost = r"in flight on connections that were lost for good and count as"
    assert re.search(r"\d+ requests? (was|were) " + lost, text), text
    assert "Keys could not be removed; they expire by themselves." in text


@pytest.mark.parametrize("connections", [1, 4])
def test_a_server_that_says_nothing_does_not_hold_it(redis, connections):
    """Neither the end of time nor an interrupt waits for a reply."""
    cache = redis()
    words = "--format", "json", "--timeout", "2s", "-c", connections
    started = start(cache, *words, "-d", "50s")
    client = cache.client()
    servers.wait_for(lambda: gets(client) > 1000, "there is load")
    cache.freeze()
    started.kill(signal.SIGINT)
    run = started.finish()
    assert run.within(40), str(run)
    side = side_of(run, 1)
    assert side["errors_by_cause"] == {"timeout": connections}, str(run)
    assert side["requests"] > 500


def test_nothing_of_a_schedule_is_forgotten(redis):
    """The server stops for good: answered, failed or owed, each one counts."""
    cache = redis()
    started = start(
        *(cache, "--format", "json", "-d", "5s", "-R", "1000"),
        *("--timeout", "400ms"),
    )
    client = cache.client()
    servers.wait_for(lambda: gets(client) > 300, "there is load")
    cache.freeze()
    run = started.finish()
    side = side_of(run, 1)
    offered = side["offered_rps"] * side["duration_s"]
    assert abs(offered - 5000) <= 2, str(run)
    answered = side["requests"] + side["errors"] + side["owed"]
    assert abs(answered - offered) <= 2, str(run)
    assert side["owed"] > 500 and "timeout" in side["errors_by_cause"]


def test_three_sides_are_set_against_the_first(bench, redis):
    caches = [redis() for _ in range(3)]
    words = [caches[0].target]
    for cache in caches[1:]:
        words += ["--against", cache.target]
    run = bench("-d", "1s", "--assert", "c.p99<1s", *words)
    found = result_of(run)
    pairs = [(c["a"], c["b"]) for c in found["comparisons"]]
    assert pairs == [(0, 1), (0, 2)]
    assert all(s["requests"] > 0 for s in found["sides"])
    assert found["assertions"][0]["met"]


@pytest.fixture
def half_failing(redis):
    """A user whose GETs are refused, and the environment that logs it in."""
    cache = redis(user=f"load on >{SECRET} ~* +@all -get")
    return cache.target, {"LINKPROBE_PASSWORD": SECRET}


def test_an_assertion_wins_over_errors(bench, half_failing):
    target, env = half_failing
    words = "--user", "load", "--mix", "set:get=1:1", target
    assert side_of(bench(*words, env=env), 1)["errors"] > 0
    run = bench("--assert", "errors<1", *words, env=env)
    assert not result_of(run, 2)["assertions"][0]["met"]
    run = bench("--assert", "errors<90%", *words, env=env)
    assert result_of(run, 1)["assertions"][0]["met"]


def test_nothing_measured_wins_over_all(bench, half_failing):
    target, env = half_failing
    run = bench(
        *("--user", "load", "--mix", "get", "--assert", "p99<1us", target),
        env=env,
    )
    assert run.status == 3, str(run)


def test_a_difference_that_is_not_met(bench, redis, peer):
    slow = peer(peers.redis_like())
    run = bench(
        *("-d", "1s", "-c", "1", "--mix", "ping", slow.target),
        *("--against", redis().target, "--assert", "diff.p50<-1s"),
    )
    (assertion,) = result_of(run, 2)["assertions"]
    assert not assertion["met"] and assertion["text"] == "diff.p50<-1s"
