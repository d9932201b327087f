"""People as far as mail knows them: by the key of their address."""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from notifications.models.base import Base
from shared.db import UtcDateTime
from shared.messaging import Subject


class Recipient(Subject, Base):
    """Who may be mailed, or not, at one address. The links to preferences are made from its id."""

    __tablename__ = "recipient"

    address_key: Mapped[str] = mapped_column(Text, unique=True)
    link_generation: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
