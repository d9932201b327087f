"""Two members of staff edit one webinar: the later gets both, and is told where they differ."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from registration.desk.showing import Difference, differences, lines
from registration.details import WebinarDetails, changed, details_of
from registration.models import Revision, Webinar
from registration.revisions import kept

_WHEN = {"starts_at", "ends_at"}


class Meanwhile(NamedTuple):
    """What others did to a webinar while somebody was editing it, and what becomes of both."""

    who: list[str]
    at: datetime
    theirs: list[Difference]
    disputed: frozenset[str]  # labels of what both have changed
    merged: WebinarDetails


def meanwhile(
    session: Session, webinar: Webinar, version: int, typed: WebinarDetails
) -> Meanwhile | None:
    """Return what happened to *webinar* since *version*, of which *typed* was made.

    In `merged` stands what was typed, and theirs where nothing was. None: no such version.
    """
    later = select(Revision).where(Revision.webinar_id == webinar.id, Revision.version >= version)
    since = session.scalars(later.order_by(Revision.version)).all()
    if not since or since[0].version != version:
        return None
    base, now = kept(since[0]), details_of(webinar)
    own, others = _changed(base, typed), _changed(base, now)
    taken_over = {name: getattr(now, name) for name in others - own}
    both = own & others & _changed(typed, now)
    return Meanwhile(
        who=list(dict.fromkeys(revision.replaced_by for revision in since)),
        at=since[-1].replaced_at,
        theirs=differences(base, now),
        disputed=frozenset(line.label for line in lines(now) if line.names & both),
        merged=replace(typed, **taken_over),
    )


def _changed(before: WebinarDetails, after: WebinarDetails) -> set[str]:
    """Return the names of what differs; start and end are one, or one could pass the other."""
    names = {*changed(before, after)}
    return names | _WHEN if names & _WHEN else names
