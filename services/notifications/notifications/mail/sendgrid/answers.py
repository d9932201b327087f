"""What SendGrid's answers mean for the mails they answer."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from urllib3 import BaseHTTPResponse

from notifications.mail import Accepted, Later, Mail, Outcome, Refused, Rejected, Unknown
from notifications.mail.handover import reason

_SHORTEST, _USUAL, _LONGEST = 1.0, 30.0, 300.0  # seconds to wait when there are too many


def outcome(answer: BaseHTTPResponse, mail: Mail) -> Outcome:
    """Return what *answer* says of *mail*, which is the first of those that were asked for."""
    status = answer.status
    said = reason(f"{status} {'; '.join(_complaints(answer.data))}", mail.address)
    if status in (200, 202):
        return Accepted()
    if status in (429, 503):
        return Later(_pause(answer.headers))
    if remedy := _remedy(status, said):
        return Refused(remedy)
    if 400 <= status < 500:
        return Rejected(said)
    return Unknown()


def _remedy(status: int, said: str) -> str | None:
    """Return what an operator is to do, where it is not the mail that is at fault."""
    if status == 401:
        return (
            f"SENDGRID_API_KEY: SendGrid refuses the key ({said}). "
            "Set it to one that is valid, of an account that may still send."
        )
    if status == 403:
        return (
            f"MAIL_FROM: SendGrid does not let us send from this address ({said}). "
            "Verify its domain there, or give SENDGRID_API_KEY the permission Mail Send."
        )
    if status in (404, 405) or 300 <= status < 400:
        return f"SENDGRID_HOST: no SendGrid answers there ({said}). Set it to SendGrid's address."
    return None


def _pause(headers: Mapping[str, str]) -> float:
    """Return for how many seconds to send nothing: until the moment the answer names.

    The moment is in Unix seconds (Twilio, "Rate limits"); by a wrong clock it may be past, or far.
    """
    try:
        reset = int(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return _USUAL
    return min(max(reset - time.time(), _SHORTEST), _LONGEST)


def _complaints(body: bytes) -> Iterator[str]:
    """Yield "field: message" of each error in *body*, in whatever form it has come."""
    try:
        errors = json.loads(body)["errors"]
    except (ValueError, KeyError, TypeError):
        return
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            yield _complaint(error)


def _complaint(error: Mapping[str, Any]) -> str:
    field, message = error.get("field"), error.get("message")
    return f"{field}: {message}" if field else str(message)
