"""What the options of the command `registration` take, and what they say when they can't."""

from datetime import MAXYEAR, UTC, datetime

import click
from marshmallow import ValidationError

from registration.planning import PanelMember
from registration.typed import is_https_link
from registration.uktime import ClockChange, uk_instant
from shared.web.forms import Text


class Words(click.ParamType[str]):
    """Text that every page can show, of at most *longest* characters."""

    name = "words"

    def __init__(self, longest: int) -> None:
        self._text = Text(longest, label="It", enter="It is empty", multiline=True)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* trimmed."""
        try:
            return str(self._text.deserialize(value))
        except ValidationError as error:
            self.fail(f"{error.messages[0]}.", param, ctx)


class UkTime(click.ParamType[datetime]):
    """An instant to come, given as clocks in the UK will show it."""

    name = "yyyy-mm-dd hh:mm"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the instant in UTC; refuses what a change of clocks repeats or leaves out."""
        try:
            typed = datetime.strptime(value, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - UK time, below
        except ValueError:
            self.fail(f'"{value}" is not a time like "2026-07-02 12:00".', param, ctx)
        if typed.year == MAXYEAR:  # its end would lie beyond what can be said
            self.fail(f"{value} is too far away.", param, ctx)
        try:
            moment = uk_instant(typed.date(), typed.time())
        except ClockChange as error:
            self.fail(f"{error}.", param, ctx)
        if moment <= datetime.now(UTC):
            self.fail(f"{value} has passed.", param, ctx)
        return moment


class HttpsLink(click.ParamType[str]):
    """An address that opens an encrypted page."""

    name = "https://…"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return *value* unless it is no such address."""
        if not is_https_link(value):
            self.fail(f'"{value}" is not an address like https://example.org/join.', param, ctx)
        return value


class Panellist(click.ParamType[PanelMember]):
    """Somebody on the panel."""

    name = "name: biography"
    _name, _biography = Words(100), Words(1000)

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> PanelMember:
        """Return the name before the first colon and the biography behind it."""
        name, _, biography = (part.strip() for part in value.partition(":"))
        if not (name and biography):
            self.fail(f'"{value}" is not like "Sam Example: Sam runs a choir."', param, ctx)
        return PanelMember(
            name=self._name.convert(name, param, ctx),
            biography=self._biography.convert(biography, param, ctx),
        )
