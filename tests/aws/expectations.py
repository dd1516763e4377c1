"""What must be there, and what must not: read from the census."""

from accounts import APP, PROVIDER, SHOP

PORT = 6379

# Of how many calls a run may consist, on an empty pair of accounts.
CREATE_CALLS, IDLE_CALLS, DESTROY_CALLS = 26, 9, 11

# The changes that making a path takes at the least.
LEAST_WRITES = 10


def of(world, account):
    return world.census().get(account.number, {})


def made_groups(there):
    """The security groups that no test made."""
    ours = ("cache", "by-hand", "clients", "theirs")
    return {
        name for name in there["security_groups"].values() if name not in ours
    }


def provider_side(world, targets=None, principals=None, listeners=(PORT,)):
    """Exactly one of each, in the provider's account."""
    there = of(world, PROVIDER)
    assert len(there["services"]) == 1, there
    assert len(there["load_balancers"]) == 1, there
    assert len(there["target_groups"]) == len(listeners), there
    ports = [int(name.rsplit(":", 1)[1]) for name in there["listeners"]]
    assert sorted(ports) == sorted(listeners), there
    (permitted,) = there["principals"].values()
    assert permitted == sorted(principals or [APP.arn]), there
    wanted = targets or [f"{world.nodes.addresses[0]}:{PORT}"]
    for registered in there["target_groups"].values():
        assert registered == sorted(wanted), there
    return there


def consumer_side(world, account=APP, state="available"):
    """Exactly one endpoint, one group and its rules."""
    there = of(world, account)
    assert list(there["endpoints"].values()) == [state], there
    groups = made_groups(there)
    assert len(groups) == 1, there
    (group,) = groups
    rules = there["ingress"][group]
    assert rules and len(set(rules)) == len(rules), there
    assert all(f":{PORT}-{PORT}:" in rule for rule in rules), there
    return there


def whole(world, **options):
    """One of each on both sides."""
    return provider_side(world, **options), consumer_side(world)


def nothing(world):
    """Of what a path is made of, in any account."""
    for account in (PROVIDER, APP, SHOP):
        there = of(world, account)
        for kind in (
            *("services", "endpoints", "load_balancers", "target_groups"),
            "listeners",
        ):
            assert not there.get(kind), (kind, there)
        if there:
            assert not made_groups(there), there


def tagged(there):
    """The tags of all that a path made, by id."""
    found = {**there["tags"], **there["elb_tags"]}
    return {
        name: tags for name, tags in found.items() if "linkprobe:path" in tags
    }
