"""What EC2's lists have in common: filters, tags and pages."""

from moto.ec2.exceptions import EC2ClientError

from emulator.state import matches


def tags_of(resource):
    return {tag["key"]: tag["value"] for tag in resource.get_tags()}


def _by_tag(name, wanted, tags):
    """True, false, or None when the filter is not about tags."""
    if name.startswith("tag:"):
        return name[4:] in tags and matches(tags[name[4:]], wanted)
    if name == "tag-key":
        return bool(tags) and matches(list(tags), wanted)
    return None


def _passes(name, wanted, resource, attributes):
    if hasattr(resource, "get_tags"):
        hit = _by_tag(name, wanted, tags_of(resource))
        if hit is not None:
            return hit
    values = attributes(resource)
    if name not in values:
        raise EC2ClientError(
            "InvalidFilter", f"The filter '{name}' is invalid"
        )
    return matches(values[name], wanted)


def filters_of(request):
    """{name: values} of a request."""
    return {
        one["Name"]: one.get("Values") or one.get("Value") or []
        for one in request._get_param("Filters", []) or []
    }


def filtered(request, resources, attributes):
    """Those that pass; attributes(resource) names what is filtered by."""
    for name, wanted in filters_of(request).items():
        resources = [
            resource
            for resource in resources
            if _passes(name, wanted, resource, attributes)
        ]
    return resources


def page(request, items, size="MaxResults", token="NextToken", most=1000):
    """(items of this page, the token of the next)."""
    limit = int(request._get_param(size) or most)
    start = int(request._get_param(token) or 0)
    end = start + limit
    return items[start:end], str(end) if end < len(items) else None


def unsuccessful(resource, code, message):
    """An item of EC2's partial failures."""
    return {
        "ResourceId": resource,
        "Error": {"Code": code, "Message": message},
    }
