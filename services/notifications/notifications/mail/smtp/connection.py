"""Coming to be heard by a mail server: connecting, securing, logging in."""

import smtplib
import ssl

from notifications.mail.handover import reason
from notifications.mail.settings import SmtpSettings

PATIENCE = 10.0  # seconds that connecting, or any one answer, may take


class KeptOut(Exception):
    """The server does not let us in; the message says what an operator is to do."""


def connect(settings: SmtpSettings, tls: ssl.SSLContext) -> smtplib.SMTP:
    """Return a connection that is ready for a mail. Raises KeptOut, and OSError when none is.

    smtplib's own errors are OSErrors too.
    """
    place = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*place, timeout=PATIENCE, context=tls)
    else:
        server = smtplib.SMTP(*place, timeout=PATIENCE)
    try:
        if settings.smtp_security == "starttls":
            _secure(server, tls)
        if settings.smtp_user:
            _log_in(server, settings)
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _secure(server: smtplib.SMTP, tls: ssl.SSLContext) -> None:
    try:
        server.starttls(context=tls)
    except smtplib.SMTPNotSupportedError:
        raise KeptOut(
            "SMTP_SECURITY: the mail server has no STARTTLS. Set it to tls, and SMTP_PORT to 465."
        ) from None


def _log_in(server: smtplib.SMTP, settings: SmtpSettings) -> None:
    try:
        server.login(settings.smtp_user, settings.smtp_password)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        if getattr(error, "smtp_code", 500) < 500:  # it cannot tell now: RFC 4954, 6
            raise
        said = reason(str(getattr(error, "smtp_code", "it knows no way to")))
        raise KeptOut(
            f"SMTP_USER: the mail server does not let this user log in ({said}). "
            "Set it and SMTP_PASSWORD to what the server knows."
        ) from error
