"""Debian's Nagios 4 with our command and templates, against real servers."""

import re

import pytest

import daemons
import places

LABELS = ["total", "dns", "tcp", "tls", "auth", "ping", "set", "get"]
LABELS += ["addresses_ok"]
STATES = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}


def perfdata(text):
    """{label: (value, unit, warn, crit, min, max)} by the guidelines."""
    rows = {}
    for word in text.split():
        match = re.fullmatch(
            r"'?([^='\s]+)'?=(U|-?[0-9.]+)(s|c|%|[KMG]?B|)"
            r"(?:;([^;]*))?(?:;([^;]*))?(?:;([^;]*))?(?:;([^;]*))?",
            word,
        )
        assert match, word
        assert match[1] not in rows, text
        rows[match[1]] = match.groups()[1:]
    return rows


def objects(redis):
    """A service in each state, and the hosts that they are of."""
    cache = redis()
    locked = redis(requirepass="secret")
    dead = places.address()
    text = ""
    for name, host, port in (
        ("alive", cache.host, cache.port),
        ("locked", locked.host, locked.port),
        ("dead", dead, places.port(dead)),
    ):
        text += (
            f"define host {{\n use redis-endpoint\n host_name {name}\n"
            f" address {host}\n _REDIS_PORT {port}\n}}\n"
        )
        for state, on, options in (
            ("OK", "alive", None),
            ("WARNING", "alive", "-w total=1us"),
            ("CRITICAL", "dead", None),
            ("UNKNOWN", "alive", "--password-file /nonexistent"),
            ("AUTH", "locked", "-w 1 --no-write"),
        ):
            if on != name:
                continue
            text += (
                f"define service {{\n use redis-path\n host_name {name}\n"
                f" service_description {state}\n _REDIS_PORT {port}\n"
            )
            if options:
                text += f" _REDIS_OPTIONS {options}\n"
            text += "}\n"
    return text


def test_the_file_passes_nagios_own_check(nagios):
    run = nagios(None).verify()
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"Total Warnings: 0\nTotal Errors: +0", run.stdout)
    assert "Checked 1 services." in run.stdout


@pytest.mark.slow
def test_a_service_in_each_state(nagios, redis):
    server = nagios(objects(redis)).start()
    try:
        hold(server)
    finally:
        server.stop()


def hold(server):
    def settled():
        rows = server.services()
        return len(rows) == 5 and all(
            row["has_been_checked"] == "1"
            and (row["current_state"] == "0" or row["state_type"] == "1")
            for row in rows.values()
        )

    def as_foretold():
        """What is looked at below, all of one moment of its own file."""
        found = server.services()
        calm = all(
            found[word]["current_state"] == str(status)
            for word, status in STATES.items()
        )
        return found if calm else None

    server.wait_long(settled, "each has its hard state")
    rows = server.wait_long(as_foretold, "each has the state that it names")
    for word, status in STATES.items():
        row = rows[word]
        assert row["current_state"] == str(status), row
        assert row["plugin_output"].startswith(f"REDIS {word} - "), row
        assert "|" not in row["plugin_output"] + row["long_plugin_output"]
    assert "TCP_REFUSED" in rows["CRITICAL"]["plugin_output"]
    assert "AUTH_REQUIRED" in rows["AUTH"]["plugin_output"]
    assert "THRESHOLD_EXCEEDED" in rows["WARNING"]["plugin_output"]
    assert "OK - " in rows["OK"]["long_plugin_output"]
    # perfdata: the same labels in every state that measured something
    for word in ("OK", "WARNING", "CRITICAL", "AUTH"):
        found = perfdata(rows[word]["performance_data"])
        assert list(found) == LABELS, word
    assert perfdata(rows["OK"]["performance_data"])["tcp"][2] == "0.05"
    found = perfdata(rows["CRITICAL"]["performance_data"])
    assert found["ping"][0] == "U" and found["addresses_ok"][0] == "0"
    # a host is up while an address answers
    def states_of_hosts():
        return {
            name: row["current_state"]
            for name, row in server.hosts().items()
            if row["has_been_checked"] == "1"
        }

    # the one that is locked wants a password
    wanted = {"alive": "0", "locked": "1", "dead": "1"}
    server.wait_long(
        lambda: states_of_hosts() == wanted, "hosts are up and down"
    )

    def of_graphs():
        """The whole lines of what a graphing tool is given."""
        text = (server.folder / "perfdata").read_text()
        whole = text[: text.rfind("\n") + 1]
        return [line.split("\t") for line in whole.splitlines()]

    def told(word):
        return [word, word] in [line[:2] for line in of_graphs()]

    server.wait_long(
        lambda: told("OK") and told("CRITICAL"), "graphs are given states"
    )
    for line in of_graphs():
        perfdata(line[2])


def test_no_password_stands_in_the_file():
    text = (daemons.FILES / "nagios/linkprobe.cfg").read_text(encoding="utf-8")
    assert "--password-file" in text
    assert not re.search(r"-a |--pass[ =]|:[^/\s]+@", text)
