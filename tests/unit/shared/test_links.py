"""A link opens what it was made for, and nothing else."""

from typing import cast
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.links import BrokenLink, LinkKeys, Links, Purpose

KEYS = LinkKeys.parse(f"1:{'ab' * 32}")
LINKS = Links(KEYS, "https://coproduce.example.org")
PERSON = UUID("01970000-0000-7000-8000-000000000001")


@given(target=st.uuids(), generation=st.integers(0, 2**32 - 1))
def test_a_link_brings_back_what_it_was_made_of(target: UUID, generation: int):
    link = LINKS.read(LINKS.token(Purpose.REGISTRATION, target, generation), Purpose.REGISTRATION)

    assert (link.id, link.generation) == (target, generation)


def test_a_link_is_one_whole_address():
    url = LINKS.url(Purpose.REGISTRATION, PERSON, 1)

    assert url.startswith("https://coproduce.example.org/registrations/")
    assert len(url.rpartition("/")[2]) == 52


def test_every_changed_character_breaks_the_link():
    token = LINKS.token(Purpose.REGISTRATION, PERSON, 1)
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(BrokenLink):
            LINKS.read(changed, Purpose.REGISTRATION)


def test_a_link_made_for_another_purpose_opens_nothing():
    other = cast(Purpose, "preferences")  # as another service's links have it
    token = LINKS.token(other, PERSON, 1)

    assert LINKS.read(token, other).id == PERSON
    with pytest.raises(BrokenLink):
        LINKS.read(token, Purpose.REGISTRATION)


@pytest.mark.parametrize("token", ["", "a", "é" * 52, "A" * 52, "A" * 51, "A" * 53, "+" * 52])
def test_what_never_was_a_link_is_broken(token: str):
    with pytest.raises(BrokenLink):
        LINKS.read(token, Purpose.REGISTRATION)


def test_a_new_key_signs_while_the_old_is_still_honoured():
    both = Links(LinkKeys.parse(f"2:{'cd' * 32},1:{'ab' * 32}"), LINKS.base_url)
    old = LINKS.token(Purpose.REGISTRATION, PERSON, 1)

    assert both.read(old, Purpose.REGISTRATION).id == PERSON
    with pytest.raises(BrokenLink):
        LINKS.read(both.token(Purpose.REGISTRATION, PERSON, 1), Purpose.REGISTRATION)


@pytest.mark.parametrize("text", ["", "1", "1:xyz", f"0:{'ab' * 32}", f"256:{'ab' * 32}", "1:ab"])
def test_keys_that_are_none_are_refused(text: str):
    with pytest.raises(ValueError, match="each key is"):
        LinkKeys.parse(text)


def test_two_keys_of_one_number_are_refused():
    """The later would have replaced the earlier, and with it every link that was sent."""
    with pytest.raises(ValueError, match="the same number"):
        LinkKeys.parse(f"1:{'ab' * 32},1:{'cd' * 32}")


def test_keys_stay_out_of_sight():
    assert "ab" * 32 not in repr(LINKS)
