"""Accounts of staff, their sessions and recovery codes; and what other services told them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid_utils.compat import uuid7

from membership.models import Base
from shared.db import UtcDateTime
from shared.messaging import Subject
from shared.staff import Role


class StaffAccount(Subject, Base):
    """A member of staff. Without a password nobody can sign in: they have a link to choose one."""

    __tablename__ = "staff_account"

    email: Mapped[str] = mapped_column(Text, unique=True)  # in ASCII form, small letters
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    setup_hash: Mapped[str | None] = mapped_column(Text, unique=True)
    setup_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[str | None] = mapped_column(Text)  # sealed: see codes
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # of the newest code that was used
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """Somebody who signed in, in one browser, which alone has the token."""

    __tablename__ = "staff_session"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[StaffAccount] = relationship()


class RecoveryCode(Base):
    """A code that lets its owner in once, without their telephone."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("staff_account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(Text, primary_key=True)


class ToldFigure(Base):
    """How many there are of something in another service, as it last told."""

    __tablename__ = "told_figure"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
    service: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(Text)
    number: Mapped[int]

    __table_args__ = (Index("ix_told_figure_day", "day"),)
