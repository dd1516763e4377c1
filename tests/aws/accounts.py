"""The accounts of the tests: who they are, and how programs sign for them.

A profile is a section of the files that the AWS CLI reads; the tests write
them into a home of their own.
"""

import dataclasses

REGION = "us-west-2"


@dataclasses.dataclass(frozen=True)
class Account:
    """An account with one identity in it."""

    profile: str
    number: str
    key: str
    secret: str
    identity: str
    token: str | None = None

    @property
    def arn(self):
        return f"arn:aws:iam::{self.number}:{self.identity}"

    @property
    def root(self):
        return f"arn:aws:iam::{self.number}:root"

    def entry(self):
        """Its key, as the emulator's settings have it."""
        found = {
            "secret": self.secret,
            "account": self.number,
            "arn": self.arn,
        }
        if self.token:
            found["token"] = self.token
        return found

    def credentials(self):
        lines = [
            f"[{self.profile}]",
            f"aws_access_key_id = {self.key}",
            f"aws_secret_access_key = {self.secret}",
        ]
        if self.token:
            lines.append(f"aws_session_token = {self.token}")
        return "\n".join(lines) + "\n"


PROVIDER = Account(
    "cache-owner",
    "111111111111",
    "AKIAPROVIDER00000001",
    "provider/Secret+Key000000000000000000001",
    "user/prov",
)
APP = Account(
    "app",
    "222222222222",
    "ASIACONSUMER00000001",
    "consumer/Secret+Key000000000000000000002",
    "role/app",
    token="tok/en+with=chars==&more",
)
SHOP = Account(
    "shop",
    "333333333333",
    "AKIACONSUMER00000003",
    "shopping/Secret+Key000000000000000000003",
    "user/shop",
)

ALL = (PROVIDER, APP, SHOP)

# Nothing that a program prints may have one of these in it.
SECRETS = [one.secret for one in ALL] + [APP.token]


def write_files(home):
    """~/.aws of the tests."""
    folder = home / ".aws"
    folder.mkdir(exist_ok=True)
    path = folder / "credentials"
    path.write_text("\n".join(one.credentials() for one in ALL))
    path.chmod(0o600)
    (folder / "config").write_text(
        "".join(
            f"[profile {one.profile}]\nregion = {REGION}\n" for one in ALL
        )
    )
