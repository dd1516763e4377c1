"""linkprobe provision: words, files, and what is printed from a file alone.

What it does to AWS is tested in tests/aws.
"""

import glob
import json
import pathlib
import shutil
import stat
import subprocess

import pytest

import program

COMMANDS = (
    *("plan", "apply", "status", "verify", "sync", "connections", "accept"),
    *("reject", "destroy", "import", "token", "policy", "export"),
)
REFUSED = 3

EXAMPLE = """\
name: orders-cache
provider:
  profile: cache-owner
  account: "444455556666"
  region: us-west-2
  cache: {replication_group: test1, endpoint: primary}
  cache_security_group: add
  service:
    allowed_principals: ["arn:aws:iam::111122223333:role/app"]
  tags: {team: payments}
consumer:
  profile: app
  region: us-west-2
  vpc: vpc-0a1b2c3d
"""

# Every shape at once, and texts that a template or a shell could take for
# something else.
HOSTILE = """\
name: every.shape_of-it
provider:
  profile: "it's ${here} `$(reboot)` %{x} \\"\\\\"
  role_arn: arn:aws:iam::444455556666:role/deploy/linkprobe
  external_id: "'; exit 9; '"
  account: "444455556666"
  region: us-west-2
  listeners:
  - {port: 6379, cache: {replication_group: r}}
  - {port: 6380, cache: {replication_group: r, endpoint: reader}}
  - {port: 6381, cache: {serverless: s, endpoint: reader}}
  - {port: 6382, cache: {cluster: c}}
  load_balancers: [{suffix: a}, {suffix: b, cross_zone: false}]
  cache_security_group: add
  service:
    allowed_principals:
    - "arn:aws:iam::111122223333:role/a+b=c,d.e@f-g_h"
    private_dns_name: cache.example.com
  tags: {"a:b/c=d": "x + y @ z", "\u00e9": "\u00df"}
consumers:
- name: app
  profile: app
  vpc: vpc-0a1b2c3d
  client_cidrs: [10.0.0.0/8, 192.168.0.0/16]
  private_dns: true
- name: 2.b
  role_arn: "arn:aws:iam::111122223333:role/x"
  vpc: vpc-0123456789abcdef0
  subnets: [subnet-0a1b2c3d, subnet-0a1b2c3e]
  security_groups: [sg-0a1b2c3d]
- name: shop
  account: "222233334444"
  principals: ["arn:aws:iam::222233334444:root"]
"""

CONSUMER = """\
name: only-a-consumer
consumer:
  vpc: vpc-0123
  security_groups: [sg-0123]
  service_name: com.amazonaws.vpce.us-west-2.vpce-svc-0a1b2c3d
"""

HOST = """\
name: a-host
provider:
  cache: {host: redis.example.com, port: 7000, vpc: vpc-0a1b2c3d,
    subnets: [subnet-0a1b2c3d]}
  service: {acceptance_required: false}
"""

REFERENCES = """\
name: of-others
provider:
  region: us-west-2
  cache: {replication_group: r}
  load_balancer: {arn: "arn:aws:elasticloadbalancing:us-west-2:444455556666:\
loadbalancer/net/x/0123456789abcdef"}
  target_group: {arn: "arn:aws:elasticloadbalancing:us-west-2:444455556666:\
targetgroup/x/0123456789abcdef"}
consumer: {vpc: vpc-0a1b2c3d}
"""

SPECS = {
    "example": EXAMPLE,
    "hostile": HOSTILE,
    "consumer": CONSUMER,
    "host": HOST,
    "references": REFERENCES,
}


def companion():
    folder = program.program_path().resolve().parent
    places = (".", "../libexec/linkprobe")
    return any((folder / p / "linkprobe-provision").exists() for p in places)


pytestmark = pytest.mark.skipif(
    not companion(), reason="linkprobe-provision was not built"
)

# No call of a test may ever leave the machine.
NOWHERE = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(name="provision")
def _provision(linkprobe):
    def run(*words, **options):
        options.setdefault("env", NOWHERE)
        return linkprobe("provision", *words, **options)

    return run


@pytest.fixture(name="write")
def _write(tmp_path):
    def write(text, name="path.yml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def assert_refused(run, *words):
    assert run.status == REFUSED, str(run)
    assert run.out == "", str(run)
    assert run.err.count("\n") == 1, str(run)
    assert run.err.startswith("linkprobe: "), str(run)
    for word in words:
        assert word in run.err, str(run)


# --- words


def test_help_lists_the_commands(provision):
    run = provision("--help")
    assert run.status == 0 and run.err == "", str(run)
    for command in COMMANDS:
        assert f"\n  {command} " in run.out, command


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_its_help(provision, command):
    run = provision(command, "--help")
    assert run.status == 0 and run.err == "", str(run)
    assert run.out.startswith(f"Usage: linkprobe provision {command} ")
    assert all(len(line) <= 80 for line in run.out.splitlines()), run.out


def test_help_is_there_by_its_other_word(linkprobe):
    run = linkprobe("help", "provision")
    assert run.status == 0 and "apply" in run.out, str(run)
    run = linkprobe("help", "provision", "plan")
    assert run.status == 0 and "--check-permissions" in run.out, str(run)


@pytest.mark.parametrize(
    "words, names",
    [
        ([], "no command"),
        (["plam"], "did you mean plan?"),
        (["teleport"], "--help lists them"),
        (["plan"], "-f FILE"),
        (["plan", "x.yml"], "behind -f"),
        (["plan", "-f", "x.yml", "--yes"], "--yes"),
        (["plan", "-f", ""], "--file"),
        (["policy", "-f", "x", "--for", "fun"], "--for"),
        (["export", "-f", "x", "--as", "ansible"], "--as"),
        (["accept", "-f", "x.yml"], "vpce-"),
        (["reject", "-f", "x.yml"], "vpce-"),
        (["sync", "-f", "x.yml", "--interval", "1"], "--interval"),
        (["token"], "--cache"),
        (["token", "--cache", "c"], "--user"),
    ],
)
def test_wrong_words_are_answered_in_a_line(provision, words, names):
    assert_refused(provision(*words), names)


def test_who_reads_json_gets_an_object(provision, write):
    path = write("nam: x\n")
    run = provision("status", "-f", path, "--format", "json")
    assert run.status == REFUSED, str(run)
    found = run.object
    assert found["schema"] == "linkprobe.provision/1"
    assert found["command"] == "status" and found["status"] == "refused"
    assert f"{path}:1: " in found["error"] and "name?" in found["error"]


# --- files


def test_a_file_must_be_there(provision):
    assert_refused(provision("plan", "-f", "/nonexistent.yml"), "No such file")


def test_a_folder_must_hold_a_path(provision, write, tmp_path):
    write("nothing", "folder/README.md")
    assert_refused(provision("policy", "-f", tmp_path / "folder"), ".yml")


def test_every_yaml_of_a_folder_is_a_path(provision, write, tmp_path):
    for number in range(100):
        text = EXAMPLE.replace("orders-cache", f"path-{number:03d}")
        write(text, f"many/{number:03d}.y{'a' if number % 2 else ''}ml")
    write("no YAML: [", "many/.hidden.yml")
    run = provision("policy", "-f", tmp_path / "many", "--format", "json")
    assert run.status == 0 and run.err == "", str(run)[-500:]
    names = [one["name"] for one in run.objects()]
    assert names == [f"path-{number:03d}" for number in range(100)]


def test_two_paths_of_one_name_are_an_error(provision, write, tmp_path):
    one, two = write(EXAMPLE, "two/1.yml"), write(EXAMPLE, "two/2.yml")
    run = provision("policy", "-f", tmp_path / "two")
    assert_refused(run, str(one), str(two), "orders-cache")


def test_a_path_may_come_by_standard_input(provision):
    run = provision("policy", "-f", "-", stdin=EXAMPLE)
    assert run.status == 0, str(run)
    assert set(json.loads(run.out)) == {"provider", "consumers"}
    run = provision("policy", "-f", "-", stdin="name: [")
    assert_refused(run, "standard input:")


def test_an_account_s_root_is_warned_about(provision, write):
    text = EXAMPLE.replace("role/app", "root")
    run = provision("policy", "-f", write(text))
    assert run.status == 0, str(run)
    assert "warning" in run.err and ":root" in run.err, str(run)


# --- before something is changed


@pytest.mark.parametrize("command", ["apply", "destroy"])
def test_nothing_is_changed_unasked(provision, write, command):
    run = provision(command, "-f", write(EXAMPLE))
    assert_refused(run, "no terminal", "--yes")


def test_what_is_protected_is_not_destroyed(provision, write):
    path = write(EXAMPLE + "protect: true\n")
    run = provision("destroy", "-f", path, "--yes")
    assert_refused(run, "protect: true")


# --- policies


def statements(policy):
    assert policy["Version"] == "2012-10-17"
    return policy["Statement"]


def actions(policy):
    return {word for one in statements(policy) for word in one["Action"]}


@pytest.mark.parametrize("side", ["provider", "consumer"])
def test_one_side_is_a_policy_as_iam_takes_it(provision, write, side):
    run = provision("policy", "-f", write(EXAMPLE), "--side", side)
    assert run.status == 0 and run.err == "", str(run)
    policy = json.loads(run.out)
    assert {one["Effect"] for one in statements(policy)} == {"Allow"}
    sids = [one["Sid"] for one in statements(policy)]
    assert len(set(sids)) == len(sids)
    found = actions(policy)
    assert ("elasticloadbalancing:CreateLoadBalancer" in found) == (
        side == "provider"
    )
    assert ("ec2:CreateVpcEndpoint" in found) == (side == "consumer")


def test_a_side_that_is_not_there_has_no_policy(provision, write):
    run = provision("policy", "-f", write(CONSUMER), "--side", "provider")
    assert_refused(run, "--side provider")


def test_policies_of_several_consumers_have_their_names(provision, write):
    run = provision("policy", "-f", write(HOSTILE), "--side", "consumer")
    assert run.status == 0, str(run)
    assert list(json.loads(run.out)["consumers"]) == ["app", "2.b"]


# --- exports


def tool(name):
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is missing")
    return found


def export(provision, write, spec, form, *more):
    """What is printed, twice the same."""
    words = ("export", "-f", write(SPECS[spec]), "--as", form, *more)
    first, second = provision(*words), provision(*words)
    assert first.status == 0, str(first)
    assert first.out == second.out
    return first.out


def check(*words, cwd=None):
    run = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("spec", SPECS)
def test_a_script_is_one_that_bash_and_shellcheck_take(
    provision, write, tmp_path, spec
):
    script = tmp_path / "path.sh"
    script.write_text(export(provision, write, spec, "cli"))
    check("bash", "-n", script)
    check(tool("shellcheck"), script)


def test_a_script_does_what_it_says(provision, write, tmp_path):
    """Run with an `aws` of ours: the calls in order, each word as it is."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    fake = bin_folder / "aws"
    fake.write_text(FAKE_AWS)
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    getent = bin_folder / "getent"
    getent.write_text("#!/bin/sh\necho 10.0.0.5 STREAM\n")
    getent.chmod(0o755)
    script = tmp_path / "path.sh"
    script.write_text(export(provision, write, "hostile", "cli"))
    log = tmp_path / "log"
    check(
        *("env", f"PATH={bin_folder}:/usr/bin:/bin", f"LOG={log}"),
        *("bash", script),
    )
    calls = [line.split("\x1f") for line in log.read_text().splitlines()]
    everything = [word for call in calls for word in call]
    for wanted in (
        *("create-load-balancer", "create-target-group", "register-targets"),
        *("create-listener", "authorize-security-group-ingress"),
        *("create-vpc-endpoint-service-configuration",),
        *("modify-vpc-endpoint-service-permissions", "create-vpc-endpoint"),
        *("accept-vpc-endpoint-connections",),
    ):
        assert wanted in everything, wanted
    assert everything.count("create-listener") == 8
    assert everything.count("create-vpc-endpoint") == 2
    assert "'; exit 9; '" in everything
    assert "it's ${here} `$(reboot)` %{x} \"\\" in everything


FAKE_AWS = r"""#!/usr/bin/python3
# An AWS CLI that logs its words and answers just enough.
import os
import sys

words = sys.argv[1:]
with open(os.environ["LOG"], "a") as log:
    log.write("\x1f".join(words) + "\n")
text = " ".join(words)
if "get-caller-identity" in text:
    print("444455556666")
elif "describe-subnets" in text and "VpcId" not in text:
    print("usw2-az1\tsubnet-1\t10.0.0.0/24\nusw2-az1\tsubnet-2\t10.0.1.0/24")
elif "assume-role" in text:
    print("AKID\tSECRET\tTOKEN")
elif "VpcEndpointState" in text:
    print("pendingAcceptance")
elif "VpcEndpoints[0].State" in text:
    print("available")
elif "ServiceDetails[0].ServiceName" in text:
    print("name")
elif "create-vpc-endpoint-service-configuration" in text:
    print("vpce-svc-1\tname")
else:
    print("one\ttwo")
"""


@pytest.mark.parametrize("side", ["both", "provider", "consumer"])
@pytest.mark.parametrize("spec", SPECS)
def test_a_template_passes_cfn_lint(provision, write, tmp_path, spec, side):
    lint = tool("cfn-lint")
    if (spec, side) in (("consumer", "provider"), ("host", "consumer")):
        pytest.skip("the file has no such side")
    template = tmp_path / "path.json"
    template.write_text(
        export(provision, write, spec, "cloudformation", "--side", side)
    )
    check(lint, template)


def test_a_template_of_several_sides_is_one_file(provision, write):
    template = json.loads(
        export(provision, write, "example", "cloudformation")
    )
    assert template["Parameters"]["Side"]["AllowedValues"] == [
        "provider",
        "consumer",
    ]
    assert all("Condition" in one for one in template["Resources"].values())
    assert "accept-vpc-endpoint-connections" in template["Description"]
    template = json.loads(
        export(
            *(provision, write, "example", "cloudformation"),
            *("--side", "provider"),
        )
    )
    assert "Side" not in template["Parameters"]


def plugins():
    """A folder with Terraform's provider for AWS, or None."""
    known = (
        *("~/.terraform.d/plugins", "/usr/share/terraform/plugins"),
        *("/usr/local/share/terraform/plugins", "/opt/*"),
    )
    for place in known:
        for folder in glob.glob(str(pathlib.Path(place).expanduser())):
            if (pathlib.Path(folder) / "registry.terraform.io").is_dir():
                return folder
    return None


@pytest.mark.parametrize("spec", SPECS)
def test_a_configuration_is_one_of_terraform(
    provision, write, tmp_path, spec
):
    terraform = tool("terraform")
    folder = tmp_path / "tf"
    folder.mkdir()
    (folder / "main.tf").write_text(
        export(provision, write, spec, "terraform", "--offline")
    )
    check(terraform, "fmt", "-check", "-diff", folder)
    if not plugins():
        pytest.skip("the provider for AWS is missing; it is formatted well")
    check(
        *(terraform, "init", "-input=false", f"-plugin-dir={plugins()}"),
        cwd=folder,
    )
    check(terraform, "validate", cwd=folder)


def test_without_aws_a_configuration_is_made_from_the_file(provision, write):
    words = ("export", "-f", write(HOST), "--timeout", "2s")
    run = provision(*words)
    assert run.status == 0, str(run)
    assert "left out" in run.err and run.err.count("\n") == 1, str(run)
    assert run.out == provision(*words, "--offline").out


def test_only_one_path_is_exported(provision, write):
    run = provision("export", "-f", write(HOST), "-f", write(EXAMPLE, "b.yml"))
    assert_refused(run, "2 paths")


def test_a_path_of_references_has_nothing_to_export(provision, write):
    text = REFERENCES.replace(
        "consumer: {vpc: vpc-0a1b2c3d}",
        "  service: {id: vpce-svc-0a1b2c3d}",
    )
    run = provision("export", "-f", write(text), "--offline")
    assert_refused(run, "reference")
