"""`Idempotency-Key`: a program that asks again gets the same answer, and nothing happens twice.

Kept for a day: HMACs of the key and of what was asked, and the answer, in which a service puts
nothing personal. Saved with the change itself, in one transaction.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from flask import request
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from shared.db import now
from shared.web import house
from shared.web.models import idempotency

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Refused(Exception):
    """The request can't be answered because of its Idempotency-Key."""

    status: ClassVar[int]
    headers: ClassVar[Mapping[str, str]] = {}

    def __str__(self) -> str:
        return self.__doc__ or ""


class KeyUnusable(Refused):
    """Idempotency-Key needs 1 to 255 visible ASCII characters, for instance a UUID."""

    status = 400


class KeyReused(Refused):
    """This Idempotency-Key came with another request before. Use a new key for a new request."""

    status = 422


class InProgress(Refused):
    """A request with this Idempotency-Key is being worked on. Ask again in a second."""

    status = 409
    headers = {"Retry-After": "1"}


@dataclass(frozen=True)
class Answer:
    """What a program is told: a status and a JSON text, nothing personal in it."""

    status: int
    body: str


@dataclass(frozen=True)
class KeyedRequest:
    """One request, known again by its key; nobody can tell what it said."""

    scope: str
    key: str
    fingerprint: str


def keyed_request(body: Mapping[str, Any]) -> KeyedRequest | None:
    """Return the present request with *body* as it was understood; None where it has no key.

    Raises KeyUnusable.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise KeyUnusable
    scope = f"{request.method} {request.url_rule}"
    said = json.dumps([request.view_args, body], sort_keys=True, default=str)
    return KeyedRequest(scope, _hmac(f"{scope} {key}"), _hmac(said))


def once(session: Session, keyed: KeyedRequest | None, work: Callable[[], Answer]) -> Answer:
    """Return the answer given to the same request before, or that of *work*, now remembered.

    Raises KeyReused and InProgress. What *work* raises is not remembered: it changed nothing.
    """
    if keyed is None:
        return work()
    saved = recall(session, keyed)
    if saved is None:
        saved = work()
        remember(session, keyed, saved)
    return saved


def recall(session: Session, keyed: KeyedRequest) -> Answer | None:
    """Return the answer given before; None means: go on, nobody else will until you commit."""
    _claim(session, keyed)
    row = session.execute(select(idempotency).where(*_same(keyed))).one_or_none()
    if row is None:
        return None
    if row.created_at <= now(session) - KEPT:
        session.execute(delete(idempotency).where(*_same(keyed)))
        return None
    if not hmac.compare_digest(row.fingerprint, keyed.fingerprint):
        raise KeyReused
    return Answer(row.status, row.body)


def remember(session: Session, keyed: KeyedRequest, answer: Answer) -> None:
    """Save *answer* for whoever sends the same request again."""
    row = {**vars(keyed), **vars(answer), "created_at": now(session)}
    session.execute(insert(idempotency).values(row))


def forget_old_answers(session: Session) -> int:
    """Delete the answers that are older than a day; return how many."""
    gone = delete(idempotency).where(idempotency.c.created_at <= now(session) - KEPT)
    return session.connection().execute(gone).rowcount


def _claim(session: Session, keyed: KeyedRequest) -> None:
    """Hold the key until the transaction ends. SQLite has one writer: it is held already."""
    if session.get_bind().dialect.name != "postgresql":
        return
    number = int.from_bytes(bytes.fromhex(keyed.key)[:8], "big", signed=True)
    if not session.scalar(select(func.pg_try_advisory_xact_lock(number))):
        raise InProgress


def _same(keyed: KeyedRequest) -> tuple[Any, Any]:
    return idempotency.c.scope == keyed.scope, idempotency.c.key == keyed.key


def _hmac(text: str) -> str:
    return hmac.new(house.settings().address_key, text.encode(), hashlib.sha256).hexdigest()
