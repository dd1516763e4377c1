"""What every part of the emulator shares: settings, a lock, small words."""

import copy
import functools
import random
import re
import threading
import time

LOCK = threading.RLock()

DEFAULTS = {
    # access key -> {"secret", "token", "account", "arn", "calls_left"}
    "keys": {},
    # how long a thing stays in a state that passes
    "delay_s": {
        "endpoint": 0.5,
        "delete": 0.2,
        "balancer": 0.5,
        "target": 0.3,
        "drain": 0.5,
    },
    # EC2 is eventually consistent: for so long its lists do not show what
    # was made and still show what was deleted; ids are looked up at once
    "lag_s": 0.0,
    # account -> by how many its zone ids are shifted
    "az_shift": {},
    "max_skew_s": 300,
    # how far the clock of AWS is ahead
    "clock_s": 0,
    # "tcp": targets are really connected to; "ok": all are healthy;
    # "told": `told` says so, {"address:port": true}
    "health": "tcp",
    "told": {},
    # endpoints listen on loopback
    "plane": False,
    # VPC -> the address that its clients are taken to come from
    "clients": {},
    # the last number of an endpoint's addresses; None: the next free one
    "eni_host": None,
    "dns_ttl": 5,
    # a private DNS name can be verified
    "txt_record": True,
    # access key -> list of IAM policies; absent: all is allowed
    "policies": {},
    # role ARN -> {"external_id"}
    "roles": {},
    # {"per_s", "burst"} of an account; None: no limit
    "rate": None,
}
SETTINGS = copy.deepcopy(DEFAULTS)

# Who calls at this moment: `reader` calls see no lag.
CALLER = threading.local()

# Called whenever what the path is made of may have changed.
listeners = []


def changed():
    for listener in listeners:
        listener()


def now():
    return time.monotonic()


def hexadecimal(digits):
    return "".join(random.choice("0123456789abcdef") for _ in range(digits))


def delay_s(what):
    return SETTINGS["delay_s"][what]


def lag_s():
    return 0.0 if getattr(CALLER, "reads", False) else SETTINGS["lag_s"]


def born(thing):
    thing.lp_born = now()
    return thing


def visible(thing):
    """Do lists show it yet?  What was there before is shown."""
    return now() - thing.__dict__.get("lp_born", 0) >= lag_s()


def replaces(owner, name):
    """This function stands for owner.name, and is given the old one first."""
    old = getattr(owner, name, None)

    def put(function):
        @functools.wraps(function)
        def call(self, *arguments, **options):
            return function(old, self, *arguments, **options)

        call.__name__ = name
        setattr(owner, name, call)
        return function

    return put


class Ghosts:
    """What was deleted a moment ago, and lists still show."""

    def __init__(self):
        self._gone = []

    def add(self, owner, thing):
        self._gone.append((now(), owner, thing))

    def of(self, owner):
        """Those of the backend `owner`."""
        lag = lag_s()
        return [
            thing
            for at, whose, thing in self._gone
            if whose is owner and now() - at < lag
        ]

    def forget(self):
        self._gone.clear()


# Of services and of security groups.
ghosts = {"service": Ghosts(), "group": Ghosts()}


def reset():
    SETTINGS.clear()
    SETTINGS.update(copy.deepcopy(DEFAULTS))
    for kind in ghosts.values():
        kind.forget()


def matches(value, wanted):
    """EC2's filters: any of the values, with * and ?."""
    values = value if isinstance(value, list) else [value]
    patterns = [
        re.escape(word).replace(r"\*", ".*").replace(r"\?", ".")
        for word in wanted
    ]
    return any(re.fullmatch(p, str(v)) for v in values for p in patterns)
