"""What a mail server's refusals mean for a mail (RFC 5321, 4.2)."""

from notifications.mail import Later, Mail, Outcome, Refused, Rejected
from notifications.mail.handover import reason

_TOO_LARGE = 552
_LOG_IN_FIRST = 530  # RFC 4954, 6


def of_the_sender(code: int, text: bytes, mail: Mail) -> Outcome:
    """Return what becomes of *mail* when its sender was not taken: that is the same for all."""
    if 500 <= code < 600 and code not in (_TOO_LARGE, _LOG_IN_FIRST):
        return _refused_for_the_sender(_said(code, text, mail))
    return of_the_mail(code, text, mail)


def of_the_mail(code: int, text: bytes, mail: Mail) -> Outcome:
    """Return what becomes of *mail* when anything else of it was not taken.

    Many servers say only then what they have against the sender, or that they do not know us.
    """
    said = _said(code, text, mail)
    if not 500 <= code < 600:
        return Later()
    if mail.sender_address.lower() in text.decode("ascii", "replace").lower():
        return _refused_for_the_sender(said)
    if code == _LOG_IN_FIRST or b"relay" in text.lower():
        return Refused(
            f"SMTP_USER: the mail server takes no mail from strangers ({said}). "
            "Set it and SMTP_PASSWORD to what the server knows."
        )
    return Rejected(said)


def _refused_for_the_sender(said: str) -> Refused:
    return Refused(
        f"MAIL_FROM: the mail server does not let us send from this address ({said}). "
        "Set it to one that SMTP_USER may send from."
    )


def _said(code: int, text: bytes, mail: Mail) -> str:
    return reason(f"{code} {text.decode('ascii', 'replace')}", mail.address)
