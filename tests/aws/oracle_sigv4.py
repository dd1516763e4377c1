"""oracle_sigv4.py SIGN_REQUESTS: our signatures are botocore's.

Thousands of requests, made at random from a fixed seed, are signed by botocore
and by our signer, by headers and by query.  They are made so that each rule of
the canonical form is met: odd paths, names that sort differently with and
without their "=", duplicate names, headers with runs of blanks, tokens, bodies
of any bytes.
"""

import datetime
import hashlib
import random
import subprocess
import sys
from urllib.parse import parse_qsl, quote

try:
    from botocore import auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    print("botocore is missing")
    sys.exit(77)

COUNT = 4000
SHOWN = 5
PLAIN = "abcXYZ019-._~"
ODD = PLAIN + "/:@!$'()*,;=+ &?%\"<>[]\\^`{|}\u00e9\u20ac\U0001f511\x01\x7f"
SIGNED_BODY = "X-Amz-Content-SHA256"


def text(rng, alphabet, most, least=0):
    return "".join(rng.choices(alphabet, k=rng.randint(least, most)))


def a_segment(rng):
    if rng.random() < 0.25:
        return rng.choice(["", ".", ".."])
    return quote(text(rng, ODD, 8, 1), rng.choice(["~", "~:@!$'()*,;=+&"]))


def a_path(rng):
    if rng.random() < 0.3:
        return "/"
    segments = [a_segment(rng) for _ in range(rng.randint(1, 5))]
    return "/" + "/".join(segments) + rng.choice(["", "", "/"])


def a_query(rng, unique):
    """Names that share beginnings: sorted as pairs, not as "name=value"."""
    alphabets = ["a-", "aA.1", ODD]
    names = [
        text(rng, rng.choice(alphabets), 3, 1)
        for _ in range(rng.randint(0, 6))
    ]
    if unique:
        names = list(dict.fromkeys(names))
    return "&".join(
        quote(name, "") + "=" + quote(text(rng, ODD, 12), "") for name in names
    )


def some_headers(rng):
    names = ["X-Amz-Target", "x-amz-meta-a", "X-AMZ-Meta-A", "Content-Type"]
    names += ["Zeta", "Accept", "x-amz-e"]
    return [
        (rng.choice(names), text(rng, "ab, \t=\"'\u00e9", 16))
        for _ in range(rng.randint(0, 4))
    ]


class Case:
    """A request, and who signs it."""

    def __init__(self, rng):
        self.how = rng.choice(["header", "header", "query"])
        self.keep = self.how == "header" and rng.random() < 0.2
        self.expires = rng.choice([1, 900, 604800])
        self.now = rng.randrange(0, 4102444800)
        self.method = rng.choice(["GET", "POST", "PUT", "DELETE"])
        self.host = rng.choice(
            ["ec2.us-west-2.amazonaws.com", "my-cache"]
            + ["127.0.0.1:5000", "[::1]:5000"]
        )
        self.path = a_path(rng)
        self.query = a_query(rng, self.how == "query")
        self.region = rng.choice(["us-west-2", "cn-north-1", "eu-central-1"])
        self.service = rng.choice(["ec2", "elasticache", "sts"])
        self.access = "AKID" + text(rng, "ABC123", 12)
        self.secret = text(rng, PLAIN + "+/", 40, 1)
        self.token = rng.choice([None, text(rng, PLAIN + "+/=", 200, 1)])
        self.body = b""
        if self.how == "header":
            self.body = rng.randbytes(rng.choice([0, 1, 63, 64, 65, 300]))
        self.headers = some_headers(rng)
        if self.keep:  # which botocore makes and signs there by itself
            digest = hashlib.sha256(self.body).hexdigest()
            self.headers.append((SIGNED_BODY, digest))

    def by_botocore(self):
        """The header Authorization, or the parameters of the query."""
        moment = datetime.datetime.fromtimestamp(
            self.now, datetime.timezone.utc
        )
        auth.get_current_datetime = lambda *_: moment
        url = f"http://{self.host}{self.path}"
        if self.query:
            url += "?" + self.query
        request = AWSRequest(self.method, url, data=self.body)
        for name, value in self.headers:
            if name != SIGNED_BODY:
                request.headers.add_header(name, value)
        keys = Credentials(self.access, self.secret, self.token)
        who = (keys, self.service, self.region)
        if self.how == "query":
            auth.SigV4QueryAuth(*who, expires=self.expires).add_auth(request)
            return self.read(request.url.partition("?")[2])
        kind = auth.S3SigV4Auth if self.keep else auth.SigV4Auth
        kind(*who).add_auth(request)
        return request.headers["Authorization"]

    def line(self):
        """As sign_requests reads it."""
        fields = [self.how, str(int(self.keep)), str(self.expires)]
        fields += [str(self.now), self.method, self.host, self.path]
        fields += [self.query, self.region, self.service, self.access]
        fields += [self.secret, self.token, self.body]
        for pair in self.headers:
            fields += pair
        return " ".join(
            (
                "-"
                if field is None
                else (
                    field if isinstance(field, bytes) else field.encode()
                ).hex()
            )
            for field in fields
        )

    def read(self, answer):
        if self.how == "query":
            return sorted(parse_qsl(answer, keep_blank_values=True))
        return answer


def main():
    rng = random.Random(20260102)
    cases = [Case(rng) for _ in range(COUNT)]
    answers = subprocess.run(
        [sys.argv[1]],
        input="".join(case.line() + "\n" for case in cases),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if len(answers) != COUNT:
        print(f"{len(answers)} answers to {COUNT} requests")
        return 1
    wrong = 0
    for case, answer in zip(cases, answers):
        expected, found = case.by_botocore(), case.read(answer)
        wrong += found != expected
        if found != expected and wrong <= SHOWN:
            print(vars(case), expected, found, sep="\n", end="\n\n")
    print(f"{COUNT - wrong} of {COUNT} signatures are botocore's")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
