"""The internal feed: every position once, for those who have the token."""

import threading

import pytest
from flask.testing import FlaskClient

from shared.contracts import Envelope
from shared.messaging import Relay, feed
from shared.messaging.feed import PAGE
from tests.integration.conftest import NewDatabase
from tests.support.history import TOKEN, an_app, let_settle, publish_long_ago
from tests.support.house import House

WRITERS, EACH = 8, 10
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def house(new_database: NewDatabase) -> House:
    return House(new_database)


@pytest.fixture
def client(house: House) -> FlaskClient:
    return an_app(house.publisher).test_client()


def test_a_reader_sees_every_position_once_while_many_write(house: House):
    seen: list[int] = []
    done = threading.Event()

    def relay_on() -> None:
        while not done.is_set():
            house.relay.run_once()
            let_settle(house.publisher)

    def read_on() -> None:
        while not done.is_set():
            with house.publisher.reading() as session:
                found = feed.page(session, after=seen[-1] if seen else 0)
            seen.extend(outgoing.position for outgoing in found)
            if len(seen) >= WRITERS * EACH:
                done.set()

    others = [threading.Thread(target=relay_on), threading.Thread(target=read_on)]
    writers = [
        threading.Thread(target=house.change, args=(house.thing(),), kwargs={"times": EACH})
        for _ in range(WRITERS)
    ]
    for thread in [*others, *writers]:
        thread.start()
    in_time = done.wait(120)
    done.set()
    for thread in [*others, *writers]:
        thread.join()

    assert in_time
    assert seen == list(range(1, WRITERS * EACH + 1))


def test_what_is_not_settled_yet_is_not_shown_nor_what_comes_after_it(house: House):
    house.change(house.thing(), times=3)
    house.relay.run_once()
    with house.publisher.reading() as session:
        assert feed.page(session, after=0) == []

    let_settle(house.publisher)
    house.change(house.thing(), times=2)
    house.relay.run_once()
    with house.publisher.reading() as session:
        assert [outgoing.position for outgoing in feed.page(session, after=1)] == [2, 3]


def test_pages_follow_each_other_to_the_end(house: House, client: FlaskClient):
    publish_long_ago(house.publisher, PAGE + 1)

    lengths, after = [], 0
    while page := client.get(f"/internal/registration/events?after={after}", headers=BEARER).json:
        lengths.append(len(page))
        after = int(page[-1]["sequence"])

    assert lengths == [PAGE, 1]


def test_an_event_looks_as_it_did_on_its_way(house: House, client: FlaskClient):
    house.change(house.thing())
    sent: list[bytes] = []

    class Noting:
        def deliver(self, batch):
            sent.extend(outgoing.body for outgoing in batch)
            return house.transport.deliver(batch)

    Relay(house.publisher, Noting()).run_once()
    let_settle(house.publisher)

    answer = client.get("/internal/registration/events", headers=BEARER)
    assert answer.content_type == "application/cloudevents-batch+json"
    assert answer.data == b"[" + sent[0] + b"]"
    assert Envelope.from_bytes(sent[0]).sequence == "1".zfill(20)
