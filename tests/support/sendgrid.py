"""A stub SendGrid: judges each request, keeps a ledger of what it accepted, fails as it is told."""

import json
import socket
import struct
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from uuid import UUID

from tests.support.sendgrid_rules import violations

KEY = "SG.not-a-secret.5Zk3vq"
PATH = "/v3/mail/send"


@dataclass(frozen=True, kw_only=True)
class Received:
    """A mail as a person would get it, substituted."""

    ref: UUID
    to: str
    sender: str
    category: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Request:
    """A request that broke no rule."""

    document: Mapping[str, Any]

    @property
    def addresses(self) -> list[str]:
        """Return to whom it goes."""
        return [person["to"][0]["email"] for person in self.document["personalizations"]]

    @property
    def refs(self) -> list[UUID]:
        """Return our reference of each mail."""
        return [UUID(person["custom_args"]["ref"]) for person in self.document["personalizations"]]

    @cached_property
    def mails(self) -> list[Received]:
        """Return every mail it makes."""
        return [self._mail(person) for person in self.document["personalizations"]]

    def _mail(self, person: Mapping[str, Any]) -> Received:
        words = [self.document["subject"], *(part["value"] for part in self.document["content"])]
        for key, value in person.get("substitutions", {}).items():
            words = [word.replace(key, value) for word in words]
        subject, text, html = words
        return Received(
            ref=UUID(person["custom_args"]["ref"]),
            to=person["to"][0]["email"],
            sender="{name} <{email}>".format(**self.document["from"]),
            category=self.document["categories"][0],
            subject=subject,
            text=text,
            html=html,
            headers=person["headers"],
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is done with a request: accepted or not, and what is said of it, if anything."""

    status: int = 202
    errors: tuple[tuple[str | None, str], ...] = ()  # field and message
    headers: Mapping[str, str] = field(default_factory=dict)
    accepts: bool = False
    seconds: float = 0.0  # until it is given
    instead: Literal["", "reset", "hang"] = ""


Behaviour = Callable[[Request], Answer]

ACCEPT = Answer(accepts=True)
ACCEPT_THEN_RESET = Answer(accepts=True, instead="reset")
ACCEPT_THEN_HANG = Answer(accepts=True, instead="hang")
ACCEPT_THEN_FAIL = Answer(status=500, accepts=True)
RESET = Answer(instead="reset")
HANG = Answer(instead="hang")
FAIL = Answer(status=500)
UNAVAILABLE = Answer(status=503)
UNAUTHORISED = Answer(
    status=401,
    errors=((None, "The provided authorization grant is invalid, expired, or revoked"),),
)
FORBIDDEN = Answer(
    status=403,
    errors=(("from", "The from address does not match a verified Sender Identity."),),
)


def slowly(seconds: float) -> Answer:
    """Accept, and say so after *seconds*."""
    return Answer(accepts=True, seconds=seconds)


def too_many(**headers: str) -> Answer:
    """Refuse for now, with *headers* like X_RateLimit_Reset."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=429, errors=((None, "too many requests"),), headers=named)


def refusing(*addresses: str) -> Behaviour:
    """Refuse each request that holds one of *addresses*, as SendGrid does: all of it."""

    def behave(request: Request) -> Answer:
        bad = [n for n, address in enumerate(request.addresses) if address in addresses]
        field = "personalizations.{}.to.0.email"
        message = "Does not contain a valid address."
        errors = tuple((field.format(number), message) for number in bad)
        return Answer(status=400, errors=errors) if bad else ACCEPT

    return behave


class SendGridStub:
    """Listens on this machine until closed; as a context manager it is closed in the end.

    *behaviour* may be changed at any time; `answer_first` says what to do with the next requests.
    """

    def __init__(self) -> None:
        self.behaviour: Behaviour = lambda _request: ACCEPT
        self.requests: list[Request] = []  # each that came whole and broke no rule
        self.violations: list[str] = []
        self.accepted: Counter[UUID] = Counter()
        self.connections = 0
        self.closing = threading.Event()
        self._next: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def __enter__(self) -> "SendGridStub":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Return what SENDGRID_HOST is to be."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def environ(self) -> dict[str, str]:
        """Return the settings by which mail goes here."""
        return {
            "MAIL_TRANSPORT": "sendgrid",
            "SENDGRID_API_KEY": KEY,
            "SENDGRID_HOST": self.url,
        }

    @property
    def open_connections(self) -> int:
        """Return how many clients are connected."""
        return len(self._server.open)

    def answer_first(self, *answers: Answer) -> None:
        """Give *answers* to the next requests, and only then behave as usual."""
        self._next.extend(answers)

    def hang_up(self) -> None:
        """Close every connection, as SendGrid does with those that rest."""
        for connection in [*self._server.open]:
            connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop listening, and let go of every connection."""
        self.closing.set()
        self._server.shutdown()
        self.hang_up()
        self._server.server_close()
        self._thread.join()

    def connected(self) -> None:
        """Count one more connection."""
        with self._lock:
            self.connections += 1

    def decide(self, authorization: str, body: bytes) -> Answer:
        """Return what is done with a request that came whole, having entered it in the ledger."""
        wrong = violations(body)
        if authorization != f"Bearer {KEY}":
            wrong.append("Authorization: Not our key.")
        with self._lock:
            if wrong:
                self.violations += wrong
                return Answer(status=400, errors=(tuple(wrong[0].split(": ", 1)),))  # type: ignore[arg-type]
            request = Request(json.loads(body))
            self.requests.append(request)
            answer = self._next.popleft() if self._next else None
        answer = answer or self.behaviour(request)  # which may wait for another request
        if answer.accepts:
            with self._lock:
                self.accepted.update(request.refs)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, stub: SendGridStub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stub = stub
        self.open: set[socket.socket] = set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):  # that is a client that was killed
            self.stub.violations.append(f"the stub itself: {error!r}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)
        self.server.stub.connected()

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # its sender died writing it
        if self.path != PATH:
            self._say(Answer(status=404))
            return
        stub = self.server.stub
        answer = stub.decide(self.headers.get("Authorization", ""), body)
        if answer.instead == "hang":
            stub.closing.wait()
        elif answer.instead == "reset":
            self._reset()
        else:
            stub.closing.wait(answer.seconds)
            self._say(answer)

    def _say(self, answer: Answer) -> None:
        errors = [{"field": field, "message": said, "help": None} for field, said in answer.errors]
        body = json.dumps({"errors": errors}).encode() if errors else b""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status == 202:
            self.send_header("X-Message-Id", "not-unique-a-person")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Close so that the other side is told: connection reset by peer."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.server.open.discard(self.connection)
        self.close_connection = True
        self.rfile.close()
        self.connection.close()

    def log_message(self, format: str, *arguments: Any) -> None:
        pass
