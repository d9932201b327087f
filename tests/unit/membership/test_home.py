"""The first page for staff: what needs attention, in words, and how many there were each day."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from membership.handlers import HANDLERS
from shared.contracts import Envelope, notifications, registration
from shared.staff import Role
from tests.support.desk import Desk


def tell(desk: Desk, event: Any, *, subject: UUID | None = None, version: int = 1) -> UUID:
    """Let membership hear of *event*; return its subject."""
    subject = subject or uuid4()
    envelope = Envelope(
        id=uuid4(),
        source=f"urn:coproduce:test:{event.type.partition('.')[0]}",
        type=event.type,
        time=datetime(2026, 7, 2, tzinfo=UTC),
        subject=str(subject),
        subjectversion=version,
        sequence="00000000000000000001",
        correlationid="c",
        causationid=None,
        traceparent="t",
        dataref=None,
        data=event.dump(),
    )
    with desk.database.transaction("test") as session:
        HANDLERS[type(event)](session, event, envelope)
    return subject


def figure(name: str, number: int, *, day: str = "", of: Any = registration) -> Any:
    return of.FigureCounted(name=name, day=day, number=number)


def test_where_nothing_needs_attention_it_says_so(desk: Desk):
    page = desk.signed_in().get("/staff").text

    assert "Nothing just now" in page
    assert page.count("None in these days") == 2


@pytest.mark.parametrize(
    ("name", "number", "of", "said"),
    [
        ("people_waiting", 1, registration, "1 person waits for a place"),
        ("people_waiting", 3, registration, "3 people wait for a place"),
        ("dead_letters", 2, notifications, "2 events that notifications could not handle"),
        ("mails_unknown", 1, notifications, "nobody can tell whether it was sent"),
    ],
)
def test_what_needs_attention_is_said(desk: Desk, name: str, number: int, of: Any, said: str):
    tell(desk, figure(name, number, of=of))

    page = desk.signed_in().get("/staff").text

    assert said in page
    assert "Nothing just now" not in page


@pytest.mark.parametrize(
    ("name", "state"), [("mails_unknown", "unknown"), ("mails_failed", "rejected")]
)
def test_mail_that_needs_attention_is_a_click_away(desk: Desk, name: str, state: str):
    tell(desk, figure(name, 2, of=notifications))

    assert f'href="/staff/deliveries?state={state}"' in desk.signed_in().get("/staff").text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.APPROVER])
def test_who_may_look_at_dead_letters_is_led_there_and_others_told_whom_to_tell(
    desk: Desk, role: Role
):
    tell(desk, figure("dead_letters", 2, of=notifications))
    desk.ready("robin@example.org", role=role)

    page = desk.signed_in("robin@example.org").get("/staff").text

    assert ("tell whoever runs this system" in page) == (role != Role.ADMINISTRATOR)
    assert ('href="/staff/system/notifications"' in page) == (role == Role.ADMINISTRATOR)


def test_the_newest_figure_counts_in_whatever_order_they_come(desk: Desk):
    subject = tell(desk, figure("people_waiting", 0), version=3)
    tell(desk, figure("people_waiting", 7), subject=subject, version=2)

    assert "Nothing just now" in desk.signed_in().get("/staff").text


def test_what_happened_each_day_is_drawn_and_told(desk: Desk):
    tell(desk, figure("registrations", 40, day="2026-07-02"))
    tell(desk, figure("registrations", 10, day="2026-06-19"))
    tell(desk, figure("registrations", 777, day="2026-06-18"))  # before the days shown

    page = desk.signed_in().get("/staff").text

    assert 'x="131" y="1" width="8" height="100"' in page
    assert 'x="1" y="76" width="8" height="25"' in page
    assert "Thursday 2 July" in page
    assert "Friday 19 June" in page
    assert "777" not in page
