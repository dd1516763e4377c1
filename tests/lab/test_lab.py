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
    words = row.check.format(**lab.facts).split()
    return program.run(
        *("check", "--no-config", "--format", "json"),
        *("--timeout", row.timeout, "--deadline", row.deadline),
        *words,
        row.target.format(**lab.facts),
        prefix=lab.prefix,
        home=home,
        env=env,
    )


def seen(run):
    """What a row foretells: "ID stage hop exit-status"."""
    verdict = run.object["verdict"]
    words = (verdict["id"], verdict["stage"], verdict["hop"], run.status)
    return " ".join("-" if word is None else str(word) for word in words)


def rows():
    for row in faults.ALL:
        marks = []
        if row.needs:
            marks.append(pytest.mark.xfail(reason="needs " + row.needs))
        if row.gives:
            yield pytest.param(row, id=row.name, marks=marks)


@pytest.mark.parametrize("row", rows())
def test_a_fault_is_called_by_its_name(lab, home, row):
    lab.fault(row.name)
    run = check(lab, row, home)
    assert seen(run) == row.gives, str(run)
    assert_helpful(run.object, row.gives.split()[0], run)


@pytest.mark.parametrize("name", [row.name for row in faults.ALL if row.steps])
def test_a_fault_ends_without_a_trace(lab, home, name):
    """Both zones pass again, and so does the next fault."""
    healthy = faults.find("healthy")
    lab.fault(name)
    lab.fault("none")
    run = check(lab, healthy, home)
    assert seen(run) == healthy.gives, f"after {name}: {run}"
