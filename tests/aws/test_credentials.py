"""Where keys come from: each source for real, with botocore as the oracle."""

import json
import os
import subprocess
import sys

import pytest

import metadata
import namespaces
from chain_fixtures import (  # noqa: F401  pylint: disable=unused-import
    KEYS,
    base,
    both,
    chain,
    container,
    give_keys,
    instance,
    oracle,
)


# --- Files and the environment ---------------------------------------------


def test_nothing_anywhere_is_said_in_one_line(both):
    ours = both()
    assert ours.kind == "config" and "no AWS credentials" in ours.error


def test_keys_of_the_environment_come_first(both):
    both.chain.write(credentials="[default]\n" + KEYS.format("file"))
    assert both().source == "shared-credentials-file"
    both.chain.variables.update(
        AWS_ACCESS_KEY_ID="env", AWS_SECRET_ACCESS_KEY="x"
    )
    assert both().key == "env"
    both.chain.variables["AWS_SESSION_TOKEN"] = "t"
    assert both().token
    both.chain.variables.update(
        AWS_SESSION_TOKEN=None, AWS_SECURITY_TOKEN="old"
    )
    assert both().token


def test_a_profile_that_is_named_keeps_the_environment_out(both):
    both.chain.write(credentials="[p]\n" + KEYS.format("p"))
    both.chain.variables.update(
        AWS_ACCESS_KEY_ID="env", AWS_SECRET_ACCESS_KEY="x"
    )
    assert both("p").key == "p"
    # a variable does not
    both.chain.variables["AWS_PROFILE"] = "p"
    assert both().key == "env"
    both.chain.variables.update(AWS_ACCESS_KEY_ID=None)
    assert both().key == "p"


def test_half_a_pair_is_an_error_that_names_the_other_half(both):
    both.chain.variables["AWS_ACCESS_KEY_ID"] = "env"
    assert "AWS_SECRET_ACCESS_KEY" in both().error
    both.chain.variables.clear()
    both.chain.write(credentials="[default]\naws_access_key_id = a\n")
    assert "has no aws_secret_access_key" in both().error


def test_the_credentials_file_comes_before_the_process_and_the_config(both):
    process = "credential_process = " + give_keys(both.chain, AccessKeyId="ran")
    config = "[default]\n" + KEYS.format("config")
    both.chain.write(config, "")
    assert both().source == "config-file"
    both.chain.write(config + process + "\n", "")
    assert both().key == "ran"
    both.chain.write(config + process, "[default]\n" + KEYS.format("file"))
    assert both().source == "shared-credentials-file"


def test_a_profile_that_is_nowhere_is_an_error_with_both_files(both):
    ours = both("nobody")
    assert ".aws/config" in ours.error and ".aws/credentials" in ours.error
    both.chain.variables["AWS_PROFILE"] = "nobody"
    assert "nobody" in both().error


def test_files_are_moved_by_variables(both):
    moved = both.chain.file("elsewhere", "[default]\n" + KEYS.format("moved"))
    both.chain.variables["AWS_SHARED_CREDENTIALS_FILE"] = moved
    assert both().key == "moved"
    both.chain.variables["AWS_SHARED_CREDENTIALS_FILE"] = "~/elsewhere"
    assert both().key == "moved"
    both.chain.variables.clear()
    moved = both.chain.file("other", "[profile q]\n" + KEYS.format("q"))
    both.chain.variables.update(AWS_CONFIG_FILE=moved, AWS_PROFILE="q")
    assert both().source == "config-file"


def test_a_broken_file_is_an_error_with_its_line(both):
    both.chain.write("[default]\nregion = a\nhush-hush\n")
    assert "/.aws/config:3: " in both().error


def test_keys_that_expire_are_not_handed_out_after_that(chain):
    chain.variables.update(
        AWS_ACCESS_KEY_ID="env",
        AWS_SECRET_ACCESS_KEY="x",
        AWS_CREDENTIAL_EXPIRATION=metadata.in_s(60),
    )
    assert chain.ours().key == "env"
    chain.variables["AWS_CREDENTIAL_EXPIRATION"] = "2020-01-01T00:00:00Z"
    ours = chain.ours()
    assert "(env) expired at 2020-01-01T00:00:00Z" in ours.error
    assert ours.kind == "config"
    chain.variables["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow"
    assert "AWS_CREDENTIAL_EXPIRATION" in chain.ours().error


def test_what_no_key_holds_is_refused(chain):
    chain.variables.update(
        AWS_ACCESS_KEY_ID="env", AWS_SECRET_ACCESS_KEY="hush hush"
    )
    chain.secrets.append("hush")
    assert "no key has" in chain.ours().error
    chain.variables.update(
        AWS_SECRET_ACCESS_KEY="x", AWS_SESSION_TOKEN="t\r\nHost: evil"
    )
    assert "no key has" in chain.ours().error


@pytest.mark.parametrize(
    "line", ["sso_account_id = 1", "sso_role_name = r", "login_session = s"]
)
def test_a_sign_in_by_browser_is_answered_with_what_helps(chain, line):
    chain.write(f"[profile p]\n{line}\n")
    ours = chain.ours("-p", "p")
    assert 'aws configure export-credentials --profile "p"' in ours.error
    assert ours.kind == "config"


# --- credential_process ----------------------------------------------------


def test_a_process_is_asked_without_a_shell(both):
    words = both.chain.home / "words"
    command = give_keys(
        both.chain, f'printf "<%s>" "$@" >"{words}"', SessionToken="t"
    )
    both.chain.write(f"[default]\ncredential_process = {command}\n")
    assert both().source == "custom-process" and both().token
    assert words.read_text() == "<a b><$HOME><*>"


def test_what_a_process_says_on_stderr_is_seen(chain):
    command = give_keys(chain, "echo 'sign in, please' >&2")
    chain.write(f"[default]\ncredential_process = {command}\n")
    assert chain.ours().key == "AKIAPROCESS"
    assert "sign in, please" in chain.err


@pytest.mark.parametrize(
    "script, error",
    [
        ("exit 7", "ended with exit status 7"),
        ("kill -9 $$", "was killed by signal 9"),
        ("echo '{'", "the answer is no JSON"),
        ("echo '[]'", "the answer is no JSON object"),
        ("echo '{\"Version\": 2}'", "Version is not 1"),
        ("echo '{\"Version\": 1}'", "no text AccessKeyId"),
        ("exec cat /dev/zero", "printed more than 64k"),
    ],
)
def test_a_process_that_gives_no_keys_ends_it(both, script, error):
    if "zero" in script:
        script = "head -c 70000 /dev/zero"
    path = both.chain.file("broken", f"#!/bin/sh\n{script}\n", 0o700)
    both.chain.write(f"[default]\ncredential_process = {path}\n"
                     + KEYS.format("config"))
    ours = both()
    assert error in ours.error and 'credential_process of "default"' in (
        ours.error
    )
    assert ours.kind == "config"


def test_a_process_whose_words_make_no_sense_is_not_run(both):
    for line, error in (
        ("'open", "a quotation mark is not closed"),
        ("/no/such/file", "could not be started: no such file"),
        ("''", "could not be started"),
    ):
        both.chain.write(f"[default]\ncredential_process = {line}\n")
        assert error in both().error


def test_keys_of_a_process_that_are_over_are_refused(both):
    command = give_keys(both.chain, Expiration="2020-01-01T00:00:00+01:00")
    both.chain.write(f"[default]\ncredential_process = {command}\n")
    assert "expired at 2019-12-31T23:00:00Z" in both().error
    command = give_keys(both.chain, Expiration="soon")
    assert "Expiration is no time" in both().error


def test_a_process_that_hangs_goes_with_all_that_it_started(chain):
    noted = chain.home / "child"
    path = chain.file(
        "hangs",
        f"#!/bin/sh\nsleep 600 &\necho $! >'{noted}.new'\n"
        f"mv '{noted}.new' '{noted}'\nwait\n",
        0o700,
    )
    chain.write(f"[default]\ncredential_process = {path}\n")
    ours = chain.ours("-f", noted)
    assert ours.error == "canceled"
    child = int(noted.read_text())
    metadata.wait_until(lambda: not _is_alive(child))


def _is_alive(process):
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_one_process_serves_all_who_wait(chain):
    runs = chain.home / "runs"
    command = give_keys(chain, f"echo >>'{runs}'")
    chain.write(f"[default]\ncredential_process = {command}\n")
    answers = chain.all_ours("-w", 8, "-n", 3)
    assert len(answers) == 24 and {a.key for a in answers} == {"AKIAPROCESS"}
    # after each round the keys are refused, and fetched anew
    assert len(runs.read_text()) == 3


# --- Containers and instances ----------------------------------------------


def test_a_container_gives_keys(both, container):
    both.chain.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "open sesame"
    container.authorization = "open sesame"
    assert both().source == "container-role"


def test_a_tokens_file_is_read_each_time(both, container):
    path = both.chain.file("token", "of-a-pod\n")
    both.chain.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = path
    both.chain.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "not this"
    container.authorization = "of-a-pod"
    assert both.chain.ours().source == "container-role"
    path.write_text("two\nlines")
    assert "no text of one line" in both.chain.ours().error
    path.unlink()
    assert "cannot be read: No such file" in both.chain.ours().error


def test_a_container_is_asked_three_times(both, container):
    ask = both.chain.ours
    ours = metadata.asked_in_time(container, ask, [500, 429])
    assert ours.key == "ASIAMETADATA0001"
    assert len(container.asked) == 3
    ours = metadata.asked_in_time(container, ask, [500] * 9)
    assert "container's endpoint: HTTP status 500" in ours.error
    assert ours.kind == "service" and len(container.statuses) == 6
    # what is refused is refused
    container.statuses = [403, 200]
    assert "HTTP status 403" in both.chain.ours().error


@pytest.mark.parametrize(
    "url",
    [
        "http://198.51.100.7/keys",
        "http://127.0.0.1@198.51.100.7/keys",
        "http://127.0.0.1:80@198.51.100.7/keys",
        "http://[::1]@198.51.100.7/keys",
        "http://127.0.0.1.example/keys",
        "http://[2001:db8::1]/keys",
        "ftp://127.0.0.1/keys",
        "http://",
    ],
)
def test_no_token_leaves_the_machine_in_clear_text(both, url):
    both.chain.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url
    both.chain.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "hush"
    both.chain.secrets.append("hush")
    ours = both.chain.ours()
    assert "neither https nor this machine's own" in ours.error
    assert ours.kind == "config"


def test_an_instance_gives_keys_by_the_second_version(both, instance):
    assert both().source == "iam-role"
    ours = instance.asked[:3]
    assert [what for what, _, _ in ours] == ["PUT", "GET", "GET"]
    assert ours[0][2]["x-aws-ec2-metadata-token-ttl-seconds"] == "21600"


def test_an_instance_may_be_named_by_the_profile(both, instance):
    both.chain.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = None
    both.chain.write(
        f"[profile p]\nec2_metadata_service_endpoint = {instance.url}/\n"
    )
    both.chain.variables["AWS_PROFILE"] = "p"
    assert both().source == "iam-role"


def test_an_instance_may_be_off(both, instance):
    both.chain.variables["AWS_EC2_METADATA_DISABLED"] = "TRUE"
    assert "no AWS credentials" in both().error
    assert not instance.asked


def test_an_instance_without_a_role_has_no_keys(both, instance):
    instance.role = ""
    ours = both()
    assert "no AWS credentials" in ours.error and ours.kind == "config"


def test_an_instance_that_is_silent_costs_a_second(both, instance):
    both.chain.variables["AWS_METADATA_SERVICE_TIMEOUT"] = None
    instance.hang = True
    for _ in range(5):
        ours = both.chain.ours()
        assert "no AWS credentials" in ours.error and ours.kind == "config"
        # in a second that the machine stood still nothing was sent
        if metadata.comes(lambda: instance.asked, 3):
            break
    assert len(instance.asked) == 1


def test_an_instance_that_stumbles_is_asked_again(both, instance):
    instance.statuses = [200, 500, 200, 503, 200]
    assert both.chain.ours().source == "iam-role"
    instance.statuses = [500] * 9
    ours = both.chain.ours()
    assert "HTTP status 500" in ours.error and ours.kind == "service"


def test_old_keys_of_an_instance_are_used_while_it_has_no_new_ones(
    both, instance
):
    instance.life_s = -3600
    assert both().source == "iam-role"


@pytest.mark.parametrize(
    "body, error",
    [
        ('{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no\\u001b[1m"}',
         "AssumeRoleUnauthorizedAccess: no?[1m"),
        ("<html>", "the answer is no JSON"),
        (json.dumps(metadata.keys(Token=None)), "has no text Token"),
        (json.dumps(metadata.keys(Expiration=None)), "no text Expiration"),
        (json.dumps(metadata.keys(AccessKeyId=7)), "no text AccessKeyId"),
    ],
    # what has a time in it is no name that all workers agree on
    ids=["code", "html", "token", "expiration", "key"],
)
def test_what_is_not_keys_is_said(chain, instance, body, error):
    instance.body = body
    assert error in chain.ours().error


def test_the_services_of_a_machine_have_fixed_addresses(chain):
    if not namespaces.allowed():
        pytest.skip("no network namespace can be made")
    space = namespaces.Namespace()
    try:
        for address in ("169.254.169.254", "169.254.170.2"):
            space.run("ip", "addr", "add", f"{address}/32", "dev", "lo")
        _check_fixed_addresses(chain, space)
    finally:
        space.close()


def _check_fixed_addresses(chain, space):
    server = (
        "import sys, metadata, threading\n"
        "metadata.Instance(('169.254.169.254', 80))\n"
        "metadata.Container(('169.254.170.2', 80))\n"
        "print('ready', flush=True)\nsys.stdin.read()\nimport os\n"
        "os._exit(0)\n"
    )
    process = subprocess.Popen(
        [*space.prefix, sys.executable, "-B", "-c", server],
        cwd=os.path.dirname(__file__),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout.readline() == b"ready\n"
        chain.prefix = space.prefix
        chain.variables["AWS_EC2_METADATA_DISABLED"] = None
        # a busy machine may be slow to answer itself
        chain.variables["AWS_METADATA_SERVICE_TIMEOUT"] = 20
        # nothing on this machine is reached through a proxy
        chain.variables["http_proxy"] = "http://127.0.0.1:9"
        assert chain.ours().source == "iam-role"
        chain.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = (
            "/keys?of=task"
        )
        assert chain.ours().source == "container-role"
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
