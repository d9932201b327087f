"""What notifications is told by its environment."""

from dataclasses import dataclass

from marshmallow import fields, validate

from shared.config import WebSettings, setting


@dataclass(frozen=True, kw_only=True)
class NotificationsSettings(WebSettings):
    """The settings of every service, and how mail leaves."""

    mail_transport: str = setting(
        fields.String(validate=validate.OneOf(("mailbox",))),
        "Set it to mailbox, which keeps each mail as a file",
    )
    mailbox_directory: str = setting(
        fields.String(), "Set it to the directory that mails are kept in"
    )
    mail_from: str = setting(
        fields.Email(), "Set it to the address that mail comes from, like hello@example.org"
    )
