"""What botocore makes of an environment, asked a line at a time.

Runs under the Python that has botocore, which is rarely the one of pytest.
Each line of standard input is a JSON object {"what": ..., "env": ...}; each
answer is one line.
"""

import datetime
import json
import os
import sys

import botocore.auth
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def session_of(profile):
    # only a profile that is named keeps the environment's keys out
    return botocore.session.Session(profile=profile)


def credentials(asked):
    """Where keys come from, and which; what must not be known stays here."""
    found = session_of(asked.get("profile")).get_credentials()
    if found is None:
        return {"error": "NoCredentialsError"}
    frozen = found.get_frozen_credentials()
    return {
        "source": found.method,
        "key": frozen.access_key,
        "token": bool(frozen.token),
    }


def config(asked):
    """Values as hexadecimal, so that any text is one word."""
    profiles = session_of(None).full_config["profiles"]
    found = profiles.get(asked["name"])
    values = []
    for key in asked["keys"]:
        name, _, sub = key.partition(".")
        value = (found or {}).get(name)
        if isinstance(value, dict):
            lower = {one.lower(): text for one, text in value.items()}
            value = lower.get(sub) if sub else None
        elif sub:
            value = None
        # a line's blanks at its ends count for nobody
        lines = (value or "").split("\n")
        text = "\n".join(line.strip() for line in lines if line.strip())
        values.append(text.encode().hex() or "-")
    return {"there": found is not None, "values": values}


def endpoint(asked):
    client = session_of(asked.get("profile")).create_client(
        asked["service"],
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    return {"url": client.meta.endpoint_url, "region": client.meta.region_name}


def token(asked):
    """An ElastiCache IAM token, as AWS' own examples make it."""
    moment = datetime.datetime.fromtimestamp(
        asked["now"], datetime.timezone.utc
    )
    botocore.auth.get_current_datetime = lambda *_: moment
    query = {"Action": "connect", "User": asked["user"]}
    if asked["serverless"]:
        query["ResourceType"] = "ServerlessCache"
    request = AWSRequest(
        "GET", f"http://{asked['cache'].lower()}/", params=query
    )
    keys = Credentials(asked["key"], asked["secret"], asked["token"])
    botocore.auth.SigV4QueryAuth(
        keys, "elasticache", asked["region"], expires=900
    ).add_auth(request)
    return {"token": request.url.removeprefix("http://")}


ANSWERS = {
    "credentials": credentials,
    "config": config,
    "endpoint": endpoint,
    "token": token,
}


def main():
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ.clear()
        os.environ.update(asked["env"])
        try:
            answer = ANSWERS[asked["what"]](asked)
        except Exception as problem:  # pylint: disable=broad-except
            answer = {"error": type(problem).__name__, "text": str(problem)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
