"""What SendGrid is asked: mails become requests of `POST /v3/mail/send`.

The limits are Twilio's, from "Mail Send: limitations" and the API's own description.
"""

import json
from collections import defaultdict
from collections.abc import Sequence

from sendgrid.helpers import mail as v3

from notifications.mail import Mail

MOST = 500  # personalizations; SendGrid would take 1,000
_LARGEST = 10_000  # bytes of substitutions that a personalization has to stay below
_UNTRACKED = v3.TrackingSettings(
    click_tracking=v3.ClickTracking(False, False),
    open_tracking=v3.OpenTracking(False),
    subscription_tracking=v3.SubscriptionTracking(False),
    ganalytics=v3.Ganalytics(False),
)


def batches(mails: Sequence[Mail]) -> list[list[Mail]]:
    """Return *mails* in lists that may each be one request: every mail in exactly one of them.

    Mails share a request when they share their wording. No address is twice in one, since
    SendGrid refuses all of such a request.
    """
    alone: list[list[Mail]] = []
    shared: dict[object, list[dict[str, Mail]]] = defaultdict(list)
    for mail in mails:
        if not _may_share(mail):
            alone.append([mail])
            continue
        alike = shared[mail.wording, mail.category, mail.sender_name, mail.sender_address]
        address = mail.address.lower()
        with_room = (batch for batch in alike if len(batch) < MOST and address not in batch)
        batch = next(with_room, None)
        if batch is None:
            alike.append(batch := {})
        batch[address] = mail
    return alone + [list(batch.values()) for alike in shared.values() for batch in alike]


def body(mails: Sequence[Mail]) -> bytes:
    """Return the JSON that asks for *mails*, which are one of `batches`, or a part of one.

    A mail by itself is filled in here; several are filled in by SendGrid.
    """
    first = mails[0]
    is_shared = len(mails) > 1
    words = first.wording if is_shared else first
    asked = v3.Mail(
        from_email=v3.From(first.sender_address, first.sender_name),
        subject=words.subject,
        plain_text_content=words.text,
        html_content=words.html,
    )
    asked.category = v3.Category(first.category)
    asked.tracking_settings = _UNTRACKED
    for index, mail in enumerate(mails):
        asked.add_personalization(_personalization(mail, is_shared), index)
    return json.dumps(asked.get()).encode("ascii")


def _may_share(mail: Mail) -> bool:
    substitutions = mail.substitutions
    return bool(substitutions) and len(json.dumps(dict(substitutions))) < _LARGEST


def _personalization(mail: Mail, is_shared: bool) -> v3.Personalization:
    person = v3.Personalization()
    to = v3.To()
    to.email = mail.address  # its constructor would take the address apart first
    person.add_to(to)
    for name, value in mail.headers.items():
        person.add_header(v3.Header(name, value))
    # All that comes back in a receipt. SendGrid keeps it, and lets nobody redact it.
    person.add_custom_arg(v3.CustomArg("ref", str(mail.id)))
    if is_shared:
        for key, value in mail.substitutions.items():
            person.add_substitution(v3.Substitution(key, value))
    return person
