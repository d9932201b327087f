"""Telling SendGrid's own reports from forged ones.

Source: Twilio's "Event Webhook Security Features": ECDSA over the timestamp and the raw body.
"""

import binascii
from collections.abc import Sequence
from datetime import datetime, timedelta

from sendgrid.helpers.eventwebhook import EventWebhook

# A report is posted again for 24 hours while we cannot take it, perhaps as it was first signed.
WINDOW = timedelta(hours=25)
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


class UnusableKey(ValueError):
    """This is no public key as SendGrid shows it."""


class Signatures:
    """Those that any of the keys made: there are two of them while keys are changed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Use *keys*, base64 of DER as the provider's settings show it. Raises UnusableKey."""
        try:
            self._verifiers = [EventWebhook(key) for key in keys]
        except ValueError as error:
            raise UnusableKey from error

    def hold(self, body: bytes, signature: str, timestamp: str, now: datetime) -> bool:
        """Return whether *body* was signed by the provider, and not longer ago than the window."""
        try:
            age = abs(now.timestamp() - int(timestamp))
            text = body.decode()
            return age <= WINDOW.total_seconds() and any(
                verifier.verify_signature(text, signature, timestamp)
                for verifier in self._verifiers
            )
        except (ValueError, OverflowError, binascii.Error):
            return False
