"""Each result as a line of TAP, for the runner that counts them."""

import os


def _line(report):
    file, colons, test = report.nodeid.partition("::")
    name = file.rsplit("/", 1)[-1] + colons + test
    if report.skipped:
        # of a test that is expected to fail, the reason of that
        why = getattr(report, "wasxfail", None) or report.longrepr[-1]
        return f"ok - {name} # SKIP {why.removeprefix('Skipped: ')}\n"
    if report.failed:
        text = str(report.longrepr).replace("\n", "\n# ")
        return f"not ok - {name}\n# {text}\n"
    return f"ok - {name}\n"


def pytest_runtest_logreport(report):
    """A hook of pytest: a conftest.py imports it by this name."""
    path = os.environ.get("LINKPROBE_TAP")
    # a worker of xdist tells the one that started it, which tells us
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not path or (report.when != "call" and report.passed):
        return
    with open(path, "a", encoding="utf-8") as tap:
        tap.write(_line(report))
