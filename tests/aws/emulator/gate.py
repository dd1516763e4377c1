"""The way in: what every request passes before moto, and its answer after.

    log -> signature -> parameters -> policy -> rate -> fault -> moto
                                                 fault <-
"""

import io
import itertools
import re
import threading
import time
from urllib.parse import parse_qsl

from emulator import (
    callers,
    parameters,
    permissions,
    policies,
    signatures,
    state,
)
from emulator.faults import Answer, Faults, strike

_SERVICES = {
    "2016-11-15": "ec2",
    "2015-12-01": "elasticloadbalancing",
    "2015-02-02": "elasticache",
    "2011-06-15": "sts",
    "2010-05-08": "iam",
}

# The token that it carries is the proof.
_UNSIGNED = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


def write_error(service, code, message):
    """An error as the service writes them."""
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        message = message.replace(char, entity)
    number = f"{state.hexadecimal(8)}-0000"
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    if service == "ec2":
        text = (
            f"<?xml version='1.0' encoding='UTF-8'?>\n<Response><Errors>"
            f"<Error>{inner}</Error></Errors><RequestID>{number}"
            f"</RequestID></Response>"
        )
    else:
        text = (
            f"<ErrorResponse xmlns='http://{service}.amazonaws.com/doc/'>"
            f"<Error><Type>Sender</Type>{inner}</Error><RequestId>{number}"
            f"</RequestId></ErrorResponse>"
        )
    return text.encode()


class Buckets:
    """Tokens of calls, an account; what AWS calls throttling."""

    def __init__(self):
        self._tokens = {}

    def reset(self):
        self._tokens.clear()

    def take(self, account):
        rate = state.SETTINGS["rate"]
        if not rate:
            return True
        tokens, since = self._tokens.get(account, (rate["burst"], state.now()))
        now = state.now()
        tokens = min(rate["burst"], tokens + (now - since) * rate["per_s"])
        self._tokens[account] = (max(tokens - 1, 0), now)
        return tokens >= 1


class Log:
    """Every call, in the order in which it came."""

    def __init__(self):
        self._lock = threading.Lock()
        self.running = 0
        self.clear()

    def clear(self):
        with self._lock:
            self.rows, self._numbers = [], itertools.count(1)
            self.failures, self.most = [], 0
            self._began = state.now()

    def begin(self, service, action, given):
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            row = {
                "n": next(self._numbers),
                "at_s": round(state.now() - self._began, 4),
                "service": service,
                "action": action,
                "parameters": given,
                "account": None,
                "key": None,
                "status": None,
            }
            self.rows.append(row)
        return row

    def end(self):
        with self._lock:
            self.running -= 1

    def failure(self, row, what):
        self.failures.append(f"{row['action']}: {what}")


class Gate:
    """The application that the server runs."""

    def __init__(self, app):
        self.app = app
        self.log, self.faults, self.buckets = Log(), Faults(), Buckets()

    def reset(self):
        self.log.clear()
        self.faults.set([], 1)
        self.buckets.reset()

    def __call__(self, environ, start):
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size) if size else b""
        environ["wsgi.input"] = io.BytesIO(body)
        text = body.decode("utf-8", "replace") or environ["QUERY_STRING"]
        pairs = parse_qsl(text, keep_blank_values=True)
        if callers.is_reader(_key_of(environ)):
            answer = self._read(environ, body)
        else:
            answer = self._logged(environ, body, pairs)
        headers = [("Content-Length", str(len(answer.body)))]
        headers.append(("Date", _date()))
        start(answer.status, answer.headers + headers)
        return _pieces(answer)

    def _read(self, environ, body):
        """A look by a test itself."""
        state.CALLER.reads = True
        try:
            caller, _ = signatures.verify(environ, body, None)
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller.account
            return self._run(environ)
        finally:
            state.CALLER.reads = False

    def _logged(self, environ, body, pairs):
        given = dict(pairs)
        service = _SERVICES.get(given.get("Version"), "?")
        action = given.get("Action", environ["PATH_INFO"])
        row = self.log.begin(service, action, given)
        try:
            answer = self._answer(environ, body, pairs, row)
        except signatures.Refused as refused:
            text = write_error(service, refused.code, refused.message)
            answer = Answer(f"{refused.status} Refused", text)
        finally:
            self.log.end()
        row["status"] = int(answer.status.split()[0])
        code = re.search(rb"<Code>([^<]+)", answer.body)
        if code and row["status"] >= 400:
            row["code"] = code.group(1).decode()
        return answer

    def _answer(self, environ, body, pairs, row):
        self._admit(environ, body, pairs, row)
        rule = self.faults.pick(row, "before")
        if rule:
            answer = strike(self.faults, rule, environ, row, write_error)
            if answer:
                return answer
        if _is_dry(row):
            raise signatures.Refused(
                412,
                "DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.",
            )
        answer = self._run(environ)
        if row["action"] == "CreateLoadBalancer":
            permissions.linked.add(row["account"])
        rule = self.faults.pick(row, "after")
        if rule:
            answer = strike(
                self.faults, rule, environ, row, write_error, answer
            )
        return answer

    def _admit(self, environ, body, pairs, row):
        """Refused, unless AWS would let this call in."""
        given, service = row["parameters"], row["service"]
        region = "us-east-1"
        if row["action"] not in _UNSIGNED:
            try:
                caller, key = signatures.verify(environ, body, service)
            except signatures.Refused as refused:
                self._blame(row, refused)
                raise
            row["account"], row["key"] = caller.account, key
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller.account
            region = _region_of(environ)
        self._check_parameters(row, pairs)
        if row["key"]:
            policies.enforce(
                *(row["key"], service, row["action"]),
                *(given, row["account"], region),
            )
        _check_role(given)
        if not self.buckets.take(row["account"]):
            code = "RequestLimitExceeded" if service == "ec2" else "Throttling"
            status = 503 if service == "ec2" else 400
            raise signatures.Refused(status, code, "Rate exceeded")

    def _blame(self, row, refused):
        """A signature that is wrong is a failure of who signed."""
        wrong = refused.code.startswith(("Signature", "Incomplete"))
        mismatch = refused.message.startswith("the canonical request")
        clock = refused.message.startswith(signatures.EXPIRED)
        if (wrong or mismatch) and not clock:
            self.log.failure(row, refused.message)

    def _check_parameters(self, row, pairs):
        wrong = [
            one
            for one in pairs
            if one[0] not in ("Action", "Version")
        ]
        wrong = parameters.complaints(row["service"], row["action"], wrong)
        if wrong:
            text = "; ".join(wrong)
            self.log.failure(row, text)
            raise signatures.Refused(400, "InvalidParameterValue", text)

    def _run(self, environ):
        got = {}

        def start(status, headers, _exc_info=None):
            got.update(status=status, headers=headers)

        # moto is for one thread at a time: lists change while they are read
        with state.LOCK:
            body = b"".join(self.app(environ, start))
        answer = Answer(got["status"], body)
        answer.headers = [
            (name, value)
            for name, value in got["headers"]
            if name.lower() not in ("content-length", "date", "server")
        ]
        return answer


def _key_of(environ):
    sent = environ.get("HTTP_AUTHORIZATION", "")
    match = re.search(r"Credential=([^/]+)/", sent)
    return match.group(1) if match else ""


def _region_of(environ):
    sent = environ.get("HTTP_AUTHORIZATION", "")
    return re.search(r"Credential=[^/]+/\d+/([^/]+)/", sent).group(1)


def _is_dry(row):
    dry = row["parameters"].get("DryRun", "").lower()
    return row["service"] == "ec2" and dry == "true"


def _check_role(given):
    """Whoever assumes a role must know its external id."""
    role = state.SETTINGS["roles"].get(given.get("RoleArn"))
    if given.get("Action") != "AssumeRole" or not role:
        return
    if role.get("external_id") != given.get("ExternalId"):
        text = f"not authorized to perform: sts:AssumeRole on {role}"
        raise signatures.Refused(403, "AccessDenied", text)


def _date():
    return signatures.clock().strftime("%a, %d %b %Y %H:%M:%S GMT")


def _pieces(answer):
    """The body, at once or in crumbs."""
    if not answer.slow_s:
        yield answer.body
        return
    size = max(len(answer.body) // 10, 1)
    for at in range(0, len(answer.body), size):
        time.sleep(answer.slow_s / 10)
        yield answer.body[at : at + size]
