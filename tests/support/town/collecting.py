"""Every page in every state that matters, as it is and as files."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from sqlalchemy.exc import OperationalError

from shared.staff import Role
from shared.web.limits import TooManyRequests
from tests.support.town.filling import Attempt, Seen
from tests.support.town.keeping import keeping
from tests.support.town.pages import Page
from tests.support.town.place import Place
from tests.support.town.sending import Sender, forms_of
from tests.support.town.walk import everybody

_REFUSED = {
    "anybody": (
        "/nowhere",
        "/join/nobody-s",
        "/preferences/nobody-s",
        "/webinars/called-off/register",
    ),
    Role.VIEWER: ("/staff/audit",),
}
_LUCKLESS = (
    TooManyRequests(61),
    ZeroDivisionError(),
    OperationalError("select 1", {}, Exception("gone")),
)


class Collection:
    """All that everybody has seen in a place: pages, forms sent well and badly, refusals."""

    def __init__(self, place: Place, roles: Iterable[Role] = Role) -> None:
        self.place = place
        self.walkers = {walker.who: walker for walker in everybody(place, roles)}
        self.walked = [page for walker in self.walkers.values() for page in walker.pages.values()]
        with self.sending() as sender:
            self.forms = dict(forms_of(place, sender, self.walked))

    @contextmanager
    def sending(self) -> Iterator[Sender]:
        """Yield what sends as everybody, each time as if nothing had been sent before."""
        with keeping(self.place.databases) as kept:
            yield Sender(self.place, self.walkers, kept)

    @cached_property
    def pages(self) -> list[Page]:
        """Return all pages, those that come of sending and of failing with them."""
        with self.sending() as sender:
            shown = [sender.arrive(attempt) for attempt in self._attempts()]
            shown += [_luckless(self.place, sender, error) for error in _LUCKLESS]
        return [*self.walked, *filter(None, shown)]

    def save(self, directory: Path) -> None:
        """Write each page into a file that is named for who saw what."""
        for number, page in enumerate(self.pages):
            words = re.sub(r"\W+", "-", f"{page.who} {page.status} {page.rule}").strip("-")
            (directory / f"{number:04}-{words}.html").write_text(page.text)

    def _attempts(self) -> Iterator[Attempt]:
        for seen in self.forms:
            yield seen.sent(seen.good, "as it is meant")
            yield seen.sent(_blank(seen), "with nothing typed")
            if "csrf_token" in seen.form.names:
                yield seen.sent([], "without what tells that it is ours")
        for who, paths in _REFUSED.items():
            yield from (Attempt("", "refused", "GET", path, who) for path in paths)


def _blank(seen: Seen) -> list[tuple[str, str | bytes]]:
    typed = {each.name for each in seen.form.fields if each.kind not in ("hidden", "button")}
    return [(name, "" if name in typed else value) for name, value in seen.good]


def _luckless(place: Place, sender: Sender, error: Exception) -> Page | None:
    """Return the page of who comes while *error* happens."""

    def fail() -> NoReturn:
        raise error

    views = place.apps["registration"].view_functions
    usual, views["pages.webinars"] = views["pages.webinars"], fail
    try:
        return sender.arrive(Attempt("/", "luckless", "GET", "/"))
    finally:
        views["pages.webinars"] = usual
