"""Sending a mail again of which nobody can tell whether it was sent, after a warning."""

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from notifications import commands
from notifications.desk import words
from notifications.desk.blueprint import delivery_of, desk, note
from notifications.desk.showing import can_go_again, subject_of
from shared.staff import Role
from shared.web import reading, transaction
from shared.web.errors import answer
from shared.web.staff import require
from shared.web.words import Words

_NOT_UNKNOWN = Words(
    title="This mail cannot be sent again",
    meaning="Somebody has sent it again already, what became of it is known by now, or what was "
    "in it has been removed. Nothing has been done.",
    remedy="Look at the mail to see how it stands.",
)


@desk.get("/deliveries/<uuid:id>/send-again")
@require(Role.SENDER)
def ask_to_send_again(id: UUID) -> str | Response:
    """Ask before a mail is sent that the person may have got already."""
    with reading() as session:
        found = delivery_of(session, id)
    if not can_go_again(found):
        return _not_unknown(id)
    return render_template(
        "notifications/desk/send_again.html",
        delivery=found,
        kind=words.KINDS[found.template],
        subject=subject_of(found),
    )


@desk.post("/deliveries/<uuid:id>/send-again")
@require(Role.SENDER)
def send_again(id: UUID) -> Response:
    """Make the mail due again."""
    try:
        with transaction("desk.send_again") as session:
            found = delivery_of(session, id)
            commands.send_again(session, id)
            note(session, "mail_sent_again", found)
    except commands.NotUnknown:
        return _not_unknown(id)
    return redirect(url_for(".delivery", id=id), 303)


def _not_unknown(id: UUID) -> Response:
    link = {"href": url_for("desk.delivery", id=id), "text": "See the mail"}
    return answer(409, _NOT_UNKNOWN, link=link)
