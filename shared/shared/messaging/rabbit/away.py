"""What is wrong with the broker, in words that an operator can act on."""

from collections.abc import Iterator

import amqp.exceptions
import pika.exceptions

from shared.outages import Outage

_UNREACHABLE = "BROKER_URL: the broker does not answer. Is it running?"
_ACCESS = (
    "BROKER_URL: the broker refuses this user or password. Has `topology` run since they changed?"
)
_MISSING = "The broker lacks an exchange or queue that is needed. Run the service's `topology`."
_FORBIDDEN = "The broker forbids this user what it needs. Run the service's `topology`."
_AUTHENTICATION = (
    pika.exceptions.AuthenticationError,
    pika.exceptions.ProbableAuthenticationError,
    pika.exceptions.ProbableAccessDeniedError,
)
_NOT_FOUND, _REFUSED, _NOT_ALLOWED = 404, 403, 530


class BrokerAway(Outage):
    """The broker takes or gives nothing at present; all there is to do is to try again."""


def because(error: BaseException | None) -> BrokerAway:
    """Return *error* in plain words."""
    for link in _chain(error):
        if isinstance(link, _AUTHENTICATION):
            # pika takes a line that is lost at that moment for an answer.
            return BrokerAway(_UNREACHABLE if "StreamLostError" in str(link) else _ACCESS)
        code = getattr(link, "reply_code", None)
        # A queue that is deleted while it is read cancels its readers.
        if code == _NOT_FOUND or isinstance(link, amqp.exceptions.ConsumerCancelled):
            return BrokerAway(_MISSING)
        if code == _NOT_ALLOWED:  # no such virtual host, or not for this user
            return BrokerAway(_ACCESS)
        if code == _REFUSED:
            # While a connection opens there is no method yet that could be forbidden.
            opening = isinstance(link, amqp.exceptions.AccessRefused) and not link.method_name
            return BrokerAway(_ACCESS if opening else _FORBIDDEN)
    return BrokerAway(_UNREACHABLE)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error*, what it wraps and what caused it: pika nests them in several ways."""
    if error is None:
        return
    yield error
    for inner in (*getattr(error, "exceptions", ()), *error.args, error.__cause__):
        if isinstance(inner, BaseException):
            yield from _chain(inner)
