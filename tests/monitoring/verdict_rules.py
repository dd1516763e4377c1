"""What mends each verdict, as series that an alert can look up.

Prometheus has no tables; a recording rule with fixed labels is one.  Made of
docs/verdicts.md, so that an alert says what `linkprobe explain` says:

    python3 tests/monitoring/verdict_rules.py \
        >docs/monitoring/prometheus/linkprobe-verdicts.rules.yml
"""

import json
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
VERDICTS = TOP / "docs/verdicts.md"

HEAD = """\
# What each verdict means and what mends it, for the texts of the alerts in
# linkprobe.rules.yml.  Made of docs/verdicts.md; do not edit.
groups:
  - name: linkprobe_verdicts
    interval: 1m
    rules:
"""


def first_fix(section):
    """The first command that repairs something, else the first that looks."""
    block = re.search(r"```sh\n(.*?)```", section, re.S)
    if not block:
        return ""
    pairs = re.findall(r"# (\w+), (\w+)\n([^\n]+)", block[1])
    repairs = [row for row in pairs if row[1] == "changes"] or pairs
    where, _, command = repairs[0]
    return f"{where}: {command}"


def verdicts():
    """(id, meaning, cause, fix) of each verdict but OK."""
    sections = VERDICTS.read_text(encoding="utf-8").split("\n## <a id=")[1:]
    for section in sections:
        name = re.match(r'"(\w+)"', section)[1]
        meaning = section.split("\n\n")[1]
        cause = re.search(r"\*\*Cause\.\*\* ([^\n]+)", section)[1]
        if name != "OK":
            yield name, meaning, cause, first_fix(section)


def rules():
    text = HEAD
    for name, meaning, cause, fix in verdicts():
        text += (
            "      - record: linkprobe_verdict_help_info\n"
            "        expr: vector(1)\n"
            "        labels:\n"
            f"          id: {name}\n"
        )
        for key, value in ("meaning", meaning), ("why", cause), ("fix", fix):
            # JSON's strings are YAML's; labels' values are no templates here
            value = json.dumps(value, ensure_ascii=False)
            text += f"          {key}: {value}\n"
    return text


if __name__ == "__main__":
    print(rules(), end="")
