#!/usr/bin/python3
"""What the golden texts are by the rules of others.

    validate.py ROOT [KIND:FILE ...]

KIND is json, junit, tap, prometheus or nagios; without FILEs the golden texts
of tests/report/golden are read.  Exit status: 0 fine, 1 not, 77 nothing to
check with (no jsonschema).
"""

import copy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

try:
    import jsonschema
except ImportError:
    jsonschema = None

LABELS = "total dns tcp tls auth ping set get addresses_ok".split()
NUMBER = r"[-+]?[0-9]+(\.[0-9]+)?"


class Wrong(Exception):
    """A rule that is not kept."""


def must(truth, text):
    if not truth:
        raise Wrong(text)


# ---- JSON

def load_schema(root):
    path = root / "docs/schema/check.schema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def strict(schema):
    """The schema with no room for fields that it does not name."""
    schema = copy.deepcopy(schema)

    def walk(node):
        if isinstance(node, dict):
            if "properties" in node:
                node.setdefault("additionalProperties", False)
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(schema)
    return schema


def check_json(text, root):
    schema = strict(load_schema(root))
    validator = jsonschema.Draft202012Validator(schema)
    must(text == "" or text.endswith("\n"), "the last line has no end")
    for line in text.splitlines():
        value = json.loads(line)
        kind = "error" if "error" in value else "result"
        part = dict(schema, oneOf=[{"$ref": "#/$defs/" + kind}])
        for error in jsonschema.Draft202012Validator(part).iter_errors(value):
            deep = min(error.context or [error], key=lambda e: len(e.path))
            raise Wrong(f"{list(deep.absolute_path)}: {deep.message}")
        must(validator.is_valid(value), "neither a result nor an error")
        if kind == "result":
            check_result(value)


def check_result(value):
    """What a schema cannot say."""
    stages = "tcp tls auth ping role set get cleanup".split()
    must(value["addresses_total"] == len(value["addresses"]), "the count")
    for address in value["addresses"]:
        names = [stage["stage"] for stage in address["stages"]]
        must(names == stages, f"stages {names}")
        for stage in address["stages"]:
            skipped = stage["status"] == "skipped"
            must(skipped == (stage["ms"] is None), f"ms of {stage}")
    must((value["status"] == "ok") or value["verdict"]["id"] != "OK",
         "a status without a verdict")


def tokens_of(path, pattern, start="", end="\0"):
    text = path.read_text(encoding="utf-8")
    return re.findall(pattern, text.partition(start)[2].partition(end)[0]
                      if start else text)


def check_tokens(root):
    """The lists of the schema are those of the headers."""
    defs = load_schema(root)["$defs"]
    ids = tokens_of(root / "verdict/ids.h", r"X\((\w+)\)",
                    "#define VERDICT_MAP(X)", "/* clang-format on")
    causes = (tokens_of(root / "net/status.h", r'X\(\w+,\s*"(\w+)"')
              + tokens_of(root / "resp/errors.h", r'X\(\w+,\s*"(\w+)"')
              + tokens_of(root / "verdict/cause.c", r'return "(\w+)";',
                          "switch", "cause_text"))
    stages = tokens_of(root / "verdict/evidence.h", r'X\(\w+, "(\w+)"\)')
    must(ids == defs["verdict_id"]["anyOf"][0]["enum"], "verdict ids")
    must(set(causes) - {"ok"} == set(defs["cause"]["enum"]),
         f"causes {set(causes) ^ set(defs['cause']['enum'])}")
    must(stages == defs["stage"]["enum"], "stages")


# ---- JUnit: Jenkins' junit-10.xsd and the schema of Apache Ant, where they
# agree.  ATTRIBUTES: name -> (pattern, is it required).

TEXT = r"(?s).*"
TOKEN = r"\S(.*\S)?"
SECONDS = r"[0-9]+\.[0-9]+"
SUITE_SECONDS = r"[0-9]+\.[0-9]{3}"  # newer schemas of Jenkins take no more
WHOLE = r"[0-9]+"
ATTRIBUTES = {
    "testsuites": {},
    "testsuite": {
        "name": (TOKEN, True), "package": (TEXT, True), "id": (WHOLE, True),
        "timestamp": (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", True),
        "hostname": (TOKEN, True), "tests": (WHOLE, True),
        "failures": (WHOLE, True), "errors": (WHOLE, True),
        "skipped": (WHOLE, False), "time": (SUITE_SECONDS, True),
    },
    "properties": {},
    "property": {"name": (TOKEN, True), "value": (TEXT, True)},
    "testcase": {"name": (TEXT, True), "classname": (TEXT, True),
                 "time": (SECONDS, True)},
    "skipped": {"message": (TEXT, False)},
    "failure": {"type": (TEXT, True), "message": (TEXT, False)},
    "error": {"type": (TEXT, True), "message": (TEXT, False)},
    "system-out": {}, "system-err": {},
}
# The children of an element, in order, as a pattern over their names.
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"((skipped|error|failure) )?",
}


def check_element(element):
    rules = ATTRIBUTES.get(element.tag)
    must(rules is not None, f"<{element.tag}> is not known")
    for name, value in element.attrib.items():
        must(name in rules, f"<{element.tag} {name}> is not known")
        must(re.fullmatch(rules[name][0], value),
             f"<{element.tag} {name}='{value}'>")
    for name, (_, required) in rules.items():
        must(name in element.attrib or not required,
             f"<{element.tag}> has no {name}")
    names = "".join(child.tag + " " for child in element)
    must(re.fullmatch(CHILDREN.get(element.tag, ""), names),
         f"<{element.tag}> holds {names}")
    for child in element:
        check_element(child)


def check_junit(text, _root):
    data = text.encode("utf-8")
    document = ElementTree.fromstring(data)
    must(document.tag == "testsuites", "the root")
    check_element(document)
    for number, suite in enumerate(document):
        must(suite.attrib["id"] == str(number), "ids count from 0")
        for name, path in (("tests", "testcase"), ("errors", ".//error"),
                           ("failures", ".//failure"),
                           ("skipped", ".//skipped")):
            must(int(suite.attrib[name]) == len(suite.findall(path)), name)
    if shutil.which("xmllint"):
        run = subprocess.run(["xmllint", "--noout", "-"], input=data,
                             capture_output=True, check=False)
        must(run.returncode == 0, run.stderr.decode())


# ---- TAP 14

def check_tap(text, _root):
    lines = text.splitlines()
    must(lines and lines[0] == "TAP version 14", "the version comes first")
    number, block, plan, bailed = 0, False, None, False
    for line in lines[1:]:
        test = re.fullmatch(r"(not )?ok (\d+) - ((?:[^#\\]|\\.|\\)*?)"
                            r"( # (SKIP|TODO) .*)?", line)
        if block:
            must(line.startswith("  "), f"in a block: {line}")
            block = line != "  ..."
        elif line == "  ---":
            block = True
        elif test:
            number += 1
            must(int(test[2]) == number, f"number of {line}")
            must(plan is None, "a test after the plan")
        elif re.fullmatch(r"1\.\.(\d+)|1\.\.0 # SKIP .*", line):
            plan = int(line[3:].partition(" ")[0])
        elif not line.startswith("# "):
            must(line.startswith("Bail out! "), f"no line of TAP: {line}")
            bailed = True
    must(not block, "a block has no end")
    must(bailed or plan == number, f"plan {plan}, tests {number}")
    check_blocks(text)
    check_with_perl(text)


def check_blocks(text):
    """Each block is YAML."""
    try:
        import yaml
    except ImportError:
        return
    for block in re.findall(r"(?ms)^  ---\n(.*?)^  \.\.\.$", text):
        try:
            value = yaml.safe_load(block)
        except yaml.YAMLError as error:
            raise Wrong(f"a block is no YAML: {error}") from error
        must({"verdict", "message", "cause"} <= set(value), f"block {value}")


PERL = """local $/; my $tap = TAP::Parser->new({tap => <STDIN>}); $tap->run;
print "$_\\n" for grep { !/version 14/ } $tap->parse_errors;"""


def check_with_perl(text):
    """What prove reads it with has nothing to complain of but the 14."""
    perl = shutil.which("perl")
    if not perl or "Bail out!" in text:
        return
    run = subprocess.run([perl, "-MTAP::Parser", "-e", PERL],
                         input=text.encode("utf-8"), capture_output=True,
                         check=False)
    must(run.returncode != 0 or run.stdout == b"", run.stdout.decode())


# ---- Prometheus' text format 0.0.4

SERIES = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)'
                    r'(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*='
                    r'"(?:[^"\\\n]|\\["\\n])*",?)*)\})? (' + NUMBER + ")")


def check_prometheus(text, _root):
    seen, done, family = set(), set(), None
    must(text.endswith("\n"), "the last line has no end")
    for line in text.splitlines():
        must("\x1b" not in line, "a control character")
        head = re.fullmatch(r"# (HELP|TYPE) (\S+) (.+)", line)
        if head:
            if head[2] != family:
                must(head[1] == "HELP" and head[2] not in done, line)
                done.add(family)
                family = head[2]
            else:
                must(head[1] == "TYPE" and head[3] == "gauge", line)
            continue
        if line.startswith("# "):
            continue
        series = SERIES.fullmatch(line)
        must(series, f"no series: {line}")
        must(series[1] == family, f"{line} is not under its head")
        must((series[1], series[2]) not in seen, f"twice: {line}")
        names = re.findall(r'(?:^|,)([a-zA-Z0-9_]+)="', series[2] or "")
        must(len(names) == len(set(names)), f"a label twice: {line}")
        must(not any(name.startswith("__") for name in names), line)
        seen.add((series[1], series[2]))
    if shutil.which("promtool"):
        run = subprocess.run(["promtool", "check", "metrics"],
                             input=text.encode("utf-8"), capture_output=True,
                             check=False)
        must(run.returncode == 0, (run.stdout + run.stderr).decode())


# ---- the Monitoring Plugins guidelines

PERFDATA = re.compile(r"([a-z_]+)=(U|[0-9]+(?:\.[0-9]{6}s)?);([^; ]*);"
                      r"([^; ]*);0(?:;([0-9]+))?")
RANGE = re.compile(rf"(@?(~|{NUMBER})?:?({NUMBER})?)?")


def check_nagios(text, _root):
    must(len(text.encode("utf-8")) <= 4096, "more than 4096 bytes")
    first, *rest = text.splitlines()
    head, bar, perfdata = first.partition(" | ")
    must(re.match(r"REDIS (OK|WARNING|CRITICAL|UNKNOWN) - \S", head), head)
    for line in [head] + rest:
        must(not re.search(r"[`~$&|'\"<>\x00-\x1f\x7f]", line), line)
    if not bar:
        must(head.startswith("REDIS UNKNOWN"), "no perfdata")
        return
    items = [PERFDATA.fullmatch(item) for item in perfdata.split(" ")]
    must(all(items), f"perfdata: {perfdata}")
    must([item[1] for item in items] == LABELS, "labels")
    for item in items:
        must(RANGE.fullmatch(item[3]) and RANGE.fullmatch(item[4]), item[0])


CHECKS = {"json": check_json, "junit": check_junit, "tap": check_tap,
          "prometheus": check_prometheus, "nagios": check_nagios,
          "nagios-v": check_nagios}


def goldens(root):
    for path in sorted((root / "tests/report/golden").glob("*.txt")):
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
    status = 0
    jsonschema.Draft202012Validator.check_schema(load_schema(root))
    try:
        check_tokens(root)
    except Wrong as wrong:
        print(f"docs/schema/check.schema.json: {wrong}")
        status = 1
    for kind, path in files:
        try:
            CHECKS[kind](path.read_bytes().decode("utf-8"), root)
        except (Wrong, ValueError, ElementTree.ParseError) as wrong:
            print(f"{path}: {wrong}")
            status = 1
    print(len(files), "files checked")
    return status


if __name__ == "__main__":
    sys.exit(main())
