#!/usr/bin/python3
"""The golden objects of provision by their JSON Schema.

    validate.py ROOT

Exit status: 0 fine, 1 not, 77 nothing to check with (no jsonschema).
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
sys.path.insert(0, str(ROOT / "tests/report"))

# pylint: disable=wrong-import-position
from validate import Wrong, jsonschema, must, strict  # noqa: E402


def check(text, schema):
    must(text.endswith("\n") and text.count("\n") == 1, "not one line")
    value = json.loads(text)
    validator = jsonschema.Draft202012Validator(strict(schema))
    for error in validator.iter_errors(value):
        deep = min(error.context or [error], key=lambda e: len(e.path))
        raise Wrong(f"{list(deep.absolute_path)}: {deep.message}")


def main():
    if not jsonschema:
        print("no jsonschema for", sys.executable)
        return 77
    path = ROOT / "docs/schema/provision.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    wrong = 0
    goldens = sorted((ROOT / "tests/provision/golden").glob("*.json.txt"))
    must(goldens, "there is nothing to check")
    for golden in goldens:
        try:
            check(golden.read_text(encoding="utf-8"), schema)
        except Wrong as error:
            wrong += 1
            print(f"{golden}: {error}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
