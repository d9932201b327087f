"""Who registered for a webinar, and how each stands."""

from uuid import UUID

from flask import render_template, request
from marshmallow import Schema

from registration import people, presenters, statistics
from registration.desk.blueprint import desk, registration_of, webinar_of
from registration.models import RegistrationState
from shared.staff import Role
from shared.web import clock, reading
from shared.web.forms import Text, load
from shared.web.staff import require

_LAST_PAGE = 1000


class SearchSchema(Schema):
    """A part of a name or an address: sent in the body, since addresses stay in histories."""

    text = Text(200, label="What you search for", enter="Enter a part of a name or email address")


@desk.get("/<uuid:id>/registrations")
@require(Role.EDITOR)
def registrations(id: UUID) -> str:
    """Show who registered, those in one state if asked, a page at a time."""
    asked = request.args.get("state", "")
    state = RegistrationState(asked) if asked in [*RegistrationState] else None
    page = min(max(request.args.get("page", 1, int), 1), _LAST_PAGE)
    with reading() as database:
        webinar = webinar_of(database, id)
        counts = statistics.standings(database, webinar)
        total = counts[state] if state else counts.total()
        return render_template(
            "registration/desk/registrations.html",
            webinar=webinar,
            found=people.registered(database, webinar, state, page=page),
            counts=counts,
            state=state,
            page=page,
            pages=max(1, -(-total // people.PAGE)),
            is_closed=webinar.is_closed(clock()),
            values={},
            errors={},
        )


@desk.post("/<uuid:id>/registrations")
@require(Role.EDITOR)
def search(id: UUID) -> str | tuple[str, int]:
    """Show whose name or address has the text in it."""
    values, errors = load(SearchSchema(), request.form)
    with reading() as database:
        webinar = webinar_of(database, id)
        found = [] if errors else people.called(database, webinar, values["text"])
    page = render_template(
        "registration/desk/found.html",
        webinar=webinar,
        found=found[: people.PAGE],
        is_cut=len(found) > people.PAGE,
        values=values,
        errors=errors,
    )
    return (page, 422) if errors else page


@desk.get("/<uuid:id>/registrations/<uuid:registration_id>")
@require(Role.EDITOR)
def person(id: UUID, registration_id: UUID) -> str:
    """Show one person's registration."""
    with reading() as database:
        registration = registration_of(database, id, registration_id)
        return render_template(
            "registration/desk/person.html",
            webinar=registration.webinar,
            registration=registration,
            answers=presenters.answers(vars(registration)),
            is_closed=registration.webinar.is_closed(clock()),
            states=RegistrationState,
        )
