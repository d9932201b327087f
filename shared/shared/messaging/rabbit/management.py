"""The broker's management API: makes a topology so, as often as it is told to."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import urllib3
from urllib3.util import Timeout

from shared.messaging.rabbit.away import BrokerAway
from shared.messaging.rabbit.topology import Topology, pattern

_TIMEOUT = Timeout(connect=5, read=30)
_AWAY = "BROKER_ADMIN_URL: the broker's management does not answer. Is it running?"
_ACCESS = "BROKER_ADMIN_URL: the broker refuses this administrator or password."


class BrokerRefuses(Exception):
    """The broker will not have it so; the message says in one line what, and what to do."""


class Management:
    """The administrator's way into one virtual host."""

    def __init__(self, admin_url: str, virtual_host: str) -> None:
        parts = urlsplit(admin_url)
        self.user = unquote(parts.username or "")
        known = f"{self.user}:{unquote(parts.password or '')}".encode()
        self._pool = urllib3.PoolManager(
            headers={"Authorization": f"Basic {b64encode(known).decode()}"},
            timeout=_TIMEOUT,
            retries=False,
        )
        self._base = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/api"
        self._host = quote(virtual_host, safe="")

    def apply(self, wanted: Topology, *, user: str, password: str) -> None:
        """Make *wanted* so, and let *user* do what it needs to, and no more.

        Raises BrokerAway, and BrokerRefuses when something of the name is there but different.
        """
        self._put(f"vhosts/{self._host}", {})
        for exchange in wanted.exchanges:
            body = {"type": "topic", "durable": True}
            self._put(f"exchanges/{self._host}/{exchange}", body)
        # Before its queue, so that no message is ever in a queue without its policy.
        for queue, definition in wanted.policies.items():
            body = {"pattern": pattern(queue), "definition": definition, "apply-to": "queues"}
            self._put(f"policies/{self._host}/{queue}", body)
        for queue, arguments in wanted.queues.items():
            body = {"durable": True, "arguments": arguments}
            self._put(f"queues/{self._host}/{queue}", body)
        self._bind(wanted)
        self._put(f"users/{quote(user, safe='')}", {"password": password, "tags": ""})
        permissions = {"configure": "^$", "write": wanted.writes, "read": wanted.reads}
        self._put(f"permissions/{self._host}/{quote(user, safe='')}", permissions)

    def _bind(self, wanted: Topology) -> None:
        for exchange, queue, key in wanted.bindings:
            path = f"bindings/{self._host}/e/{exchange}/q/{queue}"
            self._ask("POST", path, {"routing_key": key})
        for queue in wanted.queues:
            for bound in self._ask("GET", f"queues/{self._host}/{queue}/bindings"):
                exchange, key = bound["source"], bound["routing_key"]
                # Every queue is bound to the default exchange, for ever.
                if exchange and (exchange, queue, key) not in wanted.bindings:
                    known = quote(bound["properties_key"], safe="")
                    path = f"bindings/{self._host}/e/{quote(exchange)}/q/{queue}/{known}"
                    self._ask("DELETE", path)

    def _put(self, path: str, body: Mapping[str, Any]) -> None:
        self._ask("PUT", path, body)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        try:
            answer = self._pool.request(method, f"{self._base}/{path}", json=body)
        except urllib3.exceptions.HTTPError as error:
            raise BrokerAway(_AWAY) from error
        if answer.status in (401, 403):
            raise BrokerRefuses(_ACCESS)
        if answer.status >= 500:
            raise BrokerAway(_AWAY)
        if answer.status >= 400:
            raise BrokerRefuses(_refusal(path, answer.data))
        return json.loads(answer.data) if answer.data else None


def _refusal(path: str, body: bytes) -> str:
    try:
        reason = str(json.loads(body)["reason"])
    except (ValueError, KeyError, TypeError):
        reason = body.decode(errors="replace")
    # So the broker calls what is there, but was declared otherwise.
    remedy = " Empty it, delete it, and run this again." if "inequivalent" in reason else ""
    return " ".join(f"The broker refuses {unquote(path)}: {reason}.{remedy}".split())
