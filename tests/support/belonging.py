"""What must hold of groups: what was told of a member's groups is what is stored of them."""

from collections import Counter, defaultdict
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from membership.members.models import Group, GroupMembership, Member, MemberState
from shared.db import Database
from shared.messaging.models import StoredEvent
from tests.support.balance import Balance, hold

_WAYS = {"membership.group_joined.v1": "joined", "membership.group_left.v1": "left"}
_STEPS = {("left", "joined"), ("joined", "left")}


def check(database: Database) -> None:
    """Compare events with rows. Raises AssertionError."""
    with database.reading() as session:
        rows = session.execute(
            select(Member.id, Group.code, Member.state, Group.closed_at)
            .join(GroupMembership, GroupMembership.member_id == Member.id)
            .join(Group, GroupMembership.group_id == Group.id)
        ).all()
    stories = _stories(database)
    steps = {step for story in stories.values() for step in pairwise(["left", *story])}
    last = Balance.of(
        "who belongs, by the last of the events",
        owed={(id, code) for id, code, _, _ in rows},
        found=(key for key, story in stories.items() if story[-1] == "joined"),
    )
    wrongly = Balance.of(
        "who belongs without being a member, or to what is closed",
        owed=(),
        found=(id for id, _, state, closed in rows if closed or state != MemberState.JOINED),
    )
    hold([last, wrongly, Balance("steps from way to way", _STEPS, frozenset(), Counter(steps))])


def _stories(database: Database) -> dict[tuple[UUID, str], list[str]]:
    """Return what was told of each member and group, in order; nothing of who was erased."""
    told = select(StoredEvent).where(
        StoredEvent.type.in_(_WAYS), StoredEvent.data["group"].as_string().is_not(None)
    )
    stories: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    with database.reading() as session:
        for event in session.scalars(told.order_by(StoredEvent.subject_version)):
            assert event.data is not None
            stories[UUID(event.subject), event.data["group"]].append(_WAYS[event.type])
    return stories
