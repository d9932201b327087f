"""What can't be used is said beside its field, on the page and to programs; nothing is saved."""

from typing import Any

import pytest

from tests.support.registering import SLUG, Site, a_person

LOCAL_PART = "x" * 65
FORMAT = "Enter an email address in the correct format, like name@example.com"
ASCII = "Enter an email address that has only English letters"
ONE_LINE = "must be on one line"

WRONG = [
    ("name", "", "Enter your name"),
    ("name", "   ", "Enter your name"),
    ("name", "\u200b\u2060", "Enter your name"),
    ("name", "x" * 101, "Your name must be 100 characters or fewer"),
    ("name", "Jo\nBcc: all@example.org", ONE_LINE),
    ("name", "Jo\x00", "hidden character"),
    ("name", "Jo\x1b[31m", "hidden character"),
    ("email", "", "Enter your email address"),
    ("email", "a@b", FORMAT),
    ("email", "jo", FORMAT),
    ("email", "jo@", FORMAT),
    ("email", "@example.org", FORMAT),
    ("email", "jo@example..org", FORMAT),
    ("email", "jo@localhost", FORMAT),
    ("email", "jo@[127.0.0.1]", FORMAT),
    ("email", '"jo jo"@example.org', FORMAT),
    ("email", "jo smith@example.org", FORMAT),
    ("email", "jo@example.org, robin@example.org", FORMAT),
    ("email", "Jo <jo@example.org>", FORMAT),
    ("email", "jö@example.org", ASCII),
    ("email", "用户@example.org", ASCII),
    ("email", f"{LOCAL_PART}@example.org", "before the @ must be 64 characters or fewer"),
    ("email", f"jo@{'x' * 250}.example.org", "254 characters or fewer"),
    ("email", "jo@example.org\r\nBcc: all@example.org", ONE_LINE),
    ("description", "x" * 501, "What describes you must be 500 characters or fewer"),
    ("access_needs", "x" * 501, "What would help you take part must be 500 characters or fewer"),
    ("question", "x" * 1001, "Your question for the panel must be 1000 characters or fewer"),
    ("question", "\x07", "hidden character"),
    ("wants_invitations", "perhaps", "Tick the box or leave it empty"),
]


@pytest.mark.parametrize(("field", "typed", "message"), WRONG)
def test_the_page_says_what_is_wrong_twice_and_keeps_what_was_typed(
    site: Site, field: str, typed: str, message: str
):
    answer = site.send(site.browser(), **a_person(question="Why?") | {field: typed})

    assert answer.status_code == 422
    summary, page = answer.text.split("</h1>", 1)
    assert "<title>Error: " in summary
    assert "There is a problem" in summary
    assert f'href="#{field}"' in summary
    for part in (summary, page):
        assert message in part
    assert field == "question" or "Why?" in page
    assert site.registrations() == []


@pytest.mark.parametrize(("field", "typed", "message"), WRONG)
def test_a_program_is_told_the_field_and_the_remedy(
    site: Site, field: str, typed: str, message: str
):
    answer = site.post(a_person() | {field: typed})

    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    (wrong,) = answer.get_json()["errors"]
    assert wrong["field"] == field
    assert message in wrong["detail"]
    assert site.registrations() == []


@pytest.mark.parametrize(
    "name",
    [
        "Zoë 🌻",
        "Ñandú O'Brien-Łuk",
        "عبد الرحمن",
        "‏שָׁלוֹם‏",
        "李小龍",
        "Robert'); DROP TABLE",
        "<script>",
    ],
)
def test_any_name_that_can_be_shown_is_a_name(site: Site, name: str):
    browser = site.browser()

    sent = site.send(browser, **a_person(email="jo@example.org") | {"name": name})

    assert sent.status_code == 303
    assert "<script>alert" not in browser.get(sent.location).text
    assert browser.get(site.link(site.registrations()[0])).status_code == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  jo@example.org ", "jo@example.org"),
        ("mailto:jo@example.org", "jo@example.org"),
        ("jo@example.org.", "jo@example.org"),
        ("jo@EXAMPLE.org", "jo@example.org"),
        ("jo@bücher.example.org", "jo@xn--bcher-kva.example.org"),
    ],
)
def test_an_address_is_kept_in_the_form_that_mail_takes(site: Site, typed: str, kept: str):
    assert site.send(site.browser(), email=typed).status_code == 303
    assert site.registrations()[0].email == kept


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "jo",
        7,
        {"name": 7, "email": ["jo@example.org"]},
        {"name": None, "email": None},
        {"name": {"first": "Jo"}, "email": True},
        a_person() | {"wants_invitations": "maybe"},
        a_person() | {"wants_invitations": []},
        a_person() | {"wants_invitations": "true"},
        a_person() | {"wants_invitations": 1},
        a_person() | {"question": 3.5},
        a_person() | {"admin": True},
    ],
)
def test_wrong_types_are_answered_with_a_problem(site: Site, body: Any):
    answer = site.post(body)

    assert answer.status_code == 422
    assert answer.get_json()["title"]
    assert all(wrong["detail"] for wrong in answer.get_json()["errors"])
    assert site.registrations() == []


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 50_000, b'{"name": "\\ud800"}'])
def test_what_is_not_json_is_refused_with_a_problem(site: Site, body: bytes):
    path = f"/v1/webinars/{SLUG}/registrations"

    answer = site.browser().post(path, data=body, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"
    assert site.registrations() == []


def test_ten_megabytes_are_refused_in_words(site: Site):
    body = b"x" * 10_000_000
    path = f"/v1/webinars/{SLUG}/registrations"
    browser = site.browser()

    by_form = browser.post(f"/webinars/{SLUG}/register", data=body)
    by_program = browser.post(path, data=body, content_type="application/json")

    assert (by_form.status_code, by_program.status_code) == (413, 413)
    assert "make it shorter" in by_form.text
    assert by_program.mimetype == "application/problem+json"
    assert site.registrations() == []
