"""What people choose from, as staff keep it."""

import pytest

from tests.support.clerk import Clerk
from tests.support.joining import Club

LIST = "/choices"


@pytest.fixture
def clerk(club: Club) -> Clerk:
    return Clerk(club)


def shown(club: Club) -> str:
    """Return the form to join."""
    return club.browser().get("/join").text


def test_each_choice_stands_with_how_many_members_chose_it(club: Club, clerk: Clerk):
    club.join(locality="south")

    page = clerk.sees(LIST)

    assert "North Exampleshire: 0 members" in page
    assert "South Exampleshire: 1 member<" in page


def test_a_choice_is_added_renamed_retired_and_brought_back(club: Club, clerk: Clerk):
    assert "Where you live" in clerk.sees(f"{LIST}/locality")
    assert clerk.does(f"{LIST}/locality", label="The West") == LIST
    assert "The West" in shown(club)
    assert 'value="the-west"' in shown(club)

    assert 'value="The West"' in clerk.sees(f"{LIST}/locality/the-west")
    clerk.does(f"{LIST}/locality/the-west", label="West Exampleshire")
    assert "West Exampleshire" in shown(club)
    assert 'value="the-west"' in shown(club)

    clerk.does(f"{LIST}/locality/the-west/arrange", do="retire")
    assert "West Exampleshire" not in shown(club)
    assert "No longer offered" in clerk.sees(LIST)
    clerk.does(f"{LIST}/locality/the-west/arrange", do="offer")
    assert "West Exampleshire" in shown(club)


def test_who_has_chosen_what_is_retired_keeps_it(club: Club, clerk: Clerk):
    club.join(locality="south")

    clerk.does(f"{LIST}/locality/south/arrange", do="retire")

    assert "South Exampleshire: 1 member<" in clerk.sees(LIST)
    assert "South Exampleshire" in club.browser().get(club.own()).text


@pytest.mark.parametrize(
    ("code", "place", "order"),
    [
        ("south", 1, ["south", "north", "west"]),
        ("north", 2, ["south", "north", "west"]),
        ("north", 99, ["south", "west", "north"]),
        ("west", 0, ["west", "north", "south"]),
    ],
)
def test_a_choice_is_moved_and_moving_it_again_changes_nothing(
    club: Club, clerk: Clerk, code: str, place: int, order: list[str]
):
    clerk.does(f"{LIST}/locality", label="West")

    for _ in range(2):
        clerk.does(f"{LIST}/locality/{code}/arrange", do=f"move-{place}")

    form = shown(club)
    assert sorted(order, key=lambda code: form.index(f'value="{code}"')) == order


def test_what_is_retired_comes_after_what_is_offered(club: Club, clerk: Clerk):
    clerk.does(f"{LIST}/locality/north/arrange", do="retire")
    clerk.does(f"{LIST}/locality/south/arrange", do="move-2")
    clerk.does(f"{LIST}/locality/north/arrange", do="offer")

    form = shown(club)
    assert form.index('value="south"') < form.index('value="north"')


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("", "Enter the words that people see"),
        ("x" * 101, "100 characters or fewer"),
        ("north exampleshire", "on the list already"),
        ("…", "some letters from a to z"),
    ],
)
def test_what_is_wrong_with_a_choice_is_said_at_its_field(clerk: Clerk, label: str, message: str):
    answer = clerk.posts(f"{LIST}/locality", label=label)

    assert answer.status_code == 422
    assert answer.text.count(message) == 2
    if label != "…":
        again = clerk.posts(f"{LIST}/locality/south", label=label)
        assert (again.status_code, again.text.count(message)) == (422, 2)


def test_a_kind_without_choices_says_what_follows(club: Club, clerk: Clerk):
    for code in ("north", "south"):
        clerk.does(f"{LIST}/locality/{code}/arrange", do="retire")

    assert "Nothing is offered, so people are not asked" in clerk.sees(LIST)
    assert "Where do you live" not in shown(club)


def test_what_is_not_there_is_a_page_not_found(clerk: Clerk):
    clerk.sees(f"{LIST}/planet", status=404)
    clerk.sees(f"{LIST}/planet/mars", status=404)
    clerk.sees(f"{LIST}/locality/mars", status=404)
    assert clerk.posts(f"{LIST}/planet", label="Mars").status_code == 404
    assert clerk.posts(f"{LIST}/locality/mars", label="Mars").status_code == 404
    for act in ("retire", "offer", "move-1"):
        assert clerk.posts(f"{LIST}/locality/mars/arrange", do=act).status_code == 404
    for act in ("", "move-x", "move-99999", "delete"):
        assert clerk.posts(f"{LIST}/locality/north/arrange", do=act).status_code == 422
