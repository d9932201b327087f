"""A stranger learns nothing: the answer is the same whether or not an address is registered."""

import pytest

from tests.support.registering import Site, a_person, told


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


def test_no_public_page_or_answer_names_who_is_registered(site: Site):
    site.send(site.browser(), name="Unusual Name", email="unusual@example.org")

    for path in ("/", "/webinars/sleeping-better", "/v1/webinars", "/v1/webinars/sleeping-better"):
        assert "nusual" not in site.browser().get(path).text
