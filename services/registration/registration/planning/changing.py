"""Changing what is said of a webinar, before it is published and after."""

from sqlalchemy.orm import Session

from registration import capacity, seating
from registration.details import (
    BINDING,
    PRIVATE,
    TOLD,
    WebinarDetails,
    changed,
    details_of,
)
from registration.models import Webinar
from registration.planning import slugs
from registration.planning.publishing import public
from registration.planning.refusals import Incomplete, Over
from registration.planning.revising import check_version, revise
from shared.contracts.registration import WebinarChanged
from shared.db import now
from shared.messaging import publish


def edit(
    session: Session, webinar: Webinar, stated: WebinarDetails, *, version: int, by: str
) -> None:
    """Change a locked *webinar*, as it was in *version*, to what is *stated*.

    Raises Overtaken; for a draft also NoSlug; for others Incomplete, capacity.TooFew, and Over
    when it is over and nobody could be told any more of what is changed.
    """
    check_version(webinar, version)
    what = changed(details_of(webinar), stated)
    if not what:
        return
    if webinar.is_draft:
        if "title" in what:
            webinar.slug = slugs.free_slug(session, stated.title, own=webinar)
        revise(session, webinar, stated, by)
    else:
        _change(session, webinar, stated, what, by)


def _change(
    session: Session, webinar: Webinar, stated: WebinarDetails, what: tuple[str, ...], by: str
) -> None:
    if stated.missing:
        raise Incomplete(stated.missing)
    if webinar.is_closed(now(session)) and BINDING & {*what}:
        raise Over(webinar.slug)
    if stated.capacity < webinar.placed:
        capacity.remove(session, webinar, webinar.placed - stated.capacity)
    revise(session, webinar, stated, by)
    if TOLD & {*what}:
        webinar.edition = webinar.version
    seating.seat(session, webinar)
    if {*what} - PRIVATE:
        publish(session, WebinarChanged(**public(webinar)), about=webinar)
