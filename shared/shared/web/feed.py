"""/internal/<service>/events: a service's history, for the other services of one installation."""

import hmac

from flask import Blueprint, Flask, Response, request

from shared.messaging import feed
from shared.web import house
from shared.web.problems import problem

MEDIA_TYPE = "application/cloudevents-batch+json"
_ANYBODY_ELSE = "Send the header Authorization: Bearer with the FEED_TOKEN of this installation."
_AFTER = "after: it has to be the position of an event, or 0 to begin at the beginning."
_LONGEST_POSITION = 18  # digits, which fit into the database's 64 bits


def install(app: Flask, token: str) -> None:
    """Let whoever has *token* read the history of *app*'s service. No gateway leads here."""
    pages = Blueprint("feed", __name__)

    @pages.get(f"/internal/{app.name}/events")
    def events() -> Response:
        """Answer with the next page of settled events after a position; empty at the end."""
        stated = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(stated.encode(), token.encode()):
            return problem(401, _ANYBODY_ELSE, headers={"WWW-Authenticate": "Bearer"})
        after = request.args.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) <= _LONGEST_POSITION):
            return problem(400, _AFTER)
        with house.reading() as session:
            bodies = [outgoing.body for outgoing in feed.page(session, after=int(after))]
        return Response(b"[" + b",".join(bodies) + b"]", content_type=MEDIA_TYPE)

    app.register_blueprint(pages)
