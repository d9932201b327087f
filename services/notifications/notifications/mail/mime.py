"""A mail as the bytes that travel: RFC 5322 and MIME."""

from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import structlog

from notifications.mail import Mail, Rejected
from shared.messaging.worker import describe

_LINE = 76  # characters
_log = structlog.get_logger(__name__)


def composed(mail: Mail) -> bytes | Rejected:
    """Return *mail* as a whole message, or why it cannot be: such a one holds up no other."""
    try:
        return compose(mail)
    except Exception as error:
        _log.exception("mail.not_composed", delivery=str(mail.id))
        return Rejected(f"could not be composed: {describe(error)}")


def compose(mail: Mail) -> bytes:
    """Return *mail* as a whole message: text for everybody, HTML as the alternative to it.

    Raises ValueError when a header would hold a line break, and what the library raises for an
    address that is none. The Message-ID is made of the mail's own id, so that an inbox can see
    that the same mail came twice.
    """
    sender = Address(addr_spec=mail.sender_address)
    headers = {
        "From": f"{_phrase('From', mail.sender_name)} <{sender.addr_spec}>",
        "To": Address(addr_spec=mail.address).addr_spec,
        "Subject": _words("Subject", mail.subject),
        "Date": format_datetime(mail.written_at),
        "Message-ID": f"<{mail.id}@{sender.domain}>",
        **mail.headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("ascii") + _body(mail)


def _body(mail: Mail) -> bytes:
    """Return both parts, with the headers that tell them apart."""
    body = EmailMessage(policy=SMTP)
    # Quoted-printable passes every server, whatever the length of a line.
    body.set_content(mail.text, cte="quoted-printable")
    body.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return body.as_bytes()


def _words(header: str, text: str) -> str:
    """Return *text* as it may stand in *header*: itself, or encoded words (RFC 2047).

    Not left to EmailMessage: Python 3.11's loses the spaces between long encoded words.
    """
    if "\r" in text or "\n" in text:
        raise ValueError(f"{header} would hold a line break")
    if _is_plain(text):
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def _phrase(header: str, name: str) -> str:
    """Return *name* as it may stand before an address: quoted where it has to be."""
    if not _is_plain(name):
        return _words(header, name)
    return str(Address(name, "u", "d")).removesuffix(" <u@d>")


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text and len(text) < _LINE
