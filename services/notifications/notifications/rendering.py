"""Writing a mail: a delivery's data become a subject, a text and a page."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from jinja2 import Template as Words

from notifications.colours import PALETTES
from notifications.config import NotificationsSettings
from notifications.content import Content, Contents, Personal, Placeholders, one_line
from notifications.mail import Mail, Wording
from notifications.models import TO_MANY, Delivery, Template

# Kept: of what is being sent to many, who share one.
_MOST_WORDINGS = 32


class Blanked(Exception):
    """What the mail was to be made of has been forgotten."""


class Renderer:
    """Writes the mails of one installation."""

    def __init__(self, settings: NotificationsSettings) -> None:
        self._settings = settings
        self._sender_name = one_line(settings.organisation)
        self._contents = Contents(settings)
        self._placeholders = Placeholders()
        self._wordings: dict[str, Wording] = {}
        self._templates = Environment(
            loader=PackageLoader("notifications"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "organisation": self._sender_name,
            "contact_email": settings.contact_email,
            "help_lines": settings.urgent_help,
            "palette": PALETTES[settings.theme],
        }

    def render(self, delivery: Delivery, written_at: datetime) -> Mail:
        """Return the mail of *delivery*. Raises Blanked, or what a template raises."""
        if delivery.address is None or delivery.name is None or delivery.context is None:
            raise Blanked
        content = self._contents.of(delivery, delivery.name, delivery.context)
        shared = delivery.template in TO_MANY
        return Mail(
            id=delivery.id,
            category=delivery.template,
            sender_name=self._sender_name,
            sender_address=self._settings.mail_from,
            address=delivery.address,
            wording=self._shared(delivery.template, content)
            if shared
            else self._written(delivery.template, content.common, content.personal),
            substitutions=self._placeholders.substitutions(content.personal) if shared else {},
            headers=content.headers,
            written_at=written_at,
        )

    def _shared(self, template: Template, content: Content) -> Wording:
        """Return the wording of all mails that differ from this one in what is personal alone."""
        key = json.dumps([template, dict(content.common)])
        if key not in self._wordings:
            if len(self._wordings) >= _MOST_WORDINGS:
                self._wordings.clear()
            stand_ins = self._placeholders.of(content.personal)
            self._wordings[key] = self._written(template, content.common, stand_ins)
        return self._wordings[key]

    def _written(
        self, template: Template, common: Mapping[str, Any], personal: Mapping[str, Personal]
    ) -> Wording:
        words = self._templates.get_template(f"mails/{template}.txt")
        page = self._templates.get_template(f"mails/{template}.html")
        in_text = {**common} | {key: value.text for key, value in personal.items()}
        in_html = {**common} | {key: value.html for key, value in personal.items()}
        subject = one_line(_block(words, "subject", in_text))
        return Wording(
            subject=subject,
            text=words.render(in_text),
            html=page.render(in_html, subject=subject),
        )


def _block(template: Words, name: str, values: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(values)))
