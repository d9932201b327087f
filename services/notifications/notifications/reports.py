"""Reading what SendGrid reports: an array of events, each of which may be junk for itself alone."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from notifications.models import ReceiptKind, ReceiptState
from shared.addresses import address_key

# Twilio's "Event Webhook Reference"; a bounce of type "blocked" may pass by itself.
_KINDS = {
    "processed": ReceiptKind.ACCEPTED,
    "deferred": ReceiptKind.DEFERRED,
    "delivered": ReceiptKind.DELIVERED,
    "bounce": ReceiptKind.HARD_BOUNCE,
    "dropped": ReceiptKind.DROPPED,
    "spamreport": ReceiptKind.COMPLAINT,
    "unsubscribe": ReceiptKind.UNSUBSCRIBED,
    "group_unsubscribe": ReceiptKind.UNSUBSCRIBED,
    "open": ReceiptKind.TRACKING,
    "click": ReceiptKind.TRACKING,
}
# What tells two reports of one fact from reports of two facts, should their ids differ.
_SAME = ("ref", "sg_message_id", "email", "event", "timestamp", "url", "attempt", "type")


def read_reports(body: bytes, key: bytes, moment: datetime) -> list[dict[str, Any]]:
    """Return a row of `Receipt` for each event in *body*; one that cannot be read is dead."""
    try:
        events = _keepable(json.loads(body))
    except (ValueError, RecursionError):
        events = _keepable(body.decode(errors="replace"))
    if not isinstance(events, list):
        return [_junk(events, moment)]
    return [_row(event, key, moment) for event in events]


def _row(event: Any, key: bytes, moment: datetime) -> dict[str, Any]:
    try:
        return _understood(event, key, moment)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return _junk(event, moment)


def _understood(event: Mapping[str, Any], key: bytes, moment: datetime) -> dict[str, Any]:
    """Return the row. Raises anything for what is not as SendGrid describes it."""
    email = str(event["email"])
    return _common(event, moment) | {
        "event_key": str(event["sg_event_id"])[:200],
        "second_key": _digest([event.get(name) for name in _SAME]),
        "kind": _kind(event),
        "delivery_id": UUID(str(event["ref"])) if "ref" in event else None,
        "address_key": address_key(key, email) if email.isascii() else None,
        "happened_at": datetime.fromtimestamp(int(event["timestamp"]), UTC),
    }


def _kind(event: Mapping[str, Any]) -> ReceiptKind:
    if event["event"] == "bounce" and event.get("type") == "blocked":
        return ReceiptKind.SOFT_BOUNCE
    return _KINDS.get(str(event["event"]), ReceiptKind.OTHER)


def _junk(event: Any, moment: datetime) -> dict[str, Any]:
    digest = _digest(event)
    return _common(json.dumps(event), moment) | {
        "event_key": digest,
        "second_key": digest,
        "kind": ReceiptKind.OTHER,
        "delivery_id": None,
        "address_key": None,
        "happened_at": None,
        "state": ReceiptState.DEAD,
        "ended_at": moment,
        "error": "unreadable",
    }


def _common(event: Any, moment: datetime) -> dict[str, Any]:
    return {
        "body": event,
        "received_at": moment,
        "due_at": moment,
        "state": ReceiptState.NEW,
        "ended_at": None,
        "error": None,
    }


def _keepable(value: Any) -> Any:
    """Return *value* without what PostgreSQL refuses in JSON: NUL, half a character, no number."""
    text = json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
    return json.loads(text.replace("\\u0000", "\\ufffd"), parse_constant=str)


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
