"""What goes wrong, by rules: which calls, before or after they take effect.

A rule is {"do": ..., ...}:

    which   "nth" (from 1), "action" (a pattern), "account", "rate",
            "times", "when": "before" or "after"
    do      "error" (status, code), "delay" (s), "drop", "garbage" (body),
            "truncated" (XML that ends in its middle), "cut" (a connection
            that does), "slow" (s), "hold"

A rate strikes by the seed of the rules, the action, and how often that was
called: in whichever order calls at the same time come, a run meets the same.

`hold` keeps a call until it is released, and tells who waits for that: so a
program is killed between any two of its calls.
"""

import collections
import random
import re
import socket
import threading
import time


class Gone(ConnectionError):
    """Nothing is answered: the connection is no more."""


class Answer:
    """What goes back: status line, headers, body."""

    def __init__(self, status, body, headers=()):
        self.status = status
        self.headers = [("Content-Type", "text/xml"), *headers]
        self.body = body
        self.slow_s = 0


class Faults:
    """The rules, and the call that is held."""

    def __init__(self):
        self.condition = threading.Condition()
        self.set([], 1)

    def set(self, rules, seed):
        with self.condition:
            self._rules = [
                {**rule, "number": number} for number, rule in enumerate(rules)
            ]
            self._seed, self._drawn = seed, collections.Counter()
            self._held = None
            self.condition.notify_all()

    def _draws(self, rule, row):
        """Is it one of those that the rate of a rule strikes?"""
        which = (self._seed, rule["number"], row["action"])
        self._drawn[which] += 1
        draw = random.Random(f"{which} {self._drawn[which]}").random()
        return draw < rule["rate"]

    def _is_meant(self, rule, row, when):
        if rule.get("when", "before") != when or rule.get("times", 1) <= 0:
            return False
        if "nth" in rule and rule["nth"] != row["n"]:
            return False
        if not re.fullmatch(rule.get("action", ".*"), row["action"]):
            return False
        if rule.get("account", row["account"]) != row["account"]:
            return False
        return "rate" not in rule or self._draws(rule, row)

    def pick(self, row, when):
        with self.condition:
            for rule in self._rules:
                if self._is_meant(rule, row, when):
                    if "times" in rule:
                        rule["times"] -= 1
                    row["fault"] = rule["do"]
                    return rule
        return None

    def wait_held(self, timeout_s):
        """The call that is held, or None when none was in time."""
        with self.condition:
            self.condition.wait_for(lambda: self._held, timeout_s)
            return self._held

    def release(self):
        with self.condition:
            self._held = None
            self.condition.notify_all()

    def hold(self, row, most_s):
        with self.condition:
            self._held = dict(row)
            self.condition.notify_all()
            self.condition.wait_for(lambda: self._held is None, most_s)


def _drop(environ):
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise Gone("dropped")


def _cut(environ, answer):
    """All that is promised does not come."""
    text = f"HTTP/1.1 {answer.status}\r\nContent-Type: text/xml\r\n"
    text += f"Content-Length: {len(answer.body)}\r\n\r\n"
    half = answer.body[: len(answer.body) // 2]
    environ["werkzeug.socket"].sendall(text.encode() + half)
    _drop(environ)


def _error(rule, service, write):
    throttled = {"ec2": (503, "RequestLimitExceeded")}
    status, code = throttled.get(service, (400, "Throttling"))
    status = rule.get("status", status)
    text = rule.get("message", "Request limit exceeded.")
    body = write(service, rule.get("code", code), text)
    return Answer(f"{status} Fault", body)


def strike(faults, rule, environ, row, write, answer=None):
    """Let a rule happen; gives what is answered, or None to go on."""
    do = rule["do"]
    if do == "error":
        return _error(rule, row["service"], write)
    if do == "garbage":
        body = rule.get("body", "<Unclosed><oops>").encode()
        return Answer(f"{rule.get('status', 200)} OK", body)
    if do == "delay":
        time.sleep(rule["s"])
    elif do == "drop":
        _drop(environ)
    elif do == "hold":
        faults.hold(row, rule.get("s", 60))
        if answer is None:
            # who asked was killed: it must have no effect
            _drop(environ)
    elif answer is not None:
        return _spoil(rule, environ, answer)
    return answer


def _spoil(rule, environ, answer):
    """An answer that is true and does not arrive as it should."""
    if rule["do"] == "cut":
        _cut(environ, answer)
    elif rule["do"] == "truncated":
        answer.body = answer.body[: len(answer.body) * 2 // 3]
    elif rule["do"] == "slow":
        answer.slow_s = rule["s"]
    return answer
