"""What was said of a webinar in its earlier versions."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from registration.details import PanelMember, WebinarDetails, details_of
from registration.models import Revision, Webinar
from shared.db import now

_MOMENTS = ("starts_at", "ends_at")


def keep(session: Session, webinar: Webinar, *, replaced_by: str) -> None:
    """Keep what is said of *webinar* now, which is about to be replaced."""
    details = details_of(webinar)
    moments = {name: getattr(details, name).isoformat() for name in _MOMENTS}
    revision = Revision(
        webinar_id=webinar.id,
        version=webinar.version,
        details=asdict(details) | moments,
        replaced_by=replaced_by,
        replaced_at=now(session),
    )
    session.add(revision)


def kept(revision: Revision) -> WebinarDetails:
    """Return what was said in *revision*."""
    values: Mapping[str, Any] = revision.details
    moments = {name: datetime.fromisoformat(values[name]) for name in _MOMENTS}
    panel = tuple(PanelMember(**person) for person in values["panel"])
    return WebinarDetails(**{**values} | moments | {"panel": panel})
