"""What handlers keep: the same rows whether events are handled together or one by one."""

from uuid import uuid4

import pytest
from sqlalchemy import Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.contracts import Envelope, Event
from shared.contracts.registration import RegistrationConfirmed
from shared.messaging import Worker, accept, keep_first, keep_newest
from tests.integration.conftest import NewDatabase
from tests.support.house import Base, House
from tests.support.messages import envelope


class Newest(Base):
    __tablename__ = "newest"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]


class First(Base):
    __tablename__ = "first"

    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]


def keep(session: Session, _event: Event, envelope: Envelope) -> None:
    row = {"subject": envelope.subject, "version": envelope.subjectversion}
    keep_newest(session, Newest, row, key="subject")
    keep_first(session, First, row)
    if envelope.subjectversion == 9:
        raise ValueError("nine")


@pytest.mark.parametrize("versions", [[2, 3, 1], [2, 9, 3, 1]], ids=["together", "one by one"])
def test_the_newest_and_the_first_are_kept_of_what_did_not_fail(
    new_database: NewDatabase, versions: list[int]
):
    house = House(new_database)
    subject = uuid4()
    events = [envelope(n, subject=subject, version=n) for n in versions]
    with house.consumer.transaction("test") as session:
        accept(session, [event.to_bytes() for event in events])

    Worker(house.consumer, {RegistrationConfirmed: keep}).run_once()

    with house.consumer.reading() as session:
        assert session.scalars(select(Newest.version)).all() == [3]
        assert session.scalars(select(First.version)).all() == [2]
