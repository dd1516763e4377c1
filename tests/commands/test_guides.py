"""The files of docs/guides work: they are read, and what they run is run."""

import os
import re
import stat
import subprocess
import time

import pytest

import program
import servers

yaml = pytest.importorskip("yaml")

FILES = program.TOP / "docs/guides/bench"
PAGE = program.TOP / "docs/guides/bench-from-many-machines.md"


def load(name):
    with open(FILES / name, encoding="utf-8") as file:
        return yaml.safe_load(file)


def soon(seconds=2):
    """A second that begins soon, as RFC 3339 has it."""
    at = time.gmtime(time.time() + seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", at)


def in_time(run):
    """run(START_AT); again where a busy machine came too late for it."""
    for seconds in (2, 4, 8, 16):
        made = run(soon(seconds))
        if made.returncode != 3 or "past" not in made.stdout + made.stderr:
            break
    assert made.returncode in (0, 1), made.stdout + made.stderr
    return made


@pytest.fixture
def shell(home):
    """Run a script of a guide; linkprobe is found in PATH."""
    tools = home / "tools"
    tools.mkdir()

    def tool(name, text):
        path = tools / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IEXEC)

    def run(script, **env):
        path = f"{tools}:{os.environ['PATH']}"
        return subprocess.run(
            ["/bin/sh", "-c", script],
            env=program.environment(home, PATH=path, **env),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=home,
        )

    words = " ".join(f"'{word}'" for word in program.command())
    tool("linkprobe", f'#!/bin/sh\nexec {words} "$@"\n')
    run.tool = tool
    return run


def merged(linkprobe, *logs):
    run = linkprobe("merge", "--format", "json", *logs)
    assert run.status in (0, 1), str(run)
    return run.object


def test_the_page_names_its_files(home):
    del home
    text = PAGE.read_text(encoding="utf-8")
    for path in FILES.glob("*.yaml"):
        assert f"(bench/{path.name})" in text, path.name
        named = "docs/guides/bench-from-many-machines.md"
        assert named in path.read_text(encoding="utf-8"), path.name


def test_options_of_the_page_are_real(linkprobe):
    known = {
        command: linkprobe(command, "--help", "all").out
        for command in ("bench", "merge")
    }
    text = PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    used = re.findall(r"linkprobe (bench|merge)\b([^\n]*)", text)
    assert len(used) >= 4
    for command, words in used:
        for option in re.findall(r" (--[a-z-]+)", words):
            assert option in known[command], (command, option)


def test_the_kubernetes_job(shell, redis, home, linkprobe):
    """One pod of it, as the kubelet would start it."""
    job = load("kubernetes-job.yaml")
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    spec = job["spec"]
    assert spec["completionMode"] == "Indexed"
    assert spec["completions"] == spec["parallelism"]
    pod = spec["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    (container,) = pod["containers"]
    assert container["command"] == ["/bin/sh", "-c"]
    resources = container["resources"]
    assert resources["requests"] == resources["limits"]
    (script,) = container["args"]
    message = home / "termination-log"
    script = script.replace("/dev/termination-log", str(message))
    script = script.replace("/tmp/run.hlog", f"{home}/run.hlog")
    env = {e["name"]: e.get("value", "") for e in container["env"]}
    assert env["LINKPROBE_START_AT"] == "START_AT"
    env.update(
        TARGET=redis().target,
        LINKPROBE_RATE="500",
        LINKPROBE_DURATION="1s",
        JOB_COMPLETION_INDEX="3",
    )
    run = in_time(lambda at: shell(script, **env | {"LINKPROBE_START_AT": at}))
    assert len(message.read_bytes()) < 4096
    assert "p99" in message.read_text()
    log = home / "pod.hlog"
    log.write_text(run.stdout)
    assert merged(linkprobe, log)


def test_the_systems_manager_document(shell, redis, home, linkprobe):
    """Two instances of it, and their logs added up."""
    document = load("ssm-document.yaml")
    assert document["schemaVersion"] == "2.2"
    (step,) = document["mainSteps"]
    assert step["action"] == "aws:runShellScript"
    (script,) = step["inputs"]["runCommand"]
    values = {
        "Target": redis().target,
        "StartAt": soon(),
        "Rate": "500",
        "Duration": "1s",
        "Logs": "s3://logs/run-1",
    }
    parameters = document["parameters"]
    assert set(parameters) == set(values)
    for name, value in values.items():
        assert re.fullmatch(parameters[name]["allowedPattern"], value), name
        for bad in ("a'; b", "$(b)", "a b"):
            assert not re.search(parameters[name]["allowedPattern"], bad)
        script = script.replace("{{ %s }}" % name, value)
    assert "{{" not in script
    (home / "bucket").mkdir()
    shell.tool("aws", '#!/bin/sh\ncp "$3" "%s/bucket/${4##*/}"\n' % home)
    for instance in ("one", "two"):
        shell.tool("hostname", f"#!/bin/sh\necho {instance}\n")
        in_time(lambda at: shell(script.replace(values["StartAt"], at)))
    logs = sorted((home / "bucket").iterdir())
    assert [log.name for log in logs] == ["one.hlog", "two.hlog"]
    assert merged(linkprobe, *logs)


def test_the_playbook(shell, redis, home, linkprobe):
    measure, add = load("ansible-playbook.yaml")
    tasks = {task["name"]: task for task in measure["tasks"] + add["tasks"]}
    target = redis().target
    values = dict(measure["vars"], target=target, rate=500)
    values.update(duration="1s", log=f"{home}/host.hlog")

    def filled(word):
        return re.sub(r"{{ (\w+) }}", lambda m: str(values[m[1]]), word)

    argv = tasks["Measure"]["ansible.builtin.command"]["argv"]

    def measured(at):
        values["start_at"] = at
        return shell(" ".join(f"'{filled(word)}'" for word in argv))

    in_time(measured)
    values["logs"] = str(home)
    run = shell(filled(tasks["Merge"]["ansible.builtin.shell"]))
    assert run.returncode in (0, 1), run.stdout + run.stderr
    assert (home / "run.html").exists()
    assert merged(linkprobe, home / "host.hlog")


@pytest.mark.slow
def test_ansible_plays_it(shell, redis, home):
    """Two hosts that are this one, from the schedule to the page."""
    if not servers.find("ansible-playbook"):
        pytest.skip("ansible-playbook is missing")
    local = "ansible_connection=local ansible_python_interpreter=auto_silent"
    inventory = home / "inventory"
    inventory.write_text(f"[bench_clients]\none {local}\ntwo {local}\n")
    run = shell(
        f"ansible-playbook -i {inventory} --forks 50 -e target={redis().target}"
        f" -e rate=500 -e duration=1s -e start_at={soon(20)} -e logs={home}"
        f" {FILES}/ansible-playbook.yaml"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 logs" in run.stdout, run.stdout
    for name in ("one.hlog", "two.hlog", "run.html"):
        assert (home / name).exists(), name


def test_a_client_that_comes_late_is_refused(linkprobe, redis):
    run = linkprobe("bench", "--start-at", soon(-5), redis().target)
    assert run.status == 3 and "past" in run.err, str(run)
