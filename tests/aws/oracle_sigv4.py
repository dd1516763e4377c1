"""oracle_sigv4.py SIGN_REQUESTS: our signatures are botocore's.

Thousands of requests, made at random from a fixed seed, are signed by botocore
and by our signer, by headers and by query.  The sets are chosen so that each
rule of the canonical form is met: odd paths, names that sort differently with
and without their "=", duplicate names, headers with runs of blanks, tokens,
bodies of any bytes.
"""

import datetime
import random
import subprocess
import sys
from urllib.parse import parse_qsl, quote

try:
    import botocore.auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    print("botocore is missing")
    sys.exit(77)

COUNT = 4000
PLAIN = "abcXYZ019-._~"
ODD = PLAIN + "/:@!$'()*,;=+ &?%\"<>[]\\^`{|}\u00e9\u20ac\U0001f511\x01\x7f"


def text(rng, alphabet, most, least=0):
    return "".join(rng.choices(alphabet, k=rng.randint(least, most)))


def a_path(rng, keep):
    if rng.random() < 0.3:
        return "/"
    segments = [
        rng.choice(["", ".", ".."])
        if rng.random() < 0.25
        else quote(text(rng, ODD, 8, 1), safe=rng.choice(["~", "~:@!$'()*,;=+&"]))
        for _ in range(rng.randint(1, 5))
    ]
    return "/" + "/".join(segments) + ("/" if rng.random() < 0.3 else "")


def some_pairs(rng, unique):
    """Names that share beginnings: sorted as pairs, not as "name=value"."""
    names = [text(rng, rng.choice(["a-", "aA.1", ODD]), 3, 1)
             for _ in range(rng.randint(0, 6))]
    if unique:
        names = list(dict.fromkeys(names))
    return [(name, text(rng, ODD, 12)) for name in names]


def a_query(rng, unique):
    return "&".join(quote(name, safe="") + "=" + quote(value, safe="")
                    for name, value in some_pairs(rng, unique))


def some_headers(rng):
    headers = []
    for _ in range(rng.randint(0, 4)):
        name = rng.choice(["X-Amz-Target", "x-amz-meta-a", "X-AMZ-Meta-A",
                           "Content-Type", "Zeta", "Accept", "x-amz-e"])
        value = text(rng, "ab, \t=\"'é", 16) if rng.random() < 0.9 else ""
        headers.append((name, value))
    return headers


class Case:
    def __init__(self, rng):
        self.how = rng.choice(["header", "header", "query"])
        self.keep = self.how == "header" and rng.random() < 0.2
        self.expires = rng.choice([1, 900, 604800])
        self.now = rng.randrange(0, 4102444800)
        self.method = rng.choice(["GET", "POST", "PUT", "DELETE"])
        self.host = rng.choice(["ec2.us-west-2.amazonaws.com", "my-cache",
                                "127.0.0.1:5000", "[::1]:5000"])
        self.path = a_path(rng, self.keep)
        self.query = a_query(rng, self.how == "query")
        self.region = rng.choice(["us-west-2", "cn-north-1", "eu-central-1"])
        self.service = "s3" if self.keep else rng.choice(
            ["ec2", "elasticloadbalancing", "elasticache", "sts"])
        self.access = "AKID" + text(rng, "ABC123", 12)
        self.secret = text(rng, PLAIN + "+/", 40, 1)
        self.token = text(rng, PLAIN + "+/=", 200, 1) if rng.random() < 0.5 else None
        self.body = rng.randbytes(rng.choice([0, 0, 1, 63, 64, 65, 300]))
        self.headers = some_headers(rng)
        if self.keep:  # which botocore always makes and signs there
            import hashlib
            digest = hashlib.sha256(self.body).hexdigest()
            self.headers.append(("X-Amz-Content-SHA256", digest))

    def by_botocore(self):
        moment = datetime.datetime.fromtimestamp(self.now, datetime.timezone.utc)
        botocore.auth.get_current_datetime = lambda *_: moment
        url = f"http://{self.host}{self.path}"
        request = AWSRequest(self.method, url + ("?" + self.query if self.query else ""),
                             data=None if self.how == "query" else self.body)
        for name, value in self.headers:
            if name != "X-Amz-Content-SHA256":
                request.headers.add_header(name, value)
        keys = Credentials(self.access, self.secret, self.token)
        if self.how == "query":
            botocore.auth.SigV4QueryAuth(
                keys, self.service, self.region, expires=self.expires
            ).add_auth(request)
            return sorted(parse_qsl(request.url.partition("?")[2],
                                    keep_blank_values=True))
        kind = botocore.auth.S3SigV4Auth if self.keep else botocore.auth.SigV4Auth
        kind(keys, self.service, self.region).add_auth(request)
        return request.headers["Authorization"]

    def line(self):
        body = b"" if self.how == "query" else self.body
        fields = [self.how, str(int(self.keep)), str(self.expires),
                  str(self.now), self.method, self.host, self.path, self.query,
                  self.region, self.service, self.access, self.secret,
                  self.token, body]
        for pair in self.headers:
            fields += pair
        return " ".join(
            "-" if field is None else
            (field if isinstance(field, bytes) else field.encode()).hex()
            for field in fields)

    def read(self, answer):
        if self.how == "query":
            return sorted(parse_qsl(answer, keep_blank_values=True))
        return answer


def main():
    rng = random.Random(20260102)
    cases = [Case(rng) for _ in range(COUNT)]
    answers = subprocess.run(
        [sys.argv[1]], input="".join(case.line() + "\n" for case in cases),
        capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(answers) == COUNT, f"{len(answers)} answers"
    wrong = 0
    for case, answer in zip(cases, answers):
        expected = case.by_botocore()
        if case.read(answer) != expected:
            wrong += 1
            if wrong <= 5:
                print(vars(case), f"botocore: {expected}", f"ours: {answer}",
                      sep="\n", end="\n\n")
    print(f"{COUNT - wrong} of {COUNT} signatures are botocore's")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
