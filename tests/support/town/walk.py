"""Who goes to every page that they can come to, link by link, and remembers what was answered."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pyotp
from werkzeug.exceptions import HTTPException
from werkzeug.test import Client, TestResponse

from shared.staff import Role
from standalone.mailbox import MAILBOX
from standalone.routes import service_of
from tests.support.town.pages import Page
from tests.support.town.place import CAREFUL, PASSWORD, SECRET, Place, address_of
from tests.support.web import csrf_token

UNMATCHED = "unmatched"
_LETTER = f"{MAILBOX}/<uuid:id>/html"  # a mail as it is sent: looked at elsewhere
_MOST_REDIRECTS = 5


@dataclass(frozen=True)
class DeadEnd:
    """A link of a page that leads nowhere."""

    who: str
    page: str
    link: str
    status: int


class Walker:
    """Somebody with a browser."""

    def __init__(self, place: Place, who: str, account: str = "") -> None:
        self.place = place
        self.who = who
        self._account = account or who
        self.browser = Client(place.front)
        self.dead_ends: list[DeadEnd] = []
        self.pages: dict[str, Page] = {}

    def signs_in(self) -> str:
        """Send address and password, as staff; return where that leads."""
        path = "/staff/sign-in"
        typed = {"email": address_of(self._account), "password": PASSWORD}
        token = csrf_token(self.browser, path)
        answer = self.browser.post(path, data=typed | {"csrf_token": token})
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def gets(self, path: str) -> TestResponse:
        """Ask for *path*, and go where that leads."""
        answer = self.browser.get(path, buffered=True)
        for _ in range(_MOST_REDIRECTS):
            if answer.status_code not in (301, 302, 303, 307, 308):
                break
            answer = self.browser.get(answer.location, buffered=True)
        return answer

    def walks(self, *seeds: str) -> None:
        """Go from *seeds* to every page that can be reached."""
        ways: deque[tuple[str, str]] = deque((seed, "") for seed in seeds)
        seen: set[str] = set()
        while ways:
            path, page = ways.popleft()
            if path in seen:
                continue
            seen.add(path)
            answer = self.gets(path)
            if answer.status_code >= 400 and page:
                self.dead_ends.append(DeadEnd(self.who, page, path, answer.status_code))
            if found := page_of(self.place, self.who, answer):
                self.pages.setdefault(found.path, found)
                ways.extend((link, found.path) for link in found.links())


def page_of(place: Place, who: str, answer: TestResponse) -> Page | None:
    """Return the page that was answered; None where it is something else."""
    asked = answer.request
    path = urlsplit(asked.url)
    rule = rule_of(place, path.path, asked.method)
    if answer.mimetype != "text/html" or rule == _LETTER or answer.location:
        return None
    shown = f"{path.path}?{path.query}" if path.query else path.path
    return Page(who, shown, rule, answer.status_code, answer.text)


def rule_of(place: Place, path: str, method: str) -> str:
    """Return the template of the route that answers *path*."""
    app = place.apps[service_of(path, place.prefixes)]
    try:
        rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    except HTTPException:
        return UNMATCHED
    return str(rule.rule)


def everybody(place: Place, roles: Iterable[Role]) -> Iterator[Walker]:
    """Yield who has been everywhere: the public, people by their links, staff of these *roles*."""
    yield the_public(place)
    yield from (a_member_of_staff(place, role) for role in roles)
    yield half_in(place)
    yield inside(place)


def the_public(place: Place) -> Walker:
    """Return somebody who has every link that was ever mailed to anybody."""
    walker = Walker(place, "anybody")
    setup = f"/staff/set-up/{place.invitation}"
    walker.walks("/", "/join", "/staff/sign-in", MAILBOX, setup, *place.own_pages())
    return walker


def a_member_of_staff(place: Place, role: Role) -> Walker:
    """Return somebody with this role."""
    walker = Walker(place, role)
    walker.signs_in()
    walker.walks("/staff")
    return walker


def half_in(place: Place) -> Walker:
    """Return somebody who has to enter a code as yet."""
    walker = Walker(place, "half in", CAREFUL)
    walker.walks(walker.signs_in())
    return walker


def inside(place: Place) -> Walker:
    """Return somebody who has entered it."""
    walker = Walker(place, "with a code", CAREFUL)
    asked = walker.signs_in()
    typed = {"code": pyotp.TOTP(SECRET).now(), "csrf_token": csrf_token(walker.browser, asked)}
    assert walker.browser.post(asked, data=typed).status_code == 303
    walker.walks("/staff/account")
    return walker
