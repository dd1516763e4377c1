"""What the tests of credentials have at hand."""

import json

import pytest

import accounts
import chain as chains
import emulated
import metadata

KEYS = "aws_access_key_id = {0}\naws_secret_access_key = {0}-secret\n"


def base(account=accounts.PROVIDER):
    """The keys of an account, as profile `base`."""
    return account.credentials().replace(account.profile, "base")


def give_keys(chain, *more, **changes):
    """A program that prints keys, and how to call it."""
    answer = {
        "Version": 1,
        "AccessKeyId": "AKIAPROCESS",
        "SecretAccessKey": metadata.SECRET,
        **changes,
    }
    path = chain.file("give keys", "#!/bin/sh\n" + "\n".join(
        [*more, "cat <<'END'", json.dumps(answer), "END", ""]), 0o700)
    return f'"{path}" "a b" \'$HOME\' *'


@pytest.fixture(scope="session")
def oracle():
    if not emulated.python():
        pytest.skip("no python3 has botocore")
    made = chains.Oracle()
    yield made
    made.close()


@pytest.fixture
def chain(tmp_path):
    if not chains.tool():
        pytest.skip("tests/show_credentials is not built")
    made = chains.Chain(tmp_path)
    made.secrets = [metadata.SECRET, metadata.TOKEN, *accounts.SECRETS]
    return made


@pytest.fixture
def both(chain, oracle):
    """Asked on both sides, with what was found compared."""

    def ask(profile=None):
        ours = chain.ours(*(["-p", profile] if profile else []))
        chains.assert_same(
            ours, oracle.ask("credentials", chain.env(), profile=profile)
        )
        return ours

    ask.chain, ask.oracle = chain, oracle
    return ask


@pytest.fixture
def sts(emulator, both):
    """A real STS whose caller is the tests' provider."""
    both.chain.variables["AWS_ENDPOINT_URL_STS"] = emulator.url
    both.chain.sts = emulator
    yield both
    emulator.faults()
    assert not emulator.failures(), emulator.failures()


@pytest.fixture
def instance(chain):
    made = metadata.Instance()
    chain.variables["AWS_EC2_METADATA_DISABLED"] = None
    chain.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = made.url
    # a busy machine may be slow to answer itself
    chain.variables["AWS_METADATA_SERVICE_TIMEOUT"] = 20
    yield made
    made.close()


@pytest.fixture
def container(chain):
    made = metadata.Container()
    url = made.url + "/keys?of=task"
    chain.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url
    yield made
    made.close()
