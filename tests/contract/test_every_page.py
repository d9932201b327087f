"""Every page that anybody can come to, found by following links and sending forms."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.services import routes_of
from tests.support.town.collecting import Collection
from tests.support.town.place import Place, Town

# What no link leads to: it is not for people, or comes when nothing else does.
NO_LINK = {
    "/healthz": "operators and their programs",
    "/readyz": "operators and their programs",
    "/metrics": "operators and their programs",
    "/members/<token>/copy.json": "no page",
    "/mailbox/<uuid:id>/html": "a mail, within its page",
    "/staff/renew": "sends on, always",
    "/staff/sign-in/organisation": "not set up here",
    "/staff/sign-in/organisation/back": "not set up here",
    "/v1/registration/openapi.json": "programs",
    "/v1/webinars": "programs",
    "/v1/webinars/<slug>": "programs",
}
NO_FORM = {
    "/staff/renew": "what was posted while the session was over comes by here",
    "/v1/webinars/<slug>/registrations": "programs",
    "/webhooks/sendgrid/events": "the provider",
}


@pytest.fixture(scope="module", params=[Place, Town], ids=["empty", "full"])
def collection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collection]:
    make: Callable[[Path], Place] = request.param
    place = make(tmp_path_factory.mktemp("place"))
    yield Collection(place)
    place.close()


def test_no_link_is_a_dead_end(collection: Collection):
    assert [end for walker in collection.walkers.values() for end in walker.dead_ends] == []


def test_every_page_is_sound(collection: Collection):
    faults = {
        f"{page.rule} ({page.status}, {page.who}): {fault}"
        for page in collection.pages
        for fault in page.faults()
    }

    assert faults == set()


def test_titles_tell_pages_apart(collection: Collection):
    rules = defaultdict(set)
    for page in collection.walked:
        assert " – Example Minds" in page.title
        rules[page.title].add(page.rule)

    assert {title: found for title, found in rules.items() if len(found) > 1} == {}


def test_a_form_that_was_filled_in_wrongly_says_so_in_its_title(collection: Collection):
    wrong = [page for page in collection.pages if page.status == 422]

    assert wrong
    assert [page.rule for page in wrong if not page.title.startswith("Error: ")] == []


def test_every_form_takes_what_it_is_meant_for(collection: Collection):
    """Else it is not shown what comes of bad input; `filling.GOOD` says what goes where."""
    refused = {seen.kind: status for seen, status in collection.forms.items() if status >= 400}

    assert refused == {}


@pytest.mark.parametrize("collection", [Town], indirect=True, ids=["full"])
def test_every_page_has_been_seen_and_every_form_sent(collection: Collection):
    """What nobody can come to is in neither list of this file: it needs a link, or a line here."""
    routes = {
        (method, rule.rule)
        for app in collection.place.apps.values()
        for method, rule in routes_of(app)
    }
    seen = {page.rule for page in collection.pages}
    sent = {form.rule for form in collection.forms}
    statics = {rule for _, rule in routes if rule.startswith("/static/")}

    assert {rule for method, rule in routes if method == "GET"} - statics - seen == set(NO_LINK)
    assert {rule for method, rule in routes if method == "POST"} - sent == set(NO_FORM)


def test_every_page_can_be_saved(collection: Collection, tmp_path: Path):
    collection.save(tmp_path)

    assert len([*tmp_path.iterdir()]) == len(collection.pages)
