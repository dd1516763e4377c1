"""Every parameter of a call is one that the service has, written as it is.

The body is parsed by botocore's model of the operation, validated, and
written again by botocore: what came and what comes must be the same pairs.
So a name that is misspelt, a list that is counted from 0, a "True", or a
value that no enumeration has cannot pass.
"""

import functools
import re

from botocore import loaders, model, serialize, validate
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model

_MODELS = {
    "ec2": "ec2",
    "elasticloadbalancing": "elbv2",
    "elasticache": "elasticache",
    "sts": "sts",
}


@functools.cache
def _service(name):
    loaded = loaders.Loader().load_service_model(_MODELS[name], "service-2")
    return model.ServiceModel(loaded, _MODELS[name])


def _parsed(operation, pairs):
    """By moto's parser, which wants moto's form of the model."""
    service = operation.service_model
    theirs = get_service_model(service.service_name)
    parser = PROTOCOL_PARSERS[service.metadata["protocol"]](
        theirs.operation_model(operation.name)
    )
    values = dict(pairs)
    return parser.parse(
        {
            "method": "POST",
            "values": values,
            "headers": {},
            "body": b"",
            "url_path": "/",
            "url_params": {},
        }
    )


def _written(operation, parameters):
    protocol = operation.service_model.metadata["protocol"]
    serializer = serialize.create_serializer(protocol, False)
    body = serializer.serialize_to_request(parameters, operation)["body"]
    return {
        name: str(value)
        for name, value in body.items()
        if name not in ("Action", "Version")
    }


def _values(shape, value, path):
    """(path, shape, text) of every leaf."""
    if shape.type_name == "structure":
        for name, inner in (value or {}).items():
            member = shape.members[name]
            yield from _values(member, inner, f"{path}.{name}")
    elif shape.type_name == "list":
        for inner in value or []:
            yield from _values(shape.member, inner, path)
    else:
        yield path, shape, value


def _outside(shape, value):
    """Why the value is none of this shape's; None: it may be."""
    # wire and words differ in case for some of EC2's
    allowed = {one.lower() for one in getattr(shape, "enum", [])}
    if allowed and str(value).lower() not in allowed:
        return f"{value!r} is none of {sorted(allowed)[:12]}"
    limits = shape.metadata
    if shape.type_name == "string":
        if len(str(value)) > limits.get("max", 1 << 30):
            return f"longer than {limits['max']}"
        pattern = limits.get("pattern")
        if pattern and not re.search(_python(pattern), str(value)):
            return f"does not match {pattern}"
    return None


def _python(pattern):
    """AWS writes patterns for Java."""
    for name, letters in (("L", "a-zA-Z"), ("N", "0-9"), ("Z", r"\s")):
        pattern = pattern.replace(r"\p{%s}" % name, letters)
    return f"^(?:{pattern})$" if pattern[:1] != "^" else pattern


def complaints(service, action, pairs):
    """What is wrong with the parameters of a call; [] when nothing is."""
    if service not in _MODELS:
        return []
    known = _service(service)
    if action not in known.operation_names:
        return [f"{service} has no operation {action!r}"]
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return [f"given twice: {twice}"]
    operation = known.operation_model(action)
    return _differences(operation, pairs)


def _differences(operation, pairs):
    sent = dict(pairs)
    try:
        parameters = _parsed(operation, pairs)
    except Exception as error:  # a parser says no in many ways
        return [f"cannot be parsed: {error!r}"]
    report = validate.ParamValidator().validate(
        parameters, operation.input_shape
    )
    wrong = [report.generate_report()] if report.has_errors() else []
    for path, shape, value in _values(operation.input_shape, parameters, ""):
        reason = _outside(shape, value)
        if reason:
            wrong.append(f"{path[1:]}: {reason}")
    written = _written(operation, parameters)
    for name in sorted(sent.keys() | written.keys()):
        if sent.get(name) != written.get(name):
            wrong.append(
                f"{name}: came as {sent.get(name)!r}, "
                f"is written {written.get(name)!r}"
            )
    return wrong
