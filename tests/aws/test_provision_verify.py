"""verify joins what a client meets with what the API knows."""

import pytest

import breakages
import certificates
import servers
from provisioning import ATTENTION, changing, result, spec_of, told


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
    run, calls = provision.counted("verify", spec, "--", "--timeout", "1s")
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


def test_cluster_mode_is_named(world, provision):
    """Slots are moved to addresses that a consumer cannot reach."""
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
    spec = spec_of(
        world,
        provider__cache={
            "replication_group": "sharded",
            "endpoint": "primary",
        },
    )
    run = provision("apply", spec)
    assert run.status != 0, told(run)
    assert "cluster" in (run.out + run.err).lower(), told(run)


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
