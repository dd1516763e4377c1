"""The table of faults: one file a layer, a row a fault."""

from faults import data, dns, healthy, resp, tcp, tls
from faults.row import Row

TABLES = (healthy, dns, tcp, data, tls, resp)

ALL = tuple(row for table in TABLES for row in table.ROWS)

NONE = Row("none", "the path is healthy")


class NoFault(Exception):
    """There is no fault of that name."""


def find(name):
    for row in (NONE, *ALL):
        if row.name == name:
            return row
    raise NoFault(f"no fault is called {name!r}; see: lab faults")
