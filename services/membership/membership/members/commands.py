"""What can be told to do with members. Each takes a session and leaves committing to its caller."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from membership.members import addresses, consents, facts, groups
from membership.members.models import Choice, ChoiceKind, Member, MemberState
from membership.members.wordings import WORDINGS, ConsentPurpose, Wording
from shared.contracts import Event
from shared.contracts.membership import (
    JoiningAsked,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MemberLinkRequested,
)
from shared.db import insert, now
from shared.messaging import count_recent, publish
from shared.messaging.forgetting import erase as erase_subject

LINKS_A_DAY = 3
# Who presses the button twice means it once.
SAME_MOMENT = timedelta(minutes=1)
UNPROVEN_KEPT = timedelta(days=7)
BY_FORM = "ticked on the form to join, confirmed by the button behind our email's link"
BY_LEAVING = "left, on the own page"

_CHOSEN = {
    "backgrounds": ChoiceKind.BACKGROUND,
    "interests": ChoiceKind.INTEREST,
    "locality": ChoiceKind.LOCALITY,
}
_TYPED = ("name", "reach", "phone", "post", "access_needs")


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who asks to join: the address in ASCII form, what they answered, what they agreed to."""

    email: str
    address_key: str = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    agreed: Collection[ConsentPurpose]


def join(session: Session, applicant: Applicant) -> None:
    """Keep what *applicant* answered until the address proves it, and have its link mailed.

    A member's address gets the link to its own page again, and nothing of it is changed; any
    address gets a few links a day. The caller is told nothing, so that it can tell nobody.
    """
    member = _row(session, applicant)
    if member.state == MemberState.JOINED:
        if _may_be_mailed(session, member, MemberLinkRequested):
            publish(session, facts.link_requested(member), about=member)
    elif _may_be_mailed(session, member, JoiningAsked):
        member.pending, member.pending_since = _pending(applicant), now(session)
        member.pending_generation += 1  # a link stands for the answers that it shows
        asked = facts.joining_asked(member, applicant.answers["name"])
        publish(session, asked, about=member)


def prove(session: Session, member: Member) -> None:
    """Make the locked *member* one, as they asked; do nothing if nothing is pending."""
    if member.pending is None:
        return
    pending, member.pending, member.pending_since = member.pending, None, None
    _answer(session, member, pending["answers"])
    member.state, member.joined_at = MemberState.JOINED, now(session)
    joined = MemberJoined(locality=member.locality, joined_at=member.joined_at)
    publish(session, joined, about=member)
    publish(session, facts.address_proven(member), about=member)
    for purpose, shown in pending["agreed"].items():
        wording = Wording(**shown, hint="")
        consents.give(session, member, ConsentPurpose(purpose), shown=wording, how=BY_FORM)


def change(session: Session, member: Member, answers: Mapping[str, Any]) -> None:
    """Keep *answers* of the locked *member*, where they are other than before."""
    if member.state != MemberState.JOINED:
        return
    before = _answered(member)
    _answer(session, member, answers)
    if _answered(member) == before:
        return
    changed = MemberChanged(locality=member.locality, changed_at=now(session))
    publish(session, changed, about=member)


def leave(session: Session, member: Member) -> None:
    """End the membership of the locked *member*: all consents with it, and what was told for it."""
    if member.state != MemberState.JOINED:
        return
    member.state = MemberState.LEFT
    groups.leave_all(session, member)
    blank_answers(member, keep=("name",))
    addresses.drop(session, member)
    # Before the consents: who may be told of the membership is told of its end.
    publish(session, MemberLeft(left_at=now(session)), about=member)
    for purpose in ConsentPurpose:
        consents.withdraw(session, member, purpose, how=BY_LEAVING)


def forget_unproven(session: Session) -> None:
    """Delete what was typed to join by whoever did not confirm it in time."""
    overdue = Member.pending_since < now(session) - UNPROVEN_KEPT
    nobody = select(Member).where(overdue, Member.state == MemberState.APPLIED)
    for applied in session.scalars(nobody.with_for_update(skip_locked=True)):
        erase_subject(session, str(applied.id))
        session.delete(applied)
    session.flush()
    session.execute(update(Member).where(overdue).values(pending=None, pending_since=None))


def _row(session: Session, applicant: Applicant) -> Member:
    """Return the address's row, locked; a new one is nobody's until it is proven."""
    blank = {
        "id": uuid7(),
        "subject_version": 0,
        "address_key": applicant.address_key,
        "email": applicant.email,
        "state": MemberState.APPLIED,
        "link_generation": 0,
        "pending_generation": 0,
        **dict.fromkeys(_TYPED, ""),
    }
    new = session.scalar(
        insert(session, Member)
        .values(blank)
        .on_conflict_do_nothing(index_elements=["address_key"])
        .returning(Member)
    )
    known = select(Member).filter_by(address_key=applicant.address_key)
    return new or session.scalars(known.with_for_update()).one()


def _pending(applicant: Applicant) -> dict[str, Any]:
    """Return what was typed, with the words of what was agreed to, as JSON keeps it."""
    agreed = {
        purpose: {"version": WORDINGS[purpose].version, "text": WORDINGS[purpose].text}
        for purpose in applicant.agreed
    }
    return {"answers": dict(applicant.answers), "agreed": agreed}


def _may_be_mailed(session: Session, member: Member, event: type[Event]) -> bool:
    """Return whether to mail a link once more: neither at once nor for ever."""
    about = [str(member.id)]
    if count_recent(session, event, about=about, within=SAME_MOMENT):
        return False
    day = timedelta(days=1)
    links = (JoiningAsked, MemberLinkRequested)
    return sum(count_recent(session, link, about=about, within=day) for link in links) < LINKS_A_DAY


def _answer(session: Session, member: Member, answers: Mapping[str, Any]) -> None:
    for name in _TYPED:
        setattr(member, name, answers[name])
    chosen = [
        choice
        for name, kind in _CHOSEN.items()
        for choice in session.scalars(
            select(Choice).where(Choice.kind == kind, Choice.code.in_(answers[name]))
        )
    ]
    member.choices = chosen
    session.flush()


def _answered(member: Member) -> list[object]:
    return [getattr(member, name) for name in _TYPED] + sorted(c.id for c in member.choices)


def blank_answers(member: Member, *, keep: Collection[str] = ()) -> None:
    """Empty what the locked *member* answered, but for what to *keep*."""
    for name in _TYPED:
        if name not in keep:
            setattr(member, name, "")
    member.choices = []
