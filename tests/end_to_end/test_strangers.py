"""Whatever arrives at the real server is answered in order, and nothing of anybody is logged."""

import json
import re
import socket
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.standalone import Standalone
from tests.support.visitor import OWN_LINK, Visitor

TITLE = "The importance of co-production"
FORM = "/webinars/the-importance-of-co-production/register"
API = b"/v1/webinars/the-importance-of-co-production/registrations"
LAST = b"Host: localhost\r\nConnection: close\r\n\r\n"
JSON = b"Content-Type: application/json\r\n"
MEGABYTE = b"x" * 1_000_000
STRANGE: dict[str, tuple[bytes, list[int]]] = {
    "control characters": (b"GET /\x01\x02\x7f HTTP/1.1\r\n" + LAST, [404]),
    "NUL": (b"GET /webinars/%00 HTTP/1.1\r\n" + LAST, [404]),
    "a line break": (b"GET /webinars/%0d%0aSet-Cookie:a=b HTTP/1.1\r\n" + LAST, [404]),
    "a search with NUL": (b"GET /?a=%00 HTTP/1.1\r\n" + LAST, [400]),
    "bytes that are no text": (b"GET /webinars/%ff%fe HTTP/1.1\r\n" + LAST, [404]),
    "bytes as they are": (b"GET /\xff\xfe HTTP/1.1\r\n" + LAST, [400]),
    "no sound escape": (b"GET /webinars/%zz HTTP/1.1\r\n" + LAST, [404]),
    "an unknown path": (b"GET /wp-admin/setup.php?step=1 HTTP/1.1\r\n" + LAST, [404]),
    "the way up": (b"GET /static/registration/../../../etc/passwd HTTP/1.1\r\n" + LAST, [404]),
    "the way up, hidden": (b"GET /static/registration/%2e%2e%2fapp.py HTTP/1.1\r\n" + LAST, [404]),
    "a hidden path": (b"GET //metrics HTTP/1.1\r\n" + LAST, [404]),
    "a very long path": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + LAST, [404]),
    "an unknown method": (b"BREW / HTTP/1.1\r\n" + LAST, [405]),
    "another host": (b"GET http://elsewhere.example.org/ HTTP/1.1\r\n" + LAST, [200]),
    "a tunnel": (b"CONNECT elsewhere.example.org:1 HTTP/1.1\r\n" + LAST, [404]),
    "the whole server": (b"OPTIONS * HTTP/1.1\r\n" + LAST, [404]),
    "no host that there could be": (
        b"GET / HTTP/1.1\r\nHost: [::\xff\r\nConnection: close\r\n\r\n",
        [200],
    ),
    "a broken cookie": (
        b"GET /webinars/the-importance-of-co-production/registered HTTP/1.1\r\n"
        b"Cookie: registration_session=\xff;;=\r\n" + LAST,
        [200],
    ),
    "no HTTP": (bytes(range(256)) * 4 + b"\r\n\r\n", [400]),
    "a length that is none": (b"POST / HTTP/1.1\r\nContent-Length: -5\r\n" + LAST, [400]),
    "two lengths": (
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n" + LAST + b"123456",
        [400],
    ),
    "a broken chunk": (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + LAST + b"zz\r\n\r\n",
        [400],
    ),
    "ten megabytes for a program": (
        b"POST %s HTTP/1.1\r\n%sContent-Length: 10000000\r\n%s" % (API, JSON, LAST) + MEGABYTE * 10,
        [413],
    ),
    "ten megabytes for a form": (
        b"POST %s HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 10000000\r\n%s" % (FORM.encode(), LAST) + MEGABYTE * 10,
        [413],
    ),
    "one after the other": (
        b"GET /v1/webinars HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\n" + LAST,
        [200, 404],
    ),
    "nonsense after sense": (
        b"GET /v1/webinars HTTP/1.1\r\nHost: a\r\n\r\n\x00\x01\x02 nonsense\r\n\r\n",
        [200, 400],
    ),
}


def log_of(system: Standalone) -> str:
    return (system.var / "log.jsonl").read_text()


def lines(log: str) -> list[dict[str, Any]]:
    """Return what *log* says; every line of it is JSON."""
    return [json.loads(line) for line in log.splitlines()]


def said_to(system: Standalone, raw: bytes) -> bytes:
    """Return all that the server says before it hangs up."""
    answer = b""
    with socket.create_connection(("127.0.0.1", system.port), timeout=60) as connection:
        connection.sendall(raw)
        while part := connection.recv(65536):
            answer += part
    return answer


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_strange_is_refused_in_order(system: Standalone, name: str):
    raw, statuses = STRANGE[name]

    answer = said_to(system, raw)

    assert [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)] == statuses
    assert b"Traceback" not in answer
    assert [line for line in lines(log_of(system)) if line["level"] == "error"] == []
    assert system.answers()


def test_nobody_is_found_in_the_log(system: Standalone, chromium: Browser):
    visitor = Visitor(chromium, system.base_url, width=1280, scripts=False)
    address = "quixotilda.zweistein@example.org"
    visitor.goes_to(f"/{address}?name=Quixotilda")
    visitor.goes_to(f"/webinars/{address}")
    visitor.goes_to(f"/registrations/quixotilda{'A' * 42}")
    visitor.goes_to(FORM)
    visitor.types("Your name", "Quixotilda Zweistein")
    visitor.types("Your email address", address.replace("@", "@@"))
    visitor.presses("Register")
    visitor.types("Your email address", address)
    visitor.types("Your question for the panel (optional)", "What of Quixotilda?")
    visitor.presses("Register")
    text = visitor.reads_mail(address, f"You have a place: {TITLE}")
    link = OWN_LINK.search(text.replace("\n", ""))
    assert link is not None
    visitor.goes_to(link[0])
    visitor.presses("Give up my place")
    visitor.presses("Give up my place")
    visitor.goes_to(link[0][:-1])
    visitor.reads_mail(address, f"You have withdrawn from: {TITLE}")
    visitor.leaves()

    log = log_of(system)
    routes = {line.get("route") for line in lines(log)}
    assert {f"/registrations/<token>{rest}" for rest in ("", "/withdraw")} <= routes
    assert sum(line["event"] == "deliveries.ended" for line in lines(log)) >= 2
    for planted in ("quixotilda", "zweistein", link[0].rpartition("/")[2][:51], "AAAAAAAA"):
        assert planted.lower() not in log.lower()
