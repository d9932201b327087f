"""The public, many at once: they register, ask again where no answer came, and some withdraw."""

import email
import json
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from email.policy import default
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

from tests.support.standalone import Standalone
from tests.support.waiting import wait_for

AT_ONCE = 4
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LINK = re.compile(r"/registrations/[\w-]{52}")


class NoAnswer(Exception):
    """The server went away before it had answered."""


class Person:
    """Somebody with a browser, or a program, of their own; knows what they were answered."""

    def __init__(self, number: int, *, by_form: bool, withdraws: bool) -> None:
        self.address = f"person-{number}@example.org"
        self.registered = self.withdrawn = False
        self.withdraws = withdraws
        self.by_form = by_form
        self._said = {"name": "Sam Example", "email": self.address}
        self._key = str(uuid4())
        self._browser = build_opener(HTTPCookieProcessor())

    @property
    def is_done(self) -> bool:
        """Return whether everything this person wanted was answered."""
        return self.registered and (self.withdrawn or not self.withdraws)

    def register(self, base_url: str, slug: str) -> None:
        """Register, the same way as before if it was tried before. Raises NoAnswer."""
        if self.by_form:
            form = self._ask(f"{base_url}/webinars/{slug}/register")
            assert self.address in self._submit(form, self._said)
        else:
            headers = {"Content-Type": "application/json", "Idempotency-Key": self._key}
            # Each time this is said it is kept: so it shows that who asks again is not heard twice.
            body = json.dumps(self._said | {"wants_invitations": True}).encode()
            answer = self._ask(f"{base_url}/v1/webinars/{slug}/registrations", body, **headers)
            assert json.loads(answer)["webinar"] == slug
        self.registered = True

    def withdraw(self, link: str) -> None:
        """Give up the place by the page that *link* opens. Raises NoAnswer."""
        page = self._ask(f"{link}/withdraw")
        if "You are not registered" not in page:  # tried before, and done though not answered
            self._submit(page, {})
        self.withdrawn = True

    def _submit(self, page: str, said: dict[str, str]) -> str:
        """Fill in the form on the *page* just shown and return the page that follows it."""
        token = _TOKEN.search(page)
        assert token is not None, page
        return self._ask(self._shown, urlencode(said | {"csrf_token": token[1]}).encode())

    def _ask(self, url: str, body: bytes | None = None, **headers: str) -> str:
        try:
            with self._browser.open(Request(url, body, headers), timeout=60) as answer:  # noqa: S310
                self._shown: str = answer.url
                text: str = answer.read().decode()
                return text
        except HTTPError as error:
            with error:
                raise AssertionError(f"{url}: {error.code} {error.read()!r}") from error
        except (OSError, HTTPException) as error:
            raise NoAnswer from error


class Crowd:
    """Everybody who comes to one webinar of *system*, a few at a time."""

    def __init__(self, system: Standalone, slug: str) -> None:
        self.people: list[Person] = []
        self._system = system
        self._slug = slug
        self._lock = Lock()

    def come_until(self, enough: Callable[[], bool]) -> None:
        """Let one after the other come, and some withdraw, until it is *enough*.

        Whom a dead server left without an answer comes first.
        """
        again = iter(self._unanswered())

        def keep_coming() -> None:
            while not enough():
                self._serve(next(again, None) or self._newcomer(may_withdraw=True))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for coming in [pool.submit(keep_coming) for _ in range(AT_ONCE)]:
                coming.result()

    def ask_again(self) -> None:
        """Let everybody whom a dead server left without an answer go on with what they wanted."""
        self._serve_all(self._unanswered())

    def fill(self, number: int) -> None:
        """Let *number* more come, who all stay."""
        self._serve_all([self._newcomer(may_withdraw=False) for _ in range(number)])

    def _unanswered(self) -> list[Person]:
        return [person for person in self.people if not person.is_done]

    def _newcomer(self, *, may_withdraw: bool) -> Person:
        with self._lock:
            number = len(self.people)
            withdraws = may_withdraw and number % 4 == 1
            person = Person(number, by_form=number % 3 == 0, withdraws=withdraws)
            self.people.append(person)
            return person

    def _serve_all(self, people: Iterable[Person]) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._serve, people))

    def _serve(self, person: Person) -> None:
        try:
            if not person.registered:
                person.register(self._system.base_url, self._slug)
            if person.withdraws:
                person.withdraw(self._link_of(person))
        except NoAnswer:
            # Nothing but its death excuses a server that does not answer.
            wait_for(lambda: not self._system.runs(), what="the end of a silent server")

    def _link_of(self, person: Person) -> str:
        """Return the link in the person's mail, once it has come. Raises NoAnswer."""
        mailbox = self._system.var / "mailbox"
        wait_for(
            lambda: link_in(mailbox, person.address) or not self._system.runs(),
            seconds=60,
            what="a mail with a link",
        )
        if link := link_in(mailbox, person.address):
            return self._system.base_url + link
        raise NoAnswer


def link_in(mailbox: Path, address: str) -> str:
    """Return the path to a registration that a mail to *address* holds, or nothing."""
    to = f"\r\nTo: {address}\r\n".encode()
    for path in mailbox.glob("*.eml"):
        raw = path.read_bytes()
        if to in raw:
            words = email.message_from_bytes(raw, policy=default).get_body(("plain",))
            if words and (link := _LINK.search(words.get_content())):
                return link[0]
    return ""
