"""Certificates for cache.redis(tls=...): functions of the world."""

import certificates
import names

_SUBJECT = f"DNS:{names.CERTIFIED}"


def own(world):
    """The one that is right."""
    return world.certificate


def expired(world):
    return world.authority.issue("expired", _SUBJECT, until="20210101000000Z")


def expires_soon(world):
    return world.authority.issue("soon", _SUBJECT, days=7)


def self_signed(world):
    folder = world.new_folder()
    certificates.Authority(folder, "self")
    return certificates.Certificate(folder, "self")
