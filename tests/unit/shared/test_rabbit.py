"""What of the way through RabbitMQ needs no broker to be seen."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.messaging.rabbit.away import BrokerAway
from shared.messaging.rabbit.batch import Batch
from shared.messaging.rabbit.management import Management
from shared.messaging.rabbit.topology import topology
from tests.support.messages import batch


class Administration(BaseHTTPRequestHandler):
    """A broker's management that takes everything, and notes who asked."""

    asked: list[tuple[str, str]]

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        _, _, encoded = self.headers["Authorization"].partition(" ")
        self.asked.append((self.path, base64.b64decode(encoded).decode()))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    Administration.asked = []
    server = HTTPServer(("127.0.0.1", 0), Administration)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_administrator_may_have_any_password(port: int):
    management = Management(f"http://admin:p%40ss%2Fw%3Ard@127.0.0.1:{port}", "/")

    management.apply(topology("membership", []), user="membership", password="secret")

    assert "/api/users/membership" in [path for path, _ in Administration.asked]
    assert {who for _, who in Administration.asked} == {"admin:p@ss/w:rd"}


def written(count: int, first_tag: int = 1) -> Batch:
    """Return a batch of which every event went out."""
    found = Batch(batch(count))
    for tag, outgoing in enumerate(found.events, start=first_tag):
        found.wrote(tag, outgoing)
    return found


def test_a_batch_ends_with_the_last_answer_in_whatever_order():
    three = written(3, first_tag=7)

    three.settle(8, multiple=False, taken=True)
    three.settle(7, multiple=False, taken=False)
    assert not three.ended.is_set()

    three.settle(9, multiple=False, taken=True)
    assert three.ended.is_set()
    assert three.confirmed == {2, 3}


def test_one_answer_may_be_for_all_up_to_it():
    three = written(3)

    three.settle(2, multiple=True, taken=True)
    three.settle(2, multiple=False, taken=False)
    assert three.confirmed == {1, 2}
    assert not three.ended.is_set()

    three.settle(3, multiple=True, taken=True)
    assert three.ended.is_set()


def test_late_answers_to_a_batch_that_was_given_up_do_not_end_the_next():
    unwritten, later = Batch(batch(1)), written(1, first_tag=8)

    for one in (unwritten, later):
        one.settle(7, multiple=True, taken=True)
        one.settle(6, multiple=False, taken=True)
        assert not one.ended.is_set()
        assert one.confirmed == set()


def test_a_batch_ends_without_answers_when_there_will_be_none():
    two, reason = written(2), BrokerAway("gone")

    two.fail(reason)

    assert two.ended.is_set()
    assert two.failure is reason
