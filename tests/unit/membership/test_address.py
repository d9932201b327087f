"""Another email address for a member: nothing changes before that address has said so itself."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from membership.members import addresses
from membership.members.handlers import stop_invitations
from membership.members.models import AddressChange, FormerAddress, MemberState
from shared.contracts import Event
from shared.contracts.notifications import PermissionWithdrawn
from shared.links import Purpose
from shared.messaging.models import StoredEvent
from shared.staff import Role
from shared.staff.models import StaffAct
from tests.support.joining import Club, told
from tests.support.mails import an_envelope
from tests.support.staff import a_member_of_staff, sign_in
from tests.support.web import csrf_token

NEW = "jo.new@example.org"


@pytest.fixture
def own(club: Club) -> str:
    return club.join()


def ask(club: Club, own: str, email: str = NEW) -> Any:
    return club.send(f"{own}/address", email=email)


def proof(club: Club, nth: int = -1) -> str:
    """Return the path of the link that was mailed to the new address last."""
    member = club.members()[nth]
    with club.database.reading() as session:
        generation = session.get_one(AddressChange, member.id).generation
    return f"/addresses/{club.house.links.token(Purpose.ADDRESS, member.id, generation)}"


def data(event: StoredEvent) -> dict[str, Any]:
    assert event.data is not None
    return event.data


def newest(club: Club, contract: str) -> dict[str, Any]:
    *_, last = (event for event in club.events() if contract in event.type)
    return data(last)


def test_the_new_address_is_asked_and_the_old_one_holds_until_it_has_answered(club: Club, own: str):
    assert f'href="{own}/address"' in club.browser().get(own).text

    answer = ask(club, own)

    page = club.browser().get(answer.headers["Location"]).text
    assert "Press the button in that email" in page
    assert NEW in page
    assert club.members()[0].email == "jo@example.org"
    stated = newest(club, "address_change_asked")
    assert set(stated) == {"email", "address_key", "link_generation"}
    assert stated["email"] == NEW


def test_the_button_behind_the_link_changes_it_and_looking_does_not(club: Club, own: str):
    ask(club, own)
    before = club.writes()
    _, _, page = told(club.browser().get(proof(club)))
    assert NEW in page
    assert "Email me about future webinars" in page
    assert "Jo" not in page
    assert club.writes() == before

    answer = club.send(proof(club))

    shown = club.browser().get(answer.headers["Location"]).text
    assert "We write to this address from now on" in shown
    assert NEW in shown
    (member,) = club.members()
    stated = newest(club, "member_contact_changed")
    assert stated["former_email"] == "jo@example.org"
    assert (stated["email"], stated["address_key"]) == (NEW, member.address_key)
    assert stated["link_generation"] == member.link_generation
    with club.database.reading() as session:
        (former,) = session.scalars(select(FormerAddress))
    assert former.address_key == stated["former_address_key"]


def test_links_mailed_to_the_old_address_work_no_more(club: Club, own: str):
    ask(club, own)
    used = proof(club)
    club.send(used)

    for gone in (own, f"{own}/address", f"{own}/copy.json", used):
        assert club.browser().get(gone).status_code == 410
    assert club.browser().get(club.own()).status_code == 200


def test_what_was_agreed_to_holds_for_the_new_address_and_no_more_for_the_old(club: Club, own: str):
    ask(club, own)
    said = club.said()
    club.send(proof(club))

    *_, off, on, _ = club.events()
    stated = newest(club, "member_contact_changed")
    assert (data(off)["given"], data(off)["address_key"]) == (False, stated["former_address_key"])
    assert (data(on)["given"], data(on)["address_key"]) == (True, stated["address_key"])
    assert club.said() == said


def test_who_wants_no_invitations_gets_none_by_moving(club: Club):
    own = club.join(consent_invitations=None)
    ask(club, own)
    page = club.browser().get(proof(club)).text
    club.send(proof(club))

    assert "Email me about" not in page
    assert "mailing_permission_stated" not in club.names()


def test_the_newest_address_counts(club: Club, own: str):
    ask(club, own)
    first = proof(club)
    ask(club, own, "jo.newer@example.org")

    assert club.browser().get(first).status_code == 410
    assert "jo.newer@" in club.browser().get(proof(club)).text


def test_a_request_is_forgotten_after_seven_days(club: Club, own: str):
    ask(club, own)
    first = proof(club)
    club.clock.pass_by(days=7)

    assert club.browser().get(first).status_code == 410
    with club.database.transaction("test") as session:
        addresses.forget_unproven(session)
    assert NEW not in club.browser().get(f"{own}/copy.json").text
    assert NEW not in str([event.data for event in club.events()])
    ask(club, own, "jo.newer@example.org")
    assert club.browser().get(first).status_code == 410


def test_an_address_is_written_to_once_in_a_moment_and_three_are_in_a_day(club: Club, own: str):
    for _ in range(2):
        ask(club, own)
    for number in range(4):
        ask(club, own, f"jo{number}@example.org")
    assert club.names().count("address_change_asked") == 3
    assert "jo1@example.org" in club.browser().get(proof(club)).text

    club.clock.pass_by(days=1)
    ask(club, own)
    assert club.names().count("address_change_asked") == 4


@pytest.mark.parametrize("left", [False, True])
def test_nobody_learns_that_an_address_is_another_member_s(club: Club, own: str, left: bool):
    other = club.join(name="Robin", email="robin@example.org")
    if left:
        club.send(f"{other}/leave")
    answers = []
    for email in ("robin@example.org", "someone@example.org"):
        answer = ask(club, own, email)
        page = club.browser().get(answer.headers["Location"]).text
        club.clock.pass_by(minutes=2)
        answers.append(told(answer, page.replace("robin@", "someone@")))

    assert answers[0] == answers[1]
    assert club.names().count("address_taken") == 1
    taken = newest(club, "address_taken")
    assert (taken["email"], set(taken)) == ("robin@example.org", {"email", "address_key"})


def test_an_address_that_became_a_member_s_meanwhile_is_not_taken_from_them(club: Club, own: str):
    ask(club, own, "robin@example.org")
    club.join(name="Robin", email="robin@example.org")

    answer = club.send(proof(club, nth=0))

    assert answer.status_code == 409
    assert "has a membership already" in answer.text
    assert [member.email for member in club.members()] == ["jo@example.org", "robin@example.org"]
    assert club.browser().get(own).status_code == 200


def test_what_somebody_typed_to_join_there_and_never_proved_is_in_nobody_s_way(
    club: Club, own: str
):
    club.ask(name="Stranger", email=NEW)
    typed = club.proof()
    ask(club, own)

    club.send(proof(club, nth=0))

    (member,) = club.members()
    assert (member.email, member.name) == (NEW, "Jo")
    assert club.browser().get(typed).status_code == 410
    assert "Stranger" not in str([event.data for event in club.events()])


def test_the_old_address_is_free_for_somebody_else(club: Club, own: str):
    ask(club, own)
    club.send(proof(club))
    club.clock.pass_by(minutes=2)

    club.join(name="Robin", email="jo@example.org")

    jo, robin = club.members()
    assert (jo.email, robin.email) == (NEW, "jo@example.org")


WRONG = [
    ("", "Enter your email address"),
    ("jo", "Enter an email address in the correct format"),
    ("JO@example.org", "Enter another email address than the one we write to already"),
]


@pytest.mark.parametrize(("email", "message"), WRONG)
def test_what_is_wrong_is_said_twice_and_nothing_is_kept(
    club: Club, own: str, email: str, message: str
):
    before = club.writes()

    answer = ask(club, own, email)

    assert answer.status_code == 422
    summary, page = answer.text.split("<h1>", 1)
    assert 'href="#email"' in summary
    for part in (summary, page):
        assert message in part
    assert club.writes() == before


def test_an_address_that_looks_mistyped_is_asked_about(club: Club, own: str):
    ask(club, own, "jo@gmial.com")

    assert "Did you mean <strong>jo@gmail.com</strong>?" in club.browser().get(own).text


def test_a_network_may_ask_only_so_often(club: Club, own: str):
    object.__setattr__(club.house.settings, "joins_per_network_hour", 2)

    answers = [ask(club, own, f"jo{n}@example.org").status_code for n in range(3)]

    assert answers == [303, 303, 429]


@pytest.mark.parametrize("more", ["leave", "erase"])
def test_who_goes_takes_along_what_they_had_asked_for(club: Club, own: str, more: str):
    ask(club, own)
    link = proof(club)
    club.send(f"{own}/{more}")

    assert club.browser().get(link).status_code == 410
    with club.database.reading() as session:
        assert not [row.email for row in session.scalars(select(AddressChange)) if row.email]


def test_an_erasure_names_every_former_address_by_its_key(club: Club, own: str):
    ask(club, own)
    club.clock.pass_by(days=1)
    club.send(proof(club))
    changed = newest(club, "member_contact_changed")
    club.clock.pass_by(days=1)

    club.send(f"{club.own()}/erase")

    requested = newest(club, "erasure_requested")
    assert requested["address_key"] == changed["address_key"]
    assert requested["former_address_keys"] == [changed["former_address_key"]]
    assert requested["former_until"] == [changed["changed_at"]]
    assert club.members()[0].state == MemberState.ERASED


def withdraw(club: Club, address_key: str) -> None:
    """Let news of a withdrawal arrive, said just now at this address."""
    said: Event = PermissionWithdrawn(
        address_key=address_key, purpose="webinar_invitations", stated_at=club.clock()
    )
    with club.database.transaction("test") as session:
        stop_invitations(session, said, an_envelope(said, subject=club.members()[0].id))  # type: ignore[arg-type]


def test_who_said_no_at_the_old_address_before_it_was_changed_is_not_invited_at_the_new(
    club: Club, own: str
):
    ask(club, own)
    club.send(proof(club))
    old = newest(club, "member_contact_changed")["former_address_key"]

    withdraw(club, old)

    assert club.said()[-1] == ("invitations", False)
    stated = newest(club, "mailing_permission_stated")
    assert (stated["given"], stated["address_key"]) == (False, club.members()[0].address_key)


def test_whoever_has_the_old_address_now_speaks_for_themselves_alone(club: Club, own: str):
    ask(club, own)
    club.send(proof(club))
    old = newest(club, "member_contact_changed")["former_address_key"]
    club.clock.pass_by(minutes=2)

    withdraw(club, old)

    assert ("invitations", False) not in club.said()


@pytest.fixture
def editor(club: Club) -> FlaskClient:
    browser = club.browser()
    sign_in(browser, a_member_of_staff(Role.EDITOR), club.app)
    return browser


def test_staff_have_the_new_address_asked_for_who_phoned_and_set_nothing(
    club: Club, own: str, editor: FlaskClient
):
    path = f"/staff/members/{club.members()[0].id}"
    assert f'href="{path}/address"' in editor.get(path).text

    sent = {"email": NEW, "csrf_token": csrf_token(editor, f"{path}/address")}
    answer = editor.post(f"{path}/address", data=sent)

    assert answer.status_code == 303
    page = editor.get(answer.headers["Location"]).text
    assert "We have written to the new address" in page
    assert NEW in page
    assert club.members()[0].email == "jo@example.org"
    assert newest(club, "address_change_asked")["email"] == NEW
    with club.database.reading() as session:
        acts = session.scalars(select(StaffAct).order_by(StaffAct.at)).all()
    assert [act.action for act in acts] == ["member_looked_at", "address_change_asked"]
    assert {act.about for act in acts} == {f"member:{club.members()[0].id}"}
    assert club.send(proof(club)).status_code == 303


def test_staff_are_told_what_is_wrong_of_another_person(club: Club, own: str, editor: FlaskClient):
    path = f"/staff/members/{club.members()[0].id}/address"

    refused = editor.post(path, data={"csrf_token": csrf_token(editor, path)})

    assert refused.status_code == 422
    assert "Enter their email address" in refused.text


def test_the_address_of_who_is_no_member_stays(club: Club, own: str, editor: FlaskClient):
    path = f"/staff/members/{club.members()[0].id}"
    club.send(f"{own}/leave")

    assert not re.search(r"/address\b", editor.get(path).text)
    assert editor.get(f"{path}/address").status_code == 404
    assert club.browser().get(f"{own}/address").status_code == 409
