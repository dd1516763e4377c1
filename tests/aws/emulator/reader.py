"""The tests' own hands: boto3, which is told the truth and is not counted."""

import functools

import boto3
from botocore.config import Config

from emulator import callers

_CONFIG = Config(
    retries={"total_max_attempts": 1}, proxies={}, read_timeout=60
)


class Reader:
    """boto3's clients of any account, at our own server."""

    def __init__(self, url):
        self._url = url
        self._client = functools.cache(self._make)

    def _make(self, service, account, region):
        session = boto3.session.Session()
        return session.client(
            service,
            region_name=region,
            endpoint_url=self._url,
            aws_access_key_id=callers.reader_key(account),
            aws_secret_access_key=callers.READER_SECRET,
            config=_CONFIG,
        )

    def ask(self, service, account, region, call, arguments):
        client = self._client(service, account, region)
        answer = getattr(client, call)(**arguments)
        answer.pop("ResponseMetadata", None)
        return answer
