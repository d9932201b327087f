"""A stranger learns nothing: the answer is the same whether or not an address is a member's."""

import pytest

from tests.support.joining import Club, told


@pytest.mark.parametrize("standing", ["applied", "joined", "left", "erased"])
def test_a_known_and_a_new_address_are_answered_alike(club: Club, standing: str):
    if standing == "applied":
        club.ask()
    else:
        own = club.join()
        if standing != "joined":
            club.send(f"{own}/{'leave' if standing == 'left' else 'erase'}")
    club.clock.pass_by(minutes=2)
    known, new = club.browser(), club.browser()

    answers = [club.ask(known, name="Jo"), club.ask(new, name="Jo", email="robin@example.org")]

    receipts = [browser.get("/join/received").text for browser in (known, new)]
    first, second = map(told, answers, receipts)
    assert first == second
    assert first[0] == 303
    assert len(receipts[0]) > 1000


def test_after_many_times_a_known_and_a_new_address_are_still_answered_alike(club: Club):
    club.join()
    for email in ("jo@example.org", "robin@example.org"):
        answers = {club.ask(email=email).status_code for _ in range(6)}
        assert answers == {303}


def test_a_stranger_cannot_take_away_who_left_their_own_page(club: Club):
    own = club.join()
    club.send(f"{own}/leave")
    club.clock.pass_by(minutes=2)

    club.ask(name="Somebody else")

    page = club.browser().get(own)
    assert page.status_code == 200
    assert "Somebody else" not in page.text
