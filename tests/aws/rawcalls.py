"""Signed calls by hand: what the emulator is proved with.

Nothing here is shared with the program under test, nor with botocore.
"""

import dataclasses
import datetime
import hashlib
import hmac
import http.client
import xml.etree.ElementTree as ET
from urllib.parse import quote, urlsplit

from accounts import REGION

VERSIONS = {
    "ec2": "2016-11-15",
    "elasticloadbalancing": "2015-12-01",
    "elasticache": "2015-02-02",
    "sts": "2011-06-15",
}

_FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclasses.dataclass
class Answer:
    """Status and body; `root` where it is XML."""

    status: int
    body: bytes

    @property
    def root(self):
        root = ET.fromstring(self.body)
        for element in root.iter():
            element.tag = element.tag.split("}")[-1]
        return root

    def text(self, path):
        return self.root.findtext(f".//{path}")

    @property
    def code(self):
        return self.text("Code")


def _digest(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _signed(account, service, host, body, now):
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": _FORM, "host": host, "x-amz-date": stamp}
    if account.token:
        headers["x-amz-security-token"] = account.token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"POST\n/\n\n{lines}\n{names}\n"
    canonical += hashlib.sha256(body).hexdigest()
    scope = f"{stamp[:8]}/{REGION}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n"
    text += hashlib.sha256(canonical.encode()).hexdigest()
    key = b"AWS4" + account.secret.encode()
    for part in (stamp[:8], REGION, service, "aws4_request"):
        key = _digest(key, part)
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={account.key}/{scope}, "
        f"SignedHeaders={names}, Signature={_digest(key, text).hex()}"
    )
    return headers


def encode(parameters):
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(str(value), safe='-_.~')}"
        for name, value in parameters.items()
    )


def call(
    url, account, service, action, parameters=None, now=None, spoil=None
):
    """An Answer; `spoil` may change the headers after they were signed."""
    given = {"Action": action, "Version": VERSIONS[service]}
    given.update(parameters or {})
    body = encode(given).encode()
    host = urlsplit(url).netloc
    now = now or datetime.datetime.now(datetime.timezone.utc)
    headers = _signed(account, service, host, body, now)
    if spoil:
        spoil(headers)
    connection = http.client.HTTPConnection(host, timeout=30)
    try:
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read())
    finally:
        connection.close()
