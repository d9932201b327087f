"""Versions of a webinar: each change is made to the one that somebody has looked at."""

from sqlalchemy.orm import Session

from registration import revisions
from registration.details import WebinarDetails, write
from registration.models import Webinar
from registration.planning.refusals import Overtaken


def revise(session: Session, webinar: Webinar, stated: WebinarDetails, by: str) -> None:
    """Write what is *stated*, and keep what was said before: others may still go by it."""
    revisions.keep(session, webinar, replaced_by=by)
    write(webinar, stated)
    webinar.version += 1
    session.flush()


def check_version(webinar: Webinar, version: int) -> None:
    """Raise Overtaken where *webinar* is no longer as it was in *version*."""
    if webinar.version != version:
        raise Overtaken(webinar.slug)
