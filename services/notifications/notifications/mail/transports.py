"""The transports that MAIL_TRANSPORT may name, and the making of the one it names."""

from collections.abc import Callable, Mapping
from pathlib import Path

from notifications.mail import Mailer
from notifications.mail.settings import (
    MailboxSettings,
    SendGridSettings,
    SmtpSettings,
    TransportSettings,
)
from shared.config import read

Environ = Mapping[str, str]


def make_mailer(environ: Environ) -> Mailer:
    """Return what hands mails over in the way that MAIL_TRANSPORT names; connects to nothing yet.

    Each is for one thread at a time. Raises shared.config.ConfigurationError.
    """
    return _MAKERS[read(TransportSettings, environ).mail_transport](environ)


# Imported when chosen: what SendGrid's package needs takes longer to load than all of ours.


def _mailbox(environ: Environ) -> Mailer:
    from notifications.mail.mailbox import Mailbox

    return Mailbox(Path(read(MailboxSettings, environ).mailbox_directory))


def _sendgrid(environ: Environ) -> Mailer:
    from notifications.mail.sendgrid import SendGrid

    return SendGrid(read(SendGridSettings, environ))


def _smtp(environ: Environ) -> Mailer:
    from notifications.mail.smtp import Smtp

    return Smtp(read(SmtpSettings, environ))


_MAKERS: Mapping[str, Callable[[Environ], Mailer]] = {
    "mailbox": _mailbox,
    "sendgrid": _sendgrid,
    "smtp": _smtp,
}
