"""Joining: a form for anybody, and nobody is a member before their address has said so."""

import re
from typing import Any

import pytest
from sqlalchemy import update

from membership.members.commands import forget_unproven
from membership.members.models import Choice, MemberState
from tests.support.joining import AGREED, Club, an_applicant
from tests.support.web import csrf_token


def test_the_form_asks_what_the_installation_offers_and_ticks_nothing(club: Club):
    page = club.browser().get("/join").text

    for offered in ("I have lived experience", "North Exampleshire", "Research", "Phone"):
        assert offered in page
    assert "checked" not in page
    assert "Email me about future webinars" in page


def test_what_nobody_offers_is_not_asked(club: Club):
    with club.database.transaction("test") as session:
        session.execute(update(Choice).values(retired_at=club.clock()))

    page = club.browser().get("/join").text

    for question in ("What brings you here?", "Where do you live?", "take part in?"):
        assert question not in page
    assert club.ask(backgrounds=None, locality=None, interests=None).status_code == 303


def test_the_receipt_says_where_the_mail_goes_for_half_an_hour(club: Club):
    browser = club.browser()

    assert club.ask(browser).headers["Location"] == "/join/received"
    seen = browser.get("/join/received").text
    club.clock.pass_by(minutes=31)
    later = browser.get("/join/received").text

    assert "jo@example.org" in seen
    assert "jo@example.org" not in later
    assert "look for our email" in later
    assert club.browser().get("/join/received").status_code == 200


def test_a_mistyped_address_is_asked_about(club: Club):
    browser = club.browser()
    club.ask(browser, email="jo@gmial.com")

    assert "Did you mean <strong>jo@gmail.com</strong>" in browser.get("/join/received").text


def test_who_has_not_pressed_the_button_is_nobody(club: Club):
    club.ask()
    page = club.browser().get(club.proof())

    assert "Is this right?" in page.text
    for shown in ("North Exampleshire", "Captions", "carer", "Email me about future webinars"):
        assert shown in page.text
    (member,) = club.members()
    assert (member.state, member.name, member.choices) == (MemberState.APPLIED, "", [])
    assert club.names() == ["joining_asked"]
    assert club.said() == []
    assert club.browser().get(club.own()).status_code == 410


def test_the_button_makes_a_member_who_is_told_of_and_welcomed(club: Club):
    club.ask()
    answer = club.send(club.proof())

    assert answer.status_code == 303
    page = club.browser().get(answer.headers["Location"]).text
    assert "You are a member now. Welcome!" in page
    (member,) = club.members()
    assert (member.state, member.name, member.pending) == (MemberState.JOINED, "Jo", None)
    assert {choice.code for choice in member.choices} == {
        "lived-experience",
        "carer",
        "north",
        "reading",
    }
    assert club.said() == [("record", True), ("invitations", True), ("sharing", True)]
    assert club.names() == [
        "joining_asked",
        "member_joined",
        "address_proven",
        "mailing_permission_stated",
        "sharing_granted",
    ]
    assert [event.subject_version for event in club.events()] == [1, 2, 3, 4, 5]


def test_public_events_name_nobody_and_tell_nothing_of_health(club: Club):
    club.join()

    public = [event for event in club.events() if event.visibility == "public"]

    assert [event.type.split(".")[1] for event in public] == ["member_joined", "sharing_granted"]
    told = str([event.data for event in public])
    for secret in ("Jo", "jo@", "carer", "lived", "Captions"):
        assert secret not in told
    assert "north" in told


def test_the_button_pressed_twice_joins_once(club: Club):
    club.ask()
    link, browser = club.proof(), club.browser()
    data = {"csrf_token": csrf_token(browser, link)}

    answers = [browser.post(link, data=data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert club.names().count("member_joined") == 1
    assert "You have joined already" in browser.get(link).text


def test_only_what_was_ticked_is_agreed_to(club: Club):
    club.join(consent_invitations=None, consent_sharing=None)

    assert club.said() == [("record", True)]
    assert "sharing_granted" not in club.names()
    assert "mailing_permission_stated" not in club.names()


def test_a_link_stands_for_the_answers_that_it_shows(club: Club):
    club.ask()
    first = club.proof()
    club.clock.pass_by(minutes=2)
    club.ask(name="Somebody else", email="JO@example.org")

    gone = club.browser().get(first)

    assert gone.status_code == 410
    assert "newer one has replaced it" in gone.text
    assert "Somebody else" in club.browser().get(club.proof()).text
    assert len(club.members()) == 1


def test_an_address_gets_three_links_a_day_and_none_twice_in_a_moment(club: Club):
    for _ in range(2):
        club.ask()
    assert club.names() == ["joining_asked"]
    for _ in range(5):
        club.clock.pass_by(minutes=2)
        club.ask()
    assert club.names() == ["joining_asked"] * 3

    club.clock.pass_by(days=1)
    club.ask()
    assert len(club.names()) == 4


def test_a_member_s_address_gets_the_link_again_three_times_and_changes_nothing(club: Club):
    own = club.join()
    club.clock.pass_by(days=2)
    before = vars(club.members()[0])["name"]

    for _ in range(5):
        club.clock.pass_by(minutes=2)
        club.ask(name="Somebody else", consent_sharing=None)

    assert club.names().count("member_link_requested") == 3
    assert "joining_asked" not in club.names()[1:]
    (member,) = club.members()
    assert (member.name, member.pending) == (before, None)
    assert club.browser().get(own).status_code == 200


def test_what_is_not_confirmed_in_seven_days_is_deleted(club: Club):
    club.ask()
    link = club.proof()
    club.clock.pass_by(days=6)
    with club.database.transaction("test") as session:
        forget_unproven(session)
    assert len(club.members()) == 1

    club.clock.pass_by(days=2)
    with club.database.transaction("test") as session:
        forget_unproven(session)

    assert club.members() == []
    assert [event.data for event in club.events()] == [None]
    assert club.browser().get(link).status_code == 410
    assert club.browser().post(link).status_code in (400, 410)


def test_a_network_may_ask_only_so_often(club: Club):
    object.__setattr__(club.house.settings, "joins_per_network_hour", 2)

    answers = [club.ask(email=f"p{n}@example.org").status_code for n in range(3)]

    assert answers == [303, 303, 429]
    assert len(club.members()) == 2


WRONG = [
    ("name", "", "Enter your name"),
    ("name", "x" * 101, "Your name must be 100 characters or fewer"),
    ("name", "Jo\x00", "hidden character"),
    ("email", "", "Enter your email address"),
    ("email", "jo", "Enter an email address in the correct format"),
    ("reach", None, "Choose how we may reach you"),
    ("reach", "pigeon", "Choose how we may reach you"),
    ("backgrounds", ["carer", "spy"], "Choose only from the list"),
    ("locality", ["north", "south"], "Choose only from the list"),
    ("locality", "moon", "Choose only from the list"),
    ("interests", ["\x00"], "Choose only from the list"),
    ("phone", "x" * 41, "Your phone number must be 40 characters or fewer"),
    ("post", "x" * 301, "Your postal address must be 300 characters or fewer"),
    ("access_needs", "x" * 501, "must be 500 characters or fewer"),
    ("consent_record", None, "Without it we cannot make you a member"),
    ("consent_record", "2", "The words beside this box have changed"),
    ("consent_sharing", "0", "The words beside this box have changed"),
    ("website", "spam", "Leave this box empty"),
]


@pytest.mark.parametrize(("field", "typed", "message"), WRONG)
def test_what_is_wrong_is_said_twice_and_nothing_is_kept(
    club: Club, field: str, typed: Any, message: str
):
    answer = club.ask(**{field: typed})

    assert answer.status_code == 422
    summary, page = answer.text.split("<h1>", 1)
    assert "<title>Error: " in summary
    assert f'href="#{field}"' in summary
    assert f'id="{field}"' in page
    for part in (summary, page):
        assert message in part
    assert field == "access_needs" or "Captions" in page
    assert club.members() == []
    assert club.writes() == 0


@pytest.mark.parametrize(("way", "message"), [("phone", "phone number"), ("post", "postal")])
def test_a_way_to_reach_somebody_leads_somewhere(club: Club, way: str, message: str):
    refused = club.ask(reach=way)

    assert refused.status_code == 422
    assert f'href="#{way}"' in refused.text
    assert message in refused.text
    typed: Any = {"reach": way, way: "020 7946 0000"}
    assert club.ask(**typed).status_code == 303


def test_everything_wrong_is_said_at_once_and_in_order(club: Club):
    page = club.send("/join").text

    summary = page.partition("<h1>")[0]
    assert re.findall('href="#([^"]+)"', summary)[1:] == [
        "name",
        "email",
        "reach",
        "consent_record",
    ]


def test_boxes_that_were_ticked_stay_so_when_something_else_is_wrong(club: Club):
    page = club.ask(name="").text

    assert page.count(" checked") == len(AGREED) + len(["email"]) + 2 + 1 + 1
    assert an_applicant()["access_needs"] in page
