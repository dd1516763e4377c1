"""linkprobe merge: the logs of many clients, added up."""

import json

import pytest

import program
from benches import LATENCY, SHORT

try:
    import jsonschema
except ImportError:
    jsonschema = None

# 100, 2047, 2048, 2049, 1234567 and 500000000 ns, 1,310 of them
EXAMPLE = (
    "HISTFAAAADN4nJNpmSzMwMAgyAABzFCaEch0M9ixgMH+A0TgOCPTZjkWvueTGC/w/+xi"
    "vMECAND7CsI="
)
# empty: with two digits, and of doubles
TWO_DIGITS = "HISTFAAAACF4nJNpmSzMwMDAyAABTFAayGd2M9ixgMH+A1QAAFKNBEw="
DOUBLES = "DHISTwAAAAgAAAAAAAAAAA=="

HEAD = (
    "#[Histogram log format version 1.3]\n"
    "#[StartTime: 1700000000.000 (seconds since epoch), x]\n"
)


def log_of(tmp_path, name, seconds=3, late=0.0, tags=("", "send"), more=""):
    """A log as of a client that began so many seconds after the first."""
    text = HEAD
    for second in range(seconds):
        for tag in tags:
            text += f"Tag={tag}," if tag else ""
            text += f"{1700000000 + second + late:.3f},1.000,500.171,{EXAMPLE}"
            text += "\n"
    made = tmp_path / name
    made.write_text(text + more)
    return made


def object_of(run, status=0):
    assert run.status == status, str(run)
    if jsonschema:
        path = program.TOP / "docs/schema/merge.schema.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        for node in schema["$defs"].values():
            if "properties" in node:
                node["additionalProperties"] = False
        jsonschema.Draft202012Validator(schema).validate(run.object)
    return run.object


@pytest.fixture
def merge(linkprobe):
    def run(*words, **options):
        return linkprobe("merge", "--format", "json", *words, **options)

    return run


def test_counts_of_all_logs_are_added(merge, tmp_path):
    logs = [log_of(tmp_path, f"{i}.hlog", late=i / 10) for i in range(3)]
    run = merge(*logs)
    found = object_of(run)
    assert run.err == ""
    assert found["time"] == "2023-11-14T22:13:20.000Z"
    assert found["duration_s"] == 3.2 and found["overlap_s"] == 2.8
    assert [log["file"] for log in found["logs"]] == list(map(str, logs))
    assert all(log["complete"] for log in found["logs"])
    untagged, send = found["series"]
    assert untagged["tag"] is None and send["tag"] == "send"
    assert untagged["intervals"] == 9
    assert untagged["duration_s"] == 3.2
    assert untagged["throughput_rps"] == round(9 * 1310 / 3.2, 1)
    latency = untagged["latency_us"]
    assert list(latency) == LATENCY
    assert latency["count"] == 9 * 1310
    assert latency["min"] == 0.1 and latency["max"] == 500170.751
    assert latency["p50"] == 1234.943 and latency["p99"] == 500170.751
    assert latency["mean"] == 115455.232 and latency["stddev"] == 209600.211


def test_text_is_a_table(linkprobe, tmp_path):
    logs = [log_of(tmp_path, f"{i}.hlog") for i in range(2)]
    run = linkprobe("merge", *logs)
    assert run.status == 0 and run.err == "", str(run)
    assert run.out == (
        "2 logs, 3.0 s from 2023-11-14T22:13:20.000Z\n"
        "\n"
        "series       count   per s      p50      p90      p99    p99.9"
        "   p99.99      max\n"
        "(no tag)    7.86 k  2.62 k  1.23 ms   500 ms   500 ms   500 ms"
        "   500 ms   500 ms\n"
        "send        7.86 k  2.62 k  1.23 ms   500 ms   500 ms   500 ms"
        "   500 ms   500 ms\n"
    )


def test_csv_is_a_row_a_series(linkprobe, tmp_path):
    log = log_of(tmp_path, "a.hlog", seconds=1, tags=("", "send", "=1+1"))
    run = linkprobe("merge", "--format", "csv", log)
    assert run.status == 0 and run.err == "", str(run)
    figures = (
        ",1,1.000,1310,1310.0,0.100,115455.232,209600.211,1234.943,1234.943,"
        "500170.751,500170.751,500170.751,500170.751,500170.751,500170.751\n"
    )
    assert run.out == (
        "tag,intervals,duration_s,count,rps,min_us,mean_us,stddev_us,p50_us,"
        "p75_us,p90_us,p95_us,p99_us,p99_9_us,p99_99_us,max_us\n"
        f'""{figures}"\'=1+1"{figures}"send"{figures}'
    )


def test_the_sum_can_be_merged_again(merge, tmp_path):
    logs = [log_of(tmp_path, f"{i}.hlog", late=i / 10) for i in range(3)]
    total = tmp_path / "sum.hlog"
    first = object_of(merge(*logs, "--hlog", total))
    again = object_of(merge(total))
    for one, other in zip(first["series"], again["series"], strict=True):
        assert one["tag"] == other["tag"] and other["intervals"] == 3
        assert one["latency_us"] == other["latency_us"]
        assert one["duration_s"] == other["duration_s"]
    lines = total.read_text().splitlines()
    assert lines[0].startswith("#[Logged with linkprobe ")
    assert len(lines) == 4 + 6


def test_standard_input_is_a_log(merge, tmp_path):
    log = log_of(tmp_path, "a.hlog")
    found = object_of(merge("-", stdin=log.read_bytes()))
    assert found["logs"][0]["file"] == "standard input"
    assert found["series"][0]["latency_us"]["count"] == 3 * 1310


def test_a_log_of_a_killed_client_counts(merge, tmp_path):
    cut = f"1700000003.000,1.000,500.171,{EXAMPLE[:50]}"
    log = log_of(tmp_path, "a.hlog", more=cut)
    run = merge(log, log_of(tmp_path, "b.hlog"))
    found = object_of(run, status=1)
    assert run.err == (
        f"linkprobe: warning: {log}:9: the last line is cut off and is not "
        "counted\n"
    )
    assert [log["complete"] for log in found["logs"]] == [False, True]
    assert found["series"][0]["latency_us"]["count"] == 6 * 1310


def test_an_empty_log_is_told(merge, tmp_path):
    empty = tmp_path / "empty.hlog"
    empty.write_text(HEAD)
    run = merge(empty, log_of(tmp_path, "a.hlog"))
    found = object_of(run, status=1)
    assert run.err == (
        f"linkprobe: warning: {empty}: there are no intervals in it\n"
    )
    assert found["logs"][0]["time"] is None
    assert found["overlap_s"] == 3


def test_logs_of_different_times_are_told(linkprobe, tmp_path):
    logs = [log_of(tmp_path, f"{i}.hlog", late=100 * i) for i in range(2)]
    run = linkprobe("merge", *logs)
    assert run.status == 0, str(run)
    assert (
        "The logs do not cover the same time: all of them 0.0 s of it."
        in run.out
    )
    # 2 x 3 s in which one was at work
    assert "(no tag)    7.86 k  1.31 k" in run.out


def line(histogram, length="1.000"):
    return f"1700000000.000,{length},1.000,{histogram}\n"


REFUSED = {
    "digits": (line(TWO_DIGITS), "with 2 digits; what can be added is from 1"),
    "doubles": (line(DOUBLES), "it is a histogram of doubles"),
    "end": (line(EXAMPLE, "1700000001.000"), "longer than a year"),
    "cut": (line(EXAMPLE[:40]), "it is cut short"),
    "bits": (line(EXAMPLE.replace("gyAAB", "gyAAC")), "it is damaged"),
    "letters": (line("what?"), "the histogram is not in base64"),
    "json": ('{"schema":"linkprobe.bench/1"}\n', "expected [Tag=NAME,]START,"),
    "binary": ("\x7fELF\x00\x00\xff\xfe\n", "expected [Tag=NAME,]START,"),
    "words": ("no log", "expected [Tag=NAME,]START,"),
}


@pytest.mark.parametrize("text, said", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_added_ends_it(merge, tmp_path, text, said):
    fine = log_of(tmp_path, "a.hlog")
    other = tmp_path / "b.hlog"
    other.write_bytes(text.encode("latin-1"))
    run = merge(fine, other, "--hlog", tmp_path / "sum.hlog")
    found = object_of(run, status=3)
    assert found["error"].startswith(f"{other}:1: ") and said in found["error"]
    assert run.err == f"linkprobe: {found['error']}\n"
    assert not (tmp_path / "sum.hlog").exists()


@pytest.mark.parametrize(
    "words, said",
    [
        ([], "linkprobe: merge: no log; expected FILE.hlog (see linkprobe "),
        (["nowhere.hlog"], 'linkprobe: "nowhere.hlog": No such file'),
        (["."], "linkprobe: .:1: Is a directory"),
        (["a.hlog", "--format", "xml"], "linkprobe: --format: "),
        (["a.hlog", "--rate", "5"], "linkprobe: unknown option --rate"),
        (["a.hlog", "./a.hlog"], "linkprobe: ./a.hlog: the same log is given"),
        (["e.hlog"], "linkprobe: warning: e.hlog: there are no intervals"),
        (["a.hlog", "--hlog", "no/b"], 'linkprobe: --hlog: "no/b": No such'),
        (["a.hlog", "--hgrm", "no/b"], 'linkprobe: --hgrm: "no/b": No such'),
        (["a.hlog", "--hlog", "/dev/full"], 'linkprobe: --hlog: "/dev/full":'),
        (["a.hlog", "--hgrm", "/dev/full"], 'linkprobe: --hgrm: "/dev/full":'),
    ],
)
def test_what_cannot_be_done_is_one_line(linkprobe, home, words, said):
    log_of(home, "a.hlog")
    (home / "e.hlog").write_text("")
    run = linkprobe("merge", *words)
    assert run.status == 3, str(run)
    assert run.out == "" and run.err.startswith(said), str(run)
    assert len(run.err.splitlines()) == 1 + ("warning" in said)


def test_help_and_version(linkprobe):
    run = linkprobe("merge", "--help")
    assert run.status == 0 and run.err == "", str(run)
    for option in ("--format", "--hlog", "--hgrm", "--html"):
        assert option in run.out
    assert "FILE.hlog" in run.out and "TARGET" not in run.out
    assert linkprobe("help", "merge").out == run.out
    assert linkprobe("merge", "--version").out == linkprobe("--version").out


def test_the_environment_of_checks_says_nothing_of_logs(linkprobe, tmp_path):
    log = log_of(tmp_path, "a.hlog")
    run = linkprobe("merge", log, env={"LINKPROBE_FORMAT": "nagios"})
    assert run.status == 0 and run.out.startswith("1 log, "), str(run)


def test_each_side_has_a_percentile_file(merge, tmp_path):
    tags = ("a", "a.send", "b", "b.send")
    log = log_of(tmp_path, "a.hlog", tags=tags)
    out = tmp_path / "out.hgrm"
    object_of(merge(log, "--hgrm", out))
    assert sorted(f.name for f in tmp_path.glob("out*")) == [
        "out.hgrm",
        "out.hgrm.b",
    ]
    assert "Total count    =         3930]" in out.read_text()


def test_the_page_tells_what_logs_tell(merge, tmp_path):
    tags = ("a", "a.send", "b", "b.send", "</script><b>")
    logs = [log_of(tmp_path, f"{i}.hlog", tags=tags) for i in range(2)]
    page = tmp_path / "a.html"
    run = merge(*logs, "--html", page)
    if run.status == 3 and "no chart library" in run.err:
        pytest.skip("this build has no chart library")
    object_of(run)
    text = page.read_text()
    assert "a of 2 logs" in text and "b of 2 logs" in text
    assert "3.93 k" not in text and "7.86 k requests in 3.00 s" in text
    for unknown in ("closed loop", "no errors", "0 addresses", "</script><b>"):
        assert unknown not in text, unknown


def test_no_byte_of_a_tag_reaches_the_terminal(linkprobe, tmp_path):
    log = log_of(tmp_path, "a.hlog", tags=("\u202e", "\u009b31m"))
    run = linkprobe("merge", log)
    assert run.status == 0, str(run)
    assert run.out.isascii(), run.out


def test_what_bench_writes_is_added(linkprobe, redis, tmp_path):
    cache = redis()
    logs = [tmp_path / f"{i}.hlog" for i in range(2)]
    requests = 0
    for log in logs:
        words = ("bench", *SHORT, "--format", "json", "--hlog", log)
        run = linkprobe(*words, cache.target)
        assert run.status in (0, 1), str(run)
        requests += run.object["sides"][0]["requests"]
    found = object_of(linkprobe("merge", "--format", "json", *logs))
    counts = {s["tag"]: s["latency_us"]["count"] for s in found["series"]}
    assert counts[None] == counts["send"] == requests
    assert counts["set"] + counts["get"] == requests
    assert counts["connect"] > 0
