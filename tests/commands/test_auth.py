"""The stage auth: passwords, users, rights."""

import pytest

from verdicts import assert_verdict, stages_of

SECRET = "correct-horse"


def user(rules):
    """The configuration of one ACL user called probe."""
    return {"user": f"probe on >{SECRET} {rules}"}


def with_password(secret=SECRET):
    return {"env": {"LINKPROBE_PASSWORD": secret}}


def test_the_right_password(check, redis):
    cache = redis(requirepass=SECRET)
    run = check(cache.target, **with_password())
    result = assert_verdict(run, "OK")
    assert stages_of(result["addresses"][0])["auth"]["status"] == "ok"


def test_no_password_where_one_is_required(check, redis):
    run = check(redis(requirepass=SECRET).target)
    result = assert_verdict(run, "AUTH_REQUIRED", cause="denied")
    assert stages_of(result["addresses"][0])["auth"]["status"] == "skipped"


def test_a_wrong_password(check, redis):
    cache = redis(requirepass=SECRET)
    run = check(cache.target, **with_password("wrong"))
    result = assert_verdict(run, "AUTH_REJECTED", cause="denied")
    stages = stages_of(result["addresses"][0])
    assert [stages[s]["status"] for s in ("tcp", "auth", "ping", "set")] == [
        *("ok", "critical", "skipped", "skipped")
    ]


def test_a_password_where_none_is_configured(check, redis):
    """The cache works, so this only warns; the rest goes on."""
    run = check(redis().target, **with_password())
    result = assert_verdict(run, "AUTH_NOT_CONFIGURED", cause="nopassword")
    stages = stages_of(result["addresses"][0])
    assert stages["get"]["status"] == "ok"


def test_a_user_and_a_password(check, redis):
    cache = redis(**user("~linkprobe:* +@all"))
    run = check("--user", "probe", cache.target, **with_password())
    assert_verdict(run, "OK")
    run = check("--user", "nobody", cache.target, **with_password())
    assert_verdict(run, "AUTH_REJECTED", cause="denied")


@pytest.mark.parametrize(
    "rules, stage",
    [
        ("~* +ping +get +role", "set"),
        ("~other:* +@all", "set"),
        ("~* +get +set +del", "ping"),
        ("~* +ping +set +del +role", "get"),
    ],
)
def test_a_user_without_a_right(check, redis, rules, stage):
    cache = redis(**user(rules))
    run = check("--user", "probe", cache.target, **with_password())
    assert_verdict(run, "AUTH_NOPERM", cause="denied", stage=stage)


def test_a_user_who_may_not_ask_for_the_role(check, redis):
    """Neither ROLE nor INFO: no failure, and the role is not known."""
    cache = redis(**user("~* +ping +get +set +del"))
    run = check("--user", "probe", cache.target, **with_password())
    result = assert_verdict(run, "OK")
    assert result["addresses"][0]["server"]["role"] is None


def test_a_user_who_may_only_ask_info(check, redis):
    cache = redis(**user("~* +ping +get +set +del +info"))
    run = check("--user", "probe", cache.target, **with_password())
    result = assert_verdict(run, "OK")
    assert result["addresses"][0]["server"]["role"] == "master"


def test_a_user_who_may_not_clean_up(check, redis):
    """The key's time to live removes it: a warning, and no more."""
    cache = redis(**user("~* +ping +get +set +role"))
    run = check("--user", "probe", cache.target, **with_password())
    assert_verdict(run, "CLEANUP_FAILED", cause="denied")
    client = cache.client()
    (key,) = client("KEYS", "*")
    assert 0 < client("PTTL", key) <= 60000


def test_a_key_prefix_that_the_user_may_use(check, redis):
    cache = redis(**user("~ours:* +@all"))
    run = check(
        *("--user", "probe", "--key-prefix", "ours:", cache.target),
        **with_password(),
    )
    assert_verdict(run, "OK")


def test_the_database_of_the_url_is_selected(check, redis):
    cache = redis()
    run = check("--key-prefix", "seen:", f"redis://{cache.target}/3")
    assert_verdict(run, "OK")
    stats = cache.client()("INFO", "commandstats").decode()
    assert "cmdstat_select" in stats


def test_a_database_that_is_not_there(check, redis):
    """Nothing is written to another one instead."""
    cache = redis(databases=4)
    run = check(f"redis://{cache.target}/9")
    assert_verdict(run, "UNKNOWN_ERROR", cause="dbindex", stage="auth")
    assert "SELECT refused" in run.object["verdict"]["summary"], str(run)
    (address,) = run.object["addresses"]
    assert stages_of(address)["set"]["status"] == "skipped", str(run)
    assert not address["written"]
    assert "cmdstat_set:" not in cache.client()("INFO", "commandstats").decode()


def test_advice_for_a_user_is_given_as_that_user(check, redis, home):
    cache = redis(**user("+ping"))
    (home / "secret").write_text(SECRET)
    words = "--user", "probe", "--password-file", home / "secret"
    run = check(*words, "--address", cache.host, f"cache.test:{cache.port}")
    assert_verdict(run, "AUTH_NOPERM")
    commands = [fix["command"] for fix in run.object["verdict"]["fix"]]
    again = [c for c in commands if c.startswith("linkprobe check")]
    assert again, str(run)
    for command in again:
        assert "--user probe" in command
        assert f"--password-file {home}/secret" in command
        assert f"--address {cache.host}" in command
