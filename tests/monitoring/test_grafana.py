"""The dashboard: its layout, its queries, and Grafana's own types."""

import itertools
import json
import re

import pytest

import daemons
import modules
import program

PAGE = daemons.FILES / "prometheus/grafana-dashboard.json"
RAW = "./node_modules/@grafana/schema/dist/types/raw/composable"
OF_QUERY = {
    *("datasource", "editorMode", "expr", "format", "instant"),
    *("legendFormat", "range", "refId"),
}


@pytest.fixture(name="dashboard")
def _dashboard():
    return json.loads(PAGE.read_text(encoding="utf-8"))


def drawn(dashboard):
    return [p for p in dashboard["panels"] if p["type"] != "row"]


def queries(dashboard):
    """(title, expr) of each query, with the variables filled in."""
    for panel in drawn(dashboard):
        for target in panel["targets"]:
            expr = target["expr"].replace("$__rate_interval", "4s")
            yield panel["title"], re.sub(r"\$(job|target)\b", ".*", expr)
    for one in dashboard["annotations"]["list"]:
        yield one["name"], one["target"]["expr"]


def test_its_data_come_from_the_source_that_is_chosen(dashboard):
    variables = {v["name"]: v for v in dashboard["templating"]["list"]}
    assert list(variables) == ["datasource", "job", "target"]
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    chosen = {"type": "prometheus", "uid": "${datasource}"}
    for thing in (
        *drawn(dashboard),
        *(t for p in drawn(dashboard) for t in p["targets"]),
        *dashboard["annotations"]["list"],
        *(variables[name] for name in ("job", "target")),
    ):
        assert thing["datasource"] == chosen, thing


def test_its_panels_do_not_overlap(dashboard):
    seen = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        cells = set(
            itertools.product(
                range(at["x"], at["x"] + at["w"]),
                range(at["y"], at["y"] + at["h"]),
            )
        )
        assert not cells & seen, panel["title"]
        seen |= cells
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))


def test_its_panels_have_queries_of_known_form(dashboard):
    for panel in drawn(dashboard):
        refs = [target["refId"] for target in panel["targets"]]
        assert refs and len(refs) == len(set(refs)), panel["title"]
        for target in panel["targets"]:
            assert set(target) <= OF_QUERY, panel["title"]
            assert target["format"] in ("time_series", "table", "heatmap")
            assert target["instant"] != target["range"], panel["title"]


def test_its_queries_are_promql(dashboard, tmp_path):
    rules = [
        {"record": f"panel:{number}", "expr": expr}
        for number, (_, expr) in enumerate(queries(dashboard))
    ]
    path = tmp_path / "rules.json"  # JSON is YAML
    path.write_text(
        json.dumps({"groups": [{"name": "dashboard", "rules": rules}]})
    )
    run = daemons.promtool("check", "rules", path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(rules)} rules found" in run.stdout


def test_its_queries_name_metrics_that_there_are(dashboard):
    sources = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("commands", "report", "serve")
        for path in (program.TOP / folder).rglob("*.[ch]")
    )
    known = set(re.findall(r"\b(?:linkprobe|probe|process)_\w+", sources))
    known |= {"linkprobe_stage_duration_seconds_bucket"}
    known |= {"linkprobe_verdict_help_info"}
    for title, expr in queries(dashboard):
        for name in re.findall(r"\b(?:linkprobe|probe|process)_\w+", expr):
            assert name in known, (title, name)


@pytest.mark.slow
def test_it_is_of_grafanas_own_types(dashboard):
    """The whole, and of each panel what is its kind's alone."""
    panels = drawn(dashboard)
    for one in dashboard["annotations"]["list"]:
        # the data source's own, of which it knows nothing
        del one["target"]["expr"], one["titleFormat"], one["textFormat"]
    constants = [("@grafana/schema", "Dashboard", dashboard)]
    for panel in panels:
        kind = panel["type"].replace("-", "")
        source = f"{RAW}/{kind}/panelcfg/x/types.gen"
        constants.append((source, "Part Options", panel["options"]))
        custom = panel["fieldConfig"]["defaults"].get("custom")
        if custom:
            constants.append((source, "Part FieldConfig", custom))
    said = modules.is_of_type("grafana", constants)
    assert not said, said[:4000]


@pytest.mark.slow
def test_the_types_would_see_a_mistake(dashboard):
    panel = drawn(dashboard)[0]
    panel["gridPos"]["widht"] = 4
    dashboard["refresh"] = 30
    said = modules.is_of_type(
        "mistake", [("@grafana/schema", "Dashboard", dashboard)]
    )
    assert "widht" in said and "number" in said, said
