"""Fifty people at once: never more places than there are, and nobody learns who else came."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from threading import Barrier
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from registration import commands
from registration.models import Place, Registration, RegistrationState, Webinar
from shared.db import Database
from shared.web.models import idempotency
from tests.support.registering import SLUG, Site, a_person, told
from tests.support.waiting import wait_for
from tests.support.web import csrf_token

T = TypeVar("T")
Ask = Callable[[], TestResponse]
CROWD, PLACES = 50, 20
CONFIRMED, WAITLISTED, WITHDRAWN = RegistrationState


@pytest.fixture
def site(new_database: Callable[[], Database]) -> Iterator[Site]:
    site = Site(new_database().engine.url.render_as_string(hide_password=False))
    site.add(places=PLACES)
    yield site
    site.database.dispose()


def at_once(doings: Iterable[Callable[[], T]]) -> list[T]:
    """Do everything in a thread of its own, begun at the same moment; return what came of each."""
    crowd = list(doings)
    together = Barrier(len(crowd))

    def do(doing: Callable[[], T]) -> T:
        together.wait()
        return doing()

    with ThreadPoolExecutor(len(crowd)) as pool:
        return list(pool.map(do, crowd))


def by_form(site: Site, email: str, slug: str = SLUG) -> Ask:
    """Return what sends the form, open already in a browser of its own."""
    browser, path = site.browser(), f"/webinars/{slug}/register"
    form = a_person(email=email, csrf_token=csrf_token(browser, path))
    return lambda: browser.post(path, data=form)


def by_program(site: Site, email: str, slug: str = SLUG, *, key: str = "") -> Ask:
    """Return what registers through the API."""
    headers = {"Idempotency-Key": key} if key else {}
    return lambda: site.post(a_person(email=email), slug, **headers)


def by_both(site: Site, emails: Iterable[str], slug: str = SLUG) -> list[Ask]:
    """Return what registers *emails*, every other one through the API."""
    ways = (by_form, by_program)
    return [ways[number % 2](site, email, slug) for number, email in enumerate(emails)]


def giving_up(site: Site, registration: Registration) -> Ask:
    """Return what presses the button on the person's own page, open already."""
    browser, path = site.browser(), f"{site.link(registration)}/withdraw"
    form = {"csrf_token": csrf_token(browser, path)}
    return lambda: browser.post(path, data=form)


def addresses(*numbers: int) -> list[str]:
    return [f"person-{number}@example.org" for number in range(*numbers)]


def shown(answers: Iterable[TestResponse]) -> set[str]:
    """Return the different things that whoever asked can see, but the address they typed."""
    return {re.sub(r"person-\d+@", "jo@", str(told(answer))) for answer in answers}


def of(site: Site, email: str) -> Registration:
    with site.database.reading() as session:
        return session.scalars(select(Registration).filter_by(email=email)).one()


def states(site: Site) -> Counter[RegistrationState]:
    return Counter(registration.state for registration in site.registrations())


def taken(site: Site) -> int:
    """Return how many places are taken: each by one of those who are told that they have one."""
    with site.database.reading() as session:
        holders = list(session.scalars(select(Place.registration_id)))
    held = [holder for holder in holders if holder]
    assert sorted(held) == sorted(row.id for row in site.registrations() if row.state == CONFIRMED)
    return len(held)


def test_fifty_people_get_twenty_places(site: Site):
    answers = at_once(by_both(site, addresses(CROWD)))

    assert Counter(answer.status_code for answer in answers) == {303: 25, 202: 25}
    assert states(site) == {CONFIRMED: PLACES, WAITLISTED: CROWD - PLACES}
    assert taken(site) == PLACES
    assert Counter(site.events()) == {
        "registration_confirmed": PLACES,
        "registration_waitlisted": CROWD - PLACES,
    }


def test_one_address_fifty_times_is_one_registration(site: Site):
    capitals = ["jo@example.org", "Jo@example.org", "JO@EXAMPLE.ORG"]

    answers = at_once(by_both(site, (capitals[number % 3] for number in range(CROWD))))

    assert Counter(answer.status_code for answer in answers) == {303: 25, 202: 25}
    assert len(shown(answers)) == 2  # one a form gets, one a program
    assert (states(site), taken(site)) == ({CONFIRMED: 1}, 1)
    assert site.events() == ["registration_confirmed"]


def test_a_known_address_fifty_times_is_sent_its_link_once(site: Site):
    by_program(site, "jo@example.org")()
    site.clock.pass_by(minutes=2)

    answers = at_once(by_both(site, ["jo@example.org"] * CROWD))

    assert Counter(answer.status_code for answer in answers) == {303: 25, 202: 25}
    assert site.events() == ["registration_confirmed", "registration_link_requested"]


def test_one_request_fifty_times_has_one_effect_and_one_answer(site: Site):
    ask = by_program(site, "jo@example.org", key=str(uuid4()))

    answers = at_once([ask] * CROWD)

    early = [answer for answer in answers if answer.status_code == 409]
    for answer in early:
        assert answer.mimetype == "application/problem+json"
        assert answer.headers["Retry-After"] == "1"
    answered = [answer for answer in answers if answer.status_code == 202]
    assert len(answered) == CROWD - len(early) > 0
    assert shown(answered) == shown([ask()])
    assert (states(site), taken(site)) == ({CONFIRMED: 1}, 1)
    assert site.events() == ["registration_confirmed"]
    with site.database.reading() as session:
        assert len(session.execute(select(idempotency)).all()) == 1


def test_who_comes_twice_by_two_ways_has_one_registration(site: Site):
    people = addresses(CROWD // 2)
    with_keys = [by_program(site, email, key=email) for email in people]

    answers = at_once([by_form(site, email) for email in people] + with_keys)

    assert Counter(answer.status_code for answer in answers) == {303: 25, 202: 25}
    assert states(site) == {CONFIRMED: PLACES, WAITLISTED: len(people) - PLACES}
    assert taken(site) == PLACES
    assert len(site.events()) == len(people)


@pytest.mark.parametrize("places", [PLACES, 2 * CROWD])
def test_nobody_in_the_crowd_can_tell_who_was_registered_before(site: Site, places: int):
    site.add("asked", places=places)
    known = addresses(CROWD // 2)
    at_once(by_both(site, known, "asked"))
    site.clock.pass_by(minutes=2)

    answers = at_once(by_both(site, addresses(CROWD), "asked"))

    assert len(shown(answers)) == 2  # one a form gets, one a program
    assert len(site.registrations()) == CROWD
    assert Counter(site.events())["registration_link_requested"] == len(known)


def test_places_given_up_in_the_crowd_go_to_others_and_never_to_two(site: Site):
    at_once(by_both(site, addresses(PLACES)))
    leaving = [giving_up(site, registration) for registration in site.registrations()]

    answers = at_once(leaving + by_both(site, addresses(PLACES, CROWD)))

    assert {answer.status_code for answer in answers} == {202, 303}
    left = states(site)
    assert left[WITHDRAWN] == PLACES
    assert left[CONFIRMED] + left[WAITLISTED] == CROWD - PLACES
    assert taken(site) == left[CONFIRMED] <= PLACES


def test_a_place_given_up_is_free_at_once_whoever_else_comes_and_goes(site: Site):
    at_once(by_both(site, addresses(PLACES)))

    def go_and_come_back(own: Registration) -> list[RegistrationState]:
        stood = []
        for turn in range(5):
            giving_up(site, own)()
            email = f"{turn}-{own.email}"
            by_program(site, email)()
            own = of(site, email)
            stood.append(own.state)
        return stood

    # Each comes after having left a place, so there is one for each.
    stood = at_once(partial(go_and_come_back, own) for own in site.registrations())

    assert Counter(chain(*stood)) == {CONFIRMED: PLACES * 5}
    assert taken(site) == PLACES


def test_giving_up_fifty_times_at_once_frees_one_place(site: Site):
    site.post(a_person())
    (registration,) = site.registrations()

    answers = at_once(giving_up(site, registration) for _ in range(CROWD))

    assert {answer.status_code for answer in answers} == {303}
    assert (states(site), taken(site)) == ({WITHDRAWN: 1}, 0)
    assert site.events() == ["registration_confirmed", "registration_withdrawn"]


# SQLite has one writer at a time: there nobody waits for a place that is being taken.
@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
def test_who_waits_in_vain_for_one_place_gets_another_that_became_free(site: Site):
    webinar = site.add("small", places=2)
    at_once(by_both(site, addresses(2), "small"))
    first, second = (of(site, email).id for email in addresses(2))

    def leave(id: UUID) -> None:
        with site.database.transaction("leave") as session:
            commands.withdraw(session, session.get_one(Registration, id, with_for_update=True))

    def come(session: Session, email: str) -> None:
        person = commands.Person(name="Jo", email=email, address_key=email)
        commands.register(session, session.get_one(Webinar, webinar.id), person)

    def come_late() -> None:
        with site.database.transaction("late") as session:
            come(session, "late")

    def somebody_waits() -> bool:
        with site.database.reading() as session:
            return bool(session.scalar(text("select 1 from pg_locks where not granted limit 1")))

    leave(first)
    with ThreadPoolExecutor(1) as pool:
        with site.database.transaction("early") as session:
            come(session, "early")
            late = pool.submit(come_late)
            wait_for(somebody_waits, what="the late one to wait for the only free place")
            leave(second)
        late.result()

    assert of(site, "late").state == CONFIRMED
    assert taken(site) == 2
