"""The files for GitHub and GitLab: their schema, and their steps run by sh."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

import daemons
import modules
import places
import servers

FILES = daemons.FILES / "ci"


def wait(alive):
    """Long where it ends by itself: a busy machine may be slow for long."""
    return {"WAIT": "40s" if alive else "2s"}


def words_of_the_check(script):
    return re.sub(r"\s*\\?\n\s*", " ", script)


@pytest.fixture(name="github")
def _github():
    return daemons.load("ci/github-actions.yml")


@pytest.fixture(name="gitlab")
def _gitlab():
    return daemons.load("ci/gitlab-ci.yml")


def github_steps(github):
    return {step["name"]: step for step in github["jobs"]["smoke"]["steps"]}


def quickly(script):
    """Three in a row without the seconds between them."""
    assert script.count("--interval 2s") == 1
    return "set -e\n" + script.replace("--interval 2s", "--interval 100ms")


def dead():
    host = places.address()
    return f"{host}:{places.port(host)}"


def cases_of(path):
    """(all, failed) testcases of a JUnit file."""
    suites = ElementTree.parse(path).getroot()
    assert suites.tag == "testsuites"
    cases = list(suites.iter("testcase"))
    failed = [c for c in cases if c.find("failure") is not None]
    return len(cases), len(failed)


@pytest.mark.slow
def test_the_workflow_passes_githubs_schema():
    """Of a workflow, as the package action-validator carries it."""
    run = modules.node(
        "node_modules/@action-validator/cli/cli.mjs",
        FILES / "github-actions.yml",
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_workflow_has_what_a_runner_needs(github):
    # "on" is a boolean to YAML 1.1, which PyYAML speaks and GitHub does not
    assert set(github) == {"name", True, "permissions", "jobs"}
    inputs = [github[True][k]["inputs"] for k in github[True]]
    assert all(set(i) == {"target", "wait"} for i in inputs)
    job = github["jobs"]["smoke"]
    assert set(job) == {"runs-on", "timeout-minutes", "env", "steps"}
    text = (FILES / "github-actions.yml").read_text(encoding="utf-8")
    for step in job["steps"]:
        assert ("run" in step) != ("uses" in step), step
        # an expression in a script would be a place to inject words
        assert "${{" not in step.get("run", ""), step
    assert "secrets.CACHE_PASSWORD" in text
    keep = github_steps(github)["Keep the results"]
    assert keep["if"] == "${{ !cancelled() }}"
    assert keep["with"]["path"] == "linkprobe.xml"


@pytest.mark.parametrize("alive", [True, False])
def test_githubs_steps(github, shell, redis, home, alive):
    steps = github_steps(github)
    target = redis().target if alive else dead()
    # with -e, as GitHub starts the shell
    script = quickly(steps["Check"]["run"])
    run = shell(script, TARGET=target, **wait(alive))
    assert run.returncode == (0 if alive else 2), run.stderr
    total, failed = cases_of(home / "linkprobe.xml")
    assert total > 5 and (failed == 0) == alive
    if alive:
        return
    summary = home / "summary.md"
    run = shell(
        "set -e\n" + steps["Say why"]["run"],
        TARGET=target,
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert run.returncode == 0, run.stderr
    assert "TCP_REFUSED" in summary.read_text()
    assert summary.read_text().count("```") == 2


def test_it_waits_for_a_deployment_that_is_late(github, shell, redis, home):
    """basecoat#63: retry loops are written by hand everywhere."""
    cache = redis()
    cache.freeze()
    start = f"(sleep 1; kill -CONT {cache.process.pid}) & "
    run = shell(
        start + quickly(github_steps(github)["Check"]["run"]),
        TARGET=cache.target,
        WAIT="30s",
    )
    assert run.returncode == 0, run.stderr
    assert cases_of(home / "linkprobe.xml")[1] == 0


def test_the_pipeline_has_what_a_runner_needs(gitlab):
    job = gitlab["smoke"]
    assert job["stage"] in gitlab["stages"]
    known = {"stage", "image", "tags", "timeout", "variables", "script"}
    known |= {"after_script", "allow_failure", "artifacts"}
    assert set(job) <= known
    for key in ("script", "after_script"):
        assert all(isinstance(line, str) for line in job[key])
    assert job["artifacts"]["reports"]["junit"] == "linkprobe.xml"
    assert job["artifacts"]["when"] == "always"
    assert "linkprobe.xml" in job["artifacts"]["paths"]
    assert job["allow_failure"]["exit_codes"] == [1]
    assert not [k for k in job["variables"] if "PASSWORD" in k]


@pytest.mark.parametrize("alive", [True, False])
def test_gitlabs_lines(gitlab, shell, redis, home, alive):
    job = gitlab["smoke"]
    target = redis().target if alive else dead()
    env = dict(job["variables"], TARGET=target, **wait(alive))
    run = shell(quickly("\n".join(job["script"])), **env)
    assert run.returncode == (0 if alive else 2), run.stderr
    total, failed = cases_of(home / "linkprobe.xml")
    assert total > 5 and (failed == 0) == alive
    env["CI_JOB_STATUS"] = "success" if alive else "failed"
    run = shell("\n".join(job["after_script"]), **env)
    assert ("TCP_REFUSED" in run.stdout) != alive, run.stdout


@pytest.mark.slow
@pytest.mark.parametrize("alive", [True, False])
def test_a_local_runner_of_gitlabs_pipelines(shell, redis, home, alive):
    """gitlab-ci-local: GitLab's JSON schema first, then the job itself.

    A package of npm that is not installed for the tests: it is large, and
    builds parts of itself.
    """
    runner = servers.find("gitlab-ci-local")
    if not runner:
        pytest.skip("gitlab-ci-local is missing")
    target = redis().target if alive else dead()
    text = (FILES / "gitlab-ci.yml").read_text(encoding="utf-8")
    (home / ".gitlab-ci.yml").write_text(text)
    made = shell(
        "git init -q -b main . && git add .gitlab-ci.yml && git -c user.name=n"
        " -c user.email=n@example.com commit -q -m pipeline &&"
        " git remote add origin git@gitlab.example:team/orders.git"
    )
    assert made.returncode == 0, made.stderr
    run = shell(
        f"{runner} --force-shell-executor --home runner smoke"
        f" --variable TARGET={target}"
        f" --variable WAIT={wait(alive)['WAIT']} 2>&1"
    )
    said = run.stdout + run.stderr
    assert "json schema validated" in said, said
    # its own exit status is 0 where a job failed
    assert ("PASS  smoke" if alive else "FAIL  smoke") in said, said
    assert ("TCP_REFUSED" in said) != alive, said
    failed = cases_of(home / "linkprobe.xml")[1]
    assert (failed == 0) == alive, said


def test_a_password_comes_by_the_environment(github, shell, redis, home):
    cache = redis(requirepass="secret-word")
    run = shell(
        quickly(github_steps(github)["Check"]["run"]),
        TARGET=cache.target,
        LINKPROBE_PASSWORD="secret-word",
        **wait(alive=True),
    )
    assert run.returncode == 0, run.stderr
    assert "secret-word" not in (home / "linkprobe.xml").read_text()


def test_both_check_alike(github, gitlab):
    one = words_of_the_check(github_steps(github)["Check"]["run"]).strip()
    other = words_of_the_check(gitlab["smoke"]["script"][0]).strip()
    assert one == other
