"""Stand-ins for the services on a machine's own addresses that give keys.

Both keep what they were asked, and answer by a script of statuses first.
"""

import datetime
import http.server
import json
import threading
import time

SECRET = "instance/Secret+Key00000000000000000000"
TOKEN = "instance-session-token-of-some-length=="

# How long the program waits for a container's answer.
_PATIENCE_S = 2


def in_s(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc)
    moment += datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def keys(number=1, life_s=6 * 3600, **changes):
    found = {
        "Code": "Success",
        "AccessKeyId": f"ASIAMETADATA{number:04}",
        "SecretAccessKey": SECRET,
        "Token": TOKEN,
        "Expiration": in_s(life_s),
    }
    found.update(changes)
    return {name: value for name, value in found.items() if value is not None}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _any(self):
        service = self.server.service
        with service.lock:
            service.asked.append((self.command, self.path, self.headers))
            wait = service.hang
            status, body = service.answer(
                self.command, self.path, self.headers
            )
        if wait:
            service.let_go.wait(30)
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = _any

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Clients that leave are part of the tests."""


class Service:
    """What both have: a server, a script, a memory."""

    def __init__(self, address=("127.0.0.1", 0)):
        self.lock, self.let_go = threading.Lock(), threading.Event()
        self.asked, self.statuses, self.hang = [], [], False
        self.body = None  # instead of keys
        self.life_s, self.given = 6 * 3600, 0
        self._server = _Server(address, _Handler)
        self._server.service = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,)
        )
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _next_keys(self):
        if self.body is not None:
            return self.body
        self.given += 1
        return json.dumps(keys(self.given, self.life_s))

    def answer(self, method, path, headers):
        if self.statuses:
            status = self.statuses.pop(0)
            if status != 200:
                return status, "<html>no</html>"
        return self.serve(method, path, headers)

    def close(self):
        self.let_go.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


class Instance(Service):
    """IMDS, version 2 only."""

    role = "a-role"
    token = "metadata-token-0123456789=="

    def serve(self, method, path, headers):
        root = "/latest/meta-data/iam/security-credentials/"
        if path == "/latest/api/token":
            ttl = headers.get("x-aws-ec2-metadata-token-ttl-seconds")
            if method != "PUT" or not ttl:
                return 400, ""
            return 200, self.token
        if headers.get("x-aws-ec2-metadata-token") != self.token:
            return 401, ""
        if path == root:
            return (200, self.role) if self.role else (404, "no role")
        if path == root + self.role:
            return 200, self._next_keys()
        return 404, ""


class Container(Service):
    """The endpoint of a task or a pod."""

    authorization = None

    def serve(self, method, path, headers):
        if headers.get("Authorization") != self.authorization:
            return 403, '{"code": "AccessDenied"}'
        if method != "GET" or path != "/keys?of=task":
            return 404, ""
        return 200, self._next_keys()


def asked_in_time(service, ask, statuses=()):
    """What `ask` finds.  Asked again when it took as long as it waits for an
    answer: then the machine stood still, and it has tried once more."""
    for _ in range(5):
        service.statuses, service.given = list(statuses), 0
        service.asked.clear()
        began = time.monotonic()
        found = ask()
        if time.monotonic() - began < _PATIENCE_S:
            break
    return found


def comes(condition, limit_s):
    """Does it, in that time?"""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def wait_until(condition, limit_s=20):
    assert comes(condition, limit_s), "it never came"
