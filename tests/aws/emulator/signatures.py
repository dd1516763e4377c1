"""The oracle: botocore makes each signature again, from the bytes that came.

moto's own check is none: it encodes the form that it parsed, and refuses
requests that are right.
"""

import datetime
import hashlib
import hmac
import re
from urllib.parse import quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.iam.access_control import IAMRequestBase

from emulator import callers, state

# The gate has looked already.
IAMRequestBase.check_signature = lambda self: None

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/"
    r"aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)

# So begins what is said of a clock, which no signer can be blamed for.
EXPIRED = "Signature expired"

_UNKNOWN_KEY = {"ec2": (401, "AuthFailure")}
_MISMATCH = {"ec2": (403, "AuthFailure")}
_TOO_OLD = {"ec2": (400, "RequestExpired")}


class Refused(Exception):
    """What AWS answers: status, code, message."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def clock():
    """The time by the clock of AWS."""
    ahead = datetime.timedelta(seconds=state.SETTINGS["clock_s"])
    return datetime.datetime.now(datetime.timezone.utc) + ahead


def headers_of(environ):
    headers = {
        key[5:].replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(key):
            headers[key.replace("_", "-").lower()] = environ[key]
    return headers


def _token_fits(caller, headers, service):
    sent = headers.get("x-amz-security-token")
    if sent == caller.token:
        return
    status, code = _UNKNOWN_KEY.get(service, (403, "InvalidClientTokenId"))
    text = "The security token included in the request is invalid."
    raise Refused(status, code, text)


def _signed_enough(names, headers):
    must = {"host", "x-amz-date"}
    must |= {name for name in headers if name.startswith("x-amz-")}
    missing = sorted(must - set(names))
    if missing or names != sorted(names):
        text = f"SignedHeaders lacks {missing} or is not sorted"
        raise Refused(403, "SignatureDoesNotMatch", text)


def _recent(headers, service):
    stamp = headers.get("x-amz-date", "")
    try:
        when = datetime.datetime.strptime(stamp + "+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:
        text = f"Date must be in ISO-8601 'basic format'. Got '{stamp}'."
        raise Refused(403, "IncompleteSignature", text) from None
    away = abs((clock() - when).total_seconds())
    if away > state.SETTINGS["max_skew_s"]:
        status, code = _TOO_OLD.get(service, (403, "SignatureDoesNotMatch"))
        text = f"{EXPIRED}: {stamp} is {away:.0f} s away"
        raise Refused(status, code, text)
    return stamp


def _url(environ, host):
    path = quote(environ.get("PATH_INFO", "/"), safe="/~") or "/"
    query = environ.get("QUERY_STRING", "")
    target = path + ("?" + query if query else "")
    return f"http://{host}{environ.get('RAW_URI', target)}"


def _same_body(headers, body):
    said = headers.get("x-amz-content-sha256")
    if said and said != hashlib.sha256(body).hexdigest():
        text = "x-amz-content-sha256 does not match the body"
        raise Refused(400, "XAmzContentSHA256Mismatch", text)


def _scope_of(headers):
    sent = headers.get("authorization", "")
    match = _AUTHORIZATION.fullmatch(sent)
    if not match:
        text = f"Authorization header is not understood: {sent[:60]}"
        raise Refused(403, "IncompleteSignature", text)
    return match.groups()


def _not_expired(caller, service):
    if callers.expired(caller):
        code = "RequestExpired" if service == "ec2" else "ExpiredToken"
        text = "The security token included in the request is expired"
        raise Refused(400 if service == "ec2" else 403, code, text)


def verify(environ, body, wanted_service):
    """(Caller, access key), or Refused as AWS would."""
    headers = headers_of(environ)
    key, day, region, service, signed, signature = _scope_of(headers)
    caller = callers.find(key)
    if caller is None:
        status, code = _UNKNOWN_KEY.get(service, (403, "InvalidClientTokenId"))
        text = "The security token included in the request is invalid."
        raise Refused(status, code, text)
    if wanted_service and service != wanted_service:
        text = (
            f"Credential should be scoped to correct service: "
            f"'{wanted_service}'."
        )
        raise Refused(403, "SignatureDoesNotMatch", text)
    names = signed.split(";")
    _signed_enough(names, headers)
    _token_fits(caller, headers, service)
    stamp = _recent(headers, service)
    _same_body(headers, body)
    request = AWSRequest(
        method=environ["REQUEST_METHOD"],
        url=_url(environ, headers["host"]),
        data=body,
        headers={name: headers.get(name, "") for name in names},
    )
    request.context["timestamp"] = stamp
    signer = SigV4Auth(
        Credentials(key, caller.secret, caller.token), service, region
    )
    canonical = signer.canonical_request(request)
    text = signer.string_to_sign(request, canonical)
    good = signer.signature(text, request)
    if day != stamp[:8] or not hmac.compare_digest(good, signature):
        status, code = _MISMATCH.get(service, (403, "SignatureDoesNotMatch"))
        raise Refused(status, code, f"the canonical request:\n{canonical}")
    _not_expired(caller, service)
    return caller, key
