"""How mail leaves is chosen by one variable, and what it needs is said by name."""

from pathlib import Path

import pytest

from notifications.mail.mailbox import Mailbox
from notifications.mail.mailers import make_mailer
from notifications.mail.sendgrid import SendGrid
from notifications.mail.settings import SendGridSettings
from notifications.mail.smtp import Smtp
from shared.config import ConfigurationError, read

SENDGRID = {"MAIL_TRANSPORT": "sendgrid", "SENDGRID_API_KEY": "SG.not-a-secret.5Zk3vq"}
SMTP = {"MAIL_TRANSPORT": "smtp", "SMTP_HOST": "mail.example.org"}
LOGIN = {"SMTP_USER": "minds", "SMTP_PASSWORD": "not-a-secret"}


def wrong(environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        make_mailer(environ)
    return caught.value.lines


def test_each_mailer_needs_its_own_settings_and_no_others(tmp_path: Path):
    mailbox = {"MAIL_TRANSPORT": "mailbox", "MAILBOX_DIRECTORY": str(tmp_path)}

    assert isinstance(make_mailer(mailbox | {"SMTP_SECURITY": "?"}), Mailbox)
    assert isinstance(make_mailer(SENDGRID | {"SMTP_PORT": "?"}), SendGrid)
    assert isinstance(make_mailer(SMTP | {"SENDGRID_API_KEY": "?"}), Smtp)
    assert isinstance(make_mailer(SMTP | LOGIN), Smtp)


@pytest.mark.parametrize(
    ("transport", "lines"),
    [
        ("", ["MAIL_TRANSPORT: Missing."]),
        ("pigeon", ["MAIL_TRANSPORT: Must be one of: mailbox, sendgrid, smtp."]),
        ("mailbox", ["MAILBOX_DIRECTORY: Missing."]),
        ("sendgrid", ["SENDGRID_API_KEY: Missing."]),
        ("smtp", ["SMTP_HOST: Missing."]),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(transport: str, lines: list[str]):
    said = wrong({"MAIL_TRANSPORT": transport})

    assert [line.partition(" Set it to ")[0] for line in said] == lines
    assert all(" Set it to " in line for line in said)


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        (SENDGRID | {"SENDGRID_API_KEY": "hunter2"}, "SENDGRID_API_KEY: Not a key."),
        (SENDGRID | {"SENDGRID_API_KEY": "SG.a\r\nBcc: x"}, "SENDGRID_API_KEY: Not a key."),
        (SENDGRID | {"SENDGRID_HOST": "http://api.example.org"}, "SENDGRID_HOST: Not an https://"),
        (SENDGRID | {"SENDGRID_HOST": "api.sendgrid.com"}, "SENDGRID_HOST: Not a web address"),
        (SENDGRID | {"SENDGRID_HOST": "https://api.sendgrid.com/v3"}, "SENDGRID_HOST: Not a web"),
        (SMTP | {"SMTP_PORT": "0"}, "SMTP_PORT: "),
        (SMTP | {"SMTP_PORT": "smtp"}, "SMTP_PORT: "),
        (SMTP | {"SMTP_SECURITY": "ssl"}, "SMTP_SECURITY: Must be one of: starttls, tls, none."),
        (SMTP | {"SMTP_SECURITY": "none"}, "SMTP_SECURITY: Mail would be read on its way."),
        (SMTP | {"SMTP_USER": "minds"}, "SMTP_PASSWORD: Missing."),
        (SMTP | LOGIN | {"SMTP_PASSWORD": "hunter2£"}, "SMTP_PASSWORD: Not ASCII."),
    ],
)
def test_what_is_wrong_is_named_and_not_repeated(environ: dict[str, str], says: str):
    (line,) = wrong(environ)

    assert line.startswith(says)
    assert "hunter2" not in line
    assert "Bcc" not in line


@pytest.mark.parametrize("host", ["http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]"])
def test_only_this_machine_may_be_spoken_to_in_clear(host: str):
    bare = host.partition("//")[2].partition(":4010")[0].strip("[]")

    make_mailer(SENDGRID | {"SENDGRID_HOST": host})
    make_mailer(SMTP | {"SMTP_SECURITY": "none", "SMTP_HOST": bare})


def test_secrets_are_not_shown():
    assert "not-a-secret" not in repr(read(SendGridSettings, SENDGRID))
