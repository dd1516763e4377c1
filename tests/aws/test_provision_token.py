"""linkprobe provision token: the password of an ElastiCache user."""

import datetime
import subprocess
from urllib.parse import parse_qs, parse_qsl

import pytest

import accounts
import program
import provisioning
from chain_fixtures import (  # noqa: F401  pylint: disable=unused-import
    base,
    both,
    chain,
    instance,
    oracle,
    sts,
)

WORDS = ("--cache", "my-cache", "--user", "me")


@pytest.fixture
def token(chain):
    """Run it in the home of the chain; no secret may be seen."""
    if not provisioning.available():
        pytest.skip("there is no linkprobe-provision to test")
    chain.write(
        "[profile base]\nregion = eu-west-1\n", base(accounts.APP)
    )
    # what is signed carries the session's token: that one is its business
    chain.secrets.remove(accounts.APP.token)

    def run(*words):
        done = subprocess.run(
            [*program.command(), "provision", "token", *words],
            env=program.environment(chain.home, **chain.env()),
            capture_output=True,
            text=True,
            timeout=program.LIMIT_S,
        )
        for secret in chain.secrets:
            assert secret not in done.stdout + done.stderr
        return done

    run.chain = chain
    return run


def made_at(text):
    date = parse_qs(text.partition("?")[2])["X-Amz-Date"][0]
    moment = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
    return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())


@pytest.mark.parametrize("serverless", [False, True])
def test_a_token_is_what_botocore_makes(token, oracle, serverless):
    words = ["--serverless"] if serverless else []
    done = token("--profile", "base", *WORDS, *words)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    theirs = oracle.ask(
        "token",
        token.chain.env(),
        cache="my-cache",
        user="me",
        region="us-west-2",
        serverless=serverless,
        now=made_at(line),
        key=accounts.APP.key,
        secret=accounts.APP.secret,
        token=accounts.APP.token,
    )["token"]
    assert line.startswith("my-cache/?")
    assert sorted(parse_qsl(line[10:])) == sorted(parse_qsl(theirs[10:]))


def test_the_region_is_the_options_the_environments_the_profiles(token):
    def region(*words):
        line = token("--profile", "base", *WORDS, *words).stdout
        scope = parse_qs(line)["X-Amz-Credential"][0]
        return scope.split("/")[2]

    assert region() == "us-west-2"
    assert region("--region", "cn-north-1") == "cn-north-1"
    token.chain.variables.update(AWS_REGION=None, AWS_DEFAULT_REGION=None)
    assert region() == "eu-west-1"


def test_a_role_may_be_assumed_for_it(token, sts):
    done = token(
        *("--profile", "base", *WORDS),
        *("--role-arn", "arn:aws:iam::444455556666:role/reader"),
    )
    assert done.returncode == 0, done.stderr
    key = parse_qs(done.stdout)["X-Amz-Credential"][0].partition("/")[0]
    assert key.startswith("ASIA") and key != accounts.APP.key
    (call,) = sts.chain.sts.calls("AssumeRole")
    assert call["key"] == accounts.APP.key


@pytest.mark.parametrize(
    "words, error",
    [
        (["--user", "me"], "--cache"),
        (["--cache", "c"], "--user"),
        (["--cache", "c.abc.cache.amazonaws.com", "--user", "me"],
         "which is not its host name"),
        (["--cache", "a b", "--user", "me"], "--cache"),
        (["--cache", "c", "--user", "a b"], "--user"),
        ([*WORDS, "--profile", "nobody"], "nobody"),
        ([*WORDS], "no AWS credentials"),
        ([*WORDS, "--profile", "base", "--region", "here"], "us-west-2"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_status_3(token, words, error):
    done = token(*words)
    assert (done.returncode, done.stdout) == (3, "")
    assert error in done.stderr and done.stderr.count("\n") == 1


def test_without_a_region_none_is_made(token):
    token.chain.variables.update(AWS_REGION=None, AWS_DEFAULT_REGION=None)
    token.chain.write("", base())
    done = token("--profile", "base", *WORDS)
    assert (done.returncode, done.stdout) == (3, "")
    assert "no region" in done.stderr


def test_aws_that_cannot_be_reached_is_exit_status_4(token, instance):
    instance.statuses = [500] * 9
    done = token(*WORDS)
    assert (done.returncode, done.stdout) == (4, "")
    assert "metadata service" in done.stderr
    assert done.stderr.count("\n") == 1
