"""One trace, one log line and one count for every request; its route's template, never its path."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPMethod
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

from shared import trace

_log = structlog.get_logger(__name__)
_PROBES = ("/healthz", "/readyz", "/metrics")
# One set for the process: where several services share it, the label tells them apart.
_requests = Counter(
    "coproduce_requests", "Requests answered", ["service", "method", "route", "status"]
)
_seconds = Histogram(
    "coproduce_request_seconds", "Seconds taken to answer", ["service", "method", "route"]
)


@contextmanager
def traced(environ: dict[str, Any], service: str) -> Iterator[None]:
    """Begin the trace of a request, going on from the caller's, for all that happens inside."""
    beginning = trace.beginning(environ.get("HTTP_TRACEPARENT"))
    with (
        trace.following(beginning),
        structlog.contextvars.bound_contextvars(service=service),
    ):
        yield


def route() -> str:
    """Return the template of the present request's route: "/webinars/<slug>"."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def install(app: Flask) -> None:
    """Log and count each request of *app*."""

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def record(response: Response) -> Response:
        seconds = perf_counter() - g.started
        # Anybody can make up methods; each would be a new series.
        method = request.method if request.method in HTTPMethod.__members__ else "other"
        _requests.labels(app.name, method, route(), response.status_code).inc()
        _seconds.labels(app.name, method, route()).observe(seconds)
        quiet = route() in _PROBES and response.status_code < 400
        tell = _log.debug if quiet else _log.info
        tell(
            "request",
            method=method,
            route=route(),
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response
