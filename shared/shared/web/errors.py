"""Every error becomes one answer here: a page for people, a problem for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import HTTPException

from shared import trace
from shared.links import BrokenLink
from shared.outages import is_outage
from shared.web import words
from shared.web.idempotency import Refused
from shared.web.limits import TooManyRequests
from shared.web.problems import FieldError, field_errors, problem, wanted
from shared.web.words import Words

_log = structlog.get_logger(__name__)
_FIRST_PAGE = {"href": "/", "text": "Go to the first page"}


def install(app: Flask) -> None:
    """Let *app* answer every error in the words of `shared.web.words`."""
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(CSRFError, _unchecked)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(BrokenLink, lambda _: answer(404, words.BROKEN_LINK))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(DBAPIError, _database_failed)
    app.register_error_handler(PoolExhausted, _away)


def answer(
    status: int,
    said: Words,
    *,
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
    link: Mapping[str, str] = _FIRST_PAGE,
) -> Response:
    """Return the error as its caller can use it."""
    if wanted():
        return problem(status, said.meaning, errors=errors, headers=headers)
    page = render_template(
        "shared/error.html",
        status=status,
        title=said.title,
        paragraphs=[said.meaning, said.remedy],
        link=link,
    )
    return Response(page, status, headers)


def answer_http(error: HTTPException) -> Response:
    """Return the answer to an HTTP error: our own, Werkzeug's, or one that webargs explained."""
    status = error.code or 500
    said = words.BY_STATUS.get(status, words.OTHER)
    if status == 500:
        said = replace(said, remedy=said.remedy.format(reference=trace.current().correlationid))
    explained: Mapping[str, Any] = getattr(error, "data", {})
    if meaning := explained.get("message") or _own_description(error):
        said = replace(said, meaning=meaning)
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    # webargs puts the part of the request, "json" or "query", before the fields' names.
    messages = explained.get("messages", {}).values()
    errors = [wrong for part in messages for wrong in field_errors(part)]
    return answer(status, said, errors=errors, headers=headers | (explained.get("headers") or {}))


def _own_description(error: HTTPException) -> str | None:
    """Return what a view said when it raised *error*; None where it is Werkzeug's own text."""
    usual = type(error).description
    return error.description if isinstance(usual, str) and error.description != usual else None


def _unchecked(_: CSRFError) -> Response:
    here = current_app.url_map.bind_to_environ(request.environ)
    if here.test(request.path, "GET"):
        link = {"href": request.path, "text": "Open the form again"}
        return answer(400, words.UNCHECKED, link=link)
    return answer(400, words.UNCHECKED)


def _too_many(error: TooManyRequests) -> Response:
    said = words.too_many(error.retry_after)
    return answer(429, said, headers={"Retry-After": str(error.retry_after)})


def _refused(error: Refused) -> Response:
    return problem(error.status, str(error), headers=error.headers)


def _database_failed(error: DBAPIError) -> Response:
    # The others of its kind, deadlocks for one, pass by themselves as well.
    if not (is_outage(error) or isinstance(error, OperationalError)):
        raise error
    return _away(error)


def _away(error: Exception) -> Response:
    _log.error("database.away", exc_info=error)
    return answer(503, words.AWAY, headers={"Retry-After": "10"})
