"""SMTP: any mail server that takes submissions (RFC 5321, RFC 6409)."""

from notifications.mail.smtp.adapter import Smtp

__all__ = ["Smtp"]
