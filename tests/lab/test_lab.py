"""Every fault of the table is what a check says of it."""

import pytest

import faults
import program
from verdicts import assert_helpful


def check(lab, row, home):
    """`linkprobe check` of what `row` is about, inside the client."""
    env = {}
    if row.password:
        env["LINKPROBE_PASSWORD"] = row.password.format(**lab.facts)

    def fill(text):
        return text.format(**lab.facts).split()

    return program.run(
        *("check", "--no-config", "--format", "json"),
        *("--timeout", row.timeout, "--deadline", row.deadline),
        *fill(row.check),
        *fill(row.target),
        prefix=lab.prefix,
        home=home,
        env=env,
    )


def of_first_target(lab, row, run):
    """The object of the target that is meant; they come as they end."""
    name = row.target.split()[0].format(**lab.facts)
    (found,) = (
        result
        for result in run.objects()
        if result["target"]["name"].removesuffix(":6379") == name
    )
    return found


def seen(result, run):
    """What a row foretells: "ID stage hop exit-status"."""
    verdict = result["verdict"]
    words = (verdict["id"], verdict["stage"], verdict["hop"], run.status)
    return " ".join("-" if word is None else str(word) for word in words)


def rows():
    for row in faults.ALL:
        if row.gives:
            yield pytest.param(row, id=row.name)


@pytest.mark.parametrize("row", rows())
def test_a_fault_is_called_by_its_name(lab, home, row, verdicts):
    lab.fault(row.name)
    run = check(lab, row, home)
    result = of_first_target(lab, row, run)
    verdicts(row.gives, seen(result, run))
    assert seen(result, run) == row.gives, str(run)
    assert_helpful(result, row.gives.split()[0], run)
    candidates = {other["id"] for other in result["verdict"]["candidates"]}
    assert candidates >= set(row.maybe.split()), str(run)
    told = "\n".join(result["verdict"]["evidence"])
    for words in row.says:
        assert words.format(**lab.facts) in told, f"{words!r} is not in {run}"
    mends = "\n".join(fix["command"] for fix in result["verdict"]["fix"])
    for words in row.tries:
        assert words.format(**lab.facts) in mends, f"{words!r} is not in {run}"


@pytest.mark.parametrize("name", [row.name for row in faults.ALL if row.steps])
def test_a_fault_ends_without_a_trace(lab, home, name, verdicts):
    """Both zones pass again, and so does the next fault."""
    healthy = faults.find("healthy")
    lab.fault(name)
    lab.fault("none")
    run = check(lab, healthy, home)
    verdicts(healthy.gives, seen(run.object, run))
    assert seen(run.object, run) == healthy.gives, f"after {name}: {run}"


def test_the_segment_size_is_that_of_the_real_thing(lab, home):
    """MTU 9001 becomes MSS 8353, by which an endpoint can be told."""
    run = check(lab, faults.find("healthy"), home)
    sizes = [a["tcp_info"]["snd_mss"] for a in run.object["addresses"]]
    assert sizes == [8353, 8353], str(run)
