"""What the contract says of each verdict: stage, hop, severity.

A test reproduces the fault for real and asks for the id; the rest of what a
user relies on (exit status, stage, hop, the texts that must be there) is held
against this table, so that it is right in every test.
"""

from program import CRITICAL, OK, WARNING

# id: (stage, hop, exit status)
TABLE = {
    "OK": (None, None, OK),
    "DNS_BAD_NAME": ("dns", "resolver", CRITICAL),
    "DNS_NXDOMAIN": ("dns", "endpoint", CRITICAL),
    "DNS_DANGLING_CNAME": ("dns", "endpoint", CRITICAL),
    "DNS_NODATA": ("dns", "endpoint", CRITICAL),
    "DNS_SERVFAIL": ("dns", "resolver", CRITICAL),
    "DNS_REFUSED": ("dns", "resolver", CRITICAL),
    "DNS_TIMEOUT": ("dns", "resolver", CRITICAL),
    "DNS_UNREACHABLE": ("dns", "resolver", CRITICAL),
    "DNS_TC_TCP_BLOCKED": ("dns", "resolver", CRITICAL),
    "DNS_SPLIT_HORIZON": ("dns", "resolver", CRITICAL),
    "DNS_ZONAL_MISSING": ("dns", "resolver", CRITICAL),
    "DNS_AZ_WITHDRAWN": ("dns", "resolver", CRITICAL),
    "DNS_STALE": ("dns", "resolver", CRITICAL),
    "DNS_SEARCH_DOMAIN": ("dns", "resolver", CRITICAL),
    "DNS_PRIVATE_NAME_OFF": ("dns", "endpoint", CRITICAL),
    "TCP_TIMEOUT_ALL": ("tcp", "endpoint", CRITICAL),
    "TCP_TIMEOUT_ONE_AZ": ("tcp", "load_balancer", CRITICAL),
    "TCP_REFUSED": ("tcp", "target", CRITICAL),
    "TCP_REFUSED_ONE_AZ": ("tcp", "load_balancer", CRITICAL),
    "TCP_NO_ROUTE_LOCAL": ("tcp", "client", CRITICAL),
    "TCP_RST_AFTER_ACCEPT": ("ping", "target", CRITICAL),
    "APP_SILENT": ("ping", "target", CRITICAL),
    "APP_PROXY_V2": ("ping", "load_balancer", CRITICAL),
    "TLS_REQUIRED": ("ping", "redis", CRITICAL),
    "TLS_NOT_OFFERED": ("tls", "redis", CRITICAL),
    "TLS_NAME_MISMATCH": ("tls", "redis", CRITICAL),
    "TLS_EXPIRED": ("tls", "redis", CRITICAL),
    "TLS_UNKNOWN_CA": ("tls", "redis", CRITICAL),
    "TLS_EXPIRES_SOON": ("tls", "redis", WARNING),
    "AUTH_REQUIRED": ("ping", "redis", CRITICAL),
    "AUTH_REJECTED": ("auth", "redis", CRITICAL),
    "AUTH_IAM_EXPIRED": ("auth", "redis", CRITICAL),
    "AUTH_NOPERM": ("set", "redis", CRITICAL),
    "AUTH_NOT_CONFIGURED": ("auth", "redis", WARNING),
    "REDIS_READONLY": ("set", "target", CRITICAL),
    "REDIS_LOADING": ("ping", "redis", CRITICAL),
    "REDIS_MASTERDOWN": ("ping", "redis", CRITICAL),
    "REDIS_NOREPLICAS": ("set", "redis", CRITICAL),
    "REDIS_MOVED": ("set", "redis", CRITICAL),
    "REDIS_MOVED_UNREACHABLE": ("set", "redis", CRITICAL),
    "REDIS_CLUSTERDOWN": ("set", "redis", CRITICAL),
    "REDIS_OOM": ("set", "redis", CRITICAL),
    "REDIS_MISCONF": ("ping", "redis", CRITICAL),
    "REDIS_MAXCLIENTS": ("ping", "redis", CRITICAL),
    "REDIS_PROTECTED": ("ping", "redis", CRITICAL),
    "REDIS_BUSY": ("ping", "redis", CRITICAL),
    "REDIS_RENAMED": ("set", "redis", CRITICAL),
    "REDIS_SENTINEL": ("set", "redis", CRITICAL),
    "REDIS_ROLE_MISMATCH": ("role", "redis", CRITICAL),
    "REDIS_VALUE_MISMATCH": ("get", "redis", CRITICAL),
    "REDIS_PROTOCOL": ("ping", "redis", CRITICAL),
    "REDIS_PAUSED": ("set", "redis", WARNING),
    "REDIS_SLOW": ("ping", "redis", WARNING),
    "PERF_LOSS": (None, "client", WARNING),
    "WRONG_SERVICE": ("ping", "target", CRITICAL),
    "CLEANUP_FAILED": ("cleanup", "redis", WARNING),
    "THRESHOLD_EXCEEDED": (None, None, CRITICAL),
    "UNKNOWN_ERROR": (None, None, CRITICAL),
}

# Warnings that a busy machine brings about, and no fault of the test.
OF_A_BUSY_MACHINE = (
    *("REDIS_SLOW", "REDIS_PAUSED", "TCP_SLOW_CONNECT"),
    *("PERF_LOSS", "PERF_ENGINE"),
)

STATUS = {0: "ok", 1: "warning", 2: "critical", 3: "unknown"}

STAGES = (
    "dns",
    "tcp",
    "tls",
    "auth",
    "ping",
    "role",
    "set",
    "get",
    "cleanup",
)


def stages_of(address):
    """The stages of an address by name."""
    return {stage["stage"]: stage for stage in address["stages"]}


def cause_of(result, stage):
    """The cause that the report gives for `stage`."""
    if stage == "dns":
        return result["dns"]["cause"]
    causes = [
        stages_of(address)[stage]["cause"]
        for address in result["addresses"]
        if stages_of(address).get(stage, {}).get("cause")
    ]
    return causes[0] if causes else None


def assert_verdict(run, verdict, cause=None, status=None, stage=None):
    """Is `run` (--format json, one target) what `verdict` must look like?"""
    want_stage, hop, severity = TABLE[verdict]
    stage = stage or want_stage
    status = severity if status is None else status
    result = run.object
    found = result["verdict"]
    if verdict == "OK" and found["id"] in OF_A_BUSY_MACHINE:
        assert run.status == WARNING, str(run)
        return result
    assert found["id"] == verdict, str(run)
    assert run.status == status, str(run)
    assert result["status"] == STATUS[status], str(run)
    if stage:
        assert found["stage"] == stage, str(run)
    if verdict != "OK" and hop:
        assert found["hop"] == hop, str(run)
    if cause:
        assert cause_of(result, stage) == cause, str(run)
    assert_helpful(result, verdict, run)
    return result


def assert_helpful(result, verdict, run):
    """A verdict says what was seen, why, and what to do."""
    found = result["verdict"]
    assert found["summary"], str(run)
    if verdict == "OK":
        return
    assert found["evidence"], str(run)
    assert found["cause"], str(run)
    assert found["more"] == f"linkprobe explain {verdict}", str(run)
    for fix in found["fix"]:
        assert fix["command"], str(run)
        assert fix["where"] in ("client", "consumer", "provider"), str(run)
        assert fix["changes"] in (True, False), str(run)


def calm(run, *words, **options):
    """Run it; again, where it warned of nothing but a busy machine."""
    for _ in range(10):
        made = run(*words, **options)
        if not any(verdict in made.out for verdict in OF_A_BUSY_MACHINE):
            break
    return made
