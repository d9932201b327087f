"""What people decide about our mail: behind a link of their own, at once, and without a reason."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from notifications.app import create_app
from notifications.cli import main
from notifications.models import PermissionStatement, Purpose, Recipient, Suppression
from notifications.permissions import permitted
from notifications.recipients import recipient_of
from shared.db import now
from shared.links import Purpose as LinkPurpose
from shared.messaging.models import StoredEvent
from shared.web import house_of
from tests.support.mails import environ

KEY = "0f" * 32


class Person:
    """Somebody with a link from our mail, and a browser."""

    def __init__(self, directory: Path) -> None:
        stated = environ(directory, BASE_URL="http://localhost")
        assert CliRunner().invoke(main, ["migrate"], obj=stated).exit_code == 0
        self.app = create_app(stated)
        self.house = house_of(self.app)
        self.client: FlaskClient = self.app.test_client()
        with self.house.database.transaction("test") as session:
            self.id: UUID = recipient_of(session, KEY).id

    def path(self, purpose: LinkPurpose, *, generation: int = 0, more: str = "") -> str:
        return urlsplit(self.house.links.url(purpose, self.id, generation)).path + more

    @property
    def own(self) -> str:
        return self.path(LinkPurpose.PREFERENCES)

    def send(self, path: str, **values: str) -> TestResponse:
        """Fill in the form at *path*, and follow where it leads."""
        page = self.client.get(self.own).text
        (token, *_) = re.findall(r'name="csrf_token" value="([^"]+)"', page)
        data = values | {"csrf_token": token}
        return self.client.post(path, data=data, follow_redirects=True)

    def rows(self, model: Any) -> list[Any]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(model)))

    def is_invited(self) -> bool:
        with self.house.database.reading() as session:
            return bool(permitted(session, [KEY], Purpose.WEBINAR_INVITATIONS))


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    made = Person(tmp_path)
    yield made
    made.house.database.dispose()


def test_saying_yes_by_the_button_gives_permission_and_looking_does_not(person: Person):
    page = person.client.get(person.own + "/confirm")
    assert page.status_code == 200
    assert "Do you want these emails?" in page.text
    assert not person.is_invited()

    seen = person.send(person.own + "/confirm", answer="yes")

    assert person.is_invited()
    assert "We email you about future webinars." in seen.text
    (statement,) = person.rows(PermissionStatement)
    assert (statement.proven, statement.given) == (True, True)
    assert statement.wording == "Email me about future webinars"


@pytest.mark.parametrize("answer", ["no", "", "perhaps"])
def test_any_other_answer_is_no(person: Person, answer: str):
    person.send(person.own + "/confirm", answer="yes")
    person.send(person.own + "/confirm", answer=answer)

    assert not person.is_invited()
    (event,) = person.rows(StoredEvent)
    assert event.type == "notifications.permission_withdrawn.v1"


def test_a_topic_is_turned_on_and_off_and_said_twice_is_stated_once(person: Person):
    for _ in range(2):
        person.send(person.own, invited="yes")
    assert person.is_invited()
    for _ in range(2):
        seen = person.send(person.own)
    assert not person.is_invited()
    assert "We do not email you about future webinars." in seen.text
    assert [row.given for row in person.rows(PermissionStatement)] == [True, False]
    assert len(person.rows(StoredEvent)) == 1


def test_a_break_ends_by_itself_and_can_be_ended(person: Person):
    person.send(person.own, invited="yes", rest="30")
    (recipient,) = person.rows(Recipient)
    with person.house.database.reading() as session:
        expected = now(session) + timedelta(days=30)
    assert abs(recipient.paused_until - expected) < timedelta(minutes=1)

    seen = person.send(person.own, invited="yes")
    assert "You are taking a break until" in seen.text
    seen = person.send(person.own, invited="yes", rest="0")
    assert "We email you about future webinars." in seen.text
    assert person.rows(Recipient)[0].paused_until is None


def test_a_break_of_another_length_is_refused_with_its_remedy(person: Person):
    seen = person.send(person.own, invited="yes", rest="36500")

    assert seen.status_code == 422
    assert "There is a problem" in seen.text
    assert "Choose how long your break is to be" in seen.text
    assert not person.is_invited()


def test_everything_can_be_turned_off_and_on_again(person: Person):
    person.send(person.own, invited="yes")
    seen = person.send(person.own + "/off")
    assert not person.is_invited()
    assert "We do not email you" in seen.text
    (suppression,) = person.rows(Suppression)
    assert suppression.reason == "unsubscribed"

    person.send(person.own, invited="yes")
    (lifted,) = person.rows(Suppression)
    assert person.is_invited()
    assert lifted.lifted_at


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_unsubscribes_with_one_click(person: Person, kind: str):
    """RFC 8058: a post without cookies or context, answered without a redirect."""
    person.send(person.own, invited="yes")
    stranger = person.app.test_client(use_cookies=False)

    answer = stranger.post(
        person.path(LinkPurpose.UNSUBSCRIBE),
        data={"List-Unsubscribe": "One-Click"},
        content_type=kind,
    )

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not person.is_invited()


def test_looking_at_the_link_unsubscribes_nobody_and_sets_no_cookie(person: Person):
    person.send(person.own, invited="yes")
    page = person.app.test_client().get(person.path(LinkPurpose.UNSUBSCRIBE))

    assert "Stop these emails?" in page.text
    assert "Set-Cookie" not in page.headers
    assert person.is_invited()


def test_unsubscribing_twice_is_unsubscribing(person: Person):
    person.send(person.own, invited="yes")
    for _ in range(2):
        assert person.client.post(person.path(LinkPurpose.UNSUBSCRIBE)).status_code == 200

    assert len(person.rows(StoredEvent)) == 1


@pytest.mark.parametrize("more", ["", "/confirm"])
def test_a_link_opens_only_what_it_was_made_for(person: Person, more: str):
    other = person.path(LinkPurpose.UNSUBSCRIBE).rpartition("/")[2]

    assert person.client.get(f"/preferences/{other}{more}").status_code == 404
    assert person.client.get(person.own[:-1] + more).status_code == 404


def test_a_link_that_was_replaced_says_so(person: Person):
    with person.house.database.transaction("test") as session:
        recipient_of(session, KEY).link_generation = 1

    page = person.client.get(person.own)

    assert page.status_code == 410
    assert "A newer link has replaced it." in page.text


def test_a_form_from_elsewhere_changes_nothing(person: Person):
    answer = person.client.post(person.own, data={"invited": "yes"})

    assert answer.status_code == 400
    assert not person.is_invited()
