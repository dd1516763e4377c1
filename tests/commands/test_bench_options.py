"""The words of linkprobe bench, its room, its files, its progress."""

import calendar
import re
import signal
import subprocess
import time

import pytest

import program
import servers
from benches import SECRET, SHORT, result_of, side_of


@pytest.mark.parametrize(
    "words, names",
    [
        (["-d", "64"], "--size"),
        (["-r", "1000"], "--rate"),
        (["-r1000"], "--rate"),
        (["-t", "4"], "--threads"),
        (["-t", "set,get"], "--mix"),
        (["-n", "10"], "--duration"),
        (["--nonsense"], "--nonsense"),
        (["--mix", "incr"], "--mix"),
        (["--assert", "p99"], "--assert"),
        (["--assert", "diff.p99<1ms"], "--against"),
        (["--start-at", "noon"], "--start-at"),
        (["--start-at", "2020-01-01T00:00:00Z"], "past"),
        (["--format", "junit"], "junit"),
        (["--hlog", "/nonexistent/log"], "/nonexistent/log"),
        (["--hgrm", "/nonexistent/log"], "/nonexistent/log"),
        (["--config", "/nonexistent/c.yml"], "/nonexistent/c.yml"),
        (["127.0.0.1:2"], "--against"),
    ],
)
def test_wrong_words_are_answered_in_one_line(linkprobe, redis, words, names):
    run = linkprobe("bench", *SHORT, *words, redis().target)
    assert run.status == 3, str(run)
    assert run.out == "", str(run)
    assert len(run.err.splitlines()) == 1, str(run)
    assert names in run.err, str(run)


def test_a_wrong_word_in_json_is_an_object_too(bench):
    run = bench("--nonsense", "x")
    assert "--nonsense" in result_of(run, 3)["error"]
    assert "--nonsense" in run.err


def test_help_names_the_options(linkprobe):
    run = linkprobe("bench", "--help", "all")
    assert run.status == 0 and run.err == "", str(run)
    assert linkprobe("help", "bench").out == linkprobe("bench", "-h").out
    for option in (
        *("--connections", "--threads", "--pipeline", "--requests", "--rate"),
        *("--duration", "--warmup", "--mix", "--size", "--keys", "--seed"),
        *("--key-prefix", "--distribution", "--force", "--against"),
        *("--assert", "--reconnect", "--start-at", "--format", "--hlog"),
        *("--hgrm", "--html", "--quiet", "--no-progress", "--tls", "--user"),
        *("--address", "--dns", "--cacert", "--tls-name", "--timeout"),
    ):
        assert option in run.out, option


def test_the_file_has_options_for_it(bench, redis, home):
    path = home / "c.yml"
    path.write_text(
        "defaults: {format: nagios, warning: 5, size: 32}\n"
        "modules: {m: {mix: ping, rate: 200}}\n"
    )
    run = bench("--config", path, "--module", "m", redis().target)
    config = result_of(run)["config"]
    assert config["mix"] == "ping" and config["rate"] == 200
    assert config["size"] == 32
    run = bench("--config", path, "--config-check")
    assert run.status == 0 and run.out == f"{path}: OK\n", str(run)


def test_clients_begin_together(bench, redis):
    cache = redis()
    late = []
    for ahead_s in (2, 4, 8):  # a busy machine may come late, but never early
        at = int(time.time()) + ahead_s
        text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
        run = bench("--start-at", text, "--warmup", "0", cache.target)
        if run.status == 3 and "past" in run.err:
            continue
        late.append(seconds_of(result_of(run)["time"]) - at)
        assert time.time() > at and late[-1] > -0.01, str(run)
        if late[-1] < 1:
            break
    assert late and late[-1] < 1, late


def seconds_of(text):
    """An RFC 3339 time of ours since the epoch."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    parsed = time.strptime(whole + " UTC", "%Y-%m-%dT%H:%M:%S %Z")
    return calendar.timegm(parsed) + float("0." + fraction)


# ---- room for the keys


def test_keys_that_would_not_fit_are_refused(bench, redis):
    cache = redis(maxmemory="4mb")
    words = "-k", "20000", "-s", "64"
    run = bench(*words, cache.target)
    assert run.status == 3, str(run)
    assert "maxmemory" in run.err and "--force" in run.err, str(run)
    assert cache.client()("DBSIZE") == 0
    assert side_of(bench("-k", "10", cache.target))["errors"] == 0
    assert side_of(bench("--mix", "ping", *words, cache.target))


def test_force_runs_all_the_same(bench, redis):
    cache = redis(maxmemory="20mb")
    run = bench("-k", "20000", "--force", cache.target)
    assert side_of(run)["errors"] == 0


def test_a_server_that_evicts_without_a_limit_is_refused(bench, redis):
    cache = redis(maxmemory_policy="allkeys-lru")
    run = bench(cache.target)
    assert run.status == 3 and "--force" in run.err, str(run)
    assert side_of(bench("--force", cache.target))["errors"] == 0


def test_a_server_that_tells_no_memory_is_measured(bench, redis):
    """INFO refused: it says so, and goes on."""
    cache = redis(user=f"load on >{SECRET} ~* +@all -info")
    run = bench(
        *("--user", "load", cache.target), env={"LINKPROBE_PASSWORD": SECRET}
    )
    assert side_of(run)["errors"] == 0
    assert "INFO" in run.err and len(run.err.splitlines()) == 1, str(run)


# ---- files


def test_the_log_has_a_line_a_second(bench, redis, tmp_path):
    log = tmp_path / "run.hlog"
    run = bench("-d", "1500ms", "--hlog", log, redis().target)
    side = side_of(run)
    lines = [
        line
        for line in log.read_text().splitlines()
        if not line.startswith(("#", '"'))
    ]
    tags = [line.split(",")[0] for line in lines]
    assert {"Tag=send", "Tag=set", "Tag=get", "Tag=connect"} <= set(tags)
    plain = [line for line in lines if not line.startswith("Tag=")]
    assert len(plain) == len(side["intervals"]) >= 1
    assert all(line.split(",")[3].startswith("HISTFAAA") for line in plain)


def test_the_log_is_written_while_it_lasts(redis, home, linkprobe):
    """A client that is killed leaves what it had measured."""
    log = home / "run.hlog"
    log.write_text("#[of another run]\n")
    started = program.start(
        *("bench", *SHORT, "-d", "60s", "--hlog", log, redis().target),
        home=home,
    )
    servers.wait_for(
        lambda: log.read_text().count("Tag=send,") >= 2, "two seconds"
    )
    started.kill(signal.SIGKILL)
    assert started.finish().status == -signal.SIGKILL
    assert "another run" not in log.read_text()
    run = linkprobe("merge", "--format", "json", log)
    assert run.status in (0, 1), str(run)
    series = {s["tag"]: s for s in run.object["series"]}
    assert {None, "send", "set", "get", "connect"} == set(series)
    assert series["connect"]["latency_us"]["count"] == 4
    assert series[None]["intervals"] >= 2
    starts = [
        float(line.split(",")[0])
        for line in log.read_text().splitlines()
        if line[0].isdigit()
    ]
    assert starts == sorted(starts)


def test_the_log_tells_what_no_histogram_holds(bench, redis, tmp_path):
    log = tmp_path / "run.hlog"
    cache = redis(user=f"load on >{SECRET} ~* +@all -get")
    run = bench(
        *("--user", "load", "--mix", "set:get=1:1", "--hlog", log),
        cache.target,
        env={"LINKPROBE_PASSWORD": SECRET},
    )
    side = side_of(run, 1)
    assert log.read_text().splitlines()[-1] == (
        f"#[Side a: {side['requests']} requests answered, {side['errors']} "
        f"failed (denied {side['errors']}), 0 never sent, 0 counted as one "
        "hour]"
    )


def test_sides_have_logs_and_percentiles_of_their_own(bench, redis, tmp_path):
    a, b = redis(), redis()
    log, table = tmp_path / "run.hlog", tmp_path / "run.hgrm"
    run = bench(
        *("--hlog", log, "--hgrm", table, a.target, "--against", b.target)
    )
    result_of(run)
    text = log.read_text()
    for tag in ("a", "a.send", "a.set", "b", "b.send", "b.get"):
        assert f"\nTag={tag}," in text, tag
    for path in (table, tmp_path / "run.hgrm.b"):
        assert "#[Mean" in path.read_text()


def test_a_run_that_fails_leaves_the_old_log(bench, redis, tmp_path):
    log = tmp_path / "run.hlog"
    cache = redis()
    result_of(bench("--hlog", log, cache.target))
    before = log.read_text()
    cache.stop()
    assert bench("--hlog", log, cache.target).status == 3
    assert log.read_text() == before
    again = redis()
    result_of(bench("--hlog", log, "-d", "100ms", again.target))
    text = log.read_text()
    assert text.count("StartTimestamp") == 1 and text != before


def test_a_log_goes_through_a_pipe(linkprobe, redis):
    run = linkprobe(
        *("bench", *SHORT, "--hlog", "/dev/stderr", redis().target), "-q"
    )
    assert run.status in (0, 1), str(run)
    assert "#[Histogram log format version 1.3]" in run.err


def test_a_page_is_one_file(bench, redis, tmp_path):
    page = tmp_path / "run.html"
    run = bench("--html", page, redis().target)
    if run.status == 3 and "--html" in run.err:
        pytest.skip(run.err)
    result_of(run)
    assert page.read_text().lstrip().lower().startswith("<!doctype html")


# ---- progress


def on_terminal(words, home):
    """Run it with a terminal as standard error; what that shows."""
    script = subprocess.run(
        ["script", "-qec", program_line(words), "/dev/null"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=program.environment(home, TERM="xterm"),
        timeout=60,
        check=False,
    )
    return script.stdout.decode()


def program_line(words):
    line = " ".join(str(w) for w in [*program.command(), *words])
    return line + " >/dev/null"


def test_progress_is_shown_on_a_terminal(redis, home):
    if not servers.find("script"):
        pytest.skip("script is missing")
    cache = redis()
    words = ["bench", *SHORT, "-d", "2s", cache.target]
    shown = on_terminal(words, home)
    assert re.search(r"\r.*p50 [0-9.]+ m?s  p99 .*errors.*left", shown), shown
    assert shown.endswith("\r\x1b[K"), shown
    for quiet in ("-q", "--no-progress"):
        assert on_terminal([*words, quiet], home) == ""
