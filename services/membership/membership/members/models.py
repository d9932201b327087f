"""Members, what they chose and agreed to, and which services have still to forget them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid_utils.compat import uuid7

from membership.models import Base
from shared.db import UtcDateTime
from shared.messaging import Subject
from shared.messaging.models import Json


class MemberState(StrEnum):
    """How somebody stands with us."""

    APPLIED = "applied"  # an address was entered, and has not proven itself: nobody yet
    JOINED = "joined"
    LEFT = "left"
    ERASED = "erased"  # nothing is left but the id, by which each service says it has forgotten


class ChoiceKind(StrEnum):
    """What people choose from."""

    BACKGROUND = "background"  # what brings them
    LOCALITY = "locality"
    INTEREST = "interest"


class Choice(Base):
    """One thing to choose: an installation's own data. A retired one is no longer offered."""

    __tablename__ = "choice"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    kind: Mapped[ChoiceKind] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("kind", "code"),)


member_choice = Table(
    "member_choice",
    Base.metadata,
    Column("member_id", Uuid, ForeignKey("member.id"), primary_key=True),
    Column("choice_id", Uuid, ForeignKey("choice.id"), primary_key=True),
)


class Member(Subject, Base):
    """Somebody at one address. What was typed to join is kept apart until the address proves it.

    So whoever enters another's address changes nothing of what is held of them. Links have
    generations of their own: of `pending`, whose link shows what it will make, and of the page.
    """

    __tablename__ = "member"

    address_key: Mapped[str] = mapped_column(Text, unique=True)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, default="")
    reach: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(Text, default="")
    post: Mapped[str] = mapped_column(Text, default="")
    access_needs: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[MemberState] = mapped_column(Text)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_generation: Mapped[int] = mapped_column(default=0)
    pending: Mapped[dict[str, Any] | None] = mapped_column(Json)
    pending_since: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    pending_generation: Mapped[int] = mapped_column(default=0)

    choices: Mapped[list[Choice]] = relationship(
        secondary=member_choice, order_by=(Choice.kind, Choice.position)
    )
    memberships: Mapped[list["GroupMembership"]] = relationship(
        order_by="GroupMembership.since", viewonly=True
    )

    def chosen(self, kind: ChoiceKind) -> list[Choice]:
        """Return what they chose of *kind*."""
        return [choice for choice in self.choices if choice.kind == kind]

    @property
    def locality(self) -> str | None:
        """Return the code of where they live, where they said so."""
        return next((choice.code for choice in self.chosen(ChoiceKind.LOCALITY)), None)


class Group(Base):
    """A reference group or workstream: members belong to it until they leave or it is closed."""

    __tablename__ = "member_group"  # "group" alone is a word of SQL

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    code: Mapped[str] = mapped_column(Text, unique=True)  # by which events name it: never changed
    name: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GroupMembership(Base):
    """That a member belongs to a group. Gone when they do no more: the events tell what was."""

    __tablename__ = "group_membership"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("member_group.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)

    group: Mapped[Group] = relationship(lazy="joined", innerjoin=True)


class AddressChange(Base):
    """Where a member wants their mail, until that address has proven itself. The newest counts.

    Empty between times, so that its generation goes on and no older link comes to life again.
    """

    __tablename__ = "address_change"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(default=0)
    email: Mapped[str | None] = mapped_column(Text)
    address_key: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class FormerAddress(Base):
    """By what key an address is known that was a member's, and until when.

    What was made for it before is theirs, and is forgotten with them; what came later may be
    somebody else's. Keys outlive an erasure: by them it is done again where a backup was put back.
    """

    __tablename__ = "former_address"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), index=True)
    address_key: Mapped[str] = mapped_column(Text, index=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class ConsentStatement(Base):
    """What a member said, once, in which words, of one thing they may agree to. Never changed."""

    __tablename__ = "consent_statement"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str] = mapped_column(Text)
    wording_version: Mapped[int]
    wording: Mapped[str] = mapped_column(Text)
    given: Mapped[bool]
    how: Mapped[str] = mapped_column(Text)
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_consent_statement_member", "member_id", "id"),)


class Erasure(Base):
    """That a service was asked to forget somebody, and when it said that it has."""

    __tablename__ = "erasure"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)
    service: Mapped[str] = mapped_column(Text, primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RepeatedErasure(Subject, Base):
    """That the services were asked once more to forget somebody, after a backup was put back.

    The subject of those requests: what is told of the member has no effect any more.
    """

    __tablename__ = "repeated_erasure"

    member_id: Mapped[UUID] = mapped_column(ForeignKey("member.id"), unique=True)
