"""Yardstick: a Celery task for each mail, which builds and sends it with SendGrid's own client."""

import os

from celery import Celery
from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Mail

app = Celery("one_by_one", broker=os.environ.get("CELERY_BROKER", "memory://"))
app.conf.task_ignore_result = True
app.conf.task_acks_late = True


@app.task  # type: ignore[untyped-decorator, unused-ignore]
def send(number: int) -> None:
    """Send one invitation."""
    mail = Mail(
        from_email="webinars@example.org",
        to_emails=f"p{number}@example.org",
        subject="You are invited: Sleeping better",
        plain_text_content=f"Dear P{number},\n\nWhat helps.\n" * 20,
        html_content=f"<p>Dear P{number},</p><p>What helps.</p>" * 20,
    )
    client = SendGridAPIClient("SG.not-a-secret", host=os.environ["PROVIDER"])
    client.send(mail)
