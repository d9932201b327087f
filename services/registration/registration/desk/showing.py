"""A webinar's details in words: for the form, and side by side where they differ."""

from typing import Any, NamedTuple

from registration.details import PanelMember, WebinarDetails
from shared.clock import LONDON, span_in_words


class Line(NamedTuple):
    """A part of the details in words, and the names of what it says."""

    label: str
    names: frozenset[str]
    text: str


class Difference(NamedTuple):
    """A part of the details that is another than before."""

    label: str
    before: str
    after: str


def lines(details: WebinarDetails) -> list[Line]:
    """Return *details* in words, in the order of the form."""
    when = f"{span_in_words(details.starts_at, details.ends_at)} (UK time)"
    return [
        Line("Title", frozenset({"title"}), details.title),
        Line("Summary", frozenset({"summary"}), details.summary),
        Line("What to expect", frozenset({"expect"}), details.expect),
        Line("When", frozenset({"starts_at", "ends_at"}), when),
        Line("Places", frozenset({"capacity"}), str(details.capacity)),
        Line("Joining link", frozenset({"joining_link"}), details.joining_link),
        Line("Panel", frozenset({"panel"}), "\n".join(map(_introduced, details.panel))),
    ]


def differences(before: WebinarDetails, after: WebinarDetails) -> list[Difference]:
    """Return what differs, in words."""
    pairs = zip(lines(before), lines(after), strict=True)
    return [Difference(old.label, old.text, new.text) for old, new in pairs if old.text != new.text]


def as_typed(details: WebinarDetails) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Return *details* as somebody would type them into the form: its fields, and its panel."""
    local = details.starts_at.astimezone(LONDON)
    values = {name: getattr(details, name) for name in ("title", "summary", "expect")}
    values |= {"day": local.day, "month": local.month, "year": local.year}
    values |= {"time": f"{local:%H:%M}", "minutes": details.minutes}
    values |= {"capacity": details.capacity, "joining_link": details.joining_link}
    return values, [vars(person) for person in details.panel]


def _introduced(person: PanelMember) -> str:
    return f"{person.name}: {person.biography}"
