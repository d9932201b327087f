"""Whatever bytes arrive, the answer is ours and no fault of ours."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema
from werkzeug.test import run_wsgi_app

from shared.web.forms import Text
from shared.web.openapi import Blueprint, make_api
from tests.support.web import an_app

latin = st.text(st.characters(max_codepoint=255), max_size=40)
header = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)
kinds = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary=",
        "text/html; charset=utf-16",
    ]
)
HEADERS = ("ACCEPT", "COOKIE", "HOST", "REFERER", "TRACEPARENT", "X_FORWARDED_FOR", "RANGE")
PATHS = ("/form", "/v1/form", "/people/", "/context/", "/v1/things/", "/static/sample/", "/")


class ThingSchema(Schema):
    """A thing as it is sent."""

    name = Text(20, enter="Give the thing a name")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    things = Blueprint("things", __name__, url_prefix="/v1/things")

    @things.post("/")
    @things.arguments(ThingSchema)
    @things.response(202, ThingSchema)
    def add(thing: dict[str, Any]) -> dict[str, Any]:
        return thing

    directory: Path = tmp_path_factory.mktemp("strangers")
    with an_app(directory, TRUSTED_PROXIES="1") as app:
        make_api(app, title="Things", version="1").register_blueprint(things)
        yield app


@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW"]),
    path=st.builds("".join, st.tuples(st.sampled_from(PATHS), latin)),
    query=latin,
    kind=kinds | header,
    body=st.binary(max_size=200)
    | st.sampled_from([b"csrf_token=a&name=%00", b'{"name":"\\ud800"}']),
    headers=st.dictionaries(st.sampled_from(HEADERS), header, max_size=4),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_request_makes_us_fail(app: Flask, method, path, query, kind, body, headers) -> None:
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    } | {f"HTTP_{name}": value for name, value in headers.items()}
    _, status, _ = run_wsgi_app(app, environ, buffered=True)

    # Only the page that fails on purpose may.
    assert not status.startswith("5") or path.startswith("/people/")
