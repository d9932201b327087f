"""Cancelling a webinar."""

from sqlalchemy.orm import Session

from registration.details import details_of
from registration.models import Webinar, WebinarState
from registration.planning.refusals import Over
from registration.planning.revising import check_version, revise
from shared.contracts.registration import WebinarCancelled
from shared.db import now
from shared.messaging import publish


def cancel(session: Session, webinar: Webinar, *, message: str, version: int, by: str) -> None:
    """Cancel a locked *webinar*; everybody registered is told so, with *message* if there is one.

    Raises Overtaken, or Over when it has ended, was cancelled already or is a draft.
    """
    if webinar.is_closed(now(session)):
        raise Over(webinar.slug)
    check_version(webinar, version)
    webinar.state = WebinarState.CANCELLED
    webinar.cancellation = message
    revise(session, webinar, details_of(webinar), by)
    webinar.edition = webinar.version
    publish(session, WebinarCancelled(slug=webinar.slug), about=webinar)
