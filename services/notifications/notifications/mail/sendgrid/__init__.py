"""SendGrid: its own package builds what is asked of it, urllib3 posts it."""

from notifications.mail.sendgrid.adapter import SendGrid

__all__ = ["SendGrid"]
