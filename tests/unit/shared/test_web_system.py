"""The pages about the system: how it stands, what could not be handled, and what is done of it."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from notifications.models import Template
from shared.db import database_now
from shared.messaging import accept
from shared.messaging.circuit import Circuit
from shared.messaging.models import ReceivedEvent, State, StoredEvent
from shared.messaging.troubles import Report
from shared.outages import Outage
from shared.staff import Role
from shared.web.system.words import event_in_words, length_in_words
from tests.support.mails import an_envelope, an_event
from tests.support.sick import AT, Sick

JO = "jo@example.org"


@pytest.fixture
def sick(tmp_path: Path) -> Sick:
    return Sick(tmp_path)


def sees(sick: Sick, path: str = "") -> str:
    page = sick.browser().get(AT + path)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.text)


def group_of(sick: Sick) -> str:
    """Return the part of an address that names the first group."""
    link = re.search(r'href="[^"]*/letters(\?[^"]*)"', sees(sick))
    assert link
    return link[1].replace("&amp;", "&")


def wait(sick: Sick, minutes: int) -> None:
    """Let everything that waits have done so for longer."""
    with sick.database.transaction("test") as session:
        span = timedelta(minutes=minutes)
        for event in session.scalars(select(ReceivedEvent)):
            event.received_at -= span
        for told in session.scalars(select(StoredEvent)):
            told.time -= span


def hears(sick: Sick) -> None:
    sick.hears(an_envelope(an_event(Template.CONFIRMED), subject=uuid4()))


def test_where_all_is_well_it_says_so(sick: Sick):
    page = sees(sick)

    assert "Everything works." in page
    assert "There are none." in page
    assert 'href="/staff/system/registration">Registration' in page
    assert 'href="/staff/system/notifications" aria-current="page"><strong>Notifications' in page


def test_what_a_loop_cannot_do_is_said_in_plain_words(sick: Sick):
    loops = ("notifications.relay", "notifications.sender", "notifications.other")
    circuits = [Circuit(loop, Report(sick.database, loop)) for loop in loops]
    for circuit in circuits:
        for _ in range(5):
            circuit.failed(Outage("BROKER_URL: the broker does not answer. Is it running?"))

    page = sees(sick)

    assert "What happens here is not passed on to the other parts of the system. Why: “BROK" in page
    assert "No mail is sent that somebody waits for" in page
    assert "Some of the work in the background is not done (other)" in page
    assert "Everything works" not in page
    for circuit in circuits:
        circuit.succeeded()
    assert "Everything works." in sees(sick)


def test_what_waits_is_said_and_that_nothing_tells_why(sick: Sick):
    hears(sick)
    sick.gives_up()  # tried eleven times, so that it is dead and waits no more
    hears(sick)
    assert "has waited" not in sees(sick)
    wait(sick, minutes=3)

    page = sees(sick)

    assert "“Registration confirmed” has waited for 3 minutes to be acted on." in page
    assert "Nothing says why." in page


def test_what_failed_and_is_tried_again_is_said_with_why(sick: Sick):
    hears(sick)
    sick.tries()
    sick.tries()
    wait(sick, minutes=125)

    page = sees(sick)

    assert "has waited for 2 hours to be acted on. It was tried 2 times and did not work" in page
    assert "(LookupError at tests.support.sick:" in page
    assert "Nothing says why" not in page


def test_what_is_not_passed_on_is_said(sick: Sick):
    sick.gives_up(JO)
    sick.sends("/retry", "/retry")  # which is told to membership
    wait(sick, minutes=2)
    page = sees(sick)
    assert "“Staff acted” has waited for 2 minutes to be passed on." in page

    with sick.database.transaction("test") as session:
        session.execute(update(StoredEvent).values(refusals=3))
    assert "passed on. No part of the system takes it" in sees(sick)


def test_mail_that_is_late_or_unknown_is_said(sick: Sick):
    hears(sick)
    sick.recovers()
    with sick.database.transaction("test") as session:
        session.connection().exec_driver_sql("update delivery set due_at = '2022-07-07'")
    assert re.search(r"A mail has waited for \d+ days to be sent", sees(sick))

    with sick.database.transaction("test") as session:
        session.connection().exec_driver_sql("update delivery set state = 'unknown'")
    assert "Of 1 mail nobody can tell whether it was sent." in sees(sick)


def test_dead_letters_are_shown_by_group_and_one_by_one(sick: Sick):
    sick.gives_up(JO, "robin@example.org")
    page = sees(sick)
    assert "Registration confirmed" in page
    assert "LookupError at tests.support.sick:" in page

    group = sees(sick, f"/letters{group_of(sick)}")
    assert "Registration confirmed: 2 events" in group
    assert "Event 1" in group
    assert "Event 2" in group
    letter = sees(sick, "/letters/1")
    assert "11 times" in letter
    assert JO not in page + group + letter


def test_its_content_is_shown_to_who_asks_and_that_is_recorded(sick: Sick):
    sick.gives_up(JO)

    page = sick.sends("/letters/1", "/letters/1").text

    assert f"&#34;email&#34;: &#34;{JO}&#34;" in page
    assert sick.acts() == [("dead_letter_opened", "dead_letter:1")]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"\xff\x00<b>\n", r"\xff\x00&lt;b&gt;\n"),
        (b"", "<pre"),
        (b"[" * 100_000, "[[[["),
        (b'{"caf\xc3\xa9": 1}', "&#34;café&#34;: 1"),
        (b"x" * 200_000, "… and more"),
    ],
)
def test_whatever_came_can_be_looked_at(sick: Sick, body: bytes, shown: str):
    with sick.database.transaction("test") as session:
        accept(session, [body])

    page = sick.sends("/letters/1", "/letters/1").text

    assert "A message that cannot be read" in page
    assert shown in page


def test_what_was_deleted_of_it_is_said(sick: Sick):
    sick.gives_up(JO, JO)
    with sick.database.transaction("test") as session:
        session.execute(update(ReceivedEvent).where(ReceivedEvent.id == 1).values(body=None))

    assert "It has been deleted" in sees(sick, "/letters/1")
    assert "Deleted" in sees(sick, f"/letters{group_of(sick)}")
    assert "1 of them cannot be read, or lost their content" in sees(sick, "/retry")
    assert "It will fail again at once" in sees(sick, "/retry?id=1")


@pytest.mark.parametrize("which", ["one", "group", "all"])
def test_what_is_retried_is_handled_once(sick: Sick, which: str):
    sick.gives_up(JO, "robin@example.org")
    sick.hears(an_envelope(an_event(Template.WITHDRAWN), subject=uuid4()))
    group = group_of(sick)
    asked = {"one": "?id=1", "group": group, "all": ""}[which]
    number = 1 if which == "one" else 2
    type = "registration.registration_confirmed.v1"
    about = {
        "one": "dead_letter:1",
        "group": f"dead_letters:2 of {type}",
        "all": "dead_letters:2",
    }

    page = sick.sends("/retry", f"/retry{asked}").text

    assert f"{number} event{' is' if number == 1 else 's are'} tried again now." in page
    assert sick.acts() == [("dead_letters_retried", about[which])]
    sick.recovers()
    sick.recovers()
    assert sick.mails() == number + 1


def test_what_is_discarded_is_never_handled_and_stands_with_its_reason(sick: Sick):
    sick.gives_up(JO, "robin@example.org")
    asked = group_of(sick)

    refused = sick.sends("/discard", f"/discard{asked}", reason=" ")
    assert (refused.status_code, "Enter the reason" in refused.text) == (422, True)
    assert "Discard 2 events?" in refused.text
    assert 'href="#reason"' in refused.text
    page = sick.sends("/discard", f"/discard{asked}", reason="They were <told> by phone").text

    assert "2 events are discarded." in page
    sick.recovers()
    assert (sick.mails(), sick.states()) == (0, [State.DISCARDED] * 2)
    kept = sees(sick, "/discarded")
    assert kept.count("They were &lt;told&gt; by phone") == 2
    assert "They were &lt;told&gt; by phone" in sees(sick, "/letters/2")
    assert sick.acts()[0][0] == "dead_letters_discarded"


def test_what_died_since_the_page_was_shown_is_left_alone(sick: Sick):
    sick.gives_up(JO)
    group, browser = group_of(sick), sick.browser()
    page = browser.get(f"{AT}/retry{group}").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    sick.gives_up("robin@example.org")

    for said in ("1 event is tried again now.", "There was nothing left to do."):
        answer = browser.post(f"{AT}/retry", data=hidden, follow_redirects=True)
        assert said in answer.text

    assert sick.states() == [State.NEW, State.DEAD]
    assert len(sick.acts()) == 1


def test_who_comes_too_late_is_told(sick: Sick):
    assert "There is nothing to try again" in sees(sick, "/retry")
    assert "There is nothing to discard" in sees(sick, "/discard?id=1")
    assert "There is nothing here any more" in sees(sick, "/letters?type=a&error=b")
    assert "None. When somebody gives an event up" in sees(sick, "/discarded")


@pytest.mark.parametrize(
    "path",
    [
        "/letters/1", "/letters/99999999999999999999", "/retry?id=x", "/retry?id=0", "/discard",
        "/discard?type=a", "/retry?id=99999999999999999999", "/retry?until=now",
        "/retry?until=0001-01-01T00:00:00%2B14:00",
    ],
)  # fmt: skip
def test_an_address_that_names_nothing_is_none(sick: Sick, path: str):
    assert sick.browser().get(AT + path).status_code == 404


def test_many_are_shown_by_the_page(sick: Sick):
    with sick.database.transaction("test") as session:
        accept(session, [b"%d" % number for number in range(51)])
        moment = database_now(session)
        values = {"state": State.DISCARDED, "reason": "Not ours", "ended_at": moment}
    group = group_of(sick)

    assert sees(sick, f"/letters{group}").count("/letters/") == 50
    assert sees(sick, f"/letters{group}&page=2").count("/letters/") == 1
    assert "There are not that many" in sees(sick, f"/letters{group}&page=3")
    with sick.database.transaction("test") as session:
        session.execute(update(ReceivedEvent).values(**values))
    assert "event 51" in sees(sick, "/discarded")
    assert ", event 1<" in sees(sick, "/discarded?page=2")


def test_administrators_alone_may_look(sick: Sick):
    for path in ("", "/letters", "/letters/1", "/retry", "/discard", "/discarded"):
        assert sick.browser(Role.APPROVER).get(AT + path).status_code == 403


def test_words():
    assert event_in_words("membership.member_joined.v1") == "Member joined"
    assert event_in_words("whatever") == "Whatever"
    spans = (59, 60, 7199, 7200, 48 * 3600)
    assert [length_in_words(seconds) for seconds in spans] == [
        "0 minutes", "1 minute", "119 minutes", "2 hours", "2 days",
    ]  # fmt: skip
