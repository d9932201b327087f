"""SendGrid as it reports: events signed with a key of its own."""

import base64
import json
import time
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

URL = "/webhooks/sendgrid/events"
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


class Reporter:
    """Signs what it posts, as the provider does."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())

    @property
    def verification_key(self) -> str:
        """Return the public key as the provider's settings show it."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def headers(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """Return the headers that vouch for *body*, signed now or *at* a time."""
        timestamp = str(at if at is not None else int(time.time()))
        signed = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE: base64.b64encode(signed).decode(), TIMESTAMP: timestamp}

    def post(self, client: FlaskClient, events: Any) -> TestResponse:
        """Post *events* and return the answer."""
        body = json.dumps(events).encode()
        return client.post(
            URL, data=body, headers=self.headers(body), content_type="application/json"
        )


def a_report(event: str, ref: UUID | None = None, **more: Any) -> dict[str, Any]:
    """Return an event as SendGrid describes it, about the delivery *ref*."""
    report = {
        "email": "jo@example.org",
        "event": event,
        "sg_event_id": uuid4().hex,
        "sg_message_id": "abc.recvd-0",
        "smtp-id": "<abc@example.org>",
        "timestamp": int(time.time()),
        "category": ["registration_confirmed"],
    }
    return report | ({"ref": str(ref)} if ref else {}) | more
