"""What people may choose from: added to, and retired without touching who chose it."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from membership.members.models import Choice, ChoiceKind
from shared.db import now
from shared.slugs import free_slug


class NoSuchChoice(Exception):
    """Nothing of this kind has this code."""


class Known(Exception):
    """Something of this kind has this label already, offered or retired."""


def offer(session: Session, kind: ChoiceKind, code: str, label: str) -> None:
    """Offer one more choice, after the others; a known code gets the new label, retired or not."""
    known = session.scalar(_known(kind, code))
    if known:
        known.label, known.retired_at = label, None
        return
    last = session.scalar(select(func.max(Choice.position)).where(Choice.kind == kind))
    session.add(Choice(kind=kind, code=code, label=label, position=(last or 0) + 1))


def add(session: Session, kind: ChoiceKind, label: str) -> str:
    """Offer one more choice; return its code, made of its *label*. Raises Known, NoSlug."""
    others = _locked(session, kind)
    _check_label(others, label)
    codes = {choice.code for choice in others}
    code = free_slug(label, codes.__contains__)
    offer(session, kind, code, label)
    return code


def rename(session: Session, kind: ChoiceKind, code: str, label: str) -> None:
    """Call a choice otherwise; its code stays. Raises NoSuchChoice, Known."""
    others = _locked(session, kind)
    own = _coded(others, code)
    _check_label([choice for choice in others if choice is not own], label)
    own.label = label


def retire(session: Session, kind: ChoiceKind, code: str) -> None:
    """Offer a choice no longer; who has chosen it keeps it. Raises NoSuchChoice."""
    _coded(_locked(session, kind), code).retired_at = now(session)


def bring_back(session: Session, kind: ChoiceKind, code: str) -> None:
    """Offer a retired choice again. Raises NoSuchChoice."""
    _coded(_locked(session, kind), code).retired_at = None


def move(session: Session, kind: ChoiceKind, code: str, place: int) -> None:
    """Offer a choice at *place*, counted from 1; those after it move on. Raises NoSuchChoice."""
    everything = _locked(session, kind)
    own = _coded(everything, code)
    others = [choice for choice in everything if choice is not own]
    offered = [choice for choice in others if choice.retired_at is None]
    offered.insert(max(place, 1) - 1, own)
    retired = [choice for choice in others if choice.retired_at]
    for position, choice in enumerate(offered + retired, start=1):
        choice.position = position


def _known(kind: ChoiceKind, code: str) -> Select[Choice]:
    return select(Choice).where(Choice.kind == kind, Choice.code == code).with_for_update()


def _locked(session: Session, kind: ChoiceKind) -> Sequence[Choice]:
    """Return all of a kind in order, locked in one order whatever theirs is."""
    locked = select(Choice).where(Choice.kind == kind).order_by(Choice.id).with_for_update()
    return sorted(session.scalars(locked), key=lambda choice: choice.position)


def _coded(choices: Sequence[Choice], code: str) -> Choice:
    for choice in choices:
        if choice.code == code:
            return choice
    raise NoSuchChoice(code)


def _check_label(choices: Sequence[Choice], label: str) -> None:
    if label.casefold() in {choice.label.casefold() for choice in choices}:
        raise Known(label)
