"""VPCs: zone ids differ by account, and lists of groups lag behind."""

import copy

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.availability_zones_and_regions import Zone

from emulator import endpoints, state
from emulator.state import replaces

_FIELDS = {
    "zone-id": "zone_id",
    "zone-name": "name",
    "region-name": "region_name",
    "state": "state",
    "zone-type": "zone_type",
}


def _shifted(self, by):
    zones = self.zones.get(self.region_name, [])
    if not by or not zones:
        return zones
    made = self.__dict__.setdefault("lp_zones", {})
    if by not in made:
        ids = [zone.zone_id for zone in zones]
        by_name = zip(zones, ids[by % len(ids) :] + ids[: by % len(ids)])
        made[by] = [
            Zone(zone.name, zone.region_name, zone_id, zone.zone_type)
            for zone, zone_id in by_name
        ]
    return made[by]


@replaces(EC2Backend, "describe_availability_zones")
def _zones(_old, self, filters=None, zone_names=None, zone_ids=None):
    by = int(state.SETTINGS["az_shift"].get(self.account_id, 0))
    return [
        zone
        for zone in _shifted(self, by)
        if (not zone_ids or zone.zone_id in zone_ids)
        and (not zone_names or zone.name in zone_names)
        and all(
            getattr(zone, _FIELDS[one["Name"]]) in one["Values"]
            for one in filters or []
        )
    ]


@replaces(EC2Backend, "create_subnet")
def _create_subnet(old, self, *arguments, **options):
    subnet = old(self, *arguments, **options)
    for zone in self.describe_availability_zones():
        if zone.name == subnet.availability_zone:
            subnet._availability_zone = zone
    return subnet


@replaces(EC2Backend, "create_security_group")
def _create_group(old, self, *arguments, **options):
    return state.born(old(self, *arguments, **options))


@replaces(EC2Backend, "authorize_security_group_ingress")
def _authorize(old, self, *arguments, **options):
    result = old(self, *arguments, **options)
    for groups in self.groups.values():
        for group in groups.values():
            for rule in group.ingress_rules:
                if "lp_born" not in rule.__dict__:
                    state.born(rule)
    state.changed()
    return result


@replaces(EC2Backend, "revoke_security_group_ingress")
def _revoke(old, self, *arguments, **options):
    result = old(self, *arguments, **options)
    state.changed()
    return result


def _as_listed(group):
    """A list shows a group without the rules that it just got."""
    if not state.lag_s():
        return group
    shown = copy.copy(group)
    shown.ingress_rules = [
        rule for rule in group.ingress_rules if state.visible(rule)
    ]
    return shown


@replaces(EC2Backend, "describe_security_groups")
def _describe_groups(
    old, self, group_ids=None, groupnames=None, filters=None
):
    found = old(self, group_ids, groupnames, filters)
    if group_ids:
        return found
    gone = [
        group
        for group in state.ghosts["group"].of(self)
        if not filters or group.matches_filters(filters)
    ]
    shown = [group for group in found if state.visible(group)]
    return [_as_listed(group) for group in shown] + gone


@replaces(EC2Backend, "delete_security_group")
def _delete_group(old, self, name=None, group_id=None):
    for endpoint in list(self.vpc_end_points.values()):
        used = group_id in endpoint.security_group_ids
        if used and endpoints.state_of(endpoint) != "deleted":
            raise EC2ClientError(
                "DependencyViolation",
                f"resource {group_id} has a dependent object",
            )
    group = self.get_security_group_from_id(group_id) if group_id else None
    result = old(self, name, group_id)
    if group is not None:
        state.ghosts["group"].add(self, group)
    state.changed()
    return result


def _covers(rule, port):
    if str(rule.ip_protocol) == "-1":
        return True
    if str(rule.ip_protocol) not in ("tcp", "6"):
        return False
    return int(rule.from_port) <= port <= int(rule.to_port)


def admitted(ec2, group_ids, port):
    """The ranges that these groups let in at `port`."""
    ranges = set()
    for name in group_ids:
        group = ec2.get_security_group_from_id(name)
        for rule in list(group.ingress_rules) if group else []:
            cidr = (rule.ip_range or {}).get("CidrIp")
            if cidr and _covers(rule, port):
                ranges.add(cidr)
    return sorted(ranges)
