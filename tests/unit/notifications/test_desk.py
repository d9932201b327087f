"""The pages on which staff see what became of mails, and send one again."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from notifications.claims import NEVER_REPORTED
from notifications.desk import finding
from notifications.erasing import erasure_of, forget
from notifications.forgetting import blank_old_deliveries
from notifications.models import Delivery, DeliveryState, SuppressionReason, Template
from shared.staff import Role
from tests.support.mail_desk import MAILS, MailDesk


def test_where_no_mail_was_made_it_says_when_one_is(desk: MailDesk):
    page = desk.sees(MAILS)

    assert "No mail has been made yet" in page
    assert "None in these days" in page


def test_mails_are_listed_counted_and_filtered(desk: MailDesk):
    desk.mail()
    desk.mail(DeliveryState.UNKNOWN, email="robin@example.org", template=Template.WELCOME)

    page = desk.sees(MAILS)
    for shown in ("jo@", "robin@", "1 mail of which nobody can tell", "Arrived (1 in 14 days)"):
        assert shown in page
    unknown = desk.sees(f"{MAILS}?state=unknown")
    assert ("robin@" in unknown, "jo@" in unknown) == (True, False)
    assert "robin@" in desk.sees(f"{MAILS}?kind=member_welcomed")
    none = desk.sees(f"{MAILS}?state=unknown&kind=registration_confirmed")
    assert "There is no such mail" in none


@pytest.mark.parametrize(
    "odd", ["state=x", "kind=x", "why=x", "page=x", "page=-1", "page=999999999999999999999"]
)
def test_what_cannot_be_asked_for_is_not_asked_for(desk: MailDesk, odd: str):
    desk.mail()

    desk.sees(f"{MAILS}?{odd}")
    desk.sees(f"{MAILS}?state=unknown&{odd}")


def test_mails_are_filtered_by_why(desk: MailDesk):
    for email, reason in (("a@", "suppressed"), ("b@", "paused"), ("c@", "paused")):
        desk.mail(DeliveryState.SKIPPED, email=f"{email}example.org", reason=reason)

    page = desk.sees(f"{MAILS}?state=skipped")
    assert "The address is not to be written to: 1" in page
    before, _, _ = page.partition(">The person is taking a break from invitations: 2")
    mark = before.rpartition('value="')[2].partition('"')[0]
    paused = desk.sees(f"{MAILS}?state=skipped&why={mark}")

    assert ("a@" in paused, "b@" in paused, "c@" in paused) == (False, True, True)


def test_a_long_list_comes_in_pages(desk: MailDesk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finding, "PAGE", 1)
    desk.mail()
    desk.mail(email="robin@example.org")

    first, second = desk.sees(MAILS), desk.sees(f"{MAILS}?page=2")

    assert ("robin@" in first, "jo@" in first, "Older" in first) == (True, False, True)
    assert ("robin@" in second, "jo@" in second, "Newer" in second) == (False, True, True)


def test_what_no_index_leads_to_is_looked_for_among_the_newest_alone(
    desk: MailDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 2)
    for number in range(3):
        desk.mail(email=f"p{number}@example.org")

    page = desk.posts(MAILS, person="example.org").text
    assert ("p0@" in page, "p1@" in page, "p2@" in page) == (False, True, True)
    assert "p0@" in desk.posts(MAILS, person="p0@example.org").text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("jo@example.org", True),
        (" JO@Example.org ", True),
        ("jo@exam", True),
        ("JO", True),
        ("%", False),
        ("_", False),
        ("o'", False),
        ("jo@example.or", True),
    ],
)
def test_mails_to_a_person_are_found(desk: MailDesk, typed: str, found: bool):
    id = desk.mail()

    answer = desk.posts(MAILS, person=typed)

    assert answer.status_code == 200
    assert (f"{MAILS}/{id}" in answer.text) == found
    assert ("No mail is known" in answer.text) != found


def test_mail_is_found_by_the_whole_address_after_it_was_blanked(desk: MailDesk):
    id = desk.mail(ended_at=desk.moment() - timedelta(days=8), reason="250 OK")
    with desk.database.transaction("test") as session:
        blank_old_deliveries(session)

    found = desk.posts(MAILS, person="jo@example.org").text
    assert f"{MAILS}/{id}" in found
    assert "Removed" in found
    assert "No mail is known" in desk.posts(MAILS, person="jo@exam").text
    assert "Removed: this is kept for 7 days" in desk.sees(f"{MAILS}/{id}")


def test_nobody_learns_by_an_address_of_who_was_forgotten(desk: MailDesk):
    id = desk.mail(template=Template.WELCOME)
    with desk.database.transaction("test") as session:
        delivery = session.get_one(Delivery, id)
        addresses = [(delivery.address_key, desk.moment())]
        forget(session, erasure_of(session, UUID(int=1)), addresses=addresses, subjects=[])

    assert "No mail is known" in desk.posts(MAILS, person="jo@example.org").text
    assert "The person asked to be forgotten" in desk.sees(f"{MAILS}/{id}")


def test_an_empty_search_says_what_to_enter(desk: MailDesk):
    answer = desk.posts(MAILS, person=" ")

    assert answer.status_code == 422
    assert answer.text.count("Enter a name or an email address") == 2


def test_who_may_only_look_learns_of_nobody(desk: MailDesk):
    id = desk.mail(DeliveryState.UNKNOWN)
    desk.bar("jo@example.org")
    desk.report("bounce", id, reason="550 <jo@example.org> unknown")

    for path in (MAILS, f"{MAILS}?state=bounced", f"{MAILS}/{id}"):
        page = desk.sees(path, role=Role.VIEWER)
        assert "Confirmation of a place" in page
        assert "jo@" not in page
        assert ">Jo<" not in page
        assert "staff/suppressions" not in page


def test_an_unknown_mail_says_where_to_look(desk: MailDesk):
    for path in (f"{MAILS}/{uuid4()}", f"{MAILS}/{uuid4()}/send-again"):
        page = desk.sees(path, status=404)
        assert "We know of no such mail" in page
        assert f'href="{MAILS}"' in page
    desk.sees(f"{MAILS}/x", status=404)
    assert desk.posts(f"{MAILS}/{uuid4()}/send-again").status_code == 404


def test_one_mail_tells_all_that_has_happened_in_order(desk: MailDesk):
    id = desk.mail(DeliveryState.ACCEPTED)
    moment = int(desk.moment().timestamp())
    for after, event, said in (
        (3, "bounce", {"status": "5.1.1", "reason": "550 jo@example.org: no such user"}),
        (1, "processed", {}),
        (2, "deferred", {"response": "451 busy"}),
    ):
        desk.report(event, id, timestamp=moment + after, **said)

    page = desk.sees(f"{MAILS}/{id}")

    told = [
        "Made",
        "Handed over",
        "Taken by our mail provider",
        "Not taken yet",
        "451 busy",
        "knows no such address",
        "550 jo@example.org",
    ]
    _, _, happened = page.partition("What has happened")
    places = [happened.index(text) for text in told]
    assert places == sorted(places)
    assert "You have a place: Sleeping better" in page
    assert "Came back" in page
    assert "No such address" in page  # it is not written to now
    assert desk.kept(id).reason == "5.1.1 550 [address] no such user"


@pytest.mark.parametrize(
    ("state", "more", "shown"),
    [
        (DeliveryState.DUE, {}, "To be sent, after the mail provider could not take it"),
        (DeliveryState.SENDING, {}, "Look again in two minutes"),
        (DeliveryState.REJECTED, {"reason": "550 no"}, "Write to the person yourself"),
        (DeliveryState.SKIPPED, {"reason": "superseded"}, "no longer true"),
        (DeliveryState.UNKNOWN, {"reason": NEVER_REPORTED}, "was cut off before"),
        (DeliveryState.DROPPED, {"reason": "Bounced Address"}, "“Bounced Address”"),
    ],
)
def test_each_state_says_what_it_means_and_what_to_do(
    desk: MailDesk, state: DeliveryState, more: dict[str, Any], shown: str
):
    assert shown in desk.sees(f"{MAILS}/{desk.mail(state, **more)}")


@pytest.mark.parametrize("template", Template)
def test_no_page_holds_a_link_by_which_one_acts_as_the_person(desk: MailDesk, template: Template):
    id = desk.mail(DeliveryState.UNKNOWN, template=template)

    for path in (MAILS, f"{MAILS}/{id}", f"{MAILS}/{id}/send-again"):
        page = desk.sees(path)
        assert not re.search(r"/[\w-]{52}\b", page)
    assert "It cannot be written" not in desk.sees(f"{MAILS}/{id}")


def test_a_mail_that_cannot_be_written_is_shown_all_the_same(desk: MailDesk):
    id = desk.mail(DeliveryState.REJECTED, context={}, reason="could not be written: KeyError")

    page = desk.sees(f"{MAILS}/{id}")

    assert "It cannot be written" in page
    assert "could not be written: KeyError" in page


def test_an_unknown_mail_is_sent_again_after_a_warning(desk: MailDesk):
    id = desk.mail(DeliveryState.UNKNOWN)
    own = f"{MAILS}/{id}"
    assert "Send again" in desk.sees(own)
    asked = desk.sees(f"{own}/send-again")
    assert "They may get it twice" in asked
    assert desk.kept(id).state == DeliveryState.UNKNOWN

    answer = desk.posts(f"{own}/send-again")

    assert (answer.status_code, answer.location) == (303, own)
    assert desk.kept(id).state == DeliveryState.DUE
    assert desk.acts() == [("mail_sent_again", f"delivery:{id}")]
    page = desk.sees(own)
    assert "Sent again by somebody of the staff" in page
    assert "Send again<" not in page


def test_what_is_sent_again_twice_is_sent_again_once(desk: MailDesk):
    path = f"{MAILS}/{desk.mail(DeliveryState.UNKNOWN)}/send-again"
    desk.posts(path)

    again = desk.posts(path)

    assert again.status_code == 409
    assert "This mail cannot be sent again" in again.text
    assert len(desk.acts()) == 1
    desk.sees(path, status=409)


@pytest.mark.parametrize("state", [DeliveryState.DELIVERED, DeliveryState.REJECTED])
def test_only_what_nobody_can_tell_of_is_sent_again(desk: MailDesk, state: DeliveryState):
    id = desk.mail(state)

    assert "Send again" not in desk.sees(f"{MAILS}/{id}")
    assert desk.posts(f"{MAILS}/{id}/send-again").status_code == 409
    assert desk.kept(id).state == state
    assert desk.acts() == []


def test_what_was_removed_cannot_be_sent_again(desk: MailDesk):
    id = desk.mail(DeliveryState.UNKNOWN, address=None, name=None, context=None)

    assert "Send again" not in desk.sees(f"{MAILS}/{id}")
    assert desk.posts(f"{MAILS}/{id}/send-again").status_code == 409


def test_who_may_not_send_is_offered_no_way_to(desk: MailDesk):
    id = desk.mail(DeliveryState.UNKNOWN)

    assert "Send again" not in desk.sees(f"{MAILS}/{id}", role=Role.EDITOR)
    desk.sees(f"{MAILS}/{id}/send-again", role=Role.EDITOR, status=403)


def test_a_mail_to_an_address_that_is_barred_leads_to_why(desk: MailDesk):
    id = desk.mail(DeliveryState.SKIPPED, reason="suppressed")
    bar = desk.bar("jo@example.org", SuppressionReason.COMPLAINT)

    page = desk.sees(f"{MAILS}/{id}")

    assert "The address is not to be written to." in page
    assert f'href="/staff/suppressions/{bar}"' in page
