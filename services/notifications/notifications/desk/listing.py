"""/staff/deliveries: every mail, what became of it, and why."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from flask import render_template, request
from marshmallow import Schema

from notifications import queries
from notifications.desk import becoming, finding, words
from notifications.desk.blueprint import chosen, desk, key_of, page_asked
from notifications.models import Delivery, DeliveryState, Template
from shared.staff import Role
from shared.web import reading
from shared.web.forms import Text, load
from shared.web.staff import current_staff, require

# In which states there is something to ask why; of what arrived, providers say a thousand things.
_REASONED = (
    DeliveryState.REJECTED,
    DeliveryState.UNKNOWN,
    DeliveryState.SKIPPED,
    DeliveryState.BOUNCED,
    DeliveryState.DROPPED,
)


class SearchSchema(Schema):
    """Whose mails: sent in the body, since the addresses of pages stay in histories."""

    person = Text(254, label="What you search for", enter="Enter a name or an email address")


@desk.get("/deliveries")
@require(Role.VIEWER)
def deliveries() -> str:
    """Show the newest mails, perhaps in one state, of one kind, for one reason."""
    state, kind, page = chosen("state", DeliveryState), chosen("kind", Template), page_asked()
    with reading() as session:
        reasons = finding.reasons(session, state) if state in _REASONED else ()
        mark = request.args.get("why", "")
        why = next((reason for reason, _ in reasons if _mark(reason) == mark), None)
        found = finding.newest(session, finding.Asked(state, kind, why), page)
        days = becoming.by_day(session)
        return _page(
            "deliveries",
            found,
            asked={"state": state, "kind": kind, "why": _mark(why) if why else None},
            reasons=[(_mark(each), words.why(each), many) for each, many in reasons],
            page=page,
            days=becoming.plotted(days),
            counts=sum(days.values(), becoming.States()),
            outcomes=[*becoming.OUTCOMES],
            waiting={
                state: queries.count(session, state)
                for state in (DeliveryState.UNKNOWN, DeliveryState.REJECTED)
            },
        )


@desk.post("/deliveries")
@require(Role.EDITOR)
def search() -> str | tuple[str, int]:
    """Show the mails to whose name or address is typed, or a part of it."""
    values, errors = load(SearchSchema(), request.form)
    with reading() as session:
        found = () if errors else _found(session, values["person"])
    shown = _page("found", found, values, errors, looked_through=finding.LOOKED_THROUGH)
    return (shown, 422) if errors else shown


def _found(session: Any, person: str) -> Sequence[Delivery]:
    key = key_of(person)
    whole = finding.at_address(session, key) if key else ()
    return whole or finding.called(session, person)


def _page(
    name: str,
    found: Sequence[Delivery],
    values: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    **more: Any,
) -> str:
    return render_template(
        f"notifications/desk/{name}.html",
        found=found[: finding.PAGE],
        more=len(found) > finding.PAGE,
        may_search=current_staff().role.allows(Role.EDITOR),
        kinds=words.KINDS,
        states=words.STATES,
        values=values or {},
        errors=errors or {},
        **more,
    )


def _mark(reason: str) -> str:
    """Return how the address of a page names *reason*, which may be long."""
    return sha256(reason.encode()).hexdigest()[:12]
