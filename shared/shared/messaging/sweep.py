"""The sweep: now and then, whatever a queue has lost is fetched from its publisher's history."""

import json
from collections.abc import Collection, Sequence

import structlog
import urllib3
from sqlalchemy import select
from sqlalchemy.orm import Session
from urllib3.util import Timeout

from shared.contracts import Envelope, UnreadableMessage
from shared.db import Database
from shared.messaging.inbox import accept
from shared.messaging.models import FeedPosition, ReceivedEvent
from shared.outages import Outage

PAUSE = 300.0  # seconds between sweeps
_TIMEOUT = Timeout(connect=5, read=30)
_log = structlog.get_logger(__name__)


class FeedAway(Outage):
    """A publisher's history cannot be read at present."""


class Sweep:
    """Reads one publisher's history for one service, from where it last ended."""

    def __init__(
        self, database: Database, publisher: str, *, base: str, token: str, types: Collection[str]
    ) -> None:
        """Look for events of *types*; *base* is the address of the publisher's own port."""
        self._database = database
        self._publisher = publisher
        self._url = f"{base}/internal/{publisher}/events"
        self._types = types
        headers = {"Authorization": f"Bearer {token}"}
        self._http = urllib3.PoolManager(headers=headers, timeout=_TIMEOUT, retries=False)

    def run_once(self) -> int:
        """Return how many events were compared: 0 at the end of the history. Raises FeedAway."""
        with self._database.reading() as session:
            reached = session.get(FeedPosition, self._publisher)
        page = self._fetch(reached.position if reached else 0)
        if page:
            with self._database.transaction("sweep") as session:
                self._take_in(session, page)
        return len(page)

    def _fetch(self, after: int) -> list[Envelope]:
        try:
            answer = self._http.request("GET", self._url, fields={"after": str(after)})
        except urllib3.exceptions.HTTPError as error:
            raise FeedAway(f"FEEDS: {self._publisher} does not answer. Is it running?") from error
        if answer.status == 401:
            raise FeedAway(f"FEED_TOKEN: {self._publisher} has another one.")
        if answer.status != 200:
            raise FeedAway(f"FEEDS: {self._publisher} answers {answer.status}.")
        try:
            return [Envelope.from_bytes(json.dumps(event).encode()) for event in answer.json()]
        except (ValueError, TypeError, UnreadableMessage) as error:
            raise FeedAway(f"FEEDS: {self._publisher} answers with no history.") from error

    def _take_in(self, session: Session, page: Sequence[Envelope]) -> None:
        wanted = [envelope for envelope in page if envelope.type in self._types]
        known = _known(session, wanted)
        missing = [envelope for envelope in wanted if str(envelope.id) not in known]
        if missing:
            _log.warning("sweep.missing", publisher=self._publisher, events=len(missing))
        accept(session, [envelope.to_bytes() for envelope in missing])
        session.merge(FeedPosition(publisher=self._publisher, position=int(page[-1].sequence)))


def _known(session: Session, envelopes: Sequence[Envelope]) -> set[str]:
    ids = [str(envelope.id) for envelope in envelopes]
    sources = {envelope.source for envelope in envelopes}
    return set(
        session.scalars(
            select(ReceivedEvent.event_id)
            .where(ReceivedEvent.source.in_(sources))
            .where(ReceivedEvent.event_id.in_(ids))
        )
    )
