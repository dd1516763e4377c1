"""All passes, and yet: what times and retransmits of one check prove."""

import threading
import time

import peers
import servers
from verdicts import assert_verdict, stages_of

LOSES_ONE_SEGMENT = """
table inet t {
  set seen { type inet_service; flags dynamic; timeout 30s; }
  chain c {
    type filter hook input priority 0
    tcp dport 6379 tcp flags & psh == psh tcp sport != @seen add @seen \
      { tcp sport } drop
  }
}
"""


def candidates(result):
    return [c["id"] for c in result["verdict"]["candidates"]]


def late(reply, seconds):
    def answer(_words, _store):
        time.sleep(seconds)
        return reply

    return answer


def test_writes_that_are_paused(check, redis):
    cache = redis()
    cache.client()("CLIENT", "PAUSE", 2500, "WRITE")
    result = assert_verdict(check(cache.target), "REDIS_PAUSED")
    assert candidates(result) == ["PERF_LOSS"]
    stages = stages_of(result["addresses"][0])
    assert stages["set"]["status"] == "warning"
    assert stages["ping"]["status"] == "ok"


def test_writes_that_are_paused_behind_a_login(check, redis):
    cache = redis(requirepass="secret")
    cache.client()("CLIENT", "PAUSE", 2500, "WRITE")
    run = check(cache.target, env={"LINKPROBE_PASSWORD": "secret"})
    result = assert_verdict(run, "REDIS_PAUSED")
    assert candidates(result) == ["REDIS_SLOW"]


def test_an_engine_that_is_blocked(check, redis):
    cache = redis(enable_debug_command="yes")

    def is_busy():
        try:
            servers.Client(cache.host, cache.port, 0.05)("PING")
        except TimeoutError:
            return True

    block = cache.client()
    busy = threading.Thread(target=block, args=("DEBUG", "SLEEP", 2.5))
    busy.start()
    servers.wait_for(is_busy, "the engine is busy")
    run = check(cache.target)
    busy.join()
    result = assert_verdict(run, "REDIS_SLOW")
    assert "PONG after" in result["verdict"]["summary"]
    assert stages_of(result["addresses"][0])["ping"]["status"] == "warning"


def test_a_server_that_is_slow_each_time(check, peer):
    serve = peers.redis_like(
        PING=late(b"+PONG\r\n", 0.15), DEL=late(b":1\r\n", 0.15)
    )
    assert_verdict(check(peer(serve).target), "REDIS_SLOW")


def test_a_server_that_is_slow_to_log_in(check, peer):
    """An authority of its own may take its time; that is not the engine."""
    serve = peers.redis_like(AUTH=late(b"+OK\r\n", 0.3))
    run = check(peer(serve).target, env={"LINKPROBE_PASSWORD": "secret"})
    assert_verdict(run, "OK")


def test_thresholds_come_before_them(check, peer):
    serve = peers.redis_like(PING=late(b"+PONG\r\n", 0.3))
    run = check("-w", "ping=100ms", peer(serve).target)
    assert_verdict(run, "THRESHOLD_EXCEEDED", status=1)


def test_a_segment_that_is_lost(check, namespace, starter):
    namespace.run("ip", "address", "add", "198.18.1.69/32", "dev", "lo")
    namespace.nft(LOSES_ONE_SEGMENT)
    cache = servers.Redis(
        starter.new_folder(),
        host="198.18.1.69",
        port=6379,
        prefix=namespace.prefix,
        protected_mode="no",
    )
    starter.keep(cache, cache.stop)
    cache.says_ready()
    run = check("198.18.1.69", prefix=namespace.prefix)
    result = assert_verdict(run, "PERF_LOSS")
    assert result["addresses"][0]["tcp_info"]["retransmits"] == 1
