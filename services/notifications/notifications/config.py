"""What notifications is told by its environment."""

from dataclasses import dataclass

from marshmallow import fields

from notifications.mail.settings import MailerSettings, VerificationKeys
from shared.config import WebSettings, setting


@dataclass(frozen=True, kw_only=True)
class NotificationsSettings(MailerSettings, WebSettings):
    """The settings of every service, and how mail leaves."""

    mail_from: str = setting(
        fields.Email(), "Set it to the address that mail comes from, like hello@example.org"
    )
    sendgrid_webhook_keys: tuple[str, ...] = setting(
        VerificationKeys(load_default=()),
        "Set it to the verification key of your event webhook; to change keys, both, with a comma",
    )
