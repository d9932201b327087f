"""Sending what people send, each time as if nothing had been sent before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie

from werkzeug.test import Client, TestResponse

from shared.web.staff import COOKIE, RENEW
from tests.support.town.filling import Attempt, Seen
from tests.support.town.keeping import Keeping
from tests.support.town.pages import Page
from tests.support.town.place import Place
from tests.support.town.walk import Walker, page_of, rule_of


@dataclass(frozen=True)
class Answered:
    """What came back: the answer, and the tables in which it left something."""

    answer: TestResponse
    changed: Sequence[str]


class Sender:
    """Sends attempts as who they say, with the cookies that these had when they had looked."""

    def __init__(self, place: Place, walkers: Mapping[str, Walker], kept: Keeping) -> None:
        self._place = place
        self._kept = kept
        self._browser = Client(place.front, use_cookies=False)
        self._walkers = walkers
        self._cookies = {who: _cookies(place, walker) for who, walker in walkers.items()}

    def send(self, attempt: Attempt) -> Answered:
        """Send *attempt*, and make everything as it was before."""
        answer = self._open(attempt, self._cookies[attempt.who])
        if (answer.location or "").startswith(RENEW):
            self._kept.undo()
            self._renew(attempt.who)
            answer = self._open(attempt, self._cookies[attempt.who])
        return Answered(answer, self._kept.undo())

    def arrive(self, attempt: Attempt) -> Page | None:
        """Return the page that *attempt* leads to, and make everything as it was before."""
        cookies = self._cookies[attempt.who]
        answer = self._open(attempt, cookies)
        if answer.location:
            cookies = cookies | _handed_out(answer)
            there = replace(attempt, method="GET", path=answer.location, body=b"")
            answer = self._open(there, cookies)
        self._kept.undo()
        return page_of(self._place, attempt.who, answer)

    def _renew(self, who: str) -> None:
        # Who the staff are is told by a cookie that lasts ten minutes: as browsers do, ask anew.
        walker = self._walkers[who]
        walker.gets(RENEW)
        self._cookies[who] = _cookies(self._place, walker)

    def _open(self, attempt: Attempt, cookies: Mapping[str, str]) -> TestResponse:
        held = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return self._browser.open(
            attempt.path,
            method=attempt.method,
            data=attempt.body,
            content_type=attempt.content_type,
            headers={"Cookie": held} | dict(attempt.headers),
            buffered=True,
        )


def forms_of(place: Place, sender: Sender, pages: Sequence[Page]) -> Iterator[tuple[Seen, int]]:
    """Yield each form of *pages*, and of those that come next, and the status it is answered by.

    A form that stands at several addresses is yielded once for each thing that comes of it.
    """
    tried: set[object] = set()
    known: set[object] = set()
    left = list(pages)
    while left:
        for seen in _on(place, left.pop(0)):
            if seen.at in tried:
                continue
            tried.add(seen.at)
            answered = sender.send(seen.sent(seen.good, "as it is meant"))
            shown = page_of(place, seen.page.who, answered.answer)
            key = (seen.kind, answered.answer.status_code, shown and shown.title)
            if key not in known:
                known.add(key)
                left += [shown] if shown else []
                yield seen, answered.answer.status_code


def _on(place: Place, page: Page) -> Iterator[Seen]:
    for form in page.forms():
        rule = rule_of(place, form.path.partition("?")[0], "POST")
        buttons = [each.values for each in form.fields if each.kind == "button"]
        for pressed in [value for values in buttons for value in values] or [""]:
            yield Seen(page, form, rule, pressed)


def _cookies(place: Place, walker: Walker) -> dict[str, str]:
    names = [*(f"{service}_session" for service in place.apps), COOKIE]
    held = ((name, walker.browser.get_cookie(name)) for name in names)
    return {name: cookie.value for name, cookie in held if cookie}


def _handed_out(answer: TestResponse) -> dict[str, str]:
    handed = (SimpleCookie(line) for line in answer.headers.getlist("Set-Cookie"))
    return {name: morsel.value for cookie in handed for name, morsel in cookie.items()}
