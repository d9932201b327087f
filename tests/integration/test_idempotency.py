"""A program that asks twice gets one effect and one answer, on either database."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, Response, abort, request
from sqlalchemy import func, select

from shared.db import Database
from shared.web import make_app, transaction
from shared.web.idempotency import Answer, forget_old_answers, keyed_request, once
from shared.web.limits import Window, hit
from shared.web.models import idempotency, metadata, rate_limit
from shared.web.openapi import Blueprint, make_api
from tests.support.waiting import wait_for
from tests.support.web import Clock, some_settings


class Shop:
    """An API with one route that leaves a countable effect, and may be held while it works."""

    def __init__(self, database: Database) -> None:
        metadata.create_all(database.engine)
        self.database = database
        self.working, self.go_on = Event(), Event()
        self.go_on.set()
        self.app = make_app("shop", settings=some_settings(), database=database)
        self._give_routes(self.app)

    def _give_routes(self, app: Flask) -> None:
        api = make_api(app, title="Shop", version="1")
        blueprint = Blueprint("shop", __name__, url_prefix="/v1/shops")
        blueprint.post("/<shop>/orders")(self._order)
        blueprint.post("/<shop>/returns")(self._order)
        api.register_blueprint(blueprint)

    def _order(self, shop: str) -> Response:
        body: dict[str, Any] = request.get_json()
        keyed = keyed_request(body)
        with transaction("order") as session:

            def work() -> Answer:
                hit(session, Window(bucket="orders", limit=1000, per=timedelta(days=1)))
                self.working.set()
                self.go_on.wait(10)
                if body.get("wrong"):
                    abort(422)
                return Answer(202, json.dumps({"shop": shop}))

            answer = once(session, keyed, work)
        return Response(answer.body, answer.status, content_type="application/json")

    def order(self, body: Any = None, *, key: str | None, path: str = "a/orders") -> Any:
        headers = {} if key is None else {"Idempotency-Key": key}
        url = f"/v1/shops/{path}"
        return self.app.test_client().post(url, json=body or {"name": "Jo"}, headers=headers)

    def count(self, column: Any) -> int:
        with self.database.reading() as session:
            return session.scalar(select(column)) or 0

    @property
    def effects(self) -> int:
        return self.count(func.sum(rate_limit.c.hits))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(new_database: Callable[[], Database], clock: Clock) -> Iterator[Shop]:
    url = new_database().engine.url.render_as_string(hide_password=False)
    database = Database(url, clock=clock)
    yield Shop(database)
    database.dispose()


def test_the_same_request_again_gets_the_same_answer_without_effect(shop: Shop) -> None:
    key = str(uuid4())
    first, second = shop.order(key=key), shop.order(key=key)

    assert (first.status_code, first.json) == (second.status_code, second.json)
    assert first.json == {"shop": "a"}
    assert shop.effects == 1


def test_without_a_key_every_request_is_new(shop: Shop) -> None:
    shop.order(key=None)
    shop.order(key=None)

    assert shop.effects == 2
    assert shop.count(func.count(idempotency.c.key)) == 0


@pytest.mark.parametrize(
    ("body", "path"), [({"name": "Al"}, "a/orders"), ({"name": "Jo"}, "b/orders")]
)
def test_a_key_is_for_one_request_only(shop: Shop, body: Any, path: str) -> None:
    shop.order({"name": "Jo"}, key="k")
    answer = shop.order(body, key="k", path=path)

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert "Use a new key" in answer.json["detail"]
    assert shop.effects == 1


def test_the_order_of_fields_does_not_matter(shop: Shop) -> None:
    first = shop.order({"a": 1, "b": 2}, key="k")
    second = shop.order({"b": 2, "a": 1}, key="k")

    assert first.status_code == second.status_code == 202


def test_routes_do_not_share_keys(shop: Shop) -> None:
    shop.order(key="k")
    shop.order(key="k", path="a/returns")

    assert shop.effects == 2


def test_a_refused_request_may_be_put_right_under_its_key(shop: Shop) -> None:
    assert shop.order({"wrong": True}, key="k").status_code == 422
    assert shop.effects == 0

    assert shop.order({"wrong": False}, key="k").status_code == 202


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "a" * 256])
def test_a_key_that_is_none_is_refused(shop: Shop, key: str) -> None:
    answer = shop.order(key=key)

    assert answer.status_code == 400
    assert "1 to 255 visible ASCII characters" in answer.json["detail"]


def test_nothing_personal_is_stored(shop: Shop) -> None:
    shop.order({"email": "jo@example.org"}, key="jo@example.org")
    with shop.database.reading() as session:
        (row,) = session.execute(select(idempotency)).all()

    assert "jo" not in str([row.scope, row.key, row.fingerprint, row.body])
    assert len(row.key) == len(row.fingerprint) == 64


def test_after_a_day_the_key_is_new_again(shop: Shop, clock: Clock) -> None:
    shop.order(key="k")
    clock.pass_by(hours=23, minutes=59)
    shop.order(key="k")
    assert shop.effects == 1
    clock.pass_by(minutes=1)

    assert shop.order({"name": "Al"}, key="k").status_code == 202
    assert shop.effects == 2


def test_old_answers_are_forgotten(shop: Shop, clock: Clock) -> None:
    shop.order(key="old")
    clock.pass_by(hours=12)
    shop.order(key="new")
    clock.pass_by(hours=12)
    with shop.database.transaction("tidy") as session:
        assert forget_old_answers(session) == 1

    assert shop.count(func.count(idempotency.c.key)) == 1


def test_eight_at_once_have_one_effect(shop: Shop) -> None:
    together = Barrier(8)

    def order(_: int) -> int:
        together.wait()
        return int(shop.order(key="k").status_code)

    with ThreadPoolExecutor(8) as pool:
        statuses = set(pool.map(order, range(8)))

    assert 202 in statuses
    assert statuses <= {202, 409}
    assert shop.effects == 1
    assert shop.order(key="k").status_code == 202


def test_while_one_is_worked_on_the_other_is_asked_to_come_back(shop: Shop) -> None:
    """SQLite has one writer at a time: there the second waits, and gets the first's answer."""
    shop.go_on.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shop.order, key="k")
        wait_for(shop.working.is_set)
        second = pool.submit(shop.order, key="k")
        if shop.database.dialect == "postgresql":
            assert second.result().status_code == 409
            assert second.result().headers["Retry-After"] == "1"
            assert second.result().content_type == "application/problem+json"
        shop.go_on.set()

        assert first.result().status_code == 202
        if shop.database.dialect == "sqlite":
            assert second.result().json == first.result().json
    assert shop.effects == 1
