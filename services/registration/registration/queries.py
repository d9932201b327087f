"""What registration can be asked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, selectinload

from registration.models import Place, Registration, Webinar, WebinarState
from shared.db import now

_IS_PUBLIC = Webinar.state != WebinarState.DRAFT


def upcoming(session: Session) -> Sequence[Webinar]:
    """Return the webinars that have not ended, the soonest first."""
    return session.scalars(
        _with_panel().where(Webinar.ends_at > now(session)).order_by(Webinar.starts_at)
    ).all()


def past(session: Session) -> Sequence[Webinar]:
    """Return the webinars that have ended, the latest first."""
    return session.scalars(
        _with_panel().where(Webinar.ends_at <= now(session)).order_by(Webinar.starts_at.desc())
    ).all()


def webinar(session: Session, slug: str) -> Webinar | None:
    """Return the webinar at this public address."""
    return session.scalar(select(Webinar).where(Webinar.slug == slug, _IS_PUBLIC))


def full(session: Session, webinars: Sequence[Webinar]) -> set[UUID]:
    """Return the ids of those of *webinars* that have no free place."""
    ids = [webinar.id for webinar in webinars]
    free = exists().where(Place.webinar_id == Webinar.id, Place.registration_id.is_(None))
    return set(session.scalars(select(Webinar.id).where(Webinar.id.in_(ids), ~free)))


def taken(session: Session, webinars: Sequence[Webinar]) -> dict[UUID, int]:
    """Return how many places of each of *webinars* are taken."""
    ids = [webinar.id for webinar in webinars]
    counted = (
        select(Place.webinar_id, func.count(Place.registration_id))
        .where(Place.webinar_id.in_(ids))
        .group_by(Place.webinar_id)
    )
    return {webinar_id: number for webinar_id, number in session.execute(counted)}


def registration(session: Session, id: UUID, *, lock: bool = False) -> Registration | None:
    """Return the registration with this id, locked for a change if asked."""
    return session.get(Registration, id, with_for_update=lock or None)


def registration_by(session: Session, webinar: Webinar, address_key: str) -> Registration:
    """Return the registration of an address that has registered for *webinar*."""
    known = select(Registration).filter_by(webinar_id=webinar.id, address_key=address_key)
    return session.scalars(known).one()


def _with_panel() -> Select[Webinar]:
    return select(Webinar).options(selectinload(Webinar.panel)).where(_IS_PUBLIC)


def planned(session: Session) -> Sequence[Webinar]:
    """Return every webinar that has not ended, drafts included, the soonest first."""
    coming = select(Webinar).where(Webinar.ends_at > now(session))
    return session.scalars(coming.order_by(Webinar.starts_at, Webinar.id)).all()


def over(session: Session, *, most: int) -> Sequence[Webinar]:
    """Return webinars that have ended, drafts included, the latest first, *most* at most."""
    ended = select(Webinar).where(Webinar.ends_at <= now(session))
    return session.scalars(ended.order_by(Webinar.starts_at.desc()).limit(most)).all()
