"""A person's own page: reached by the link in their mail, and by nothing else."""

import re

import pytest

from registration.models import RegistrationState
from shared.links import Links, Purpose
from tests.support.registering import JOINING_LINK, SLUG, Site
from tests.support.web import csrf_token


def give_up(site: Site, link: str) -> int:
    browser = site.browser()
    token = csrf_token(browser, f"{link}/withdraw")
    return browser.post(f"{link}/withdraw", data={"csrf_token": token}).status_code


@pytest.fixture
def link(site: Site) -> str:
    site.send(site.browser(), access_needs="Captions")
    return site.link(site.registrations()[0])


def test_it_shows_the_place_where_to_join_and_what_is_held(site: Site, link: str):
    page = site.browser().get(link).text

    for shown in ("You have a place", JOINING_LINK, "jo@example.org", "Captions"):
        assert shown in page


def test_who_waits_is_told_so_and_not_where_to_join(site: Site):
    site.add("small", places=1)
    site.send(site.browser(), "small")
    site.send(site.browser(), "small", email="robin@example.org")

    page = site.browser().get(site.link(site.registrations()[1])).text

    assert "You are on the waiting list" in page
    assert "Leave the waiting list" in page
    assert JOINING_LINK not in page


def test_looking_changes_nothing_since_scanners_open_links_too(site: Site, link: str):
    before = site.writes()

    assert "Give up your place?" in site.browser().get(f"{link}/withdraw").text
    assert site.browser().get(link).status_code == 200

    assert site.writes() == before


def test_giving_up_frees_the_place_at_once_and_forgets_what_was_for_this_webinar(site: Site):
    site.add("small", places=1)
    site.send(site.browser(), "small", access_needs="Captions")
    jo = site.registrations()[0]

    assert give_up(site, site.link(jo)) == 303
    site.send(site.browser(), "small", email="robin@example.org")

    jo, robin = site.registrations()
    assert (jo.state, robin.state) == (RegistrationState.WITHDRAWN, RegistrationState.CONFIRMED)
    assert jo.access_needs == ""
    page = site.browser().get(site.link(jo)).text
    assert "You are not registered" in page
    assert "register again" in page
    assert JOINING_LINK not in page


def test_giving_up_in_two_windows_mails_once(site: Site, link: str):
    browser = site.browser()
    token = csrf_token(browser, f"{link}/withdraw")

    answers = [browser.post(f"{link}/withdraw", data={"csrf_token": token}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert site.events() == ["registration_confirmed", "registration_withdrawn"]
    assert "There is no place to give up" in browser.get(f"{link}/withdraw").text


def test_registering_again_kills_the_old_link(site: Site, link: str):
    give_up(site, link)
    site.send(site.browser())

    gone = site.browser().get(link)

    assert gone.status_code == 410
    assert "Look for a newer email" in gone.text
    assert site.browser().get(site.link(site.registrations()[0])).status_code == 200


def test_a_link_that_was_changed_cut_or_made_for_something_else_opens_nothing(
    site: Site, link: str
):
    token = link.rpartition("/")[2]
    jo = site.registrations()[0]
    stranger = Links(site.house.links.keys, "").token(Purpose.REGISTRATION, jo.webinar_id, 1)
    changed = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-1], token + "A", "é", "."]

    for broken in changed:
        for path in (f"/registrations/{broken}", f"/registrations/{broken}/withdraw"):
            answer = site.browser().get(path)
            assert answer.status_code == 404, path
    assert site.browser().get(f"/registrations/{stranger}").status_code == 410
    assert "copied all of it" in site.browser().get(f"/registrations/{token[:-1]}").text


def test_after_the_webinar_there_is_nothing_to_give_up(site: Site, link: str):
    site.clock.pass_by(days=8)

    page = site.browser().get(link).text

    assert "This webinar has taken place" in page
    assert "Give up my place" not in page
    assert JOINING_LINK not in page


@pytest.mark.parametrize("end", ["taken place", "cancelled"])
def test_a_button_left_on_the_screen_until_it_is_over_gives_up_nothing(site: Site, end: str):
    webinar = site.add("late")
    site.send(site.browser(), "late", access_needs="Captions")
    jo = site.registrations()[0]
    browser, link = site.browser(), site.link(jo)
    token = csrf_token(browser, f"{link}/withdraw")
    if end == "cancelled":
        site.cancel(webinar)
    site.clock.moment = webinar.ends_at

    assert browser.post(f"{link}/withdraw", data={"csrf_token": token}).status_code == 303

    assert site.registrations()[0].state == RegistrationState.CONFIRMED
    assert site.registrations()[0].access_needs == "Captions"
    assert site.events() == ["registration_confirmed"]
    assert "Give up my place" not in browser.get(f"{link}/withdraw").text


def test_who_has_a_place_at_a_cancelled_webinar_is_not_told_so_first(site: Site):
    webinar = site.add("off")
    site.send(site.browser(), "off")
    site.cancel(webinar)

    page = site.browser().get(site.link(site.registrations()[0])).text

    assert "This webinar has been cancelled" in page
    assert "You have a place" not in page
    assert JOINING_LINK not in page


def test_lines_stay_lines_and_nothing_typed_is_taken_for_html(site: Site):
    site.send(site.browser(), question="Who <b>decides</b>?\nAnd when?")

    page = site.browser().get(site.link(site.registrations()[0])).text

    assert re.search(r"Who &lt;b&gt;decides&lt;/b&gt;\?<br>\s*And when\?", page)


def test_an_address_entered_again_gets_its_link_by_mail_three_times_a_day(site: Site, link: str):
    for _ in range(5):
        site.clock.pass_by(minutes=2)
        site.send(site.browser())

    assert site.events() == ["registration_confirmed"] + ["registration_link_requested"] * 3
    assert SLUG in site.browser().get(link).text


def test_three_times_a_day_is_for_an_address_whatever_it_registered_for(site: Site):
    site.add("another")
    for slug in (SLUG, "another"):
        site.send(site.browser(), slug)
    for _ in range(3):
        for slug in (SLUG, "another"):
            site.clock.pass_by(minutes=2)
            site.send(site.browser(), slug)

    assert site.events().count("registration_link_requested") == 3
    site.clock.pass_by(days=1)
    site.send(site.browser())
    assert site.events().count("registration_link_requested") == 4


def test_an_address_entered_twice_in_a_moment_gets_its_link_once(site: Site, link: str):
    site.clock.pass_by(hours=1)
    for _ in range(2):
        site.send(site.browser())

    assert site.events() == ["registration_confirmed", "registration_link_requested"]
    assert site.browser().get(link).status_code == 200


def test_who_waits_gets_a_free_place_by_registering_again(site: Site):
    site.add("small", places=1)
    site.send(site.browser(), "small")
    site.send(site.browser(), "small", email="robin@example.org")
    jo, robin = site.registrations()
    give_up(site, site.link(jo))

    site.send(site.browser(), "small", email="robin@example.org", name="Somebody else")

    again = site.registrations()[1]
    assert (again.state, again.name) == (RegistrationState.CONFIRMED, "Jo")
    assert site.browser().get(site.link(robin)).status_code == 200
