"""What staff are shown of the mails that a change will send is what is sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifications.models import Template
from notifications.rendering import Renderer
from registration.desk import audience
from registration.models import Webinar
from registration.planning import WebinarDetails, details_of
from tests.support.mails import NOON, a_delivery, settings
from tests.support.registering import JOINING_LINK, Site, on_a_file

MOVED = "https://meet.example.org/moved"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site with a webinar of one place, which Jo has, and for which Robin waits."""
    site = on_a_file(tmp_path)
    site.add(places=1)
    for name in ("jo", "robin"):
        site.send(site.browser(), name=name, email=f"{name}@example.org")
    yield site
    site.database.dispose()


def webinar(site: Site) -> tuple[Webinar, WebinarDetails]:
    with site.database.reading() as session:
        found = session.get_one(Webinar, site.registrations()[0].webinar_id)
        return found, details_of(found)


def sent(tmp_path: Path, template: Template, after: WebinarDetails, **changes: object) -> str:
    """Return subject and text of the mail as notifications writes it."""
    stated = {
        "webinar_title": after.title,
        "starts_at": after.starts_at,
        "ends_at": after.ends_at,
    }
    mail = Renderer(settings(tmp_path)).render(a_delivery(template, **stated | changes), NOON)
    return f"{mail.subject}\n{mail.text}"


@pytest.mark.parametrize("later", [0, 1])
@pytest.mark.parametrize("link", [JOINING_LINK, MOVED])
def test_a_change_is_told_as_it_was_shown(site: Site, tmp_path: Path, later: int, link: str):
    found, before = webinar(site)
    starts_at, ends_at = (
        moment + timedelta(days=later) for moment in (before.starts_at, before.ends_at)
    )
    after = replace(before, starts_at=starts_at, ends_at=ends_at, joining_link=link)
    with site.database.reading() as session:
        letters = audience.of_change(session, found, before, after)

    states = {"with a place": "confirmed", "on the waiting list": "waitlisted"}
    for letter in letters:
        state = states[letter.who]
        has_place = state == "confirmed"
        mail = sent(
            tmp_path,
            Template.CHANGED,
            after,
            state=state,
            old_starts_at=before.starts_at,
            old_ends_at=before.ends_at,
            joining_link=link if has_place else "",
            is_new_link=has_place and link == MOVED,
        )
        for said in (letter.subject, *letter.words):
            assert said in mail
    told = {letter.who: letter.people for letter in letters}
    expected = dict.fromkeys(states, 1) if later else {}
    assert told == expected | ({"with a place": 1} if link == MOVED else {})


def test_a_cancellation_is_told_as_it_was_shown(site: Site, tmp_path: Path):
    found, before = webinar(site)
    with site.database.reading() as session:
        letter = audience.of_cancellation(session, found)

    mail = sent(tmp_path, Template.CANCELLED, before)

    assert letter.people == 2
    for said in (letter.subject, *letter.words):
        assert said in mail
