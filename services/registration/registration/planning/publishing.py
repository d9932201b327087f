"""A webinar comes to be, as a draft, and is opened to registrations."""

from typing import Any

from sqlalchemy.orm import Session

from registration import capacity
from registration.details import WebinarDetails, details_of, write
from registration.models import Webinar, WebinarState
from registration.planning import slugs
from registration.planning.refusals import Incomplete, NotADraft, Over, SlugTaken
from registration.planning.revising import check_version, revise
from shared.contracts.registration import WebinarPublished
from shared.db import now
from shared.messaging import publish as publish_event


def add_webinar(session: Session, stated: WebinarDetails, *, slug: str, by: str) -> Webinar:
    """Return the new webinar, open to registrations or past. Raises SlugTaken, Incomplete."""
    if slugs.is_taken(session, slug):
        raise SlugTaken(slug)
    webinar = _new(session, stated, slug)
    _open(session, webinar, by)
    return webinar


def draft(session: Session, stated: WebinarDetails) -> Webinar:
    """Return a new webinar that only staff can see. Raises NoSlug."""
    return _new(session, stated, slugs.free_slug(session, stated.title))


def publish(session: Session, webinar: Webinar, *, version: int, by: str) -> None:
    """Open a locked draft to registrations. Raises Overtaken, NotADraft, Over or Incomplete."""
    if not webinar.is_draft:
        raise NotADraft(webinar.slug)
    check_version(webinar, version)
    if webinar.starts_at <= now(session):
        raise Over(webinar.slug)
    _open(session, webinar, by)


def public(webinar: Webinar) -> dict[str, Any]:
    """Return what the public events of *webinar* state."""
    return {name: getattr(webinar, name) for name in ("slug", "title", "starts_at", "ends_at")}


def _new(session: Session, stated: WebinarDetails, slug: str) -> Webinar:
    webinar = Webinar(slug=slug, state=WebinarState.DRAFT, version=1, edition=1, placed=0)
    write(webinar, stated)
    session.add(webinar)
    session.flush()
    return webinar


def _open(session: Session, webinar: Webinar, by: str) -> None:
    stated = details_of(webinar)
    if stated.missing:
        raise Incomplete(stated.missing)
    webinar.state = WebinarState.PUBLISHED
    revise(session, webinar, stated, by)
    webinar.edition = webinar.version
    capacity.make(session, webinar, webinar.capacity)
    publish_event(session, WebinarPublished(**public(webinar)), about=webinar)
