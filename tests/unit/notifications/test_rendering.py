"""Mails as people get them: the same said twice, once for eyes and once for any mail program."""

import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from notifications.mail import Mail
from notifications.models import INVITATIONS, Template
from notifications.rendering import Blanked, Renderer
from shared.links import Link, LinkKeys, Links, Purpose
from tests.support.mails import JOINING_LINK, NOON, OF_MEMBERS, ONE, a_delivery, settings
from tests.support.web import KEY

RIGHT_TO_LEFT = "نور עברית"
EVERY_MAIL = pytest.mark.parametrize("template", Template)
OF_WEBINARS = [t for t in Template if t not in (Template.PERMISSION, *OF_MEMBERS)]
EVERY_MAIL_OF_A_WEBINAR = pytest.mark.parametrize("template", OF_WEBINARS)


class Page(HTMLParser):
    """What a test looks at in HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> set[str]:
        """Return where its links to the web lead."""
        return {
            href for tag, a in self.tags if tag == "a" and (href := a["href"] or "")[:4] == "http"
        }


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    return Renderer(settings(tmp_path))


def written(renderer: Renderer, template: Template, **changes: Any) -> Mail:
    return renderer.render(a_delivery(template, **changes), NOON)


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        (Template.CONFIRMED, "You have a place: Sleeping better"),
        (Template.WAITLISTED, "You are on the waiting list: Sleeping better"),
        (Template.WITHDRAWN, "You have withdrawn from: Sleeping better"),
        (Template.LINK, "Your registration: Sleeping better"),
        (Template.CHANGED, "New time: Sleeping better"),
        (Template.CANCELLED, "Cancelled: Sleeping better"),
        (Template.PERMISSION, "Please confirm: Email me about future webinars"),
        (Template.JOINING, "Please confirm that you want to join"),
        (Template.WELCOME, "Welcome to Example Minds"),
        (Template.MEMBER_LINK, "The link to your own page"),
        (Template.ADDRESS_ASKED, "Please confirm your new email address"),
        (Template.ADDRESS_TAKEN, "This email address has a membership already"),
        (Template.ADDRESS_PROVEN, "Your email address is changed"),
        (Template.ADDRESS_CHANGED, "The email address of your membership was changed"),
    ],
)
def test_a_subject_says_what_it_is_about(renderer: Renderer, template: Template, subject: str):
    mail = written(renderer, template)

    assert mail.subject == subject
    assert mail.address == "jo@example.org"
    assert (mail.sender_name, mail.sender_address) == ("Example Minds", "webinars@example.org")
    assert mail.headers == {"Auto-Submitted": "auto-generated"}
    assert mail.written_at == NOON


@EVERY_MAIL
def test_both_parts_lead_to_the_same_places(renderer: Renderer, template: Template):
    mail = written(renderer, template)
    links = Page(mail.html).links()

    assert links == set(re.findall(r"^https?://\S+$", mail.text, re.MULTILINE))
    assert links


@EVERY_MAIL
def test_both_parts_say_who_writes_when_it_is_and_where_help_is(
    renderer: Renderer, template: Template
):
    mail = written(renderer, template)

    for part in (mail.text, Page(mail.html).text.replace("\N{NO-BREAK SPACE}", " ")):
        if template in OF_WEBINARS:
            assert "Sleeping better" in part
            assert "Thursday 7 July 2022, midday to 1pm (UK time)" in part
        for said in (
            "Dear Jo,",
            "With best wishes,",
            "Example Minds",
            "Call 999 in an emergency",
            "Call 111 and choose option 2",
            "Call 116 123 to talk to Samaritans",
            "You get this email because",
            "hello@example.org",
        ):
            assert said in part


@EVERY_MAIL
def test_a_page_has_one_heading_one_button_and_its_link_in_full(
    renderer: Renderer, template: Template
):
    page = Page(written(renderer, template).html)
    counts = Counter(tag for tag, _ in page.tags)
    buttons = [a["href"] for tag, a in page.tags if tag == "a" and a.get("class") == "label"]

    assert counts["h1"] == 1
    assert len(buttons) == 1
    assert str(buttons[0]) in page.text
    assert all(a.get("role") == "presentation" for tag, a in page.tags if tag == "table")
    assert ("html", {"lang": "en", "dir": "ltr"}) in page.tags


@EVERY_MAIL
def test_text_leaves_no_gaps_and_no_markup(renderer: Renderer, template: Template):
    text = written(renderer, template).text

    assert "\n\n\n\n" not in text
    assert not re.search(r"[<>{}]|&\w+;|[ \t]\n", text)


@EVERY_MAIL_OF_A_WEBINAR
def test_what_people_typed_is_shown_and_never_run(renderer: Renderer, template: Template):
    name, title = "<script>alert(1)</script>", '"Sleep" & <b>better</b>'
    mail = written(renderer, template, name=name, webinar_title=title)
    page = Page(mail.html)

    assert not {"script", "b"} & {tag for tag, _ in page.tags}
    for part in (mail.text, page.text):
        assert name in part
        assert title in part


@EVERY_MAIL
def test_a_name_in_another_direction_does_not_turn_the_sentence(
    renderer: Renderer, template: Template
):
    mail = written(renderer, template, name=RIGHT_TO_LEFT)

    assert f'Dear <span dir="auto">{RIGHT_TO_LEFT}</span>,' in mail.html
    assert f"Dear {RIGHT_TO_LEFT}," in mail.text


@pytest.mark.parametrize("name", ["https://evil.example.org", "See evil.example.org now", "a@b"])
def test_a_name_that_programs_would_make_a_link_of_is_left_out(renderer: Renderer, name: str):
    mail = written(renderer, Template.CONFIRMED, name=name)

    assert "Hello," in mail.text.splitlines()
    assert name not in mail.text + mail.html


@EVERY_MAIL_OF_A_WEBINAR
def test_line_breaks_in_a_name_or_title_become_spaces(renderer: Renderer, template: Template):
    mail = written(
        renderer, template, name="Jo\r\n\r\nPay here", webinar_title="Sleep\r\nBcc: all\x85\u2028x"
    )

    assert mail.subject.endswith(": Sleep Bcc: all x")
    lines = mail.text.splitlines()
    assert "Dear Jo Pay here," in lines
    assert "Sleep Bcc: all x" in lines


def test_only_who_has_a_place_is_told_where_to_join(renderer: Renderer):
    for template in Template:
        mail = written(renderer, template)
        has_place = template in (Template.CONFIRMED, Template.CHANGED)
        assert (JOINING_LINK in mail.text) == has_place
        assert (JOINING_LINK in Page(mail.html).links()) == has_place


def test_the_own_page_opens_with_the_link_of_the_generation_stated(renderer: Renderer):
    links = Links(LinkKeys.parse(f"1:{KEY}"), "https://coproduce.example.org")
    mail = written(renderer, Template.LINK, link_generation=3)

    (url,) = Page(mail.html).links()
    prefix, _, token = url.rpartition("/")
    assert prefix == "https://coproduce.example.org/registrations"
    assert links.read(token, Purpose.REGISTRATION) == Link(id=UUID(int=9), generation=3)


@pytest.mark.parametrize(
    ("template", "purpose"),
    [
        (Template.JOINING, Purpose.JOINING),
        (Template.WELCOME, Purpose.MEMBER),
        (Template.MEMBER_LINK, Purpose.MEMBER),
        (Template.ADDRESS_ASKED, Purpose.ADDRESS),
        (Template.ADDRESS_PROVEN, Purpose.MEMBER),
    ],
)
def test_a_mail_about_membership_leads_to_what_it_speaks_of(
    renderer: Renderer, template: Template, purpose: Purpose
):
    links = Links(LinkKeys.parse(f"1:{KEY}"), "https://coproduce.example.org")
    mail = written(renderer, template, link_generation=3, name="<b>Jo</b>")

    (url,) = Page(mail.html).links()
    prefix, _, token = url.rpartition("/")
    assert prefix == f"https://coproduce.example.org/{purpose}"
    assert links.read(token, purpose) == Link(id=UUID(int=9), generation=3)
    assert "<b>" not in mail.html
    assert "Dear <b>Jo</b>," in mail.text


def test_somebody_who_withdrew_can_find_the_webinar_again(renderer: Renderer):
    page = Page(written(renderer, Template.WITHDRAWN).html)

    assert page.links() == {"https://coproduce.example.org/webinars/sleeping-better"}


def test_a_change_of_time_says_what_was_and_what_is(renderer: Renderer):
    mail = written(renderer, Template.CHANGED)

    for part in (mail.text, Page(mail.html).text):
        assert "Before: Wednesday 6 July 2022, 10am to 11am (UK time)" in part
        assert "Now: Thursday 7 July 2022, midday to 1pm (UK time)" in part
        assert "You still have your place" in part
        assert "new link" not in part


def test_a_new_joining_link_alone_says_so(renderer: Renderer):
    same = {"old_starts_at": NOON, "old_ends_at": ONE, "is_new_link": True}
    mail = written(renderer, Template.CHANGED, **same)

    assert mail.subject == "New joining link: Sleeping better"
    for part in (mail.text, Page(mail.html).text):
        assert "The old link does not work any more" in part
        assert "use this new link" in part
        assert "Before:" not in part


def test_who_waits_is_told_of_a_change_and_not_where_to_join(renderer: Renderer):
    mail = written(renderer, Template.CHANGED, state="waitlisted", joining_link="")

    for part in (mail.text, Page(mail.html).text):
        assert "You are still on the waiting list" in part
        assert "Now: Thursday 7 July 2022" in part
        assert "join from a phone" not in part
    assert len(Page(mail.html).links()) == 1


@pytest.mark.parametrize("message", ["", "Two of our panel are ill.\n\nAnother day <soon>."])
def test_a_cancellation_says_what_staff_wrote(renderer: Renderer, message: str):
    mail = written(renderer, Template.CANCELLED, message=message)

    for part in (mail.text, Page(mail.html).text):
        assert "It will not take place" in part
        for paragraph in message.split("\n\n"):
            assert paragraph in part
    assert "\n\n\n\n" not in mail.text


@pytest.mark.parametrize("template", [Template.CHANGED, Template.CANCELLED])
def test_what_all_are_told_alike_is_written_once(renderer: Renderer, template: Template):
    first, second = (
        written(renderer, template, name=name, link_generation=number)
        for number, name in enumerate(("Jo", "Sam"))
    )

    assert first.wording is second.wording
    assert ("Dear Jo," in first.text, "Dear Sam," in second.text) == (True, True)


def test_times_are_uk_time_in_winter_too(renderer: Renderer):
    start = datetime(2023, 1, 9, 17, 30, tzinfo=UTC)
    mail = written(
        renderer, Template.CONFIRMED, starts_at=start, ends_at=start.replace(hour=19, minute=0)
    )

    assert "Monday 9 January 2023, 5:30pm to 7pm (UK time)" in mail.text


def test_mails_wear_the_colours_of_the_theme(tmp_path: Path):
    themes = {
        theme: written(Renderer(settings(tmp_path, THEME=theme)), Template.CONFIRMED).html
        for theme in ("charity", "nhs-organisation")
    }

    assert "#14595c" in themes["charity"]
    assert "#005eb8" in themes["nhs-organisation"]
    assert "#005eb8" not in themes["charity"]


def test_a_blanked_delivery_cannot_be_written(renderer: Renderer):
    delivery = a_delivery(Template.LINK)
    delivery.address = delivery.name = delivery.context = None

    with pytest.raises(Blanked):
        renderer.render(delivery, NOON)


def test_words_that_need_what_is_not_there_are_refused(renderer: Renderer):
    delivery = a_delivery(Template.CONFIRMED)
    assert delivery.context
    del delivery.context["joining_link"]

    with pytest.raises(UndefinedError):
        renderer.render(delivery, NOON)


def test_invitations_to_one_webinar_share_their_wording(renderer: Renderer):
    first, second = (written(renderer, Template.INVITATION, name=name) for name in ("Jo", "Sam"))
    other = written(renderer, Template.INVITATION, webinar_title="Walking")

    assert first.wording is second.wording
    assert first.wording is not other.wording
    assert "Dear Jo," in first.text
    assert "Dear Sam," in second.text
    assert first.substitutions.keys() == second.substitutions.keys()
    for key in first.substitutions:
        assert (key in first.wording.text) or (key in first.wording.html)
        assert key not in first.text + first.html + first.subject


def test_a_name_cannot_pose_as_another_part_of_an_invitation(renderer: Renderer):
    stand_ins = [*written(renderer, Template.INVITATION).substitutions]
    other = Renderer(renderer._settings)

    assert not set(stand_ins) & set(written(other, Template.INVITATION).substitutions)


def test_an_invitation_says_why_and_how_to_stop_it(renderer: Renderer):
    links = Links(LinkKeys.parse(f"1:{KEY}"), "https://coproduce.example.org")
    mail = written(renderer, Template.INVITATION, link_generation=2)

    stop = links.url(Purpose.UNSUBSCRIBE, UUID(int=9), 2)
    assert mail.headers == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": "Webinar invitations <webinar-invitations.coproduce.example.org>",
    }
    choose = links.url(Purpose.PREFERENCES, UUID(int=9), 2)
    assert {stop, choose} <= Page(mail.html).links()
    assert "You get this email because you asked us" in mail.text


PROMOTION = re.compile(
    r"\b(invit|join us|don.t miss|sign up|donat|support us|more webinars|offer|newsletter)", re.I
)


@pytest.mark.parametrize("template", [t for t in Template if t not in INVITATIONS])
def test_a_service_mail_promotes_nothing(renderer: Renderer, template: Template):
    """PECR reg. 22: what promotes anything needs permission, which nobody gave for these."""
    mail = written(renderer, template)

    assert not PROMOTION.search(mail.subject + mail.text + Page(mail.html).text)
    assert not any(name.startswith("List-") for name in mail.headers)
