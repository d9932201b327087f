"""What the words of a mail may name: in all mails of its kind, and for one person alone."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from notifications.config import NotificationsSettings
from notifications.models import Delivery, Template
from shared.clock import span_in_words
from shared.links import Links, Purpose

# Written by a program because of what somebody did: no robot is to answer (RFC 3834, 5).
_SERVICE_HEADERS = {"Auto-Submitted": "auto-generated"}
_LIKE_A_LINK = re.compile(r"://|@|\w\.\w{2}")
# Where the mails lead that are about a membership.
_OF_A_MEMBER = {
    Template.JOINING: Purpose.JOINING,
    Template.WELCOME: Purpose.MEMBER,
    Template.MEMBER_LINK: Purpose.MEMBER,
    Template.ADDRESS_ASKED: Purpose.ADDRESS,
    Template.ADDRESS_PROVEN: Purpose.MEMBER,
}


@dataclass(frozen=True)
class Personal:
    """A value as it may stand in text, and as it may stand in HTML."""

    text: str
    html: Markup


@dataclass(frozen=True, kw_only=True)
class Content:
    """All that a mail is made of besides its words."""

    common: Mapping[str, str]
    personal: Mapping[str, Personal]
    headers: Mapping[str, str]


class Contents:
    """Makes the contents of the mails of one installation."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._base_url = settings.base_url
        self._links = Links(settings.link_keys, settings.base_url)

    def of(self, delivery: Delivery, name: str, context: Mapping[str, Any]) -> Content:
        """Return the content of *delivery*, addressed to *name*. Raises KeyError."""
        if delivery.template == Template.INVITATION:
            return self._invitation(delivery, name, context)
        if delivery.template == Template.PERMISSION:
            return self._question(delivery, name, context)
        if delivery.template == Template.ADDRESS_TAKEN:
            return self._to_an_address(name, join_page=f"{self._base_url}/join")
        if delivery.template == Template.ADDRESS_CHANGED:
            return self._to_an_address(name, contact_page=f"{self._base_url}/contact")
        if delivery.template in _OF_A_MEMBER:
            return self._about_membership(delivery, name, context)
        return self._about_registration(delivery, name, context)

    def _about_membership(
        self, delivery: Delivery, name: str, context: Mapping[str, Any]
    ) -> Content:
        link = self._url(_OF_A_MEMBER[delivery.template], delivery, context)
        return Content(
            common={},
            personal={"greeting": _greeting(name), "own_page": _plain(link)},
            headers=_SERVICE_HEADERS,
        )

    def _to_an_address(self, name: str, **pages: str) -> Content:
        return Content(
            common=pages, personal={"greeting": _greeting(name)}, headers=_SERVICE_HEADERS
        )

    def _about_registration(
        self, delivery: Delivery, name: str, context: Mapping[str, Any]
    ) -> Content:
        link = self._url(Purpose.REGISTRATION, delivery, context)
        common = {name: value for name, value in context.items() if name != "link_generation"}
        return Content(
            common=common | self._webinar(context),
            personal={"greeting": _greeting(name), "own_page": _plain(link)},
            headers=_SERVICE_HEADERS,
        )

    def _question(self, delivery: Delivery, name: str, context: Mapping[str, Any]) -> Content:
        link = self._url(Purpose.PREFERENCES, delivery, context)
        return Content(
            common={"wording": one_line(context["wording"])},
            personal={"greeting": _greeting(name), "answer_page": _plain(f"{link}/confirm")},
            headers=_SERVICE_HEADERS,
        )

    def _invitation(self, delivery: Delivery, name: str, context: Mapping[str, Any]) -> Content:
        preferences = self._url(Purpose.PREFERENCES, delivery, context)
        unsubscribe = self._url(Purpose.UNSUBSCRIBE, delivery, context)
        return Content(
            common=self._webinar(context) | {"summary": context["summary"]},
            personal={
                "greeting": _greeting(name),
                "preferences_page": _plain(preferences),
                "unsubscribe_page": _plain(unsubscribe),
            },
            # RFC 8058, RFC 2369, RFC 2919.
            headers={
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "List-Id": f"Webinar invitations <webinar-invitations.{self._host}>",
            },
        )

    def _webinar(self, context: Mapping[str, Any]) -> dict[str, str]:
        webinar = {
            "title": one_line(context["webinar_title"]),
            "when": _span(context, "starts_at", "ends_at"),
            "webinar_page": f"{self._base_url}/webinars/{context['webinar_slug']}",
            "all_webinars": f"{self._base_url}/",
        }
        if "old_starts_at" in context:
            webinar["when_before"] = _span(context, "old_starts_at", "old_ends_at")
        return webinar

    def _url(self, purpose: Purpose, delivery: Delivery, context: Mapping[str, Any]) -> str:
        return self._links.url(purpose, delivery.subject, context["link_generation"])

    @property
    def _host(self) -> str:
        return urlsplit(self._base_url).hostname or "localhost"


class Placeholders:
    """Stand-ins for personal values, which nobody's name or title can hold by chance or malice."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(8)

    def of(self, personal: Mapping[str, Personal]) -> dict[str, Personal]:
        """Return a stand-in for each value."""
        return {
            key: Personal(self._key(key), Markup(self._key(f"{key}-html")))  # noqa: S704 - ours
            for key in personal
        }

    def substitutions(self, personal: Mapping[str, Personal]) -> dict[str, str]:
        """Return what is to stand where the stand-ins are."""
        stated: dict[str, str] = {}
        for key, value in personal.items():
            stated[self._key(key)] = value.text
            stated[self._key(f"{key}-html")] = str(value.html)
        return stated

    def _key(self, name: str) -> str:
        return f"[{self._secret}-{name}]"


def one_line(text: str) -> str:
    """Return *text* without the line breaks by which it could pose as a header or a paragraph."""
    return " ".join(text.split())


def _span(context: Mapping[str, Any], start: str, end: str) -> str:
    return span_in_words(*(datetime.fromisoformat(context[name]) for name in (start, end)))


def _greeting(name: str) -> Personal:
    name = one_line(name)
    # Anybody can enter another's address: no name may carry a link, or what programs make one of.
    if not name or _LIKE_A_LINK.search(name):
        return _plain("Hello,")
    html = Markup('Dear <span dir="auto">{}</span>,').format(name)
    return Personal(f"Dear {name},", html)


def _plain(text: str) -> Personal:
    return Personal(text, escape(text))
