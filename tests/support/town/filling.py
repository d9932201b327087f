"""The forms of pages, and what is sent by who fills them in as they were meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_from_bytes

import pyotp

from tests.support.town.pages import Field, Form, Page
from tests.support.town.place import PASSWORD, SECRET

_FORM = "application/x-www-form-urlencoded"
Pairs = list[tuple[str, str | bytes]]
# What is typed into fields that do not take any words, and where it makes a difference.
GOOD = {
    "capacity": "50",
    "current": PASSWORD,
    "day": "9",
    "email": "viewer@example.org",
    "joining_link": "https://meet.example.org/another",
    "minutes": "60",
    "month": "7",
    "password": PASSWORD,
    "time": "2:30pm",
    "website": "",  # which only programs fill in
    "year": "2031",
}
_NUMBER = re.compile(r"\d+")
_CHOSEN = {"radio", "select", "button"}


@dataclass(frozen=True)
class Attempt:
    """One request, who sends it, and what there is to say of it."""

    rule: str
    what: str
    method: str
    path: str
    who: str = "anybody"
    body: bytes = field(default=b"", repr=False)
    content_type: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Seen:
    """A form on a page, and what is sent by who fills it in as it was meant."""

    page: Page
    form: Form
    rule: str
    pressed: str = ""  # the button, where it has a name

    @property
    def at(self) -> tuple[object, ...]:
        """Return what tells it from others."""
        return self.form.path, self.form.names, _NUMBER.sub("#", self.pressed)

    @property
    def kind(self) -> tuple[object, ...]:
        """Return what tells it from others, wherever it stands."""
        return self.rule, *self.at[1:]

    @property
    def good(self) -> Pairs:
        """Return what is sent by who fills it in well."""
        return [
            (each.name, value)
            for each in self.form.fields
            for value in self._values(each)
            if each.kind != "button" or value == self.pressed
        ]

    def sent(self, pairs: Pairs, what: str) -> Attempt:
        """Return the attempt to send *pairs*."""
        return Attempt(
            self.rule, what, "POST", self.form.path, self.page.who, encoded(pairs), _FORM
        )

    def _values(self, each: Field) -> list[str]:
        shown = [value for value in each.values if value]
        if each.kind == "button":
            return shown
        if each.kind in _CHOSEN:
            return shown[:1]
        if each.kind == "checkbox":
            return shown
        if each.name == "code":
            secrets = self.page.named("code")
            return [next_code(secrets[0].to_text() if secrets else SECRET)]
        return [GOOD.get(each.name, value or "Something") for value in each.values]


def next_code(secret: str) -> str:
    """Return the code that an app shows half a minute from now: the present one may be used up."""
    return str(pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30)))


def encoded(pairs: Iterable[tuple[str, str | bytes]]) -> bytes:
    """Return *pairs* as a browser sends them."""
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs).encode()


def quoted(value: str | bytes) -> str:
    """Return *value* as it stands in an address."""
    return quote_from_bytes(value if isinstance(value, bytes) else value.encode(), safe="")
