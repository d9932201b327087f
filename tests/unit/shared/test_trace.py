"""The thread from a request through its events."""

import pytest
from structlog.contextvars import get_contextvars

from shared import trace
from shared.addresses import address_key

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_caller_s_trace_is_gone_on_with():
    assert trace.beginning(CALLER).traceparent == CALLER


@pytest.mark.parametrize("header", [None, "", "x", CALLER.replace("0af7", "zzzz"), CALLER + "-x"])
def test_anything_else_begins_a_new_one(header: str | None):
    assert trace.beginning(header).traceparent != header


def test_a_trace_ends_with_its_block():
    begun = trace.beginning(CALLER)
    with trace.following(begun):
        assert trace.current() == begun

    assert trace.current() != begun


def test_whatever_is_logged_meanwhile_tells_its_id():
    begun = trace.beginning(CALLER)
    with trace.following(begun):
        assert get_contextvars()["correlationid"] == begun.correlationid

    assert "correlationid" not in get_contextvars()


def test_an_address_is_known_by_its_key_whatever_its_capitals():
    key = address_key(b"k" * 32, "Sam@Example.org ")

    assert key == address_key(b"k" * 32, "sam@example.org")
    assert key != address_key(b"l" * 32, "sam@example.org")
    assert len(key) == 64
