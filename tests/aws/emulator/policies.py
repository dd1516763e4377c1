"""IAM: do the policies of a key allow what a call needs?"""

import fnmatch

from emulator import permissions, signatures, state

_ALWAYS = "sts:GetCallerIdentity"

_OPERATORS = {
    "StringEquals": lambda have, want: have == want,
    "StringLike": fnmatch.fnmatchcase,
    "ArnLike": fnmatch.fnmatchcase,
    "ArnEquals": fnmatch.fnmatchcase,
    "StringEqualsIgnoreCase": lambda a, b: a.lower() == b.lower(),
    "Bool": lambda have, want: have.lower() == want.lower(),
}


def _as_list(value):
    return value if isinstance(value, list) else [value]


def _condition_holds(operator, key, wanted, context):
    quantifier, _, operator = operator.rpartition(":")
    optional = operator.endswith("IfExists")
    compare = _OPERATORS[operator.removesuffix("IfExists")]
    have = context.get(key.lower())
    if not have:
        return optional or quantifier == "ForAllValues"
    wanted = [str(one) for one in _as_list(wanted)]
    hits = [any(compare(one, other) for other in wanted) for one in have]
    return all(hits) if quantifier == "ForAllValues" else any(hits)


def _conditions_hold(statement, context):
    return all(
        _condition_holds(operator, key, wanted, context)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _names(patterns, text):
    return any(
        fnmatch.fnmatchcase(text.lower(), pattern.lower())
        for pattern in _as_list(patterns)
    )


def _speaks_of(statement, need):
    return (
        _names(statement.get("Action", []), need.action)
        and _names(statement.get("Resource", []), need.resource)
        and _conditions_hold(statement, need.context)
    )


def _allows(policies, need):
    effects = {
        statement["Effect"]
        for policy in policies
        for statement in _as_list(policy["Statement"])
        if _speaks_of(statement, need)
    }
    return effects == {"Allow"}


def enforce(key, service, action, given, account, region):
    """Refused unless the key's policies allow all that is needed."""
    policies = state.SETTINGS["policies"].get(key)
    if policies is None:
        return
    call = permissions.Call(service, action, given, account, region)
    for need in call.needs():
        if need.action != _ALWAYS and not _allows(policies, need):
            code = "AccessDenied"
            if service == "ec2":
                code = "UnauthorizedOperation"
            raise signatures.Refused(
                403,
                code,
                f"You are not authorized to perform: {need.action} on "
                f"resource: {need.resource}",
            )
