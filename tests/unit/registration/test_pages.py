"""The public pages, as a browser without JavaScript gets them."""

from datetime import timedelta

import pytest

from registration.models import RegistrationState
from tests.support.registering import JOINING_LINK, SLUG, Site, a_person
from tests.support.web import csrf_token


def test_webinars_to_come_and_past_ones_are_listed_apart(site: Site):
    site.add("been", days=-1)

    upcoming, past = site.browser().get("/").text.split("Past webinars")

    assert f'href="/webinars/{SLUG}"' in upcoming
    assert "Thursday 9 July 2026, 1:20pm to 2:20pm" in upcoming
    assert 'href="/webinars/been"' in past
    assert "/webinars/been" not in upcoming


def test_a_list_without_webinars_says_what_to_do(site: Site):
    site.clock.pass_by(days=30)

    page = site.browser().get("/").text

    assert "No webinar is planned just now" in page
    assert 'href="mailto:hello@example.org"' in page


def test_a_webinar_shows_what_to_expect_and_its_panel_but_not_where_to_join(site: Site):
    page = site.browser().get(f"/webinars/{SLUG}").text

    for shown in ("What helps, and what does not.", "There are captions.", "Ash works nights."):
        assert shown in page
    assert JOINING_LINK not in page


def test_a_full_webinar_says_so_before_anybody_types(site: Site):
    site.add("small", places=1)
    site.send(site.browser(), "small")

    assert "Full: waiting list open" in site.browser().get("/").text
    assert "Join the waiting list" in site.browser().get("/webinars/small").text
    assert "All places are taken" in site.browser().get("/webinars/small/register").text


def test_a_webinar_that_takes_nobody_says_why_and_where_to_go(site: Site):
    site.cancel(site.add("off"))
    site.add("been", days=-1)

    for slug, why in (("off", "has been cancelled"), ("been", "has taken place")):
        page = site.browser().get(f"/webinars/{slug}")
        form = site.browser().get(f"/webinars/{slug}/register")
        assert (page.status_code, form.status_code) == (200, 410)
        assert why in page.text
        assert why in form.text
        assert "/register" not in page.text
        assert "See all webinars" in form.text


@pytest.mark.parametrize("looks", range(1, 9))
def test_a_webinar_may_end_at_any_moment_while_the_form_is_taken(site: Site, looks: int):
    browser = site.browser()
    ends_at = site.add("soon").ends_at
    data = a_person() | {"csrf_token": csrf_token(browser, "/webinars/soon/register")}
    site.clock.tick = timedelta(seconds=1)
    site.clock.moment = ends_at - looks * site.clock.tick

    answer = browser.post("/webinars/soon/register", data=data)

    assert answer.status_code == (303 if site.registrations() else 410)
    assert answer.status_code == 303 or "has taken place" in answer.text


def test_a_webinar_nobody_knows_is_not_found(site: Site):
    for path in ("", "/register", "/registered"):
        assert site.browser().get(f"/webinars/unknown{path}").status_code == 404


def test_whoever_sends_the_form_gets_a_receipt_of_what_they_typed(site: Site):
    browser = site.browser()

    sent = site.send(browser, question="Does <b>tea</b> help?", wants_invitations="yes")

    assert (sent.status_code, sent.location) == (303, f"/webinars/{SLUG}/registered")
    receipt = browser.get(sent.location).text
    assert "Thank you, we have your registration" in receipt
    assert "jo@example.org" in receipt
    assert "Does &lt;b&gt;tea&lt;/b&gt; help?" in receipt
    assert "Yes, email me" in receipt
    assert site.events() == ["registration_confirmed", "mailing_permission_stated"]


def test_who_seems_to_have_mistyped_is_asked_and_registered_all_the_same(site: Site):
    browser = site.browser()

    receipt = browser.get(site.send(browser, email="jo@gmial.com").location).text

    assert "Did you mean <strong>jo@gmail.com</strong>?" in receipt
    assert site.events() == ["registration_confirmed"]
    usual = browser.get(site.send(browser, email="jo@example.org").location).text
    assert "Did you mean" not in usual


def test_the_receipt_is_forgotten_after_half_an_hour_and_never_shown_to_another(site: Site):
    browser = site.browser()
    receipt = site.send(browser).location

    site.clock.pass_by(minutes=29)
    assert "jo@example.org" in browser.get(receipt).text
    assert "jo@example.org" not in site.browser().get(receipt).text
    site.clock.pass_by(minutes=1)
    forgotten = browser.get(receipt)
    assert forgotten.status_code == 200
    assert "jo@example.org" not in forgotten.text
    assert "Look for our email" in forgotten.text


def test_a_receipt_is_shown_with_the_webinar_it_is_for(site: Site):
    site.add("another")
    browser = site.browser()
    site.send(browser)

    page = browser.get("/webinars/another/registered").text

    assert "Your answers are no longer shown" in page
    assert "jo@example.org" not in page


def test_a_receipt_longer_than_a_cookie_keeps_name_and_address(site: Site):
    browser = site.browser()
    story = "".join(chr(0x4E00 + number) for number in range(1000))

    receipt = browser.get(site.send(browser, question=story).location).text

    assert "jo@example.org" in receipt
    assert "We have your longer answers too" in receipt
    assert site.registrations()[0].question == story


def test_the_last_place_goes_to_one_and_the_next_is_told_of_waiting(site: Site):
    site.add("small", places=1)
    site.send(site.browser(), "small")
    browser = site.browser()

    receipt = site.send(browser, "small", email="robin@example.org").location

    assert "request to join the waiting list" in browser.get(receipt).text
    states = [registration.state for registration in site.registrations()]
    assert states == [RegistrationState.CONFIRMED, RegistrationState.WAITLISTED]


def test_a_form_without_its_token_changes_nothing_and_leads_back(site: Site):
    answer = site.browser().post(f"/webinars/{SLUG}/register", data={"name": "Jo"})

    assert answer.status_code == 400
    assert f'href="/webinars/{SLUG}/register"' in answer.text
    assert site.registrations() == []


def test_a_program_that_fills_every_box_is_asked_to_leave_one_empty(site: Site):
    browser = site.browser()

    answer = site.send(browser, website="https://spam.example.org")

    assert answer.status_code == 422
    assert "Leave this box empty, then send the form again" in answer.text
    assert site.registrations() == []
    assert site.send(browser).status_code == 303  # a person, told so, gets in


def test_pressing_twice_is_the_same_as_once(site: Site):
    browser = site.browser()

    answers = [site.send(browser) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert site.events() == ["registration_confirmed"]


def test_too_many_from_one_network_or_for_one_address_are_asked_to_wait(site: Site):
    for setting in ("registrations_per_network_hour", "registrations_per_address_day"):
        object.__setattr__(site.house.settings, setting, 2)
        answers = [site.send(site.browser()) for _ in range(3)]
        assert answers[2].status_code == 429
        assert int(answers[2].headers["Retry-After"]) > 0
        assert "Please wait" in answers[2].text
        object.__setattr__(site.house.settings, setting, 1000)
        site.clock.pass_by(days=1)
