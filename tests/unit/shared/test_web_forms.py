"""What people type is read with kindness; what can't be kept is refused in words that help."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.web.forms import Text, load


class PersonSchema(Schema):
    """A form with a name, an optional text, a box and a choice of several."""

    name = Text(20, label="Your name", enter="Enter your name")
    question = Text(50, label="Your question", multiline=True)
    invitations = fields.Boolean(load_default=False)
    groups = fields.List(fields.Integer(), load_default=[])


def name(value: Any) -> Any:
    return Text(20, label="Your name", enter="Enter your name").deserialize(value)


def question(value: Any) -> Any:
    return Text(50, label="Your question", multiline=True).deserialize(value)


def refusal(value: Any, field: Any = name) -> Any:
    with pytest.raises(ValidationError) as caught:
        field(value)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    "typed", ["", "   ", "\t\n", "\u00a0", "\u200b", "\u200e \u200f", "\u202e"]
)
def test_a_needed_text_with_nothing_to_see_is_asked_for(typed: str) -> None:
    assert refusal(typed) == "Enter your name"
    assert refusal(None) == "Enter your name"


def test_an_optional_text_may_be_blank_or_absent() -> None:
    values, errors = load(PersonSchema(), MultiDict({"name": "Jo", "question": "  \r\n"}))

    assert errors == {}
    assert values == {"name": "Jo", "question": "", "invitations": False, "groups": []}
    assert load(PersonSchema(), MultiDict({"name": "Jo"}))[0]["question"] == ""


@pytest.mark.parametrize(
    "typed",
    ["Jo", "Zoë O'Neill-Smith", "🌻🧑🏽‍🤝‍🧑🏻", "נועה", "أحمد", "नेहा", "李雷", "\U000e0001\u0041"],
)
def test_names_of_all_scripts_are_kept(typed: str) -> None:
    assert name(f"  {typed}\n") == typed


def test_the_same_letters_become_the_same_text() -> None:
    assert name("Zoe\u0308") == "Zo\u00eb"


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ud800", chr(0xFFFD)])
@pytest.mark.parametrize("field", [name, question])
def test_hidden_characters_are_refused_with_the_remedy(hidden: str, field: Any) -> None:
    for typed in (f"Jo{hidden}Bloggs", hidden):
        assert "has a hidden character that cannot be used" in refusal(typed, field)
        assert refusal(typed, field).endswith("Delete the text and type it again")


@pytest.mark.parametrize("typed", ["Jo\nBloggs", "Jo\r\nBcc: all", "Jo\tBloggs", "Jo\u2028Bloggs"])
def test_a_name_is_on_one_line(typed: str) -> None:
    assert refusal(typed) == "Your name must be on one line"


def test_a_longer_text_keeps_its_lines() -> None:
    assert question("One\r\ntwo\rthree\n\tfour\n") == "One\ntwo\nthree\n\tfour"


def test_what_would_turn_a_name_round_is_taken_out() -> None:
    assert name("\u202aJo\u202c") == "Jo"
    assert name("Jo \u202egnolB\u2069") == "Jo gnolB"


def test_the_length_is_counted_as_people_count_it() -> None:
    assert name("  " + "é" * 20) == "é" * 20
    assert name("e\u0301" * 20) == "é" * 20
    assert refusal("é" * 21) == "Your name must be 20 characters or fewer"
    assert len(question("12345678\r\n" * 5 + "12345")) == 50


@pytest.mark.parametrize("typed", [7, True, ["Jo"], {"a": "b"}, b"\xff"])
def test_what_is_no_text_is_refused(typed: Any) -> None:
    assert refusal(typed) == "Your name must be text"


def test_errors_come_in_the_order_of_the_fields_with_what_was_typed() -> None:
    form = MultiDict([("groups", "x"), ("question", "a" * 51), ("csrf_token", "secret")])
    typed, errors = load(PersonSchema(), form)

    assert list(errors.items()) == [
        ("name", "Enter your name"),
        ("question", "Your question must be 50 characters or fewer"),
        ("groups", "Not a valid integer."),
    ]
    assert typed == {"question": "a" * 51, "groups": ["x"]}


def test_boxes_and_choices_are_read() -> None:
    form = MultiDict([("name", "Jo"), ("invitations", "yes"), ("groups", "1"), ("groups", "2")])
    values, _ = load(PersonSchema(), form)

    assert values["invitations"] is True
    assert values["groups"] == [1, 2]


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_is_either_kept_or_refused(typed: str) -> None:
    for field in (name, question):
        try:
            kept = field(typed)
        except ValidationError:
            continue
        assert kept.encode().decode() == kept == kept.strip()
        assert "\x00" not in kept
