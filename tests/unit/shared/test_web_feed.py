"""Who may ask for a service's history, and what a position is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared.db import Database
from shared.messaging.models import Instance
from shared.messaging.models import metadata as messaging
from tests.support.history import TOKEN, an_app

BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    database = Database(f"sqlite:///{tmp_path}/publisher.db")
    messaging.create_all(database.engine)
    with database.transaction("test") as session:
        session.add(Instance(id=1, source="urn:coproduce:test:registration"))
    yield an_app(database).test_client()
    database.dispose()


@pytest.mark.parametrize(
    "stated", [None, "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}"]
)
def test_nobody_reads_it_without_the_token(client: FlaskClient, stated: str | None):
    headers = {"Authorization": stated} if stated else {}
    answer = client.get("/internal/registration/events", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("after", ["", "-1", "1.5", "x", "0x1", "1 ", "٣", "9" * 19, "0" * 10_000])
def test_a_position_that_is_none_is_refused_in_words(client: FlaskClient, after: str):
    answer = client.get(
        "/internal/registration/events", query_string={"after": after}, headers=BEARER
    )

    assert answer.status_code == 400
    assert answer.get_json()["detail"].startswith("after: ")


def test_the_largest_position_is_past_the_end(client: FlaskClient):
    answer = client.get(f"/internal/registration/events?after={'9' * 18}", headers=BEARER)
    assert answer.json == []
