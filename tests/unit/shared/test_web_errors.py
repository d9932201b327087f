"""Every error is a plain page for people and a problem for programs; none tells what it saw."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from shared.links import Purpose
from shared.web import house, links, problem
from tests.support.web import an_app, csrf_token


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path) as app:
        yield app


@pytest.fixture
def client(app: Flask):
    return app.test_client()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422, 429, 500, 503])
def test_an_error_is_a_page_in_plain_words(client, status: int) -> None:
    answer = client.get(f"/abort/{status}")

    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Hillside Together" in answer.text
    assert "hello@example.org" in answer.text
    for jargon in ("Bad Request", "Not Found", "Error", "Exception", "CSRF", "<title> "):
        assert jargon not in answer.text


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422, 429, 500, 503])
def test_an_error_of_the_api_is_a_problem(client, status: int) -> None:
    answer = client.get(f"/v1/abort/{status}")

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"] == "about:blank"
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"].endswith(".")
    assert answer.json["instance"].startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("application/json", "application/problem+json"),
        ("application/problem+json", "application/problem+json"),
        ("text/html;q=0.1, application/json", "application/problem+json"),
    ],
)
def test_a_program_is_known_by_what_it_accepts(client, accept: str, content_type: str) -> None:
    assert client.get("/nowhere", headers={"Accept": accept}).mimetype == content_type


def test_a_view_may_say_more(client) -> None:
    assert "The webinar was cancelled." in client.get("/cancelled").text


def test_a_form_that_cannot_be_checked_says_what_to_do(client) -> None:
    answer = client.post("/form", data={"name": "Jo"})

    assert answer.status_code == 400
    assert "Your form could not be checked" in answer.text
    assert "Nothing has been saved or changed" in answer.text
    assert '<a href="/form">Open the form again</a>' in answer.text


def test_a_form_without_a_page_of_its_own_leads_to_the_first_page(client) -> None:
    answer = client.post("/post-only")

    assert answer.status_code == 400
    assert '<a href="/">Go to the first page</a>' in answer.text


def test_a_checked_form_is_taken(client) -> None:
    answer = client.post("/form", data={"csrf_token": csrf_token(client), "name": "Jo"})

    assert answer.text == "Jo"


def test_a_missing_field_is_not_a_fault_of_ours(client) -> None:
    answer = client.post("/form", data={"csrf_token": csrf_token(client)})

    assert answer.status_code == 400


def test_a_wrong_method_names_the_right_ones(client) -> None:
    answer = client.get("/post-only")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_too_many_requests_say_when_to_come_back(client) -> None:
    page, api = client.get("/limited"), client.get("/v1/limited")

    assert page.status_code == api.status_code == 429
    assert page.headers["Retry-After"] == api.headers["Retry-After"] == "61"
    assert "Try again in 2 minutes." in page.text
    assert "Try again in 2 minutes." in api.json["detail"]


@pytest.mark.parametrize("path", ["/people/Jo-Bloggs", "/v1/people/Jo-Bloggs"])
def test_an_unexpected_error_is_told_by_its_reference_alone(client, path: str) -> None:
    with capture_logs(processors=[_context]) as logs:
        answer = client.get(path)

    failed, told = logs
    assert answer.status_code == 500
    assert failed["correlationid"] in answer.text
    assert failed["event"] == "request.failed"
    assert (failed["route"], told["route"]) == (path.replace("Jo-Bloggs", "<name>"),) * 2
    assert failed["exc_info"][0] is ValueError
    assert "Jo-Bloggs" not in answer.text
    assert "Jo-Bloggs" not in json.dumps([told, {**failed, "exc_info": None}])


def test_a_broken_link_says_so(client) -> None:
    answer = client.get("/registrations/cut-short")

    assert answer.status_code == 404
    assert "This link does not work" in answer.text


def test_a_whole_link_opens(app: Flask, client) -> None:
    target = uuid4()
    with app.app_context():
        path = links().url(Purpose.REGISTRATION, target, 1).removeprefix("http://localhost")

    assert client.get(path).text == str(target)


def test_a_database_that_is_away_is_worth_waiting_for(client) -> None:
    answer = client.get("/away")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "has not been saved" in answer.text


def test_a_database_that_says_no_is_a_fault_of_ours(client) -> None:
    with capture_logs() as logs:
        answer = client.get("/twice")

    assert answer.status_code == 500
    assert logs[0]["exc_info"][0] is IntegrityError


def test_a_problem_can_be_made_by_hand(app: Flask) -> None:
    with app.test_request_context():
        answer = problem(
            409, "There is one.", errors=[{"field": "slug", "detail": "Choose another"}]
        )

    assert answer.json is not None
    assert answer.json["title"] == "Conflict"
    assert answer.json["errors"] == [{"field": "slug", "detail": "Choose another"}]


def test_outside_an_app_there_is_no_house(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        house.settings()
    with app.app_context():
        assert house.settings().organisation == "Hillside Together"


def _context(_logger, _method, event):
    return dict(event) | structlog.contextvars.get_contextvars()


@pytest.mark.parametrize(
    ("referrer", "status"),
    [
        ("https://localhost/form", 200),
        ("https://elsewhere.example.net/form", 400),
        ("http://localhost/form", 400),
        (None, 400),
    ],
)
def test_over_https_a_form_comes_from_our_own_page(client, referrer, status: int) -> None:
    form = {"csrf_token": csrf_token(client), "name": "Jo"}
    headers = {"Referer": referrer} if referrer else {}
    answer = client.post("/form", data=form, headers=headers, base_url="https://localhost")

    assert answer.status_code == status
