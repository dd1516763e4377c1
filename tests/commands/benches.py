"""Running linkprobe bench, and what its JSON must keep to."""

import copy
import json

import program

try:
    import jsonschema
except ImportError:
    jsonschema = None

SECRET = "correct-horse"
SHORT = ("--warmup", "50ms", "-d", "400ms", "-c", "4", "-k", "50")
LATENCY = (
    "count min mean stddev p50 p75 p90 p95 p99 p99_9 p99_99 max".split()
)


def schema():
    """The schema, with no room for what it does not name."""
    path = program.TOP / "docs/schema/bench.schema.json"
    made = copy.deepcopy(json.loads(path.read_text(encoding="utf-8")))

    def walk(node):
        if isinstance(node, dict):
            if "properties" in node:
                node.setdefault("additionalProperties", False)
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(made)
    return made


def result_of(run, status=0):
    """The object of a run that ended so, held against the schema."""
    found = run.object
    if status == 0 and run.status == 1:
        # a busy machine: the program says so, and that is right
        assert found["client"]["bound"], str(run)
        assert not any(side["errors"] for side in found["sides"]), str(run)
    else:
        assert run.status == status, str(run)
    if jsonschema:
        jsonschema.Draft202012Validator(schema()).validate(found)
    return found


def side_of(run, status=0):
    (side,) = result_of(run, status)["sides"]
    return side
