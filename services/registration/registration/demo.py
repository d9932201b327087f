"""Made-up webinars, so that a new installation has something to look at."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from registration import commands, planning, queries
from registration.commands import Person
from registration.planning import PanelMember, WebinarDetails, slug_of
from shared.addresses import address_key
from shared.clock import LONDON
from shared.db import now

_HOUR = timedelta(hours=1)
_THURSDAY = 3
_JOIN = "https://meet.example.org/"
# Nobody's key: these two people do not exist, and no one can be found by it.
_KEY = b"made up"


def add_demo(session: Session) -> int:
    """Add one webinar to register for, a full one and a past one; return how many were missing."""
    moment = now(session)
    midday = _first_thursday_of_next_month(moment)
    wanted = [
        _importance_of_co_production(midday),
        _crisis_care(midday + timedelta(days=7)),
        _first_steps(midday - timedelta(days=70)),
    ]
    missing = [
        details for details in wanted if not queries.webinar(session, slug_of(details.title))
    ]
    for details in missing:
        added = planning.add_webinar(session, details, slug=slug_of(details.title), by="the demo")
        if details.capacity == len(_PEOPLE):
            for person in _PEOPLE:
                commands.register(session, added, person)
    return len(missing)


def _first_thursday_of_next_month(moment: datetime) -> datetime:
    local = moment.astimezone(LONDON)
    first = (local.replace(day=1) + timedelta(days=32)).replace(day=1).date()
    thursday = first + timedelta(days=(_THURSDAY - first.weekday()) % 7)
    return datetime.combine(thursday, time(12), LONDON).astimezone(UTC)


def _importance_of_co_production(start: datetime) -> WebinarDetails:
    return WebinarDetails(
        title="The importance of co-production",
        summary="What changes when services are designed together with the people who use them? "
        "Three Experts by Experience tell you, and answer your questions.",
        expect="Each of our panel speaks for ten minutes about a service they helped to design. "
        "Then we take your questions, which you can send beforehand, type or ask aloud.\n\n"
        "You need not show your face or your name. There are captions, and a break half-way. "
        "Some of what is told may be hard to hear: you can leave and come back at any time, "
        "and someone to talk to is there throughout and for half an hour afterwards.",
        starts_at=start,
        ends_at=start + _HOUR,
        capacity=200,
        joining_link=f"{_JOIN}importance",
        panel=(
            PanelMember(
                name="Amara Example",
                biography="Amara spent four months on an acute ward. She now helps to choose "
                "the people who work there.",
            ),
            PanelMember(
                name="Tom Sample",
                biography="Tom cares for his brother. He helped to write the plan that families "
                "are given when somebody leaves hospital.",
            ),
            PanelMember(
                name="Priya Placeholder",
                biography="Priya is a community nurse who has used services herself. She runs "
                "a weekly group with two of the people she once cared for.",
            ),
        ),
    )


def _crisis_care(start: datetime) -> WebinarDetails:
    return WebinarDetails(
        title="Crisis care, designed together",
        summary="A small workshop on what helps in the first hour of a crisis.",
        expect="A conversation in a small circle. Everybody who comes is asked to take part.",
        starts_at=start,
        ends_at=start + 2 * _HOUR,
        capacity=len(_PEOPLE),
        joining_link=f"{_JOIN}crisis",
        panel=(PanelMember(name="Tom Sample", biography="Tom cares for his brother."),),
    )


def _first_steps(start: datetime) -> WebinarDetails:
    return WebinarDetails(
        title="First steps as an Expert by Experience",
        summary="What Experts by Experience do, what they are paid, and how to begin.",
        expect="A short talk, then your questions.",
        starts_at=start,
        ends_at=start + _HOUR,
        capacity=100,
        joining_link=f"{_JOIN}first-steps",
        panel=(PanelMember(name="Amara Example", biography="Amara chooses ward staff."),),
    )


_PEOPLE = tuple(
    Person(
        name=name,
        email=f"{name.lower()}@example.org",
        address_key=address_key(_KEY, f"{name.lower()}@example.org"),
    )
    for name in ("Alex", "Robin")
)
