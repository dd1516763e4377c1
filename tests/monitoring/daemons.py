"""Monitoring systems as plain processes, each in a folder of its own.

Their packages install services; here the programs inside are started with
configurations of ours around the files of docs/monitoring, on addresses that
nobody else has, and are ended by their process ids.
"""

import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest

import places
import program
import servers

yaml = pytest.importorskip("yaml")

FILES = program.TOP / "docs/monitoring"
NAGIOS_OBJECTS = pathlib.Path("/etc/nagios4/objects")


def need(*names):
    """The first of these programs; else the test is skipped."""
    found = servers.find(*names)
    if not found:
        pytest.skip(f"{names[0]} is missing")
    return found


def promtool(*words, **options):
    return subprocess.run(
        [need("promtool"), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def load(path):
    return yaml.safe_load((FILES / path).read_text(encoding="utf-8"))


class Daemon(servers.Server):
    """A server with the environment that a test's programs have."""

    process = None

    def __init__(self, folder, words, env):
        self.folder = pathlib.Path(folder)
        self._log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(
            list(map(str, words)),
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def wait_long(self, condition, what, seconds=60):
        def alive():
            assert self.process.poll() is None, f"it ended: {self.log()}"
            return condition()

        try:
            return servers.wait_for(alive, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log()[-4000:]}") from None

    def stop(self):
        """It, and then the workers that it may have left."""
        if not self.process:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait(10)
        self._log.close()


def plugin_folder(folder):
    """A folder of plugins, with ours in it."""
    made = pathlib.Path(folder) / "plugins"
    made.mkdir()
    (made / "check_linkprobe").symlink_to(program.program_path().resolve())
    return made


# ---- Prometheus


def quick(text):
    """Rules as they are, with seconds for minutes, so that a test may wait."""
    text = re.sub(r"\[2m\]", "[3s]", text)
    text = re.sub(r"\[10m\]", "[20s]", text)
    return re.sub(r"(for|interval): \d+m", r"\1: 1s", text)


class Prometheus(Daemon):
    """Prometheus with the shipped files, in `folder`, which edit() changes."""

    def __init__(self, folder, home, edit):
        folder = pathlib.Path(folder)
        for path in (FILES / "prometheus").glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            (folder / path.name).write_text(
                quick(text) if path.name.endswith(".rules.yml") else text
            )
        config = load("prometheus/prometheus.yml")
        config["global"].update(
            scrape_interval="1s",
            scrape_timeout="1s",
            evaluation_interval="1s",
        )
        jobs = {job["job_name"]: job for job in config["scrape_configs"]}
        for job in jobs.values():
            job.pop("scrape_timeout", None)
        edit(folder, jobs)
        config["scrape_configs"] = list(jobs.values())
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.address = places.address()
        self.port = places.port(self.address)
        super().__init__(
            folder,
            [
                need("prometheus"),
                f"--config.file={folder}/prometheus.yml",
                f"--storage.tsdb.path={folder}/data",
                f"--web.listen-address={self.address}:{self.port}",
            ],
            program.environment(home),
        )
        self.wait_long(lambda: self.get("/-/ready"), "Prometheus is ready")

    def get(self, path, **query):
        url = f"http://{self.address}:{self.port}{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.read()

    def api(self, path, **query):
        answer = json.loads(self.get("/api/v1/" + path, **query))
        assert answer["status"] == "success", answer
        return answer["data"]

    def query(self, expr):
        """[(labels, value)] of an instant query."""
        return [
            (row["metric"], float(row["value"][1]))
            for row in self.api("query", query=expr)["result"]
        ]

    def firing(self, name):
        """{target or instance: alert}"""
        found = {}
        for alert in self.api("alerts")["alerts"]:
            labels = alert["labels"]
            if labels["alertname"] == name and alert["state"] == "firing":
                found[labels.get("target", labels.get("instance"))] = alert
        return found

    def fires_for(self, name, target):
        """Until the alert `name` is that of `target` and of no other.

        Where a machine stands still for a moment, more may be down.
        """

        def alone():
            found = self.firing(name)
            return found if set(found) == {target} else None

        return self.wait_long(alone, f"{name} of {target} alone")


@pytest.fixture
def prometheus(starter, home):
    """prometheus(edit): edit(folder, jobs) adapts targets and addresses."""

    def start(edit):
        need("prometheus")
        made = Prometheus(starter.new_folder(), home, edit)
        return starter.keep(made, made.stop)

    return start


# ---- Nagios

NAGIOS = """\
cfg_file={folder}/objects.cfg
cfg_file={folder}/linkprobe.cfg
resource_file={folder}/resource.cfg
log_file={folder}/nagios.log
object_cache_file={folder}/objects.cache
precached_object_file={folder}/objects.precache
status_file={folder}/status.dat
status_update_interval=1
state_retention_file={folder}/retention.dat
command_file={folder}/nagios.cmd
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}/results
log_archive_path={folder}
query_socket={folder}/nagios.qh
nagios_user={user}
nagios_group={group}
check_workers=2
use_syslog=0
check_for_updates=0
enable_notifications=0
interval_length=1
process_performance_data=1
service_perfdata_file={folder}/perfdata
service_perfdata_file_template={template}
illegal_macro_output_chars=`~$&|'"<>
"""


class Nagios(Daemon):
    """Nagios with our commands and templates, and these hosts."""

    def __init__(self, folder, home, hosts):
        folder = pathlib.Path(folder)
        text = (FILES / "nagios/linkprobe.cfg").read_text(encoding="utf-8")
        if hosts is not None:
            text = text.split("# Yours:")[0] + hosts
        (folder / "linkprobe.cfg").write_text(text)
        # what Debian's own files define, and ours lean on
        (folder / "objects.cfg").write_text(
            "".join(
                (NAGIOS_OBJECTS / f"{name}.cfg").read_text()
                for name in ("commands", "contacts", "timeperiods", "templates")
            )
        )
        plugins = plugin_folder(folder)
        (folder / "resource.cfg").write_text(f"$USER1$={plugins}\n")
        (folder / "results").mkdir()
        (folder / "nagios.cfg").write_text(
            NAGIOS.format(
                folder=folder,
                user=os.getuid(),
                group=os.getgid(),
                template="\\t".join(
                    f"$SERVICE{name}$" for name in ("DESC", "STATE", "PERFDATA")
                ),
            )
        )
        self._env = program.environment(home)
        self._words = [need("nagios4"), folder / "nagios.cfg"]
        self.folder = folder

    def start(self):
        super().__init__(self.folder, self._words, self._env)
        return self

    def verify(self):
        """nagios4 -v: what it says of the configuration."""
        return subprocess.run(
            [self._words[0], "-v", self._words[1]],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def blocks(self, kind):
        """Each block of that kind of status.dat, as a dictionary."""
        text = (self.folder / "status.dat").read_text()
        for block in re.findall(rf"^{kind} {{\n(.*?)^\t}}", text, re.S | re.M):
            pairs = (line.strip().split("=", 1) for line in block.splitlines())
            yield {p[0]: p[1] for p in pairs if len(p) == 2}

    def services(self):
        rows = self.blocks("servicestatus")
        return {row["service_description"]: row for row in rows}

    def hosts(self):
        return {row["host_name"]: row for row in self.blocks("hoststatus")}


@pytest.fixture
def nagios(starter, home):
    """nagios(hosts): definitions after ours; None: those of the file."""

    def make(hosts):
        need("nagios4")
        if not NAGIOS_OBJECTS.is_dir():
            pytest.skip("nagios4-common's objects are missing")
        return Nagios(starter.new_folder(), home, hosts)

    return make


# ---- Icinga 2

ICINGA = """\
include <itl>
const NodeName = "{name}"
const PluginDir = "{plugins}"
{zones}
object CheckerComponent "checker" {{ }}
object FileLogger "main" {{
  severity = "information"
  path = "{folder}/icinga2.log"
}}
object ApiListener "api" {{
  bind_host = "{address}"
  bind_port = {port}
  accept_config = true
}}
object ApiUser "test" {{
  password = "test"
  permissions = [ "*" ]
}}
"""
ICINGA_ZONES = """\
object Endpoint NodeName { }
object Zone "master" { endpoints = [ NodeName ] }
"""


class Icinga(Daemon):
    """Icinga 2 with `objects`, whose zones are one or `zones`.

    `rules`: our command and templates stand in its own configuration.
    """

    def __init__(self, folder, home, authority, objects, **options):
        folder = pathlib.Path(folder)
        self.folder = folder
        self.name = options.get("name", "icinga.example")
        self.address = places.address()
        self.port = options.get("port") or places.port(self.address)
        for name in ("data/certs", "log", "cache", "spool", "run", "etc"):
            (folder / name).mkdir(parents=True)
        self._certify(authority)
        text = ICINGA.format(
            folder=folder,
            name=self.name,
            plugins=plugin_folder(folder),
            zones=options.get("zones", ICINGA_ZONES),
            address=self.address,
            port=self.port,
        )
        if options.get("rules", True):
            for name in ("linkprobe.conf", "services.conf"):
                text += f'include "{FILES / "icinga2" / name}"\n'
        (folder / "icinga2.conf").write_text(text + objects)
        self._env = program.environment(
            home, ICINGA2_USER="root", ICINGA2_GROUP="root"
        )
        paths = {
            "ConfigDir": "etc",
            "ZonesDir": "etc/zones.d",
            "DataDir": "data",
            "LogDir": "log",
            "CacheDir": "cache",
            "SpoolDir": "spool",
            "InitRunDir": "run",
        }
        self._words = [need("icinga2"), "daemon", "-x", "information"]
        for constant, where in paths.items():
            self._words += ["-D", f"{constant}={folder}/{where}"]
        self._words += ["-c", folder / "icinga2.conf"]

    def _certify(self, authority):
        made = authority.issue(self.name, f"DNS:{self.name}")
        certs = self.folder / "data/certs"
        shutil.copy(made.cert, certs / f"{self.name}.crt")
        shutil.copy(made.key, certs / f"{self.name}.key")
        shutil.copy(authority.cert, certs / "ca.crt")

    def start(self):
        super().__init__(self.folder, self._words, self._env)
        return self

    def verify(self):
        """icinga2 daemon -C: what it says of the configuration."""
        return subprocess.run(
            [*map(str, self._words), "-C"],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def listening(self):
        self.wait_long(
            lambda: servers.answers(self.address, self.port), "Icinga's API"
        )
        return self

    def objects(self, kind):
        """{name: attributes} of what its API tells."""
        url = f"https://{self.address}:{self.port}/v1/objects/{kind}"
        context = ssl.create_default_context(
            cafile=self.folder / "data/certs/ca.crt"
        )
        context.check_hostname = False
        request = urllib.request.Request(url)
        request.add_header("Authorization", "Basic dGVzdDp0ZXN0")
        with urllib.request.urlopen(
            request, timeout=10, context=context
        ) as answer:
            rows = json.load(answer)["results"]
        return {row["name"]: row["attrs"] for row in rows}


@pytest.fixture
def icinga(starter, home, authority):
    """icinga(objects): Icinga with our command, and these objects."""

    def make(objects, **options):
        need("icinga2")
        return Icinga(
            starter.new_folder(), home, authority, objects, **options
        )

    return make
