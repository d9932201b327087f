"""Errors for programs: problem details as RFC 9457 has them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypedDict

from flask import Response, request

from shared import trace

MEDIA_TYPE = "application/problem+json"
_JSON = ("application/json", MEDIA_TYPE)


class FieldError(TypedDict, total=False):
    """What is wrong with one field: its name, dotted where nested, and how to put it right."""

    field: str
    detail: str


def problem(
    status: int,
    detail: str,
    *,
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the problem; its title is the status's phrase, as RFC 9457 §4.2.1 asks."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{trace.current().correlationid}",
    }
    if errors := list(errors):
        body["errors"] = errors
    return Response(json.dumps(body), status, headers, content_type=MEDIA_TYPE)


def wanted() -> bool:
    """Return whether the caller of this request is a program: by the path, or by Accept."""
    accept = request.accept_mimetypes
    prefers_json = max(accept[kind] for kind in _JSON) > accept["text/html"]
    return request.path.startswith("/v1/") or prefers_json


def field_errors(messages: Any, path: tuple[str, ...] = ()) -> Iterator[FieldError]:
    """Yield the errors in marshmallow's nested *messages*, in their order."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from field_errors(inner, path if name == "_schema" else (*path, str(name)))
    elif isinstance(messages, str):
        yield {"field": ".".join(path), "detail": messages} if path else {"detail": messages}
    else:
        for message in messages:
            yield from field_errors(message, path)
