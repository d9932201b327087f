"""The mailers that MAIL_TRANSPORT may name, and the making of the one it names."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from uuid import UUID

from notifications.mail import Mailer
from notifications.mail.mailbox import Mailbox
from notifications.mail.sendgrid import SendGrid
from notifications.mail.settings import (
    MailboxSettings,
    MailerSettings,
    SendGridSettings,
    SmtpSettings,
)
from notifications.mail.smtp import Smtp
from shared.config import read

Environ = Mapping[str, str]
_MAKERS: Mapping[str, Callable[[Environ], Mailer]] = {
    "mailbox": lambda environ: Mailbox(Path(read(MailboxSettings, environ).mailbox_directory)),
    "sendgrid": lambda environ: SendGrid(read(SendGridSettings, environ)),
    "smtp": lambda environ: Smtp(read(SmtpSettings, environ)),
}


def make_mailer(environ: Environ) -> Mailer:
    """Return the mailer that MAIL_TRANSPORT names, which connects to nothing yet.

    It is for one thread at a time. Raises shared.config.ConfigurationError.
    """
    return _MAKERS[read(MailerSettings, environ).mail_transport](environ)


def make_shredder(environ: Environ) -> Callable[[Collection[UUID]], None]:
    """Return what destroys the letters of deliveries, where the mailer keeps any.

    Raises shared.config.ConfigurationError.
    """
    if read(MailerSettings, environ).mail_transport != "mailbox":
        return lambda _: None
    return Mailbox(Path(read(MailboxSettings, environ).mailbox_directory)).destroy
