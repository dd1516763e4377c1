"""The stages ping, role, set, get, cleanup: what the server itself says."""

import pytest

import peers
import places
import servers
from verdicts import assert_verdict, calm, stages_of


def test_a_healthy_cache_passes_every_stage(check, redis):
    cache = redis()
    result = assert_verdict(calm(check, cache.target), "OK")
    (address,) = result["addresses"]
    states = {n: s["status"] for n, s in stages_of(address).items()}
    skipped = {"dns", "tls", "auth"} & states.keys()
    assert all(states.pop(name) == "skipped" for name in skipped)
    assert set(states.values()) == {"ok"}, states
    assert {"tcp", "ping", "role", "set", "get", "cleanup"} == states.keys()
    assert address["server"]["role"] == "master"
    assert cache.client()("DBSIZE") == 0


def test_the_server_tells_who_it_is(check, redis):
    cache = redis()
    info = cache.client()("INFO", "server").decode()
    lines = (line for line in info.split("\r\n") if ":" in line)
    fields = dict(line.split(":", 1) for line in lines)
    (address,) = assert_verdict(check(cache.target), "OK")["addresses"]
    server = address["server"]
    assert server["run_id"] == fields["run_id"]
    assert server["mode"] == "standalone"
    assert server["version"] in fields.values()


def test_without_writing_nothing_is_written(check, redis):
    cache = redis()
    client = cache.client()
    client("CONFIG", "RESETSTAT")
    run = check("--no-write", cache.target)
    result = assert_verdict(run, "OK")
    stages = stages_of(result["addresses"][0])
    assert stages["set"]["status"] == "skipped"
    assert stages["cleanup"]["status"] == "skipped"
    stats = client("INFO", "commandstats").decode()
    assert "cmdstat_set:" not in stats and "cmdstat_del:" not in stats


@pytest.fixture
def replica(redis):
    """A replica of a primary, with its link up."""
    primary = redis(repl_diskless_sync_delay=0)
    made = redis(replicaof=f"{primary.host} {primary.port}")
    made.primary = primary
    client = made.client()
    servers.wait_for(
        lambda: b"master_link_status:up" in client("INFO", "replication"),
        "the replica's link is up",
    )
    return made


def test_a_replica_takes_no_writes(check, replica):
    run = check(replica.target)
    result = assert_verdict(run, "REDIS_READONLY", cause="readonly")
    assert result["addresses"][0]["server"]["role"] == "replica"


@pytest.mark.parametrize(
    "options",
    [
        ["--expect-role", "replica"],
        ["--expect-role", "any"],
        ["--no-write"],
        ["--no-write", "--expect-role", "any"],
    ],
)
def test_a_replica_that_is_expected(check, replica, options):
    result = assert_verdict(check(*options, replica.target), "OK")
    stages = stages_of(result["addresses"][0])
    assert stages["set"]["status"] == "skipped"


def test_a_replica_where_a_master_is_expected(check, replica):
    run = check("--no-write", "--expect-role", "master", replica.target)
    assert_verdict(run, "REDIS_ROLE_MISMATCH", cause="mismatch")


def test_a_master_where_a_replica_is_expected(check, redis):
    run = check("--expect-role", "replica", redis().target)
    assert_verdict(run, "REDIS_ROLE_MISMATCH", cause="mismatch")


def test_the_role_any_writes_where_the_role_is_master(check, redis):
    run = calm(check, "--expect-role", "any", redis().target)
    result = assert_verdict(run, "OK")
    assert stages_of(result["addresses"][0])["set"]["status"] == "ok"


def test_a_replica_that_lost_its_primary(check, redis, replica):
    client = replica.client()
    client("CONFIG", "SET", "replica-serve-stale-data", "no")
    replica.primary.stop()
    servers.wait_for(
        lambda: b"master_link_status:down" in client("INFO", "replication"),
        "the replica's link is down",
    )
    run = check(replica.target)
    assert_verdict(run, "REDIS_MASTERDOWN", cause="masterdown")


def test_too_few_replicas(check, redis):
    run = check(redis(min_replicas_to_write=1).target)
    assert_verdict(run, "REDIS_NOREPLICAS", cause="noreplicas")


def test_a_server_that_is_still_loading(check, redis, starter):
    first = redis()
    client = first.client()
    for number in range(2000):
        client("SET", f"key:{number}", "x" * 64)
    client("SAVE")
    dump = first.folder / "dump.rdb"
    first.stop()
    loading = servers.Redis(
        first.folder,
        key_load_delay=20000,
        loading_process_events_interval_bytes=1024,
    )
    starter.keep(loading, loading.stop)
    assert dump.exists()
    servers.wait_for(
        lambda: servers.answers(loading.host, loading.port), "listening"
    )
    run = check(loading.target)
    assert_verdict(run, "REDIS_LOADING", cause="loading")


def test_a_server_without_memory(check, redis):
    cache = redis(maxmemory="1", maxmemory_policy="noeviction")
    run = check(cache.target)
    assert_verdict(run, "REDIS_OOM", cause="oom")


def test_a_server_with_too_many_clients(check, redis):
    cache = redis(maxclients=1)

    def hold():
        client = cache.client()
        try:
            return client if client("PING") == "PONG" else None
        except servers.ReplyError:
            return client.close()  # the one before has not left yet

    holder = servers.wait_for(hold, "a connection to hold")
    run = check(cache.target)
    assert_verdict(run, "REDIS_MAXCLIENTS", cause="maxclients")
    holder.close()


def test_a_server_in_protected_mode(check, namespace, starter):
    """It shows only to addresses that are not loopback's."""
    namespace.run("ip", "address", "add", "198.18.1.69/32", "dev", "lo")
    cache = servers.Redis(
        starter.new_folder(),
        host="198.18.1.69",
        port=6379,
        prefix=namespace.prefix,
        bind="* -::*",
        protected_mode="yes",
    )
    starter.keep(cache, cache.stop)
    cache.says_ready()
    run = check("198.18.1.69", prefix=namespace.prefix)
    assert_verdict(run, "REDIS_PROTECTED", cause="protected")


def test_a_command_that_was_renamed(check, redis):
    cache = redis(rename_command='SET ""')
    run = check(cache.target)
    assert_verdict(run, "REDIS_RENAMED", cause="unknown_command")


def test_a_script_that_runs_for_long(check, redis):
    cache = redis(**{"lua-time-limit": 10})
    busy = servers.Client(cache.host, cache.port)
    busy._socket.sendall(b"EVAL 'while true do end' 0\r\n")
    other = cache.client()

    def is_busy():
        try:
            other("PING")
        except servers.ReplyError as error:
            return str(error).startswith("BUSY")

    servers.wait_for(is_busy, "the script runs")
    run = check(cache.target)
    assert_verdict(run, "REDIS_BUSY", cause="busy")
    other("SCRIPT", "KILL")


@pytest.fixture
def cluster(redis):
    """Two nodes: `second` has every slot, `first` has none."""

    class Cluster:
        def __init__(self):
            self.first, self.second = self.node(), self.node()
            second = self.second.client()
            second("CLUSTER", "ADDSLOTS", *range(16384))
            first = self.first.client()
            first("CLUSTER", "MEET", self.second.host, self.second.port)
            servers.wait_for(
                lambda: self.redirects(first) and self.serves(second),
                "the cluster is up",
            )

        @staticmethod
        def serves(client):
            return b"cluster_state:ok" in client("CLUSTER", "INFO")

        @staticmethod
        def redirects(client):
            try:
                client("SET", "key", "value")
            except servers.ReplyError as error:
                return str(error).startswith("MOVED")

        @staticmethod
        def node():
            host = places.address()
            return redis(
                host=host, cluster_enabled="yes", cluster_announce_ip=host
            )

    return Cluster


@pytest.mark.slow
def test_a_slot_that_lives_on_another_node(check, cluster):
    nodes = cluster()
    run = check(nodes.first.target)
    result = assert_verdict(run, "REDIS_MOVED", cause="moved")
    evidence = " ".join(result["verdict"]["evidence"])
    assert nodes.second.target in evidence, str(run)
    assert_verdict(check(nodes.second.target), "OK")


def test_a_cluster_without_slots(check, redis):
    run = check(redis(cluster_enabled="yes").target)
    assert_verdict(run, "REDIS_CLUSTERDOWN", cause="clusterdown")


def test_the_server_mode_of_a_cluster(check, redis):
    run = check("--no-write", redis(cluster_enabled="yes").target)
    server = run.object["addresses"][0]["server"]
    assert server["mode"] == "cluster", str(run)


def test_a_web_server(check, http):
    run = check(http.target)
    result = assert_verdict(run, "WRONG_SERVICE", cause="badreply")
    # what it said is shown: Python answers words that are no HTTP in HTML
    assert "<!DOCTYPE" in result["verdict"]["summary"], str(run)


@pytest.mark.parametrize(
    "banner",
    [b"220 mail.test ESMTP\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"J\0\0\0\n8.0"],
)
def test_services_that_speak_first(check, peer, banner):
    run = check(peer(peers.says(banner, then_close=False)).target)
    assert_verdict(run, "WRONG_SERVICE", cause="badreply")


@pytest.mark.parametrize(
    "reply",
    [
        b"$4611686018427387904\r\nab",
        b"$-2\r\n",
        b"*1000000000\r\n",
        b":not-a-number\r\n",
    ],
)
def test_replies_that_break_the_protocol(check, peer, reply):
    run = check("--timeout", "2s", peer(peers.answers(reply)).target)
    assert_verdict(run, "REDIS_PROTOCOL", cause="badreply")


@pytest.mark.parametrize(
    "first, more",
    [
        (b"+", b"a" * 65536),
        (b"$536870912\r\n", b"b" * 65536),
        (b"", b"*1\r\n" * 16384),
        (b"", b"+PONG\r\n" * 8192),
        (b"", b"x" * 65536),
    ],
    ids=["status", "bulk", "nesting", "replies", "nonsense"],
)
@pytest.mark.slow
def test_a_peer_that_never_stops_sending(check, peer, first, more):
    """It ends in a verdict, in time and in bounded memory."""
    idle = check(peer(peers.resets).target).peak_kib
    run = check("--timeout", "2s", peer(peers.floods(first, more)).target)
    assert run.status == 2, str(run)
    assert run.object["verdict"]["id"] != "OK"
    assert run.within(9), str(run)
    assert run.peak_kib < idle + 32 * 1024, str(run)


def test_another_value_comes_back(check, peer):
    fake = peers.redis_like(GET=b"$5\r\nother\r\n")
    run = check(peer(fake).target)
    assert_verdict(run, "REDIS_VALUE_MISMATCH", cause="mismatch")


def test_no_value_comes_back(check, peer):
    run = check(peer(peers.redis_like(GET=b"$-1\r\n")).target)
    assert_verdict(run, "REDIS_VALUE_MISMATCH", cause="mismatch")


def test_a_key_that_is_there_already_is_not_deleted(check, peer):
    """SET NX says no: then it is not our key."""
    seen = []

    def note(words, store):
        seen.append(words)
        return b":1\r\n"

    fake = peers.redis_like(SET=b"$-1\r\n", DEL=note)
    run = check(peer(fake).target)
    assert run.status == 2, str(run)
    assert seen == []


def test_an_error_that_nobody_knows(check, peer):
    """Its words are shown: they are all there is."""
    fake = peers.redis_like(PING=b"-FROB the frobnicator is \x1b[31mred\r\n")
    run = check(peer(fake).target)
    result = assert_verdict(run, "UNKNOWN_ERROR", stage="ping")
    evidence = " ".join(result["verdict"]["evidence"])
    assert "the frobnicator is" in evidence
    assert "\x1b" not in run.out


def test_a_reply_that_comes_a_byte_at_a_time(check, peer):
    inner = peers.redis_like()

    class Drip:
        """A connection that sends byte by byte."""

        def __init__(self, connection):
            self._connection = connection

        def __getattr__(self, name):
            return getattr(self._connection, name)

        def sendall(self, data):
            for byte in data:
                self._connection.sendall(bytes([byte]))

    run = check(peer(lambda connection: inner(Drip(connection))).target)
    assert_verdict(run, "OK")


def test_a_reply_that_is_cut(check, peer):
    run = check(peer(peers.says(b"+PO")).target)
    assert run.status == 2, str(run)
    assert run.object["verdict"]["stage"] == "ping", str(run)


def test_payloads_pass(check, redis):
    cache = redis()
    run = check("--payload", "1400,8300,16k,64k", cache.target)
    assert_verdict(run, "OK")
    assert cache.client()("DBSIZE") == 0


def test_a_silent_connection_is_asked_again(check, redis):
    run = check("--idle", "300ms", redis().target)
    result = assert_verdict(run, "OK")
    assert result["total_ms"] >= 300


@pytest.mark.slow
def test_a_connection_that_the_server_ends_while_idle(check, redis):
    run = check("--idle", "4s", redis(timeout=1).target)
    assert run.status == 2, str(run)
    found = run.object["verdict"]
    assert found["stage"] == "ping", str(run)
    assert "timeout parameter" in found["cause"], str(run)
