"""Writing a mail: a delivery's data become a subject, a text and a page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2 import Template as Words

from notifications.colours import PALETTES
from notifications.config import NotificationsSettings
from notifications.mail import Mail, Wording
from notifications.models import Delivery
from shared.clock import span_in_words
from shared.links import Links, Purpose

# Written by a program because of what somebody did: no robot is to answer (RFC 3834, 5).
_SERVICE_HEADERS = {"Auto-Submitted": "auto-generated"}


class Blanked(Exception):
    """What the mail was to be made of has been forgotten."""


class Renderer:
    """Writes the mails of one installation."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._settings = settings
        self._links = Links(settings.link_keys, settings.base_url)
        self._templates = Environment(
            loader=PackageLoader("notifications"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "organisation": _one_line(settings.organisation),
            "contact_email": settings.contact_email,
            "palette": PALETTES[settings.theme],
        }

    def render(self, delivery: Delivery, written_at: datetime) -> Mail:
        """Return the mail of *delivery*. Raises Blanked, or what a template raises."""
        if delivery.address is None or delivery.name is None or delivery.context is None:
            raise Blanked
        values = self._values(delivery.subject, delivery.name, delivery.context)
        words = self._templates.get_template(f"mails/{delivery.template}.txt")
        page = self._templates.get_template(f"mails/{delivery.template}.html")
        subject = _one_line(_block(words, "subject", values))
        wording = Wording(
            subject=subject, text=words.render(values), html=page.render(values, subject=subject)
        )
        return Mail(
            id=delivery.id,
            category=delivery.template,
            sender_name=_one_line(self._settings.organisation),
            sender_address=self._settings.mail_from,
            address=delivery.address,
            wording=wording,
            headers=_SERVICE_HEADERS,
            written_at=written_at,
        )

    def _values(self, registration: UUID, name: str, context: dict[str, Any]) -> dict[str, Any]:
        """Return what the templates of all mails about a registration may name."""
        starts_at, ends_at = (
            datetime.fromisoformat(context[moment]) for moment in ("starts_at", "ends_at")
        )
        return context | {
            "name": _one_line(name),
            "title": _one_line(context["webinar_title"]),
            "when": span_in_words(starts_at, ends_at),
            "webinar_page": f"{self._settings.base_url}/webinars/{context['webinar_slug']}",
            "own_page": self._links.url(
                Purpose.REGISTRATION, registration, context["link_generation"]
            ),
        }


def _block(template: Words, name: str, values: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(values)))


def _one_line(text: str) -> str:
    """Return *text* without the line breaks by which it could pose as a header or a paragraph."""
    return " ".join(text.split())
