"""Log lines are JSON, and tell nobody's address, link or words."""

import json
import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
import structlog
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from shared.links import LinkKeys, Links, Purpose
from shared.logging import configure

Lines = Callable[[], list[dict[str, Any]]]
log = structlog.get_logger("tests")
KEYS = LinkKeys.parse("1:" + "ab" * 32)


@pytest.fixture
def lines() -> Iterator[Lines]:
    stream = StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    configure("INFO", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.root.handlers[:], logging.root.level = handlers, level
    structlog.reset_defaults()


def test_a_fact_is_one_line_of_json(lines: Lines) -> None:
    log.info("request", route="/webinars/<slug>", status=200)

    (line,) = lines()
    assert line["event"] == "request"
    assert (line["route"], line["status"]) == ("/webinars/<slug>", 200)
    assert (line["level"], line["logger"]) == ("info", "tests")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo == UTC


def test_facts_below_the_level_are_not_written(lines: Lines) -> None:
    log.debug("detail")
    logging.getLogger("library").debug("detail")

    assert lines() == []


def test_what_libraries_log_is_json_too(lines: Lines) -> None:
    logging.getLogger("library").warning("wrote to %s", "jo@example.org")

    (line,) = lines()
    assert line["event"] == "wrote to [address]"
    assert (line["level"], line["logger"]) == ("warning", "library")


@pytest.mark.parametrize(
    "address",
    [
        "jo@example.org",
        "Jo.O'Neill+webinars@mail.example.org",
        "jo%40example.org",
        "josé@exämple.org",
    ],
)
def test_addresses_are_redacted_wherever_they_are(lines: Lines, address: str) -> None:
    log.warning("not sent", why=f"<{address}>.", to=[address], more={address: {"a": (address,)}})

    (line,) = lines()
    assert address not in json.dumps(line, ensure_ascii=False)
    assert "example" not in json.dumps(line)
    assert line["to"] == ["[address]"]


def test_links_are_redacted_and_traces_are_not(lines: Lines) -> None:
    url = Links(KEYS, "https://coproduce.example.org").url(Purpose.REGISTRATION, uuid.uuid4(), 1)
    traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
    log.info("opened", url=url, traceparent=traceparent, id=uuid.UUID(int=7))

    (line,) = lines()
    assert line["url"] == "https://coproduce.example.org/registrations/[link]"
    assert line["traceparent"] == traceparent
    assert line["id"] == str(uuid.UUID(int=7))


def test_an_exception_is_told_by_kind_and_place_without_its_message(lines: Lines) -> None:
    try:
        try:
            int("Jo O'Neill")
        except ValueError as error:
            raise KeyError("Jo O'Neill") from error
    except KeyError:
        log.exception("request.failed")
        logging.getLogger("library").exception("it failed")

    for line in lines():
        assert [link["type"] for link in line["exception"]] == [
            "builtins.KeyError",
            "builtins.ValueError",
        ]
        assert "test_logging.py" in line["exception"][0]["frames"][-1]
        assert "Jo" not in json.dumps(line)


def test_a_database_error_is_told_by_its_code_without_the_row(lines: Lines) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("create table person (name text unique)"))
        insert = text("insert into person values (:name), (:name)")
        with pytest.raises(IntegrityError) as caught:
            connection.execute(insert, {"name": "Jo O'Neill"})
    engine.dispose()
    log.error("request.failed", exc_info=caught.value)

    (line,) = lines()
    assert line["exception"][0]["type"] == "sqlalchemy.exc.IntegrityError"
    assert line["exception"][1]["code"] == "SQLITE_CONSTRAINT_UNIQUE"
    assert "Jo" not in json.dumps(line)


def test_the_context_of_a_request_is_on_every_line(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(correlationid="c1"):
        log.info("inside")
        logging.getLogger("library").info("inside too")
    log.info("outside")

    assert [line.get("correlationid") for line in lines()] == ["c1", "c1", None]
