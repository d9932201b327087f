"""Pages that go well, and pages that go wrong in every way a service's own might."""

import structlog
from flask import Blueprint, Response, abort, render_template_string, request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared import trace
from shared.links import Purpose
from shared.web import links, transaction
from shared.web.limits import TooManyRequests

pages = Blueprint("pages", __name__)

FORM = """
{% extends "shared/layout.html" %}{% from "shared/forms.html" import csrf %}
{% block title %}Form{% endblock %}
{% block content %}<form method="post">{{ csrf() }}</form>{% endblock %}
"""


@pages.route("/form", methods=["GET", "POST"])
@pages.route("/v1/form", methods=["GET", "POST"])
def form() -> str:
    return request.form["name"] if request.method == "POST" else render_template_string(FORM)


@pages.post("/post-only")
def post_only() -> str:
    return "done"


@pages.get("/abort/<int:status>")
@pages.get("/v1/abort/<int:status>")
def aborted(status: int) -> str:
    abort(status)


@pages.get("/cancelled")
def cancelled() -> str:
    abort(410, "The webinar was cancelled.")


@pages.get("/limited")
@pages.get("/v1/limited")
def limited() -> str:
    raise TooManyRequests(61)


@pages.get("/people/<name>")
@pages.get("/v1/people/<name>")
def people(name: str) -> str:
    raise ValueError(name)


@pages.get("/registrations/<token>")
def registration(token: str) -> str:
    return str(links().read(token, Purpose.REGISTRATION).id)


@pages.get("/away")
def away() -> str:
    raise OperationalError("select 1", {}, Exception("gone"))


@pages.get("/twice")
def twice() -> str:
    with transaction("test") as session:
        row = text("insert into idempotency values ('a', 'Jo', 'c', 200, '{}', '2026-01-01')")
        session.execute(row)
        session.execute(row)
    return "done"


@pages.get("/context/<token>")
def context(token: str) -> dict[str, str]:
    return vars(trace.current()) | structlog.contextvars.get_contextvars()


@pages.get("/where")
def where() -> dict[str, str | None]:
    return {"from": request.remote_addr, "scheme": request.scheme, "host": request.host}


@pages.get("/calendar.ics")
def calendar() -> Response:
    own = {"Cache-Control": "max-age=60", "Content-Security-Policy": "sandbox"}
    return Response("BEGIN:VCALENDAR", headers=own, content_type="text/calendar")
