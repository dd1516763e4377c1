"""Debian's Prometheus, the shipped scrapes and rules, a real exporter."""

import json
import pathlib
import re
import subprocess
import sys

import pytest

import daemons
import places
import servers
import test_grafana
import verdict_rules
from exporters import targets_file

HERE = pathlib.Path(__file__).resolve().parent
FILES = daemons.FILES / "prometheus"
NAME = "cache.demo.test"


def test_the_rules_pass_promtool():
    for name in ("linkprobe.rules.yml", "linkprobe-verdicts.rules.yml"):
        run = daemons.promtool("check", "rules", FILES / name)
        assert run.returncode == 0, run.stdout + run.stderr


def test_the_configuration_passes_promtool():
    run = daemons.promtool("check", "config", FILES / "prometheus.yml")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 rule files found" in run.stdout


@pytest.mark.slow
def test_the_rules_pass_their_unit_tests():
    run = daemons.promtool("test", "rules", FILES / "linkprobe.test.yml")
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_alert_has_a_unit_test():
    rules = daemons.load("prometheus/linkprobe.rules.yml")
    names = {
        rule["alert"]
        for group in rules["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    text = (FILES / "linkprobe.test.yml").read_text(encoding="utf-8")
    assert len(names) >= 13
    # as one that is expected, not only as one that must be silent
    positive = set(
        re.findall(r"alertname: (\w+)\n +exp_alerts", text)
        + re.findall(r'alertname="(\w+)"', text)
    )
    assert names <= positive, names - positive


def test_what_mends_a_verdict_is_what_explain_says():
    text = (FILES / "linkprobe-verdicts.rules.yml").read_text(encoding="utf-8")
    assert text == verdict_rules.rules(), (
        "out of date: python3 tests/monitoring/verdict_rules.py "
        ">docs/monitoring/prometheus/linkprobe-verdicts.rules.yml"
    )
    made = subprocess.run(
        [sys.executable, HERE / "verdict_rules.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout == text


def test_the_modules_are_fit_for_serve(linkprobe):
    run = linkprobe(
        "serve", "--config", FILES / "linkprobe.yml", "--config-check"
    )
    assert run.status == 0, str(run)
    config = daemons.load("prometheus/linkprobe.yml")
    scrape = daemons.load("prometheus/prometheus.yml")["scrape_configs"][0]
    assert scrape["params"]["module"][0] in config["modules"]
    for group in daemons.load("prometheus/targets.yml"):
        assert group["labels"]["__module__"] in config["modules"]


class Paths:
    """A healthy target, one that is down, and one with a dead address."""

    def __init__(self, redis, dnsmasq):
        self.cache = redis()
        host = places.address()
        self.down = f"{host}:{places.port(host)}"
        records = [(NAME, self.cache.host), (NAME, places.address())]
        self.half = f"{NAME}:{self.cache.port}"
        self.dns = dnsmasq(records=records).server

    @property
    def targets(self):
        return [self.cache.target, self.down, self.half]

    def hold(self, prometheus, **labels):
        """What is known of them, in either way of scraping."""
        rows = ", ".join(f'{k}="{v}"' for k, v in labels.items())

        def up():
            found = prometheus.query(f"probe_success{{{rows}}}")
            return {labels["target"]: value for labels, value in found}

        wanted = {self.cache.target: 1, self.down: 0, self.half: 0}
        prometheus.wait_long(lambda: up() == wanted, f"targets: {wanted}")
        down = prometheus.fires_for("LinkprobeTargetDown", self.down)
        alert = down[self.down]
        assert alert["labels"]["hop"] == "target"
        assert alert["labels"]["id"] == "TCP_REFUSED"
        notes = alert["annotations"]
        assert notes["summary"] == f"{self.down}: TCP_REFUSED at tcp"
        assert notes["hop"] == "target"
        help_of = {row[0]: row for row in verdict_rules.verdicts()}
        assert notes["fix"] == help_of["TCP_REFUSED"][3] != ""
        half = prometheus.fires_for("LinkprobeAddressDown", self.half)
        notes = half[self.half]["annotations"]
        assert notes["hop"] == "load_balancer"
        assert notes["description"].startswith("TCP_REFUSED_ONE_AZ: ")
        assert notes["fix"] == help_of["TCP_REFUSED_ONE_AZ"][3]


def rules_are_well(prometheus):
    def evaluated():
        groups = prometheus.api("rules")["groups"]
        rules = [rule for group in groups for rule in group["rules"]]
        return len(rules) > 100 and all(
            rule["health"] == "ok" for rule in rules
        )

    prometheus.wait_long(evaluated, "all rules are evaluated")


def queries_are_answered(prometheus):
    """The dashboard's: each is answered, and most have something to say."""
    dashboard = json.loads(test_grafana.PAGE.read_text(encoding="utf-8"))
    silent = {
        title
        for title, expr in test_grafana.queries(dashboard)
        if not prometheus.query(expr)
    }
    # what plain targets without --buckets do not have
    return silent - {
        "First certificate to expire",
        "All stages, as a histogram",
    }


@pytest.mark.slow
def test_a_scrape_is_a_check(prometheus, serve, redis, dnsmasq, starter):
    """The first way: /probe, as blackbox_exporter has it."""
    paths = Paths(redis, dnsmasq)
    exporter = serve(config=f"modules: {{cache: {{dns: '{paths.dns}'}}}}\n")

    def edit(folder, jobs):
        del jobs["linkprobe-fleet"]
        group = {"targets": paths.targets, "labels": {"team": "orders"}}
        (folder / "targets.yml").write_text(json.dumps([group]))
        where = f"{exporter.host}:{exporter.port}"
        rules = jobs["linkprobe"]["relabel_configs"]
        assert rules[-1] == {
            "target_label": "__address__",
            "replacement": "127.0.0.1:10379",
        }
        rules[-1]["replacement"] = where
        static = jobs["linkprobe-exporter"]["static_configs"]
        assert static == [{"targets": ["127.0.0.1:10379"]}]
        static[0]["targets"] = [where]

    server = prometheus(edit)
    paths.hold(server, job="linkprobe", team="orders")
    # blackbox_exporter's habit: the instance is the target
    for labels, _ in server.query('probe_success{job="linkprobe"}'):
        assert labels["instance"] == labels["target"]
    rules_are_well(server)
    server.wait_long(
        lambda: not server.firing("LinkprobeExporterDown"), "it is reached"
    )
    # it comes to life, and the alert ends
    host, port = paths.down.rsplit(":", 1)
    late = servers.Redis(starter.new_folder(), host, int(port))
    starter.keep(late, late.stop)
    server.wait_long(
        lambda: not server.firing("LinkprobeTargetDown"), "the alert ends"
    )


@pytest.mark.slow
def test_the_exporter_checks_by_itself(
    prometheus, serve, redis, dnsmasq, tmp_path
):
    """The second way: /metrics of background checks; one exporter is dead."""
    paths = Paths(redis, dnsmasq)
    path = targets_file(
        tmp_path / "targets.json", (paths.targets, {"team": "orders"})
    )
    exporter = serve(
        *("--targets", path, "--interval", "1s", "--dns", paths.dns)
    ).ready()
    dead = f"{places.address()}:10379"

    def edit(folder, jobs):
        del jobs["linkprobe"], jobs["linkprobe-exporter"]
        where = f"{exporter.host}:{exporter.port}"
        group = {"targets": [where, dead], "labels": {"vpc": "orders"}}
        (folder / "exporters.yml").write_text(json.dumps([group]))

    server = prometheus(edit)
    paths.hold(server, job="linkprobe-fleet", team="orders", vpc="orders")
    server.fires_for("LinkprobeExporterDown", dead)
    rules_are_well(server)
    server.wait_long(
        lambda: not queries_are_answered(server), "the dashboard is filled"
    )
    expr = next(
        expr
        for title, expr in test_grafana.queries(
            json.loads(test_grafana.PAGE.read_text(encoding="utf-8"))
        )
        if title.startswith("What is wrong")
    )

    def table():
        """{id: fix}"""
        rows = [labels for labels, _ in server.query(expr)]
        return {labels["id"]: labels.get("fix") for labels in rows}

    wanted = {"TCP_REFUSED", "TCP_REFUSED_ONE_AZ"}
    server.wait_long(lambda: set(table()) == wanted, "what is wrong")
    assert all(server.wait_long(table, "the table").values())
    # a failover: what was a primary is a replica now
    assert not server.firing("LinkprobeRoleChanged")
    paths.cache.client()("REPLICAOF", "127.0.0.1", "1")
    changed = server.wait_long(
        lambda: server.firing("LinkprobeRoleChanged"), "the role changed"
    )
    notes = next(iter(changed.values()))["annotations"]
    assert f"the role behind {paths.cache.host} changed" in notes["summary"]
    assert notes["description"].startswith("It is replica now.")


def test_scrapes_of_the_cluster_are_a_configuration(tmp_path):
    """Debian's Prometheus knows no Kubernetes: it gets other targets."""
    config = daemons.load("kubernetes/prometheus-scrape.yml")
    (job,) = config["scrape_configs"]
    assert job.pop("kubernetes_sd_configs") == [{"role": "pod"}]
    job["static_configs"] = [{"targets": ["127.0.0.1:10379"]}]
    path = tmp_path / "prometheus.yml"
    path.write_text(json.dumps(config))
    run = daemons.promtool("check", "config", path)
    assert run.returncode == 0, run.stdout + run.stderr
