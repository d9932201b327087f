"""What people may choose from: added to, and retired without touching who chose it."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from membership.members.models import Choice, ChoiceKind
from shared.db import now


class NoSuchChoice(Exception):
    """Nothing of this kind has this code."""


def offer(session: Session, kind: ChoiceKind, code: str, label: str) -> None:
    """Offer one more choice, after the others; a known code gets the new label, retired or not."""
    known = session.scalar(_known(kind, code))
    if known:
        known.label, known.retired_at = label, None
        return
    last = session.scalar(select(func.max(Choice.position)).where(Choice.kind == kind))
    session.add(Choice(kind=kind, code=code, label=label, position=(last or 0) + 1))


def retire(session: Session, kind: ChoiceKind, code: str) -> None:
    """Offer a choice no longer; who has chosen it keeps it. Raises NoSuchChoice."""
    known = session.scalar(_known(kind, code))
    if known is None:
        raise NoSuchChoice(code)
    known.retired_at = now(session)


def _known(kind: ChoiceKind, code: str) -> Select[Choice]:
    return select(Choice).where(Choice.kind == kind, Choice.code == code).with_for_update()
