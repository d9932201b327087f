"""The thread that runs through a request, its events and what they lead to (W3C Trace Context)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

import structlog

from shared.contracts import Envelope

# https://www.w3.org/TR/trace-context/#traceparent-header: version 00, no all-zero ids.
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Where the present work comes from; ids only, nothing about anybody."""

    correlationid: str
    causationid: str | None
    traceparent: str


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace:
    """Return the present trace, or a new one where nothing has begun one (a command line)."""
    return _current.get() or beginning(None)


def beginning(traceparent: str | None) -> Trace:
    """Return the trace of a new request, going on from the caller's header if that is sound."""
    if not traceparent or not _TRACEPARENT.fullmatch(traceparent):
        traceparent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    return Trace(correlationid=str(uuid4()), causationid=None, traceparent=traceparent)


def caused_by(envelope: Envelope) -> Trace:
    """Return the trace of what is done because of the event in *envelope*."""
    return Trace(
        correlationid=envelope.correlationid,
        causationid=str(envelope.id),
        traceparent=envelope.traceparent,
    )


@contextmanager
def following(trace: Trace) -> Iterator[None]:
    """Make *trace* the present one while the block runs; each log line tells its id."""
    token = _current.set(trace)
    try:
        with structlog.contextvars.bound_contextvars(correlationid=trace.correlationid):
            yield
    finally:
        _current.reset(token)
