"""Staff and members act on the same groups at the same moment: what is told is what is so."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from membership.members import commands, erasing, groups, queries
from membership.members.models import Group, Member, MemberState
from shared.db import Database
from shared.messaging.models import StoredEvent
from tests.support import belonging
from tests.support.once import migrate

CODES = ("crisis-care", "research")
PEOPLE, TURNS, THREADS = 6, 6, 4


@pytest.fixture
def people(database: Database) -> Iterator[list[UUID]]:
    """The ids of some members, where there are two groups."""
    migrate(database, "membership")
    rows = [
        Member(
            address_key=f"key-{number}",
            email=f"{number}@example.org",
            state=MemberState.JOINED,
            subject_version=0,
        )
        for number in range(PEOPLE)
    ]
    with database.transaction("test") as session:
        session.add_all(rows)
        for code in CODES:
            groups.start(session, name=code, about="To try it.")
    yield [row.id for row in rows]
    belonging.check(database)


def moves(database: Database, way: str, code: str, id: UUID) -> None:
    """Let a member join or leave a group, as the page for staff does."""
    with suppress(groups.Closed, groups.NotAMember), database.transaction("test") as session:
        group = groups.group(session, code, lock=way == "join")
        member = queries.member(session, id, lock=True)
        assert group
        assert member
        (groups.join if way == "join" else groups.leave)(session, group, member)


def closes(database: Database, code: str) -> None:
    with database.transaction("test") as session:
        group = groups.group(session, code, lock=True)
        assert group
        groups.close(session, group)


def goes(database: Database, id: UUID, how: str) -> None:
    """Let a member leave us, or be erased."""
    with database.transaction("test") as session:
        member = queries.member(session, id, lock=True)
        assert member
        (commands.leave if how == "leave" else erasing.erase)(session, member)


def all_at_once(database: Database, people: list[UUID]) -> None:
    """Let everybody join and leave both groups in turns, from several threads."""
    together = Barrier(THREADS)

    def work(number: int) -> None:
        together.wait()
        for turn in range(TURNS):
            for place, id in enumerate(people):
                way = ("join", "leave")[(turn + place + number) % 2]
                moves(database, way, CODES[(number + turn) % 2], id)
            if number == 0 and turn == TURNS // 2:
                goes(database, people[0], "leave")
                closes(database, CODES[0])
            if number == 1 and turn == TURNS // 2:
                goes(database, people[1], "erase")

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, number) for number in range(THREADS)]:
            done.result()


def test_joining_leaving_and_closing_at_once_lose_nothing(database: Database, people: list[UUID]):
    all_at_once(database, people)

    with database.reading() as session:
        closed = session.scalars(select(Group.code).where(Group.closed_at.is_not(None))).all()
        versions = session.execute(select(StoredEvent.subject, StoredEvent.subject_version)).all()
        counts = session.execute(select(Member.id, Member.subject_version)).all()
    assert closed == [CODES[0]]
    owed = {(str(id), number) for id, last in counts for number in range(1, last + 1)}
    assert sorted(owed) == sorted((subject, number) for subject, number in versions)


def test_of_two_who_start_a_group_of_one_name_the_later_is_told(
    database: Database, people: list[UUID]
):
    together = Barrier(2)

    def start(_: int) -> bool:
        together.wait()
        try:
            with database.transaction("test") as session:
                groups.start(session, name="Beds", about="Sleep.")
        except groups.Known:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, range(2))) == [False, True]
