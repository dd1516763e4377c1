#!/usr/bin/python3
"""A benchmark's golden texts by the rules of others: JSON Schema, RFC 4180.

    validate_bench.py ROOT [KIND:FILE ...]

KIND is bench-json or bench-csv.  Exit status: 0 fine, 1 not, 77 nothing to
check with (no jsonschema).
"""

import csv
import io
import json
import pathlib
import sys

from validate import Wrong, jsonschema, must, strict

KINDS = ("total", "command", "address", "second")


def load_schema(root):
    path = root / "docs/schema/bench.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def check_json(text, root):
    must(text.endswith("\n") and text.count("\n") == 1, "not one line")
    value = json.loads(text)
    validator = jsonschema.Draft202012Validator(strict(load_schema(root)))
    for error in validator.iter_errors(value):
        deep = min(error.context or [error], key=lambda e: len(e.path))
        raise Wrong(f"{list(deep.absolute_path)}: {deep.message}")
    for side in value["sides"]:
        check_side(side)


def check_side(side):
    """What a schema cannot say."""
    must(sum(side["errors_by_cause"].values()) == side["errors"], "errors")
    times = side["response_time_us"]
    order = [times[key] for key in ("min", "p50", "p75", "p90", "p95", "p99",
                                    "p99_9", "p99_99", "max")]
    must(times["count"] == side["requests"], "the count")
    must(order == sorted(order) if times["count"] else not any(order),
         f"percentiles {order}")


def check_csv(text, _root):
    must("\r" not in text and text.endswith("\n"), "ends of lines")
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    kinds = [row["row"] for row in rows]
    for row in rows:
        must(None not in row and None not in row.values(), f"columns of {row}")
        must(row["row"] in KINDS, f"row {row['row']}")
        for name, value in row.items():
            if name not in ("side", "target", "row", "name") and value:
                float(value)
    sides = len({row["side"] for row in rows})
    must(kinds[:sides] == ["total"] * sides, "the totals come first")
    must("total" not in kinds[sides:], "a total too many")


CHECKS = {"bench-json": check_json, "bench-csv": check_csv}


def goldens(root):
    for path in sorted((root / "tests/report/golden").glob("bench_*.txt")):
        kind = path.name.split(".")[-2]
        if kind in CHECKS:
            yield kind, path


def main():
    if not jsonschema:
        print("no jsonschema for", sys.executable)
        return 77
    root = pathlib.Path(sys.argv[1])
    files = [(arg.partition(":")[0], pathlib.Path(arg.partition(":")[2]))
             for arg in sys.argv[2:]] or list(goldens(root))
    jsonschema.Draft202012Validator.check_schema(load_schema(root))
    status = 0
    for kind, path in files:
        try:
            CHECKS[kind](path.read_bytes().decode("utf-8"), root)
        except (Wrong, ValueError, csv.Error) as wrong:
            print(f"{path}: {wrong}")
            status = 1
    print(len(files), "files checked")
    return status


if __name__ == "__main__":
    sys.exit(main())
