"""What each mailer is told by its environment, read only where it is the one chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from marshmallow import fields, validate

from notifications.mail.signatures import Signatures, UnusableKey
from shared.config import ConfigurationError, setting
from shared.variables import Origin

# Neither smtplib nor many servers can log in with anything else.
_ASCII = validate.Regexp(r"[ -~]*\Z", error="Not ASCII.")


class SafeOrigin(Origin):
    """The origin of a provider: by https, unless it is this machine, where tests are."""

    default_error_messages = {"unsafe": "Not an https:// address."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        origin = super()._deserialize(value, attr, data, **kwargs)
        parts = urlsplit(origin)
        if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
            raise self.make_error("unsafe")
        return origin


class VerificationKeys(fields.Field[tuple[str, ...]]):
    """The keys by which a provider's reports are known to be its own: base64 of DER."""

    default_error_messages = {"invalid": "Not a verification key as SendGrid shows it."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in str(value).split(","))
        try:
            Signatures(keys)
        except UnusableKey:
            raise self.make_error("invalid") from None
        return keys


@dataclass(frozen=True, kw_only=True)
class MailerSettings:
    """Which mailer it is."""

    mail_transport: str = setting(
        fields.String(validate=validate.OneOf(("mailbox", "sendgrid", "smtp"))),
        "Set it to sendgrid or smtp, or to mailbox, which keeps each mail as a file",
    )


@dataclass(frozen=True, kw_only=True)
class MailboxSettings:
    """Where mails are kept instead of being sent."""

    mailbox_directory: str = setting(
        fields.String(), "Set it to the directory that mails are kept in"
    )


@dataclass(frozen=True, kw_only=True)
class SendGridSettings:
    """Where SendGrid is, and the key that lets us send."""

    sendgrid_api_key: str = setting(
        # Anything else could not stand in a header, or is no key of theirs.
        fields.String(validate=validate.Regexp(r"SG\.[A-Za-z0-9_.-]+\Z", error="Not a key.")),
        "Set it to an API key that has the permission Mail Send; it begins with SG",
        secret=True,
    )
    sendgrid_host: str = setting(
        SafeOrigin(load_default="https://api.sendgrid.com"),
        "Set it to https://api.sendgrid.com, or https://api.eu.sendgrid.com for an EU account",
    )


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """Where the SMTP server is, and how it knows us."""

    smtp_host: str = setting(fields.String(), "Set it to the name of the server that takes mail")
    smtp_port: int = setting(
        fields.Integer(load_default=587, validate=validate.Range(1, 65535)),
        "Set it to the port for submission, like 587, or 465 for SMTP_SECURITY=tls",
    )
    smtp_security: str = setting(
        fields.String(
            load_default="starttls", validate=validate.OneOf(("starttls", "tls", "none"))
        ),
        "Set it to starttls or tls",
    )
    smtp_user: str = setting(
        fields.String(load_default="", validate=_ASCII),
        "Set it to the user that the server knows us by",
    )
    smtp_password: str = setting(
        fields.String(load_default="", validate=_ASCII),
        "Set it to the password of SMTP_USER",
        secret=True,
    )

    def __post_init__(self) -> None:
        """Refuse what goes ill together. Raises ConfigurationError."""
        lines = []
        if self.smtp_security == "none" and not _is_this_machine(self.smtp_host):
            lines.append("SMTP_SECURITY: Mail would be read on its way. Set it to starttls or tls.")
        if self.smtp_user and not self.smtp_password:
            lines.append("SMTP_PASSWORD: Missing. Set it to the password of SMTP_USER.")
        if lines:
            raise ConfigurationError(lines)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
