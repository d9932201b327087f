"""Deleting a draft: nobody but staff has ever seen it, so nobody is told."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from registration.models import Revision, Webinar
from registration.planning.refusals import NotADraft
from registration.planning.revising import check_version


def discard(session: Session, webinar: Webinar, *, version: int) -> None:
    """Delete a locked draft and its versions. Raises Overtaken, NotADraft."""
    if not webinar.is_draft:
        raise NotADraft(webinar.slug)
    check_version(webinar, version)
    session.execute(delete(Revision).where(Revision.webinar_id == webinar.id))
    session.delete(webinar)
