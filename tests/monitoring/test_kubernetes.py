"""The objects for Kubernetes, held against the API's own schema.

The schema is the API's OpenAPI description in the npm package
kubernetes-models: its JSON schemas say what is required and of which type,
and its TypeScript types, made of the same, which properties there are.  A
test without packages beside it checks what a server would refuse first.
"""

import json
import os
import pathlib
import re
import subprocess

import pytest

import daemons
import exposition
import modules
import program
import servers
from exporters import Exporter

yaml = pytest.importorskip("yaml")

FILES = daemons.FILES / "kubernetes"
BENCH = program.TOP / "docs/guides/bench/kubernetes-job.yaml"
KINDS = {
    ("batch/v1", "CronJob"): "batch/v1/CronJob",
    ("batch/v1", "Job"): "batch/v1/Job",
    ("apps/v1", "DaemonSet"): "apps/v1/DaemonSet",
    ("v1", "ConfigMap"): "v1/ConfigMap",
}
VALIDATE = """\
import fs from "fs";
for (const [path, kind, object] of JSON.parse(fs.readFileSync("ROWS"))) {
  const model = (await import("kubernetes-models/" + path))[kind];
  try { new model(object).validate(); }
  catch (error) { console.log(kind + ": " + error.message); }
}
"""


def objects():
    found = []
    for path in (FILES / "cronjob.yaml", FILES / "daemonset.yaml", BENCH):
        text = path.read_text(encoding="utf-8")
        found += list(yaml.safe_load_all(text))
    return found


def the(kind):
    (found,) = [o for o in objects() if o["kind"] == kind]
    return found


def pod_of(made):
    spec = made["spec"]
    return spec.get("jobTemplate", made)["spec"]["template"]


def model_of(made):
    return KINDS[made["apiVersion"], made["kind"]]


def validate(found):
    """What the JSON schemas have to say, a line a fault."""
    modules.install()
    rows = [[model_of(made), made["kind"], made] for made in found]
    path = modules.FOLDER / f"rows-{os.getpid()}.json"
    path.write_text(json.dumps(rows))
    script = VALIDATE.replace("ROWS", path.name)
    try:
        run = modules.node("--input-type=module", "-e", script)
    finally:
        path.unlink()
    return run.stdout + run.stderr


def typed(found):
    return modules.is_of_type(
        "kubernetes",
        [
            (f"kubernetes-models/{model_of(made)}", f"I{made['kind']}", made)
            for made in found
        ],
    )


@pytest.mark.slow
def test_they_pass_the_schema_of_the_api():
    said = validate(objects())
    assert not said, said


@pytest.mark.slow
def test_they_have_no_property_that_the_api_has_not():
    said = typed(objects())
    assert not said, said[:4000]


@pytest.mark.slow
def test_the_schema_would_see_a_mistake():
    made = the("CronJob")
    del made["spec"]["schedule"]
    pod_of(made)["spec"]["containers"][0]["ports"] = [{"containerPort": "x"}]
    said = validate([made])
    assert "schedule" in said and "containerPort" in said, said
    made = the("CronJob")
    pod_of(made)["spec"]["restartPolicie"] = "Never"
    assert "restartPolicie" in typed([made])


@pytest.mark.parametrize("made", objects(), ids=lambda o: o["kind"])
def test_what_a_server_looks_at_first(made):
    """Without any package: names, selectors, ports, volumes, fields."""
    assert set(made) <= {"apiVersion", "kind", "metadata", "spec", "data"}
    name = made["metadata"]["name"]
    assert re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name)
    if made["kind"] == "ConfigMap":
        assert all(isinstance(v, str) for v in made["data"].values())
        return
    pod = pod_of(made)
    spec = pod["spec"]
    if made["kind"] == "DaemonSet":
        chosen = made["spec"]["selector"]["matchLabels"]
        assert chosen.items() <= pod["metadata"]["labels"].items()
    else:
        assert spec["restartPolicy"] == "Never"
    volumes = {volume["name"] for volume in spec.get("volumes", [])}
    for container in spec["containers"]:
        assert container["image"] and container["name"]
        mounts = {m["name"] for m in container.get("volumeMounts", [])}
        assert mounts <= volumes
        ports = {port["name"] for port in container.get("ports", [])}
        for name in ("readinessProbe", "livenessProbe"):
            if name in container:
                assert container[name]["httpGet"]["port"] in ports
        for one in container["env"]:
            assert ("value" in one) != ("valueFrom" in one), one
            assert isinstance(one.get("value", ""), str), one
        context = container["securityContext"]
        assert context["runAsNonRoot"] and context["readOnlyRootFilesystem"]
        assert context["capabilities"] == {"drop": ["ALL"]}


def test_kubectl_reads_them(tmp_path):
    """The real client: it parses and prints; it asks no server."""
    kubectl = servers.find("kubectl")
    if not kubectl:
        pytest.skip("kubectl is missing")
    for path in ("cronjob.yaml", "daemonset.yaml"):
        folder = tmp_path / path.split(".")[0]
        folder.mkdir()
        text = (FILES / path).read_text(encoding="utf-8")
        (folder / path).write_text(text)
        (folder / "kustomization.yaml").write_text(f"resources: [{path}]\n")
        run = daemons.subprocess.run(
            [kubectl, "kustomize", folder],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert list(yaml.safe_load_all(run.stdout)) == sorted(
            yaml.safe_load_all(text), key=lambda o: o["kind"] != "ConfigMap"
        )


def environment_of(container):
    return {e["name"]: e["value"] for e in container["env"] if "value" in e}


@pytest.mark.parametrize("password", ["secret", None])
def test_the_smoke_test(shell, redis, home, password):
    """A pod of the CronJob, as the kubelet would start it."""
    (container,) = pod_of(the("CronJob"))["spec"]["containers"]
    assert container["command"] == ["/bin/sh", "-c"]
    message = home / "termination-log"
    (script,) = container["args"]
    assert script.count("/dev/termination-log") == 2
    script = script.replace("/dev/termination-log", str(message))
    words = "--wait 1m --interval 5s"
    assert words in script
    # where it cannot pass, it is not waited for
    script = script.replace(words, words if password else "--wait 1s")
    cache = redis(requirepass="secret")
    env = dict(environment_of(container), TARGET=cache.target)
    if password:
        env["LINKPROBE_PASSWORD"] = password
    run = shell(script, **env)
    assert run.returncode == (0 if password else 2), run.stdout + run.stderr
    assert run.stdout == message.read_text()
    assert len(message.read_bytes()) <= 4096
    word = "OK" if password else "CRITICAL"
    assert message.read_text().startswith(f"REDIS {word} - ")


def test_the_exporter_of_a_node(starter, home, redis, tmp_path):
    """A pod of the DaemonSet: its words, its files, its probes."""
    made = the("DaemonSet")
    pod = pod_of(made)
    (container,) = pod["spec"]["containers"]
    files = the("ConfigMap")["data"]
    cache = redis()
    named = "rediss://cache.example:6379"
    assert named in files["targets.yml"]
    (tmp_path / "targets.yml").write_text(
        files["targets.yml"].replace(named, cache.target)
    )
    (tmp_path / "linkprobe.yml").write_text(files["linkprobe.yml"])
    assert container["command"] == ["linkprobe", "serve"]
    (mount,) = container["volumeMounts"]
    words = [
        word.replace(mount["mountPath"], str(tmp_path))
        for word in container["args"]
        if not word.startswith("--listen")
    ]
    assert len(words) == len(container["args"]) - 1
    exporter = Exporter(starter.new_folder(), home, *words)
    starter.keep(exporter, exporter.close)
    exporter.ready()
    for name in ("readinessProbe", "livenessProbe"):
        path = container[name]["httpGet"]["path"]
        assert exporter.get(path).status == 200, name
    notes = pod["metadata"]["annotations"]
    (port,) = container["ports"]
    assert notes["prometheus.io/port"] == str(port["containerPort"])
    assert f"--listen=:{port['containerPort']}" in container["args"]
    assert notes["prometheus.io/scrape"] == "true"
    page = exporter.get(notes["prometheus.io/path"])
    rows = exposition.read_text(page.body)
    assert rows.value("probe_success", team="orders") == 1


def libraries():
    """What the exporter's programs are linked with, sanitizers aside."""
    found = set()
    for name in ("linkprobe", "linkprobe-monitor", "linkprobe-tls.so"):
        path = program.program_path().parent / name
        text = subprocess.check_output(["readelf", "-d", path], text=True)
        found.update(re.findall(r"NEEDED.*\[(lib[^]]*)\]", text))
    return [name for name in found if "san.so" not in name]


def test_the_guides_image_has_the_exporters_libraries():
    daemons.need("readelf")
    daemons.need("dpkg")
    guide = (program.TOP / "docs/guides/monitoring.md").read_text("utf-8")
    (image, words) = re.search(
        r"FROM debian:(\w+)-slim\n.*--no-install-recommends \\\n([^&]*)&&",
        guide,
    ).groups()
    system = pathlib.Path("/etc/os-release").read_text("utf-8")
    if f"VERSION_CODENAME={image}\n" not in system:
        pytest.skip(f"this is no {image}")
    packages = [*words.replace("\\", " ").split(), "libc6", "libgcc-s1"]
    for name in libraries():
        line = ["dpkg", "-S", f"*/{name}"]
        owned = subprocess.run(line, capture_output=True, text=True).stdout
        # a library that was built here stands in no package
        assert not owned or owned.split(":")[0] in packages, name


def test_the_scrape_finds_the_exporters_pods():
    """Its labels and annotations are those that the rules look for."""
    (job,) = daemons.load("kubernetes/prometheus-scrape.yml")["scrape_configs"]
    metadata = pod_of(the("DaemonSet"))["metadata"]
    meta = {
        "__meta_kubernetes_pod_ip": "10.0.0.1",
        "__meta_kubernetes_pod_node_name": "node",
    }
    for kind in ("label", "annotation"):
        for name, value in metadata[f"{kind}s"].items():
            plain = re.sub(r"[^a-zA-Z0-9_]", "_", name)
            meta[f"__meta_kubernetes_pod_{kind}_{plain}"] = value
    made = {}
    for rule in job["relabel_configs"]:
        value = ";".join(meta[name] for name in rule["source_labels"])
        match = re.fullmatch(rule.get("regex", "(.*)"), value)
        assert match, rule
        if rule.get("action") != "keep":
            form = re.sub(r"\$(\d)", r"\\\1", rule.get("replacement", "$1"))
            made[rule["target_label"]] = match.expand(form)
    assert made == {
        "__metrics_path__": "/metrics",
        "__address__": "10.0.0.1:10379",
        "node": "node",
    }
