"""The lab's servers, beside Redis: name servers and proxies."""

import pathlib

import servers


class Dnsmasq(servers.Server):
    """A resolver at `host`, which answers by `options` and asks nobody."""

    def __init__(self, folder, host, options):
        self.host = host
        words = [
            servers.find("dnsmasq"),
            "--no-daemon",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--bind-interfaces",
            f"--listen-address={host}",
            "--local-ttl=60",
            *options,
        ]
        super().__init__(folder, words)

    def ready(self):
        self.wait_until(lambda: servers.answers(self.host, 53), "dnsmasq")
        return self


class Knot(servers.Server):
    """A name server at `host`; `zones` is {zone: text or None}.

    None stands for a zone whose file is missing: SERVFAIL.
    """

    def __init__(self, folder, host, zones):
        self.host = host
        lines = [
            "server:",
            f"  rundir: {folder}",
            f"  listen: {host}@53",
            "  udp-workers: 1",
            "  tcp-workers: 1",
            "  background-workers: 1",
            "database:",
            f"  storage: {folder}",
            "log:",
            "  - target: stderr",
            "    any: info",
            "zone:",
        ]
        for number, (zone, text) in enumerate(zones.items()):
            path = pathlib.Path(folder) / f"{number}.zone"
            lines += [f"  - domain: {zone}", f"    file: {path}"]
            if text is not None:
                path.write_text(text)
        path = pathlib.Path(folder) / "knot.conf"
        path.write_text("\n".join(lines) + "\n")
        super().__init__(folder, [servers.find("knotd"), "-c", path])

    def ready(self):
        self.wait_until(lambda: servers.answers(self.host, 53), "knotd")
        return self


class Haproxy(servers.Server):
    """A node's proxies: each of `listens` is haproxy's words for one."""

    def __init__(self, folder, listens):
        text = (
            "global\n  nbthread 1\n  ssl-default-bind-options ssl-min-ver "
            "TLSv1.0\n"
            "defaults\n  mode tcp\n  retries 0\n  timeout connect 500ms\n"
            "  timeout client 20s\n  timeout server 20s\n"
        )
        for number, lines in enumerate(listens):
            text += f"listen cache{number}\n"
            text += "".join(f"  {line}\n" for line in lines)
        path = pathlib.Path(folder) / "haproxy.cfg"
        path.write_text(text)
        super().__init__(folder, [servers.find("haproxy"), "-db", "-f", path])

    def ready(self, host, port):
        self.wait_until(lambda: servers.answers(host, port), "haproxy")
        return self
