"""What SendGrid refuses, and our own rules: for each request that the stub is sent."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type",
    "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc",
}  # fmt: skip
FIELDS = {"from", "subject", "personalizations", "content", "categories", "tracking_settings"}
OF_A_PERSON = {"to", "headers", "custom_args", "substitutions"}
UNTRACKED = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
MEGABYTE = 1024 * 1024


def violations(body: bytes) -> list[str]:
    """Return "field: what is wrong" for each rule that the request *body* breaks."""
    try:
        document = json.loads(body)
    except ValueError:
        return ["body: Not JSON."]
    large = ["body: 30 MB or more."] if len(body) >= 30 * MEGABYTE else []
    return [
        *large,
        *_of_the_whole(document),
        *_of_the_content(document.get("content", [])),
        *_of_the_people(document),
    ]


def _of_the_whole(document: Mapping[str, Any]) -> Iterator[str]:
    if unknown := document.keys() - FIELDS:
        yield f"{sorted(unknown)[0]}: Not among what we mean to ask for."
    if "@" not in document.get("from", {}).get("email", ""):
        yield "from.email: Not an address."
    if not document.get("subject"):
        yield "subject: Missing."
    if not all(name.isascii() and len(name) <= 255 for name in document.get("categories", [])):
        yield "categories: Not short ASCII."
    if document.get("tracking_settings") != UNTRACKED:
        yield "tracking_settings: Not all turned off."


def _of_the_content(content: Sequence[Mapping[str, str]]) -> Iterator[str]:
    if [part.get("type") for part in content] != ["text/plain", "text/html"]:
        yield "content: Not text/plain, then text/html."
    if not all(part.get("value") for part in content):
        yield "content: Empty."


def _of_the_people(document: Mapping[str, Any]) -> Iterator[str]:
    people = document.get("personalizations", [])
    if not 1 <= len(people) <= 500:
        yield "personalizations: Not 1 to 500."
    addresses = [to.get("email", "").lower() for person in people for to in person.get("to", [])]
    if len(addresses) != len(set(addresses)):
        yield "personalizations: An address is there twice."
    for number, person in enumerate(people):
        for complaint in _of_a_person(person):
            yield f"personalizations.{number}.{complaint}"


def _of_a_person(person: Mapping[str, Any]) -> Iterator[str]:
    if unknown := person.keys() - OF_A_PERSON:
        yield f"{sorted(unknown)[0]}: Not among what we mean to ask for."
    to = person.get("to", [])
    if len(to) != 1 or [*to[0]] != ["email"] or "@" not in to[0]["email"]:
        yield "to: Not one address without a name."
    headers = person.get("headers", {})
    if reserved := {name.lower() for name in headers} & RESERVED:
        yield f"headers: {sorted(reserved)[0]} is reserved."
    if not all(isinstance(value, str) and value.isascii() for value in headers.values()):
        yield "headers: Not ASCII."
    if [*person.get("custom_args", {})] != ["ref"] or not isinstance(
        person["custom_args"]["ref"], str
    ):
        yield "custom_args: Not ref alone."
    substituted = person.get("substitutions", {}).items()
    if not all(isinstance(value, str) for _, value in substituted):
        yield "substitutions: Not all text."
    elif sum(len(key.encode()) + len(value.encode()) for key, value in substituted) >= 10_000:
        yield "substitutions: 10,000 bytes or more."
