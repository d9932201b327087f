"""The adapter for SendGrid: many mails a request, several requests at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

import structlog
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from notifications.mail import Accepted, Later, Mail, Outcome, Refused, Rejected, Unknown
from notifications.mail.handover import Handover
from notifications.mail.sendgrid import answers, request
from notifications.mail.sendgrid.line import THREADS, TIMEOUT, AnswerLost, Line
from notifications.mail.settings import SendGridSettings
from shared.messaging.worker import describe

_LONGEST = 45.0  # seconds, after which `send` begins no request
_log = structlog.get_logger(__name__)


class SendGrid:
    """Hands mails to SendGrid, which knows no idempotency key: what is unclear stays unclear."""

    idempotent = False

    def __init__(self, settings: SendGridSettings, timeout: Timeout = TIMEOUT) -> None:
        self._line = Line(settings, timeout)

    def send(self, mails: Sequence[Mail]) -> list[Outcome]:
        """Return what became of each of *mails*, in order, within two minutes.

        When SendGrid takes nothing, or gives no answer, what was not posted yet is not posted.
        """
        outcomes: dict[UUID, Outcome] = {}
        deliver = partial(self._deliver, Handover(_LONGEST))
        with ThreadPoolExecutor(THREADS) as pool:
            for told in pool.map(deliver, request.batches(mails)):
                outcomes |= told
        return [outcomes[mail.id] for mail in mails]

    def _deliver(self, handover: Handover, mails: Sequence[Mail]) -> dict[UUID, Outcome]:
        """Return what became of the mails of one request."""
        outcome = handover.stopped or self._ask(handover, mails)
        if isinstance(outcome, Rejected) and len(mails) > 1:
            # All are refused for the sake of one: halve, until it is by itself.
            middle = len(mails) // 2
            first, second = mails[:middle], mails[middle:]
            return self._deliver(handover, first) | self._deliver(handover, second)
        return dict.fromkeys((mail.id for mail in mails), outcome)

    def _ask(self, handover: Handover, mails: Sequence[Mail]) -> Outcome:
        outcome = self._outcome(mails)
        match outcome:
            case Later() | Refused():
                handover.stop(outcome)
            case Unknown():
                handover.stop(Later())
        return outcome

    def _outcome(self, mails: Sequence[Mail]) -> Outcome:
        try:
            body = request.body(mails)
        except Exception as error:  # one that cannot be composed must not hold up the others
            return Rejected(f"could not be composed: {describe(error)}")
        try:
            answer = self._line.post(body)
        except AnswerLost as error:
            _log.warning("sendgrid.no_answer", error=type(error.__cause__).__name__)
            return Unknown()
        except HTTPError as error:
            _log.warning("sendgrid.away", error=type(error).__name__)
            return Later()
        outcome = answers.outcome(answer, mails[0])
        if not isinstance(outcome, Accepted):
            _log.warning("sendgrid.did_not_accept", status=answer.status, mails=len(mails))
        return outcome
