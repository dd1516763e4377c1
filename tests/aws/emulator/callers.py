"""Who an access key belongs to: secrets, accounts, ARNs.

Keys are those of the settings, of moto's IAM users and of roles that were
assumed.  Keys of readers are for the tests' own looks at an account: they
see no lag, meet no fault and are not logged.
"""

from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from moto.sts.responses import TokenResponse

from emulator import state
from emulator.state import replaces

# with an account it has the twenty letters of a key
_READER = "AKIAREAD"
READER_SECRET = "reader"


class Caller:
    """An access key and what is known of it."""

    def __init__(self, secret, account, arn, token=None, entry=None):
        self.secret = secret
        self.account = account
        self.arn = arn
        self.token = token
        self.entry = entry if entry is not None else {}


def reader_key(account):
    return _READER + account


def is_reader(key):
    return key.startswith(_READER)


def _assumed(key):
    for account in list(sts_backends.keys()):
        for backend in sts_backends[account].values():
            for role in backend.assumed_roles:
                if role.access_key_id == key:
                    return Caller(
                        role.secret_access_key,
                        account,
                        role.role_arn,
                        role.session_token,
                    )
    return None


def _user(key):
    for account in list(iam_backends.keys()):
        for backend in iam_backends[account].values():
            for user in backend.users.values():
                for one in user.access_keys:
                    if one.access_key_id == key:
                        return Caller(
                            one.secret_access_key, account, user.arn
                        )
    return None


def _reader(account):
    """A test acts as the identity that its account has in the settings."""
    for entry in state.SETTINGS["keys"].values():
        if entry["account"] == account:
            return Caller(READER_SECRET, account, entry.get("arn"))
    return Caller(READER_SECRET, account, f"arn:aws:iam::{account}:root")


def find(key):
    """The Caller, or None for a key that nobody knows."""
    if is_reader(key):
        return _reader(key.removeprefix(_READER))
    entry = state.SETTINGS["keys"].get(key)
    if entry:
        return Caller(
            entry["secret"],
            entry["account"],
            entry.get("arn"),
            entry.get("token"),
            entry,
        )
    return _assumed(key) or _user(key)


def arn_of(key):
    caller = find(key)
    return caller.arn if caller else None


def expired(caller):
    """Count a call; has the key served as many as it may?"""
    if "calls_left" not in caller.entry:
        return False
    caller.entry["calls_left"] -= 1
    return caller.entry["calls_left"] < 0


@replaces(TokenResponse, "get_caller_identity")
def _identity(old, self):
    result = old(self)
    caller = find(self.get_access_key())
    if caller and caller.arn and caller.entry:
        result.result.update(Account=caller.account, Arn=caller.arn)
    return result
