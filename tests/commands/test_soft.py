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


# What a machine that stands still does not use up.
PATIENT = ("--timeout", "20s", "--deadline", "40s")


def met(measure, **times):
    """The first run whose stages took so long, as stage=(least, most) ms: one
    that met the fault it was made for, and no other of this machine."""
    for _ in range(8):
        run = measure()
        stages = stages_of(run.object["addresses"][0])
        if all(
            least <= (stages[stage]["ms"] or 0) < most
            for stage, (least, most) in times.items()
        ):
            break
    return run


def paused(check, cache, **options):
    def measure():
        cache.client()("CLIENT", "PAUSE", 2500, "WRITE")
        return check(*PATIENT, cache.target, **options)

    return met(measure, ping=(0, 100), set=(500, 20000))


def test_writes_that_are_paused(check, redis):
    result = assert_verdict(paused(check, redis()), "REDIS_PAUSED")
    assert candidates(result) == ["PERF_LOSS"]
    stages = stages_of(result["addresses"][0])
    assert stages["set"]["status"] == "warning"
    assert stages["ping"]["status"] == "ok"


def test_writes_that_are_paused_behind_a_login(check, redis):
    cache = redis(requirepass="secret")
    run = paused(check, cache, env={"LINKPROBE_PASSWORD": "secret"})
    result = assert_verdict(run, "REDIS_PAUSED")
    assert candidates(result) == ["REDIS_SLOW"]


def test_an_engine_that_is_blocked(check, redis):
    cache = redis(enable_debug_command="yes")

    def is_busy():
        try:
            servers.Client(cache.host, cache.port, 0.05)("PING")
        except TimeoutError:
            return True

    def measure():
        block = cache.client()
        busy = threading.Thread(target=block, args=("DEBUG", "SLEEP", 2.5))
        busy.start()
        servers.wait_for(is_busy, "the engine is busy")
        run = check(*PATIENT, cache.target)
        busy.join()
        return run

    run = met(measure, tcp=(0, 100), ping=(500, 20000))
    result = assert_verdict(run, "REDIS_SLOW")
    assert "PONG after" in result["verdict"]["summary"]
    assert stages_of(result["addresses"][0])["ping"]["status"] == "warning"


def test_a_server_that_is_slow_each_time(check, peer):
    serve = peers.redis_like(
        PING=late(b"+PONG\r\n", 0.3), DEL=late(b":1\r\n", 0.3)
    )
    slow = peer(serve)
    run = met(lambda: check(*PATIENT, slow.target), tcp=(0, 100))
    assert_verdict(run, "REDIS_SLOW")


def test_a_server_that_is_slow_to_log_in(check, peer):
    """An authority of its own may take its time; that is not the engine."""
    slow = peer(peers.redis_like(AUTH=late(b"+OK\r\n", 0.3)))
    env = {"LINKPROBE_PASSWORD": "secret"}
    # PONG comes behind the reply to AUTH
    run = met(lambda: check(*PATIENT, slow.target, env=env), ping=(300, 400))
    assert_verdict(run, "OK")


def test_thresholds_come_before_them(check, peer):
    serve = peers.redis_like(PING=late(b"+PONG\r\n", 0.3))
    run = check(*PATIENT, "-w", "ping=100ms", peer(serve).target)
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
    run = check(*PATIENT, "198.18.1.69", prefix=namespace.prefix)
    result = assert_verdict(run, "PERF_LOSS")
    assert result["addresses"][0]["tcp_info"]["retransmits"] == 1
