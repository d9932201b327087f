"""SMTP, with a real mail server: what it says of a mail, and what it means when it goes away."""

import email
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import pytest

from notifications.mail import Accepted, Later, Outcome, Refused, Rejected, Unknown
from notifications.mail.settings import SmtpSettings
from notifications.mail.smtp import Smtp
from shared.config import read
from tests.support.logs import everything_logged
from tests.support.mailserver import (
    DROP,
    HANG,
    MESSAGE,
    PASSWORD,
    USER,
    Certificate,
    MailServer,
)
from tests.support.ports import free_port
from tests.support.writing import a_mail

GREYLISTED = "451 4.7.1 Greylisted, come again"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def settings(port: int, **changes: str) -> SmtpSettings:
    plain = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "SMTP_SECURITY": "none"}
    return read(SmtpSettings, plain | changes)


def mailer(server: MailServer, **changes: str) -> Smtp:
    return Smtp(settings(server.port, **changes))


# ------------------------------------------------------------------------------ in peace


def test_a_mail_is_handed_over_as_it_was_composed(server: MailServer):
    mail = a_mail(text=".\n..\n. Dear Zoë,\nFrom here on.\n.\n")

    assert mailer(server).send([mail]) == [Accepted()]
    (handed,) = server.handed
    assert (handed.sender, handed.to) == ("webinars@example.org", ["jo@example.org"])
    message = email.message_from_bytes(handed.message, policy=default)
    assert not message.defects
    assert message["Message-ID"] == f"<{mail.id}@example.org>"
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert (text, html.strip()) == (mail.text, mail.html)


def test_a_connection_is_used_again(server: MailServer):
    sends = mailer(server)

    assert sends.send([a_mail(), a_mail()]) == [Accepted()] * 2
    assert sends.send([a_mail()]) == [Accepted()]
    assert server.connections == 1


def test_a_connection_that_was_closed_while_it_rested_is_opened_again(server: MailServer):
    sends = mailer(server)
    sends.send([a_mail()])
    server.reply_first("NOOP", DROP)

    assert sends.send([a_mail()]) == [Accepted()]
    server.reply_first("NOOP", "421 4.4.2 Good bye")
    assert sends.send([a_mail()]) == [Accepted()]
    assert server.connections == 3


def test_a_mail_that_cannot_be_composed_holds_up_no_other(server: MailServer):
    outcomes = mailer(server).send([a_mail(address="no address"), a_mail()])

    assert [type(outcome) for outcome in outcomes] == [Rejected, Accepted]


# ----------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", MESSAGE])
def test_what_is_refused_for_now_is_taken_the_next_time(server: MailServer, phase: str):
    sends = mailer(server)
    mail = a_mail()
    server.reply_first(phase, GREYLISTED)

    assert sends.send([mail, a_mail()]) == [Later(), Accepted()]
    assert sends.send([mail]) == [Accepted()]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("phase", "reply", "reason"),
    [
        ("MAIL", "552 5.3.4 Too large", "552 5.3.4 Too large"),
        ("RCPT", "550 <jo@example.org>: no user Jo", "550 <[address]>: no user [address]"),
        ("DATA", "554 5.7.1 No", "554 5.7.1 No"),
        (MESSAGE, "554 5.6.0 Spam", "554 5.6.0 Spam"),
        (MESSAGE, "550-5.7.1 Your\r\n550 5.7.1 mail", "550 5.7.1 Your 5.7.1 mail"),
    ],
)  # fmt: skip
def test_what_is_refused_for_good_is_rejected_with_the_reason(
    server: MailServer, phase: str, reply: str, reason: str
):
    server.reply_first(phase, reply)

    assert mailer(server).send([a_mail(), a_mail()]) == [Rejected(reason), Accepted()]
    assert server.connections == 1


@pytest.mark.parametrize(
    ("phase", "reply", "names"),
    [
        ("MAIL", "553 5.7.1 not yours", "MAIL_FROM: the mail server does not let us send from"),
        ("RCPT", "553 <webinars@example.org>: not owned by user", "MAIL_FROM: "),
        ("MAIL", "530 5.7.0 Authentication required", "SMTP_USER: the mail server takes no mail"),
        ("RCPT", "554 5.7.1 <jo@example.org>: Relay access denied", "SMTP_USER: "),
    ],
)
def test_what_an_operator_must_put_right_is_named(
    server: MailServer, phase: str, reply: str, names: str
):
    server.reply_first(phase, reply)
    outcomes = mailer(server).send([a_mail(), a_mail(address="sam@example.org")])

    assert isinstance(outcomes[0], Refused)
    assert outcomes[0].remedy.startswith(names)
    assert "@" not in outcomes[0].remedy
    assert outcomes[1] == outcomes[0]
    assert not server.handed


# -------------------------------------------------------------------- when it goes away


@pytest.mark.parametrize("phase", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_what_is_lost_before_the_message_was_not_taken(server: MailServer, phase: str):
    sends = mailer(server)
    server.reply_first(phase, DROP)

    assert sends.send([a_mail(), a_mail()]) == [Later(), Later()]
    assert not server.handed
    assert sends.send([a_mail()]) == [Accepted()]


@pytest.mark.parametrize(("reply", "taken"), [(DROP, 1), (HANG, 0), ("nonsense", 0)])
def test_without_a_last_answer_nobody_knows(server: MailServer, reply: str, taken: int):
    sends = Smtp(settings(server.port), last_patience=0.5)
    server.reply_first(MESSAGE, reply)
    outcomes = sends.send([a_mail()])

    assert outcomes == [Unknown()]
    assert len(server.handed) == taken
    assert sends.send([a_mail()]) == [Accepted()]


def test_after_a_loss_nothing_else_is_begun(server: MailServer):
    server.reply_first(MESSAGE, DROP)

    assert mailer(server).send([a_mail() for _ in range(3)]) == [Unknown(), Later(), Later()]
    assert len(server.handed) == 1


def test_a_server_that_says_good_bye_is_believed(server: MailServer):
    server.reply_first("RCPT", "421 4.3.2 Shutting down")
    server.reply_first("RSET", DROP)

    assert mailer(server).send([a_mail(), a_mail()]) == [Later(), Later()]


def test_what_was_not_written_to_its_end_was_not_taken(server: MailServer):
    large = a_mail(html="x" * 20_000_000)  # more than any buffer on the way holds
    server.reply_first("DATA", "354 Go on" + DROP)

    assert mailer(server).send([large]) == [Later()]
    assert not server.handed


def test_a_server_that_is_not_there_has_taken_nothing():
    assert Smtp(settings(free_port())).send([a_mail(), a_mail()]) == [Later()] * 2
    for host in ("mail.invalid", "mail..example.org"):
        nowhere = settings(25, SMTP_SECURITY="starttls", SMTP_HOST=host)
        assert Smtp(nowhere).send([a_mail()]) == [Later()]


# -------------------------------------------------------------------- secured and known


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path)


def known(**changes: str) -> dict[str, str]:
    return {"SMTP_USER": USER, "SMTP_PASSWORD": PASSWORD} | changes


@pytest.mark.parametrize(
    ("security", "context"), [("starttls", "tls_context"), ("tls", "ssl_context")]
)
def test_a_mail_goes_by_tls_and_under_a_name(certificate: Certificate, security: str, context: str):
    # aiosmtpd does not see that what came by TLS from the first is secure.
    told = {"require_starttls": security == "starttls", "auth_require_tls": security != "tls"}
    with MailServer(**{context: certificate.of_the_server()}, **told) as server:
        by_tls = settings(server.port, SMTP_SECURITY=security, **known())

        assert Smtp(by_tls, certificate.trusted()).send([a_mail()]) == [Accepted()]
        assert [handed.logged_in for handed in server.handed] == [True]


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(certificate: Certificate):
    with MailServer(tls_context=certificate.of_the_server()) as server:
        by_tls = settings(server.port, SMTP_SECURITY="starttls", **known())

        assert Smtp(by_tls).send([a_mail()]) == [Later()]
        assert not server.handed


def test_a_mail_never_goes_unsecured_because_the_server_would_have_it_so(server: MailServer):
    (refused,) = mailer(server, SMTP_SECURITY="starttls").send([a_mail()])

    assert isinstance(refused, Refused)
    assert refused.remedy.startswith("SMTP_SECURITY: the mail server has no STARTTLS.")
    assert not server.handed


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (None, Refused("SMTP_USER: the mail server does not let this user log in (535). "
                       "Set it and SMTP_PASSWORD to what the server knows.")),
        ("454 4.7.0 Ask me later", Later()),
        (DROP, Later()),
    ],
)  # fmt: skip
def test_who_may_not_log_in_hands_over_nothing(
    certificate: Certificate, reply: str | None, outcome: Outcome
):
    with MailServer(tls_context=certificate.of_the_server()) as server:
        wrong = known(SMTP_PASSWORD="wrong")
        by_tls = settings(server.port, SMTP_SECURITY="starttls", **wrong)
        if reply:
            server.reply_first("AUTH", *[reply] * 9)

        assert Smtp(by_tls, certificate.trusted()).send([a_mail(), a_mail()]) == [outcome] * 2
        assert not server.handed


def test_a_server_that_knows_nobody_is_named(server: MailServer):
    (refused,) = mailer(server, **known()).send([a_mail()])

    assert isinstance(refused, Refused)
    assert refused.remedy.startswith("SMTP_USER: the mail server does not let this user log in")


# ------------------------------------------------------------------------------ secrecy


def test_no_log_tells_password_address_or_words(
    server: MailServer, capfd: pytest.CaptureFixture[str]
):
    mail = a_mail(text="We remember.\n")
    with everything_logged(but_by="mail.") as logged:  # which is how aiosmtpd's are called
        sends = mailer(server)
        for phase, reply in [("RCPT", "550 <jo@example.org> no"), (MESSAGE, DROP), ("MAIL", DROP)]:
            server.reply_first(phase, reply)
            sends.send([mail])
        mailer(server, **known()).send([mail])

    said = logged() + capfd.readouterr().err
    assert "smtp.no_answer" in said
    assert "smtp.away" in said
    for secret in (PASSWORD, USER, "@", "remember", "place"):
        assert secret not in said
