"""What pages and programs are shown, from what is stored and what was typed."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from registration.models import Registration, RegistrationState, Webinar
from shared.web import settings

Answers = list[tuple[str, str]]  # what was asked, and what somebody answered
_STATES = {
    RegistrationState.CONFIRMED: "You have a place",
    RegistrationState.WAITLISTED: "You are on the waiting list",
    RegistrationState.WITHDRAWN: "You are not registered",
}


def webinar_for_programs(webinar: Webinar, *, is_open: bool, is_full: bool) -> dict[str, Any]:
    """Return what `WebinarSchema` writes; never where to join."""
    public = ("slug", "title", "summary", "expect", "panel", "starts_at", "ends_at")
    url = settings().base_url + url_for("pages.webinar", slug=webinar.slug)
    return {name: getattr(webinar, name) for name in public} | {
        "url": url,
        "open": is_open,
        "full": is_full,
    }


def answers(given: Mapping[str, Any]) -> Answers:
    """Return what somebody told us, leaving out what is empty."""
    told = (
        ("Name", given["name"]),
        ("Email address", given["email"]),
        ("What describes you", given["description"]),
        ("What would help you take part", given["access_needs"]),
        ("Your question for the panel", given["question"]),
    )
    return [(asked, text) for asked, text in told if text]


def standing(registration: Registration) -> str:
    """Return in a few words how the person stands with the webinar."""
    return _STATES[registration.state]


def receipt(values: Mapping[str, Any]) -> Answers:
    """Return what was typed into the form, invitations included."""
    invitations = "Yes, email me" if values["wants_invitations"] else "No, do not email me"
    return [*answers(values), ("Future webinars", invitations)]
