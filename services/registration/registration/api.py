"""What programs can ask: the public webinars, and a place at one for somebody."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, abort
from sqlalchemy.orm import Session

from registration import commands, presenters, queries
from registration.admission import admit
from registration.models import Webinar
from registration.schemas import PersonSchema, ReceivedSchema, WebinarListSchema, WebinarSchema
from shared.web import clock, reading, transaction
from shared.web.idempotency import Answer, keyed_request, once
from shared.web.openapi import Blueprint

api = Blueprint("webinars", __name__, url_prefix="/v1/webinars", description="Public webinars")

_UNKNOWN = "There is no webinar at this address. GET /v1/webinars lists those to come."
_CLOSED = "This webinar has ended or was cancelled, so it takes no registrations."
_NEXT_STEP = "The person is told by email what became of it, and gets a link of their own."
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "Send the same key with the same body again: nothing happens twice for a day.",
}


@api.get("")
@api.response(200, WebinarListSchema)
def webinars() -> dict[str, Any]:
    """List the webinars that have not ended, the soonest first."""
    with reading() as session:
        return {"webinars": _presented(session, queries.upcoming(session))}


@api.get("/<slug>")
@api.response(200, WebinarSchema)
@api.problem(404, "No such webinar")
def webinar(slug: str) -> dict[str, Any]:
    """Describe one webinar."""
    with reading() as session:
        return _presented(session, [_webinar(session, slug)])[0]


@api.post("/<slug>/registrations")
@api.doc(parameters=[_IDEMPOTENCY_KEY])
@api.arguments(PersonSchema)
@api.response(202, ReceivedSchema)
@api.problem(400, "The body is not JSON, or the Idempotency-Key cannot be used")
@api.problem(404, "No such webinar")
@api.problem(409, "The webinar takes no registrations, or the same key is being worked on")
@api.problem(413, "The body is too large")
@api.problem(415, "The body does not say that it is JSON")
@api.problem(429, "Too many registrations from this network or for this address")
def register(values: dict[str, Any], slug: str) -> Response:
    """Register a person, who is then mailed.

    The answer is the same for an address that is registered already.
    """
    keyed = keyed_request(values)
    with transaction("limit", durable=False) as session:
        _webinar(session, slug)
        person = admit(session, values)
    with transaction("register") as session:
        answer = once(session, keyed, lambda: _received(session, slug, person))
    return Response(answer.body, answer.status, mimetype="application/json")


def _received(session: Session, slug: str, person: commands.Person) -> Answer:
    try:
        full = commands.register(session, _webinar(session, slug), person)
    except commands.Closed:
        abort(409, _CLOSED)
    body = {"webinar": slug, "full": full, "next_step": _NEXT_STEP}
    return Answer(202, json.dumps(body))


def _presented(session: Session, found: Sequence[Webinar]) -> list[dict[str, Any]]:
    full, moment = queries.full(session, found), clock()
    return [
        presenters.webinar_for_programs(
            webinar, is_open=not webinar.is_closed(moment), is_full=webinar.id in full
        )
        for webinar in found
    ]


def _webinar(session: Session, slug: str) -> Webinar:
    return queries.webinar(session, slug) or abort(404, _UNKNOWN)
