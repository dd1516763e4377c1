"""Settings made at random mean to us what they mean to botocore.

The seed is fixed: each run makes the same files, tokens and environments.
"""

import random
from urllib.parse import parse_qsl

import accounts
from chain_fixtures import (  # noqa: F401  pylint: disable=unused-import
    both,
    chain,
    give_keys,
    oracle,
    sts,
)

NAMES = ["default", "a", "b", "c d"]


# --- Which keys -------------------------------------------------------------


class Chooser:
    """Files and an environment, with all that decides whose keys count."""

    def __init__(self, rng, made):
        self.rng, self.chain = rng, made
        self.process = give_keys(
            made,
            AccessKeyId=accounts.SHOP.key,
            SecretAccessKey=accounts.SHOP.secret,
        )
        self.token = made.file("token", "header.payload.signature")

    def maybe(self, chance):
        return self.rng.random() < chance

    def keys(self):
        """A pair that STS knows; now and then half of one."""
        one = self.rng.choice([accounts.PROVIDER, accounts.SHOP])
        lines = [
            f"aws_access_key_id = {one.key}",
            f"aws_secret_access_key = {one.secret}",
        ]
        if self.maybe(0.08):
            lines.pop(self.rng.randrange(2))
        return lines

    def profile(self):
        lines, rng = [], self.rng
        if self.maybe(0.45):
            lines.append("role_arn = arn:aws:iam::555555555555:role/r")
            if self.maybe(0.8):
                lines.append(f"source_profile = {rng.choice(NAMES)}")
            elif self.maybe(0.7):
                lines.append("credential_source = Environment")
        if self.maybe(0.12):
            lines.append(f"web_identity_token_file = {self.token}")
        if self.maybe(0.4):
            lines.append(f"credential_process = {self.process}")
        if self.maybe(0.35):
            lines += self.keys()
        rng.shuffle(lines)
        return lines

    def section(self, name):
        if name == "default":
            return self.rng.choice(["[default]", "[profile default]"])
        return f'[profile "{name}"]'

    def files(self):
        config, credentials = [], []
        for name in NAMES:
            if self.maybe(0.8):
                config += [self.section(name), *self.profile()]
            if self.maybe(0.3):
                credentials += [f"[{name}]", *self.keys()]
        self.chain.write("\n".join(config), "\n".join(credentials))

    def variables(self):
        found = {
            name: None
            for name in (
                "AWS_ACCESS_KEY_ID",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_ROLE_ARN",
                "AWS_PROFILE",
            )
        }
        if self.maybe(0.25):
            found["AWS_ACCESS_KEY_ID"] = accounts.SHOP.key
            if self.maybe(0.9):
                found["AWS_SECRET_ACCESS_KEY"] = accounts.SHOP.secret
        if self.maybe(0.1):
            found["AWS_WEB_IDENTITY_TOKEN_FILE"] = self.token
            if self.maybe(0.8):
                found["AWS_ROLE_ARN"] = "arn:aws:iam::555555555555:role/w"
        if self.maybe(0.4):
            found["AWS_PROFILE"] = self.rng.choice(NAMES)
        self.chain.variables.update(found)


def test_the_same_keys_are_chosen(sts):
    rng = random.Random(5)
    chooser = Chooser(rng, sts.chain)
    sources = set()
    for _ in range(150):
        chooser.files()
        chooser.variables()
        profile = rng.choice(NAMES) if rng.random() < 0.5 else None
        found = sts(profile)
        sources.add(found.source)
    assert sources == {
        None,
        "env",
        "shared-credentials-file",
        "config-file",
        "custom-process",
        "assume-role",
        "assume-role-with-web-identity",
    }


# --- What a file says -------------------------------------------------------

KEY_NAMES = ["region", "output", "s3", "role_arn"]
SUBS = ["region", "max"]
VALUES = ["x", "a b", "a=b", "a:b", "x # y", "; z", "[v]", "'q'", ""]


def a_file(rng):
    """Lines that are mostly right, in an order and with an indent that may
    not be."""
    lines = []
    for _ in range(rng.randint(1, 12)):
        indent = rng.choice(["", "", "", " ", "  ", "\t"])
        roll = rng.random()
        if roll < 0.3 or not lines:
            name = rng.choice(["default", "profile a", "profile 'b'", "a",
                               "profile a b", " profile  c ", "services a"])
            line = f"[{name}]" + rng.choice(["", "", " # x", " "])
        elif roll < 0.75:
            mark = rng.choice([" = ", "=", " : ", " ="])
            line = rng.choice(KEY_NAMES) + mark + rng.choice(VALUES)
        elif roll < 0.85:
            line = rng.choice(["# no = x", "; no = x", "", "  "])
        elif roll < 0.97:
            indent = "    "
            line = rng.choice(SUBS) + " = " + rng.choice(VALUES)
        else:
            line = "words"
        lines.append(indent + line)
    return rng.choice(["\n", "\r\n"]).join(lines) + rng.choice(["", "\n"])


def test_files_mean_the_same(both, full):
    rng, read, refused = random.Random(6), 0, 0
    keys = KEY_NAMES + [f"{key}.{sub}" for key in KEY_NAMES for sub in SUBS]
    both.chain.secrets = []
    for _ in range(2000 if full else 100):
        text = a_file(rng)
        (both.chain.home / ".aws" / "config").write_bytes(text.encode())
        for name in ("default", "a"):
            ours = both.chain.run("config", name, *keys)
            theirs = both.oracle.ask(
                "config", both.chain.env(), name=name, keys=keys
            )
            if "error" in theirs:
                assert ours[0].startswith("error config"), (text, ours, theirs)
                refused += 1
                continue
            assert ours[0] == ("there" if theirs["there"] else "absent"), text
            ours = [value.replace("-", "") for value in ours[1:]]
            theirs = [value.replace("-", "") for value in theirs["values"]]
            assert ours == theirs, text
            read += 1
    assert read > 50 and refused > 20


# --- Where calls go ---------------------------------------------------------


def test_calls_go_to_the_same_place(both):
    rng, compared = random.Random(7), 0
    url = "http://{}.example:8080".format
    for _ in range(40):
        service = rng.choice(["ec2", "elbv2", "elasticache", "sts"])
        name = service.upper().replace("ELBV2", "ELASTIC_LOAD_BALANCING_V2")
        config = ["[profile p]"]
        if rng.random() < 0.5:
            config.append("region = " + rng.choice(["cn-north-1", "eu-west-3"]))
        if rng.random() < 0.4:
            config.append("endpoint_url = " + url("profile"))
        if rng.random() < 0.5:
            config.append("services = s")
        if rng.random() < 0.15:
            config.append("ignore_configured_endpoint_urls = true")
        for key in ("use_fips_endpoint", "use_dualstack_endpoint"):
            if rng.random() < 0.2:
                config.append(f"{key} = {rng.choice(['true', 'false'])}")
        config += ["[services s]", f"{name.lower()} =",
                   "  endpoint_url = " + url("section")]
        both.chain.write("\n".join(config))
        region = rng.choice([None, "us-gov-west-1", "us-west-2"])
        both.chain.variables = {
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ENDPOINT_URL": rng.choice([None, None, url("all")]),
            "AWS_USE_FIPS_ENDPOINT": rng.choice([None, None, "true"]),
            "AWS_USE_DUALSTACK_ENDPOINT": rng.choice([None, None, "true"]),
            f"AWS_ENDPOINT_URL_{name}": rng.choice([None, None, url("one")]),
        }
        ours = both.chain.run("endpoint", service, "-", "p")
        theirs = both.oracle.ask(
            "endpoint", both.chain.env(), service=service, profile="p"
        )
        # without a region, or with both FIPS and a URL of one's own, ours
        # knows where to go and botocore does not
        if "error" in theirs or theirs["region"] == "aws-global":
            continue
        compared += 1
        assert ours == [f"{theirs['url']} {theirs['region'] or '-'}"]
    assert compared > 20


# --- Tokens -----------------------------------------------------------------


def test_tokens_are_botocores(both):
    rng = random.Random(8)
    plain = "abcXYZ019-"
    for _ in range(100):
        text = lambda n, more="": "".join(  # noqa: E731
            rng.choices(plain + more, k=rng.randint(1, n))
        )
        asked = {
            "cache": text(40),
            "user": text(40, "_.~ +&/=%\u00e9"),
            "region": rng.choice(["us-west-2", "cn-north-1"]),
            "serverless": rng.random() < 0.5,
            "now": rng.randrange(0, 4102444800),
            "key": text(20),
            "secret": text(40, "+/"),
            "token": text(300, "+/=") if rng.random() < 0.5 else None,
        }
        both.chain.variables = {
            "AWS_ACCESS_KEY_ID": asked["key"],
            "AWS_SECRET_ACCESS_KEY": asked["secret"],
            "AWS_SESSION_TOKEN": asked["token"],
        }
        theirs = both.oracle.ask("token", both.chain.env(), **asked)["token"]
        (ours,) = both.chain.run(
            *("token", asked["cache"], asked["user"], asked["region"]),
            *(int(asked["serverless"]), asked["now"]),
        )
        assert ours.partition("?")[0] == theirs.partition("?")[0]
        assert sorted(parse_qsl(ours.partition("?")[2])) == sorted(
            parse_qsl(theirs.partition("?")[2])
        )
