"""Guards: whose account, whose tags, and what is never printed."""

import pytest

import expectations
from accounts import APP, PROVIDER, REGION, SECRETS
from provisioning import (
    DONE,
    FAILED,
    REFUSED,
    changing,
    result,
    spec_of,
    told,
)


@pytest.mark.parametrize("side, who", [("provider", APP), ("consumer", APP)])
def test_credentials_of_another_account_are_refused(
    world, provision, side, who
):
    wanted = PROVIDER if side == "consumer" else APP
    spec = spec_of(world, **{f"{side}__account": wanted.number})
    run, calls = provision.counted("apply", spec)
    assert run.status == REFUSED, told(run)
    assert changing(calls) == []
    assert wanted.number in run.out + run.err


def test_a_profile_that_is_none_is_refused(world, provision):
    spec = spec_of(world, provider__profile="nobody")
    run, calls = provision.counted("apply", spec)
    assert run.status in (REFUSED, FAILED), told(run)
    assert calls == [] or changing(calls) == []
    assert "nobody" in run.out + run.err


def test_a_role_is_assumed_with_its_external_id(world, provision):
    role = f"arn:aws:iam::{PROVIDER.number}:role/provision"
    world.emulator.settings(roles={role: {"external_id": "only-we-know"}})
    (provision.home / ".aws" / "config").write_text(
        f"[profile base]\nregion = {REGION}\n"
    )
    credentials = provision.home / ".aws" / "credentials"
    credentials.write_text(
        credentials.read_text() + PROVIDER.credentials().replace(
            PROVIDER.profile, "base"
        )
    )
    spec = spec_of(world, provider__profile="base")
    spec["provider"].update(role_arn=role, external_id="only-we-know")
    run, calls = provision.counted("apply", spec)
    result(run)
    expectations.whole(world)
    assert "AssumeRole" in [row["action"] for row in calls]
    spec["provider"]["external_id"] = "wrong"
    run = provision("apply", spec)
    assert run.status == FAILED, told(run)


WRONG = [
    ({"name": "x", "nam": "x"}, "nam"),
    ({"name": "x", "provider": {"cashe": {}}}, "cashe"),
    ({"name": "x", "provider": {"port": "many"}}, "port"),
    ({"name": "x", "consumer": {"vpc": ["a"]}}, "vpc"),
    ({"name": "x", "protect": "perhaps"}, "protect"),
]


@pytest.mark.parametrize("spec, word", WRONG, ids=[w for _, w in WRONG])
def test_a_file_that_is_wrong_is_said_with_its_line(
    world, provision, spec, word
):
    run, calls = provision.counted("apply", spec, form=None)
    assert run.status == REFUSED, told(run)
    assert calls == []
    assert word in run.err and ".yml:" in run.err, told(run)


def test_a_path_arn_of_a_principal_is_refused(world, provision):
    arn = f"arn:aws:iam::{APP.number}:role/team/app"
    spec = spec_of(world, provider__service__allowed_principals=[arn])
    run, calls = provision.counted("apply", spec)
    assert run.status == REFUSED, told(run)
    assert changing(calls) == []


def test_an_account_root_is_taken_with_a_warning(world, provision):
    spec = spec_of(world, provider__service__allowed_principals=[APP.root])
    run = provision("apply", spec)
    result(run)
    assert ":root" in run.err or ":root" in run.out, told(run)
    expectations.provider_side(world, principals=[APP.root])


def test_no_secret_is_printed_however_loud(world, provision):
    spec = spec_of(world)
    for command in ("plan", "apply", "status", "destroy"):
        run = provision(command, spec, "-vvv", form="text")
        for secret in SECRETS:
            assert secret not in run.out + run.err


def test_no_secret_is_printed_when_aws_refuses_it(world, provision):
    entry = {**PROVIDER.entry(), "secret": "another"}
    world.emulator.settings(keys={PROVIDER.key: entry})
    run = provision("apply", spec_of(world), "-v")
    assert run.status == FAILED, told(run)
    for secret in SECRETS:
        assert secret not in run.out + run.err
    # that the signature is wrong is what was wanted here
    world.emulator.tell("clear")


def test_a_token_is_what_elasticache_wants(world, provision):
    run = provision(
        *("token", None, "--cache", "test1", "--user", "app-user"),
        *("--region", REGION),
        env={"AWS_PROFILE": PROVIDER.profile},
    )
    assert run.status == DONE, told(run)
    token = run.out.strip()
    assert token.startswith("test1/?Action=connect&User=app-user&")
    assert "X-Amz-Expires=900" in token and "X-Amz-Signature=" in token
    assert "http" not in token


def test_a_session_token_is_only_in_the_token_itself(world, provision):
    run = provision.start(
        *("token", None, "--cache", "test1", "--user", "u", "-v"),
        *("--region", REGION),
        env={"AWS_PROFILE": APP.profile},
    ).finish()
    assert run.status == DONE, told(run)
    assert "X-Amz-Security-Token=" in run.out
    for secret in SECRETS:
        assert secret not in run.err


def test_the_environment_is_a_source_of_keys(world, provision):
    spec = spec_of(world, consumer=None, provider__profile=None)
    run, calls = provision.counted(
        "apply",
        spec,
        env={
            "AWS_ACCESS_KEY_ID": PROVIDER.key,
            "AWS_SECRET_ACCESS_KEY": PROVIDER.secret,
        },
    )
    result(run)
    assert {row["account"] for row in calls} == {PROVIDER.number}


@pytest.mark.parametrize(
    "count", [5, pytest.param(100, marks=pytest.mark.full)]
)
def test_many_paths_in_a_folder_are_planned(world, provision, count):
    folder = provision.home / "many"
    folder.mkdir()
    for number in range(count):
        file = provision.write(spec_of(world, name=f"path-{number:03d}"))
        file.rename(folder / f"{number:03d}.yml")
    run = provision("plan", str(folder))
    assert run.status == 2, told(run)[-2000:]
    names = [one["name"] for one in run.objects()]
    assert len(set(names)) == count


def test_what_is_refused_names_no_fault_of_the_path(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    for command in ("accept", "reject"):
        run = provision(command, spec, "vpce-0123456789abcdef0")
        found = result(run, REFUSED)
        assert "is no connection of" in found["error"]
        assert found["verdict"]["id"] == "UNKNOWN_ERROR"
        assert found["verdict"]["fix"] == []


def test_connections_do_not_guess_whose_they_are(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    assert "not ours" not in provision("connections", spec, form="text").out


def test_name_servers_that_are_none_are_named(world, provision):
    run, calls = provision.counted(
        "plan", spec_of(world), "--dns", "nonsense::"
    )
    assert run.status == REFUSED, told(run)
    assert '--dns: "nonsense::" is no list of name servers' in run.err
    assert calls == []


def test_a_vpc_that_is_not_there_is_named(world, provision):
    spec = spec_of(world, consumer__vpc="vpc-0123456789abcdef0")
    run, calls = provision.counted("apply", spec)
    found = result(run, REFUSED)
    assert found["error"] == (
        "vpc-0123456789abcdef0 has no subnets in this account and region: is "
        "it the VPC's id?"
    )
    assert not [row for row in calls if row["action"] == "CreateVpcEndpoint"]
