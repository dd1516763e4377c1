"""verify joins what a client meets with what the API knows."""

import re
import shlex

import pytest

import breakages
import certificates
import servers
from provisioning import (
    ATTENTION,
    REFUSED,
    changing,
    result,
    spec_of,
    told,
)


def test_a_path_that_is_well_is_ok(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    run, calls = provision.counted("verify", spec)
    found = result(run)
    assert found["verdict"]["id"] == "OK"
    assert changing(calls) == []
    assert found["checks"] and all(
        check["schema"] == "linkprobe.check/1" and check["status"] == "ok"
        for check in found["checks"]
    )


def assert_named(run, breakage):
    assert run.status in (1, 2), told(run)
    found = run.object
    verdict = found["verdict"]
    assert verdict["id"] in breakage.verdicts, told(run)
    fixes = " ".join(str(fix) for fix in verdict["fix"])
    assert any(word in fixes for word in breakage.mends), told(run)


@pytest.mark.parametrize(
    "breakage",
    breakages.NETWORK,
    ids=[one.breaks.__name__ for one in breakages.NETWORK],
)
def test_a_breakage_is_called_by_its_name(world, provision, breakage):
    spec = spec_of(world)
    result(provision("apply", spec))
    breakages.broken(world, breakage)
    # only silence has to be waited for
    limit = "1s" if breakage.silent else "10s"
    run, calls = provision.counted("verify", spec, "--", "--timeout", limit)
    assert changing(calls) == []
    assert_named(run, breakage)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    if not servers.find("openssl"):
        pytest.skip("openssl is missing")
    return certificates.Authority(tmp_path_factory.mktemp("authority"))


def another_cache(world, address, **options):
    """A cache of its own, with a server that is as `options` say."""
    world.make_cache("other", nodes=1)
    server = world.nodes.start(address, **options)
    world.place({"other-001": address})
    return server


def spec_of_other(world):
    return spec_of(
        world,
        provider__cache={"replication_group": "other", "endpoint": "primary"},
    )


def with_tls(authority, name):
    certificate = authority.issue(name.replace("*", "any"), f"DNS:{name}")
    return {
        "tls_port": 6379,
        "tls_cert_file": certificate.cert,
        "tls_key_file": certificate.key,
        "tls_ca_cert_file": authority.cert,
        "tls_auth_clients": "no",
    }


def tls_server(world, starter, authority, address, name):
    """A node that speaks TLS only, and says that it is `name`."""
    made = servers.Redis(
        starter.new_folder(),
        host=address,
        port=0,
        protected_mode="no",
        **with_tls(authority, name),
    )
    starter.keep(made, made.stop)
    servers.wait_for(
        lambda: servers.answers(address, 6379), "the node serves TLS"
    )
    world.place({"other-001": address})
    return made


@pytest.mark.parametrize("right", [True, False])
def test_the_name_of_the_certificate_is_the_cache_s_own(
    world, provision, starter, authority, right
):
    address = f"127.{world.number}.1.{30 + right}"
    world.make_cache("other", nodes=1, TransitEncryptionEnabled=True)
    endpoint = world.caches["other"]["NodeGroups"][0]["PrimaryEndpoint"]
    name = endpoint["Address"]
    wildcard = "*." + name.split(".", 1)[1]
    server = tls_server(
        *(world, starter, authority, address),
        wildcard if right else "*.elsewhere.test",
    )
    spec = spec_of_other(world)
    options = ("--", "--cacert", str(authority.cert))
    provision("apply", spec)
    run = provision("verify", spec, *options)
    server.stop()
    found = run.object
    if right:
        assert found["verdict"]["id"] == "OK", told(run)
    else:
        assert found["verdict"]["id"] == "TLS_NAME_MISMATCH", told(run)
        assert found["verdict"]["fix"]


def test_a_wrong_password_is_named(world, provision):
    address = f"127.{world.number}.1.33"
    server = another_cache(world, address, requirepass="r1ght")
    spec = spec_of_other(world)
    provision("apply", spec, env={"LINKPROBE_PASSWORD": "r1ght"})
    run = provision("verify", spec, env={"LINKPROBE_PASSWORD": "wr0ng-Pa55"})
    server.stop()
    assert run.status in (ATTENTION, 2), told(run)
    assert run.object["verdict"]["id"].startswith("AUTH_"), told(run)
    assert run.object["verdict"]["fix"]
    assert "wr0ng-Pa55" not in run.out + run.err


def sharded(world):
    """A cache in cluster mode, which was never another."""
    world.asker("elasticache", breakages.PROVIDER)(
        "create_replication_group",
        ReplicationGroupId="sharded",
        ReplicationGroupDescription="sharded",
        Engine="redis",
        NumNodeGroups=1,
        ReplicasPerNodeGroup=0,
        CacheSubnetGroupName="cache-subnets",
        SecurityGroupIds=[world.cache_group],
        ClusterMode="enabled",
        CacheParameterGroupName="default.redis7.cluster.on",
    )
    return spec_of(
        world,
        provider__cache={
            "replication_group": "sharded",
            "endpoint": "primary",
        },
    )


def test_cluster_mode_is_refused_before_anything_is_made(world, provision):
    run, calls = provision.counted("apply", sharded(world))
    found = result(run, REFUSED)
    assert "cluster mode" in found["error"]
    assert found["verdict"]["id"] == "REDIS_MOVED"
    assert changing(calls) == []


def test_cluster_mode_that_came_later_is_named(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.emulator.tell("into_cluster_mode", group="test1")
    for command in ("status", "verify"):
        run = provision(command, spec)
        found = result(run, ATTENTION)
        assert found["verdict"]["id"] == "REDIS_MOVED", told(run)
        assert "test1 is in cluster mode" in found["verdict"]["summary"]
        (drift, *_) = found["path"]["drift"]
        assert (drift["step"], drift["field"]) == ("cache", "cluster_mode")
        fixes = [fix["command"] for fix in found["verdict"]["fix"]]
        assert any("linkprobe provision apply" in fix for fix in fixes)
        assert any("--replication-group-id test1 " in fix for fix in fixes)


def clustered(world):
    """Two hosts in cluster mode; the slots are all of the second one."""
    addresses = [f"127.{world.number}.1.{last}" for last in (34, 36)]
    first, second = (
        world.nodes.start(
            one, cluster_enabled="yes", cluster_announce_ip=one
        )
        for one in addresses
    )
    second.client()("CLUSTER", "ADDSLOTS", *range(16384))
    client = first.client()
    client("CLUSTER", "MEET", second.host, second.port)

    def redirects():
        try:
            client("SET", "key", "value")
        except servers.ReplyError as error:
            return str(error).startswith("MOVED")

    servers.wait_for(redirects, "the slots are known")
    return first, second


def test_a_host_whose_engine_runs_in_cluster_mode_is_named(world, provision):
    first, second = clustered(world)
    spec = spec_of(
        world,
        provider__cache={
            "host": first.host,
            "vpc": world.provider.vpc,
            "subnets": list(world.provider.subnets.values()),
        },
    )
    applied = provision("apply", spec, *PATIENTLY)
    verified = provision("verify", spec)
    first.stop()
    second.stop()
    for run in (applied, verified):
        found = result(run, ATTENTION)
        assert found["verdict"]["id"].startswith("REDIS_MOVED"), told(run)
        assert found["verdict"]["fix"]


def test_a_cache_that_is_gone_is_named(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    world.asker("elasticache", breakages.PROVIDER)(
        "delete_replication_group", ReplicationGroupId="test1"
    )
    found = result(provision("status", spec), ATTENTION)
    assert found["verdict"]["summary"] == "test1 is deleting"
    assert found["path"]["connections"], "the rest is told as well"


# apply gives its check two seconds, which a busy machine may not have.
PATIENTLY = ("--", "--timeout", "20s", "--deadline", "40s")


def line_of_verify(found):
    (line,) = [one for one in found["steps"] if one["step"] == "verify"]
    return line


def test_apply_sends_ping_set_and_get(world, provision):
    run, calls = provision.counted("apply", spec_of(world), *PATIENTLY)
    found = result(run)
    assert len(calls) <= 26
    assert line_of_verify(found)["status"] == "done"
    (check,) = found["checks"]
    for address in check["addresses"]:
        stages = {one["stage"]: one["status"] for one in address["stages"]}
        assert [stages[name] for name in ("ping", "set", "get")] == ["ok"] * 3


def test_apply_leaves_the_check_to_verify_when_told(world, provision):
    found = result(provision("apply", spec_of(world), "--no-verify"))
    assert line_of_verify(found)["status"] == "skipped"
    assert "checks" not in found


def test_a_machine_outside_does_not_make_the_path_less(world, provision):
    spec = spec_of(world)
    outside = ("--", "--address", f"127.{world.number}.9.9")
    found = result(provision("apply", spec, *outside))
    assert (found["status"], found["verdict"]["id"]) == ("ok", "OK")
    assert line_of_verify(found)["status"] == "skipped"
    assert found["checks"][0]["status"] == "critical"
    (note,) = found["notes"]
    assert "TCP_" in note and "linkprobe provision verify -f " in note
    text = provision("apply", spec, *outside, form="text")
    assert "critical" not in text.out and "Note: PING, SET" in text.out


def test_what_the_cache_answers_to_apply_counts(world, provision):
    wrong = (*PATIENTLY, "--expect-role", "replica")
    run = provision("apply", spec_of(world), *wrong)
    found = result(run, ATTENTION)
    assert found["verdict"]["id"] == "REDIS_ROLE_MISMATCH", told(run)
    assert line_of_verify(found)["status"] == "failed"


def test_a_cache_that_wants_a_password_is_no_failure(world, provision):
    address = f"127.{world.number}.1.35"
    server = another_cache(world, address, requirepass="r1ght")
    spec = spec_of_other(world)
    found = result(provision("apply", spec, *PATIENTLY))
    (note,) = found["notes"]
    assert "AUTH_REQUIRED" in note and "--askpass" in note
    right = {"LINKPROBE_PASSWORD": "r1ght"}
    found = result(provision("apply", spec, *PATIENTLY, env=right))
    server.stop()
    assert line_of_verify(found)["status"] == "done"


@pytest.mark.parametrize("command", ["apply", "verify"])
@pytest.mark.parametrize("words", [("--bogus",), ("--timeout", "banana")])
def test_wrong_options_of_check_are_refused_first(
    world, provision, command, words
):
    run, calls = provision.counted(command, spec_of(world), "--", *words)
    assert run.status == REFUSED, told(run)
    assert calls == []
    assert "behind --: " in run.err and words[0] in run.err


def test_what_is_not_there_is_no_word_in_a_command(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    breakages.broken(world, breakages.NETWORK[0])
    found = result(provision("verify", spec), ATTENTION)
    fixes = " ".join(fix["command"] for fix in found["verdict"]["fix"])
    assert "linkprobe provision apply -f " in fixes
    assert not re.search("[A-Z]_[A-Z]", fixes), fixes
    assert f"--add-allowed-principals {breakages.APP.arn} --region" in fixes


def test_a_file_with_blanks_is_one_word_of_a_command(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    breakages.broken(world, breakages.NETWORK[0])
    file = provision.write(spec)
    odd = file.rename(file.with_name("it's a path.yml"))
    found = result(provision("status", str(odd)), ATTENTION)
    words = shlex.split(found["verdict"]["fix"][0]["command"])
    assert words == ["linkprobe", "provision", "apply", "-f", str(odd)]


def test_what_mends_is_filled_in(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    wrong = ("--", "--expect-role", "replica")
    found = result(provision("verify", spec, *wrong), ATTENTION)
    fixes = [fix["command"] for fix in found["verdict"]["fix"]]
    assert "--replication-group-id test1 " in fixes[0]
    assert f"Id={world.nodes.addresses[0]},Port=6379" in fixes[1]
    text = provision("verify", spec, *wrong, form="text")
    assert all(fix in text.out for fix in fixes)


def test_options_of_check_are_handed_on(world, provision):
    spec = spec_of(world)
    result(provision("apply", spec))
    found = result(provision("verify", spec, "--", "--no-write"))
    stages = [
        stage
        for check in found["checks"]
        for address in check["addresses"]
        for stage in address["stages"]
    ]
    assert "skipped" in {
        one["status"] for one in stages if one["stage"] == "set"
    }
