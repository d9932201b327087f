"""What people said they may be mailed about."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from notifications.models.base import Base
from shared.db import UtcDateTime


class Purpose(StrEnum):
    """What somebody may be mailed for, beyond what they asked for themselves."""

    WEBINAR_INVITATIONS = "webinar_invitations"


class PermissionStatement(Base):
    """What somebody said, once, about being mailed for a purpose. Never changed, never deleted.

    *proven* when the address itself said it, by a link from our mail: until then "given" gives
    nothing, since anybody can type an address into a form.
    """

    __tablename__ = "permission_statement"

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    address_key: Mapped[str] = mapped_column(Text, index=True)
    purpose: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    wording: Mapped[str] = mapped_column(Text)
    given: Mapped[bool]
    proven: Mapped[bool]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
