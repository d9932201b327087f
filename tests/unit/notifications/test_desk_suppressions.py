"""The pages on which staff see which addresses are not written to, and lift that for a reason."""

from uuid import uuid4

import pytest

from notifications import suppressions
from notifications.models import Suppression, SuppressionReason
from shared.staff import Role
from tests.support.mail_desk import LIST, MailDesk


def test_where_nobody_is_barred_it_says_how_one_comes_to_be(desk: MailDesk):
    assert "Every address may be written to" in desk.sees(LIST)
    assert "No address has been taken off the list" in desk.sees(f"{LIST}?lifted=yes")


def test_addresses_are_listed_counted_and_filtered(desk: MailDesk):
    desk.bar("jo@example.org")
    desk.bar("robin@example.org", SuppressionReason.COMPLAINT)

    page = desk.sees(LIST)
    for shown in ("All: 2", "No such address: 1", "Reported as unwanted: 1", "jo@", "robin@"):
        assert shown in page
    complained = desk.sees(f"{LIST}?reason=complaint")
    assert ("robin@" in complained, "jo@" in complained) == (True, False)
    assert "There is no such address" in desk.sees(f"{LIST}?reason=unsubscribed")
    for odd in ("reason=x", "page=x", "page=-1", "page=99999999999999999999", "lifted=x"):
        desk.sees(f"{LIST}?{odd}")


def test_a_long_list_comes_in_pages(desk: MailDesk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(suppressions, "PAGE", 1)
    desk.bar("jo@example.org")
    desk.bar("robin@example.org")

    first, second = desk.sees(LIST), desk.sees(f"{LIST}?page=2")

    assert ("robin@" in first, "jo@" in first, "Older" in first) == (True, False, True)
    assert ("robin@" in second, "jo@" in second, "Newer" in second) == (False, True, True)
    assert "These are the newest" in desk.posts(LIST, address="example.org").text


@pytest.mark.parametrize(
    ("typed", "found"),
    [("jo@example.org", True), (" JO@example.org", True), ("O@EXAM", True), ("%", False)],
)
def test_an_address_is_found(desk: MailDesk, typed: str, found: bool):
    desk.bar("jo@example.org")

    page = desk.posts(LIST, address=typed).text

    assert (">jo@example.org</a>" in page) == found
    assert ("This address is not on the list" in page) != found


def test_an_empty_search_says_what_to_enter(desk: MailDesk):
    answer = desk.posts(LIST, address="")

    assert answer.status_code == 422
    assert answer.text.count("Enter an email address or part of it") == 2


def test_one_entry_says_why_and_is_lifted_for_a_reason(desk: MailDesk):
    id = desk.bar("jo@example.org")
    own = f"{LIST}/{id}"
    for shown in ("jo@example.org", "No such address", "reported on Monday"):
        assert shown in desk.sees(own)

    answer = desk.posts(own, because="Phoned: the mailbox works again")

    assert (answer.status_code, answer.location) == (303, own)
    page = desk.sees(own)
    assert "We write to this address again" in page
    assert "Phoned: the mailbox works again" in page
    assert "<form method" not in page.partition("<main")[2]
    assert desk.acts() == [("suppression_lifted", f"suppression:{id}")]
    assert "jo@" in desk.sees(f"{LIST}?lifted=yes")
    assert "jo@" not in desk.sees(LIST)
    assert "jo@" in desk.posts(LIST, address="jo@example.org").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter why they may be written to again"),
        ("x" * 501, "The reason must be 500 characters or fewer"),
    ],
)
def test_nothing_is_lifted_without_a_reason(desk: MailDesk, typed: str, said: str):
    id = desk.bar("jo@example.org")

    answer = desk.posts(f"{LIST}/{id}", because=typed)

    assert answer.status_code == 422
    assert answer.text.count(said) == 2
    assert desk.acts() == []
    with desk.database.reading() as session:
        assert session.get_one(Suppression, id).lifted_at is None


def test_who_said_no_is_written_to_again_only_after_a_warning(desk: MailDesk):
    said_no = (SuppressionReason.COMPLAINT, SuppressionReason.UNSUBSCRIBED)
    for reason in SuppressionReason:
        id = desk.bar(f"{reason}@example.org".replace("_", "."), reason)
        page = desk.sees(f"{LIST}/{id}")
        assert ("This person said no" in page) == (reason in said_no)


def test_what_is_lifted_twice_is_lifted_once(desk: MailDesk):
    path = f"{LIST}/{desk.bar('jo@example.org')}"
    desk.posts(path, because="Asked by phone")

    again = desk.posts(path, because="Another reason")

    assert again.status_code == 409
    assert "This address is off the list already" in again.text
    assert "Asked by phone" in desk.sees(path)
    assert len(desk.acts()) == 1


def test_an_address_shows_all_that_barred_it(desk: MailDesk):
    first = desk.bar("jo@example.org")
    desk.posts(f"{LIST}/{first}", because="It works again")
    second = desk.bar("jo@example.org", SuppressionReason.COMPLAINT)

    assert f'href="{LIST}/{first}"' in desk.sees(f"{LIST}/{second}")
    assert "lifted" in desk.sees(f"{LIST}/{second}")
    assert f'href="{LIST}/{second}"' in desk.sees(f"{LIST}/{first}")


def test_an_unknown_entry_says_where_to_look(desk: MailDesk):
    page = desk.sees(f"{LIST}/{uuid4()}", status=404)

    assert "We know of no such entry" in page
    assert f'href="{LIST}"' in page
    assert desk.posts(f"{LIST}/{uuid4()}", because="x").status_code == 404


def test_who_may_only_look_at_webinars_sees_no_address(desk: MailDesk):
    id = desk.bar("jo@example.org")

    for path in (LIST, f"{LIST}/{id}"):
        desk.sees(path, role=Role.VIEWER, status=403)
