"""The mailbox's pages: everybody's mail, shown to whoever sits at this machine and nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from notifications.mail.mailbox import Mailbox
from notifications.models import Template
from notifications.rendering import Renderer
from standalone.mailbox import mailbox_pages
from tests.support.mails import NOON, a_delivery, settings
from tests.support.web import an_app


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    mailbox = Mailbox(tmp_path / "mailbox")
    delivery = a_delivery(Template.CONFIRMED, name="<script>alert(1)</script>")
    mailbox.send([Renderer(settings(tmp_path)).render(delivery, NOON)])
    return mailbox


@pytest.fixture
def browser(mailbox: Mailbox, tmp_path: Path) -> Iterator[FlaskClient]:
    with an_app(tmp_path) as app:
        app.register_blueprint(mailbox_pages(mailbox))
        yield app.test_client()


def test_a_letter_is_listed_and_shown_as_text_and_as_html(browser: FlaskClient, mailbox: Mailbox):
    (heading,) = mailbox.headings()

    assert f'href="/mailbox/{heading.id}"' in browser.get("/mailbox").text
    assert "You have a place: Sleeping better" in browser.get(f"/mailbox/{heading.id}").text
    html = browser.get(f"/mailbox/{heading.id}/html")
    assert html.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for page in (html, browser.get(f"/mailbox/{heading.id}")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text


@pytest.mark.parametrize("path", ["", "/html"])
def test_a_letter_that_is_not_there_is_not_found(browser: FlaskClient, path: str):
    assert browser.get(f"/mailbox/{'0' * 8}-0000-0000-0000-{'0' * 12}{path}").status_code == 404


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost:8000", 200),
        ("elsewhere.example.net:8000", 404),
        ("127.0.0.1.example.net", 404),
        ("localhost.example.net", 404),
    ],
)
def test_a_site_that_calls_this_machine_by_its_own_name_reads_no_mail(
    browser: FlaskClient, mailbox: Mailbox, host: str, status: int
):
    (heading,) = mailbox.headings()
    for path in ("", f"/{heading.id}", f"/{heading.id}/html"):
        answer = browser.get(f"/mailbox{path}", headers={"Host": host})
        assert answer.status_code == status
        assert ("Sleeping better" in answer.text) == (status == 200)
