"""Mails, as if a renderer had written them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from notifications.mail import Mail, Wording

MOMENT = datetime(2022, 7, 7, 11, tzinfo=UTC)
INVITATION = Wording(
    subject="Invitation: Sleeping better",
    text="[k-name],\n\nCome to “Sleeping better”.\n\nNo more of these: [k-link]\n",
    html='<p>[k-name-html],</p><p>Come.</p><p><a href="[k-link-html]">No more of these</a></p>',
)


def a_mail(**changes: Any) -> Mail:
    """Return a mail to one person, by itself."""
    wording = Wording(
        subject=changes.pop("subject", "You have a place: Sleeping better"),
        text=changes.pop("text", "Dear Zoë,\n\nYou have a place.\n"),
        html=changes.pop("html", "<p>Dear Zoë,</p>"),
    )
    mail = Mail(
        id=uuid4(),
        category="registration_confirmed",
        sender_name="Example Minds",
        sender_address="webinars@example.org",
        address="jo@example.org",
        wording=wording,
        headers={"Auto-Submitted": "auto-generated"},
        written_at=MOMENT,
    )
    return replace(mail, **changes)


def an_invitation(address: str, **changes: Any) -> Mail:
    """Return a mail that shares its wording with all other invitations."""
    link = f"https://coproduce.example.org/unsubscribe/{address.partition('@')[0]}?a=1&b=2"
    invitation: dict[str, Any] = {
        "category": "webinar_invitation",
        "address": address,
        "wording": INVITATION,
        "substitutions": substitutions(f"Dear <{address.partition('@')[0]}>", link),
        "headers": {
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": "Webinar invitations <webinar-invitations.coproduce.example.org>",
        },
    }
    return a_mail(**invitation | changes)


def substitutions(greeting: str, link: str) -> Mapping[str, str]:
    """Return what makes an invitation one person's."""
    return {
        "[k-name]": greeting,
        "[k-link]": link,
        "[k-name-html]": greeting.replace("<", "&lt;").replace(">", "&gt;"),
        "[k-link-html]": link.replace("&", "&amp;"),
    }


def invitations(count: int) -> list[Mail]:
    """Return invitations to *count* people."""
    return [an_invitation(f"person-{number}@example.org") for number in range(count)]
