"""A strict reader of pages of metrics, written from the specifications.

Text: Prometheus' exposition format 0.0.4.  OpenMetrics: 1.0.0.  Whatever a
lenient reader would overlook is an error here.
"""

import re

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
_SAMPLE = re.compile(rf"({_NAME})(?:\{{(.*)\}})? (\S+)")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|Inf)|NaN")
_SUFFIXES = {
    "counter": ("_total", "_created"),
    "histogram": ("_bucket", "_sum", "_count", "_created"),
    "info": ("_info",),
    "gauge": ("",),
}
_TEXT_SUFFIXES = {
    "counter": ("",),
    "gauge": ("",),
    "histogram": ("_bucket", "_sum", "_count"),
}


class Family:
    def __init__(self, name, kind, text):
        self.name, self.kind, self.help = name, kind, text
        self.samples = []


class Page:
    """families: {name: Family}; samples: {(name, labels): value}."""

    def __init__(self):
        self.families = {}
        self.samples = {}

    def value(self, name, **labels):
        """The one sample of that name that has these labels."""
        found = self.all(name, **labels)
        assert len(found) == 1, f"{name}{labels}: {len(found)} samples"
        return next(iter(found.values()))

    def all(self, name, **labels):
        wanted = set(labels.items())
        return {
            key: value
            for key, value in self.samples.items()
            if key[0] == name and wanted <= key[1]
        }

    def labels(self, name, **labels):
        """The labels of each such sample."""
        return [dict(key[1]) for key in self.all(name, **labels)]


def _labels(text):
    labels, at = {}, 0
    while text and at < len(text):
        match = _LABEL.match(text, at)
        assert match, f"no label: {text[at:]!r}"
        name = match[1]
        assert name not in labels, f"{name} twice: {text!r}"
        labels[name] = re.sub(
            r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], match[2]
        )
        at = match.end()
        if at < len(text):
            assert text[at] == "," and at + 1 < len(text), text
            at += 1
    return labels


def _check_histogram(family):
    series = {}
    for name, labels, value in family.samples:
        key = frozenset((k, v) for k, v in labels.items() if k != "le")
        series.setdefault(key, []).append((name, labels, value))
    for rows in series.values():
        buckets = [r for r in rows if r[0].endswith("_bucket")]
        ends = [float(r[1]["le"]) for r in buckets]
        counts = [r[2] for r in buckets]
        assert ends == sorted(set(ends)) and ends[-1] == float("inf"), ends
        assert counts == sorted(counts), counts
        count = [r[2] for r in rows if r[0].endswith("_count")]
        assert count == [counts[-1]], rows


def _add_sample(page, family, line, is_open):
    match = _SAMPLE.fullmatch(line)
    assert match, f"no sample: {line!r}"
    name, text, number = match.groups()
    assert _NUMBER.fullmatch(number), f"no number: {line!r}"
    assert family, f"no TYPE before {line!r}"
    suffixes = _SUFFIXES if is_open else _TEXT_SUFFIXES
    assert name in [family.name + s for s in suffixes[family.kind]], line
    labels = _labels(text)
    assert not [n for n in labels if n.startswith("__")], line
    if family.kind == "info" or name.endswith("_info"):
        assert float(number) == 1, line
    if family.kind == "counter":
        assert float(number) >= 0, line
    key = (name, frozenset(labels.items()))
    assert key not in page.samples, f"twice: {line!r}"
    page.samples[key] = float(number)
    family.samples.append((name, labels, float(number)))


def _read_lines(lines, is_open):
    page, family, pending = Page(), None, {}
    for line in lines:
        assert line == line.rstrip("\r"), line
        if not line.startswith("#"):
            _add_sample(page, family, line, is_open)
            continue
        _, word, name, text = (line.split(" ", 3) + [""])[:4]
        assert word in ("HELP", "TYPE", "UNIT"), line
        assert re.fullmatch(_NAME, name), line
        if family and family.name == name:
            assert not family.samples, f"{line!r} after its samples"
        if word == "UNIT":
            assert is_open and name.endswith("_" + text), line
            continue
        assert (word, name) not in pending, f"{line!r} twice"
        pending[word, name] = text
        if word == "TYPE":
            kinds = _SUFFIXES if is_open else _TEXT_SUFFIXES
            assert text in kinds, line
            assert name not in page.families, f"{name} in two places"
            family = Family(name, text, pending.get(("HELP", name)))
            assert family.help, f"{name} has no HELP before it"
            page.families[name] = family
    for family in page.families.values():
        assert family.samples, f"{family.name} has no sample"
        if family.kind == "histogram":
            _check_histogram(family)
    return page


def read_text(body):
    text = body.decode("utf-8")
    assert text.endswith("\n") and "# EOF" not in text
    return _read_lines(text[:-1].split("\n"), False)


def read_open(body):
    text = body.decode("utf-8")
    assert text.endswith("# EOF\n"), text[-200:]
    return _read_lines(text[: -len("\n# EOF\n")].split("\n"), True)
