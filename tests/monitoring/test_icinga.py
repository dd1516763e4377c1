"""Debian's Icinga 2 with our command and rules, against real servers."""

import json
import re
import socket
import threading

import pytest

import daemons
import places
from test_nagios import LABELS, STATES, perfdata

FILES = daemons.FILES / "icinga2"


class Graphite:
    """Listens as Graphite does: what Icinga made of the perfdata."""

    def __init__(self):
        self.host = places.address()
        self.port = places.port(self.host)
        self.lines = []
        self._listener = socket.create_server((self.host, self.port))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile() as stream:
                for line in stream:
                    self.lines.append(line.strip())

    def metrics(self):
        """{path: value} of the last of each."""
        return {line.split()[0]: line.split()[1] for line in self.lines}

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def objects(redis, graphite):
    """The rules' way: a host with a service for each entry of vars.redis."""
    cache = redis()
    locked = redis(requirepass="secret")
    dead = places.address()
    text = (
        f'object GraphiteWriter "graphite" {{\n host = "{graphite.host}"\n'
        f" port = {graphite.port}\n enable_send_thresholds = true\n}}\n"
    )

    def host(name, address, port, **services):
        entries = "".join(
            f' vars.redis["{key}"] = {{ linkprobe_port = {port}\n{more} }}\n'
            for key, more in services.items()
        )
        return (
            f'object Host "{name}" {{\n import "redis-endpoint"\n'
            f' address = "{address}"\n check_interval = 1s\n'
            " retry_interval = 1s\n"
            f" vars.linkprobe_port = {port}\n{entries}}}\n"
        )

    text += host(
        *("alive", cache.host, cache.port),
        OK="",
        WARNING='linkprobe_warning = [ "total=1us", "tcp=5" ]',
        UNKNOWN='linkprobe_password_file = "/nonexistent"',
    )
    text += host("dead", dead, places.port(dead), CRITICAL="")
    text += host(
        *("locked", locked.host, locked.port),
        AUTH="linkprobe_no_write = true",
    )
    return text


def brisk(server):
    """One minute of the rules is a second in a test."""
    path = server.folder / "icinga2.conf"
    text = (FILES / "services.conf").read_text(encoding="utf-8")
    assert "check_interval = 1m" in text
    text = text.replace("= 1m", "= 1s").replace("= 20s", "= 1s")
    (server.folder / "services.conf").write_text(text)
    config = path.read_text()
    where = str(FILES / "services.conf")
    assert where in config
    path.write_text(
        config.replace(where, str(server.folder / "services.conf"))
    )


def test_the_files_pass_icingas_own_check(icinga):
    example = (FILES / "hosts.conf").read_text(encoding="utf-8")
    run = icinga(example).verify()
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Instantiated 2 Services" in run.stdout, run.stdout
    assert "warning" not in run.stdout.lower(), run.stdout


def test_the_zones_pass_it_too(icinga):
    """The master of the example, with a satellite in the client's VPC."""
    zones = (FILES / "zones.conf").read_text(encoding="utf-8")
    host = (FILES / "hosts.conf").read_text(encoding="utf-8")
    template = 'import "redis-endpoint"'
    placed = host.replace(template, template + '\n zone = "vpc-orders"')
    assert placed != host
    run = icinga(placed, zones=zones).verify()
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Instantiated 3 Zones" in run.stdout, run.stdout


@pytest.mark.slow
def test_a_service_in_each_state(icinga, redis, starter):
    graphite = Graphite()
    starter.keep(graphite, graphite.close)
    server = icinga(objects(redis, graphite))
    brisk(server)
    server.start()
    try:
        hold(server, graphite)
    finally:
        server.stop()


def hold(server, graphite):
    names = [*STATES, "AUTH"]

    def rows():
        found = server.objects("services")
        return {name.split("!")[1]: row for name, row in found.items()}

    def settled():
        found = rows()
        return set(found) == set(names) and all(
            row["last_check_result"]
            and (row["state"] == 0 or row["state_type"] == 1)
            for row in found.values()
        )

    def as_foretold():
        """What is looked at below, all of one answer."""
        found = rows()
        calm = all(found[word]["state"] == STATES[word] for word in STATES)
        return found if calm else None

    server.wait_long(settled, "each has its hard state")
    found = server.wait_long(as_foretold, "each has the state that it names")
    for word, status in STATES.items():
        result = found[word]["last_check_result"]
        assert found[word]["state"] == status, json.dumps(result, indent=1)
        assert result["exit_status"] == status
        assert result["output"].startswith(f"REDIS {word} - "), result
    assert "TCP_REFUSED" in found["CRITICAL"]["last_check_result"]["output"]
    assert "AUTH_REQUIRED" in found["AUTH"]["last_check_result"]["output"]
    for word in ("OK", "WARNING", "CRITICAL", "AUTH"):
        text = " ".join(found[word]["last_check_result"]["performance_data"])
        assert list(perfdata(text)) == LABELS, word

    def states_of_hosts():
        hosts = server.objects("hosts")
        return hosts["alive"]["state"], hosts["dead"]["state"]

    server.wait_long(lambda: states_of_hosts() == (0, 1), "one host is up")
    # it could read each of them, and they are numbers in base units
    server.wait_long(
        lambda: any("WARNING" in line for line in list(graphite.lines)),
        "perfdata comes out of it",
    )
    log = (server.folder / "icinga2.log").read_text()
    assert "erfdata" not in re.sub(r".*GraphiteWriter.*\n", "", log), log
    told = graphite.metrics()
    of_ok = "icinga2.alive.services.OK.linkprobe.perfdata."
    server.wait_long(
        lambda: any(p.startswith(of_ok) for p in graphite.metrics()), "of OK"
    )
    told = graphite.metrics()
    assert 0 < float(told[of_ok + "tcp.value"]) < 5
    assert float(told[of_ok + "tcp.warn"]) == 0.05
    assert float(told[of_ok + "total.crit"]) == 2
    assert float(told[of_ok + "addresses_ok.max"]) == 1


def test_its_command_knows_only_options_that_there_are(linkprobe):
    text = (FILES / "linkprobe.conf").read_text(encoding="utf-8")
    known = linkprobe("check", "--help", "all").out
    named = re.findall(r'^ {4}"(--?[a-z0-9A-Z-]+)"', text, re.M)
    assert len(named) > 25
    for option in named:
        assert re.search(rf"(^|[ ,]){option}\b", known, re.M), option


@pytest.mark.slow
def test_a_word_with_blanks_stays_one(icinga, redis):
    """A password command reaches the plugin as it was written."""
    cache = redis(requirepass='"a b"')
    server = icinga(
        'object Host "odd" {\n import "redis-endpoint"\n'
        f' address = "{cache.host}"\n check_interval = 1s\n'
        f" vars.linkprobe_port = {cache.port}\n"
        " vars.linkprobe_password_command = \"echo 'a b'; echo two\"\n}\n"
    )
    server.start()
    try:
        row = server.wait_long(
            lambda: server.objects("hosts")["odd"]["last_check_result"],
            "it is checked",
        )
    finally:
        server.stop()
    assert row["exit_status"] == 0, row


def with_places(zones, satellite):
    """The example's zones, with addresses of this machine."""
    text = re.sub(r"host = .*", f'host = "{satellite.address}"', zones)
    assert text != zones
    return text.replace(
        f'host = "{satellite.address}"',
        f'host = "{satellite.address}"\n  port = {satellite.port}',
    )


@pytest.mark.slow
def test_a_satellite_checks_for_the_master(icinga, redis):
    """The zones of the example: the files go to the satellite by themselves.

    The master has no plugin in its reach that could pass, so what it knows
    has come from the client's VPC.
    """
    cache = redis()
    zones = (FILES / "zones.conf").read_text(encoding="utf-8")
    hostless = re.sub(r"  host = .*\n", "", zones)
    satellite = icinga(
        "", name="probe.orders.example", zones=hostless, rules=False
    )
    master = icinga("", zones=with_places(zones, satellite), rules=False)
    (master.folder / "plugins/check_linkprobe").unlink()
    for zone, names in (
        ("global-templates", ("linkprobe.conf", "services.conf")),
        ("vpc-orders", ("hosts.conf",)),
    ):
        folder = master.folder / "etc/zones.d" / zone
        folder.mkdir(parents=True)
        for name in names:
            text = (FILES / name).read_text(encoding="utf-8")
            text = text.replace("= 1m", "= 1s").replace("= 20s", "= 1s")
            text = re.sub(
                r'address = ".*"', f'address = "{cache.host}"', text
            )
            text = re.sub(r"= 6379\b", f"= {cache.port}", text)
            (folder / name).write_text(text)
    satellite.start()
    try:
        satellite.listening()
        master.start()
        name = "orders-cache!primary"
        row = master.wait_long(
            lambda: (
                master.objects("services")
                .get(name, {})
                .get("last_check_result")
            ),
            "the master is told a result",
            90,
        )
    finally:
        master.stop()
        satellite.stop()
    assert row["check_source"] == "probe.orders.example", row
    assert row["exit_status"] == 0, row
    assert row["output"].startswith("REDIS OK - "), row
