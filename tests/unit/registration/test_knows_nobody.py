"""A stranger learns nothing: the answer is the same whether or not an address is registered."""

import pytest

from tests.support.registering import SLUG, Site, a_person, told


@pytest.mark.parametrize("places", [1, 5])
def test_pages_answer_a_known_and_a_new_address_alike(site: Site, places: int):
    site.add("small", places=places)
    site.send(site.browser(), "small")
    known, new = site.browser(), site.browser()

    answers = [
        site.send(known, "small"),
        site.send(new, "small", email="robin@example.org"),
    ]

    receipts = [browser.get("/webinars/small/registered").text for browser in (known, new)]
    first, second = map(told, answers, receipts)
    assert first == second
    assert len(receipts[0]) > 1000


@pytest.mark.parametrize("places", [1, 5])
def test_the_api_answers_a_known_and_a_new_address_alike(site: Site, places: int):
    site.add("small", places=places)
    site.post(a_person(), "small")

    known = site.post(a_person(), "small")
    new = site.post(a_person("Robin"), "small")

    assert told(known) == told(new)
    assert known.status_code == 202


def test_a_limit_tells_nobody_elsewhere_how_often_an_address_was_entered(site: Site):
    object.__setattr__(site.house.settings, "registrations_per_address_day", 2)
    site.post(a_person())

    def sent_from_elsewhere(name: str) -> list[int]:
        browser, elsewhere = site.browser(), {"REMOTE_ADDR": "203.0.113.7"}
        path = f"/v1/webinars/{SLUG}/registrations"
        return [
            browser.post(path, json=a_person(name), environ_base=elsewhere).status_code
            for _ in range(3)
        ]

    assert sent_from_elsewhere("Jo") == sent_from_elsewhere("Robin") == [202, 202, 429]
    assert site.post(a_person()).status_code == 202


def test_no_public_page_or_answer_names_who_is_registered(site: Site):
    site.send(site.browser(), name="Unusual Name", email="unusual@example.org")

    for path in ("/", "/webinars/sleeping-better", "/v1/webinars", "/v1/webinars/sleeping-better"):
        assert "nusual" not in site.browser().get(path).text
