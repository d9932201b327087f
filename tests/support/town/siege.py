"""Everything that can be sent to a place, and what came of it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import uuid4

from tests.support.reporting import URL as REPORTS
from tests.support.reporting import a_report
from tests.support.services import routes_of
from tests.support.town import attempts
from tests.support.town.collecting import Collection
from tests.support.town.filling import Attempt
from tests.support.town.judging import complaints
from tests.support.town.place import OPEN
from tests.support.town.sending import Sender

# Those that links of pages have, and that views read besides.
QUERIES = frozenset({"changed", "next", "page", "state"})
_REGISTRATIONS = "/v1/webinars/<slug>/registrations"
_A_PERSON = {"name": "Jo", "email": "jo@example.org", "description": "a", "wants_invitations": True}


def plan(collection: Collection) -> Iterator[Attempt]:
    """Yield every attempt there is: by each form, at each route, at each page."""
    yield from attempts.of_forms(collection.forms)
    for app in collection.place.apps.values():
        for method, rule in routes_of(app):
            yield from attempts.of_path(method, rule)
    for page in {page.rule: page for page in collection.walked}.values():
        known = Attempt(page.rule, "", "GET", page.path, page.who)
        yield from attempts.of_address(known, QUERIES)
    yield from _of_programs()
    for report in _of_the_provider():
        signed = collection.place.provider.headers(report.body)
        yield replace(report, headers=(*signed.items(),))


def _of_programs() -> Iterator[Attempt]:
    registrations = _REGISTRATIONS.replace("<slug>", OPEN)
    yield from attempts.of_json(_REGISTRATIONS, registrations, _A_PERSON)
    for rule, path in (
        (_REGISTRATIONS, registrations),
        (REPORTS, REPORTS),
        ("/staff/renew", "/staff/renew"),
    ):
        yield from attempts.of_body(Attempt(rule, "", "POST", path))


def _of_the_provider() -> Iterator[Attempt]:
    known = Attempt(REPORTS, "", "POST", REPORTS)
    yield from attempts.of_body(known)
    for odd in attempts.of_json(REPORTS, REPORTS, a_report("bounce", uuid4())):
        yield replace(odd, body=b"[%s]" % odd.body)


class Siege:
    """What came of attempts: how many of each route, and what is wrong with the answers."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.sent: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[tuple[str, str], list[Attempt]] = {}

    def try_all(self, tried: Iterable[Attempt]) -> None:
        """Send each and look at the answer."""
        for attempt in tried:
            answered = self._sender.send(attempt)
            self.sent[attempt.rule] += 1
            self.statuses[answered.answer.status_code] += 1
            for complaint in complaints(answered):
                self.wrong.setdefault((attempt.rule, complaint), []).append(attempt)

    def __str__(self) -> str:
        """Return how many were sent, and what was answered how often."""
        counts = (f"{count:6} {rule}" for rule, count in sorted(self.sent.items()))
        answers = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        return "\n".join([*counts, f"{self.sent.total():6} in all, answered {answers}"])
