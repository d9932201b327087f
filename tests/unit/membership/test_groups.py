"""Groups as staff keep them, and what their members and other services learn of it."""

import pytest

from tests.support.clerk import Clerk
from tests.support.joining import Club


@pytest.fixture
def clerk(club: Club) -> Clerk:
    return Clerk(club)


@pytest.fixture
def jo(club: Club) -> str:
    """The path of a member's page for staff."""
    club.join()
    return f"/{club.members()[0].id}"


def told(club: Club) -> list[str]:
    """Return what was told of groups, in order."""
    return [
        f"{event.type.split('.')[1]} {(event.data or {}).get('group')}"
        for event in club.events()
        if "group" in event.type
    ]


def test_a_list_without_groups_says_what_to_do(clerk: Clerk):
    page = clerk.sees("/groups")

    assert "There is no group yet. Start one below" in page


def test_a_group_is_started_and_its_code_is_made_of_its_name_for_good(club: Club, clerk: Clerk):
    path = clerk.starts(name="Crisis care & beds")

    assert path == "/groups/crisis-care-beds"
    page = clerk.sees(path)
    for shown in ("Crisis care &amp; beds", "We advise on crisis care.", "Nobody belongs to this"):
        assert shown in page
    assert clerk.does(f"{path}/edit", name="Beds", about="Where people sleep.") == path
    assert "Where people sleep." in clerk.sees(path)
    assert "crisis-care-beds" in clerk.sees(f"{path}/edit")
    assert told(club) == []


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": " "}, "name", "Enter a name"),
        ({"about": ""}, "about", "Enter what the group is for"),
        ({"name": "x" * 101}, "name", "100 characters or fewer"),
        ({"name": "…"}, "name", "some letters from a to z"),
        ({"name": "RESEARCH"}, "name", "Another group has this name"),
    ],
)
def test_what_is_wrong_with_a_group_is_said_at_its_field(
    clerk: Clerk, typed: dict[str, str], field: str, message: str
):
    clerk.starts(name="Research")

    answer = clerk.posts("/groups", **{"name": "Other", "about": "Else"} | typed)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert answer.text.count(message) == 2


def test_two_groups_cannot_be_renamed_to_one_name(clerk: Clerk):
    clerk.starts(name="Research")
    path = clerk.starts(name="Beds")

    for name in ("research", ""):
        answer = clerk.posts(f"{path}/edit", name=name, about="Else")
        assert answer.status_code == 422
    assert clerk.does(f"{path}/edit", name="Beds", about="Else") == path


def test_a_member_is_found_added_and_taken_out_and_put_back(club: Club, clerk: Clerk, jo: str):
    path = clerk.starts()
    found = clerk.posts(path, words="jo@").text
    assert "Add<span" in found

    added = clerk.does(f"{jo}/groups/join", group="crisis-care", back="group")

    assert "Jo belongs to this group now." in clerk.sees(added)
    assert "1 member</h2>" in clerk.sees(path)
    assert ">1<" in clerk.sees("/groups")
    assert "No member who is not in this group" in clerk.posts(path, words="jo@").text
    gone = clerk.does(f"{jo}/groups/leave", group="crisis-care", back="group")
    page = clerk.sees(gone)
    assert "Jo no longer belongs to this group." in page
    assert "Put back<span" in page
    clerk.does(f"{jo}/groups/join", group="crisis-care", back="group")
    assert told(club) == [
        "group_joined crisis-care",
        "group_left crisis-care",
        "group_joined crisis-care",
    ]


def test_who_searches_for_nothing_is_told_what_to_enter(clerk: Clerk):
    answer = clerk.posts(clerk.starts(), words=" ")

    assert answer.status_code == 422
    assert answer.text.count("Enter a name or an email address") == 2


def test_the_page_of_a_member_shows_adds_and_takes_out(club: Club, clerk: Clerk, jo: str):
    assert "There is no group yet" in clerk.sees(jo)
    clerk.starts()
    clerk.starts(name="Research")
    assert "They belong to no group." in clerk.sees(jo)

    done = clerk.does(f"{jo}/groups/join", group="research", back="member")

    page = clerk.sees(done)
    assert "Their groups are changed." in page
    assert "Research</a>, since Thursday 2 July 2026" in page
    assert 'value="crisis-care"' in page
    clerk.does(f"{jo}/groups/leave", group="research", back="member")
    assert "They belong to no group." in clerk.sees(jo)
    nothing = clerk.posts(f"{jo}/groups/join", group="", back="member")
    assert (nothing.status_code, nothing.text.count("Choose a group")) == (422, 3)


def test_whoever_is_told_twice_hears_it_once(club: Club, clerk: Clerk, jo: str):
    clerk.starts()
    for way in ("join", "join", "leave", "leave"):
        clerk.does(f"{jo}/groups/{way}", group="crisis-care")

    assert told(club) == ["group_joined crisis-care", "group_left crisis-care"]


def test_a_group_is_closed_for_good_after_a_question(club: Club, clerk: Clerk, jo: str):
    path = clerk.starts()
    clerk.does(f"{jo}/groups/join", group="crisis-care")
    question = clerk.sees(f"{path}/close")
    assert "This cannot be undone. The 1 member who belongs to it leaves it." in question

    for _ in range(2):
        clerk.does(f"{path}/close")

    assert told(club) == ["group_joined crisis-care", "group_left crisis-care"]
    assert "was closed on Thursday 2 July 2026" in clerk.sees(path)
    assert "closed already" in clerk.sees(f"{path}/close")
    assert "Closed groups" in clerk.sees("/groups")
    assert clerk.posts(f"{jo}/groups/join", group="crisis-care").status_code == 409
    assert clerk.posts(f"{path}/edit", name="Beds", about="Else").status_code == 409
    assert clerk.starts() == "/groups/crisis-care-2"


def test_members_read_of_their_groups_and_take_it_with_them(club: Club, clerk: Clerk, jo: str):
    assert "Your groups" not in club.browser().get(club.own()).text
    clerk.starts()
    clerk.does(f"{jo}/groups/join", group="crisis-care")

    for page in ("", "/copy"):
        text = club.browser().get(club.own() + page).text
        for shown in ("Your groups", "Crisis care", "We advise", "Since Thursday 2 July 2026"):
            assert shown in text
    held = club.browser().get(f"{club.own()}/copy.json").get_json()["groups"]
    assert [(group["name"], group["since"][:10]) for group in held] == [
        ("Crisis care", "2026-07-02")
    ]


def test_who_leaves_us_leaves_their_groups_first(club: Club, clerk: Clerk, jo: str):
    for name in ("Crisis care", "Beds"):
        clerk.starts(name=name)
    for code in ("crisis-care", "beds"):
        clerk.does(f"{jo}/groups/join", group=code)

    club.send(f"{club.own()}/leave")

    names = club.names()
    assert names[names.index("group_left") :][:3] == ["group_left", "group_left", "member_left"]
    assert told(club)[2:] == ["group_left beds", "group_left crisis-care"]
    assert "0 members</h2>" in clerk.sees("/groups/beds")
    assert clerk.posts(f"{jo}/groups/join", group="beds").status_code == 409


def test_of_who_is_erased_nobody_learns_which_groups_they_were_in(
    club: Club, clerk: Clerk, jo: str
):
    clerk.starts()
    clerk.does(f"{jo}/groups/join", group="crisis-care")

    club.send(f"{club.own()}/erase")

    assert told(club) == ["group_joined None", "group_left None"]
    assert club.names().index("group_left") < club.names().index("member_erased")
    assert "0 members</h2>" in clerk.sees("/groups/crisis-care")
    clerk.sees(jo, status=404)


def test_what_is_not_there_is_a_page_not_found(clerk: Clerk, jo: str):
    nobody = "/00000000-0000-0000-0000-000000000000"
    for page in ("", "/edit", "/close"):
        clerk.sees(f"/groups/none{page}", status=404)
    assert clerk.posts(f"{jo}/groups/join", group="none").status_code == 404
    clerk.starts()
    assert clerk.posts(f"{nobody}/groups/join", group="crisis-care").status_code == 404
    assert "Nobody belongs" in clerk.sees(f"/groups/crisis-care?did=joined&member={nobody[1:]}")
    assert "Nobody belongs" in clerk.sees("/groups/crisis-care?did=left&member=x")


def test_a_member_who_is_told_of_in_a_link_alone_has_not_joined(club: Club, clerk: Clerk, jo: str):
    clerk.starts()

    assert "belongs to this group now" not in clerk.sees(
        f"/groups/crisis-care?did=joined&member={jo[1:]}"
    )
