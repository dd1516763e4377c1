"""Roles: assumed by a real STS that has good days and bad ones."""

import pytest

import accounts
import metadata
from chain_fixtures import (  # noqa: F401  pylint: disable=unused-import
    base,
    both,
    chain,
    container,
    give_keys,
    instance,
    oracle,
    sts,
)

ROLE = "arn:aws:iam::444444444444:role/{}"


# --- Roles, by a real STS ---------------------------------------------------


def test_a_role_is_assumed_with_the_keys_of_its_source(sts):
    sts.chain.write(
        f"[profile top]\nrole_arn = {ROLE.format('top')}\n"
        "source_profile = base\nexternal_id = e+x=1,@:/-.\n"
        "role_session_name = me@here\nduration_seconds = 1800\n",
        base(),
    )
    ours = sts("top")
    assert ours.source == "assume-role" and ours.token
    call = sts.chain.sts.calls("AssumeRole")[0]
    given = {k: v for k, v in call["parameters"].items() if k != "Version"}
    assert given == {
        "Action": "AssumeRole",
        "RoleArn": ROLE.format("top"),
        "ExternalId": "e+x=1,@:/-.",
        "RoleSessionName": "me@here",
        "DurationSeconds": "1800",
    }
    assert call["key"] == accounts.PROVIDER.key


def test_a_chain_of_roles_is_assumed_from_its_end(sts):
    names = ["one", "two", "three"]
    config = ""
    for name, source in zip(names, names[1:] + ["base"]):
        config += (
            f"[profile {name}]\nrole_arn = {ROLE.format(name)}\n"
            f"source_profile = {source}\n"
        )
    sts.chain.write(config, base(accounts.APP))
    assert sts("one").source == "assume-role"
    ours = sts.chain.sts.calls("AssumeRole")[:3]
    assert [c["parameters"]["RoleArn"] for c in ours] == [
        ROLE.format(name) for name in reversed(names)
    ]
    assert ours[0]["key"] == accounts.APP.key
    assert all(call["status"] == 200 for call in ours)


def test_a_role_on_top_of_all_is_an_options(sts):
    sts.chain.write(credentials=base())
    ours = sts.chain.ours(
        "-p", "base", "-r", ROLE.format("top"), "-x", "shaken:hands"
    )
    assert ours.source == "assume-role"
    call = sts.chain.sts.calls("AssumeRole")[0]
    assert call["parameters"]["ExternalId"] == "shaken:hands"
    assert call["parameters"]["RoleSessionName"] == "linkprobe"


def test_a_role_may_use_keys_beside_it(sts):
    text = accounts.PROVIDER.credentials().replace("cache-owner", "self")
    sts.chain.write(
        f"[profile self]\nrole_arn = {ROLE.format('s')}\n"
        "source_profile = self\n",
        text,
    )
    assert sts("self").source == "assume-role"
    # keys beside a role count when it is the source of another
    sts.chain.write(
        f"[profile self]\nrole_arn = {ROLE.format('s')}\n"
        "source_profile = nobody\n"
        f"[profile top]\nrole_arn = {ROLE.format('t')}\n"
        "source_profile = self\n",
        text,
    )
    assert sts("top").source == "assume-role"
    assert sts("self").error


@pytest.mark.parametrize(
    "config, error",
    [
        ("source_profile = top\n", "in a circle"),
        ("source_profile = other\n[profile other]\nrole_arn = r\n"
         "source_profile = top\n", "in a circle"),
        ("source_profile = nobody\n", '"nobody" is in neither file'),
        ("source_profile = other\n[profile other]\nregion = x\n",
         '"other" is a source_profile and has no credentials'),
        ("", "neither source_profile nor credential_source"),
        ("source_profile = a\ncredential_source = Environment\n", "both"),
        ("credential_source = Moon\n", "none of Environment"),
        ("credential_source = Environment\n", "AWS_ACCESS_KEY_ID is not set"),
        ("credential_source = EcsContainer\n", "FULL_URI is not set"),
        ("credential_source = Ec2InstanceMetadata\n", "DISABLED is true"),
    ],
)
def test_a_role_that_cannot_be_assumed_is_a_matter_of_settings(
    sts, config, error
):
    sts.chain.write(f"[profile top]\nrole_arn = {ROLE.format('t')}\n{config}")
    ours = sts("top")
    assert error in ours.error and ours.kind == "config"
    assert not sts.chain.sts.calls("AssumeRole")


def test_a_chain_has_an_end(chain):
    config = ""
    for i in range(40):
        config += (
            f"[profile p{i}]\nrole_arn = r\nsource_profile = p{i + 1}\n"
        )
    chain.write(config)
    assert "too far down a chain" in chain.ours("-p", "p0").error


def test_a_code_of_a_device_is_not_asked_for(chain):
    chain.write(
        "[profile top]\nrole_arn = r\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::1:mfa/me\n",
        base(),
    )
    ours = chain.ours("-p", "top")
    assert "mfa_serial" in ours.error and ours.kind == "config"


def test_a_duration_is_a_number_that_aws_takes(chain):
    for duration in ("899", "43201", "1h", "-1"):
        chain.write(
            "[profile top]\nrole_arn = r\nsource_profile = base\n"
            f"duration_seconds = {duration}\n",
            base(),
        )
        assert "expected 900 to 43200" in chain.ours("-p", "top").error


def test_the_source_of_a_role_may_be_anything(sts, instance, container):
    role = f"[profile top]\nrole_arn = {ROLE.format('t')}\n"
    known = {one.key: one.entry() for one in accounts.ALL}
    known["ASIAMETADATA0001"] = {
        "secret": metadata.SECRET,
        "token": metadata.TOKEN,
        "account": "111111111111",
        "arn": "arn:aws:iam::111111111111:role/instance",
    }
    sts.chain.sts.settings(keys=known)
    for source, service in (
        ("Ec2InstanceMetadata", instance),
        ("EcsContainer", container),
    ):
        sts.chain.write(role + f"credential_source = {source}\n")
        ours = metadata.asked_in_time(
            service, lambda: sts.chain.ours("-p", "top")
        )
        assert ours.source == "assume-role"
        assert service.given == 1
    sts.chain.write(role + "credential_source = Environment\n")
    sts.chain.variables.update(
        AWS_ACCESS_KEY_ID=accounts.PROVIDER.key,
        AWS_SECRET_ACCESS_KEY=accounts.PROVIDER.secret,
    )
    assert sts("top").source == "assume-role"
    command = give_keys(
        sts.chain,
        AccessKeyId=accounts.APP.key,
        SecretAccessKey=accounts.APP.secret,
        SessionToken=accounts.APP.token,
    )
    sts.chain.write(
        role + "source_profile = p\n"
        f"[profile p]\ncredential_process = {command}\n"
    )
    assert sts("top").source == "assume-role"


def test_a_web_identity_becomes_a_role(sts):
    token = sts.chain.file("token", "header.payload.signature-of-some\n")
    sts.chain.secrets.append("payload")
    sts.chain.variables.update(
        AWS_WEB_IDENTITY_TOKEN_FILE=token, AWS_ROLE_ARN=ROLE.format("pod")
    )
    assert sts().source == "assume-role-with-web-identity"
    call = sts.chain.sts.calls("AssumeRoleWithWebIdentity")[0]
    assert call["parameters"]["WebIdentityToken"] == token.read_text().strip()
    assert call["key"] is None and call["status"] == 200
    sts.chain.variables["AWS_ROLE_ARN"] = None
    assert "AWS_ROLE_ARN" in sts().error
    sts.chain.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = None
    sts.chain.write(
        f"[profile pod]\nrole_arn = {ROLE.format('pod')}\n"
        f"web_identity_token_file = {token}\nrole_session_name = it\n"
        f"[profile top]\nrole_arn = {ROLE.format('top')}\n"
        "source_profile = pod\n"
    )
    assert sts("pod").source == "assume-role-with-web-identity"
    assert sts("top").source == "assume-role"
    token.unlink()
    assert "cannot be read" in sts.chain.ours("-p", "pod").error


# --- An STS that has a bad day ----------------------------------------------


@pytest.fixture
def role(sts):
    """A profile whose role is assumed, and the STS that does it."""
    sts.chain.write(
        f"[profile top]\nrole_arn = {ROLE.format('top')}\n"
        "source_profile = base\n",
        base(),
    )
    return sts.chain


def assumed(chain):
    return chain.sts.calls("AssumeRole")


@pytest.mark.parametrize(
    "rule",
    [
        {"do": "error", "status": 400, "code": "Throttling"},
        {"do": "error", "status": 503, "code": "ServiceUnavailable"},
        {"do": "drop", "when": "after"},
        {"do": "garbage"},
        {"do": "truncated", "when": "after"},
        {"do": "cut", "when": "after"},
    ],
    ids=lambda rule: rule["do"] + rule.get("code", ""),
)
def test_what_goes_by_is_tried_again(role, rule):
    role.sts.faults({**rule, "action": "AssumeRole", "times": 2})
    assert role.ours("-p", "top").source == "assume-role"
    assert len(assumed(role)) == 3


def test_trying_has_an_end(role):
    role.sts.faults(
        {"do": "error", "status": 400, "code": "Throttling", "times": 99}
    )
    ours = role.ours("-p", "top")
    assert "Throttling" in ours.error and ours.kind == "service"
    assert len(assumed(role)) == 8


def test_a_refusal_is_not_tried_again(role):
    role.sts.settings(roles={ROLE.format("top"): {"external_id": "e"}})
    ours = role.ours("-p", "top")
    assert ours.kind == "service"
    assert ours.error.startswith(
        f'assuming "{ROLE.format("top")}": AccessDenied: '
    )
    assert len(assumed(role)) == 1


def test_an_sts_that_is_not_there_is_said(role):
    role.variables["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1"
    ours = role.ours("-p", "top")
    assert ours.kind == "service" and "assuming" in ours.error


def test_a_fetch_that_nobody_wants_any_more_ends(role):
    role.sts.faults({"do": "delay", "s": 5, "action": "AssumeRole"})
    answers = role.all_ours("-p", "top", "-w", 3, "-c", 300)
    assert [answer.error for answer in answers] == ["canceled"] * 3


def test_one_call_serves_all_who_wait(role):
    answers = role.all_ours("-p", "top", "-w", 16, "-n", 2)
    assert len({answer.key for answer in answers}) == 2
    assert len(assumed(role)) == 2
