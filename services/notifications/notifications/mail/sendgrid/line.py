"""The line to SendGrid: connections that are kept alive, and know how far a request has come."""

from time import monotonic
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Timeout

from notifications.mail.settings import SendGridSettings

THREADS = 25  # requests at a time: service mail is one each, and SendGrid takes 50 ms or more
TIMEOUT = Timeout(connect=5.0, read=20.0)
_WRITE = 20.0  # seconds; urllib3 would let a large body take no longer than connecting may
# Servers close what rests for 5 seconds or more. One that does so while we write leaves us
# wondering whether it has read; so we never write to one that has rested nearly as long.
LONGEST_REST = 4.0


class AnswerLost(Exception):
    """The request was written, but its answer did not come."""


class _Connection(HTTPConnection):
    _is_written = False
    _answered_at = 0.0

    @property
    def is_connected(self) -> bool:
        return super().is_connected and monotonic() - self._answered_at < LONGEST_REST

    def request(self, *arguments: Any, **named: Any) -> None:
        self._is_written = False
        if not self.is_closed:
            self.timeout = _WRITE
        super().request(*arguments, **named)
        self._is_written = True

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        try:
            response = super().getresponse()
        except Exception as error:
            # What was not written to its end, nobody can have acted upon.
            if self._is_written:
                raise AnswerLost from error
            raise
        self._answered_at = monotonic()
        return response


class _SafeConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


class Line:
    """Posts requests; any number of threads may at a time."""

    def __init__(self, settings: SendGridSettings, timeout: Timeout) -> None:
        self._url = f"{settings.sendgrid_host}/v3/mail/send"
        self._pool = urllib3.PoolManager(
            headers={
                "Authorization": f"Bearer {settings.sendgrid_api_key}",
                "Content-Type": "application/json",
            },
            maxsize=THREADS,
            timeout=timeout,
            retries=False,
        )
        self._pool.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}

    def post(self, body: bytes) -> urllib3.BaseHTTPResponse:
        """Return SendGrid's answer to *body*.

        Raises AnswerLost, and urllib3.exceptions.HTTPError when SendGrid has certainly not got it.
        """
        return self._pool.request("POST", self._url, body=body)
