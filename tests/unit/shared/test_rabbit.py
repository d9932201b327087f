"""What of the way through RabbitMQ needs no broker to be seen."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from shared.messaging import Outgoing
from shared.messaging.rabbit.batch import Batch
from shared.messaging.rabbit.management import Management
from shared.messaging.rabbit.topology import topology


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


def test_the_late_answer_to_a_batch_that_was_given_up_does_not_end_the_next():
    batch = Batch()
    batch.settle(7, multiple=True, taken=True)
    assert not batch.ended.is_set()

    batch.pending = {8: Outgoing(position=1, id="a", type="t", body=b"")}
    batch.settle(7, multiple=False, taken=True)
    assert not batch.ended.is_set()
    batch.settle(8, multiple=False, taken=True)

    assert batch.ended.is_set()
    assert (batch.confirmed, batch.refused) == ({1}, set())
