"""The broker is killed under relay and consumer, and started again."""

from time import monotonic

import pytest

from shared.messaging.models import StoredEvent
from tests.faults.broker.conftest import NewPair
from tests.support.rabbitmq import RabbitMQ
from tests.support.waiting import wait_for


@pytest.mark.verify
def test_both_go_on_by_themselves_where_they_were(rabbitmq: RabbitMQ, new_pair: NewPair):
    pair = new_pair(None)
    thing = pair.thing()
    with pair.at_work():
        # The broker notes the names of its queues twice a second: one that is younger when the
        # broker is killed comes back as another, of whom nobody knows (rabbitmq-server 10070).
        made = monotonic()
        pair.change(thing, times=50)
        wait_for(lambda: len(pair.effects()) > 0 and monotonic() > made + 2, seconds=60)
        rabbitmq.kill()
        pair.change(thing, times=50)
        rabbitmq.start()
        wait_for(lambda: len(pair.effects()) >= 100, seconds=60, what="all to be handled")

    assert len(pair.effects()) == 100
    assert {row.refusals for row in pair.rows(StoredEvent)} == {0}
