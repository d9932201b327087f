"""What staff do with webinars, on both databases: who is told, once, and who gets a place."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from registration import planning, queries, seating, telling
from registration.capacity import TooFew
from registration.commands import withdraw
from registration.models import Place, Registration, RegistrationState, Webinar, WebinarState
from registration.planning import Incomplete, NotADraft, Over, Overtaken, PanelMember
from shared.db import Database
from tests.support.planning import Desk
from tests.support.registering import JOINING_LINK, SLUG, Site

CONFIRMED, WAITLISTED, WITHDRAWN = RegistrationState
CHANGED, CANCELLED = "webinar_access_changed", "registration_cancelled"


@pytest.fixture
def site(new_database: Callable[[], Database]) -> Iterator[Site]:
    site = Site(new_database().engine.url.render_as_string(hide_password=False))
    yield site
    site.database.dispose()


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site)


def come(site: Site, *names: str, slug: str = SLUG) -> None:
    """Let people register, in this order."""
    for name in names:
        site.clock.pass_by(seconds=1)
        assert site.post({"name": name, "email": f"{name}@example.org"}, slug).status_code == 202


def standings(site: Site) -> dict[str, RegistrationState]:
    return {registration.name: registration.state for registration in site.registrations()}


def leave(site: Site, name: str) -> None:
    with site.database.transaction("test") as session:
        found = session.scalars(select(Registration).filter_by(name=name)).one()
        withdraw(session, found)


def places(site: Site) -> tuple[int, int]:
    """Return how many places there are, and how many of them are taken."""
    with site.database.reading() as session:
        there = session.scalars(select(func.count()).select_from(Place)).one()
        return there, session.scalars(select(func.count(Place.registration_id))).one()


def test_a_draft_is_seen_by_nobody_until_it_is_published(site: Site, desk: Desk):
    webinar = desk.drafts()
    with site.database.reading() as session:
        assert queries.webinar(session, webinar.slug) is None
        assert [*queries.upcoming(session), *queries.past(session)] == []
    assert site.post({"name": "Jo", "email": "jo@example.org"}, webinar.slug).status_code == 404
    assert (places(site), site.writes()) == ((0, 0), 0)

    desk.publishes(webinar)

    assert desk.told("webinar_published")[0]["title"] == "Walking together"
    assert places(site) == (5, 0)
    come(site, "jo", slug=webinar.slug)
    assert standings(site) == {"jo": CONFIRMED}
    assert desk.settles() == 0


def test_a_draft_says_what_is_missing_before_it_can_be_published(desk: Desk):
    webinar = desk.drafts(joining_link="", expect="")

    with pytest.raises(Incomplete) as refused:
        desk.publishes(webinar)
    assert refused.value.missing == ("expect", "joining_link")

    desk.edits(webinar, joining_link="https://meet.example.org/now", expect="A talk.")
    desk.publishes(webinar)
    with pytest.raises(NotADraft):
        desk.publishes(webinar)
    with pytest.raises(Incomplete):
        desk.edits(webinar, summary="")


def test_a_draft_whose_time_has_passed_is_not_published(site: Site, desk: Desk):
    webinar = desk.drafts()
    site.clock.pass_by(days=7)

    with pytest.raises(Over):
        desk.publishes(webinar)


def test_a_title_that_comes_again_gets_an_address_of_its_own(desk: Desk):
    slugs = [desk.drafts().slug for _ in range(3)]

    assert slugs == ["walking-together", "walking-together-2", "walking-together-3"]
    renamed = desk.edits(desk.drafts(title="Test"), title="Réalités")
    assert renamed.slug == "realites"
    published = desk.publishes(renamed)
    assert desk.edits(published, title="Realities").slug == "realites"


def test_a_typing_error_put_right_mails_nobody(site: Site, desk: Desk):
    webinar = site.add()
    come(site, "jo")
    panel = (PanelMember(name="Ash Example", biography="Ash works by night."),)

    changed = desk.edits(webinar, title="Sleeping well", summary="What helps.", panel=panel)

    assert desk.settles() == 0
    assert site.events() == ["registration_confirmed"]
    assert desk.told("webinar_changed")[0]["title"] == "Sleeping well"
    assert changed.panel[0].biography == "Ash works by night."


def test_a_change_that_changes_nothing_is_none(site: Site, desk: Desk):
    webinar = site.add()
    before = site.writes()

    assert desk.edits(webinar).version == webinar.version
    assert site.writes() == before


def test_everybody_concerned_is_told_of_a_new_time_once(site: Site, desk: Desk):
    webinar = site.add(places=2)
    come(site, "ada", "ben", "cat", "dan")
    leave(site, "ben")
    old = webinar.starts_at.isoformat()

    desk.edits(
        webinar,
        starts_at=webinar.starts_at + timedelta(days=1),
        ends_at=webinar.ends_at + timedelta(days=1),
    )
    assert desk.settles() == 1

    told = desk.told(CHANGED)
    assert {fact["name"]: fact["state"] for fact in told} == {
        "ada": CONFIRMED,
        "cat": WAITLISTED,
        "dan": WAITLISTED,
    }
    assert {fact["old_starts_at"] for fact in told} == {old}
    links = {fact["name"]: fact["joining_link"] for fact in told}
    assert links == {"ada": JOINING_LINK, "cat": "", "dan": ""}
    assert not any(fact["is_new_link"] for fact in told)
    assert desk.settles() == 0


def test_only_who_has_a_place_is_told_of_a_new_joining_link(site: Site, desk: Desk):
    webinar = site.add(places=1)
    come(site, "ada", "ben")

    desk.edits(webinar, joining_link="https://meet.example.org/moved")
    desk.settles()

    (fact,) = desk.told(CHANGED)
    assert (fact["name"], fact["joining_link"]) == ("ada", "https://meet.example.org/moved")
    assert fact["is_new_link"] is True
    assert desk.told("webinar_changed") == []


def test_changes_that_follow_each_other_are_told_as_one(site: Site, desk: Desk):
    webinar = site.add()
    come(site, "jo")
    old = webinar.ends_at
    for hours in (1, 2):
        webinar = desk.edits(webinar, ends_at=old + timedelta(hours=hours))

    desk.settles()

    (fact,) = desk.told(CHANGED)
    assert fact["old_ends_at"] == old.isoformat()
    assert fact["ends_at"] == (old + timedelta(hours=2)).isoformat()


def test_a_change_taken_back_before_it_was_told_mails_nobody(site: Site, desk: Desk):
    webinar = site.add()
    come(site, "jo")
    old = webinar.ends_at
    webinar = desk.edits(webinar, ends_at=old + timedelta(hours=1))
    desk.edits(webinar, ends_at=old)

    desk.settles()

    assert desk.told(CHANGED) == []


def test_who_registers_after_a_change_has_heard_of_it(site: Site, desk: Desk):
    webinar = site.add()
    come(site, "ada")
    leave(site, "ada")
    desk.edits(webinar, ends_at=webinar.ends_at + timedelta(hours=1))
    come(site, "ada", "ben")

    assert desk.settles() == 0


def test_a_cancellation_is_told_to_everybody_once_with_its_message(site: Site, desk: Desk):
    webinar = site.add(places=1)
    come(site, "ada", "ben", "cat")
    leave(site, "cat")

    cancelled = desk.cancels(webinar, "Ash is ill.")
    desk.settles()

    assert cancelled.state == WebinarState.CANCELLED
    told = {fact["name"]: fact["message"] for fact in desk.told(CANCELLED)}
    assert told == {"ada": "Ash is ill.", "ben": "Ash is ill."}
    assert desk.told("webinar_cancelled") == [{"slug": SLUG}]
    assert site.post({"name": "Di", "email": "di@example.org"}).status_code == 409
    with pytest.raises(Over):
        desk.cancels(webinar)
    with pytest.raises(Over):
        desk.edits(webinar, capacity=3)
    desk.edits(webinar, panel=())  # somebody may wish to be named no longer
    assert desk.settles() == 0


def test_a_draft_or_past_webinar_cannot_be_cancelled(site: Site, desk: Desk):
    with pytest.raises(Over):
        desk.cancels(desk.drafts())
    past = site.add(days=-1)
    with pytest.raises(Over):
        desk.cancels(past)
    with pytest.raises(Over):
        desk.edits(past, joining_link="https://meet.example.org/late")
    assert desk.edits(past, title="Slept").title == "Slept"


def test_more_places_go_to_who_waited_longest_and_then_to_anybody(site: Site, desk: Desk):
    webinar = site.add(places=1)
    come(site, "ada", "ben", "cat", "dan")

    desk.edits(webinar, capacity=3)

    assert standings(site) == {
        "ada": CONFIRMED,
        "ben": CONFIRMED,
        "cat": CONFIRMED,
        "dan": WAITLISTED,
    }
    assert places(site) == (3, 3)
    desk.edits(webinar, capacity=6)
    assert places(site) == (6, 4)
    assert site.events().count("registration_confirmed") == 4
    assert desk.settles() == 0


def test_a_long_waiting_list_is_seated_in_steps_and_nobody_jumps_it(
    site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(seating, "MOST", 2)
    webinar = site.add(places=1)
    come(site, *"abcdef")

    desk.edits(webinar, capacity=10)
    assert places(site) == (3, 3)
    come(site, "z")
    assert standings(site)["z"] == WAITLISTED

    desk.settles()
    assert set(standings(site).values()) == {CONFIRMED}
    assert places(site) == (10, 7)


def test_many_are_told_in_steps(site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telling, "MOST", 2)
    webinar = site.add()
    come(site, *"abcde")

    desk.edits(webinar, joining_link="https://meet.example.org/moved")

    assert desk.settles() == 3
    assert sorted(fact["name"] for fact in desk.told(CHANGED)) == [*"abcde"]


def test_fewer_places_than_are_taken_are_refused_with_their_number(site: Site, desk: Desk):
    webinar = site.add(places=5)
    come(site, "ada", "ben", "cat")
    leave(site, "ada")

    with pytest.raises(TooFew) as refused:
        desk.edits(webinar, capacity=1)

    assert refused.value.taken == 2
    assert places(site) == (5, 2)
    desk.edits(webinar, capacity=2)
    assert places(site) == (2, 2)
    come(site, "dan")
    assert standings(site)["dan"] == WAITLISTED
    desk.edits(webinar, capacity=4)
    assert (standings(site)["dan"], places(site)) == (CONFIRMED, (4, 3))


def test_of_two_who_edit_the_later_is_refused_and_nothing_is_lost(site: Site, desk: Desk):
    webinar = site.add()
    desk.edits(webinar, version=webinar.version, title="First")

    with pytest.raises(Overtaken):
        desk.edits(webinar, version=webinar.version, title="Second")
    with site.database.transaction("test") as session, pytest.raises(Overtaken):
        row = session.get_one(Webinar, webinar.id)
        planning.cancel(session, row, message="", version=webinar.version, by="Kim")
    with site.database.reading() as session:
        assert session.get_one(Webinar, webinar.id).title == "First"


def test_who_registers_while_it_is_cancelled_is_told_so_too(site: Site, desk: Desk):
    """Their request saw the webinar open; it is committed after all others were told."""
    webinar = site.add()
    come(site, "ada")
    with site.database.reading() as session:
        seen = session.get_one(Webinar, webinar.id)
    desk.cancels(webinar)
    desk.settles()
    with site.database.transaction("test") as session:
        late = Registration(
            webinar_id=webinar.id, address_key="l", email="l@example.org", name="late",
            description="", access_needs="", question="", state=CONFIRMED,
            registered_at=site.clock(), edition=seen.edition,
        )  # fmt: skip
        session.add(late)

    desk.settles()

    assert [fact["name"] for fact in desk.told(CANCELLED)] == ["ada", "late"]
