"""The thread from a request to what its events lead to, on both databases."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import trace
from shared.contracts import Envelope, Event
from shared.messaging import publish
from shared.messaging.models import StoredEvent
from tests.integration.conftest import NewDatabase
from tests.support.house import House, Thing, a_fact


def pass_on(session: Session, _event: Event, _envelope: Envelope) -> None:
    thing = Thing()
    session.add(thing)
    publish(session, a_fact(session), about=thing)


def test_what_a_handler_publishes_tells_what_led_to_it(new_database: NewDatabase):
    house = House(new_database, pass_on)
    request = trace.beginning(None)
    with trace.following(request):
        house.change(house.thing())
    house.settle()

    (first,) = house.rows(StoredEvent)
    with house.consumer.reading() as session:
        (second,) = session.scalars(select(StoredEvent))
    assert (first.correlation_id, first.causation_id) == (request.correlationid, None)
    assert second.correlation_id == request.correlationid
    assert second.causation_id == str(first.event_id)
    assert first.traceparent == second.traceparent == request.traceparent
