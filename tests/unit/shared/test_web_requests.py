"""One trace, one line and one count per request; never a path, never a query."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog
from flask import Flask
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared import trace
from shared.config import WebSettings
from shared.db import Database
from shared.web import house, house_of, make_app
from shared.web.limits import by_network
from tests.support.web import an_app, some_settings

TRACEPARENT = f"00-{'a' * 32}-{'b' * 16}-01"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with an_app(tmp_path, TRUSTED_PROXIES="1") as app:
        yield app


def count(method: str, route: str, status: str) -> float:
    labels = {"service": "sample", "method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("coproduce_requests_total", labels) or 0


def test_a_request_is_one_line_with_its_template(app: Flask) -> None:
    with capture_logs() as logs:
        app.test_client().get("/context/secret?name=Jo")

    (line,) = logs
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 200)
    assert line["route"] == "/context/<token>"
    assert line["ms"] >= 0
    assert "secret" not in str(line)
    assert "Jo" not in str(line)


def test_what_leads_nowhere_is_unmatched(app: Flask) -> None:
    with capture_logs() as logs:
        app.test_client().get("/jo@example.org")

    assert logs[0]["route"] == "unmatched"


def test_probes_are_not_worth_a_line(app: Flask) -> None:
    with capture_logs() as logs:
        app.test_client().get("/healthz")

    assert [line["log_level"] for line in logs] == ["debug"]


def test_requests_are_counted_by_template(app: Flask) -> None:
    before = count("GET", "/context/<token>", "200")
    app.test_client().get("/context/one")
    app.test_client().get("/context/two")

    assert count("GET", "/context/<token>", "200") == before + 2


def test_made_up_methods_make_no_new_series(app: Flask) -> None:
    before = count("other", "unmatched", "405")
    for method in ("BREW", "MELT"):
        app.test_client().open("/where", method=method)

    assert count("other", "unmatched", "405") == before + 2


def test_a_trace_goes_on_from_the_caller(app: Flask) -> None:
    client = app.test_client()
    answers = [client.get("/context/a", headers={"traceparent": TRACEPARENT}) for _ in "ab"]
    said = [json.loads(answer.data) for answer in answers]

    assert [one["traceparent"] for one in said] == [TRACEPARENT, TRACEPARENT]
    assert said[0]["correlationid"] != said[1]["correlationid"]
    assert said[0]["service"] == "sample"


def test_a_trace_that_makes_no_sense_is_begun_anew(app: Flask) -> None:
    answer = app.test_client().get("/context/a", headers={"traceparent": "jo@example.org"})

    assert answer.json is not None
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-01", answer.json["traceparent"])


def test_the_trace_ends_with_its_request(app: Flask) -> None:
    app.test_client().get("/context/a", headers={"traceparent": TRACEPARENT})

    assert trace.current().traceparent != TRACEPARENT
    assert structlog.contextvars.get_contextvars() == {}


def test_only_the_proxies_we_know_are_believed(app: Flask) -> None:
    headers = {
        "X-Forwarded-For": "198.51.100.66, 203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "elsewhere.example.net",
    }
    answer = app.test_client().get("/where", headers=headers)

    assert answer.json == {"from": "203.0.113.9", "scheme": "https", "host": "localhost"}


def test_without_proxies_nobody_is_believed(tmp_path: Path) -> None:
    with an_app(tmp_path) as app:
        answer = app.test_client().get("/where", headers={"X-Forwarded-For": "203.0.113.9"})

    assert answer.json is not None
    assert answer.json["from"] == "127.0.0.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "", True),
    ],
)
def test_a_network_is_one_ipv4_address_or_an_ipv6_64(
    app: Flask, one: str, other: str, same: bool
) -> None:
    buckets = []
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            buckets.append(by_network("register"))

    assert (buckets[0] == buckets[1]) is same
    assert re.fullmatch("register:network:[0-9a-f]{64}", buckets[0])


def test_apps_in_one_process_keep_to_themselves(tmp_path: Path) -> None:
    with ExitStack() as stack:
        apps = []
        for package in ("one", "two", "three"):
            database = Database(f"sqlite:///{tmp_path}/{package}.db")
            stack.callback(database.dispose)
            settings = some_settings(ORGANISATION=f"The {package}")
            apps.append(make_app(package, settings=settings, database=database))
        pages = [app.test_client().get("/nowhere").text for app in apps]
        databases = {str(house_of(app).database.engine.url) for app in apps}

    assert [re.findall("The (one|two|three)", page)[0] for page in pages] == ["one", "two", "three"]
    assert len(databases) == 3


def test_a_service_sees_its_own_settings_only(app: Flask) -> None:
    class OtherSettings(WebSettings):
        pass

    with app.app_context():
        assert house.settings(WebSettings) is house.settings()
        with pytest.raises(TypeError):
            house.settings(OtherSettings)
