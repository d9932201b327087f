"""The adapter for SMTP: one mail after the other, over a connection that is kept."""

import re
import smtplib
import ssl
from collections.abc import Sequence

import structlog

from notifications.mail import Accepted, Later, Mail, Outcome, Refused, Rejected, Unknown
from notifications.mail.handover import Handover
from notifications.mail.mime import composed
from notifications.mail.settings import SmtpSettings
from notifications.mail.smtp import replies
from notifications.mail.smtp.connection import PATIENCE, KeptOut, connect

LAST_PATIENCE = 30.0  # seconds for the last answer, which may have to await a virus scanner
_LONGEST = 40.0  # seconds, after which `send` begins no mail
_log = structlog.get_logger(__name__)


class Smtp:
    """Hands mails to a mail server; for one thread at a time."""

    idempotent = False

    def __init__(
        self,
        settings: SmtpSettings,
        tls: ssl.SSLContext | None = None,
        *,
        last_patience: float = LAST_PATIENCE,
    ) -> None:
        self._server: smtplib.SMTP | None = None
        self._settings = settings
        self._tls = tls or ssl.create_default_context()
        self._last_patience = last_patience

    def __del__(self) -> None:
        """Let go of the connection."""
        self._drop()

    def send(self, mails: Sequence[Mail]) -> list[Outcome]:
        """Return what became of each of *mails*, in order, within two minutes.

        When the server lets nobody in or goes away, what was not begun yet is not begun.
        """
        self._keep_if_it_answers("NOOP")
        handover = Handover(_LONGEST)
        return [handover.stopped or self._hand_over(handover, mail) for mail in mails]

    def _hand_over(self, handover: Handover, mail: Mail) -> Outcome:
        message = composed(mail)
        if isinstance(message, Rejected):
            return message
        outcome = self._outcome(mail, message)
        if not isinstance(outcome, Accepted):
            self._keep_if_it_answers("RSET")
        if isinstance(outcome, Refused):
            handover.stop(outcome)
        elif self._server is None:
            handover.stop(Later())
        return outcome

    def _outcome(self, mail: Mail, message: bytes) -> Outcome:
        try:
            server = self._server = self._server or connect(self._settings, self._tls)
            outcome = _introduce(server, mail)
            if outcome:
                return outcome
            server.send(_dotted(message))
        except KeptOut as error:
            return Refused(str(error))
        except (OSError, UnicodeError) as error:  # the latter for a host that cannot be looked up
            # What was not written to its end, full stop included, nobody can have taken.
            _log.warning("smtp.away", error=type(error).__name__)
            self._drop()
            return Later()
        return self._answer(server, mail)

    def _answer(self, server: smtplib.SMTP, mail: Mail) -> Outcome:
        """Return what the server says of *mail*, now that it has all of it."""
        try:
            _wait_at_most(server, self._last_patience)
            code, text = server.getreply()
            _wait_at_most(server, PATIENCE)
        except OSError as error:
            _log.warning("smtp.no_answer", error=type(error).__name__)
            self._drop()
            return Unknown()
        if 200 <= code < 300:
            return Accepted()
        return replies.of_the_mail(code, text, mail) if 400 <= code < 600 else Unknown()

    def _keep_if_it_answers(self, command: str) -> None:
        try:
            if self._server and self._server.docmd(command)[0] == 250:
                return
        except OSError:
            pass  # it has gone meanwhile
        self._drop()

    def _drop(self) -> None:
        if self._server:
            self._server.close()
            self._server = None


def _introduce(server: smtplib.SMTP, mail: Mail) -> Outcome | None:
    """Return None when *server* waits for the message, else what becomes of *mail*."""
    code, text = server.mail(mail.sender_address)
    if code != 250:
        return replies.of_the_sender(code, text, mail)
    code, text = server.rcpt(mail.address)
    if code not in (250, 251):
        return replies.of_the_mail(code, text, mail)
    code, text = server.docmd("DATA")
    return None if code == 354 else replies.of_the_mail(code, text, mail)


def _wait_at_most(server: smtplib.SMTP, seconds: float) -> None:
    if server.sock:
        server.sock.settimeout(seconds)


def _dotted(message: bytes) -> bytes:
    """Return *message* as DATA wants it, with its full stop (RFC 5321, 4.5.2)."""
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"
