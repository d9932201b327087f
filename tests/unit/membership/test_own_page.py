"""A member's own page: reached by the link in their mail, and by nothing else."""

import json

import pytest

from membership.members.models import MemberState
from shared.links import Links, Purpose
from tests.support.joining import Club
from tests.support.web import csrf_token


@pytest.fixture
def own(club: Club) -> str:
    return club.join(reach="phone", phone="020 7946 0000")


def test_it_shows_what_is_held_and_agreed_to(club: Club, own: str):
    page = club.browser().get(own).text

    for shown in ("Jo", "jo@example.org", "020 7946 0000", "North Exampleshire", "Captions"):
        assert shown in page
    assert page.count("<strong>Yes:</strong>") == 3
    assert "You have been a member since Thursday 2 July 2026" in page


@pytest.mark.parametrize(
    "more", ["", "/details", "/consents/sharing", "/copy", "/copy.json", "/leave", "/erase"]
)
def test_looking_changes_nothing_since_scanners_open_links_too(club: Club, own: str, more: str):
    before = club.writes()

    assert club.browser().get(own + more).status_code == 200

    assert club.writes() == before
    assert club.members()[0].state == MemberState.JOINED


def test_answers_are_changed_and_the_public_part_is_told(club: Club, own: str):
    form = club.browser().get(f"{own}/details").text
    assert 'value="Jo"' in form
    assert form.count(" checked") == 1 + 2 + 1 + 1

    answer = club.send(f"{own}/details", name="Jo Ann", reach="email", locality="south")

    assert answer.status_code == 303
    page = club.browser().get(answer.headers["Location"]).text
    assert "Your answers are saved." in page
    for gone in ("020 7946 0000", "Captions", "carer", "North"):
        assert gone not in page
    (event,) = (event for event in club.events() if "member_changed" in event.type)
    assert event.data == {"locality": "south", "changed_at": club.clock().isoformat()}


def test_wrong_answers_are_refused_and_what_was_typed_is_kept(club: Club, own: str):
    refused = club.send(f"{own}/details", name="", reach="post", access_needs="A ramp")

    assert refused.status_code == 422
    assert "<title>Error: " in refused.text
    for said in ("Enter your name", "Enter your postal address", "A ramp"):
        assert said in refused.text
    assert club.members()[0].name == "Jo"


def test_a_consent_is_withdrawn_and_given_again_with_its_words_and_date(club: Club, own: str):
    path = f"{own}/consents/sharing"
    assert "Tell organisations that work with you" in club.browser().get(path).text

    for _ in range(2):
        club.send(path, answer="no")
    assert "Your choice is saved" in club.browser().get(f"{own}?changed=consent").text
    for _ in range(2):
        club.send(path, answer="1")

    assert club.said()[3:] == [("sharing", False), ("sharing", True)]
    assert club.names()[5:] == ["sharing_withdrawn", "sharing_granted"]


@pytest.mark.parametrize("answer", ["no", "", "yes", "2"])
def test_any_answer_but_yes_to_the_words_of_today_is_no(club: Club, own: str, answer: str):
    club.send(f"{own}/consents/invitations", answer=answer)

    assert club.said()[-1] == ("invitations", False)
    (*_, last) = club.events()
    assert (last.type, last.data and last.data["given"]) == (
        "membership.mailing_permission_stated.v1",
        False,
    )


def test_what_membership_itself_rests_on_ends_only_with_it(club: Club, own: str):
    club.send(f"{own}/consents/record", answer="no")

    assert ("record", False) not in club.said()
    assert club.browser().get(f"{own}/consents/other").status_code == 404


def test_all_that_is_held_can_be_taken_away(club: Club, own: str):
    answer = club.browser().get(f"{own}/copy.json")

    held = json.loads(answer.text)
    assert answer.content_type == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert held["email"] == "jo@example.org"
    assert held["chosen"]["locality"] == ["North Exampleshire"]
    assert [said["purpose"] for said in held["consents"]] == ["record", "invitations", "sharing"]
    page = club.browser().get(f"{own}/copy").text
    assert "ticked on the form to join" in page
    assert "version 1 of these words" in page


def test_who_leaves_agrees_to_nothing_and_may_join_again(club: Club, own: str):
    for _ in range(2):
        club.send(f"{own}/leave")

    page = club.browser().get(own).text
    assert "You are not a member at present." in page
    for gone in ("020 7946 0000", "Captions", "North Exampleshire"):
        assert gone not in page
    assert "jo@example.org" in page
    assert club.names()[5:] == ["member_left", "mailing_permission_stated", "sharing_withdrawn"]
    assert [given for _, given in club.said()[3:]] == [False] * 3
    for more in ("/details", "/consents/sharing"):
        assert club.browser().get(own + more).status_code in (200, 409)
        token = csrf_token(browser := club.browser(), f"{own}/leave") or "x"
        answer = browser.post(own + more, data={"csrf_token": token, "name": "X", "reach": "email"})
        assert answer.status_code in (400, 409)

    club.clock.pass_by(minutes=2)
    club.ask(consent_sharing=None, consent_invitations=None)
    club.send(club.proof())
    assert club.members()[0].state == MemberState.JOINED
    assert club.browser().get(own).status_code == 200


def test_who_is_erased_leaves_nothing_behind(club: Club, own: str):
    browser = club.browser()
    page = browser.get(f"{own}/erase").text
    assert "This cannot be undone" in page

    answer = club.send(f"{own}/erase", browser)

    assert "We have deleted" in browser.get(answer.headers["Location"]).text
    (member,) = club.members()
    assert (member.state, member.email, member.name, member.phone, member.choices) == (
        MemberState.ERASED,
        "",
        "",
        "",
        [],
    )
    assert club.said() == []
    *before, erased, requested = club.events()
    assert [event.data for event in before] == [None] * 5
    assert erased.type == "membership.member_erased.v1"
    assert requested.data is not None
    assert requested.data["subjects"] == [str(member.id)]
    assert "example.org" not in str(requested.data)
    for path in (own, f"{own}/erase", f"{own}/copy.json", club.proof()):
        assert browser.get(path).status_code == 410


def test_an_erased_address_joins_as_somebody_new(club: Club, own: str):
    club.send(f"{own}/erase")
    again = club.join()

    old, new = club.members()
    assert old.id != new.id
    assert (old.state, new.state) == (MemberState.ERASED, MemberState.JOINED)
    assert club.browser().get(own).status_code == 410
    assert club.browser().get(again).status_code == 200


def test_a_link_made_for_something_else_opens_nothing(club: Club, own: str):
    member = club.members()[0]
    links = Links(club.house.links.keys, "")
    for purpose in (Purpose.JOINING, Purpose.REGISTRATION, Purpose.PREFERENCES):
        token = links.token(purpose, member.id, member.link_generation)
        for more in ("", "/copy.json", "/erase"):
            assert club.browser().get(f"/members/{token}{more}").status_code == 404
    assert club.browser().get(f"/join/{own.rpartition('/')[2]}").status_code == 404


def test_nothing_typed_is_taken_for_html(club: Club):
    own = club.join(name="<b>Jo</b>", access_needs="<script>")

    for path in (own, f"{own}/copy", f"{own}/details"):
        page = club.browser().get(path).text
        assert "<b>Jo" not in page
        assert "&lt;b&gt;Jo&lt;/b&gt;" in page
