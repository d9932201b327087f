"""Members as staff see them: only who may, only whoever has joined, and nobody in an address."""

import re

import pytest
from flask.testing import FlaskClient

from shared.staff import Role
from tests.support.joining import Club
from tests.support.staff import a_member_of_staff, sign_in
from tests.support.web import csrf_token

LIST = "/staff/members"


@pytest.fixture
def editor(club: Club) -> FlaskClient:
    browser = club.browser()
    sign_in(browser, a_member_of_staff(Role.EDITOR), club.app)
    return browser


def search(browser: FlaskClient, words: str) -> str:
    data = {"words": words, "csrf_token": csrf_token(browser, LIST)}
    return browser.post(LIST, data=data).text


def test_an_empty_list_says_so(editor: FlaskClient):
    page = editor.get(LIST).text

    assert "0 people are members" in page
    assert "Nobody has joined yet" in page
    assert "Everybody who asked for it has been forgotten" in page


def test_who_has_joined_is_listed_and_who_has_only_asked_is_not(club: Club, editor: FlaskClient):
    club.join(name="Robin", email="robin@example.org", locality="south")
    club.ask()

    page = editor.get(LIST).text

    assert "1 person is a member" in page
    assert "Robin" in page
    assert "South Exampleshire" in page
    assert "Jo" not in page
    unproven = club.members()[1].id
    assert editor.get(f"{LIST}/{unproven}").status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [("rob", True), ("ROBIN@EXAMPLE", True), ("%", False), ("_obin", False), ("Sam", False)],
)
def test_a_part_of_a_name_or_address_finds_people(
    club: Club, editor: FlaskClient, words: str, found: bool
):
    club.join(name="Robin", email="robin@example.org")

    page = search(editor, words)

    assert ("Robin</a>" in page) == found
    assert ("Nobody has this" in page) != found


def test_nothing_to_look_for_is_refused(editor: FlaskClient):
    page = search(editor, " ")

    assert "Enter a name or an email address" in page
    assert "<title>Error: " in page


def test_one_member_s_page_shows_what_they_need_and_agreed_to(club: Club, editor: FlaskClient):
    club.join()
    (path,) = re.findall(f'href="({LIST}/[0-9a-f-]{{36}})"', editor.get(LIST).text)

    page = editor.get(path).text

    for shown in ("jo@example.org", "Captions", "Email me about future webinars", "carer"):
        assert shown in page


def test_who_left_is_found_and_marked_and_who_is_erased_is_not(club: Club, editor: FlaskClient):
    own = club.join()
    club.send(f"{own}/leave")
    assert "No longer" in search(editor, "jo@")
    assert "do not write to them" in editor.get(f"{LIST}/{club.members()[0].id}").text

    club.send(f"{own}/erase")

    assert "Nobody has this" in search(editor, "jo@")
    assert editor.get(f"{LIST}/{club.members()[0].id}").status_code == 404
    page = editor.get(LIST).text
    assert "Notifications, asked Thursday 2 July 2026" in page
    assert "Registration, asked" in page
