"""An export of a path that exists: Terraform takes it over as it is."""

import glob
import json
import pathlib
import re
import shutil
import subprocess

import pytest

from provisioning import DONE, environment, result, spec_of, without_account


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


def export(provision, spec, *more):
    run = provision("export", spec, "--as", "terraform", *more)
    assert run.status == DONE, str(run)
    return run


def imports(text):
    """{what it is to be: the id}"""
    found = re.findall(r'import {\n  to = (\S+)\n  id = "(\S+)"\n}', text)
    return dict(found)


def test_what_is_there_has_an_import_block(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run = export(provision, spec, "--dns", world.emulator.dns)
    assert run.err == "", str(run)
    blocks = imports(run.out)
    assert set(blocks) == {
        "aws_lb.balancer_1",
        "aws_lb_target_group.balancer_1_6379",
        "aws_lb_listener.balancer_1_6379",
        "aws_vpc_endpoint_service.service",
        "aws_security_group.consumer",
        "aws_vpc_endpoint.consumer",
        "aws_vpc_endpoint_connection_accepter.consumer",
    }
    found = provision("status", spec).object["path"]
    assert blocks["aws_vpc_endpoint_service.service"] == found["service_id"]
    assert f'["{world.nodes.addresses[0]}"]' in run.out


def test_what_is_not_there_has_none(world, provision):
    run = export(provision, spec_of(world), "--dns", world.emulator.dns)
    assert imports(run.out) == {}
    assert "default     = []" in run.out


def test_an_export_sends_nothing_that_changes(world, provision):
    spec = spec_of(world)
    world.emulator.tell("clear")
    export(provision, spec, "--dns", world.emulator.dns)
    actions = {row["action"] for row in world.emulator.calls()}
    assert actions and all(
        action.startswith(("Describe", "Get")) for action in actions
    )
    world.emulator.tell("clear")
    for form in ("terraform", "cloudformation", "cli"):
        words = ("--offline",) if form == "terraform" else ()
        run = provision("export", spec, "--as", form, *words)
        assert run.status == DONE, str(run)
    assert world.emulator.calls() == []


class Terraform:
    def __init__(self, provision, folder):
        self.folder = folder
        self._env = without_account(
            provision.home,
            AWS_REQUEST_CHECKSUM_CALCULATION="when_required",
            CHECKPOINT_DISABLE="1",
            **environment(provision.world.emulator),
        )

    def __call__(self, *words):
        run = subprocess.run(
            ["terraform", *words],
            cwd=self.folder,
            env=self._env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


@pytest.mark.skipif(
    not shutil.which("terraform") or not plugins(),
    reason="terraform or its provider for AWS is missing",
)
def test_terraform_takes_the_path_over_without_a_change(
    world, provision, tmp_path
):
    spec = spec_of(world)
    result(provision("apply", spec))
    folder = tmp_path / "tf"
    folder.mkdir()
    text = export(provision, spec, "--dns", world.emulator.dns).out
    (folder / "main.tf").write_text(text)
    terraform = Terraform(provision, folder)
    terraform("init", "-input=false", f"-plugin-dir={plugins()}")
    terraform("plan", "-input=false", "-out=plan")
    plan = json.loads(terraform("show", "-json", "plan"))
    changes = {
        one["address"]: one["change"]["actions"]
        for one in plan["resource_changes"]
    }
    # what Terraform cannot import is added, which AWS takes as it is
    added = {a for a, did in changes.items() if did == ["create"]}
    assert {a.split(".")[0] for a in added} <= {
        "aws_lb_target_group_attachment",
        "aws_vpc_endpoint_service_allowed_principal",
        "aws_vpc_security_group_ingress_rule",
    }
    others = {a: did for a, did in changes.items() if a not in added}
    assert len(others) == 7
    differ = {
        one["address"]: {
            key: (one["change"]["before"].get(key), value)
            for key, value in one["change"]["after"].items()
            if one["change"]["before"].get(key) != value
        }
        for one in plan["resource_changes"]
        if one["change"]["actions"] == ["update"]
    }
    assert all(did in (["no-op"], ["update"]) for did in others.values())
    # Terraform's own switches, and attributes that the emulator lacks
    for address, fields in differ.items():
        assert set(fields) <= {
            *("auto_accept", "revoke_rules_on_delete"),
            *("dns_record_client_routing_policy", "enable_zonal_shift"),
            *("connection_termination", "lambda_multi_value_headers_enabled"),
        }, (address, fields)
