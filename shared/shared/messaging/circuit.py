"""The circuit of a loop: what fails again and again is tried only now and then."""

import structlog
from prometheus_client import Gauge

from shared.messaging.troubles import Report
from shared.messaging.worker import describe
from shared.outages import Outage, is_outage

_log = structlog.get_logger(__name__)
_open = Gauge("coproduce_circuit_open", "1 while a loop only tries now and then", ["loop"])
_FAILURES = 5  # in a row, before the circuit opens
_PROBE = 10.0  # seconds between tries while it is open
_REMINDER = 6  # probes: a line a minute


class Circuit:
    """Open after five failures in a row: then one try in ten seconds, and one line a minute.

    While it is open, and only then, the *report* says so.
    """

    def __init__(self, loop: str, report: Report | None = None) -> None:
        self._loop = loop
        self._report = report
        self._failures = 0
        _open.labels(loop).set(0)

    def succeeded(self) -> None:
        """Close: all is well."""
        if self._failures:
            _log.info("loop.recovered", loop=self._loop, failures=self._failures)
            _open.labels(self._loop).set(0)
        if self._report and self._failures >= _FAILURES:
            self._report.take_back()
        self._failures = 0

    def failed(self, error: Exception) -> float:
        """Return how many seconds to wait before the next try."""
        beyond = self._failures - _FAILURES + 1
        self._failures += 1
        if self._failures == 1:
            _log.warning("loop.failed", loop=self._loop, reason=_reason(error))
        if beyond >= 0 and beyond % _REMINDER == 0:
            _open.labels(self._loop).set(1)
            _log.error("circuit.open", loop=self._loop, reason=_reason(error))
        if self._report and beyond >= 0:
            self._report.tell(_reason(error))
        return _PROBE if beyond >= 0 else min(0.2 * 2**self._failures, _PROBE)


def _reason(error: Exception) -> str:
    if isinstance(error, Outage):
        return str(error)
    where = describe(error)
    return f"the database does not answer: {where}" if is_outage(error) else where
